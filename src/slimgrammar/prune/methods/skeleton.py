"""`skeleton`: signatures, docstrings, and the bodies that were asked for; the rest of all bodies goes first.

Without a budget it keeps exactly those, and what stands outside all functions.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from slimgrammar.prune.elements import COMMENT, Ints
from slimgrammar.prune.methods.base import Options, Ranking, with_lines
from slimgrammar.prune.places import DOCSTRING, SIGNATURE
from slimgrammar.prune.program import Program
from slimgrammar.vocab import Vocabulary

REASONS: Final = ("comment in a body", "body", "outside functions", "docstring", "body that was asked for", "signature")
_OUTSIDE: Final = 2


def skeleton(program: Program, options: Options, vocab: Vocabulary) -> Ranking:
    """Rank by what an element belongs to, the end of the text first."""
    part = np.select(
        [
            program.flags & SIGNATURE > 0,
            _asked_for(program, frozenset(options.bodies)) > 0,
            program.flags & DOCSTRING > 0,
            program.functions == 0,
            program.kinds == COMMENT,
        ],
        [5, 4, 3, 2, 0],
        default=1,
    )
    count = len(program.kinds)
    values = with_lines((part + 1) * float(count) - np.arange(count), program)
    return Ranking(values, REASONS, part, layout=True, natural=(_OUTSIDE + 0.0) * count + 1)


def _asked_for(program: Program, bodies: frozenset[str]) -> Ints:
    """1 for the elements of functions and classes with one of these names."""
    found = np.zeros(len(program.kinds), dtype=np.int64)
    for node in program.captures.get("name", ()):
        if program.text[node.start_byte : node.end_byte] in bodies and node.parent is not None:
            within = program.elements_of(node.parent.start_byte, node.parent.end_byte)
            found[within.start : within.stop] = 1
    return found
