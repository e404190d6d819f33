"""The brackets of a program being read, and which of them say nothing.

A bracket is left out where the syntax tree is the same without it. Two kinds of reason: its place is wholly its own (a
right-hand side, a condition, a loop's target: then even a tuple needs none), or what it holds binds tighter than what stands on
either side (Python Language Reference, 6.17, operator precedence). Both are decided where the bracket closes, by what it held.
"""

from __future__ import annotations

from typing import Final

from slimgrammar.compact.builder import StreamBuilder, StructureError
from slimgrammar.compact.stream import CASE, KEYWORDS, PARTNER
from slimgrammar.grammar import precedence

ASSIGNS: Final = frozenset(("=", "+=", "-=", "*=", "/=", "//=", "%=", "@=", "&=", "|=", "^=", ">>=", "<<=", "**="))

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
_INDEX: Final = 10  # a group straight inside a subscript

# What a bracket held, as far as that forbids to leave it out.
HELD_FOR: Final = 1
HELD_WALRUS: Final = 2
HELD_YIELD: Final = 4
HELD_STAR: Final = 8
HELD_COMMENT: Final = 16
HELD_LAMBDA: Final = 32
_RULES: Final[dict[int, str]] = {
    _VALUE: "whole_value",
    _CONDITION: "whole_condition",
    _ITERABLE: "whole_iterable",
    _TARGET: "loop_target",
    _FIRST: "first_target",
    _IMPORT: "imported_names",
    _INNER: "nested_parentheses",
    _INDEX: "tuple_index",
}
_FORBIDS: Final[dict[int, int]] = {
    _VALUE: HELD_FOR | HELD_WALRUS | HELD_YIELD | HELD_COMMENT,
    _CONDITION: HELD_FOR | HELD_YIELD | HELD_STAR | HELD_COMMENT | HELD_LAMBDA,
    _ITERABLE: HELD_FOR | HELD_WALRUS | HELD_YIELD | HELD_STAR | HELD_COMMENT | HELD_LAMBDA,
    _TARGET: HELD_FOR | HELD_WALRUS | HELD_YIELD | HELD_COMMENT | HELD_LAMBDA,
    _FIRST: HELD_FOR | HELD_WALRUS | HELD_YIELD | HELD_COMMENT | HELD_LAMBDA,
    _IMPORT: HELD_COMMENT,
    _INNER: HELD_COMMENT,
    _INDEX: HELD_FOR | HELD_WALRUS | HELD_YIELD | HELD_STAR | HELD_COMMENT | HELD_LAMBDA,
}

# How tight operators bind; what a group holds is as loose as its loosest one.
_PRECEDENCE: Final = precedence()
_NO_EXPRESSION: Final = 0  # a tuple, a generator, `yield`, `:=`, a starred item
_LAMBDA: Final[int] = _PRECEDENCE.levels["lambda"]
_NOT: Final[int] = _PRECEDENCE.levels["not"]
_COMPARISON: Final[int] = _PRECEDENCE.levels["comparison"]
_UNARY: Final[int] = _PRECEDENCE.levels["unary"]
_PRIMARY: Final[int] = _PRECEDENCE.levels["primary"]
_NEVER: Final[int] = _PRIMARY + 1
_LEVELS: Final[dict[str, int]] = {
    **_PRECEDENCE.operators,
    **dict.fromkeys((",", ":=", "=", "for", "yield", "as"), _NO_EXPRESSION),
}
# How tight a group's content must bind after what stands on its left, so that no parentheses are needed there, and before what
# stands on its right; a line's end is no operator.
_AFTER: Final[dict[str, int]] = _PRECEDENCE.behind
_AFTER_STAR: Final[int] = _AFTER["a star"]
_AFTER_SIGN: Final[int] = _AFTER["a sign"]
_BEFORE: Final[dict[str, int]] = _PRECEDENCE.before


def ends_operand(token: str) -> bool:
    """Whether an operand may end with a token of the stream.

    >>> ends_operand("x"), ends_operand("]"), ends_operand("in"), ends_operand("=")
    (True, True, False, False)
    """
    if token == "" or token in KEYWORDS:
        return False
    last = token[-1]
    return last.isalnum() or last in "_)]}'\"" or last > "\x7f" or token == "..." or token[0].isdigit()


