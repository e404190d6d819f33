"""From a place in an expanded text back to the shorter text that it was expanded from: symbols, and a codebook's shorthands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable


def contraction(pieces: Iterable[tuple[str, int, int]], size: int) -> Callable[[int], int]:
    """What takes an offset in the expanded text to one in the text; within what a symbol stands for, to the symbol.

    Args:
        pieces: those of the expanded text, in order, each with where it starts and ends in the text.
        size: how long the text is.

    >>> contract = contraction([("if x", 0, 4), (" is not None", 4, 5), (":", 5, 6)], 6)
    >>> [contract(offset) for offset in (3, 4, 9, 16, 99)]
    [3, 4, 4, 5, 6]
    """
    starts: list[int] = []
    places: list[tuple[int, bool]] = []
    expanded = 0
    for piece, start, end in pieces:
        starts.append(expanded)
        places.append((start, end - start == len(piece)))
        expanded += len(piece)

    def contract(offset: int) -> int:
        if offset >= expanded:
            return size
        at = bisect_right(starts, offset) - 1
        start, plain = places[at]
        return start + offset - starts[at] if plain else start

    return contract
