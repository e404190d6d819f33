"""Text → elements: the words of names, strings and comments, numbers, operators, and the layout, for every language alike.

A line break and the indentation after it are elements of their own. What stands between two elements of a line, a space or
the `_` inside a name, belongs to the second as its gap, and goes with the first. All elements with their gaps, joined, are the
text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import count, groupby
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


@dataclass(frozen=True)
class Elements:
    """The elements of a text, in columns; every text that occurs in it stands once in `distinct`, and columns hold its number.

    Attributes:
        distinct: the texts of elements and of gaps.
        ids: the number of each element's text, without the spaces before it.
        gap_ids: the number of the spaces before each, -1 for none.
        starts: where each begins in the text, after its spaces.
        kinds: NAME … INDENT; what looks like a word is a KEYWORD here, inside strings and comments too.
    """

    distinct: list[str]
    ids: Ints
    gap_ids: Ints
    starts: Ints
    kinds: Ints

    @cached_property
    def texts(self) -> NDArray[np.object_]:
        """The elements, without the spaces before them."""
        return np.array(self.distinct, dtype=object)[self.ids]

    @cached_property
    def gaps(self) -> NDArray[np.object_]:
        """The spaces before each element."""
        return np.array([*self.distinct, ""], dtype=object)[self.gap_ids]


def split(text: str) -> Elements:
    """The elements of a text.

    >>> split("if get_name(2):").texts.tolist()
    ['if', 'get', 'name', '(', '2', ')', ':']
    """
    pieces = (_ASCII_PIECE if text.isascii() else _ANY_PIECE).findall(text)
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    ids = np.fromiter(map(numbers.__getitem__, pieces), dtype=np.int64, count=len(pieces))
    lengths = np.fromiter(map(len, numbers), dtype=np.int64, count=len(numbers))[ids]
    traits = np.fromiter(map(_traits, numbers), dtype=np.int64, count=len(numbers))[ids]
    kinds = traits & _KIND
    spaces = np.flatnonzero(kinds == INDENT)
    begins_line = (spaces == 0) | (kinds[spaces - 1] == BREAK)
    kinds[spaces[~begins_line]] = _SPACE
    joints = np.flatnonzero(traits & _UNDERSCORED)
    kinds[joints[(joints > 0) & (traits[joints - 1] & _WORDLIKE_END > 0)]] = _SPACE
    kept = np.flatnonzero(kinds != _SPACE)
    before = kept - 1
    gap_ids = np.where((kept > 0) & (kinds[before] == _SPACE), ids[before], -1)
    return Elements(list(numbers), ids[kept], gap_ids, (np.cumsum(lengths) - lengths)[kept], kinds[kept])


# What a piece's own text says of it: its kind, and two marks more
_KIND: Final = 15
_UNDERSCORED: Final = 16
_WORDLIKE_END: Final = 32


@lru_cache(maxsize=1 << 16)
def _traits(piece: str) -> int:
    """The kind of a piece by how it begins, INDENT for all space in a line; whether it begins and ends with an underscore;
    whether it ends like a word. The underscores between two words of a name are spelled like a space between elements."""
    first, last = piece[0], piece[-1]
    if first.isspace():
        return BREAK if last == "\n" else INDENT
    kind = NUMBER if first.isdigit() else KEYWORD if first.isalnum() or first in "_$" else SYMBOL
    return kind | _UNDERSCORED * (first == last == "_") | _WORDLIKE_END * (last.isalnum() or last in "_$")
