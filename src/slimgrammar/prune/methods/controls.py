"""Controls: methods that know nothing, which any other must beat: `random`, `punctuation` and `first`."""

from __future__ import annotations

import numpy as np

from slimgrammar.prune.elements import SYMBOL
from slimgrammar.prune.methods.base import Options, Ranking
from slimgrammar.prune.program import Program
from slimgrammar.vocab import Vocabulary


def at_random(program: Program, options: Options, vocab: Vocabulary) -> Ranking:
    """Elements in a random order, the same for the same seed and size."""
    return Ranking(np.random.default_rng(options.seed).random(len(program.kinds)), ("drawn",), np.zeros_like(program.kinds))


def punctuation(program: Program, options: Options, vocab: Vocabulary) -> Ranking:
    """Punctuation from the end of the text, then everything else from the end."""
    count = len(program.kinds)
    return Ranking(np.where(program.kinds == SYMBOL, 0.0, 1.0) * count - np.arange(count))


def first(program: Program, options: Options, vocab: Vocabulary) -> Ranking:
    """Everything from the end of the text: what is kept are its first lines."""
    return Ranking(-np.arange(len(program.kinds), dtype=np.float64), ("beyond the end",), np.zeros_like(program.kinds))
