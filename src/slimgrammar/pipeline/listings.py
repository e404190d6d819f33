"""Listings with a number before each line, as `cat -n` and agents' tools print them, with numbers that take fewer tokens.

A number stays before each line that is left, so that an answer's «lines 12 to 20» mean the author's lines: only its padding
goes, and the numbers of lines that are gone (blank ones, and those that an encoding joined to the line before).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final

_NUMBERED: Final = re.compile(r"( *)(\d{1,7})(\t|→| ?\| ?|: ?)(.*)", re.DOTALL)
_ANY: Final = re.compile(r"^ *\d{1,7}(?:\t|→| ?\||:)", re.MULTILINE)  # a line that `_NUMBERED` may match
_SHORT: Final = re.compile(r"(\d{1,7}) (.*)")
_LEAST: Final = 3  # lines that make a listing
_PADDED: Final = 4  # a number so wide is no item of a list


@dataclass(frozen=True, slots=True)
class Listing:
    """A program with the number of each of its lines.

    Attributes:
        numbers: the number of each line of `code`.
        code: the lines without their numbers, each with a line end.
    """

    numbers: tuple[int, ...]
    code: str


@dataclass(frozen=True, slots=True)
class _Style:
    """How a tool prints its numbers."""

    width: int
    separator: str

    def rest(self, line: str, number: int) -> str | None:
        """What stands behind that number on the line, None where it does not begin with it; line ends may be missing."""
        head = f"{number:>{self.width}}{self.separator}"
        if line.startswith(head):
            return line[len(head) :]
        return "" if line == head.rstrip() else None


def read(text: str) -> Listing | None:
    """A text that as a whole is a listing: every line numbered, each number one more than that before; None for any other.

    >>> read("     7\\tdef f():\\n     8\\t\\n     9\\t    pass\\n")
    Listing(numbers=(7, 8, 9), code='def f():\\n\\n    pass\\n')
    """
    if not _NUMBERED.match(text):
        return None
    lines = text.removesuffix("\n").split("\n")
    end, rests = _run(lines, 0)
    if end < len(lines):
        return None
    return _listing(lines, 0, rests)


def runs(text: str) -> Iterator[tuple[int, int]]:
    """Where listings stand in a text that holds other lines too; only numbers that are padded, or that a tab or arrow follows.

    >>> list(runs("Read:\\n     1\\ta\\n     2\\tb\\n     3\\tc\\nDone."))
    [(6, 33)]
    """
    if not _ANY.search(text):  # most texts: spare the lines
        return
    lines = text.split("\n")
    offsets = [0, *accumulate(len(line) + 1 for line in lines)]
    at = 0
    while at < len(lines):
        found = _NUMBERED.fullmatch(lines[at])
        end = _run(lines, at)[0] if found and (found[3] in "\t→" or len(found[1] + found[2]) >= _PADDED) else at
        if end - at >= _LEAST:
            yield offsets[at], min(offsets[end], len(text))
        at = max(end, at + 1)


def _run(lines: list[str], at: int) -> tuple[int, list[str]]:
    """The end of the listing that begins at a line, and what stands behind its numbers."""
    found = _NUMBERED.fullmatch(lines[at])
    if found is None:
        return at, []
    style, number, rests = _Style(len(found[1] + found[2]), found[3]), int(found[2]), []
    for place in range(at, len(lines)):
        rest = style.rest(lines[place], number)
        if rest is None:
            break
        rests.append(rest)
        number += 1
    return at + len(rests), rests


def _listing(lines: list[str], at: int, rests: list[str]) -> Listing | None:
    found = _NUMBERED.fullmatch(lines[at])
    if found is None or len(rests) < _LEAST:
        return None
    first = int(found[2])
    return Listing(tuple(range(first, first + len(rests))), "".join(f"{rest}\n" for rest in rests))


def numbered(text: str, line_at: Callable[[int], int], numbers: tuple[int, ...]) -> str:
    """A text with a number before each line that is not empty.

    Args:
        text: what was made of a listing's code.
        line_at: the line (0-based) of that code which an offset of `text` came from.
        numbers: the numbers of the code's lines.

    >>> numbered("a\\n\\nb\\n", {0: 0, 3: 4}.__getitem__, (10, 11, 12, 13, 14))
    '10 a\\n\\n14 b\\n'
    """
    made, offset = [], 0
    for line in text.split("\n"):
        made.append(f"{numbers[min(line_at(offset), len(numbers) - 1)]} {line}" if line else "")
        offset += len(line) + 1
    return "\n".join(made)


def shortened(listing: Listing) -> str:
    """A listing whose code stays as it is, blank lines apart.

    >>> shortened(Listing((7, 8, 9), "- a\\n\\n- b\\n"))
    '7 - a\\n9 - b\\n'
    """
    lines = listing.code.removesuffix("\n").split("\n")
    kept = [f"{number} {line}" for number, line in zip(listing.numbers, lines, strict=True) if line.strip()]
    return "".join(f"{line}\n" for line in kept)


def read_short(text: str) -> Listing | None:
    """What `numbered` wrote, or a model in the same way; None for any other text.

    >>> read_short("7 def f():pass\\n\\n9 x=1\\n")
    Listing(numbers=(7, 7, 9), code='def f():pass\\n\\nx=1\\n')
    """
    numbers, rests = [0], []
    for line in text.removesuffix("\n").split("\n"):
        found = _SHORT.fullmatch(line) if line else None
        if line and found is None:
            return None
        numbers.append(int(found[1]) if found else numbers[-1])
        rests.append(found[2] if found else "")
    if len(rests) < 2 or any(one > two for one, two in pairwise(numbers)):
        return None
    return Listing(tuple(numbers[1:]), "".join(f"{rest}\n" for rest in rests))


def line_finder(text: str) -> Callable[[int], int]:
    """A function that tells the line (0-based) of an offset of `text`.

    >>> list(map(line_finder("ab\\nc"), (0, 2, 3)))
    [0, 0, 1]
    """
    starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
    return lambda offset: bisect_right(starts, offset) - 1
