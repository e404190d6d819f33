"""The characters of a codebook's texts: which are its symbols, and which belong to words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # only mypyc heeds it: numbers that are no objects
    from mypy_extensions import i64


class Alphabet:
    """What each character is, by its code: one look-up for all but a few.

    The entries are numbered in the order of their symbols; the escape comes behind them.
    """

    def __init__(self, symbols: Sequence[str], escape: str) -> None:
        codes = [ord(symbol) for symbol in [*symbols, escape]]
        self.escape: i64 = len(symbols)
        self.low: i64 = min(codes)
        self.high: i64 = max(codes)
        numbers = [0] * (self.high - self.low + 1)
        for number, code in enumerate(codes):
            numbers[code - self.low] = number + 1
        self.table: str = table(numbers)
        self.mark: str = escape

    def entry(self, code: i64) -> i64:
        """The number of a symbol's entry, or -1."""
        if code < self.low or code > self.high:
            return -1
        return ord(self.table[code - self.low]) - 1

    def is_word(self, code: i64) -> bool:
        """Whether a character may stand in a word: as `\\w` says, but for the codebook's own symbols."""
        if code < 128:
            word = 97 <= code <= 122 or 48 <= code <= 57 or code == 95 or 65 <= code <= 90
            return word and (code < self.low or self.entry(code) < 0)
        if 0xE000 <= code <= 0xF8FF or code >= 0xF0000:  # the private use areas, where a dialect's symbols are
            return False
        return chr(code).isalnum() and self.entry(code) < 0

    def find(self, text: str, at: i64) -> i64:
        """Where the first symbol or escape stands from `at` on; the text's size where there is none."""
        size: i64 = len(text)
        low, high = self.low, self.high
        code: i64
        while at < size:
            code = ord(text[at])
            if low <= code <= high and ord(self.table[code - low]):
                break
            at += 1
        return at

    def word_end(self, text: str, at: i64) -> i64:
        """Where the word ends that stands at `at`."""
        size: i64 = len(text)
        low = self.low
        code: i64
        while at < size:
            code = ord(text[at])
            if not (97 <= code <= 122 < low) and not self.is_word(code):  # most are small letters
                break
            at += 1
        return at

    def escaped(self, text: str) -> tuple[str, int]:
        """A text with the escape before each symbol in it, and how many those are."""
        if self.low >= 128 and text.isascii():
            return text, 0
        found = self.find(text, 0)
        if found == len(text):
            return text, 0
        out: list[str] = []
        done = count = 0
        while found < len(text):
            out += (text[done:found], self.mark)
            done, count = found, count + 1
            found = self.find(text, found + 1)
        return "".join([*out, text[done:]]), count


def table(numbers: Sequence[int]) -> str:
    """Numbers up to 0x10FFFF as a string: mypyc reads `ord(text[at])` straight from memory, while a list's item is an object.

    >>> [ord(number) for number in table([0, 7, 70_000])]
    [0, 7, 70000]
    """
    return "".join(map(chr, numbers))
