"""The texts of elements, numbered once for all programs, so that what is known of each stands in arrays and is looked up there.

Programs are made of few different words, which come back in every file: to cut a word into its elements, to weigh it and to
count its tokens once is enough. A lexicon that has grown large is left to the programs that use it, and a new one begun.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import groupby
from threading import RLock
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# Kinds of elements
NAME, KEYWORD, NUMBER, SYMBOL, STRING, COMMENT, BREAK, INDENT = range(8)

_OPERATORS: Final = (
    *("<<=", ">>=", "**=", "//=", "...", "===", "!==", ">>>", "&&=", "||=", "??=", "..="),
    *("->", "=>", "::", ":=", "==", "!=", "<=", ">=", "&&", "||", "??", "?.", "++", "--", "<-", "<<", ">>", "**", "//"),
    *("+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=", "/*", "*/", '"""', "'''"),
)


def _operators() -> str:
    """An expression for the operators, each first character once: else every bracket would be compared with all of them."""
    rows = groupby(sorted(_OPERATORS), key=lambda operator: operator[0])
    longest_first = ((first, sorted((found[1:] for found in group), key=len, reverse=True)) for first, group in rows)
    return "|".join(f"{re.escape(first)}(?:{'|'.join(map(re.escape, rest))})" for first, rest in longest_first)


_BRACKET: Final = r"[()\[\]{},;]"
_NUMBER: Final = r"\d(?:[eE][+-]?\d|[\w.])*"


def _chunk(word: str) -> re.Pattern[str]:
    """What a text is cut into first, the most frequent first: whole names and all else, each with one space before it; line
    ends with the indentation that follows; spaces. A chunk is cut into the same elements wherever it stands."""
    return re.compile(rf" ?(?:{word}|{_BRACKET}|{_operators()}|{_NUMBER}|\S)|\s*\n[^\S\n]*|[^\S\n]+")


ASCII_CHUNK: Final = _chunk("[A-Za-z_][A-Za-z_0-9]*")
ANY_CHUNK: Final = _chunk(r"[^\W\d]\w*")

_LOWER: Final = r"[^\W\d_A-Z]"
_WORD: Final = rf"{_LOWER}+\d*(?:_+(?!\w))?|(?:(?<!\w)_+)?(?:[A-Z]+(?!{_LOWER})\d*|[A-Z]?{_LOWER}+\d*|[^\W\d_])(?:_+(?!\w))?"
# What a chunk is made of: `getUserName` and `get_user_name` have three words; the underscores between two are their gap
_PIECE: Final = re.compile(
    rf"\s*\n|(?P<gap>[^\S\n]+|(?<=[^\W_])_+(?=[^\W_]))|{_BRACKET}|{_WORD}|{_operators()}|(?<!\w){_NUMBER}|_+\d*|\S"
)


def _kind(text: str) -> int:
    """The kind of an element by how it begins; what looks like a word is a KEYWORD."""
    if text.isspace():
        return BREAK if text[-1] == "\n" else INDENT
    return NUMBER if text[0].isdigit() else KEYWORD if text[0].isalnum() or text[0] in "_$" else SYMBOL


class _Table:
    """Columns of whole numbers that grow at their ends; a row is a row of one array."""

    def __init__(self, rows: int) -> None:
        self.rows = np.empty((rows, 1024), dtype=np.int64)
        self.size = 0

    def extend(self, columns: Sequence[tuple[int, ...]]) -> int:
        """Add columns; the place of the first."""
        first, self.size = self.size, self.size + len(columns)
        if columns:
            self.rows = _roomy(self.rows, self.size)
            self.rows[:, first : self.size] = np.array(columns, dtype=np.int64).T
        return first


def _roomy(rows: NDArray[Any], size: int, filling: int = 0) -> NDArray[Any]:
    """The rows, or longer ones in their place where they have no room for `size` columns."""
    if size <= rows.shape[1]:
        return rows
    longer = np.full((len(rows), 2 * size), filling, dtype=rows.dtype)
    longer[:, : rows.shape[1]] = rows
    return longer


class _Numbers(dict[str, int]):
    """The numbers of chunks; `cut` gives one to a chunk that has none."""

    def __init__(self, cut: Callable[[str], int]) -> None:
        super().__init__()
        self._cut = cut

    def __missing__(self, chunk: str) -> int:
        return self._cut(chunk)


