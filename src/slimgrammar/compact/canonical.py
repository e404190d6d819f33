"""Lexical tokens of Python source → the canonical stream (see `stream`).

One pass, no look-ahead beyond the next token but for the soft keyword `match`. What it leaves out never reaches the syntax tree:
parentheses around a whole right-hand side, condition, loop target or import list; commas before a closing bracket; `;`; the
empty parentheses of a class. Each such case is decided where its bracket closes, by what the bracket held.
"""

from __future__ import annotations

from typing import Final

from slimgrammar.compact import literals
from slimgrammar.compact.builder import COMMENTED, COMPLEX, StreamBuilder, StructureError
from slimgrammar.compact.stream import CASE, COMPOUND, KEYWORDS, MATCH, NEWLINE, TYPE

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
    **dict.fromkeys(
        "+ - * / // % @ & | ^ ~ << >> < > <= >= == != = := . -> ** += -= *= /= //= %= @= &= |= ^= >>= <<= **=".split(),
        _OPERATOR,
    ),
}
_ASSIGNS: Final = frozenset("= += -= *= /= //= %= @= &= |= ^= >>= <<= **=".split())
_STRAY: Final = frozenset("!$?`\\'\"") | frozenset(map(chr, range(32))) | {"\x7f"}
_PARTNER: Final = {")": "(", "]": "[", "}": "{"}

# What a bracket is, by what stands before it.
_PLAIN: Final = 0  # a call's, a definition's or a display's: a comma before its end means nothing
_GROUP: Final = 1  # parentheses around an expression: one comma makes a tuple
_SUBSCRIPT: Final = 2  # of a subscript, or of the items of a `with`
_VALUE: Final = 3  # a group that is a whole right-hand side
_CONDITION: Final = 4  # a group that is a whole condition
_ITERABLE: Final = 5  # a group that is all a `for` statement runs over
_TARGET: Final = 6  # a group that is a loop's target
_FIRST: Final = 7  # a group that starts a statement
_IMPORT: Final = 8
_INNER: Final = 9  # a group straight inside a group

# What a bracket held, as far as that forbids to leave it out.
_HELD_FOR: Final = 1
_HELD_WALRUS: Final = 2
_HELD_YIELD: Final = 4
_HELD_STAR: Final = 8
_HELD_COMMENT: Final = 16
_HELD_LAMBDA: Final = 32
_FORBIDS: Final[dict[int, int]] = {
    _VALUE: _HELD_FOR | _HELD_WALRUS | _HELD_YIELD | _HELD_COMMENT,
    _CONDITION: _HELD_FOR | _HELD_YIELD | _HELD_STAR | _HELD_COMMENT | _HELD_LAMBDA,
    _ITERABLE: _HELD_FOR | _HELD_WALRUS | _HELD_YIELD | _HELD_STAR | _HELD_COMMENT | _HELD_LAMBDA,
    _TARGET: _HELD_FOR | _HELD_WALRUS | _HELD_YIELD | _HELD_COMMENT | _HELD_LAMBDA,
    _FIRST: _HELD_FOR | _HELD_WALRUS | _HELD_YIELD | _HELD_COMMENT | _HELD_LAMBDA,
    _IMPORT: _HELD_COMMENT,
    _INNER: _HELD_COMMENT,
}


