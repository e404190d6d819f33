"""The templates of a codebook as a trie over characters, in flat tables: a step is a few look-ups and makes no object.

A node is a number that says what kind of node it is:

    0 … notable     no template is complete there and no hole follows; a row of children, a column for each character
    notable … tails a template is complete there or a hole follows, or both; a row of children, too
    tails … leaves  nothing but one child, as most have: its character and its number
    leaves …        nothing but a complete template, which is the number less `leaves`

The tables are strings of numbers: mypyc reads `ord(text[at])` straight from memory, while a list's item is an object. So a
trie has at most `MOST_NODES` nodes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from slimgrammar.compact.codebook.template import Template

ROOT: Final = 0
AGAIN: Final = 2
MOST_NODES: Final = 0x10FFFF


class _Node:
    """A node while the trie grows."""

    def __init__(self) -> None:
        self.entry: int = -1  # the template that is complete here
        self.children: dict[str, _Node] = {}
        self.fresh: _Node | None = None  # behind a hole with a word that has not been seen
        self.again: dict[int, _Node] = {}  # behind a hole with the word of an earlier one
        self.prefix: Template | None = None  # what leads to a hole with the word of an earlier one
        self.number: int = 0
        self.is_first: bool = False  # where a search begins

    def is_notable(self) -> bool:
        """Whether there is more to do here than a step to a child."""
        return self.entry >= 0 or self.fresh is not None or bool(self.again)

    def is_filled(self) -> bool:
        """Whether no hole follows."""
        return self.fresh is None and not self.again

    def is_leaf(self) -> bool:
        """Whether nothing follows."""
        return not self.children and self.fresh is None and not self.again

    def child(self, character: str) -> _Node:
        """The child for a character."""
        found = self.children.get(character)
        if found is None:
            found = self.children[character] = _Node()
        return found

    def behind(self, hole: int, *, known: int) -> _Node:
        """The node behind a hole, where `known` words have been seen."""
        found = self.fresh if hole == known else self.again.get(hole)
        if found is None:
            found = _Node()
            if hole == known:
                self.fresh = found
            else:
                self.again[hole] = found
        return found


class Again:
    """A hole with the word of an earlier one: what leads to it, which word it holds, and the node behind it."""

    def __init__(self, prefix: Template, hole: int, behind: int) -> None:
        self.prefix: Template = prefix
        self.hole: int = hole
        self.behind: int = behind


class Trie:
    """Nodes by number. Nothing leads to the root, so 0 also says that a step leads nowhere."""

    def __init__(self, templates: Sequence[Template]) -> None:
        codes = sorted({ord(character) for template in templates for literal in template.literals for character in literal})
        columns = [0] * ((codes[-1] if codes else 0) + 1)
        for column, code in enumerate(codes):
            columns[code] = column + 1
        self.columns: str = table(columns)  # by a character's code; 0 for those of no template, which have no children
        self.known: int = len(columns)
        self.width: int = len(codes) + 1
        nodes = _grown(templates)
        plain = [node for node in nodes if node.is_first or (not node.is_notable() and len(node.children) > 1)]
        notable = [node for node in nodes if not node.is_first and node.is_notable() and not node.is_leaf()]
        tails = [node for node in nodes if not node.is_first and not node.is_notable() and len(node.children) == 1]
        self.notable: int = len(plain)
        self.tails: int = self.notable + len(notable)
        self.leaves: int = self.tails + len(tails)
        for number, node in enumerate([*plain, *notable, *tails]):
            node.number = number
        for node in nodes:
            if node.entry >= 0 and node.is_leaf():
                node.number = self.leaves + node.entry
        leading = nodes[ROOT].fresh
        self.leading: int = leading.number if leading else 0  # the node behind a word that a template begins with
        self.cells: str = "".join(self.row(node) for node in [*plain, *notable])
        self.entries: str = table([node.entry + 1 for node in notable])  # by number less `notable`: the entry and 1, or 0
        self.fresh: str = table([node.fresh.number if node.fresh else 0 for node in notable])
        self.holed: str = table([0 if node.is_filled() else AGAIN if node.again else 1 for node in notable])
        self.again: dict[int, list[Again]] = {
            node.number: [Again(node.prefix, hole, behind.number) for hole, behind in node.again.items()]
            for node in notable
            if node.prefix
        }
        only = [(ord(character), child.number) for node in tails for character, child in node.children.items()]
        self.only: str = table([code for code, _ in only])  # by number less `tails`: the child's character,
        self.next: str = table([number for _, number in only])  # and its number

    def row(self, node: _Node) -> str:
        """A node's row of children."""
        cells = [0] * self.width
        for character, child in node.children.items():
            cells[ord(self.columns[ord(character)])] = child.number
        return table(cells)


def _grown(templates: Sequence[Template]) -> list[_Node]:
    """The nodes of all templates, the root first."""
    root = _Node()
    for entry, template in enumerate(templates):
        node = root
        known = 0
        for at, literal in enumerate(template.literals):
            if at:
                hole = template.holes[at - 1]
                if hole < known:
                    node.prefix = Template(template.literals[:at], template.holes[: at - 1])
                node = node.behind(hole, known=known)
                known = max(known, hole + 1)
            for character in literal:
                node = node.child(character)
        node.entry = entry
    root.is_first = True
    if root.fresh:
        root.fresh.is_first = True
    nodes = [root]
    for node in nodes:  # it grows meanwhile
        nodes += node.children.values()
        nodes += [node.fresh] if node.fresh else []
        nodes += node.again.values()
    return nodes


def table(numbers: Sequence[int]) -> str:
    """Numbers up to `MOST_NODES` as a string.

    >>> [ord(number) for number in table([0, 7, 70_000])]
    [0, 7, 70000]
    """
    return "".join(map(chr, numbers))
