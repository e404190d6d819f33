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

    >>> legend("python"), legend("compact")[:16]
    ('', '(Compact Python:')
    """
    if dialect != "compact":
        return ""
    words, marks = (" ".join(each) for each in zip(*soft_keywords().items(), strict=True))
    return (
        "(Compact Python: a blank line ends a block; commas, colons, `self` and `import` after `from x` are implied, as in "
        f"`def.f(a b):.x=a`; {marks} are {words}. Answer so or in Python.)\n\n"
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
