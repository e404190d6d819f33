"""The records of a program: simple statements, headers of blocks and comment lines, each with its depth."""

from __future__ import annotations

from itertools import dropwhile
from typing import Final, NamedTuple

from slimgrammar.compact.literals import prefix_length
from slimgrammar.compact.stream import CLOSE, NEWLINE, OPEN, OPENERS

DOCUMENTED: Final = frozenset(("def", "class", "async"))


class Record(NamedTuple):
    """A statement, header or comment line of a stream: how deep it stands, its items and where they start."""

    depth: int
    items: tuple[str, ...]
    at: int

    def is_comment(self) -> bool:
        """Whether it is a comment with a line of its own."""
        return self.items[0][:2] == "\n#"


def records(stream: list[str]) -> list[Record]:
    """The records of a canonical stream; a header ends in OPEN whatever its block holds.

    >>> [record.items for record in records(["if", "x", ":", "\\x04", "y", "\\n", "\\x05"])]
    [('if', 'x', ':', '\\x02'), ('y', '\\n')]
    """
    found: list[Record] = []
    depth = start = 0
    for index, item in enumerate(stream):
        if item in OPENERS:
            found.append(Record(depth, (*stream[start:index], OPEN), start))
            depth += 1
        elif item == CLOSE:
            depth -= 1
        elif item == NEWLINE or (index == start and item[0] == "\n"):
            found.append(Record(depth, tuple(stream[start : index + 1]), start))
        else:
            continue
        start = index + 1
    return found


def holds_docstring(found: list[Record]) -> bool:
    """Whether a module, class or function starts with a docstring."""
    empty = [True]  # for each open block, whether its docstring may still come
    for record in found:
        if record.is_comment():
            continue
        del empty[record.depth + 1 :]
        if empty[-1] and _is_docstring(record.items):
            return True
        empty[-1] = False
        if record.items[-1] == OPEN:
            empty.append(record.items[0] in DOCUMENTED)
    return False


def _is_docstring(items: tuple[str, ...]) -> bool:
    """Whether a statement is nothing but plain strings."""
    opening = len(items) - len(list(dropwhile("(".__eq__, items)))
    strings = [item for item in items[opening:-1] if item != ")"]
    return strings != [] and all(
        item[-1] in "'\"" and item[0] != "#" and set(item[: prefix_length(item)]) <= set("rRuU") for item in strings
    )
