"""Every error that slimgrammar raises on purpose.

User faults (`SyntaxProblem`, `UnknownSymbol`, `MissingExtra`, `Unreadable`) say where the fault is and what would mend it;
`NotReversible` is our own fault, caught before anything was written.
"""

from __future__ import annotations


class SlimError(Exception):
    """The root of all errors raised on purpose."""


class SyntaxProblem(SlimError, ValueError):
    """The input is not what it should be, at a place.

    Attributes:
        message: what is wrong.
        line: 1-based line of the fault.
        column: 1-based column of the fault, in characters.
        text: the line that holds the fault, or "" where unknown.
    """

    def __init__(self, message: str, line: int, column: int, text: str = "") -> None:
        self.message = message
        self.line = line
        self.column = column
        self.text = text
        super().__init__(message, line, column)

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {self.message}"

    def caret(self) -> str:
        """The faulty line with a caret under the fault, or "" where the line is unknown.

        >>> print(SyntaxProblem("no such symbol", 1, 3, "a ? b").caret())
        a ? b
          ^
        """
        if not self.text:
            return ""
        shown = self.text.expandtabs(1)
        start = max(0, self.column - 61)
        return f"{shown[start : start + 120]}\n{' ' * (self.column - 1 - start)}^"


class UnknownSymbol(SyntaxProblem):
    """An encoded text holds a symbol that the grammar does not know."""


class Unreadable(SlimError, ValueError):
    """A file that cannot be read as text: its encoding is unknown or broken."""


class NotReversible(SlimError):
    """An encoding did not decode to an equal program; nothing was written.

    Attributes:
        reason: what differed.
        line: 1-based line of the source where the first difference stands.
    """

    def __init__(self, reason: str, line: int = 1) -> None:
        self.reason = reason
        self.line = line
        super().__init__(reason, line)

    def __str__(self) -> str:
        return f"{self.line}:1: not reversible: {self.reason}"


class MissingExtra(SlimError, ImportError):
    """An optional dependency is not installed; the message names the extra that brings it."""

    def __init__(self, package: str, extra: str) -> None:
        self.package = package
        self.extra = extra
        super().__init__(f"{package} is not installed: pip install 'slimgrammar[{extra}]'")


def place(text: str, offset: int) -> tuple[int, int, str]:
    """Line (1-based), column (1-based, characters) and the text of the line that holds `offset` of `text`.

    >>> place("a\\nbc", 3)
    (2, 2, 'bc')
    """
    offset = max(0, min(offset, len(text)))
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    return text.count("\n", 0, start) + 1, offset - start + 1, text[start : end if end >= 0 else len(text)]


def offset_of(text: str, line: int, column: int) -> int:
    """The offset of a line and column (1-based) in `text`, the inverse of `place`.

    >>> offset_of("a\\nbc", 2, 2)
    3
    """
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    return start + column - 1
