"""Text → elements: the words of names, strings and comments, numbers, operators, and the layout, for every language alike.

A line break and the indentation after it are elements of their own. What stands between two elements of a line, a space or
the `_` inside a name, belongs to the second as its gap, and goes with the first. All elements with their gaps, joined, are the
text.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Final

import numpy as np
from numpy.typing import NDArray

from slimgrammar.prune.lexicon import (
    ANY_CHUNK,
    ASCII_CHUNK,
    BREAK,
    COMMENT,
    INDENT,
    KEYWORD,
    NAME,
    NUMBER,
    STRING,
    SYMBOL,
    Ints,
    Lexicon,
    lexicon,
)

__all__ = ["BREAK", "COMMENT", "INDENT", "KEYWORD", "NAME", "NUMBER", "STRING", "SYMBOL", "Bools", "Elements", "Ints", "split"]

Bools = NDArray[np.bool_]
KIND_NAMES: Final = ("name", "keyword", "number", "punctuation", "string", "comment", "line break", "indentation")


@dataclass(frozen=True)
class Elements:
    """The elements of a text, in columns. Texts, and ways to write them, are numbers of the lexicon.

    Attributes:
        lexicon: what the numbers mean.
        ids: each element's text, without the spaces before it.
        gap_ids: the spaces before each, -1 for none.
        alone: how each is written without its spaces, a line break as nothing but a line end.
        glued: how each is written after its spaces.
        starts: where each begins in the text, after its spaces.
        kinds: NAME … INDENT; what looks like a word is a KEYWORD here, inside strings and comments too.
    """

    lexicon: Lexicon
    ids: Ints
    gap_ids: Ints
    alone: Ints
    glued: Ints
    starts: Ints
    kinds: Ints

    @cached_property
    def texts(self) -> NDArray[np.object_]:
        """The elements, without the spaces before them."""
        return _objects([self.lexicon.texts[number] for number in self.ids.tolist()])

    @cached_property
    def gaps(self) -> NDArray[np.object_]:
        """The spaces before each element."""
        return _objects([self.lexicon.texts[number] if number >= 0 else "" for number in self.gap_ids.tolist()])


def _objects(texts: list[str]) -> NDArray[np.object_]:
    return np.array(texts, dtype=object)


def split(text: str) -> Elements:
    """The elements of a text.

    >>> split("if get_name(2):").texts.tolist()
    ['if', 'get', 'name', '(', '2', ')', ':']
    """
    words = lexicon()
    indent = len(text) - len(text.lstrip())
    if "\n" in text[:indent]:  # a line break, then
        indent = 0
    found = (ASCII_CHUNK if text.isascii() else ANY_CHUNK).findall(text, indent)
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    local = np.fromiter(map(numbers.__getitem__, found), dtype=np.int64, count=len(found))
    firsts, sizes, lengths = words.chunks(list(numbers)).take(local, axis=1)
    ends = sizes.cumsum()
    rows = words.elements((firsts - ends + sizes).repeat(sizes) + np.arange(sizes.sum()))
    rows[_START] += (lengths.cumsum() - lengths + indent).repeat(sizes)
    _add_gaps(words, rows, [(int(ends[chunk]), found[chunk]) for chunk in (sizes == 0).nonzero()[0].tolist()])
    if indent:
        number = words.number(text[:indent])
        rows = np.column_stack(((number, -1, 2 * number, 2 * number, 0, INDENT), rows))
    return Elements(words, *rows)


_ID, _GAP, _ALONE, _GLUED, _START, _KIND = range(6)


def _add_gaps(words: Lexicon, rows: Ints, gaps: list[tuple[int, str]]) -> None:
    """Put spaces that are a chunk of their own before the elements that follow them."""
    for at, gap in gaps:
        if at < rows.shape[1]:
            rows[_GAP, at] = words.number(gap)
            rows[_GLUED, at] = words.way(words.texts[rows[_ID, at]], gap)
