"""Hugging Face fast tokenizers as vocabularies (extra: `hf`): byte-level BPE, and sentencepiece style with byte fallback.

A tokenizer is copied when it is wrapped, so later changes to it do not show here, and nothing done here changes it. The copy
differs from it in what would spoil the bytes: special tokens are plain text, nothing is truncated or padded, and no space is
put before a text (Llama 2 writes "x" as "▁x", as if every text began a sentence; ours is most often the middle of one).

Two alphabets spell bytes in such vocabularies. Byte-level ones write each byte as one printable character, a space as "Ġ";
sentencepiece writes a space as "▁" and a byte that no token covers as "<0x0A>". A token added later is spelled as it is.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from slimgrammar.errors import MissingExtra
from slimgrammar.vocab.base import UnknownToken, UnknownVocabulary, reject_surrogates

if TYPE_CHECKING:
    from tokenizers import Tokenizer

# Indentation, line ends, letters that must be spelled by bytes: what code holds and a lossy tokenizer changes.
PROBE = "if X:\r\n\tx  = 'é 日本 \U0001f680'\n\n    y\x0c \n"

_BYTE_TOKEN = re.compile(r"<0x([0-9A-F]{2})>")


class FastTokenizer(Protocol):
    """What we use of transformers' `PreTrainedTokenizerFast`; transformers itself is not imported."""

    @property
    def backend_tokenizer(self) -> Tokenizer:
        """The `tokenizers.Tokenizer` behind it."""

    def add_tokens(self, new_tokens: list[Any]) -> int:
        """Add tokens, strings or `AddedToken`s; how many were new."""


class HuggingFaceVocabulary:
    """A Hugging Face fast tokenizer as a vocabulary."""

    def __init__(self, source: FastTokenizer | Tokenizer | str | os.PathLike[str], *, name: str = "") -> None:
        """Wrap a tokenizer, or the one in a tokenizer.json or in a folder with one; nothing is downloaded.

        Args:
            source: a `PreTrainedTokenizerFast`, a `tokenizers.Tokenizer`, or a path.
            name: what reports call it; by default the tokenizer's own name, or that of its folder.

        Raises:
            MissingExtra: a path was given and tokenizers is not installed.
            UnknownVocabulary: there is no readable tokenizer, or one whose tokens do not add up to the text.
        """
        if isinstance(source, (str, os.PathLike)):
            path = tokenizer_file(source)
            tokenizer, self._name = read_tokenizer(path), name or _name_of(path)
        else:
            tokenizer, self._name = backend(source), name or str(getattr(source, "name_or_path", "")) or "huggingface"
        state: dict[str, Any] = json.loads(tokenizer.to_str())
        self._byte_level = _is_byte_level(state, self._name)
        self._tokenizer = _exact_copy(tokenizer, state)
        own = self._tokenizer.get_vocab(with_added_tokens=False)
        self._own = {token: spelling for spelling, token in own.items()}
        self._added = {token: added.content for token, added in self._tokenizer.get_added_tokens_decoder().items()}
        self._size = max((*self._own, *self._added), default=-1) + 1
        self._check()

    def __repr__(self) -> str:
        return f"HuggingFaceVocabulary({self._name!r})"

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        self.__dict__.update(state)
        # The one setting that a pickled tokenizer loses.
        self._tokenizer.encode_special_tokens = True

    @property
    def name(self) -> str:
        """What reports call it."""
        return self._name

    @property
    def size(self) -> int:
        """One more than the greatest token id, added and special tokens counted."""
        return self._size

    def encode(self, text: str) -> list[int]:
        """The token ids of `text`; special tokens spelled in it are plain text, other added tokens are single tokens.

        Raises:
            Unreadable: `text` holds a lone surrogate.
        """
        try:
            return self._tokenizer.encode(text, add_special_tokens=False).ids
        except TypeError:
            reject_surrogates(text)
            raise

    def decode_token(self, token: int) -> bytes:
        """The bytes of one token.

        Raises:
            UnknownToken: no token has this id.
        """
        # A token may be both: Gemma lists "▁▁" as an added one. The model makes it of spaces, so its own rule comes first.
        spelling = self._own.get(token)
        if spelling is not None:
            return _byte_level(spelling) if self._byte_level else _sentencepiece(spelling)
        if token in self._added:
            return self._added[token].encode()
        raise UnknownToken(self._name, token)

    def _check(self) -> None:
        """Refuse a tokenizer that loses text (case, spaces, unknown characters): its counts would be of another text."""
        seen = b"".join(map(self.decode_token, self.encode(PROBE)))
        if seen != PROBE.encode():
            raise UnknownVocabulary(
                f"the tokenizer {self._name!r} does not keep text exactly: {PROBE!r} became {seen.decode(errors='replace')!r}; "
                "expected byte-level BPE, or sentencepiece with byte fallback"
            )


