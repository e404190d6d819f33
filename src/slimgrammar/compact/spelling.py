"""The `compact` dialect's writer: the canonical stream in text that existing vocabularies spell cheaply.

What it spells otherwise than minimal Python (grammars/slim.lark is the reference; the reader is `reading`):
  blocks          no indentation: a block ends in an empty line; a block of one simple statement stands on its header's line
  commas          a blank where an operand stands before and a word after: `f(a b)`
  colons          a blank before the keyword of a block on its header's line, behind a word: `if a return b`
  `self`          `.x` for `self.x` where a statement or an operand after a keyword starts; `def.f(x):` for `def f(self,x):`
  imports         `from a b c` for `from a import b,c`
  loops           `for x y` for `for x in y`; so a loop's targets keep their commas
  words           `$'a b c'` for `'a','b','c'` inside brackets, and where they are all that is assigned or returned
  soft keywords   `?x:` match, `|x:` case, `%X=int` type: nothing else starts a statement with these
  docstrings      lines of a block's docstring lose the indentation that decoding gives back; one that cannot lose it stands in
                  single quotes, at the worst behind a `$`
  comments        as in Python, inside brackets too: where one has a line of its own, a line end stands before it
"""

from __future__ import annotations

import re
from typing import Final

from slimgrammar.compact.literals import prefix_length, respell
from slimgrammar.compact.minimal import needs_blank
from slimgrammar.compact.stream import (
    ALL_RULES,
    CASE,
    CLOSE,
    KEYWORDS,
    NEWLINE,
    OPEN,
    OPEN_ONE,
    OPENERS,
    OPERAND_KEYWORDS,
    SIMPLE_WORDS,
)
from slimgrammar.grammar import soft_keywords

INDENT: Final = 4  # columns that `decode` prints for a block
SOFT: Final[dict[str, str]] = {f"{word} ": mark for word, mark in soft_keywords().items()}
_NO_COMMA_BEFORE: Final = KEYWORDS - OPERAND_KEYWORDS
_LETTERS: Final = r"[^'\\\x00-\x20]+"
_LEAST_WORDS: Final = 3  # two are no shorter in one string than in two
_WORD: Final = re.compile(f"'{_LETTERS}'")
_WORDS: Final = re.compile(rf"\$'{_LETTERS}(?: {_LETTERS}){{{_LEAST_WORDS - 1},}}'")


def dedent(literal: str, depth: int, *, keep: bool = False) -> str:
    """A docstring's lines without a block's indentation; in other quotes where that could not be undone, or to `keep` it.

    Only a literal in triple double quotes that spans lines is touched; `literal` comes back as it is otherwise.
    """
    if keep and depth and literal.endswith('"""') and "\n" in literal:
        return _undedented(literal)
    if depth == 0 or not literal.endswith('"""') or "\n" not in literal:
        return literal
    blank = " " * (INDENT * depth)
    lines = literal.split("\n")
    width = len(blank)
    for number in range(1, len(lines)):
        line = lines[number]
        if line.startswith(blank):
            lines[number] = line[width:]
            if not lines[number] and number < len(lines) - 1:
                return _undedented(literal)
        elif line or number == len(lines) - 1:
            return _undedented(literal)
    return "\n".join(lines)


def _undedented(literal: str) -> str:
    """A docstring that keeps its indentation: in single quotes, or behind a `$` where its text forbids those."""
    start = prefix_length(literal)
    other = f"{literal[:start]}'''{literal[start + 3 : -3]}'''"
    closed = "'''" in other[start + 3 : -3] or other[-4] == "'"
    return f"${literal}" if closed or respell(other) != literal else other


def indent(literal: str, depth: int) -> str:
    """The inverse of `dedent`."""
    if literal[0] == "$":
        return literal[1:]
    if depth and literal.endswith("'''") and "\n" in literal:
        return respell(literal)
    if depth == 0 or not literal.endswith('"""') or "\n" not in literal:
        return literal
    blank = " " * (INDENT * depth)
    lines = literal.split("\n")
    for number in range(1, len(lines)):
        if lines[number] or number == len(lines) - 1:
            lines[number] = blank + lines[number]
    return "\n".join(lines)


