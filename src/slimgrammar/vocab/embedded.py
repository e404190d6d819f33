"""The vocabularies that are always there: quicktok carries their data, so nothing is downloaded.

quicktok gives the same ids as tiktoken and the models' own tokenizers, several times faster. It is imported when the first
vocabulary is made (tens of milliseconds each), not with this module.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from slimgrammar.vocab.base import UnknownToken, UnknownVocabulary, reject_surrogates

EMBEDDED = ("cl100k_base", "o200k_base", "llama3", "qwen3")

# Qwen2.5 and Qwen3 share one vocabulary.
ALIASES = {"cl100k": "cl100k_base", "o200k": "o200k_base", "llama-3": "llama3", "qwen2.5": "qwen3"}

_Result = TypeVar("_Result")


class _Tokenizer(Protocol):
    """The part of quicktok's Tokenizer that we use; the package has no type hints."""

    n_vocab: int

    def encode_ordinary(self, text: str) -> list[int]: ...
    def count(self, text: str) -> int: ...
    def decode_single_token_bytes(self, token: int) -> bytes: ...


class EmbeddedVocabulary:
    """One of the `EMBEDDED` vocabularies.

    >>> vocab = EmbeddedVocabulary("o200k_base")
    >>> [vocab.decode_token(token) for token in vocab.encode("return x")]
    [b'return', b' x']
    """

    def __init__(self, name: str) -> None:
        """Load the vocabulary called `name`, or one of its `ALIASES`.

        Raises:
            UnknownVocabulary: it is not an embedded one.
        """
        self._name = ALIASES.get(name, name)
        if self._name not in EMBEDDED:
            raise UnknownVocabulary(f"no embedded vocabulary {name!r}: expected one of {', '.join(EMBEDDED)}")
        import quicktok

        self._tokenizer: _Tokenizer = quicktok.get_encoding(self._name)

    def __repr__(self) -> str:
        return f"EmbeddedVocabulary({self._name!r})"

    def __reduce__(self) -> tuple[type[EmbeddedVocabulary], tuple[str]]:
        # quicktok's own object cannot be pickled; a worker process loads it again by name.
        return EmbeddedVocabulary, (self._name,)

    @property
    def name(self) -> str:
        """The full name, never an alias."""
        return self._name

    @property
    def size(self) -> int:
        """One more than the greatest token id, special tokens counted."""
        return self._tokenizer.n_vocab

    def encode(self, text: str) -> list[int]:
        """The token ids of `text`; special tokens spelled in it are plain text.

        Raises:
            Unreadable: `text` holds a lone surrogate.
        """
        return _readable(self._tokenizer.encode_ordinary, text)

    def count(self, text: str) -> int:
        """How many tokens `text` has; no list of them is made.

        Raises:
            Unreadable: `text` holds a lone surrogate.
        """
        return _readable(self._tokenizer.count, text)

    def decode_token(self, token: int) -> bytes:
        """The bytes of one token.

        Raises:
            UnknownToken: no token has this id; a few ids below `size` are unused.
        """
        if 0 <= token < self.size:
            try:
                return self._tokenizer.decode_single_token_bytes(token)
            except KeyError:
                pass
        raise UnknownToken(self._name, token)


def _readable(call: Callable[[str], _Result], text: str) -> _Result:
    try:
        return call(text)
    except TypeError:
        # That is how quicktok answers a surrogate; to look first would cost a copy of every text.
        reject_surrogates(text)
        raise
