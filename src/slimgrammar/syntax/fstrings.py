"""f-strings and t-strings taken apart (PEP 498, 701, 750): where one ends, its texts, its replacement fields.

Since Python 3.12 a replacement field may hold any string, also one in the quotes of the f-string around it, so no regular
expression finds the end. The reader follows CPython's tokenizer: literal text, `{`, the tokens of an expression with their
brackets, then `=`, a conversion, a format specification (literal text again) and `}`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from slimgrammar.syntax.patterns import TOKEN

MAX_NESTING: Final = 100
"""Strings in the fields of strings; CPython ends at 150."""

_START: Final = re.compile(r"([rR][fFtT]|[fFtT][rR]?)('''|\"\"\"|'|\")")
_SPECIAL: Final = re.compile(r"[{}'\"\\\n]")
_NAMED: Final = re.compile(r"\\N\{[^{}'\"\n]*+\}")
_CONVERSION: Final = re.compile(r"[ \t\f\n]*+([ars])[ \t\f\n]*+(?=[:}])")


@dataclass(frozen=True, slots=True)
class Field:
    """A replacement field: offsets of its expression, `=` after it, its conversion, its format specification.

    Attributes:
        start: the offset of the expression, blanks included.
        stop: the offset after it.
        shown: the text that a `=` shows, or "" without one.
        conversion: "a", "r", "s" or "".
        spec: the parts of the format specification, None without one.
    """

    start: int
    stop: int
    shown: str
    conversion: str
    spec: tuple[Part, ...] | None


Part = tuple[int, int] | Field
"""Literal text as its offsets, or a field."""


@dataclass(frozen=True, slots=True)
class FString:
    """An f-string or t-string: its prefix and quotes, the parts between them, the offset after it."""

    prefix: str
    quote: str
    parts: tuple[Part, ...]
    end: int


def is_fstring(text: str, start: int = 0) -> bool:
    """Whether an f-string or a t-string starts at an offset.

    >>> is_fstring("rf''"), is_fstring("b''")
    (True, False)
    """
    return _START.match(text, start) is not None


def read_fstring(text: str, start: int = 0, *, nesting: int = 0) -> FString | None:
    """The f-string or t-string that starts at an offset; None where none does, or it is malformed.

    Args:
        text: Python source with `\\n` line ends.
        start: the offset of its prefix.
        nesting: how many strings it stands inside of.

    >>> read_fstring("f'{d['k']}'").parts
    (Field(start=3, stop=9, shown='', conversion='', spec=None),)
    """
    opening = _START.match(text, start)
    if opening is None or nesting > MAX_NESTING:
        return None
    reader = _Reader(text, opening.group(2), "r" in opening.group(1).lower(), nesting)
    parts: list[Part] = []
    stop = reader.literal(opening.end(), parts, in_spec=False)
    return FString(opening.group(1), opening.group(2), tuple(parts), stop + len(opening.group(2))) if stop >= 0 else None


class _Reader:
    """Reads the inside of one string; each method gives the offset where it stopped, -1 where the text is malformed."""

    def __init__(self, text: str, quote: str, raw: bool, nesting: int) -> None:
        self.text = text
        self.quote = quote
        self.raw = raw
        self.nesting = nesting

    def literal(self, position: int, parts: list[Part], *, in_spec: bool) -> int:
        """Literal text and fields, up to the closing quote, or the `}` that ends a format specification."""
        text, begin = self.text, position
        while True:
            found = _SPECIAL.search(text, position)
            if found is None:
                return -1
            position, mark = found.start(), found.group()
            if mark == "{" and (in_spec or not text.startswith("{{", position)):
                if position > begin:
                    parts.append((begin, position))
                position = begin = self.field(position + 1, parts)
                if position < 0:
                    return -1
            elif (mark == "}" and in_spec) or text.startswith(self.quote, position):
                if position > begin:
                    parts.append((begin, position))
                return -1 if in_spec and mark != "}" else position
            else:
                position = self.step(position, mark)
                if position < 0:
                    return -1

    def step(self, position: int, mark: str) -> int:
        """Steps over a special character that is literal text."""
        text = self.text
        if mark == "\\":
            if text.startswith("N{", position + 1) and not self.raw:
                named = _NAMED.match(text, position)
                return named.end() if named else -1
            # `\{` is a backslash before a field
            return position + (1 if text[position + 1 : position + 2] in ("{", "}") else 2)
        if mark in "{}":
            return position + 2 if text.startswith(mark * 2, position) else -1
        return -1 if mark == "\n" and len(self.quote) == 1 else position + 1

    def field(self, start: int, parts: list[Part]) -> int:
        """A replacement field from the offset after its `{`; the offset after its `}`."""
        if self.nesting > MAX_NESTING:
            return -1
        stop = self.expression(start)
        if stop < 0:
            return -1
        text, position, shown, conversion = self.text, stop, "", ""
        if text[position] == "=":
            position += 1
            while text[position : position + 1] in (" ", "\t", "\f", "\n"):
                position += 1
            shown = text[start:position]
        if text.startswith("!", position):
            found = _CONVERSION.match(text, position + 1)
            if found is None:
                return -1
            conversion, position = found.group(1), found.end()
        spec: list[Part] | None = None
        if text.startswith(":", position):
            spec = []
            inner = _Reader(text, self.quote, self.raw, self.nesting + 1)
            position = inner.literal(position + 1, spec, in_spec=True)
        if position < 0 or not text.startswith("}", position):
            return -1
        parts.append(Field(start, stop, shown, conversion, None if spec is None else tuple(spec)))
        return position + 1

    def expression(self, position: int) -> int:
        """The tokens of an expression, up to the `=`, `!`, `:` or `}` behind it; there must be at least one."""
        depth, empty = 0, True
        while True:
            match = TOKEN.match(self.text, position)
            if match is None or match.group(1) is None:
                return -1
            start, position = match.span(1)
            token = match.group(1)
            if depth == 0 and (token in ("=", "!", "}") or token[0] == ":"):
                return -1 if empty else start
            if is_fstring(self.text, start):
                nested = read_fstring(self.text, start, nesting=self.nesting + 1)
                if nested is None:
                    return -1
                position = nested.end
            elif token in "([{":
                depth += 1
            elif token in ")]}":
                depth -= 1
                if depth < 0:
                    return -1
            empty = empty and token[0] in "#\n"
