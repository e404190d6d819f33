"""The author's text, cut into logical lines, and which records each of them holds."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from slimgrammar.compact.canonical import Canonicaliser
from slimgrammar.compact.restore.records import Record, records
from slimgrammar.compact.stream import NEWLINE, OPEN
from slimgrammar.syntax.lexer import scan

_BLANK: Final = " \t\f"
_LINE: Final = re.compile(r"[^\n]*+\n|[^\n]++")  # no other character ends a line of Python, as str.splitlines has it


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
        for line in _LINE.findall(text):
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
