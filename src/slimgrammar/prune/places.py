"""Where the elements of a program stand: flags, statements and functions, from the regions that the syntax tree names.

Regions nest. They come as one whole number each (see `regions`), so that sorting them, the outer before the inner, is quick;
what they say stands in tables beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final

import numpy as np

from slimgrammar.prune.elements import Ints

# Flags: where an element stands
SIGNATURE: Final = 1
STRUCTURE: Final = 2
CALL: Final = 4
DOCSTRING: Final = 8
ANNOTATION: Final = 16
IN_STRING: Final = 32
IN_COMMENT: Final = 64
IMPORT: Final = 128
# Flags of regions only: what stands around one says nothing about what stands in it; it is a function's
FRESH: Final = 256
FUNCTION: Final = 512
_ELEMENT_FLAGS: Final = FRESH - 1

_BITS: Final = 40
_LAST: Final = (1 << _BITS) - 1


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that may be left out alone: its place, its kind as the query names it, and the statement around it (or -1).

    `function` numbers the outermost function that the statement is or stands in, 0 for none.
    """

    start: int
    end: int
    kind: str
    parent: int
    function: int


@dataclass(frozen=True, slots=True)
class Places:
    """Events, and what holds from each on: the last event at an offset counts. State 0 is the outside of everything.

    Attributes:
        at: the offsets of the events, ascending.
        states: the state that begins with each event.
        flags: for each state: SIGNATURE … IMPORT, or-ed.
        owners: for each state: the innermost statement, -1 for none.
        functions: for each state: the number of the outermost function, 0 for none.
        statements: all statements, in the order of the text.
    """

    at: list[int]
    states: list[int]
    flags: list[int]
    owners: list[int]
    functions: list[int]
    statements: list[Statement]


def regions(nodes: Sequence[Any]) -> Ints:
    """The regions of some nodes of a tree as whole numbers; of two that nest, the outer's is less."""
    starts, ends = (
        np.fromiter(map(attrgetter(name), nodes), dtype=np.int64, count=len(nodes)) for name in ("start_byte", "end_byte")
    )
    return np.asarray(starts << _BITS | (_LAST - ends))


def places(keys: list[int], flags_of: list[int], kinds: dict[int, str]) -> Places:
    """Walk the regions from the outer to the inner ones.

    Args:
        keys: the regions, each once, ascending.
        flags_of: the flags of each.
        kinds: the kinds of those that are statements.
    """
    at, states = [-1], [0]
    flags, owners, functions = [0], [-1], [0]
    statements: list[Statement] = []
    ends: list[int] = []
    around: list[int] = []
    current = count = 0
    for key, own in zip(keys, flags_of, strict=True):
        start, end = key >> _BITS, _LAST - (key & _LAST)
        while ends and ends[-1] <= start:
            at.append(ends.pop())
            states.append(current := around.pop())
        owner, function = owners[current], functions[current]
        if own & FUNCTION and not function:
            count += 1
            function = count
        if key in kinds:
            statements.append(Statement(start, end, kinds[key], owner, function))
            owner = len(statements) - 1
        ends.append(end)
        around.append(current)
        flags.append((own if own & FRESH else own | flags[current]) & _ELEMENT_FLAGS)
        owners.append(owner)
        functions.append(function)
        current = len(flags) - 1
        at.append(start)
        states.append(current)
    return Places([*at, *reversed(ends)], [*states, *reversed(around)], flags, owners, functions, statements)
