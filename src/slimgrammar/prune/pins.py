"""Pinned regions: declarations that the caller named, and statements that a comment in the program asks to keep."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from slimgrammar.prune.elements import BREAK, Bools
from slimgrammar.prune.program import Program

PRAGMA: Final = re.compile(r"\bslim:\s*keep\b")


def pinned(program: Program, names: tuple[str, ...]) -> Bools:
    """Which elements must stay as they are: layout inside a pinned region included.

    A name pins the declarations of functions and classes of that name, and the statements that assign to a variable of that
    name. The comment `slim: keep` pins the statement that ends on its line, else the next one.
    """
    found = np.zeros(len(program.kinds), dtype=np.bool_)
    for start, end in _named(program, frozenset(names)) + _asked_for(program):
        first, last = _with_layout(program, program.elements_of(start, end))
        found[first:last] = True
    return found


def _with_layout(program: Program, within: range) -> tuple[int, int]:
    """The elements of a region with the layout before it and the line break after it."""
    first, last = within.start, within.stop
    while first and program.kinds[first - 1] >= BREAK:
        first -= 1
    if last < len(program.kinds) and program.kinds[last] == BREAK:
        last += 1
    return first, last


def _named(program: Program, names: frozenset[str]) -> list[tuple[int, int]]:
    if not names:
        return []
    nodes = [*program.captures.get("name", ()), *program.flow.get("write", ())]
    at = [node.start_byte for node in nodes if program.text[node.start_byte : node.end_byte] in names]
    declared = frozenset(node.start_byte for node in program.captures.get("name", ()))
    spans = []
    for start in at:
        element = program.elements_of(start, start + 1)
        owner = int(program.owners[element.start]) if len(element) else -1
        if owner >= 0 and (start in declared or program.statements[owner].kind in ("variable", "expression")):
            spans.append((program.statements[owner].start, program.statements[owner].end))
    return spans


def _asked_for(program: Program) -> list[tuple[int, int]]:
    if "slim:" not in program.text or not PRAGMA.search(program.text):
        return []
    spans = []
    places = [(statement.start, statement.end) for statement in program.statements if statement.kind != "comment"]
    for node in program.captures.get("comment", ()):
        start, end = node.start_byte, node.end_byte
        if not PRAGMA.search(program.text, start, end):
            continue
        line = program.text.rfind("\n", 0, start) + 1
        here = [place for place in places if line <= place[1] <= start]
        after = [place for place in places if place[0] >= end]
        chosen = max(here) if here and program.text[line:start].strip() else min(after, default=None)
        if chosen:
            spans += [chosen, (start, end)]
    return spans
