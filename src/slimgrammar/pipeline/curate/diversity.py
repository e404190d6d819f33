"""The most diverse rows within a budget of tokens: greedy cover of words, where each further use of a word is worth less.

The worth of a set of rows is Σ over words w of idf(w) · √(rows of the set with w), a feature-based submodular function as in
Kirchhoff and Bilmes, Submodularity for Data Selection in Machine Translation (EMNLP 2014). Rows are chosen greedily by gain a
token (Lin and Bilmes, NAACL 2010), with the decreasing thresholds of Badanidiyuru and Vondrák (SODA 2014) in place of a heap:
gains only shrink, so that a row's last gain is a bound, and only rows whose bound reaches the threshold are looked at again.
Memory is three tables of 2²⁰ numbers and a few numbers a row.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from slimgrammar.pipeline.curate.sketches import Hashes

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
BUCKETS: Final = 1 << 20
STEP: Final = 0.9


class Worth:
    """The worth of the rows chosen so far, and what one more would add."""

    def __init__(self, words: Callable[[int], Hashes], rows: Ints) -> None:
        """Count in how many of `rows` each word is, for its weight."""
        self._words = words
        self.used = np.zeros(BUCKETS, np.int64)
        frequency = np.zeros(BUCKETS, np.int64)
        for row in rows.tolist():
            frequency[self._buckets(row)] += 1
        self._weights = np.log1p(len(rows) / np.maximum(frequency, 1))

    def _buckets(self, row: int) -> Ints:
        return np.unique(self._words(row) % np.uint32(BUCKETS)).astype(np.int64)

    def gain(self, row: int) -> float:
        """What the worth would grow by with `row`."""
        at = self._buckets(row)
        used = self.used[at]
        return float(self._weights[at] @ (np.sqrt(used + 1) - np.sqrt(used)))

    def add(self, row: int) -> None:
        """Choose `row`."""
        self.used[self._buckets(row)] += 1

    def total(self) -> float:
        """The worth of all that was chosen."""
        return float(self._weights @ np.sqrt(self.used))


def most_diverse(words: Callable[[int], Hashes], rows: Ints, tokens: Ints, budget: int) -> NDArray[np.bool_]:
    """Choose rows of at most `budget` tokens in all.

    Args:
        words: the sampled words of a row, as hashes.
        rows: the rows to choose from.
        tokens: how many tokens each of `rows` has.
        budget: how many the chosen ones may have.

    Returns:
        Which of `rows` are chosen.
    """
    worth = Worth(words, rows)
    cost = np.maximum(tokens, 1)
    bounds = np.array([worth.gain(row) for row in rows.tolist()]) / cost
    chosen = np.zeros(len(rows), np.bool_)
    left = budget
    floor = bounds.max(initial=0.0) * 1e-6
    threshold = bounds.max(initial=0.0)
    while threshold > floor:
        threshold *= STEP
        for place in np.flatnonzero((bounds >= threshold) & (tokens <= left)).tolist():
            if tokens[place] > left:
                continue
            bounds[place] = worth.gain(int(rows[place])) / cost[place]
            if bounds[place] >= threshold:
                worth.add(int(rows[place]))
                chosen[place], bounds[place] = True, -1.0
                left -= int(tokens[place])
    for place in np.argsort(-bounds, kind="stable").tolist():  # what adds next to nothing fills the rest
        if not chosen[place] and tokens[place] <= left:
            chosen[place] = True
            left -= int(tokens[place])
    return chosen