class Canonicaliser(StreamBuilder):
    """The state of one pass over lexical tokens; `run` gives the stream."""

    def __init__(self, tokens: list[str], keep_comments: bool, keep_docstrings: bool) -> None:
        super().__init__()
        self.tokens: list[str] = tokens
        self.keep_comments: bool = keep_comments
        self.keep_docstrings: bool = keep_docstrings
        # The statement being read.
        self.first: str = ""
        self.header: bool = False
        self.lambdas: int = 0
        self.operand: bool = False  # whether the last token ended an operand
        self.blanks: bool = False  # whether items of `out` were blanked and must be swept
        # The line structure.
        self.column: int = 0
        self.fresh: bool = True  # at the first token of a line
        self.expects_block: bool = False
        self.inline: bool = False
        self.waiting: list[str] = []  # comment lines before the next statement
        self.waiting_columns: list[int] = []
        self.waiting_origins: list[int] = []
        # Blocks beside the builder's, outermost first: indentation, may hold a docstring, of a `match`.
        self.columns: list[int] = [0]
        self.documented: list[bool] = [True]
        self.matches: list[bool] = [False]
        # Brackets, outermost first: the bracket, its index in `out`, its kind, its commas, what it held.
        self.brackets: list[str] = []
        self.bracket_at: list[int] = []
        self.bracket_kind: list[int] = []
        self.bracket_commas: list[int] = []
        self.bracket_held: list[int] = []

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
                    token = literals.respell(token)
                    if self.operand and self.join_string(token):
                        continue
                elif last == " ":
                    self.emit(token)
                    continue
                elif mark.isdigit() and len(token) > 2:
                    token = literals.number(token)
                self.emit(token)
                self.operand = True
            elif kind == _OPERATOR:
                if token == "*" and not self.operand:
                    self.hold(_HELD_STAR)
                elif token == ":=":
                    self.hold(_HELD_WALRUS)
                if self.fresh or self.start == len(self.out):
                    self.begin(token)
                self.emit(token)
                self.operand = False
            elif kind == _COMMA:
                if self.brackets:
                    self.bracket_commas[-1] += 1
                self.emit(token)
                self.operand = False
            elif kind == _OPENING:
                self.open_bracket(token)
            elif kind == _CLOSING:
                self.close_bracket(token)
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

    def hold(self, held: int) -> None:
        """Notes for the innermost bracket that it held something."""
        if self.brackets:
            self.bracket_held[-1] |= held

    def begin(self, token: str) -> str:
        """Starts a statement at `token`, which may turn out to be a soft keyword."""
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
        self.documented.append(self.first == "def" or self.first == "class" or self.first == "async")
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
            elif token not in ("", "(", ")"):
                return False
        return found

    def comment(self, token: str) -> None:
        """A comment: at the end of a line, on a line of its own, or inside brackets."""
        own_line = self.index == 0 or self.tokens[self.index - 1][0] == "\n"
        if self.brackets:
            self.hold(_HELD_COMMENT)
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
                self.bracket_held[-1] |= _HELD_LAMBDA
            else:
                self.lambdas += 1
        elif token == "for":
            self.hold(_HELD_FOR)
        elif token == "yield":
            self.hold(_HELD_YIELD)
        self.emit(token)
        self.operand = False

    def colon(self) -> None:
        """A colon: of a block, of a lambda, or of anything else."""
        if self.fresh or self.start == len(self.out):
            raise StructureError("unexpected ':'", self.index)
        self.emit(":")
        self.operand = False
        if not self.header or self.brackets:
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

    def join_string(self, token: str) -> bool:
        """Joins a string to the one straight before it, if there is one and the two may be joined."""
        before = self.out[-1]
        if before[-1:] not in ("'", '"') or before[0] in "#\n":
            return False
        joined = literals.join(before, token)
        if joined:
            self.out[-1] = joined
        return joined != ""

    def open_bracket(self, token: str) -> None:
        """Opens a bracket, whose kind depends on what stands before it."""
        if self.fresh or self.start == len(self.out):
            self.begin(token)
        kind = _PLAIN
        if token == "(":
            if not self.operand:
                kind = self.group_kind()
        elif token == "[" and self.operand:
            kind = _SUBSCRIPT
        self.brackets.append(token)
        self.bracket_at.append(len(self.out))
        self.bracket_kind.append(kind)
        self.bracket_commas.append(0)
        self.bracket_held.append(0)
        self.emit(token)
        self.operand = False

    def group_kind(self) -> int:
        """What parentheses that follow no operand are."""
        if len(self.out) == self.start:
            return _FIRST
        before = self.out[-1]
        if before == "for" and (self.brackets or self.first == "for" or self.first == "async"):
            return _TARGET
        if self.brackets:
            grouping = self.bracket_kind[-1] != _PLAIN and self.bracket_kind[-1] != _SUBSCRIPT
            return _INNER if grouping and self.bracket_at[-1] == len(self.out) - 1 else _GROUP
        if before in _ASSIGNS and self.lambdas == 0 and not self.header or before == "return" or before == "yield":
            return _VALUE
        if before == "in" and (self.first == "for" or self.first == "async") and self.header:
            return _ITERABLE
        if before == "import":
            return _IMPORT
        if before == "with":  # its parentheses may hold items, not a tuple: nothing in them may go
            return _SUBSCRIPT
        if before in ("if", "elif", "while") and len(self.out) == self.start + 1:
            return _CONDITION
        return _GROUP

    def close_bracket(self, token: str) -> None:
        """Closes a bracket, and leaves out of it what says nothing."""
        if not self.brackets or self.brackets[-1] != _PARTNER[token]:
            raise StructureError(f"unmatched '{token}'", self.index)
        self.brackets.pop()
        opened, kind = self.bracket_at.pop(), self.bracket_kind.pop()
        commas, held = self.bracket_commas.pop(), self.bracket_held.pop()
        if commas and (kind == _PLAIN or kind == _IMPORT or commas > 1):
            commas -= self.drop_comma()
        self.emit(token)
        self.operand = True
        if kind == _PLAIN:
            if self.first == "class" and opened == self.start + 2 and opened == len(self.out) - 2:
                self.drop_pair(opened)
        elif kind in _FORBIDS and not held & _FORBIDS[kind] and opened < len(self.out) - 2:
            if self.may_drop(kind, commas):
                self.drop_pair(opened)
                self.hold(held)
                if self.brackets and kind == _INNER:
                    self.bracket_commas[-1] += commas
        elif self.brackets and held & _HELD_COMMENT:
            self.bracket_held[-1] |= _HELD_COMMENT

    def may_drop(self, kind: int, commas: int) -> bool:
        """Whether what follows a group says that the group was the whole of its place."""
        following = self.following()
        if kind == _INNER:
            return following == ")"
        if kind == _TARGET:
            return following == "in"
        if kind == _CONDITION:
            return following == ":" and commas == 0
        if kind == _ITERABLE:
            return following == ":"
        if kind == _FIRST:
            return following == "=" and commas > 0
        return following == "" or following[0] in "\n#;" or (following == "=" and kind == _VALUE)

    def following(self) -> str:
        """The next token; inside brackets, line ends do not count."""
        at = self.index + 1
        if self.brackets:
            while self.tokens[at][:1] == "\n" or (self.tokens[at][:1] == "#" and not self.keep_comments):
                at += 1
        return self.tokens[at]

    def drop_pair(self, opened: int) -> None:
        """Leaves out a bracket that was written at `opened` and the one that was written last."""
        self.out[opened] = ""
        self.out[-1] = ""
        self.blanks = True

    def drop_comma(self) -> int:
        """Leaves out a comma that is the last thing in a bracket, comments aside; 1 if there was one."""
        at = len(self.out) - 1
        while self.out[at] == "" or self.out[at][0] == "#" or self.out[at][:2] == "\n#":
            at -= 1
        if self.out[at] != ",":
            return 0
        self.out[at] = ""
        self.blanks = True
        return 1

    def finish(self) -> list[str]:
        """Ends the last line, closes all blocks, sweeps what was left out."""
        self.index = len(self.tokens) - 1
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


def canonicalise(tokens: list[str], *, keep_comments: bool = True, keep_docstrings: bool = True) -> list[str]:
    """The canonical stream of a program's lexical tokens.

    Raises:
        StructureError: the tokens are no Python program.
    """
    return Canonicaliser(tokens, keep_comments, keep_docstrings).run()
