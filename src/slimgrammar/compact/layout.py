"""What `decode` prints: the canonical stream as clean, readable Python, and the canonical text of a program.

Four columns a block, a blank around operators and after commas as PEP 8 asks, two empty lines around top-level definitions and
one around inner ones, docstrings in triple quotes, long logical lines broken at their brackets by nobody: `--style black` or
`ruff` do that.
"""

from __future__ import annotations

from typing import Final

from slimgrammar.compact.minimal import needs_blank
from slimgrammar.compact.stream import CLOSE, KEYWORDS, NEWLINE, OPENERS

_SPACED: Final = frozenset(
    "= += -= *= /= //= %= @= &= |= ^= >>= <<= **= == != < > <= >= := -> + - * / // % @ & | ^ << >>".split(),
)
_TOUCHES: Final = frozenset(", ) ] } : ;".split())
_OPENS: Final = frozenset("( [ { . ~ **".split())
_ENDS_NO_OPERAND: Final = frozenset(", : . ; ~ **".split())
_DEFINES: Final = frozenset(("def", "class", "@"))


def readable(token: str) -> str:
    """A token of the stream as Python spells it, floats with a digit on either side of the point.

    >>> readable("match "), readable(".5"), readable("1.")
    ('match', '0.5', '1.0')
    """
    if token[-1] == " ":
        return token[:-1]
    if token[0] == "." and token[1:2].isdigit():
        return "0" + token
    return token + "0" if token[-1] == "." and token[0].isdigit() else token


class PlainWriter:
    """Writes one canonical stream as readable Python."""

    def __init__(self, stream: list[str]) -> None:
        self.stream: list[str] = stream
        self.out: list[str] = []
        self.depth: int = 0
        self.before: str = ""
        self.first: str = ""
        self.operand: bool = False
        self.tight: bool = False  # the last operator touches what follows it
        self.brackets: list[str] = []
        self.lambdas: int = 0
        self.annotated: bool = False  # the parameter being written has an annotation
        self.fresh_block: bool = True
        self.closed: bool = False  # a block has just been closed
        self.was: str = ""  # the first token of the statement before, "def" where that is `async def`
        self.headers: list[str] = []  # the same of the header of each open block

    def run(self) -> str:
        """The text; it ends with a line end unless it is empty."""
        for index in range(len(self.stream)):
            token = self.stream[index]
            mark = token[0]
            if mark <= "\x05":
                self.structure(token)
            elif token == NEWLINE:
                self.out.append("\n")
                self.before = ""
                self.fresh_block = False
            elif mark == "#" or mark == "\n":
                self.comment(token)
            elif self.before == "":
                self.begin(token, index)
            else:
                self.token(token)
        return "".join(self.out)

    def structure(self, token: str) -> None:
        """Opens or closes a block."""
        if token in OPENERS:
            self.out.append("\n")
            self.depth += 1
            self.headers.append(self.was)
            self.fresh_block = True
            self.closed = False
            self.before = ""
        elif token == CLOSE:
            self.depth -= 1
            self.was = self.headers.pop()
            self.closed = True

    def begin(self, token: str, index: int) -> None:
        """The first token of a statement, empty lines and indentation before it."""
        kind = "def" if token == "async" and self.stream[index + 1] == "def" else token
        if not self.fresh_block and self.was != "@" and self.was != "\n" and token not in ("else", "elif", "except", "finally"):
            self.separate(kind in _DEFINES)
        self.closed = False
        self.was = kind
        self.out.append("    " * self.depth)
        if self.fresh_block and token[-1] in "'\"" and self.stream[index + 1][0] in "\n#":
            token = self.docstring(token)
        self.first = token
        self.operand = False
        self.lambdas = 0
        self.annotated = False
        self.before = ""
        self.tight = False
        self.token(token)

    def separate(self, defines: bool) -> None:
        """Empty lines between two statements where one of them is a definition."""
        if defines or (self.closed and self.was in _DEFINES):
            self.out.append("\n" if self.depth else "\n\n")

    def docstring(self, token: str) -> str:
        """A docstring in triple quotes where its text allows it."""
        if token[0] != "'" or token.startswith("'''") or token[-2] == '"' or "\\" in token or '"""' in token or len(token) < 3:
            return token
        return f'"""{token[1:-1]}"""'

    def comment(self, token: str) -> None:
        """A comment, at a line's end or on a line of its own."""
        if token[0] == "#":
            self.out.append("  " + token)
            self.before = token
        elif self.before == "":
            if not self.fresh_block and self.closed and self.was in _DEFINES:
                self.separate(True)
            self.closed = False
            self.was = "\n"
            self.out.append("    " * self.depth + token[1:] + "\n")
        else:
            self.out.append("\n" + "    " * (self.depth + 1) + token[1:])
            self.before = token

    def token(self, token: str) -> None:
        """One token, a blank before it where PEP 8 or the lexer asks for one."""
        before = self.before
        if before and (before[0] == "#" or before[0] == "\n"):
            self.out.append("\n" + "    " * (self.depth + 1))
            before = ""
        if token in _SPACED:
            self.operator(before, token)
            return
        if before and self.blank(before, token):
            self.out.append(" ")
        self.out.append(readable(token))
        self.before = token
        self.tight = False
        if token in KEYWORDS:
            self.operand = False
            self.lambdas += token == "lambda"
        elif token == "(" or token == "[" or token == "{":
            self.brackets.append(token)
            self.operand = False
        elif token == ")" or token == "]" or token == "}":
            self.brackets.pop()
            self.operand = True
        else:
            self.operand = token not in _ENDS_NO_OPERAND
            if (token == ":" or token == ",") and len(self.brackets) == 1:
                self.annotated = token == ":" and self.was == "def" and self.brackets[0] == "("

    def operator(self, before: str, token: str) -> None:
        """An operator: a binary one stands between blanks, a unary one and the `=` of an argument do not."""
        unary = not self.operand and token != "->" and token != ":="
        argument = token == "=" and (self.brackets != [] or self.lambdas > 0) and not self.annotated
        if before and not argument and not self.tight and before not in _OPENS and before != "@":
            self.out.append(" ")
        self.out.append(token)
        self.before = token
        self.tight = unary or argument
        self.operand = False

    def blank(self, before: str, token: str) -> bool:
        """Whether a blank stands between two tokens, the second of which is no operator."""
        if token == ":" and before == ",":
            return True
        if token in _TOUCHES or (before in _OPENS and (before != "." or token != "import")):
            return False
        if token == ".":
            return before in KEYWORDS or before.isdigit()
        if before in _SPACED:
            return not self.tight
        if before == ",":
            return True
        if before == ":":
            return not self.brackets or self.brackets[-1] != "["
        if token in KEYWORDS or before in KEYWORDS or before[-1] == " ":
            return True
        if token[-1] in "'\"" and before[-1] in "'\"":
            return True
        return needs_blank(before, token)


def print_plain(stream: list[str]) -> str:
    """Readable Python for a canonical stream."""
    return PlainWriter(stream).run()
