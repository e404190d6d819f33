"""Prints a wanted program over the layout of an original: copies what is unchanged, prints the rest anew."""

from __future__ import annotations

from bisect import bisect_right
from typing import Final

from slimgrammar.compact.layout import PlainWriter
from slimgrammar.compact.restore.alignment import align, pair
from slimgrammar.compact.restore.original import Line, Original
from slimgrammar.compact.restore.records import DOCUMENTED, Record
from slimgrammar.compact.stream import OPEN

_DEFINES: Final = DOCUMENTED | {"@"}
_CONTINUES: Final = frozenset(("else", "elif", "except", "finally"))


class Restorer:
    """One wanted program, printed over the layout of one original."""

    def __init__(self, original: Original, wanted: list[Record]) -> None:
        self.original: Original = original
        self.wanted: list[Record] = wanted
        self.partners: list[int] = align(original.records, wanted)
        self.pairs: list[int] = pair(original.records, wanted, self.partners)
        self.line_of: dict[int, Line] = {line.first: line for line in original.lines}
        self.forced: set[int] = set()  # records that are printed anew whatever they match
        self.kept: dict[int, Line] = {}  # by the wanted record that stands first in it
        self.indents: list[str] = [""]  # of the open blocks in the result
        self.siblings: list[int] = [-1]  # the last record of each open block
        self.out: list[str] = []
        self.starts: list[tuple[int, int]] = []  # offset in the result, wanted record

    def run(self) -> str:
        """The text of the wanted program."""
        self.keep_lines()
        self.out, self.starts, self.indents, self.siblings = [self.original.head], [], [""], [-1]
        offset, index = len(self.original.head), 0
        while index < len(self.wanted):
            self.enter(index)
            line = self.kept.get(index)
            text = self.printed(index) if line is None else self.copied(line, index)
            self.starts.append((offset, index))
            self.out.append(text)
            offset += len(text)
            self.siblings[-1] = index
            index += line.count if line else 1
        text = "".join(self.out)
        if not self.original.text.endswith("\n"):
            text = text.removesuffix("\n")
        return text + self.original.tail

    def depth(self, index: int) -> int:
        """The depth of a wanted record; 0 behind the last."""
        return self.wanted[index].depth if index < len(self.wanted) else 0

    def keep_lines(self) -> None:
        """Finds the lines of the original that may be copied."""
        self.kept = {}
        where = {i: j for j, i in enumerate(self.partners) if i >= 0}
        for line in self.original.lines:
            index = where.get(line.first, -1)
            if index >= 0 and self.is_intact(line, index):
                self.kept[index] = line

    def is_intact(self, line: Line, index: int) -> bool:
        """Whether all records of a line stand in the wanted program from `index` on, as they stood in the line."""
        old = self.original.records
        for n in range(line.count):
            at = index + n
            if at >= len(self.wanted) or at in self.forced or self.partners[at] != line.first + n:
                return False
            if self.wanted[at].depth - old[line.first + n].depth != self.depth(index) - old[line.first].depth:
                return False
        following = self.depth(index + line.count)
        if line.implied:
            return following < self.depth(index) and index - 1 in self.kept and self.partners[index - 1] == line.first - 1
        return not line.inline or following <= self.depth(index)

    def enter(self, index: int) -> None:
        """Closes and opens blocks before a wanted record."""
        depth = self.wanted[index].depth
        del self.indents[depth + 1 :]
        del self.siblings[depth + 1 :]
        if len(self.indents) == depth:
            self.indents.append(self.block_indent(index))
            self.siblings.append(-1)

    def block_indent(self, index: int) -> str:
        """The indentation of the block that starts at `index`: that of its first copied line, or a unit more than around it."""
        parent, depth = self.indents[-1], self.wanted[index].depth
        while self.depth(index) >= depth > 0:
            line = self.kept.get(index)
            if line and not line.implied and self.depth(index) == depth and not self.wanted[index].is_comment():
                moved = self.original.records[line.first].depth != depth
                if not moved and line.indent != parent and line.indent.startswith(parent):
                    return line.indent
                break
            index += 1
        return parent + self.original.unit

    def copied(self, line: Line, index: int) -> str:
        """A line of the original, in the column of its block."""
        if line.implied:
            return ""
        indent = line.indent if self.wanted[index].is_comment() and self.fits(line, index) else self.indents[-1]
        text = self.original.moved(line.lead, line.end, line.indent, indent)
        if not self.starts:
            text = text.lstrip("\n")
        elif self.needs_space(index, text):
            text = self.separation(index) + text
        return text if text.endswith("\n") else text + "\n"

    def fits(self, line: Line, index: int) -> bool:
        """Whether a comment line belongs to its block at the column where the author put it."""
        depth = self.wanted[index].depth
        if depth != self.original.records[line.first].depth:
            return False
        previous = index - 1
        opened = self.depth(previous) + (self.wanted[previous].items[-1] == OPEN) if index else 0
        following = index
        while following < len(self.wanted) and self.wanted[following].is_comment():
            following += 1
        if self.depth(following) >= opened:
            return True
        column = _width(line.indent)
        if depth > self.depth(following) and column < _width(self.indents[depth]):
            return False
        return depth == opened or column <= _width(self.indents[depth])

    def needs_space(self, index: int, text: str) -> bool:
        """Whether a copied line lacks the empty lines that a new definition before it asks for."""
        sibling = self.siblings[-1]
        return (
            text[:1] != "\n"
            and sibling >= 0
            and self.pairs[sibling] < 0
            and self.wanted[sibling].items[0] in DOCUMENTED
            and self.separation(index) != ""
        )

    def separation(self, index: int) -> str:
        """Empty lines before a new record: around definitions, as PEP 8 asks."""
        sibling = self.siblings[-1]
        if sibling < 0 or self.wanted[index].items[0] in _CONTINUES:
            return ""
        before = self.wanted[sibling].items[0]
        if before == "@" or before[0] == "\n":
            return ""
        defines = self.wanted[index].items[0] in _DEFINES or before in DOCUMENTED
        return ("\n" if self.wanted[index].depth else "\n\n") if defines else ""

    def printed(self, index: int) -> str:
        """A record in the style of `layout`, with the layout around what stood in its place."""
        indent, record = self.indents[-1], self.wanted[index]
        text = print_record(record, indent, self.original.unit, fresh=self.siblings[-1] < 0)
        old = self.pairs[index]
        line = self.line_of.get(old)
        if line is None or line.implied or index in self.forced:
            return (self.separation(index) if old < 0 or index in self.forced else "") + text
        lead = self.original.moved(line.lead, line.start, line.indent, indent)
        alone = line.count == 1
        if alone and line.note and self.original.records[old].items[0] == record.items[0]:
            text = f"{text[:-1]}{line.note}\n"
        if alone and line.end > line.own and record.items[-1] == OPEN and not line.inline:
            text += self.original.moved(line.own, line.end, line.indent, indent)
        return lead + text

    def force(self, offset: int) -> None:
        """Has the top-level statement that covers an offset of the result printed anew; those around it if it was already."""
        at = self.starts[max(0, bisect_right(self.starts, (offset, len(self.wanted))) - 1)][1] if self.starts else 0
        first, last = self.statement(at)
        if at in self.forced:
            first, last = self.statement(max(0, first - 1))[0], self.statement(min(last, len(self.wanted) - 1))[1]
        self.forced.update(range(first, last))

    def statement(self, index: int) -> tuple[int, int]:
        """The first record of the top-level statement around a record, and the one behind its last."""
        first, last = index, index + 1
        while first > 0 and not self.starts_statement(first):
            first -= 1
        while last < len(self.wanted) and not self.starts_statement(last):
            last += 1
        return first, last

    def starts_statement(self, index: int) -> bool:
        """Whether a top-level statement starts at a record."""
        record = self.wanted[index]
        return record.depth == 0 and record.items[0] not in _CONTINUES


def _width(indent: str) -> int:
    """The column behind an indentation, as the canonicaliser counts it."""
    return len(indent[indent.rfind("\f") + 1 :].expandtabs(8))


def print_record(record: Record, indent: str, unit: str, *, fresh: bool) -> str:
    """One record as `layout` prints it, at an indentation; `fresh` where it is the first of its block.

    >>> print_record(Record(1, ("x", "=", "1", "\\n"), 0), "\\t", "\\t", fresh=True)
    '\\tx = 1\\n'
    """
    writer = PlainWriter(list(record.items))
    writer.fresh_block = fresh
    writer.run()
    # A piece that starts with a line end breaks the line for a comment inside brackets; no other token does.
    pieces = [piece.replace("\n    ", f"\n{indent}{unit}") if piece[:1] == "\n" else piece for piece in writer.out]
    return indent + "".join(pieces).lstrip("\n")
