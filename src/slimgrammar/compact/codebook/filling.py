"""Reads a text in a codebook's shorthands: puts what each stands for, and its words, in its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from slimgrammar.compact.codebook.alphabet import Alphabet
from slimgrammar.compact.codebook.template import Template
from slimgrammar.errors import UnknownSymbol, place

_BLANK: Final = 32

Piece = tuple[str, int, int]
"""A piece of the expanded text, and where it starts and ends in the text."""


class Filler:
    """The templates of a codebook, to be filled."""

    def __init__(self, templates: Sequence[Template], symbols: Sequence[str], escape: str) -> None:
        self.templates: list[Template] = list(templates)
        self.alphabet: Alphabet = Alphabet(symbols, escape)
        self.leads: list[bool] = [template.leads for template in templates]
        self.trailing: list[int] = [template.trailing for template in templates]
        self.literals: list[str] = [template.literals[0] for template in templates]
        self.plain: list[bool] = [not template.holes for template in templates]

    def pieces(self, text: str, done: int) -> list[Piece]:
        """The pieces of a text from `done` on; text between symbols is one piece.

        Raises:
            UnknownSymbol: a shorthand lacks its words.
        """
        ends: list[int] = []
        found = self.texts(text, done, ends)
        return list(zip(found, [done, *ends], ends, strict=False))

    def texts(self, text: str, done: int, ends: list[int] | None = None) -> list[str]:
        """The texts of the pieces; where each ends goes into `ends`.

        Raises:
            UnknownSymbol: a shorthand lacks its words.
        """
        out: list[str] = []
        alphabet = self.alphabet
        size = len(text)
        start = alphabet.find(text, done)
        while start < size:
            if start > done:
                out.append(text[done:start])
                if ends is not None:
                    ends.append(start)
            entry = alphabet.entry(ord(text[start]))
            end = start + 1
            if entry == alphabet.escape:
                end = min(end + 1, size)
                out.append(text[start + 1 : end])
            elif self.plain[entry]:
                out.append(self.literals[entry])
            else:
                words = [self.word_before(text, done, start)] if self.leads[entry] else []
                end = self.words_behind(text, start, self.trailing[entry], words)
                out.append(self.templates[entry].fill(words))
            if ends is not None:
                ends.append(end)
            done = end
            start = alphabet.find(text, done)
        if done < size:
            out.append(text[done:])
            if ends is not None:
                ends.append(size)
        return out

    def word_before(self, text: str, done: int, start: int) -> str:
        """The word that ends at `start`, none of it before `done`."""
        first = start
        while first > done and self.alphabet.is_word(ord(text[first - 1])):
            first -= 1
        if first == start:
            raise UnknownSymbol(f"no word stands before the shorthand {text[start]!r}", *place(text, start))
        return text[first:start]

    def words_behind(self, text: str, start: int, count: int, words: list[str]) -> int:
        """Appends the words behind the symbol at `start`; where the text goes on."""
        end = start + 1
        size = len(text)
        for _ in range(count):
            after = self.alphabet.word_end(text, end + 1) if end < size and ord(text[end]) == _BLANK else 0
            if after <= end + 1:
                raise UnknownSymbol(f"a word is missing behind the shorthand {text[start]!r}", *place(text, start))
            words.append(text[end + 1 : after])
            end = after
        if count and end < size and ord(text[end]) == _BLANK:
            end += 1
        return end
