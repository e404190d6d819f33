"""A canonical stream → the author's own text, as far as the author wrote it (`decode --like`).

The wanted stream and the original's are cut into records: simple statements, headers of blocks, comment lines. The records are
aligned; a logical line of the original whose records all stand in the wanted stream is copied byte for byte, moved to another
column where its block moved, and all other records are printed in the style of `layout`. Layout between two lines belongs to
the second one. Comments and docstrings that an encoding dropped come back with the lines around them.

The result is read again: where it is not the wanted program, the top-level statement at fault is printed anew, at last
everything. So a wrong guess costs layout, never meaning.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import dropwhile, pairwise
from typing import Final, NamedTuple

from slimgrammar.compact.builder import StructureError
from slimgrammar.compact.canonical import Canonicaliser, canonicalise
from slimgrammar.compact.layout import PlainWriter, print_plain
from slimgrammar.compact.literals import prefix_length
from slimgrammar.compact.stream import CLOSE, NEWLINE, OPEN, OPENERS
from slimgrammar.errors import SyntaxProblem, place
from slimgrammar.syntax.lexer import lex, scan

_REPAIRS: Final = 6  # statements printed anew before the whole program is
_LONG: Final = 1000  # records without a unique one among them: from here on difflib leaves out popular ones
_DOCUMENTED: Final = frozenset(("def", "class", "async"))
_DEFINES: Final = _DOCUMENTED | {"@"}
_CONTINUES: Final = frozenset(("else", "elif", "except", "finally"))
_BLANK: Final = " \t\f"


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
            empty.append(record.items[0] in _DOCUMENTED)
    return False


def _is_docstring(items: tuple[str, ...]) -> bool:
    """Whether a statement is nothing but plain strings."""
    opening = len(items) - len(list(dropwhile("(".__eq__, items)))
    strings = [item for item in items[opening:-1] if item != ")"]
    return strings != [] and all(
        item[-1] in "'\"" and item[0] != "#" and set(item[: prefix_length(item)]) <= set("rRuU") for item in strings
    )


@dataclass(slots=True)
class Line:
    """A logical line of the original: its records and its place in the text.

    The layout before it starts at `lead`, its indentation at `start`; it ends at `own`, dropped docstring lines behind it at
    `end`.
    """

    first: int
    count: int
    lead: int = 0
    start: int = 0
    own: int = 0
    end: int = 0
    indent: str = ""
    note: str = ""
    """A dropped comment at its end, with the blanks before it."""
    inline: bool = False
    """A header stands in it with the whole of its block."""
    implied: bool = False
    """No text at all: the `pass` of a block whose docstring was all it held."""


class Original:
    """The author's text, its records and logical lines."""

    def __init__(self, text: str, reader: Canonicaliser, stream: list[str]) -> None:
        self.text: str = text
        self.keeps: tuple[bool, bool] = (reader.keep_comments, reader.keep_docstrings)
        self.records: list[Record] = records(stream)
        self.tokens: list[tuple[str, int]] = scan(text)
        self.lines: list[Line] = []
        self.strings: list[tuple[int, int]] = [
            (offset, offset + len(token)) for token, offset in self.tokens if "\n" in token and token[0] != "\n"
        ]
        self.cut(reader.origins)
        self.head: str = text[: self.lines[0].start] if self.lines else text
        self.tail: str = text[self.lines[-1].end :] if self.lines else ""
        if self.lines:
            self.lines[0].lead = self.lines[0].start
        self.unit: str = self.indentation_unit()

    def cut(self, origins: list[int]) -> None:
        """Finds the logical lines; one without a record is layout, or the docstring of the line before."""
        at = position = 0
        for start, stop in _logical_lines(self.tokens):
            first = at
            while at < len(self.records) and origins[self.records[at].at] < stop and not self.is_implied(at, origins):
                at += 1
            end = min(self.tokens[stop][1] + 1, len(self.text))
            if at > first:
                line = self.line(first, at - first, start, stop)
                line.lead, line.own, line.end = position, end, end
                position = end
                self.lines.append(line)
                if at < len(self.records) and self.is_implied(at, origins):
                    self.imply(line, at)
                    at += 1
            elif any(token[0] != "#" for token, _ in self.tokens[start:stop]) and self.lines:
                documented = self.lines[-2] if self.lines[-1].implied else self.lines[-1]
                documented.end = position = end

    def is_implied(self, at: int, origins: list[int]) -> bool:
        """Whether a record is a `pass` that no one wrote: then both its items have one origin."""
        record = self.records[at]
        return record.items == ("pass", NEWLINE) and origins[record.at] == origins[record.at + 1]

    def imply(self, line: Line, at: int) -> None:
        """Adds the `pass` behind a header: to the line that holds the docstring, or as a line without text."""
        if line.inline:
            line.count += 1
        else:
            self.lines.append(Line(at, 1, implied=True))

    def line(self, first: int, count: int, start: int, stop: int) -> Line:
        """The logical line of the tokens from `start` to `stop`."""
        begin = 0
        if start:
            newline, offset = self.tokens[start - 1]
            begin = offset + newline.rfind("\n") + 1
        body = self.text[begin : self.tokens[stop][1]]
        line = Line(first, count, start=begin, indent=body[: len(body) - len(body.lstrip(_BLANK))])
        last = stop - 1
        if self.tokens[last][0][0] == "#" and last > start:
            before, offset = self.tokens[last - 1]
            if not self.keeps[0]:
                line.note = self.text[offset + len(before) : self.tokens[stop][1]].rstrip(_BLANK)
            last -= 1
        line.inline = self.tokens[last][0] != ":" and any(
            record.items[-1] == OPEN for record in self.records[first : first + count]
        )
        return line

    def indentation_unit(self) -> str:
        """What the author indents a block by, most of the time."""
        units: Counter[str] = Counter()
        for one, two in zip(self.lines, self.lines[1:], strict=False):
            if self.records[two.first].depth == self.records[one.first].depth + 1 and two.indent.startswith(one.indent):
                units[two.indent[len(one.indent) :]] += not self.records[two.first].is_comment()
        del units[""]
        return max(units, key=units.__getitem__) if units else "    "

    def moved(self, start: int, end: int, before: str, after: str) -> str:
        """A part of the text with other indentation; the lines inside of strings stay as they are."""
        text = self.text[start:end]
        if before == after:
            return text
        lines: list[str] = []
        for line in text.splitlines(keepends=True) if "\f" not in text else text.split("\n"):
            movable = line.startswith(before) and line.strip() != "" and not self.inside_string(start)
            lines.append(after + line[len(before) :] if movable else line)
            start += len(line)
        return "".join(lines)

    def inside_string(self, offset: int) -> bool:
        """Whether a string that spans lines covers an offset."""
        at = bisect_left(self.strings, (offset, 0)) - 1
        return at >= 0 and offset < self.strings[at][1]


