"""The templates of a codebook as a trie over characters, in flat lists: a step is a few look-ups and makes no object.

Most nodes have one child; only those with several have a row, with a column for each character that templates use.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from slimgrammar.compact.codebook.template import Template

ROOT: Final = 0


class Trie:
    """Nodes by number. Nothing leads to the root, so 0 also says that a step leads nowhere."""

    def __init__(self, templates: Sequence[Template]) -> None:
        codes = sorted({ord(character) for template in templates for literal in template.literals for character in literal})
        self.width: int = len(codes) + 1
        self.columns: list[int] = [0] * ((codes[-1] if codes else 0) + 1)  # by a character's code; 0 for those of no template
        for column, code in enumerate(codes):
            self.columns[code] = column + 1
        self.entries: list[int] = [-1]  # by node: the template that is complete there
        self.fresh: list[int] = [0]  # by node: the one behind a hole with a word that has not been seen
        self.again: dict[int, list[tuple[int, int]]] = {}  # by node: holes with a word that has, and the node behind
        self.children: list[dict[int, int]] = [{}]
        for entry, template in enumerate(templates):
            self.add(entry, template)
        self.only: list[int] = [-1] * len(self.children)  # by node with one child: its column, and the child
        self.child: list[int] = [0] * len(self.children)
        self.rows: list[int] = [-1] * len(self.children)  # by node with several: where its row starts in `cells`
        self.cells: list[int] = []
        self.holed: list[bool] = []  # by node: whether a hole is there
        self.flatten()

    def add(self, entry: int, template: Template) -> None:
        """Puts a template into the trie."""
        node = ROOT
        known = 0
        for at, literal in enumerate(template.literals):
            if at:
                hole = template.holes[at - 1]
                if hole == known:
                    known += 1
                    if not self.fresh[node]:
                        self.fresh[node] = self.new()
                    node = self.fresh[node]
                else:
                    node = self.behind(node, hole)
            for character in literal:
                column = self.columns[ord(character)]
                following = self.children[node].get(column, 0)
                if not following:
                    following = self.children[node][column] = self.new()
                node = following
        self.entries[node] = entry

    def new(self) -> int:
        """A further node."""
        self.entries.append(-1)
        self.fresh.append(0)
        self.children.append({})
        return len(self.entries) - 1

    def behind(self, node: int, hole: int) -> int:
        """The node behind a hole whose word stands in an earlier one."""
        known = self.again.setdefault(node, [])
        for number, following in known:
            if number == hole:
                return following
        following = self.new()
        known.append((hole, following))
        return following

    def flatten(self) -> None:
        """Writes the children into flat lists."""
        for node, children in enumerate(self.children):
            if len(children) == 1:
                self.only[node], self.child[node] = next(iter(children.items()))
            elif children:
                self.rows[node] = len(self.cells)
                row = [0] * self.width
                for column, following in children.items():
                    row[column] = following
                self.cells += row
        self.children = []
        self.holed = [behind > 0 or node in self.again for node, behind in enumerate(self.fresh)]

    def step(self, node: int, code: int) -> int:
        """The node behind a character, or 0."""
        if code >= len(self.columns):
            return 0
        column = self.columns[code]
        row = self.rows[node]
        if row >= 0:
            return self.cells[row + column]
        return self.child[node] if self.only[node] == column else 0
