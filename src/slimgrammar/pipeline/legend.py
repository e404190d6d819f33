"""What a model is told about the code in front of it, where that is worth its tokens."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Final

from slimgrammar.grammar import soft_keywords

SHORTENED: Final = "(Code here is shortened: what tells least is left out.)\n\n"


@cache
def legend(dialect: str) -> str:
    """How to read a dialect, "" where a reader needs no help: `python` is Python, and `symbols` is for models trained on it.

    >>> legend("python"), legend("compact")[:33]
    ('', '(Python code here is compact: an ')
    """
    if dialect != "compact":
        return ""
    marks = ", ".join(f"`{mark}` {word}" for word, mark in soft_keywords().items())
    return (
        "(Python code here is compact: an empty line ends a block, nothing is indented; commas before words, `import` behind "
        f"`from x` and `self` are implied: `def.f(a b)` is a method, `.x` is `self.x`; {marks}. Answer so, or in Python.)\n\n"
    )


def pays_at(savings: Iterable[int], cost: int) -> int:
    """The index of the text from which on the legend has paid for itself, -1 where it never does.

    Only what stands before a text decides: a conversation that grows keeps its beginning, and a provider's cache of it.

    >>> pays_at([40, 0, 50], 60)
    2
    """
    total = 0
    for index, saved in enumerate(savings):
        total += saved
        if total > cost:
            return index
    return -1
