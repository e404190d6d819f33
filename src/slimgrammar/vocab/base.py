"""What every vocabulary can do, and the errors they share.

A vocabulary turns text into token ids and one id back into its bytes. The ids are those that the model's own tokenizer gives
for plain text: no special token is added, and the spelling of a special token inside a text is text like any other. The bytes
of the ids, joined, are the text's UTF-8 bytes.

Limit: some tokenizers rewrite a text before they split it, and then the ids spell the rewritten text. qwen3 composes characters
(Unicode NFC); sentencepiece vocabularies, which write a space as "▁", cannot tell that character from a space. We follow the
tokenizer there, since ids that the model was never trained on would make every count wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Protocol, runtime_checkable

from slimgrammar.errors import SlimError, Unreadable


class UnknownVocabulary(SlimError, ValueError):
    """No vocabulary can be made of what was asked for; the message says what would do."""


class UnknownToken(SlimError, KeyError):
    """A token id that the vocabulary does not hold.

    Attributes:
        name: the vocabulary's name.
        token: the id.
    """

    def __init__(self, name: str, token: int) -> None:
        self.name = name
        self.token = token
        super().__init__(name, token)

    def __str__(self) -> str:
        return f"{self.name} has no token {self.token}"


@runtime_checkable
class Vocabulary(Protocol):
    """A tokenizer, as far as slimgrammar needs one: three methods and a name.

    Any object with these members will do, derived from this class or not. One with a `count(text) -> int` of its own is
    counted by that.
    """

    @property
    def name(self) -> str:
        """What reports call it, such as "o200k_base"."""

    @property
    def size(self) -> int:
        """One more than the greatest token id. Some ids below it may be unused."""

    def encode(self, text: str) -> list[int]:
        """The token ids of `text`; special tokens spelled in it are plain text.

        Raises:
            Unreadable: `text` holds a lone surrogate, which has no UTF-8 bytes.
        """

    def decode_token(self, token: int) -> bytes:
        """The bytes of one token, perhaps only a part of a character; a special token gives its spelling.

        Raises:
            UnknownToken: no token has this id.
        """


def count(vocab: Vocabulary, text: str) -> int:
    """How many tokens `text` has in `vocab`, by the vocabulary's own fast count where it has one.

    Raises:
        Unreadable: `text` holds a lone surrogate.

    >>> from slimgrammar.vocab import load
    >>> count(load("o200k_base"), "def add(a, b):")
    6
    """
    own: Callable[[str], int] | None = getattr(vocab, "count", None)
    return len(vocab.encode(text)) if own is None else own(text)


def count_with_symbols(vocab: Vocabulary, text: str, symbols: tuple[str, ...]) -> int:
    """How many tokens `text` would have in `vocab` once `extend` has added `symbols`: each is one token, and splits the text.

    Args:
        vocab: the vocabulary without the symbols.
        text: what to count.
        symbols: the spellings of the added symbols.

    Raises:
        Unreadable: `text` holds a lone surrogate.

    >>> from slimgrammar.vocab import load
    >>> count_with_symbols(load("o200k_base"), "x⟦if⟧y", ("⟦if⟧",))
    3
    """
    pieces = split_at_symbols(text, symbols)
    return len(pieces) // 2 + sum(count(vocab, piece) for piece in pieces[::2] if piece)


def split_at_symbols(text: str, symbols: tuple[str, ...]) -> list[str]:
    """`text` in pieces: what a tokenizer splits by itself at even places, the added `symbols` at odd ones.

    >>> split_at_symbols("x⟦if⟧y", ("⟦if⟧",))
    ['x', '⟦if⟧', 'y']
    """
    return _splitter(symbols).split(text) if symbols else [text]


@cache
def _splitter(symbols: tuple[str, ...]) -> re.Pattern[str]:
    # The longest first, as tokenizers match added tokens.
    return re.compile("(" + "|".join(map(re.escape, sorted(symbols, key=len, reverse=True))) + ")")


def reject_surrogates(text: str) -> None:
    """Return where `text` has UTF-8 bytes; that it has none is the one reason why a tokenizer refuses a string.

    Raises:
        Unreadable: `text` holds a lone surrogate; the message says where.
    """
    try:
        text.encode()
    except UnicodeEncodeError as fault:
        raise Unreadable(
            f"character {fault.start} is the lone surrogate {text[fault.start]!r}, which no vocabulary can encode: "
            'read the file as UTF-8, without errors="surrogateescape"'
        ) from None
