"""A list of words (see `programs`) as text, in a layout that nobody would choose: blanks, line breaks, comments, tabs, `\\`."""

from __future__ import annotations

from random import Random
from typing import Final

from .programs import DEDENT, INDENT, NEWLINE

_OPERATORS: Final = frozenset("+-*/%@&|^<>=:!.~")
_UNITS: Final = ("    ", "  ", "\t", " ", "        ", "   ")
_COMMENTS: Final = (
    "# c",
    "#",
    "#no blank",
    '# it\'s "quoted"',
    "#: x",
    "# {a}",
    "#\ttab",
    "# type: int",
    "# ends in blanks  ",
    "#!",
    "#é",
)
_BLANKS: Final = ("", "", "", "", " ", " ", "  ", "\t", " \f", " \\\n ", "\\\n", "  \\\n\\\n\t")
_BREAKS: Final = ("\n", "\n        ", "\n\n  ", "\n\t")


def lay_out(words: list[str], chance: Random, *, wild: float = 0.3, comments: bool = True) -> str:
    """The text of a program.

    Args:
        words: its words, with NEWLINE, INDENT and DEDENT.
        chance: where the choices come from.
        wild: how often a layout is odd, from 0 to 1.
        comments: whether to put in comments.
    """
    return _Layout(chance, wild, comments).run(words)


class _Layout:
    def __init__(self, chance: Random, wild: float, comments: bool) -> None:
        self.chance = chance
        self.wild = wild
        self.comments = comments
        self.indents = [""]
        self.depth = 0
        self.out: list[str] = []
        self.before = ""

    def odd(self) -> bool:
        return self.chance.random() < self.wild

    def run(self, words: list[str]) -> str:
        for word in words:
            if word == INDENT:
                self.indents.append(self.indents[-1] + (self.chance.choice(_UNITS) if self.odd() else "    "))
            elif word == DEDENT:
                self.indents.pop()
            elif word == NEWLINE:
                self.end_line()
            else:
                self.word(word)
        text = "".join(self.out)
        return text[:-1] if self.odd() and text.endswith("\n") and not text.endswith("\\\n") else text

    def word(self, word: str) -> None:
        if not self.before:
            self.start_line()
        else:
            gap = self.gap()
            self.out.append(gap or (" " if touches(self.before, word) else ""))
        self.depth += (word in ("(", "[", "{")) - (word in (")", "]", "}"))
        self.out.append(word)
        self.before = word

    def start_line(self) -> None:
        """Empty lines and comments, then the indentation."""
        while self.odd() and self.odd():
            self.out.append(self.chance.choice(("\n", "\n", "   \n", "\f\n", "\t\n")))
        if self.comments and self.odd() and self.odd():
            self.out.append(self.chance.choice(("", " ", "    ", self.indents[-1])) + self.comment() + "\n")
        form_feed = "\f" if self.chance.random() < self.wild / 20 else ""
        self.out.append(form_feed + self.indents[-1])

    def end_line(self) -> None:
        if self.comments and self.odd() and self.odd():
            self.out.append(self.chance.choice(("", " ", "  ")) + self.comment())
        elif self.odd():
            self.out.append(self.chance.choice(("", " ", "\t")))
        self.out.append("\n")
        self.before = ""

    def gap(self) -> str:
        """What stands between two words."""
        if not self.odd():
            return self.chance.choice(("", " "))
        if self.depth and self.odd():
            comment = self.chance.choice(("", "  ")) + self.comment() if self.comments and self.odd() else ""
            return comment + self.chance.choice(_BREAKS)
        return self.chance.choice(_BLANKS)

    def comment(self) -> str:
        return self.chance.choice(_COMMENTS)


def touches(before: str, word: str) -> bool:
    """Whether two words need a blank between them."""
    last, first = before[-1], word[0]
    if last.isalnum() or last == "_":
        wordy = first.isalnum() or first == "_" or (first in "'\"" and before.isalnum())
        return wordy or (first == "." and before[0].isdigit())
    if last in "'\"":
        return first in "'\""
    return last in _OPERATORS and (first in _OPERATORS or first.isdigit())
