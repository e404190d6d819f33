"""Which record of an edited program is which of the original's: patience diff, then difflib between the anchors."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Final

from slimgrammar.compact.restore.records import Record

_LONG: Final = 1000  # records without a unique one among them: from here on difflib leaves out popular ones


def align(old: list[Record], new: list[Record]) -> list[int]:
    """For each new record its equal among the old ones, -1 for none; the order of both is kept.

    Records that are unique on both sides split the work (patience diff), so that large programs stay near linear.
    """
    numbers: dict[tuple[str, ...], int] = {}
    one = [numbers.setdefault(record.items, len(numbers)) for record in old]
    two = [numbers.setdefault(record.items, len(numbers)) for record in new]
    partners = [-1] * len(two)
    todo = [(0, len(one), 0, len(two))]
    while todo:
        a, b, c, d = todo.pop()
        while a < b and c < d and one[a] == two[c]:
            partners[c] = a
            a, c = a + 1, c + 1
        while a < b and c < d and one[b - 1] == two[d - 1]:
            b, d = b - 1, d - 1
            partners[d] = b
        if a == b or c == d:
            continue
        anchors = _anchors(one, two, (a, b, c, d))
        if anchors:
            edges = [(a, c), *anchors, (b, d)]
            todo.extend((x, xx, y, yy) for (x, y), (xx, yy) in pairwise(edges))
        else:
            matcher = SequenceMatcher(None, one[a:b], two[c:d], autojunk=b - a > _LONG)
            for i, j, size in matcher.get_matching_blocks():
                partners[c + j : c + j + size] = range(a + i, a + i + size)
    return partners


def _anchors(one: list[int], two: list[int], window: tuple[int, int, int, int]) -> list[tuple[int, int]]:
    """Places of records that are unique on both sides of a window: the longest chain that rises on both."""
    a, b, c, d = window
    counts, others = Counter(one[a:b]), Counter(two[c:d])
    there = {two[j]: j for j in range(c, d) if others[two[j]] == 1}
    pairs = [(i, there[one[i]]) for i in range(a, b) if counts[one[i]] == 1 and one[i] in there]
    lowest: list[int] = []  # lowest[n]: the smallest second place that ends a chain of n + 1
    ends: list[int] = []
    before: list[int] = []
    for at, (_, j) in enumerate(pairs):
        length = bisect_left(lowest, j)
        before.append(ends[length - 1] if length else -1)
        lowest[length : length + 1] = [j]
        ends[length : length + 1] = [at]
    chain: list[tuple[int, int]] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]


def pair(old: list[Record], new: list[Record], partners: list[int]) -> list[int]:
    """For each new record the old one in whose place it stands: its equal, or what was there before an edit; -1 for none."""
    pairs = partners.copy()
    before = -1
    for j, partner in enumerate(partners):
        if partner >= 0:
            before = partner
        elif j == 0 or partners[j - 1] >= 0:
            run = j
            while run < len(new) and partners[run] < 0:
                run += 1
            end = partners[run] if run < len(new) else len(old)
            for i, at in zip(range(before + 1, end), range(j, run), strict=False):
                if old[i].is_comment() == new[at].is_comment():
                    pairs[at] = i
    return pairs
