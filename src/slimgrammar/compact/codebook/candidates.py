"""Finds what recurs in a corpus: runs of units, and templates with one to four holes for words.

Runs grow level by level: a run of n + 1 units can only be frequent where both runs of n inside it are (Agrawal, Srikant 1994).
Templates are the runs of up to `LONGEST_TEMPLATE` units in which some words are holes; those whose holes hold equal words are
templates of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Final

import numpy as np

from slimgrammar.compact.codebook.corpus import BREAK, Corpus, Costs, Flags, Ints
from slimgrammar.compact.codebook.template import CLOSING, OPENING

LONGEST_RUN: Final = 40
LONGEST_TEMPLATE: Final = 10
LEAST_SOURCES: Final = 4
_SHARINGS: Final[dict[int, tuple[tuple[int, ...], ...]]] = {
    1: ((0,),),
    2: ((0, 0), (0, 1)),
    3: ((0, 0, 0), (0, 0, 1), (0, 1, 0), (0, 1, 1), (0, 1, 2)),
    4: ((0, 1, 0, 1), (0, 1, 0, 2), (0, 1, 2, 0), (0, 1, 2, 3)),
}
"""Number of holes → which of them hold the same word."""
_MULTIPLIER: Final = np.uint64(6364136223846793005)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a run or template is made of.

    Attributes:
        size: its units.
        holes: which of them are holes, from 0.
        words: the number of the word that each hole holds.
    """

    size: int
    holes: tuple[int, ...] = ()
    words: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that recurs.

    Attributes:
        shape: what it is made of.
        positions: where it stands in the corpus, ascending.
        score: the tokens that it saves in all sources but the one where it saves most: what only one repeats is not worth a
            symbol elsewhere.
    """

    shape: Shape
    positions: Ints
    score: float


def scores(gains: Costs, sources: Ints, groups: Ints) -> tuple[Ints, Ints]:
    """Each group's score, and in how many sources it stands.

    Args:
        gains: what each occurrence saves; occurrences are sorted by group, and within one by source.
        sources: the source of each.
        groups: where each group starts.
    """
    if not len(gains):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    new_group = np.zeros(len(gains), dtype=np.bool_)
    new_group[groups] = True
    runs = np.flatnonzero(np.append(True, sources[1:] != sources[:-1]) | new_group)
    per_source = np.add.reduceat(gains.astype(np.int64), runs)
    at = np.searchsorted(runs, groups)
    count = np.diff(np.append(at, len(runs)))
    return np.add.reduceat(per_source, at) - np.maximum.reduceat(per_source, at), count


def run_candidates(corpus: Corpus, *, least: int, limit: int, longest: int) -> list[Candidate]:
    """The runs that save most.

    Args:
        corpus: units as `matching` cuts them.
        least: the least score.
        limit: how many to return at most.
        longest: the most units of a run.
    """
    units = len(corpus.table) + 1
    total = np.append(0, np.cumsum(corpus.tokens, dtype=np.int64))
    at = np.flatnonzero((corpus.units != BREAK) & ~corpus.inside)
    ids = corpus.units[at]
    found: list[Candidate] = []
    for size in range(1, longest + 1):
        if size > 1:
            at, ids = _longer(corpus, at, ids, size, units)
        if not len(at):
            break
        order = np.argsort(ids, kind="stable")
        gains = (total[at + size] - total[at] - 1 - corpus.split[at + size]).astype(np.int32)
        gains[corpus.inside[at + size]] = 0
        found += _groups(corpus, Shape(size), at[order], ids[order], gains[order], least=least)
        found = sorted(found, key=lambda candidate: -candidate.score)[:limit]
        frequent = np.bincount(ids) >= LEAST_SOURCES
        at, ids = at[frequent[ids]], ids[frequent[ids]]
    return found


def _longer(corpus: Corpus, at: Ints, ids: Ints, size: int, units: int) -> tuple[Ints, Ints]:
    """The positions of runs of `size` units whose two shorter runs are frequent, and the new runs' numbers."""
    alive = np.zeros(len(corpus.units) + 1, dtype=np.bool_)
    alive[at] = True
    last = corpus.units[np.minimum(at + size - 1, len(corpus.units) - 1)]
    keep = alive[at + 1] & (last != BREAK) if size > 2 else last != BREAK
    keys = ids[keep] * units + last[keep]
    return at[keep], np.unique(keys, return_inverse=True)[1].astype(np.int64)


