"""Rows that repeat an earlier row, word for word or nearly: which one, for each row.

datasketch's own index holds kilobytes of Python objects a row. Here each band of the signatures is a column of numbers that
is sorted, so that a row costs 16 bytes at a time and signatures stay on the disk; `MinHashLSH` says how many bands there are.
Rows that share a band are compared by their whole signatures before one is dropped. As in BigCode's pipeline, similarity goes
on from row to row: of a cluster the first row stays.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from slimgrammar.pipeline.curate.sketches import PERMUTATIONS, Hashes

Ints = NDArray[np.int64]
KEPT: Final = 8  # rows of one band that the next ones are compared with: more would be quadratic where many are alike
_PRIME: Final = np.uint64(0x100000001B3)


@cache
def bands(threshold: float) -> tuple[int, int]:
    """How many bands of how many hashes find pairs as similar as `threshold`, at the least sum of both errors.

    >>> bands(0.7)
    (14, 9)
    """
    from datasketch import MinHashLSH

    index = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
    return index.b, index.r


def exact_duplicates(digests: NDArray[np.uint64], rows: Ints) -> Ints:
    """The first row with the same digest, for each of `rows`.

    Args:
        digests: two words a row, of all rows.
        rows: the rows to look at, in order.

    Returns:
        Row numbers, as many as `rows`; a row that repeats none has its own.
    """
    found = rows.copy()
    high, low = digests[rows].T
    order = np.lexsort((rows, low, high))
    same = (high[order][1:] == high[order][:-1]) & (low[order][1:] == low[order][:-1])
    first = np.arange(len(rows))
    first[1:][same] = 0
    found[order] = rows[order[np.maximum.accumulate(first)]] if len(rows) else rows
    return found


def near_duplicates(band: Callable[[int, int], Hashes], sketch: Callable[[int], Hashes], rows: Ints, threshold: float) -> Ints:
    """The first row of the cluster of similar rows, for each of `rows`.

    Args:
        band: the hashes in columns `start` to `end` of all rows' signatures.
        sketch: the whole signature of a row.
        rows: the rows to look at, in order.
        threshold: the similarity of a duplicate.

    Returns:
        Row numbers, as many as `rows`; a row that is like no earlier one has its own.
    """
    count, width = bands(threshold)
    like: dict[int, int] = {}
    for number in range(count):
        keys = _keys(band(number * width, (number + 1) * width)[rows])
        order = np.argsort(keys, kind="stable")  # rows of one key stay in their order
        equal = keys[order][1:] == keys[order][:-1]
        starts = np.flatnonzero(np.diff(np.concatenate(([False], equal, [False])).astype(np.int8)) == 1)
        ends = np.flatnonzero(np.diff(np.concatenate(([False], equal, [False])).astype(np.int8)) == -1)
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            _compare(rows[order[start : end + 1]].tolist(), sketch, threshold, like)
    return np.array([_root(like, row) for row in rows.tolist()], dtype=np.int64)


def _keys(hashes: Hashes) -> NDArray[np.uint64]:
    """One number for each row of a band; rows that get one by chance are told apart by their signatures."""
    keys = np.full(len(hashes), 0xCBF29CE484222325, np.uint64)
    for column in hashes.T:
        keys = (keys ^ column) * _PRIME
    return keys


def _compare(group: list[int], sketch: Callable[[int], Hashes], threshold: float, like: dict[int, int]) -> None:
    """Note for the rows of a group, which share a band, which earlier one they are like."""
    kept: list[tuple[int, Hashes]] = []
    for row in group:
        mine = sketch(row)
        twin = next((other for other, theirs in kept if np.count_nonzero(mine == theirs) >= threshold * PERMUTATIONS), None)
        if twin is None:
            if len(kept) < KEPT:
                kept.append((row, mine))
            continue
        roots = sorted((_root(like, twin), _root(like, row)))
        if roots[0] != roots[1]:
            like[roots[1]] = roots[0]


def _root(like: dict[int, int], row: int) -> int:
    """The first row of a row's cluster; the way there is made short."""
    root = row
    while root in like:
        root = like[root]
    while row != root:
        like[row], row = root, like[row]
    return root
