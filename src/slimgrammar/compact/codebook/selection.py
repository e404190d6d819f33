"""Picks candidates one after another: each time the one that saves most after those already picked.

Lazy evaluation (Minoux 1978): what a candidate saves only falls as others are picked, so the first in line whose figure is up
to date is the best.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np

from slimgrammar.compact.codebook.candidates import LEAST_SOURCES, Candidate, scores
from slimgrammar.compact.codebook.corpus import Corpus, Costs, Ints


@dataclass(frozen=True, slots=True)
class Picked:
    """A candidate, and what it saves after those picked before: tokens in all, and at how many places."""

    candidate: Candidate
    saved: int
    uses: int


def select(corpus: Corpus, candidates: list[Candidate], *, costs: Costs | None, k: int, least: int) -> list[Picked]:
    """The best candidates, in order; the corpus's figures are those after them when this returns.

    Args:
        corpus: what they were found in.
        candidates: what to choose from.
        costs: the tokens of each unit of the table behind a blank, for candidates with holes.
        k: how many to pick at most.
        least: the least score.
    """
    queue = [(-candidate.score, number, 0) for number, candidate in enumerate(candidates)]
    heapq.heapify(queue)
    picked: list[Picked] = []
    while queue and len(picked) < k:
        _, number, known_at = heapq.heappop(queue)
        candidate = candidates[number]
        at = _free(corpus, candidate)
        gains = _gains(corpus, candidate, at, costs)
        if known_at == len(picked):
            picked.append(Picked(candidate, int(gains.sum()), len(at)))
            _cover(corpus, candidate, at, costs)
            continue
        score, sources = scores(gains, corpus.sources[at], np.zeros(1, dtype=np.int64)) if len(at) else ([0], [0])
        if score[0] >= least and sources[0] >= LEAST_SOURCES:
            heapq.heappush(queue, (-float(score[0]), number, len(picked)))
    return picked


def _free(corpus: Corpus, candidate: Candidate) -> Ints:
    """The occurrences that cut through no shorthand, and do not overlap one another."""
    at = candidate.positions
    at = at[~corpus.inside[at] & ~corpus.inside[at + candidate.shape.size]]
    if len(at) > 1 and bool((np.diff(at) < candidate.shape.size).any()):
        kept: list[int] = []
        end = -1
        for position in at.tolist():
            if position >= end:
                kept.append(position)
                end = position + candidate.shape.size
        at = np.array(kept, dtype=np.int64)
    return at


def _gains(corpus: Corpus, candidate: Candidate, at: Ints, costs: Costs | None) -> Costs:
    """The tokens that a shorthand saves at each place."""
    gains = -1 - corpus.split[at + candidate.shape.size]
    for unit in range(candidate.shape.size):
        gains = gains + corpus.tokens[at + unit]
    return gains - _kept(corpus, candidate, at, costs)


def _kept(corpus: Corpus, candidate: Candidate, at: Ints, costs: Costs | None) -> Costs:
    """The tokens of the words in a template's holes, each different one once: those stay in the text."""
    kept = np.zeros(len(at), dtype=np.int32)
    for hole in dict(zip(reversed(candidate.shape.words), reversed(candidate.shape.holes), strict=True)).values():
        if hole == 0:
            kept += corpus.tokens[at]
        else:
            assert costs is not None
            kept += costs[corpus.units[at + hole]]
    return kept


def _cover(corpus: Corpus, candidate: Candidate, at: Ints, costs: Costs | None) -> None:
    """Writes a shorthand into the corpus's figures."""
    kept = _kept(corpus, candidate, at, costs)
    for unit in range(candidate.shape.size):
        corpus.tokens[at + unit] = 0
        if unit:
            corpus.inside[at + unit] = True
    corpus.tokens[at] = 1 + kept
    corpus.tokens[at + candidate.shape.size] += corpus.split[at + candidate.shape.size]
    corpus.split[at + candidate.shape.size] = 0
