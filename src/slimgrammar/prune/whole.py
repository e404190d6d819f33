"""Whole statements: what may be left out so that a program that parsed still parses.

A statement goes with all that it holds, and with the line break before it. One that shares its line with what stands before it
goes together with that; an annotation goes with what it annotates. What is not inside a statement never goes. A block that
would be left empty gets the language's `hole` where the language wants a statement there.
"""

from __future__ import annotations

import numpy as np

from slimgrammar.prune.budget import positions
from slimgrammar.prune.elements import BREAK, INDENT, Bools, Ints
from slimgrammar.prune.methods.base import Ranking
from slimgrammar.prune.program import Program


class WholeStatements:
    """The groups of elements that go together, most valued first, and the holes they leave."""

    def __init__(self, program: Program, ranking: Ranking, pinned: Bools) -> None:
        """Group the elements of `program` by statement and rank the groups."""
        self.program = program
        group = _groups(program)
        self.element_group = _group_of_elements(program, group)
        rank = self._rank(group, ranking, pinned)
        self.count = int(rank.max(initial=-1)) + 1
        self.rank = rank[self.element_group]
        self._find_holes(group, rank)

    def _rank(self, group: list[int], ranking: Ranking, pinned: Bools) -> Ints:
        """The place of each group (the last: outside all statements), a statement never after one that it holds."""
        outside = len(group)
        units = self.program.kinds < BREAK
        size = np.bincount(self.element_group[units], minlength=outside + 1)
        value = np.bincount(self.element_group[units], weights=ranking.values[units], minlength=outside + 1) / np.maximum(
            size, 1
        )
        value[self.element_group[pinned]] = np.inf
        value[outside] = np.inf
        best = value.tolist()
        for at in range(outside - 1, -1, -1):
            parent = self.program.statements[at].parent
            above = group[parent] if parent >= 0 else outside
            best[above] = max(best[above], best[group[at]])
        used = np.zeros(outside + 1, dtype=np.bool_)
        used[self.element_group] = True
        # Groups of no elements sort last; the outside comes first
        keys = np.where(used, -np.array(best), np.inf)
        order = np.concatenate(([keys[outside] if used[outside] else np.inf], keys[:outside]))
        places = positions(order)
        places[np.concatenate(([not used[outside]], ~used[:outside]))] = -1
        return np.concatenate((places[1:], places[:1]))

    def _find_holes(self, group: list[int], rank: Ints) -> None:
        """Where a hole may stand: its element, from which length on, and from which length on no more."""
        program = self.program
        self.hole_at: Ints = np.zeros(0, dtype=np.int64)
        self.hole_from = self.hole_to = self.hole_at
        if not program.language.hole:
            return
        index = {(statement.start, statement.end): at for at, statement in enumerate(program.statements)}
        blocks: dict[int, list[int]] = {}
        for node in program.captures.get("statement", ()):
            at = index[node.start_byte, node.end_byte]
            if program.statements[at].parent >= 0 and program.statements[at].kind != "comment" and node.parent is not None:
                blocks.setdefault(node.parent.id, []).append(at)
        rows = []
        for held in blocks.values():
            first = min(held)
            element = program.elements_of(program.statements[first].start, program.statements[first].end).start
            parent = rank[group[program.statements[first].parent]]
            rows.append((element, parent, min(rank[group[at]] for at in held)))
        if rows:
            self.hole_at, self.hole_from, self.hole_to = np.array(sorted(rows), dtype=np.int64).T

    def keep(self, length: int) -> tuple[Bools, Ints]:
        """Which elements the `length` most valued groups keep, and at which of them a hole is written instead."""
        keep = self.rank < length
        holes = self.hole_at[(self.hole_from < length) & (self.hole_to >= length)]
        for back in (0, 1, 2):
            near = np.maximum(holes - back, 0)
            keep[near[(back == 0) | (self.program.kinds[near] >= BREAK)]] = True
        return keep, holes

    def natural_length(self, ranking: Ranking, pinned: Bools) -> int:
        """How many groups hold an element that the method keeps by itself."""
        wanted = pinned | ((self.program.kinds < BREAK) & (ranking.values >= (ranking.natural or 0.0)))
        return int(self.rank[wanted].max(initial=-1)) + 1

    def predicted(self, costs: Ints) -> Ints:
        """About how many tokens each number of groups costs."""
        shown = self.rank >= 0
        sums = np.bincount(self.rank[shown], weights=costs[shown], minlength=self.count)
        return np.concatenate(([0], np.cumsum(sums))).astype(np.int64)


def _groups(program: Program) -> list[int]:
    """For each statement, the statement with which it goes: itself, where it has a line of its own."""
    outside = len(program.statements)
    first_units = np.searchsorted(program.starts, [statement.start for statement in program.statements])
    kinds = program.kinds
    group: list[int] = []
    before: dict[int, int] = {}
    for at, statement in enumerate(program.statements):
        element = int(first_units[at])
        fresh = element == 0 or kinds[element - 1] == BREAK or (kinds[element - 1] == INDENT)
        above = group[statement.parent] if statement.parent >= 0 else outside
        sibling = before.get(statement.parent, -1)
        before[statement.parent] = at
        if sibling >= 0 and program.statements[sibling].kind == "annotation":
            group.append(group[sibling])
        elif fresh and statement.kind != "case":  # a `match` without cases is no statement
            group.append(at)
        elif sibling >= 0 and "\n" not in program.text[program.statements[sibling].end : statement.start]:
            group.append(group[sibling])
        else:
            group.append(above)
    return group


def _group_of_elements(program: Program, group: list[int]) -> Ints:
    """The group of each element: layout goes with what follows it, a `;` or `:` with what it ends."""
    found = np.array([*group, len(group)], dtype=np.int64)[program.owners]
    units = np.flatnonzero(program.kinds < BREAK)
    closing = (program.texts[units[1:]] == ";") | (program.texts[units[1:]] == ":")
    for at in units[1:][closing].tolist():
        if program.kinds[at - 1] < BREAK:
            found[at] = found[at - 1]
    following = np.minimum(np.searchsorted(units, np.arange(len(found))), max(len(units) - 1, 0))
    layout = program.kinds >= BREAK
    if units.size:
        found[layout] = found[units[following[layout]]]
        found[units[-1] + 1 :] = len(group)
    return found
