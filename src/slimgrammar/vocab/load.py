"""A vocabulary from whatever a user has: a name, a path, a tokenizer object."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from slimgrammar.vocab.base import UnknownVocabulary, Vocabulary
from slimgrammar.vocab.embedded import ALIASES, EMBEDDED, EmbeddedVocabulary
from slimgrammar.vocab.huggingface import FastTokenizer, HuggingFaceVocabulary
from slimgrammar.vocab.tiktoken import TiktokenVocabulary

if TYPE_CHECKING:
    from tiktoken import Encoding
    from tokenizers import Tokenizer

    Spec: TypeAlias = str | os.PathLike[str] | Vocabulary | Encoding | FastTokenizer | Tokenizer

_TIKTOKEN = "tiktoken:"
_EXPECTED = (
    f"expected one of {', '.join(EMBEDDED)}; tiktoken:NAME; the path of a tokenizer.json or of a folder that holds one; "
    "or a vocabulary, tiktoken Encoding or fast Hugging Face tokenizer"
)


def load(spec: Spec) -> Vocabulary:
    """The vocabulary that `spec` stands for; nothing is ever downloaded.

    Args:
        spec: a name of `EMBEDDED` or short form of one ("o200k"); "tiktoken:NAME" for an encoding in tiktoken's cache; the path
            of a tokenizer.json or of a folder that holds one (a name wins over a path: write "./qwen3" for a folder); or an
            object: a vocabulary, which is given back as it is, a tiktoken `Encoding`, a `PreTrainedTokenizerFast`, a
            `tokenizers.Tokenizer`.

    Raises:
        UnknownVocabulary: `spec` is none of these, or cannot be read; the message lists the names.
        MissingExtra: the package that reads it is not installed.

    >>> load("o200k").name
    'o200k_base'
    """
    if isinstance(spec, str):
        return _load_name(spec)
    if isinstance(spec, os.PathLike):
        return HuggingFaceVocabulary(spec)
    return _load_object(spec)


def _load_name(spec: str) -> Vocabulary:
    if spec in EMBEDDED or spec in ALIASES:
        return EmbeddedVocabulary(spec)
    if spec.startswith(_TIKTOKEN):
        return TiktokenVocabulary(spec.removeprefix(_TIKTOKEN))
    if spec and Path(spec).exists():
        return HuggingFaceVocabulary(spec)
    raise UnknownVocabulary(f"unknown vocabulary {spec!r}: {_EXPECTED}")


def _load_object(spec: Any) -> Vocabulary:
    # By their members, not their classes: to import three packages in order to look at one object would be slow.
    if isinstance(spec, Vocabulary):
        return spec
    if hasattr(spec, "backend_tokenizer") or hasattr(spec, "get_added_tokens_decoder"):
        return HuggingFaceVocabulary(spec)
    if hasattr(spec, "encode_ordinary") and hasattr(spec, "decode_single_token_bytes"):
        return TiktokenVocabulary(spec)
    raise UnknownVocabulary(f"no vocabulary can be made of a {type(spec).__name__}: {_EXPECTED}")