def backend(tokenizer: object) -> Tokenizer:
    """The `tokenizers.Tokenizer` in a fast tokenizer, or the object itself where it is one.

    Raises:
        UnknownVocabulary: it is neither; a slow tokenizer, say.
    """
    inner: Any = getattr(tokenizer, "backend_tokenizer", tokenizer)
    if not hasattr(inner, "get_added_tokens_decoder") or not hasattr(inner, "to_str"):
        raise UnknownVocabulary(
            f"not a fast Hugging Face tokenizer: {type(tokenizer).__name__}; "
            "expected a PreTrainedTokenizerFast or a tokenizers.Tokenizer"
        )
    found: Tokenizer = inner
    return found


def tokenizer_file(path: str | os.PathLike[str]) -> Path:
    """The tokenizer.json at `path`, which is that file or its folder.

    Raises:
        UnknownVocabulary: there is none.
    """
    file = Path(path)
    if file.is_dir():
        file = file / "tokenizer.json"
    if not file.is_file():
        raise UnknownVocabulary(f"no tokenizer at {os.fspath(path)!r}: expected a tokenizer.json or a folder that holds one")
    return file


def read_tokenizer(file: Path) -> Tokenizer:
    """The tokenizer in a tokenizer.json.

    Raises:
        MissingExtra: tokenizers is not installed.
        UnknownVocabulary: the file is not a tokenizer.json.
    """
    try:
        from tokenizers import Tokenizer
    except ModuleNotFoundError:
        raise MissingExtra("tokenizers", "hf") from None
    try:
        return Tokenizer.from_file(os.fspath(file))
    # tokenizers raises bare Exception for every fault of a file.
    except Exception as fault:
        raise UnknownVocabulary(f"{file} is not a tokenizer.json: {fault}") from fault


def _name_of(file: Path) -> str:
    """The model's name, most likely: tokenizer.json says nothing, its folder does."""
    return file.resolve().parent.name if file.name == "tokenizer.json" else file.stem


def _steps(part: Mapping[str, Any] | None) -> Iterator[dict[str, Any]]:
    """The steps of a normalizer, pre-tokenizer or decoder as tokenizer.json has them, sequences unrolled."""
    if part is None:
        return
    if part["type"] != "Sequence":
        yield dict(part)
        return
    for steps in part.values():
        if isinstance(steps, list):
            for step in steps:
                yield from _steps(step)


def _is_byte_level(state: Mapping[str, Any], name: str) -> bool:
    """Whether tokens are spelled in the byte-level alphabet; if not, in sentencepiece's.

    Raises:
        UnknownVocabulary: in neither.
    """
    parts = ("normalizer", "pre_tokenizer", "decoder")
    types = {step["type"] for part in parts for step in _steps(state[part])}
    if "ByteLevel" in types:
        return True
    if state["model"].get("byte_fallback"):
        return False
    raise UnknownVocabulary(
        f"the tokenizer {name!r} ({state['model']['type']}) cannot spell every byte: "
        "expected byte-level BPE, or sentencepiece with byte fallback"
    )


def _exact_copy(tokenizer: Tokenizer, state: dict[str, Any]) -> Tokenizer:
    """A copy of `tokenizer` that takes every text as plain text, whole, with nothing put before it.

    `state` is the tokenizer's tokenizer.json, and is changed.
    """
    state |= {"truncation": None, "padding": None, "post_processor": None}
    state["normalizer"] = _without_prefix(state["normalizer"], "normalizers")
    state["pre_tokenizer"] = _without_prefix(state["pre_tokenizer"], "pretokenizers")
    copy = type(tokenizer).from_str(json.dumps(state))
    copy.encode_special_tokens = True
    return copy


def _without_prefix(part: Mapping[str, Any] | None, steps_key: str) -> dict[str, Any] | None:
    """A normalizer or pre-tokenizer less what puts a space before a text."""
    steps = [_unprefixed(step) for step in _steps(part) if step["type"] != "Prepend"]
    if len(steps) < 2:
        return steps[0] if steps else None
    return {"type": "Sequence", steps_key: steps}


def _unprefixed(step: dict[str, Any]) -> dict[str, Any]:
    if step["type"] == "Metaspace":
        return step | {"prepend_scheme": "never"}
    if step["type"] == "ByteLevel" and "add_prefix_space" in step:
        return step | {"add_prefix_space": False}
    return step


def _alphabet() -> dict[str, int]:
    """GPT-2's byte alphabet: printable Latin-1 characters stand for themselves, the other bytes for U+0100 onwards."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in set(printable)]
    return {chr(byte): byte for byte in printable} | {chr(0x100 + at): byte for at, byte in enumerate(others)}


_BYTE_OF = _alphabet()


def _byte_level(spelling: str) -> bytes:
    try:
        return bytes(_BYTE_OF[character] for character in spelling)
    except KeyError:
        # A special token in the model's own vocabulary, such as DeepSeek's; the tokenizer's decoder falls back like this too.
        return spelling.encode()


def _sentencepiece(spelling: str) -> bytes:
    byte = _BYTE_TOKEN.fullmatch(spelling)
    return bytes([int(byte[1], 16)]) if byte else spelling.replace("▁", " ").encode()
