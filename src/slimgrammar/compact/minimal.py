"""The `python` dialect: the canonical stream as the shortest Python that means the same.

No blank that the lexer does not need, one column of indentation a block, a suite of simple statements on its header's line, and
simple statements joined by `;` where a line of their own would cost an indentation token.
"""

from __future__ import annotations

from typing import Final

from slimgrammar.compact.stream import ALL_RULES, CASE, CLOSE, COMPOUND, MATCH, NEWLINE, OPEN, OPEN_SIMPLE, OPENERS

_JOIN_DEPTH: Final = 2  # from here on a new line costs a token for its blanks; measured, the four vocabularies agree


def needs_blank(before: str, token: str) -> bool:
    """Whether two tokens would run into one if they touched.

    >>> pairs = ("in", "x"), ("in", "'x'"), ("1", "."), ("1.", "if"), ("r''", "'x'")
    >>> tuple(needs_blank(before, token) for before, token in pairs)
    (True, False, True, True, True)
    """
    last, mark = before[-1], token[0]
    if not (last.isalnum() or last == "_" or last > "\x7f"):
        if last == mark and (last == "'" or last == '"'):  # behind an empty string a third quote would open a long one
            return len(before) < 5 and before[-2:] == last + last and (len(before) == 2 or before[0].isalpha())
        return last == "." and before[0].isdigit() and mark.isalpha()
    if mark == ".":
        return last.isdigit() and before.isdigit()
    return mark.isalnum() or mark == "_" or mark > "\x7f"


class MinimalWriter:
    """Writes one canonical stream as minimal Python."""

    def __init__(self, stream: list[str], off: frozenset[str] = ALL_RULES) -> None:
        self.stream: list[str] = stream
        self.joins: bool = "joined_statements" not in off
        self.inline: bool = "inline_block" not in off
        self.column: str = " " if "one_column" not in off else "    "
        self.out: list[str] = []
        self.starts: list[int] = []  # for each item of `out`, the item of the stream that it came from
        self.blocks: list[str] = []
        self.depth: int = 0
        self.before: str = ""  # the last token of the statement, "" at its start
        self.joinable: bool = False  # the last statement was simple and ended without a comment
        self.simple: bool = False
        self.after_opener: bool = False

    def run(self) -> str:
        """The text, without a line end after the last line."""
        for index in range(len(self.stream)):
            token = self.stream[index]
            mark = token[0]
            if mark <= "\x05":
                self.structure(token)
            elif token == NEWLINE:
                self.joinable = self.simple and self.before[0] != "#"
                self.before = ""
            elif mark == "\n":
                self.comment_line(token)
            else:
                if not self.before:
                    self.begin(token)
                self.token(token)
        return "".join(self.out)

    def structure(self, token: str) -> None:
        """Opens or closes a block."""
        self.joinable = False
        if token in OPENERS:
            if not self.inline or (token == OPEN_SIMPLE and not self.joins):
                token = OPEN
            self.blocks.append(token)
            self.depth += token == OPEN
            self.after_opener = token != OPEN
            self.before = ""
        elif token == CLOSE:
            self.depth -= self.blocks.pop() == OPEN
            self.after_opener = False

    def begin(self, token: str) -> None:
        """Separates a statement from what stands before it."""
        self.simple = token not in COMPOUND and token[0] != "@" and token != MATCH and token != CASE
        if self.after_opener:
            self.after_opener = False
        elif self.joinable and self.joins and self.simple and (self.depth >= _JOIN_DEPTH or self.blocks[-1:] == [OPEN_SIMPLE]):
            self.out.append(";")
        else:
            self.new_line()

    def new_line(self) -> None:
        """Starts a line at the block's indentation."""
        if self.out:
            self.out.append("\n" + self.column * self.depth)

    def comment_line(self, token: str) -> None:
        """A comment with a line of its own, in a block or inside brackets."""
        if self.before:
            self.out.append(token)
            self.before = token
        else:
            self.new_line()
            self.out.append(token[1:])
            self.joinable = False

    def token(self, token: str) -> None:
        """One token of a statement, blanks before it where it needs them."""
        before = self.before
        if before and (before[0] == "#" or before[0] == "\n"):
            self.out.append("\n")
        elif before and needs_blank(before, token):
            self.out.append(" ")
        if token[-1] == " " and token[0] != "#":
            token = token[:-1]
        self.out.append(token)
        self.before = token


def write(stream: list[str], *, off: frozenset[str] = ALL_RULES) -> str:
    """Minimal Python for a canonical stream, without the rules that are `off`; no line end after the last line.

    >>> write(["if", "x", ":", "\\x04", "return", "1", "\\n", "\\x05"])
    'if x:return 1'
    """
    return MinimalWriter(stream, off).run()
