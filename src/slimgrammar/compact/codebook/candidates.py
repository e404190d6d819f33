"""Finds what recurs in a corpus: runs of units, and templates with one to three holes for words.

Runs grow level by level: a run of n + 1 units can only be frequent where both runs of n inside it are. Templates are the runs of up
to `LONGEST_TEMPLATE` units in which some words are holes; those whose holes hold equal words are templates of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from slimgrammar.compact.codebook.corpus import BREAK, Corpus, Costs, Flags, Ints

LONGEST_RUN: Final = 40
LONGEST_TEMPLATE: Final = 8
LEAST_FILES: Final = 4
_SHARINGS: Final[dict[int, tuple[tuple[int, ...], ...]]] = {
    1: ((0,),),
    2: ((0, 0), (0, 1)),
    3: ((0, 0, 0), (0, 0, 1), (0, 1, 0), (0, 1, 1)),
}
"""Number of holes → which of them hold the same word."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that recurs.

    Attributes:
        size: its units.
        holes: which of them are holes, from 0.
        words: the number of the word that each hole holds.
        positions: where it stands in the corpus, ascending.
        score: the tokens that it saves in all files but the one where it saves most: what only one file repeats is not worth a
            symbol elsewhere.
    """

    size: int
    holes: tuple[int, ...]
    words: tuple[int, ...]
    positions: Ints
    score: float


def scores(gains: Costs, files: Ints, groups: Ints) -> tuple[Ints, Ints]:
    """Each group's score, and in how many files it stands.

    Args:
        gains: what each occurrence saves; occurrences are sorted by group, and within one by file.
        files: the file of each.
        groups: where each group starts.
    """
    if not len(gains):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    new_group = np.zeros(len(gains), dtype=np.bool_)
    new_group[groups] = True
    runs = np.flatnonzero(np.append(True, files[1:] != files[:-1]) | new_group)
    per_file = np.add.reduceat(gains.astype(np.int64), runs)
    at = np.searchsorted(runs, groups)
    count = np.diff(np.append(at, len(runs)))
    return np.add.reduceat(per_file, at) - np.maximum.reduceat(per_file, at), count


def run_candidates(corpus: Corpus, *, least: int, limit: int) -> list[Candidate]:
    """The runs that save most.

    Args:
        corpus: units as `matching` cuts them.
        least: the least score.
        limit: how many to return at most.
    """
    units = len(corpus.table) + 1
    total = np.append(0, np.cumsum(corpus.tokens, dtype=np.int64))
    at = np.flatnonzero((corpus.units != BREAK) & ~corpus.inside)
    ids = corpus.units[at]
    found: list[Candidate] = []
    for size in range(1, LONGEST_RUN + 1):
        if size > 1:
            at, ids = _longer(corpus, at, ids, size, units)
        if not len(at):
            break
        order = np.argsort(ids, kind="stable")
        gains = (total[at + size] - total[at] - 1 - corpus.split[at + size]).astype(np.int32)
        gains[corpus.inside[at + size]] = 0
        found += _groups(corpus, at[order], ids[order], gains[order], size, (), (), least)
        found = sorted(found, key=lambda candidate: -candidate.score)[:limit]
        frequent = np.bincount(ids) >= LEAST_FILES
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


def _groups(  # noqa: PLR0913 - the columns of one level
    corpus: Corpus,
    at: Ints,
    ids: Ints,
    gains: Costs,
    size: int,
    holes: tuple[int, ...],
    words: tuple[int, ...],
    least: int,
) -> list[Candidate]:
    """The groups of equal `ids` whose score is worth it; all columns are sorted by them, and by position within one."""
    if not len(at):
        return []
    starts = np.flatnonzero(np.append(True, ids[1:] != ids[:-1]))
    score, files = scores(gains, corpus.files[at], starts)
    ends = np.append(starts[1:], len(at))
    chosen = np.flatnonzero((score >= least) & (files >= LEAST_FILES))
    return [
        Candidate(size, holes, words, at[starts[group] : ends[group]].copy(), float(score[group])) for group in chosen.tolist()
    ]


def template_candidates(corpus: Corpus, words: Flags, costs: Costs, *, least: int) -> list[Candidate]:
    """The templates that save most.

    Args:
        corpus: units in which a word is one unit.
        words: whether each unit of the table is a word that a hole may hold.
        costs: the tokens of each word behind a blank.
        least: the least score.
    """
    known = corpus.units != BREAK
    is_word = np.zeros(len(known), dtype=np.bool_)
    is_word[known] = words[corpus.units[known]]
    cost = np.zeros(len(known), dtype=np.int32)
    cost[known] = costs[corpus.units[known]]
    hashes = np.random.default_rng(0).integers(1, 2**62, size=len(corpus.table) + 1, dtype=np.uint64)[corpus.units]
    breaks = np.append(0, np.cumsum(~known))
    total = np.append(0, np.cumsum(corpus.tokens, dtype=np.int64))
    found: list[Candidate] = []
    for size in range(2, LONGEST_TEMPLATE + 1):
        starts = np.arange(len(known) - size)
        whole = (breaks[size:-1] == breaks[: -size - 1]) & ~corpus.inside[: -size or None] & ~corpus.inside[size:]
        starts = starts[whole]
        gains = (total[starts + size] - total[starts] - 1 - corpus.split[starts + size]).astype(np.int32)
        for holes, sharing in _shapes(size):
            found += _template_level(corpus, starts, gains, size, holes, sharing, is_word, cost, hashes, least)
    return found


def _shapes(size: int) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Which units of a template are holes, and which of those are equal; holes never touch, and three begin at the start."""
    for number in (1, 2, 3):
        for holes in combinations(range(size), number):
            if any(after - before == 1 for before, after in zip(holes, holes[1:], strict=False)):
                continue
            if number == 3 and holes[0] != 0:
                continue
            for sharing in _SHARINGS[number]:
                yield holes, sharing


