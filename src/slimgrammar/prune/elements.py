"""Text → elements: the words of names, strings and comments, numbers, operators, and the layout, for every language alike.

A line break and the indentation after it are elements of their own. What stands between two elements of a line, a space or
the `_` inside a name, belongs to the second as its gap, and goes with the first. All elements with their gaps, joined, are the
text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

# Kinds of elements
NAME, KEYWORD, NUMBER, SYMBOL, STRING, COMMENT, BREAK, INDENT = range(8)
KIND_NAMES: Final = ("name", "keyword", "number", "punctuation", "string", "comment", "line break", "indentation")

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


def _piece(lower: str) -> re.Pattern[str]:
    """What a text is made of, the most frequent first: `getUserName` and `get_user_name` have three words."""
    word = rf"{lower}+\d*(?:_+(?!\w))?|(?:(?<!\w)_+)?(?:[A-Z]+(?!{lower})\d*|[A-Z]?{lower}+\d*|[^\W\d_])(?:_+(?!\w))?"
    number = r"(?<!\w)\d(?:[eE][+-]?\d|[\w.])*"
    return re.compile(
        rf"[^\S\n]++(?!\n)|[()\[\]{{}},;]|{word}|\s*\n|[^\S\n]+|{_operators()}|{number}|(?<=[^\W_])_+(?=[^\W_])|_+\d*|\S"
    )


_ASCII_PIECE: Final = _piece("[a-z]")
_ANY_PIECE: Final = _piece(r"[^\W\d_A-Z]")
_SPACE: Final = 8
_NEWLINE: Final = ord("\n")
_UNDERSCORE: Final = ord("_")


@dataclass(frozen=True, slots=True)
class Elements:
    """The elements of a text, in columns.

    Attributes:
        texts: the elements, without the spaces before them.
        gaps: the spaces before each.
        starts: where each begins in the text, after its spaces.
        kinds: NAME … INDENT; what looks like a word is a KEYWORD here, inside strings and comments too.
    """

    texts: NDArray[np.object_]
    gaps: NDArray[np.object_]
    starts: Ints
    kinds: Ints


def split(text: str) -> Elements:
    """The elements of a text.

    >>> split("if get_name(2):").texts.tolist()
    ['if', 'get', 'name', '(', '2', ')', ':']
    """
    pattern = _ASCII_PIECE if text.isascii() else _ANY_PIECE
    pieces = np.array(pattern.findall(text), dtype=object)
    lengths = np.fromiter(map(len, pieces.tolist()), dtype=np.int64, count=len(pieces))
    starts = np.cumsum(lengths) - lengths
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    kinds = _kinds_by_first(codes, starts)
    if codes.size:
        kinds[kinds == INDENT] = np.where(_line_end_before(codes, starts[kinds == INDENT]), INDENT, _SPACE)
    kinds[_between_words(codes, starts, lengths)] = _SPACE
    kept = np.flatnonzero(kinds != _SPACE)
    spaced = np.flatnonzero((kept > 0) & (kinds[kept - 1] == _SPACE))
    gaps = np.full(len(kept), "", dtype=object)
    gaps[spaced] = pieces[kept[spaced] - 1]
    return Elements(pieces[kept], gaps, starts[kept], kinds[kept])


def _first_table() -> Ints:
    """The kind of an element by its first character, for ASCII."""
    table = np.full(128, SYMBOL, dtype=np.int64)
    for code in range(128):
        mark = chr(code)
        if mark.isalpha() or mark in "_$":
            table[code] = KEYWORD
        elif mark.isdigit():
            table[code] = NUMBER
        elif mark.isspace():
            table[code] = INDENT
    return table


_FIRST: Final = _first_table()


def _kinds_by_first(codes: NDArray[np.uint32], starts: Ints) -> Ints:
    """The kinds of pieces by how they begin; one that ends in a line break is a BREAK, other space INDENT for now."""
    first = codes[starts] if starts.size else np.zeros(0, dtype=np.uint32)
    kinds = _FIRST[np.minimum(first, 127)]
    for at in np.flatnonzero(first > 127).tolist():
        mark = chr(first[at])
        kinds[at] = INDENT if mark.isspace() else NUMBER if mark.isdigit() else KEYWORD if mark.isalnum() else SYMBOL
    ends = np.append(starts[1:], len(codes))
    space = kinds == INDENT
    kinds[space] = np.where(codes[ends[space] - 1] == _NEWLINE, BREAK, INDENT)
    return kinds


def _between_words(codes: NDArray[np.uint32], starts: Ints, lengths: Ints) -> Bools:
    """Which pieces are the underscores between two words of a name: they are spelled like a space between elements."""
    if not starts.size:
        return np.zeros(0, dtype=np.bool_)
    found = np.zeros(len(starts), dtype=np.bool_)
    some = np.flatnonzero((codes[starts] == _UNDERSCORE) & (codes[starts + lengths - 1] == _UNDERSCORE) & (starts > 0))
    before = codes[starts[some] - 1]
    found[some] = (before > 127) | np.isin(_FIRST[np.minimum(before, 127)], (KEYWORD, NUMBER))
    return found


def _line_end_before(codes: NDArray[np.uint32], starts: Ints) -> Bools:
    """Whether a line begins at each of these offsets."""
    found: Bools = (starts == 0) | (codes[starts - 1] == _NEWLINE)
    return found
