"""Lexical tokens of Python source → the canonical stream (see `stream`).

One pass, no look-ahead beyond the next token but for the soft keyword `match`. What it leaves out never reaches the syntax
tree: parentheses that say nothing (see `brackets`), commas before a closing bracket, `;`, the empty parentheses of a class.
"""

from __future__ import annotations

import re
from typing import Final

from slimgrammar.compact import concatenation, literals
from slimgrammar.compact.brackets import HELD_COMMENT, HELD_FOR, HELD_LAMBDA, HELD_STAR, HELD_WALRUS, HELD_YIELD, BracketReader
from slimgrammar.compact.builder import COMMENTED, COMPLEX, StructureError
from slimgrammar.compact.stream import ALL_RULES, CASE, COMPOUND, KEYWORDS, MATCH, NEWLINE, OPERATORS, TYPE

_OPENING: Final = 1
_CLOSING: Final = 2
_COMMA: Final = 3
_COLON: Final = 4
_SEMICOLON: Final = 5
_KEYWORD: Final = 6
_OPERATOR: Final = 7

_KIND: Final[dict[str, int]] = {
    **dict.fromkeys("([{", _OPENING),
    **dict.fromkeys(")]}", _CLOSING),
    ",": _COMMA,
    ":": _COLON,
    ";": _SEMICOLON,
    **dict.fromkeys(KEYWORDS, _KEYWORD),
    **dict.fromkeys(OPERATORS, _OPERATOR),
    ".": _OPERATOR,
}
_CODING: Final = re.compile(r"coding[:=]\s*([-\w.]+)")
_STRAY: Final = frozenset("!$?`\\'\"") | frozenset(map(chr, range(32))) | {"\x7f"}