class Lexicon:
    """Texts of elements and the spaces before them, by number, and the chunks that hold them. Threads may share it.

    Attributes:
        texts: every text, by its number.
        ways: every way to write one, in an array with room behind: at twice its number as it stands, then after a space.
    """

    def __init__(self) -> None:
        """Begin with no text."""
        self.texts: list[str] = []
        self.ways: NDArray[np.object_] = np.empty((1, 1024), dtype=object)
        self._text_numbers: dict[str, int] = {}
        self._chunk_numbers = _Numbers(self._cut)
        self._chunks = _Table(3)
        self._elements = _Table(6)
        self._facts: dict[object, NDArray[Any]] = {}
        self._letters = 0
        self._lock = RLock()

    @property
    def full(self) -> bool:
        """Whether no further program should use it."""
        return len(self._chunk_numbers) > _MOST_CHUNKS or self._letters > _MOST_LETTERS

    def number(self, text: str) -> int:
        """The number of a text."""
        known = self._text_numbers.get(text)
        if known is not None:
            return known
        with self._lock:
            if text not in self._text_numbers:
                way = 2 * len(self.texts)
                self.ways = _roomy(self.ways, way + 2)
                self.ways[0, way : way + 2] = text, f" {text}"
                self.texts.append(text)
                self._letters += len(text)
                self._text_numbers[text] = len(self.texts) - 1
            return self._text_numbers[text]

    def way(self, text: str, gap: str = "") -> int:
        """How to write a text after these spaces."""
        return 2 * self.number(text) + 1 if gap == " " else 2 * self.number(gap + text)

    def chunks(self, chunks: list[str]) -> Ints:
        """For each chunk the place of its first element, how many it has, and its length."""
        numbers = np.fromiter(map(self._chunk_numbers.__getitem__, chunks), dtype=np.int64, count=len(chunks))
        return self._chunks.rows.take(numbers, axis=1)

    def elements(self, places: Ints) -> Ints:
        """For each place: the element's number and that of its gap (-1 for none), the ways to write it alone and after its
        gap, where it begins in its chunk, and its kind."""
        return self._elements.rows.take(places, axis=1)

    def _cut(self, chunk: str) -> int:
        """Cut a chunk that was not met before; its number."""
        with self._lock:
            if chunk in self._chunk_numbers:
                return self._chunk_numbers[chunk]
            columns: list[tuple[int, ...]] = []
            gap = ""
            for found in _PIECE.finditer(chunk):
                text = found[0]
                if found.lastgroup and not (columns and columns[-1][-1] == BREAK):
                    gap = text
                    continue
                kind = _kind(text)
                number = self.number(text)
                alone = 2 * (self.number("\r\n" if text.endswith("\r\n") else "\n") if kind == BREAK else number)
                behind = self.number(gap) if gap else -1
                columns.append((number, behind, alone, self.way(text, gap) if gap else alone, found.start(), kind))
                gap = ""
            first = self._elements.extend(columns)
            self._chunk_numbers[chunk] = number = self._chunks.extend([(first, len(columns), len(chunk))])
            self._letters += len(chunk)
            return number

    def facts(self, name: object, tell: Callable[[str], tuple[float, ...]], ids: Ints, kind: type = np.float64) -> NDArray[Any]:
        """What `tell` says of the texts of these numbers, asked once for each text: a row for each of its answers.

        Args:
            name: what the answers are kept under.
            tell: gives as many numbers for every text, the first never negative.
            ids: the numbers of the texts.
            kind: the type of the answers.
        """
        known = self._facts.get(name)
        found = None if known is None or known.shape[1] < len(self.texts) else known.take(ids, axis=1)
        if found is None or (found[0] < 0).any():
            with self._lock:
                known = self._facts.get(name, np.full((len(tell("")), 0), -1, dtype=kind))
                known = _roomy(known, len(self.texts), -1)
                for number in np.unique(ids[known[0, ids] < 0]).tolist():
                    known[:, number] = tell(self.texts[number])
                self._facts[name] = known
            found = known.take(ids, axis=1)
        return found


_MOST_CHUNKS: Final = 1 << 17
_MOST_LETTERS: Final = 1 << 24
_current: list[Lexicon] = [Lexicon()]


def lexicon() -> Lexicon:
    """The lexicon for the next program."""
    if _current[0].full:
        _current[0] = Lexicon()
    return _current[0]