def _logical_lines(tokens: list[tuple[str, int]]) -> Iterator[tuple[int, int]]:
    """For each logical line that holds a token, its first token and the one behind its last."""
    depth = start = 0
    for index, (token, _) in enumerate(tokens):
        if token in ("(", "[", "{"):
            depth += 1
        elif token in (")", "]", "}"):
            depth -= 1
        elif (token == "" or token[0] == "\n") and depth == 0:
            if index > start:
                yield start, index
            start = index + 1


def align(old: list[Record], new: list[Record]) -> list[int]:
    """For each new record its equal among the old ones, -1 for none; the order of both is kept.

    Records that are unique on both sides split the work (patience diff), so that large programs stay near linear.
    """
    numbers: dict[tuple[str, ...], int] = {}
    one = [numbers.setdefault(record.items, len(numbers)) for record in old]
    two = [numbers.setdefault(record.items, len(numbers)) for record in new]
    partners = [-1] * len(two)
    todo = [(0, len(one), 0, len(two))]
    while todo:
        a, b, c, d = todo.pop()
        while a < b and c < d and one[a] == two[c]:
            partners[c] = a
            a, c = a + 1, c + 1
        while a < b and c < d and one[b - 1] == two[d - 1]:
            b, d = b - 1, d - 1
            partners[d] = b
        if a == b or c == d:
            continue
        anchors = _anchors(one, two, (a, b, c, d))
        if anchors:
            edges = [(a, c), *anchors, (b, d)]
            todo.extend((x, xx, y, yy) for (x, y), (xx, yy) in pairwise(edges))
        else:
            matcher = SequenceMatcher(None, one[a:b], two[c:d], autojunk=b - a > _LONG)
            for i, j, size in matcher.get_matching_blocks():
                partners[c + j : c + j + size] = range(a + i, a + i + size)
    return partners


