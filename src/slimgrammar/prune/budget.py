"""Budgets: from the elements' values to the largest result that has no more tokens than allowed.

The elements form one fixed row, the most valued first, and a result is a beginning of that row. Its token count grows with it,
but not strictly (tokens merge), so the length is found by halving: the lengths that are tried depend only on the size of the
row, and therefore a larger budget never ends at a smaller length. Most halvings need no count: the costs of single elements
predict it closely enough.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Final

import numpy as np

from slimgrammar.prune.elements import BREAK, INDENT, Bools, Ints
from slimgrammar.prune.methods.base import BREAK_VALUE, INDENT_VALUE, Floats, Ranking
from slimgrammar.prune.program import Program

# How much more single elements cost than what they form together, how often the length is guessed with that, and how far a
# predicted difference may be off: a share of it and a few tokens; more where that was not enough, at last anything.
_USUAL: Final = 1.25
_GUESSES: Final = 2
_SLACK: Final = 0.2
_FEW: Final = (2, 8, inf)


def ranks(program: Program, ranking: Ranking, pinned: Bools) -> Ints:
    """The place of each element in the row, from 0 for what is kept longest.

    A line break is worth nothing without a word of its line, nor indentation without its line break.
    """
    values = _with_layout(program, ranking, pinned)
    rank = positions(-values)
    breaks = (program.kinds == BREAK).nonzero()[0]
    indents = (program.kinds == INDENT).nonzero()[0]
    late = rank * 3
    if breaks.size:
        words = np.where(program.kinds >= BREAK, len(rank), rank)
        line = np.minimum.reduceat(words, breaks)
        late[breaks] = np.where(pinned[breaks], late[breaks], np.maximum(rank[breaks], line) * 3 + 1)
        after_break = indents[(indents > 0) & (program.kinds[indents - 1] == BREAK)]
        late[after_break] = np.where(
            pinned[after_break], late[after_break], np.maximum(late[after_break], late[after_break - 1] + 1)
        )
    return positions(late)


def natural_length(program: Program, ranking: Ranking, pinned: Bools, rank: Ints) -> int:
    """How many elements a method keeps by itself: those whose values reach its `natural` value, with their layout."""
    too_low = (program.kinds < BREAK) & ~pinned & (ranking.values < (ranking.natural or 0.0))
    return int(rank[too_low].min(initial=len(rank)))


def _with_layout(program: Program, ranking: Ranking, pinned: Bools) -> Floats:
    values = ranking.values.astype(np.float64)
    if not ranking.layout:
        place = np.arange(len(values))
        values = np.where(program.kinds == BREAK, BREAK_VALUE - place, values)
        values = np.where(program.kinds == INDENT, INDENT_VALUE - place, values)
    values[pinned] = np.inf
    return values


def stable_order(keys: Floats | Ints) -> Ints:
    """The places of the keys in ascending order, equals in the order of the text."""
    if keys.dtype == np.int64:  # made all different, they may take numpy's quicker sort
        return np.argsort(keys * np.int64(len(keys)) + np.arange(len(keys)))
    return np.argsort(keys, kind="stable")


def positions(keys: Floats | Ints) -> Ints:
    """The position of each key in their sorted order, equals in the order of the text."""
    places = np.empty(len(keys), dtype=np.int64)
    places[stable_order(keys)] = np.arange(len(keys))
    return places


def largest(count_of: Callable[[int], int], predicted: Ints, limit: int) -> int:
    """The length, up to `len(predicted) - 1`, whose count fits `limit` while that of the next does not.

    Args:
        count_of: the exact count of a length; 0 for length 0. It is asked for some lengths again, so it should remember.
        predicted: about what the count of each length is, from length 0; off by a factor, perhaps.
        limit: the most that is allowed.

    >>> largest(lambda length: 2 * length, np.array([0, 2, 4, 6, 8]), 5)
    2
    """
    last = len(predicted) - 1
    for few in _FEW:
        found = _halve(count_of, predicted, limit, few)
        if count_of(found) <= limit and (found == last or count_of(found + 1) > limit):
            break
    return found


def _halve(count_of: Callable[[int], int], predicted: Ints, limit: int, few: float) -> int:
    """Halve the row until one length is left, without a count where one nearby says enough."""
    low, high = 0, len(predicted)
    at = count = 0
    for _ in range(_GUESSES):
        wanted = predicted[at] + (limit - count) * _USUAL
        at = min(int(np.searchsorted(predicted, wanted)), high - 1)
        count = count_of(at)
    while high - low > 1:
        middle = (low + high) // 2
        step = float(predicted[middle] - predicted[at]) / _USUAL
        slack = _SLACK * abs(step) + few
        if count + step + slack <= limit:
            low = middle
        elif count + step - slack > limit:
            high = middle
        else:
            at, count = middle, count_of(middle)
            low, high = (middle, high) if count <= limit else (low, middle)
    return low