class Canonicaliser(BracketReader):
    """The state of one pass over lexical tokens; `run` gives the stream."""

    def __init__(self, tokens: list[str], keep_comments: bool, keep_docstrings: bool, off: frozenset[str] = ALL_RULES) -> None:
        super().__init__(tokens, off)
        self.keep_comments: bool = keep_comments
        self.keep_docstrings: bool = keep_docstrings
        # The line structure.
        self.column: int = 0
        self.fresh: bool = True  # at the first token of a line
        self.expects_block: bool = False
        self.inline: bool = False
        self.waiting: list[str] = []  # comment lines before the next statement
        self.waiting_columns: list[int] = []
        self.waiting_origins: list[int] = []
        self.texts: list[int] = []  # where in `out` strings of this statement stand that may be unfolded
        self.pieces: list[str] = []  # adjacent strings that are being gathered, and where they came from
        self.piece_origins: list[int] = []
        self.joins: bool = "concatenation" not in off
        self.ascii_only: bool = keep_comments and names_other_encoding(tokens)
        # Blocks beside the builder's, outermost first: indentation, may hold a docstring, of a `match`.
        self.columns: list[int] = [0]
        self.documented: list[bool] = [True]
        self.matches: list[bool] = [False]

    def run(self) -> list[str]:
        """The canonical stream of all tokens; raises StructureError where they are no program."""
        tokens = self.tokens
        for index in range(len(tokens) - 1):
            self.index = index
            token = tokens[index]
            kind = _KIND.get(token, 0)
            if kind == 0:
                mark = token[0]
                if mark == "\n":
                    if not self.brackets:
                        self.end_line(token)
                    continue
                if mark == "#":
                    if self.keep_comments:
                        self.comment(token)
                    continue
                if mark in _STRAY:
                    self.refuse(token)
                if self.fresh or self.start == len(self.out):
                    token = self.begin(token)
                last = token[-1]
                if last == "'" or last == '"':
                    self.string(token)
                    continue
                if last == " ":
                    self.emit(token)
                    continue
                if token == "..." and self.first == "from" and self.join_dots(3):
                    continue
                if (mark.isdigit() or mark == ".") and len(token) > 1 and token != "...":
                    token = literals.number(token, off=self.off)
                self.emit(token)
                self.operand = True
            elif kind == _OPERATOR:
                if token == "*" and not self.operand:
                    self.hold(HELD_STAR)
                elif token == ":=":
                    self.hold(HELD_WALRUS)
                if self.fresh or self.start == len(self.out):
                    self.begin(token)
                if token == ".":
                    if self.first == "from" and self.join_dots(1):
                        continue
                elif self.brackets:
                    self.loosen(token)
                self.emit(token)
                self.operand = False
            elif kind == _COMMA:
                if self.brackets and not self.bracket_lambdas[-1]:
                    self.bracket_commas[-1] += 1
                    self.loosen(token)
                self.emit(token)
                self.operand = False
            elif kind == _OPENING:
                if self.fresh or self.start == len(self.out):
                    self.begin(token)
                self.push_bracket(token)
            elif kind == _CLOSING:
                self.pop_bracket(token)
            elif kind == _KEYWORD:
                self.keyword(token)
            elif kind == _COLON:
                self.colon()
            else:
                self.semicolon()
        return self.finish()

    def refuse(self, token: str) -> None:
        """Refuses a character that starts no token, and a string that never ends."""
        if token in "'\"":
            raise StructureError("unterminated string literal", self.index)
        if len(token) == 1:
            raise StructureError(f"invalid character {token!r}", self.index)

    def begin(self, token: str) -> str:
        """Starts a statement at `token`, which may turn out to be a soft keyword."""
        if self.texts:
            self.unfold_texts()
        if self.fresh:
            self.begin_line()
        self.start = len(self.out)
        self.lambdas = 0
        self.operand = False
        header = token in COMPOUND
        if token == "match" and self.ends_in_colon():
            header, token = True, MATCH
        elif token == "case" and self.matches[-1]:
            header, token = True, CASE
        elif token == "type" and self.names_alias():
            token = TYPE
        self.first = token
        self.header = header
        if header and self.inline:
            raise StructureError("a compound statement needs a line of its own", self.index)
        return token

    def ends_in_colon(self) -> bool:
        """Whether the logical line that starts here ends in a colon: then `match` is a keyword."""
        depth, last = 0, ""
        for index in range(self.index + 1, len(self.tokens)):
            token = self.tokens[index]
            if token == "" or (token[0] == "\n" and depth == 0):
                break
            kind = _KIND.get(token, 0)
            if kind == _OPENING:
                depth += 1
            elif kind == _CLOSING:
                depth -= 1
            if token[0] != "#" and token[0] != "\n":
                last = token
        return last == ":" and self.tokens[self.index + 1] != ":"

    def names_alias(self) -> bool:
        """Whether a name follows: then `type` is a keyword (PEP 695)."""
        following = self.tokens[self.index + 1]
        return following != "" and _KIND.get(following, 0) == 0 and following.isidentifier()

    def begin_line(self) -> None:
        """Opens and closes blocks as the indentation of a line's first token asks."""
        self.fresh = False
        column = self.column
        if self.expects_block:
            if column <= self.columns[-1]:
                raise StructureError("expected an indented block", self.index)
            self.open_block(column)
            self.place_comments(0, column)
            return
        if column > self.columns[-1]:
            raise StructureError("unexpected indent", self.index)
        if self.waiting:
            self.place_comments(1, column)
        while column < self.columns[-1]:
            self.close_block()
        if column != self.columns[-1]:
            raise StructureError("unindent does not match any outer indentation level", self.index)

    def place_comments(self, dedents: int, column: int) -> None:
        """Writes the waiting comment lines, each into the innermost block that its own column admits."""
        for at in range(len(self.waiting)):
            while dedents and column < self.columns[-1] and self.waiting_columns[at] < self.columns[-1]:
                self.close_block()
            self.shape(COMPLEX)
            self.out.append(self.waiting[at])
            self.origins.append(self.waiting_origins[at])
        self.waiting.clear()
        self.waiting_columns.clear()
        self.waiting_origins.clear()

    def open_block(self, column: int) -> None:
        """Opens a block at an indentation; its opener is corrected when it closes."""
        self.expects_block = False
        self.columns.append(column)
        word = self.out[self.start + 1] if self.first == "async" else self.first
        self.documented.append(word == "def" or word == "class")
        self.matches.append(self.first == MATCH)
        self.push_block()

    def close_block(self) -> None:
        """Closes the innermost block."""
        self.columns.pop()
        self.documented.pop()
        self.matches.pop()
        self.pop_block()

    def end_line(self, newline: str) -> None:
        """Ends the logical line, if there is one, and notes the next line's indentation."""
        if len(self.out) > self.start:
            self.end_statement()
        if self.inline:
            self.inline = False
            self.close_block()
        blank = newline[newline.rfind("\n") + 1 :]
        self.column = len(blank)
        if "\t" in blank or "\f" in blank:
            self.column = len(blank[blank.rfind("\f") + 1 :].expandtabs(8))
        self.fresh = True

    def end_statement(self) -> None:
        """Ends the statement that stands at the end of `out`."""
        if self.expects_block:
            return
        if self.header:
            raise StructureError("expected ':'", self.index)
        documented = self.documented[-1] and self.counts[-1] == 0
        if documented and not self.keep_docstrings and self.is_docstring():
            self.drop_statement()
            return
        self.close_statement()

    def drop_statement(self) -> None:
        """Leaves out the statement at the end of `out`; its comments get lines of their own."""
        comments = [(self.out[at], self.origins[at]) for at in range(self.start, len(self.out))]
        del self.out[self.start :]
        del self.origins[self.start :]
        self.texts.clear()
        for token, origin in comments:
            if token[:1] == "#" or token[:1] == "\n":
                self.shape(COMPLEX)
                self.out.append("\n" + token.lstrip("\n"))
                self.origins.append(origin)
        self.start = len(self.out)

    def is_docstring(self) -> bool:
        """Whether the statement at the end of `out` is nothing but a string."""
        found = False
        for at in range(self.start, len(self.out)):
            token = self.out[at]
            if token[:1] == "#" or token[:1] == "\n":
                continue
            if token and token[-1] in "'\"":
                if not set(token[: literals.prefix_length(token)]) <= set("rRuU"):
                    return False
                found = True
            elif token not in ("", ")") and (token != "(" or found):  # behind a string it would be a call
                return False
        return found

    def comment(self, token: str) -> None:
        """A comment: at the end of a line, on a line of its own, or inside brackets."""
        own_line = self.index == 0 or self.tokens[self.index - 1][0] == "\n"
        if self.brackets:
            self.hold(HELD_COMMENT)
            self.emit("\n" + token if own_line else token)
        elif own_line:
            self.waiting.append("\n" + token)
            self.waiting_columns.append(self.column)
            self.waiting_origins.append(self.index)
        elif len(self.out) > self.start or self.expects_block:
            self.emit(token)
            self.shape(COMMENTED)
        else:
            self.late_comment(token)

    def late_comment(self, token: str) -> None:
        """A comment behind `;` belongs to the statement before it; behind a dropped docstring it gets a line of its own."""
        if self.out and self.out[-1] == NEWLINE and self.counts[-1] > 0:
            self.out.insert(len(self.out) - 1, token)
            self.origins.insert(len(self.origins) - 1, self.index)
            self.start = len(self.out)
            self.shape(COMMENTED)
        else:
            self.shape(COMPLEX)
            self.emit("\n" + token)
            self.start = len(self.out)

    def keyword(self, token: str) -> None:
        """A hard keyword: starts statements, counts lambdas, tells what a bracket held."""
        if self.fresh or self.start == len(self.out):
            self.begin(token)
        if token == "lambda":
            if self.brackets:
                self.bracket_held[-1] |= HELD_LAMBDA
                self.bracket_lambdas[-1] += 1
            else:
                self.lambdas += 1
        elif token == "for":
            self.hold(HELD_FOR)
        elif token == "yield":
            self.hold(HELD_YIELD)
        if self.brackets:
            self.loosen(token)
        self.emit(token)
        self.operand = False

    def colon(self) -> None:
        """A colon: of a block, of a lambda, or of anything else."""
        if self.fresh or self.start == len(self.out):
            raise StructureError("unexpected ':'", self.index)
        self.emit(":")
        self.operand = False
        if self.brackets:
            if self.bracket_lambdas[-1]:
                self.bracket_lambdas[-1] -= 1
            return
        if not self.header:
            return
        if self.lambdas:
            self.lambdas -= 1
            return
        self.header = False
        self.expects_block = True
        following = self.tokens[self.index + 1]
        if following != "" and following[0] != "\n" and following[0] != "#":
            self.open_block(self.columns[-1])
            self.inline = True

    def semicolon(self) -> None:
        """Ends a statement inside a line."""
        if self.brackets or self.start == len(self.out) or self.fresh:
            raise StructureError("unexpected ';'", self.index)
        self.end_statement()

    def join_dots(self, more: int) -> bool:
        """Writes the dots of a relative import as the lexer reads them when they touch, if some stand there already."""
        if self.out[-1] != "." and self.out[-1] != "...":
            return False
        origin = self.index
        while self.out[-1] == ".":
            more += len(self.out.pop())
            origin = self.origins.pop()
        for dots in [3] * (more // 3) + [1] * (more % 3):
            self.out.append("." * dots)
            self.origins.append(origin)
        return True

    def string(self, token: str) -> None:
        """A string; the last of adjacent ones writes them all, joined where they may be."""
        self.pieces.append(literals.respell(token, ascii_only=self.ascii_only, off=self.off))
        self.piece_origins.append(self.index)
        if self.joins and self.string_follows():
            return
        if len(self.pieces) == 1:
            self.write_string(self.pieces[0], self.index)
        else:
            for literal, at in concatenation.join(self.pieces, ascii_only=self.ascii_only):
                self.write_string(literal, self.piece_origins[at])
        self.pieces.clear()
        self.piece_origins.clear()
        self.operand = True

    def string_follows(self) -> bool:
        """Whether the next token is a string that Python joins to this one, and nothing to keep stands between them."""
        at = self.index + 1
        if self.brackets:
            while self.tokens[at][:1] == "\n" or (self.tokens[at][:1] == "#" and not self.keep_comments):
                at += 1
        following = self.tokens[at]
        return len(following) > 1 and (following[-1] == "'" or following[-1] == '"') and following[0] != "#"

    def write_string(self, literal: str, origin: int) -> None:
        """Writes a string, and notes that it may be unfolded where it has line ends."""
        if "\\n" in literal and "unfolding" not in self.off:
            self.texts.append(len(self.out))
        self.out.append(literal)
        self.origins.append(origin)

    def unfold_texts(self) -> None:
        """Gives the statement's long texts real line ends, now that all their pieces are joined."""
        for at in self.texts:
            self.out[at] = literals.unfold(self.out[at])
        self.texts.clear()

    def finish(self) -> list[str]:
        """Ends the last line, closes all blocks, sweeps what was left out."""
        self.index = len(self.tokens) - 1
        self.unfold_texts()
        if self.brackets:
            raise StructureError(f"'{self.brackets[-1]}' was never closed", self.origins[self.bracket_at[-1]])
        self.end_line("\n")
        if self.expects_block:
            raise StructureError("expected an indented block", self.index)
        self.place_comments(1, 0)
        while len(self.columns) > 1:
            self.close_block()
        if self.blanks:
            self.origins = [origin for origin, token in zip(self.origins, self.out, strict=True) if token]
            return [token for token in self.out if token]
        return self.out


def names_other_encoding(tokens: list[str]) -> bool:
    """Whether a comment in the first two lines names an encoding that may lack characters (PEP 263)."""
    lines = 0
    for token in tokens:
        if token[:1] == "#":
            found = _CODING.search(token)
            if found is not None:
                return found.group(1).lower().replace("_", "-") not in ("utf-8", "utf8")
        elif token[:1] != "\n" or lines > 0:
            break
        lines += token.count("\n")
    return False


def canonicalise(
    tokens: list[str], *, keep_comments: bool = True, keep_docstrings: bool = True, off: frozenset[str] = ALL_RULES
) -> list[str]:
    """The canonical stream of a program's lexical tokens.

    Args:
        tokens: what `lex` gives.
        keep_comments: keep them.
        keep_docstrings: keep them.
        off: names of rules (rules.toml) that are switched off.

    Raises:
        StructureError: the tokens are no Python program.
    """
    return Canonicaliser(tokens, keep_comments, keep_docstrings, off).run()