class BracketReader(StreamBuilder):
    """The part of the canonicaliser's state that knows brackets."""

    def __init__(self, tokens: list[str], off: frozenset[str]) -> None:
        super().__init__()
        self.tokens: list[str] = tokens
        self.off: frozenset[str] = off  # names of rules (rules.toml) that are switched off
        self.forbids: dict[int, int] = {kind: held for kind, held in _FORBIDS.items() if _RULES[kind] not in off}
        self.precedence: bool = "precedence" not in off
        self.final_commas: bool = "final_comma" not in off
        # The statement being read.
        self.first: str = ""
        self.header: bool = False
        self.lambdas: int = 0
        self.operand: bool = False  # whether the last token ended an operand
        self.blanks: bool = False  # whether items of `out` were blanked and must be swept
        # Brackets, outermost first: the bracket, its index in `out`, its kind, its commas, what it held, how loosely that
        # binds.
        self.brackets: list[str] = []
        self.bracket_at: list[int] = []
        self.bracket_kind: list[int] = []
        self.bracket_commas: list[int] = []
        self.bracket_held: list[int] = []
        self.bracket_level: list[int] = []
        self.bracket_lambdas: list[int] = []

    def hold(self, held: int) -> None:
        """Notes for the innermost bracket that it held something."""
        if self.brackets:
            self.bracket_held[-1] |= held

    def loosen(self, token: str) -> None:
        """Notes for the innermost bracket how loosely an operator, which is about to be written, binds."""
        level = _LEVELS.get(token, _PRIMARY)
        if not self.operand:
            if token == "+" or token == "-":
                level = _UNARY
            elif token == "*":
                level = _NO_EXPRESSION
        if token == "not" and (self.operand or self.out[-1] == "is"):
            level = _COMPARISON
        if level < self.bracket_level[-1]:
            self.bracket_level[-1] = level

    def push_bracket(self, token: str) -> None:
        """Opens a bracket, whose kind depends on what stands before it."""
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
        self.bracket_level.append(_PRIMARY)
        self.bracket_lambdas.append(0)
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
            return self.inner_kind()
        if (before in ASSIGNS and self.lambdas == 0 and not self.header) or before == "return" or before == "yield":
            return _VALUE
        if before == "in" and (self.first == "for" or self.first == "async") and self.header:
            # A second `in` is a comparison.
            return _ITERABLE if self.out.index("in", self.start) == len(self.out) - 1 else _GROUP
        if before == "import":
            return _IMPORT
        if before == "with":  # its parentheses may hold items, not a tuple: nothing in them may go
            return _SUBSCRIPT
        if before in ("if", "elif", "while") and len(self.out) == self.start + 1:
            return _CONDITION
        return _GROUP

    def inner_kind(self) -> int:
        """What parentheses inside a bracket are."""
        if self.bracket_at[-1] != len(self.out) - 1:
            return _GROUP
        kind = self.bracket_kind[-1]
        if kind == _SUBSCRIPT:
            return _INDEX if self.brackets[-1] == "[" else _GROUP
        return _GROUP if kind == _PLAIN else _INNER

    def pop_bracket(self, token: str) -> None:
        """Closes a bracket, and leaves out of it what says nothing."""
        if not self.brackets or self.brackets[-1] != PARTNER[token]:
            raise StructureError(f"unmatched '{token}'", self.index)
        self.brackets.pop()
        self.bracket_lambdas.pop()
        opened, kind, level = self.bracket_at.pop(), self.bracket_kind.pop(), self.bracket_level.pop()
        commas, held = self.bracket_commas.pop(), self.bracket_held.pop()
        if commas and self.final_commas and (kind == _PLAIN or kind == _IMPORT or commas > 1):
            commas -= self.drop_comma()
        self.emit(token)
        self.operand = True
        if kind == _PLAIN:
            empty = self.first == "class" and opened == self.start + 2 and opened == len(self.out) - 2
            if empty and "class_parentheses" not in self.off:
                self.drop_pair(opened)
        elif kind != _SUBSCRIPT and opened < len(self.out) - 2 and self.says_nothing(opened, kind, level, commas, held):
            self.drop_pair(opened)
            if self.brackets:
                self.bracket_held[-1] |= held
                self.bracket_level[-1] = min(level, self.bracket_level[-1])
                if kind == _INNER or kind == _INDEX:
                    self.bracket_commas[-1] += commas
        if self.brackets and held & HELD_COMMENT:
            self.bracket_held[-1] |= HELD_COMMENT

    def says_nothing(self, opened: int, kind: int, level: int, commas: int, held: int) -> bool:
        """Whether the tree is the same without a group that is closed now."""
        following = self.following()
        if kind in self.forbids and not held & self.forbids[kind] and self.is_whole(kind, commas, following):
            return True
        if level == _NO_EXPRESSION or held & HELD_COMMENT or self.first == CASE or not self.precedence:
            return False
        return level >= self.needs_after(opened) and level >= self.needs_before(opened, following)

    def is_whole(self, kind: int, commas: int, following: str) -> bool:
        """Whether what follows a group says that the group was the whole of its place."""
        if kind == _INNER:
            return following == ")"
        if kind == _INDEX:
            return following == "]"
        if kind == _TARGET:
            return following == "in"
        if kind == _CONDITION:
            return following == ":" and commas == 0
        if kind == _ITERABLE:
            return following == ":"
        if kind == _FIRST:
            return following == "=" and commas > 0
        if kind == _IMPORT and self.out[-2] == ",":
            return False  # `final_comma` is switched off
        return following == "" or following[0] in "\n#;" or (following == "=" and kind == _VALUE)

    def needs_after(self, opened: int) -> int:
        """How tight a group's content must bind to stand without parentheses behind what is on its left."""
        at = self.written_before(opened)
        if at < self.start:
            return _LAMBDA
        before = self.out[at]
        if before == "*" or before == "**" or before == "+" or before == "-" or before == "not":
            return self.needs_after_prefix(at, before)
        return _AFTER.get(before, _NEVER)

    def written_before(self, at: int) -> int:
        """Where in `out` the last item before `at` stands that is neither a comment nor left out."""
        at -= 1
        while at >= self.start and (self.out[at] == "" or self.out[at][0] == "#" or self.out[at][0] == "\n"):
            at -= 1
        return at

    def needs_after_prefix(self, at: int, before: str) -> int:
        """The same behind an operator that may be a prefix."""
        previous_at = self.written_before(at)
        previous = self.out[previous_at] if previous_at >= self.start else ""
        if before == "not":
            return _COMPARISON + 1 if previous == "is" else _NOT
        if ends_operand(previous):
            return _AFTER[before]
        return _AFTER_SIGN if before == "+" or before == "-" else _AFTER_STAR

    def needs_before(self, opened: int, following: str) -> int:
        """How tight a group's content must bind to stand without parentheses before what follows."""
        if following != "" and following[0] in "\n#":
            return _LAMBDA
        if following == ":" and opened == self.start and not self.brackets:
            return _NEVER  # an annotated name in parentheses is another tree
        if following == "." and self.ends_in_number():
            return _NEVER  # `5.real` is a number and a name
        return _BEFORE.get(following, _NEVER)

    def ends_in_number(self) -> bool:
        """Whether the last thing in a group that was closed is a number or `...`."""
        at = len(self.out) - 2
        while self.out[at] == "":
            at -= 1
        return self.out[at][0] in "0123456789."

    def following(self) -> str:
        """The next token; inside brackets, line ends and comments do not count."""
        at = self.index + 1
        if self.brackets:
            while self.tokens[at] != "" and self.tokens[at][0] in "\n#":
                at += 1
        return self.tokens[at]

    def drop_pair(self, opened: int) -> None:
        """Leaves out a bracket that was written at `opened` and the one that was written last."""
        self.out[opened] = ""
        self.out[-1] = ""
        self.blanks = True

    def drop_comma(self) -> int:
        """Leaves out a comma that is the last thing in a bracket, comments aside; 1 if it did.

        One between two comments stays: it tells them apart.
        """
        at = len(self.out) - 1
        while self.out[at] == "" or self.out[at][0] == "#" or self.out[at][:2] == "\n#":
            at -= 1
        if self.out[at] != "," or (
            self.out[at - 1][:1] in ("#", "\n") and self.out[at + 1 :][:1] and self.out[at + 1][:1] == "#"
        ):
            return 0
        self.out[at] = ""
        self.blanks = True
        return 1
