"""Adjacent strings as one, where their kinds mix (Python's implicit concatenation): the longest runs that may be joined.

Bodies are gathered and written once at a run's end, so a table of 10^6 adjacent literals takes linear time.
"""

from __future__ import annotations

import re
from typing import Final

from slimgrammar.compact.literals import ESCAPES, bare, prefix_length, quoted, respell, with_backslashes

_OCTAL_END: Final = re.compile(r"(?:[^\\]|^)(?:\\\\)*\\[0-7]{1,2}\Z")
_JOINS: Final = frozenset(("", "b", "f", "r"))


class Run:
    """Literals that become one; its bodies have no backslashes before quotes where its prefix is "" or "b"."""

    def __init__(self, literal: str, at: int) -> None:
        self.literal: str = literal
        self.at: int = at
        start = prefix_length(literal)
        self.prefix: str = literal[:start]
        self.quote: str = literal[-1]
        self.last: str = literal[start + 1 : -1]
        self.bodies: list[str] = [bare(self.last) if self.prefix in ("", "b") else self.last]
        self.single: int = self.bodies[0].count("'")
        self.double: int = self.bodies[0].count('"')
        self.braces: bool = "{" in literal or "}" in literal
        long = literal.startswith(literal[start] * 3, start) and len(literal) >= start + 6
        self.closed: bool = long or self.prefix not in _JOINS

    def take(self, other: Run) -> bool:
        """Appends another literal, if the two may be joined; whether it did."""
        if self.closed or other.closed or ("r" not in self.prefix and other.last[:1].isdigit() and self.ends_in_octal()):
            return False
        plain = self.prefix == other.prefix and self.prefix in ("", "b")
        if not (self.takes_plain(other) if plain else self.takes_marked(other)):
            return False
        self.last = other.last or self.last
        self.literal = ""
        return True

    def ends_in_octal(self) -> bool:
        """Whether a digit behind it would lengthen an escape."""
        return self.last[-1:].isdigit() and _OCTAL_END.search(self.last) is not None

    def takes_plain(self, other: Run) -> bool:
        """Appends a literal whose quotes may be chosen anew."""
        single, double = self.single + other.single, self.double + other.double
        if min(single, double) > ESCAPES:
            return False
        self.single, self.double = single, double
        self.braces = self.braces or other.braces
        self.bodies += other.bodies
        return True

    def takes_marked(self, other: Run) -> bool:
        """Appends a raw or formatted literal, or to one; text around replacement fields must hold no braces of its own."""
        if self.prefix == other.prefix:
            if self.quote != other.quote:
                return False
            self.bodies += other.bodies
            return True
        text, marked = (self, other) if self.prefix == "" else (other, self)
        if marked.prefix != "f" or text.prefix != "" or text.braces or text.count(marked.quote) > ESCAPES:
            return False
        text.bodies = [with_backslashes(body, marked.quote) for body in text.bodies]
        self.bodies += other.bodies
        self.prefix, self.quote = "f", marked.quote
        return True

    def count(self, quote: str) -> int:
        """How many of a quote the bodies hold."""
        return self.single if quote == "'" else self.double

    def spelled(self, ascii_only: bool) -> str:
        """The literal that all became."""
        if self.literal:
            return self.literal
        body = "".join(self.bodies)
        if self.prefix in ("", "b"):
            return respell(quoted(self.prefix, body), ascii_only=ascii_only)
        return f"{self.prefix}{self.quote}{body}{self.quote}"


def join(literals: list[str], *, ascii_only: bool = False) -> list[tuple[str, int]]:
    """Adjacent literals, joined where they may be.

    Args:
        literals: string tokens, each as `respell` gives it.
        ascii_only: as for `respell`.

    Returns:
        The literals that are left, each with the index of its first piece.

    >>> join(["'a'", "'b'", "f'{x}'", "b'c'"])
    [("f'ab{x}'", 0), ("b'c'", 3)]
    """
    runs = [Run(literals[0], 0)]
    for at in range(1, len(literals)):
        following = Run(literals[at], at)
        if not runs[-1].take(following):
            runs.append(following)
    return [(run.spelled(ascii_only), run.at) for run in runs]