def _groups(  # noqa: PLR0913 - the columns of a table
    corpus: Corpus, shape: Shape, at: Ints, ids: Ints, gains: Costs, *, least: int
) -> list[Candidate]:
    """The groups of equal `ids` whose score is worth it; all columns are sorted by them, and by position within one."""
    if not len(at):
        return []
    starts = np.flatnonzero(np.append(True, ids[1:] != ids[:-1]))
    score, sources = scores(gains, corpus.sources[at], starts)
    ends = np.append(starts[1:], len(at))
    chosen = np.flatnonzero((score >= least) & (sources >= LEAST_SOURCES))
    return [Candidate(shape, at[starts[group] : ends[group]].copy(), float(score[group])) for group in chosen.tolist()]


def template_candidates(corpus: Corpus, words: Flags, costs: Costs, *, least: int) -> list[Candidate]:
    """The templates that save most.

    Args:
        corpus: units in which a word is one unit.
        words: whether each unit of the table is a word that a hole may hold.
        costs: the tokens of each word behind a blank.
        least: the least score.
    """
    search = _TemplateSearch(corpus, words, costs, least)
    breaks = np.append(0, np.cumsum(corpus.units == BREAK))
    total = np.append(0, np.cumsum(corpus.tokens, dtype=np.int64))
    found: list[Candidate] = []
    for size in range(2, LONGEST_TEMPLATE + 1):
        starts = np.arange(max(0, len(corpus.units) - size))
        whole = (breaks[starts + size] == breaks[starts]) & ~corpus.inside[starts] & ~corpus.inside[starts + size]
        starts = starts[whole]
        gains = (total[starts + size] - total[starts] - 1 - corpus.split[starts + size]).astype(np.int32)
        for shape in _shapes(size):
            found += search.level(shape, starts, gains)
    return found


def _shapes(size: int) -> Iterator[Shape]:
    """The templates of a size: holes never touch, four begin at the start, and some hold the same word."""
    for number in _SHARINGS:
        for holes in combinations(range(size), number):
            touch = any(after - before == 1 for before, after in pairwise(holes))
            if not touch and (number < 4 or holes[0] == 0):
                yield from (Shape(size, holes, words) for words in _SHARINGS[number])


class _TemplateSearch:
    """What the search for templates of each shape needs to know of each unit."""

    def __init__(self, corpus: Corpus, words: Flags, costs: Costs, least: int) -> None:
        known = corpus.units != BREAK
        self.corpus = corpus
        self.least = least
        self.is_word = np.zeros(len(known), dtype=np.bool_)
        self.is_word[known] = words[corpus.units[known]]
        self.cost = np.zeros(len(known), dtype=np.int32)
        self.cost[known] = costs[corpus.units[known]]
        numbers = np.random.default_rng(0).integers(1, 2**62, size=len(corpus.table) + 1, dtype=np.uint64)
        self.hashes = numbers[corpus.units]

    def level(self, shape: Shape, starts: Ints, gains: Costs) -> list[Candidate]:
        """The templates of one shape at `starts`, where a literal run of that size would save `gains`."""
        keep = np.ones(len(starts), dtype=np.bool_)
        for hole in shape.holes:
            keep &= self.is_word[starts + hole]
        at, gain = starts[keep], gains[keep]
        first: dict[int, int] = {}
        for hole, word in zip(shape.holes, shape.words, strict=True):
            if word in first:
                same = self.corpus.units[at + hole] == self.corpus.units[at + first[word]]
                at, gain = at[same], gain[same]
            else:
                first[word] = hole
        for hole in first.values():
            gain = gain - (self.corpus.tokens[at] if hole == 0 else self.cost[at + hole])
        ids = self._ids(shape, at)
        order = np.argsort(ids, kind="stable")
        return _groups(self.corpus, shape, at[order], ids[order], gain[order], least=self.least)

    def _ids(self, shape: Shape, at: Ints) -> Ints:
        """Hashes of the literal units."""
        with np.errstate(over="ignore"):
            ids = np.zeros(len(at), dtype=np.uint64)
            for unit in range(shape.size):
                if unit not in shape.holes:
                    ids = (ids + self.hashes[at + unit]) * _MULTIPLIER
        return ids.astype(np.int64)


def spelled(corpus: Corpus, candidate: Candidate) -> str:
    """A candidate as a template is written."""
    numbers = dict(zip(candidate.shape.holes, candidate.shape.words, strict=True))
    units = enumerate(_units(corpus, candidate))
    return "".join(f"{OPENING}{numbers[at] + 1}{CLOSING}" if at in numbers else unit for at, unit in units)


def literal(corpus: Corpus, candidate: Candidate) -> str:
    """A candidate's text without its holes."""
    return "".join(unit for at, unit in enumerate(_units(corpus, candidate)) if at not in candidate.shape.holes)


def _units(corpus: Corpus, candidate: Candidate) -> list[str]:
    at = int(candidate.positions[0])
    return [corpus.table[unit] for unit in corpus.units[at : at + candidate.shape.size].tolist()]