def _anchors(one: list[int], two: list[int], window: tuple[int, int, int, int]) -> list[tuple[int, int]]:
    """Places of records that are unique on both sides of a window: the longest chain that rises on both."""
    a, b, c, d = window
    counts, others = Counter(one[a:b]), Counter(two[c:d])
    there = {two[j]: j for j in range(c, d) if others[two[j]] == 1}
    pairs = [(i, there[one[i]]) for i in range(a, b) if counts[one[i]] == 1 and one[i] in there]
    lowest: list[int] = []  # lowest[n]: the smallest second place that ends a chain of n + 1
    ends: list[int] = []
    before: list[int] = []
    for at, (_, j) in enumerate(pairs):
        length = bisect_left(lowest, j)
        before.append(ends[length - 1] if length else -1)
        lowest[length : length + 1] = [j]
        ends[length : length + 1] = [at]
    chain: list[tuple[int, int]] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]


def pair(old: list[Record], new: list[Record], partners: list[int]) -> list[int]:
    """For each new record the old one in whose place it stands: its equal, or what was there before an edit; -1 for none."""
    pairs = partners.copy()
    before = -1
    for j, partner in enumerate(partners):
        if partner >= 0:
            before = partner
        elif j == 0 or partners[j - 1] >= 0:
            run = j
            while run < len(new) and partners[run] < 0:
                run += 1
            end = partners[run] if run < len(new) else len(old)
            for i, at in zip(range(before + 1, end), range(j, run), strict=False):
                if old[i].is_comment() == new[at].is_comment():
                    pairs[at] = i
    return pairs


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
            and self.wanted[sibling].items[0] in _DOCUMENTED
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
        defines = self.wanted[index].items[0] in _DEFINES or before in _DOCUMENTED
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


def _fault(text: str, wanted: list[str], keeps: tuple[bool, bool]) -> int:
    """The offset at which `text` leaves the wanted program, -1 where it does not."""
    reader = Canonicaliser(lex(text), *keeps)
    try:
        stream = reader.run()
    except StructureError as error:
        return scan(text)[error.index][1]
    if stream == wanted:
        return -1
    at = next((n for n, (one, two) in enumerate(zip(stream, wanted, strict=False)) if one != two), len(wanted))
    return scan(text)[reader.origins[at]][1] if at < len(stream) else len(text)


def restore(stream: list[str], original: str) -> str:
    """The program of a canonical stream in the layout of `original`, from which it was encoded and perhaps edited.

    Unchanged statements keep their text byte for byte. Comments or docstrings of which the stream holds none were dropped when
    it was encoded: they come back with the statements beside them.

    Raises:
        SyntaxProblem: `original` is no Python program.

    >>> restore(["x", "=", "1", "\\n", "z", "=", "3", "\\n"], "x   = (1) # one\\ny = 2\\n\\nz = 0x3\\n")
    'x   = (1) # one\\n\\nz = 0x3\\n'
    """
    tokens = lex(original)
    full = _read(tokens, original)
    if full == stream:
        return original
    wanted = canonicalise(lex(print_plain(stream)))
    if full == wanted:
        return original
    found = records(wanted)
    keeps = (
        any(map(_is_comment, wanted)) or not any(map(_is_comment, full)),
        holds_docstring(found) or not holds_docstring(records(full)),
    )
    reader = Canonicaliser(tokens, *keeps)
    read = reader.run()
    # behind a dropped docstring a second string looks like one
    if read == wanted or canonicalise(tokens, keep_comments=keeps[0], keep_docstrings=False) == wanted:
        return original
    return _restore(Restorer(Original(original, reader, read), found), wanted)


def _read(tokens: list[str], original: str) -> list[str]:
    """The original's canonical stream with comments and docstrings."""
    try:
        return canonicalise(tokens)
    except StructureError as error:
        raise SyntaxProblem(error.message, *place(original, scan(original)[error.index][1])) from None


def _is_comment(item: str) -> bool:
    return item[0] == "#" or item[:2] == "\n#"


def _restore(restorer: Restorer, wanted: list[str]) -> str:
    """Prints until the result is the wanted program."""
    for _ in range(_REPAIRS):
        text = restorer.run()
        offset = _fault(text, wanted, restorer.original.keeps)
        if offset < 0:
            return text
        restorer.force(offset)
    return print_plain(wanted)