def _template_level(  # noqa: PLR0913 - the columns of one level
    corpus: Corpus,
    starts: Ints,
    gains: Costs,
    size: int,
    holes: tuple[int, ...],
    sharing: tuple[int, ...],
    is_word: Flags,
    cost: Costs,
    hashes: np.ndarray[tuple[int, ...], np.dtype[np.uint64]],
    least: int,
) -> list[Candidate]:
    """The templates of one shape."""
    keep = np.ones(len(starts), dtype=np.bool_)
    for hole in holes:
        keep &= is_word[starts + hole]
    at = starts[keep]
    gain = gains[keep]
    first: dict[int, int] = {}
    for hole, word in zip(holes, sharing, strict=True):
        if word in first:
            same = corpus.units[at + hole] == corpus.units[at + first[word]]
            at, gain = at[same], gain[same]
        else:
            first[word] = hole
    for hole in first.values():
        gain = gain - (corpus.tokens[at] if hole == 0 else cost[at + hole])
    with np.errstate(over="ignore"):
        key = np.zeros(len(at), dtype=np.uint64)
        for unit in range(size):
            if unit not in holes:
                key = (key + hashes[at + unit]) * np.uint64(6364136223846793005 + 2 * unit)
    order = np.argsort(key, kind="stable")
    return _groups(corpus, at[order], key[order].astype(np.int64), gain[order], size, holes, sharing, least)


def spelled(corpus: Corpus, candidate: Candidate) -> str:
    """A candidate as a template is written."""
    at = int(candidate.positions[0])
    return spell([corpus.table[unit] for unit in corpus.units[at : at + candidate.size].tolist()], candidate)


def spell(units: Sequence[str], candidate: Candidate) -> str:
    """The written form of a template over `units`, whose holes are the candidate's."""
    numbers = dict(zip(candidate.holes, candidate.words, strict=True))
    return "".join(f"‹{numbers[at] + 1}›" if at in numbers else unit for at, unit in enumerate(units))
