"""Reads a text in a codebook's shorthands, and says where each piece of the result came from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from slimgrammar.compact.codebook.book import MARK, SIGNATURES, Codebook, OtherCodebook
from slimgrammar.compact.codebook.matching import Matcher
from slimgrammar.compact.codebook.template import Template
from slimgrammar.compact.contraction import contraction
from slimgrammar.errors import UnknownSymbol, place

_ESCAPE_COST: Final = 2.0  # tokens that an escape adds, at the least


@dataclass(frozen=True, slots=True)
class _Patterns:
    """The regular expressions of one codebook."""

    special: re.Pattern[str]
    in_word: re.Pattern[str]
    next_word: re.Pattern[str]


@lru_cache(maxsize=16)
def _patterns(specials: str) -> _Patterns:
    word = rf"[^\W{specials}]+"
    return _Patterns(re.compile(f"[{specials}]"), re.compile(word[:-1]), re.compile(f" ({word})"))


_MATCHERS: dict[str, Matcher] = {}


def _matcher(book: Codebook) -> Matcher:
    found = _MATCHERS.get(book.hash)
    if found is None:
        if len(_MATCHERS) >= 16:
            _MATCHERS.clear()
        templates = book.templates
        found = Matcher(list(templates.values()), list(templates), [entry.saves for entry in book.shorthands], book.escape)
        _MATCHERS[book.hash] = found
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
    special = _patterns(book.specials).special
    escapes = 0
    plain = text
    if special.search(text):
        plain, escapes = special.subn(lambda found: book.escape + found.group(), text)
    shortened, saved, used = _matcher(book).shorten(plain)
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
    return "".join(piece for piece, _, _ in pieces(text, book))


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


def pieces(text: str, book: Codebook) -> Iterator[tuple[str, int, int]]:
    """Pieces of the expanded text, each with where it starts and ends in a signed `text`."""
    templates = book.templates
    patterns = _patterns(book.specials)
    done = len(book.signature)
    found = patterns.special.search(text, done)
    while found is not None:
        start, end = found.span()
        if start > done:
            yield text[done:start], done, start
        if found.group() == book.escape:
            end = min(end + 1, len(text))
            yield text[start + 1 : end], start, end
        else:
            filled, end = _filled(text, done, start, templates[found.group()], patterns)
            yield filled, start, end
        done = end
        found = patterns.special.search(text, done)
    if done < len(text):
        yield text[done:], done, len(text)


def _filled(text: str, done: int, start: int, template: Template, patterns: _Patterns) -> tuple[str, int]:
    """What the shorthand at `start` stands for, and where the text goes on behind its words."""
    end = start + 1
    words: list[str] = []
    if template.leads:
        first = start
        while first > done and patterns.in_word.match(text[first - 1]):
            first -= 1
        if first == start:
            raise UnknownSymbol(f"no word stands before the shorthand {text[start]!r}", *place(text, start))
        words.append(text[first:start])
    for _ in range(template.trailing):
        after = patterns.next_word.match(text, end)
        if after is None:
            raise UnknownSymbol(f"a word is missing behind the shorthand {text[start]!r}", *place(text, start))
        words.append(after.group(1))
        end = after.end()
    if template.trailing and text[end : end + 1] == " ":
        end += 1
    return template.fill(words), end


def contracted(text: str, book: Codebook) -> Callable[[int], int]:
    """What takes an offset in the expanded text to one in a signed `text`; what a shorthand stands for is at its symbol."""
    return contraction(pieces(text, book), len(text))
