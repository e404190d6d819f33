"""Where the elements of a program stand: flags, statements and functions, from the regions that the syntax tree names.

Regions nest. A place is one whole number: flags, above them the innermost statement and the outermost function.
"""

from __future__ import annotations

from typing import Final

# Flags: where an element stands
SIGNATURE: Final = 1
STRUCTURE: Final = 2
CALL: Final = 4
DOCSTRING: Final = 8
ANNOTATION: Final = 16
IN_STRING: Final = 32
IN_COMMENT: Final = 64
IMPORT: Final = 128
DEFINED: Final = 256
CALLED: Final = 512
# Flags of regions only: what stands around one says nothing about what stands in it; it is a function's; it is a statement,
# or a jump out of a function
FRESH: Final = 1024
FUNCTION: Final = 2048
STATEMENT: Final = 4096
RETURN: Final = 8192

FLAGS: Final = FRESH - 1
# A statement's number counts from 1 here, as a function's does: 0 is for none
STATEMENT_AT: Final = 10
FUNCTION_AT: Final = 36
STATEMENTS: Final = (1 << FUNCTION_AT) - (1 << STATEMENT_AT)
_ONE_STATEMENT: Final = 1 << STATEMENT_AT
_ONE_FUNCTION: Final = 1 << FUNCTION_AT


class Places:
    """Where places change, and what holds from each offset on: the last change at an offset counts.

    Attributes:
        at: the offsets of the changes, ascending.
        now: the place that begins with each.
        around: for each statement, in the order of the text, the place that it stands in, without itself but with its function.
        depths: for each, how many statements it stands in, itself counted.
    """

    def __init__(self) -> None:
        """Begin outside of everything."""
        self.at: list[int] = [-1]
        self.now: list[int] = [0]
        self.around: list[int] = []
        self.depths: list[int] = []


def places(starts: list[int], ends: list[int], flags: list[int]) -> Places:
    """Walk the regions from the outer to the inner ones.

    Args:
        starts: where the regions begin, each region once, the outer before the inner.
        ends: where they end.
        flags: what each is.
    """
    found = Places()
    at, now, around, depths = found.at, found.now, found.around, found.depths
    open_ends: list[int] = []
    open_places: list[int] = []
    place = functions = statements = 0
    for start, end, own in zip(starts, ends, flags):  # noqa: B905 - mypyc has a loop of its own for a plain zip only
        while open_ends and open_ends[-1] <= start:
            place = open_places.pop()
            change(at, now, open_ends.pop(), place)
        open_ends.append(end)
        open_places.append(place)
        if own & FRESH:
            place = place - (place & FLAGS)
        place |= own & FLAGS
        if own & FUNCTION and place < _ONE_FUNCTION:
            functions += 1
            place += functions << FUNCTION_AT
        if own & STATEMENT:
            around.append(place)
            outer = place & STATEMENTS
            depths.append(depths[(outer >> STATEMENT_AT) - 1] + 1 if outer else 1)
            statements += 1
            place += (statements << STATEMENT_AT) - outer
        change(at, now, start, place)
    while open_ends:
        change(at, now, open_ends.pop(), open_places.pop())
    return found


def change(at: list[int], now: list[int], offset: int, place: int) -> None:
    """Note that `place` begins at `offset`, in the stead of what was noted for it."""
    if at[-1] == offset:
        now[-1] = place
    else:
        at.append(offset)
        now.append(place)