def is_list(literal: str) -> bool:
    """Whether a literal is meant as a list of words, and not as a docstring; `words` says whether it is one.

    >>> is_list("$'a b c'"), is_list("$'''a'''")
    (True, False)
    """
    return literal[:2] == "$'" and literal[-3:] != "'''"


def words(literal: str) -> list[str]:
    """The strings that a list of words stands for; none where the literal is no such list.

    >>> words("$'a b c'"), words("'a b c'")
    (["'a'", "'b'", "'c'"], [])
    """
    return [f"'{word}'" for word in literal[2:-1].split(" ")] if _WORDS.fullmatch(literal) else []


class CompactWriter:
    """Writes one canonical stream in the compact grammar."""

    def __init__(self, stream: list[str], off: frozenset[str] = ALL_RULES) -> None:
        self.stream: list[str] = stream
        self.colons: bool = "implied_colon" not in off and "inline_block" not in off
        self.commas: bool = "implied_comma" not in off
        self.imports: bool = "implied_import" not in off
        self.attributes: bool = "self_attribute" not in off
        self.methods: bool = "method" not in off
        self.inline: bool = "inline_block" not in off
        self.dedents: bool = "docstring_lines" not in off
        self.loops: bool = "implied_in" not in off
        self.lists: bool = "word_list" not in off
        self.out: list[str] = []
        self.blocks: list[str] = []
        self.index: int = 0
        self.before: str = ""  # the last token of the statement, "" at its start
        self.first: str = ""
        self.gap: bool = False  # a comma, a colon, an `in` or an `import` was left out: a blank stands for it
        self.brackets: int = 0
        self.targets: list[int] = []  # how deep in brackets the loops stand whose targets are being written
        self.fresh_block: bool = True  # at the first statement of a block

    def run(self) -> str:
        """The text, without the last line end."""
        return "".join(self.pieces()).removesuffix("\n")

    def pieces(self) -> list[str]:
        """The pieces of the text, a last line end included: each string and each comment is one."""
        size = len(self.stream)
        out = self.out
        while self.index < size:
            token = self.stream[self.index]
            mark = token[0]
            if mark <= "\x05":
                self.structure(token)
            elif token == NEWLINE:
                out.append("\n")
                self.before = ""
                self.fresh_block = False
            elif mark == "#" or mark == "\n":
                self.comment(token)
            else:
                self.token(token)
            self.index += 1
        return out

    def structure(self, token: str) -> None:
        """Opens a block on the header's line or on the next, or closes one by an empty line."""
        if token in OPENERS:
            if token == OPEN_ONE and not self.inline:
                token = OPEN
            self.blocks.append(token)
            self.fresh_block = True
            self.before = ""
            if token != OPEN_ONE:
                self.out.append("\n")
        elif self.blocks.pop() != OPEN_ONE:
            self.out.append("\n")
        if token == CLOSE:
            self.fresh_block = False

    def comment(self, token: str) -> None:
        """A comment, by where it stands."""
        if self.brackets:
            if token[0] == "\n" and self.before == "#":  # the comment before it has ended the line
                token = token[1:]
            self.out.append(token + "\n")
            self.before = "#"
        elif token[0] == "#":
            self.out.append(token)
            self.before = token
        else:
            self.out.append(token[1:])
            self.out.append("\n")

    def token(self, token: str) -> None:
        """One token of a statement."""
        before = self.before
        if not before:
            self.first = token
            self.targets.clear()
            if token in SOFT:
                self.out.append(SOFT[token])
                self.before = token
                return
        if token == ",":
            if self.commas and not self.in_target() and self.gap_after(before):
                self.gap = True
                return
        elif token == "in":
            if self.in_target():
                self.targets.pop()
                if self.loops and self.gap_after(before):
                    self.gap = True
                    self.before = token
                    return
        elif token == ":":
            if self.colons and self.implies_colon(before):
                self.gap = True
                return
        elif token == "self":
            if self.skip_self(before):
                return
        elif token == "import" and self.imports and self.first == "from" and before[-1] != "." and self.word_follows():
            self.gap = True
            self.before = token
            return
        if self.gap:
            self.gap = False
            self.out.append(" ")
        elif before and needs_blank(before, token):
            self.out.append(" ")
        self.before = token
        last = token[-1]
        if last == "'" or last == '"':
            if not before and self.fresh_block:
                token = dedent(token, len(self.blocks), keep=not self.dedents)
            elif last == "'" and self.lists and self.starts_list(before):
                token = self.word_list(token)
        elif token == "(" or token == "[" or token == "{":
            self.brackets += 1
        elif token == ")" or token == "]" or token == "}":
            self.brackets -= 1
            while self.targets and self.targets[-1] > self.brackets:
                self.targets.pop()
        elif token == "for":
            self.targets.append(self.brackets)
        self.out.append(token)

    def in_target(self) -> bool:
        """Whether a loop's targets are being written, and no bracket inside them is open."""
        return bool(self.targets) and self.targets[-1] == self.brackets

    def starts_list(self, before: str) -> bool:
        """Whether words behind `before` may be a list: inside brackets, but not those of a pattern, or assigned or returned."""
        if self.brackets:
            return (before == "," or before == "(" or before == "[" or before == "{") and self.first != CASE
        return before == "=" or before == "return"

    def word_list(self, token: str) -> str:
        """The string `token` with the words that follow, if they are enough; `index` is then at the last of them."""
        if _WORD.fullmatch(token) is None:
            return token
        stream = self.stream
        end = self.index
        while stream[end + 1] == "," and _WORD.fullmatch(stream[end + 2]) is not None:
            end += 2
        if not self.ends_list(stream[end + 1]):
            if not self.brackets:
                return token
            end -= 2
        if end < self.index + 2 * (_LEAST_WORDS - 1):
            return token
        found = [word[1:-1] for word in stream[self.index : end + 1 : 2]]
        self.index = end
        return f"$'{' '.join(found)}'"

    def ends_list(self, following: str) -> bool:
        """Whether a list of words may end before `following`: no operator may take its last word."""
        if self.brackets:
            return following == "," or following == ")" or following == "]" or following == "}"
        return following == NEWLINE or following[0] == "#"

    def word_follows(self) -> bool:
        """Whether the next token is a name."""
        following = self.stream[self.index + 1]
        return following[0].isalpha() or following[0] == "_" or following[0] > "\x7f"

    def gap_after(self, before: str) -> bool:
        """Whether a comma after `before` may be a blank: an operand ends there, and a word starts the next."""
        following = self.stream[self.index + 1]
        if not following[0].isalpha() or following in _NO_COMMA_BEFORE or following[-1] in "'\"":
            return False
        last = before[-1]
        if last.isalnum() or last == "_":
            return before not in KEYWORDS
        return last in ")]}'\"" and before[0] != "#"

    def implies_colon(self, before: str) -> bool:
        """Whether a colon may be a blank: a word stands before it, and the keyword of a block of one statement behind."""
        if self.stream[self.index + 1] != OPEN_ONE or not (before[-1].isalnum() or before[-1] == "_"):
            return False
        return self.stream[self.index + 2] in SIMPLE_WORDS

    def skip_self(self, before: str) -> bool:
        """Leaves out a `self` that the grammar implies; whether it did."""
        following = self.stream[self.index + 1]
        if following == ".":
            if not self.attributes:
                return False
            if not before or (before in KEYWORDS and not self.gap and self.first != "from" and self.first != "import"):
                self.before = before or "."
                return True
            return False
        if not self.methods or before != "(" or (following != "," and following != ")") or self.index < 3:
            return False
        if self.stream[self.index - 3] != "def":
            return False
        # `def`, a blank, the name, `(`: the blank becomes the dot
        self.out[-3] = "."
        if following == ",":
            self.index += 1
        return True


def write(stream: list[str], *, off: frozenset[str] = ALL_RULES) -> str:
    """Compact text for a canonical stream, without the rules that are `off`; no line end after the last line.

    >>> print(write(["def", "f", "(", "self", ",", "a", ",", "b", ")", ":", "\\x04", "return", "a", "\\n", "\\x05"]))
    def.f(a b):return a
    """
    return CompactWriter(stream, off).run()
