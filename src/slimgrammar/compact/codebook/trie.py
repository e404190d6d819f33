"""The templates of a codebook as a trie over the bytes of UTF-8, in flat tables: a step is two look-ups and makes no object.

A node is a number that says what kind of node it is:

    0 … notable      no template is complete there and no hole follows; a row of children, with a column for each byte
    notable … tails  a template is complete there or a hole follows, or both; a row of children, too
    tails … leaves   nothing but one child, as most have: its column and its number
    leaves …         nothing but a complete template, which is the number less `leaves`

Texts are translated from bytes to columns before they are looked at (`columns`), which are ordered by what a byte is:

    0                ASCII that stands in no template, and in no word
    1 … words        ASCII that may stand in a word: 1 is what stands in no template
    … foreign        other ASCII
    foreign …        the bytes of characters beyond ASCII: `foreign` is what stands in no template
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from slimgrammar.compact.codebook.alphabet import Alphabet, table
from slimgrammar.compact.codebook.template import Template

if TYPE_CHECKING:  # only mypyc heeds it: numbers that are no objects
    from mypy_extensions import i64

ROOT: Final = 0
MOST_NODES: Final = 0x10FFFF


class Outline:
    """What is needed to find the words in a template's holes again.

    Attributes:
        sizes: the bytes of the text before each hole.
        holes: the number of the word that each holds.
    """

    def __init__(self, literals: Sequence[bytes], holes: Sequence[int]) -> None:
        self.sizes: list[int] = [len(literal) for literal in literals]
        self.holes: list[int] = list(holes)


class Again:
    """A hole with the word of an earlier one: what leads to it, which word it holds, and the node behind it."""

    def __init__(self, outline: Outline, hole: int, behind: int) -> None:
        self.outline: Outline = outline
        self.first: i64 = outline.sizes[0]
        self.hole: int = hole
        self.behind: i64 = behind


class _Node:
    """A node while the trie grows."""

    def __init__(self) -> None:
        self.entry: int = -1  # the template that is complete here
        self.children: dict[int, _Node] = {}  # by column
        self.fresh: _Node | None = None  # behind a hole with a word that has not been seen
        self.again: dict[int, _Node] = {}  # behind a hole with the word of an earlier one
        self.outline: Outline | None = None  # of what leads to the latter
        self.is_first: bool = False  # a search begins here
        self.number: int = 0

    def is_holed(self) -> bool:
        """Whether a hole follows."""
        return self.fresh is not None or bool(self.again)

    def is_notable(self) -> bool:
        """Whether there is more to do here than a step to a child, and not only a template complete."""
        return not self.is_first and (self.is_holed() or (self.entry >= 0 and bool(self.children)))

    def is_tail(self) -> bool:
        """Whether nothing but one child follows."""
        return not self.is_first and self.entry < 0 and not self.is_holed() and len(self.children) == 1

    def child(self, column: int) -> _Node:
        """The child for a byte."""
        found = self.children.get(column)
        if found is None:
            found = self.children[column] = _Node()
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


class Trie:
    """Nodes by number. Nothing leads to the root, so 0 also says that a step leads nowhere."""

    def __init__(self, templates: Sequence[Template], alphabet: Alphabet) -> None:
        literals = [[literal.encode("utf-8", "surrogatepass") for literal in template.literals] for template in templates]
        used = sorted({byte for each in literals for literal in each for byte in literal})
        word = [byte for byte in range(128) if alphabet.is_word(byte)]
        of_words = [byte for byte in used if byte in word]
        others = [byte for byte in used if byte < 128 and byte not in word]
        beyond = [byte for byte in used if byte >= 128]
        self.words: i64 = 1 + len(of_words)
        self.foreign: i64 = 2 + len(of_words) + len(others)
        self.width: i64 = 3 + len(used)
        columns = bytearray(256)
        columns[128:] = bytes([self.foreign]) * 128
        for byte in word:
            columns[byte] = 1
        for column, byte in enumerate([*of_words, *others, *beyond]):
            columns[byte] = column + (2 if byte < 128 else 3)
        self.columns: bytes = bytes(columns)
        self.outlines: list[Outline] = [
            Outline(each[:-1], template.holes) for template, each in zip(templates, literals, strict=True)
        ]
        nodes = self.grown(literals, [template.holes for template in templates])
        notable = [node for node in nodes if node.is_notable()]
        notable.sort(key=lambda node: node.is_holed() + bool(node.again))
        tails = [node for node in nodes if node.is_tail()]
        plain = [node for node in nodes if node.is_first or (node.entry < 0 and not node.is_notable() and not node.is_tail())]
        self.notable: i64 = len(plain)
        self.tails: i64 = self.notable + len(notable)
        self.leaves: i64 = self.tails + len(tails)
        for number, node in enumerate([*plain, *notable, *tails]):
            node.number = number
        for node in nodes:
            if node.entry >= 0 and not node.is_notable():
                node.number = self.leaves + node.entry
        leading = nodes[ROOT].fresh
        self.leading: i64 = leading.number if leading else 0  # the node behind a word that a template begins with
        self.cells: str = "".join(self.row(node) for node in [*plain, *notable])
        self.entries: str = table([node.entry + 1 for node in notable])  # by number less `notable`: the entry and 1, or 0
        holed = [node for node in notable if node.is_holed()]
        self.holed: i64 = self.tails - len(holed)
        self.fresh: str = table([node.fresh.number if node.fresh else 0 for node in holed])
        repeating = [node for node in holed if node.again]
        self.repeating: i64 = self.tails - len(repeating)
        self.again: list[list[Again]] = [
            [Again(node.outline, hole, behind.number) for hole, behind in node.again.items()]
            for node in repeating
            if node.outline
        ]
        only = [(column, child.number) for node in tails for column, child in node.children.items()]
        self.only: bytes = bytes([column for column, _ in only])  # by number less `tails`: the child's column,
        self.next: str = table([number for _, number in only])  # and its number

    def grown(self, literals: Sequence[Sequence[bytes]], holes: Sequence[Sequence[int]]) -> list[_Node]:
        """The nodes of all templates, the root first."""
        root = _Node()
        for entry, (texts, words) in enumerate(zip(literals, holes, strict=True)):
            node = root
            known = 0
            for at, literal in enumerate(texts):
                if at:
                    hole = words[at - 1]
                    if hole < known:
                        node.outline = Outline(texts[:at], words[: at - 1])
                    node = node.behind(hole, known=known)
                    known = max(known, hole + 1)
                for byte in literal:
                    node = node.child(self.columns[byte])
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

    def row(self, node: _Node) -> str:
        """A node's row of children."""
        cells = [0] * self.width
        for column, child in node.children.items():
            cells[column] = child.number
        return table(cells)
