"""Steering: what matches a query is kept longer, whatever the method."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from slimgrammar.prune.elements import BREAK, SYMBOL
from slimgrammar.prune.methods.base import Ranking
from slimgrammar.prune.program import Program
from slimgrammar.prune.words import stems

# How far up the row a match comes, as a share of the row: the word itself, and what stands in the same statement.
_WORD: Final = 0.6
_STATEMENT: Final = 0.2


def steer(program: Program, ranking: Ranking, query: str) -> Ranking:
    """The ranking with all that matches a word of `query` moved up, and its statement a little."""
    wanted = stems(query)
    texts = program.texts.tolist()
    matching = {text for text in set(texts) if not wanted.isdisjoint(stems(text))}
    hit = np.fromiter((text in matching for text in texts), dtype=np.bool_, count=len(texts))
    hit &= (program.kinds != SYMBOL) & (program.kinds < BREAK)
    near = np.zeros(len(program.statements) + 1, dtype=np.bool_)
    near[program.owners[hit]] = True
    near[-1] = False
    order = np.argsort(ranking.values, kind="stable")
    places = np.empty(len(texts))
    places[order] = np.arange(len(texts)) / max(1, len(texts))
    return replace(ranking, values=places + _WORD * hit + _STATEMENT * near[program.owners])
