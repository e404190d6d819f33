"""The characters of a codebook's texts: which are its symbols, and which belong to words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_WORD: Final = [chr(code).isalnum() or code == 95 for code in range(128)]


class Alphabet:
    """What each character is, by its code: one look-up for all but a few.

    The entries are numbered in the order of their symbols; the escape comes behind them.
    """

    def __init__(self, symbols: Sequence[str], escape: str) -> None:
        codes = [ord(symbol) for symbol in [*symbols, escape]]
        self.escape: int = len(symbols)
        self.low: int = min(codes)
        self.high: int = max(codes)
        self.table: list[int] = [-1] * (self.high - self.low + 1)
        for number, code in enumerate(codes):
            self.table[code - self.low] = number

    def entry(self, code: int) -> int:
        """The number of a symbol's entry, or -1."""
        if code < self.low or code > self.high:
            return -1
        return self.table[code - self.low]

    def is_word(self, code: int) -> bool:
        """Whether a character may stand in a word: as `\\w` says, but for the codebook's own symbols."""
        if code < 128:
            return _WORD[code] and (code < self.low or self.entry(code) < 0)
        if 0xE000 <= code <= 0xF8FF or code >= 0xF0000:  # the private use areas, where a dialect's symbols are
            return False
        return chr(code).isalnum() and self.entry(code) < 0

    def find(self, text: str, at: int) -> int:
        """Where the first symbol or escape stands from `at` on; the text's size where there is none."""
        size, low, high = len(text), self.low, self.high
        while at < size:
            code = ord(text[at])
            if low <= code <= high and self.table[code - low] >= 0:
                break
            at += 1
        return at

    def word_end(self, text: str, at: int) -> int:
        """Where the word ends that stands at `at`."""
        size = len(text)
        while at < size and self.is_word(ord(text[at])):
            at += 1
        return at

    def escaped(self, text: str) -> tuple[str, int]:
        """A text with the escape before each symbol in it, and how many those are."""
        found = self.find(text, 0)
        if found == len(text):
            return text, 0
        mark = chr(self.low + self.table.index(self.escape))
        out: list[str] = []
        done = count = 0
        while found < len(text):
            out += (text[done:found], mark)
            done, count = found, count + 1
            found = self.find(text, found + 1)
        return "".join([*out, text[done:]]), count
