"""Budgets: from the elements' values to the largest result that has no more tokens than allowed.

The elements form one fixed row, the most valued first, and a result is a beginning of that row. Its token count grows with it,
but not strictly (tokens merge), so the length is found by halving: the lengths that are tried depend only on the size of the
row, and therefore a larger budget never ends at a smaller length. Most halvings need no count: the costs of single elements
predict it closely enough.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Final, cast

import numpy as np

from slimgrammar.prune.elements import BREAK, INDENT, Bools, Ints
from slimgrammar.prune.methods.base import Floats, Ranking
from slimgrammar.prune.program import Program

# How much more single elements cost than what they form together, how often the length is guessed with that, and how far a
# predicted difference may be off: a share of it and a few tokens; more where that was not enough, at last anything.
_USUAL: Final = 1.25
_GUESSES: Final = 2
_SLACK: Final = 0.2
_FEW: Final = (2, 8, inf)
# The greatest digit of 16 bits, and a difference by which it can be divided
_DIGIT: Final = (1 << 16) - 1
_NARROW: Final = 1e-300


def ranks(program: Program, ranking: Ranking, pinned: Bools) -> Ints:
    """The place of each element in the row, from 0 for what is kept longest.

    A line break is worth nothing without a word of its line, nor indentation without its line break.
    """
    kinds = program.kinds
    rank = np.empty(len(kinds), dtype=np.int64)
    rank[_by_value(kinds, ranking, pinned)] = np.arange(len(kinds))
    breaks = (kinds == BREAK).nonzero()[0]
    indents = (kinds == INDENT).nonzero()[0]
    late = rank * 3
    if breaks.size:
        words = np.where(kinds >= BREAK, len(rank), rank)
        line = np.maximum(rank[breaks], np.minimum.reduceat(words, breaks)) * 3 + 1
        after_break = indents[(indents > 0) & (kinds[indents - 1] == BREAK)]
        fixed = pinned.any()
        late[breaks] = np.where(pinned[breaks], late[breaks], line) if fixed else line
        line = np.maximum(late[after_break], late[after_break - 1] + 1)
        late[after_break] = np.where(pinned[after_break], late[after_break], line) if fixed else line
    return positions(late)


def natural_length(program: Program, ranking: Ranking, pinned: Bools, rank: Ints) -> int:
    """How many elements a method keeps by itself: those whose values reach its `natural` value, with their layout."""
    too_low = (program.kinds < BREAK) & ~pinned & (ranking.values < (ranking.natural or 0.0))
    return int(rank[too_low].min(initial=len(rank)))


def _by_value(kinds: Ints, ranking: Ranking, pinned: Bools) -> Ints:
    """The elements, the most valued first: the pinned ones before all, layout after all where the method does not value it."""
    loose = ~pinned
    if ranking.layout:
        parts, units = [], loose
    else:
        parts, units = [((kinds == kind) & loose).nonzero()[0] for kind in (BREAK, INDENT)], (kinds < BREAK) & loose
    valued = units.nonzero()[0]
    return np.concatenate((pinned.nonzero()[0], valued[stable_order(-ranking.values[valued])], *parts))


def stable_order(keys: Floats | Ints) -> Ints:
    """The places of the keys in ascending order, equals in the order of the text; whole numbers must not be negative.

    numpy sorts numbers of 16 bits by their digits, several times faster than larger ones: so do we, digit after digit.
    """
    return _order_of_floats(cast(Floats, keys)) if keys.dtype == np.float64 else _order_of_integers(cast(Ints, keys))


def _order_of_integers(keys: Ints) -> Ints:
    order = keys.astype(np.uint16).argsort(kind="stable")
    for shift in range(16, int(keys.max(initial=0)).bit_length(), 16):
        order = order[(keys >> shift)[order].astype(np.uint16).argsort(kind="stable")]
    return order


def _order_of_floats(keys: Floats) -> Ints:
    """Sort by a digit of 16 bits first: where little is left to do, the sort of the numbers themselves is quick."""
    low = float(keys.min(initial=inf))
    width = float(keys.max(initial=-inf)) - low
    if not _NARROW < width < inf:
        return keys.argsort(kind="stable")
    order = ((keys - low) * (_DIGIT / width)).astype(np.uint16).argsort(kind="stable")
    found: Ints = order[keys[order].argsort(kind="stable")]
    return found


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
