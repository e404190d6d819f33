"""Reads a text in a codebook's shorthands, and says where each piece of the result came from."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Final

from slimgrammar.compact.codebook.book import MARK, SIGNATURES, Codebook, OtherCodebook
from slimgrammar.compact.codebook.filling import Filler, Piece
from slimgrammar.compact.codebook.matching import Matcher
from slimgrammar.compact.contraction import contraction

_ESCAPE_COST: Final = 2.0  # tokens that an escape adds, at the least
_KEPT: Final = 16  # codebooks that are ready for use


_MATCHERS: dict[str, Matcher] = {}
_MATCHING: Final = Lock()  # a matcher keeps what it finds of a text in itself
_FILLERS: dict[str, Filler] = {}


def _matcher(book: Codebook) -> Matcher:
    found = _MATCHERS.get(book.hash)
    if found is None:
        if len(_MATCHERS) >= _KEPT:
            _MATCHERS.clear()
        templates = book.templates
        saves = [entry.saves for entry in book.shorthands]
        found = _MATCHERS[book.hash] = Matcher(list(templates.values()), list(templates), saves, book.escape)
    return found


def _filler(book: Codebook) -> Filler:
    found = _FILLERS.get(book.hash)
    if found is None:
        if len(_FILLERS) >= _KEPT:
            _FILLERS.clear()
        found = _FILLERS[book.hash] = Filler(list(book.templates.values()), list(book.templates), book.escape)
    return found


def shorten(text: str, book: Codebook) -> str:
    """A dialect's text in the shorthands of a codebook, its signature before it; the text as it is where that saves nothing.

    >>> from slimgrammar.compact.codebook.book import Shorthand
    >>> book = Codebook("compact", "x", (Shorthand("§", " is not None", 2.5), Shorthand("¶", "‹1›=self.‹1›", 2.5)), "¤", "§¶")
    >>> shorten("if x is not None:f(x=self.x)", book)[3:]
    'if x§:f(x¶)'
    """
    return shorten_counted(text, book)[0]


def shorten_counted(text: str, book: Codebook) -> tuple[str, list[int]]:
    """As `shorten`; and the shorthands used, in order, by their index."""
    matcher = _matcher(book)
    plain, escapes = matcher.alphabet.escaped(text)
    with _MATCHING:
        shortened, saved, used = matcher.shorten(plain)
    if saved <= len(book.signature) + escapes * _ESCAPE_COST:
        return text, []
    return book.signature + shortened, used


def expand(text: str, book: Codebook | None) -> str:
    """The inverse of `shorten`; a text without a signature is as it was.

    Raises:
        OtherCodebook: the text has the signature of another codebook.
        UnknownSymbol: a shorthand lacks its words.
    """
    if not is_signed(text, book):
        return text
    assert book is not None
    return "".join(_filler(book).texts(text, len(book.signature)))


def is_signed(text: str, book: Codebook | None) -> bool:
    """Whether a text begins with the signature of `book`.

    Raises:
        OtherCodebook: it begins with the signature of another.
    """
    if book is not None and text.startswith(book.signature):
        return True
    signature = _signature(text)
    if not signature:
        return False
    given = "none was given" if book is None else f"the one given is {book.hash[:12]}… for {book.dialect!r}"
    raise OtherCodebook(f"the text was written with a codebook, whose signature is {signature!r}: {given}")


def _signature(text: str) -> str:
    """The signature of some codebook that a text begins with; "" for any other text, such as a notebook's `!pip install x`."""
    if text[:1] == MARK:
        return text[:3] if len(text) > 2 and not (text[1].isascii() or text[2].isascii()) else ""
    return text[:1] if text and ord(text[0]) in SIGNATURES else ""


def pieces(text: str, book: Codebook) -> list[Piece]:
    """Pieces of the expanded text, each with where it starts and ends in a signed `text`.

    Raises:
        UnknownSymbol: a shorthand lacks its words.
    """
    return _filler(book).pieces(text, len(book.signature))


def contracted(text: str, book: Codebook) -> Callable[[int], int]:
    """What takes an offset in the expanded text to one in a signed `text`; what a shorthand stands for is at its symbol."""
    return contraction(pieces(text, book), len(text))
