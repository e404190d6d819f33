"""The templates of a codebook as a trie over characters, in flat tables: a step is a few look-ups and makes no object.

Most nodes have one child; only those with several have a row, with a column for each character that templates use. The tables
are strings of numbers: mypyc reads `ord(text[at])` straight from memory, while a list's item is an object. So a trie has at
most `MOST_NODES` nodes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from slimgrammar.compact.codebook.template import Template

ROOT: Final = 0
AGAIN: Final = 2
MOST_NODES: Final = 0x10FFFF


class Trie:
    """Nodes by number. Nothing leads to the root, so 0 also says that a step leads nowhere."""

    def __init__(self, templates: Sequence[Template]) -> None:
        codes = sorted({ord(character) for template in templates for literal in template.literals for character in literal})
        self.width: int = len(codes) + 1
        columns = [0] * ((codes[-1] if codes else 0) + 1)
        for column, code in enumerate(codes):
            columns[code] = column + 1
        self.columns: str = table(columns)  # by a character's code; 0 for those of no template
        self.entry: list[int] = [-1]  # while the trie grows, by node: the template that is complete there,
        self.behind: list[int] = [0]  # the node behind a hole with a word that has not been seen,
        self.children: list[dict[int, int]] = [{}]  # and the children by their columns
        self.again: dict[int, list[tuple[int, int]]] = {}  # by node: holes with a word that has been seen, and the node behind
        for entry, template in enumerate(templates):
            self.add(entry, template)
        self.entries: str = table([entry + 1 for entry in self.entry])  # by node: the template complete there and 1, or 0
        self.fresh: str = table(self.behind)
        holed = [AGAIN if node in self.again else int(following > 0) for node, following in enumerate(self.behind)]
        self.holed: str = table(holed)  # by node: 0 where no hole is, AGAIN where one holds a word that has been seen
        ends = [entry >= 0 or hole > 0 for entry, hole in zip(self.entry, holed, strict=True)]
        self.notable: str = table([int(end) for end in ends])  # by node: whether it has an entry or a hole, which few have
        self.only: str = ""  # by node: with one child, its character's code; with several, 0
        self.next: str = ""  # by node: that child, or the number of the row
        self.cells: str = ""
        self.first: str = ""  # by a character's code: the root's child
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
                    if not self.behind[node]:
                        self.behind[node] = self.new()
                    node = self.behind[node]
                else:
                    node = self.behind_again(node, hole)
            for character in literal:
                column = ord(self.columns[ord(character)])
                following = self.children[node].get(column, 0)
                if not following:
                    following = self.children[node][column] = self.new()
                node = following
        self.entry[node] = entry

    def new(self) -> int:
        """A further node."""
        self.entry.append(-1)
        self.behind.append(0)
        self.children.append({})
        return len(self.entry) - 1

    def behind_again(self, node: int, hole: int) -> int:
        """The node behind a hole whose word stands in an earlier one."""
        known = self.again.setdefault(node, [])
        for number, following in known:
            if number == hole:
                return following
        following = self.new()
        known.append((hole, following))
        return following

    def flatten(self) -> None:
        """Writes the children into tables; the first row, of zeros, is that of nodes without any."""
        codes = [0] * self.width
        for code, shown in enumerate(self.columns):
            codes[ord(shown)] = code
        only, following, rows = [], [], [[0] * self.width]
        for children in self.children:
            column, child = next(iter(children.items()), (0, 0))
            alone = len(children) == 1 and codes[column] > 0
            only.append(codes[column] if alone else 0)
            following.append(child if alone else len(rows) if children else 0)
            if children and not alone:
                rows.append([children.get(number, 0) for number in range(self.width)])
        self.only, self.next = table(only), table(following)
        self.cells = "".join(map(table, rows))
        self.first = table([self.children[ROOT].get(ord(shown), 0) for shown in self.columns])
        self.entry, self.behind, self.children = [], [], []

    def start(self, code: int) -> int:
        """The node behind a first character, or 0: a step from the root."""
        return ord(self.first[code]) if code < len(self.first) else 0

    def step(self, node: int, code: int) -> int:
        """The node behind a character, or 0."""
        only = ord(self.only[node])
        if only:
            return ord(self.next[node]) if only == code else 0
        if code >= len(self.columns):
            return 0
        return ord(self.cells[ord(self.next[node]) * self.width + ord(self.columns[code])])


def table(numbers: Sequence[int]) -> str:
    """Numbers up to `MOST_NODES` as a string.

    >>> [ord(number) for number in table([0, 7, 70_000])]
    [0, 7, 70000]
    """
    return "".join(map(chr, numbers))
