"""Where the elements of a program stand: flags, statements and functions, from the regions that the syntax tree names.

Regions nest. They come as one whole number each (see `region`), so that sorting them, the outer before the inner, is quick;
what they say stands in tables beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

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


def region(start: int, end: int) -> int:
    """A region as one number; of two that nest, the outer's is less.

    >>> sorted([region(2, 5), region(2, 9), region(0, 3)]) == [region(0, 3), region(2, 9), region(2, 5)]
    True
    """
    return start << _BITS | (_LAST - end)


def regions(nodes: list[Any]) -> list[int]:
    """The regions of some nodes of a tree."""
    return [node.start_byte << _BITS | (_LAST - node.end_byte) for node in nodes]


def flag(flags_of: dict[int, int], nodes: list[Any], flag: int) -> None:
    """Give the regions of some nodes a flag more."""
    for node in nodes:
        key = node.start_byte << _BITS | (_LAST - node.end_byte)
        flags_of[key] = flags_of.get(key, 0) | flag


def places(flags_of: dict[int, int], kinds: dict[int, str]) -> Places:
    """Walk the regions from the outer to the inner ones.

    Args:
        flags_of: the flags of every region.
        kinds: the kinds of those that are statements.
    """
    at, states = [-1], [0]
    flags, owners, functions = [0], [-1], [0]
    statements: list[Statement] = []
    ends: list[int] = []
    around: list[int] = []
    current = count = 0
    for key in sorted(flags_of):
        start, end = key >> _BITS, _LAST - (key & _LAST)
        while ends and ends[-1] <= start:
            at.append(ends.pop())
            states.append(current := around.pop())
        own, owner, function = flags_of[key], owners[current], functions[current]
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
