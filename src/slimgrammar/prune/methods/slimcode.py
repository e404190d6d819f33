"""`slimcode`: SlimCode's categories and its order of removal, as described by its authors.

Eight levels, each emptied from the end of the text before the next begins. A token in several categories belongs to the one
that keeps it longest. (In SlimCode's published outputs little but the first level is ever reached: its ratio counts tokens of
spaced-out text. Here a budget counts a model's tokens, so all levels are.)
"""

from __future__ import annotations

from typing import Final

import numpy as np

from slimgrammar.prune.elements import NAME, SYMBOL, Ints
from slimgrammar.prune.methods.base import Options, Ranking
from slimgrammar.prune.places import CALL, SIGNATURE, STRUCTURE
from slimgrammar.prune.program import Program
from slimgrammar.vocab import Vocabulary

LEVELS: Final = (
    "symbol token",
    "token in no category",
    "structure, not an identifier",
    "invocation, not an identifier",
    "identifier outside structures and invocations",
    "identifier in an invocation",
    "identifier in a structure",
    "signature",
)


def slimcode(program: Program, options: Options, vocab: Vocabulary) -> Ranking:
    """Rank by level, the end of the text first."""
    level = levels(program)
    count = len(program.kinds)
    values = np.asarray(level * float(count) - np.arange(count), dtype=np.float64)
    return Ranking(values, LEVELS, level)


def levels(program: Program) -> Ints:
    """The level at which each element goes, from 0, an index of `LEVELS`."""
    signature, structure, call = (program.flags & flag > 0 for flag in (SIGNATURE, STRUCTURE, CALL))
    names = program.kinds == NAME
    symbols = program.kinds == SYMBOL
    return np.select(
        [symbols, signature, names & structure, names & call, names, call, structure],
        [0, 7, 6, 5, 4, 3, 2],
        default=1,
    )
