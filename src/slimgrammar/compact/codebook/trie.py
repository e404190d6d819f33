"""The templates of a codebook as a trie over the bytes of UTF-8, in flat tables: a step is two look-ups and makes no object.

Texts are translated from bytes to columns before they are looked at (`columns`), which are ordered by what a byte is:

    0                ASCII that stands in no template, and in no word
    1 … words        ASCII that may stand in a word: 1 is what stands in no template
    … foreign        other ASCII
    foreign …        the bytes of characters beyond ASCII: `foreign` is what stands in no template

A node has a row of cells, one for each column, but few of those are used: so the rows lie in one another, each where its used
cells fall between those of others (Tarjan, Yao 1979), and each used cell says its own column, to tell whose it is (Aoe 1989).
All of it stays in the processor's cache. A node's number is where its row starts, and says what kind of node it is:

    0 … notable      no template is complete there, and no hole follows
    notable … holed  a template is complete there
    holed … mixed    a hole follows, with a word that has not been seen
    mixed … leaves   a hole follows, and a template is complete, or the hole may hold the word of an earlier one
    leaves …         nothing but a complete template, which is the number less `leaves`
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from slimgrammar.compact.codebook.alphabet import Alphabet, table
from slimgrammar.compact.codebook.template import Template

if TYPE_CHECKING:  # only mypyc heeds it: numbers that are no objects
    from mypy_extensions import i64

ROOT: Final = 0
MOST_BYTES: Final = 0x7FFFF
"""The templates of a trie may have so many bytes in all: no node's number is beyond those of characters."""
_FREE: Final = 255
_PATIENCE: Final = 8
"""A free cell is given up once a row finds its place so far behind it."""


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

    def kind(self) -> int:
        """What kind of node it is, by its index in the ranges of numbers."""
        if self.is_first:
            return 0
        if self.fresh or self.again:
            return 3 if self.again or self.entry >= 0 else 2
        return 0 if self.entry < 0 else 1 if self.children else 4

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
        kinds: list[list[_Node]] = [[], [], [], [], []]
        for node in nodes:
            kinds[node.kind()].append(node)
        rows = _Rows()
        starts = [rows.place(each) for each in kinds[:4]]
        self.notable: i64 = starts[0]
        self.holed: i64 = starts[1]
        self.mixed: i64 = starts[2]
        self.leaves: i64 = starts[3]
        for node in kinds[4]:
            node.number = self.leaves + node.entry
        leading = nodes[ROOT].fresh
        self.leading: i64 = leading.number if leading else 0  # the node behind a word that a template begins with
        self.cells: str = rows.cells(nodes)
        self.owners: bytes = bytes(rows.owners)  # by cell: its column, or _FREE
        entries = [0] * (self.leaves - self.notable)
        fresh = [0] * (self.leaves - self.holed)
        for node in [*kinds[1], *kinds[2], *kinds[3]]:
            entries[node.number - self.notable] = node.entry + 1
            if node.fresh:
                fresh[node.number - self.holed] = node.fresh.number
        self.entries: str = table(entries)  # by number less `notable`: the template complete there and 1, or 0
        self.fresh: str = table(fresh)  # by number less `holed`: the node behind a hole with a word that has not been seen
        self.again: list[list[Again]] = [[] for _ in range(self.leaves - self.mixed)]  # by number less `mixed`
        for node in kinds[3]:
            for hole, behind in node.again.items():
                assert node.outline is not None
                self.again[node.number - self.mixed].append(Again(node.outline, hole, behind.number))

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


class _Rows:
    """Rows of cells that lie in one another."""

    def __init__(self) -> None:
        self.owners: bytearray = bytearray()
        self.taken: bytearray = bytearray()  # by number: whether a row starts there
        self.end: int = 0  # no row starts from here on
        self.free: int = 0  # no cell before is tried

    def place(self, nodes: Sequence[_Node]) -> int:
        """Finds a place for the row of each node, behind those placed before, and numbers the nodes by it; where all rows end.

        The first node has the first place; the others have theirs by their size, since small rows fit between large ones.
        """
        least = self.free = self.end
        for node in [*nodes[:1], *sorted(nodes[1:], key=lambda node: -len(node.children))]:
            node.number = self.fit(sorted(node.children), least)
            self.end = max(self.end, node.number + 1)
        return self.end

    def fit(self, columns: Sequence[int], least: int) -> int:
        """A place, from `least` on, for a row whose used cells are in these columns."""
        number = first = max(least, self.free - (columns[0] if columns else 0))
        self.grow(number + 256)
        while not self.fits(number, columns):
            number += 1
            self.grow(number + 256)
        self.taken[number] = 1
        for column in columns:
            self.owners[number + column] = column
        if number > first + _PATIENCE:
            self.free += 1
        while self.owners[self.free] != _FREE:
            self.free += 1
        return number

    def fits(self, number: int, columns: Sequence[int]) -> bool:
        """Whether a row may start at a place."""
        if self.taken[number]:
            return False
        for column in columns:  # noqa: SIM110 - mypyc makes `all` a generator
            if self.owners[number + column] != _FREE:
                return False
        return True

    def grow(self, size: int) -> None:
        """Makes room for cells."""
        more = size - len(self.owners)
        if more > 0:
            self.owners += bytes([_FREE]) * more
            self.taken += bytes(more)

    def cells(self, nodes: Sequence[_Node]) -> str:
        """By cell: the number of the child."""
        cells = [0] * len(self.owners)
        for node in nodes:
            for column, child in node.children.items():
                cells[node.number + column] = child.number
        return table(cells)
