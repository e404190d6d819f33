"""The `compact` dialect's reader: compact text → the canonical stream, the inverse of `spelling`.

One regular expression lexes; a small state (brackets, whether an operand has just ended, what the statement is) puts back what
the grammar implies: commas, colons, `import`, `self`, blocks. Where a text leaves the grammar it says so at the token.
"""

from __future__ import annotations

import re
from typing import Final

from slimgrammar.compact.builder import COMMENTED, COMPLEX, StreamBuilder, StructureError
from slimgrammar.compact.spelling import SOFT, indent, is_list, words
from slimgrammar.compact.stream import CASE, COMPOUND, KEYWORDS, OPERAND_KEYWORDS, OPERATORS, PARTNER, SIMPLE_WORDS, TYPE
from slimgrammar.errors import SyntaxProblem, UnknownSymbol, place
from slimgrammar.syntax.lexer import NAME, NUMBER, OPERATOR, STRING, lex, scan

_PATTERN: Final = re.compile(
    rf"[ ]*+({NAME}(?!['\"])|\n|[()\[\]{{}},]|\.(?![\d.])|{OPERATOR}"
    rf"|\$?{STRING}|{NAME}|{NUMBER}|\.|#[^\n]*+|[^ ]|\Z)",
    re.DOTALL,
)
_SOFT: Final = {symbol: word for word, symbol in SOFT.items()}
_BARE: Final = frozenset(("else", "try", "finally", "except"))  # headers of one word
_LONG: Final = ('"""', "'''")
_PREFIXES: Final = frozenset(("+", "-", "~", "*", "**", "/", "@"))  # these may stand where no operand has ended


class CompactReader(StreamBuilder):
    """Reads the tokens of one compact text."""

    def __init__(self, tokens: list[str]) -> None:
        super().__init__()
        self.tokens: list[str] = tokens
        self.first: str = ""
        self.before: str = "\n"  # the last token, as it was read
        self.last: str = ""  # the last token that was no comment
        self.operand: bool = False
        self.header: bool = False
        self.lambdas: int = 0
        self.targets: list[int] = []  # how deep in brackets the loops stand whose targets are being read
        self.listed: bool = False  # a list of words has just ended
        self.imported: bool = True  # `import` has been read or put back in this `from` statement
        self.method: int = 0  # after `def.`: 1, after its `(`: 2
        self.expects_block: bool = False
        self.inline: bool = False
        self.brackets: list[str] = []

    def run(self) -> list[str]:
        """The canonical stream; raises StructureError where the tokens leave the grammar."""
        tokens = self.tokens
        for index in range(len(tokens)):
            self.index = index
            token = tokens[index]
            if token == "\n":
                self.line_end()
            elif token[0] == "#":
                self.comment(token)
            else:
                if self.start == len(self.out):
                    token = self.begin(token)
                if self.method == 2:
                    self.method = 0
                    if token != ")":
                        self.emit(",")
                        self.operand = False
                self.token(token)
                self.last = token
            self.before = token
        self.finish()
        return self.out

    def begin(self, token: str) -> str:
        """Starts a statement; the symbol of a soft keyword becomes the keyword."""
        if self.expects_block:
            self.expects_block = False
            self.push_block()
            self.inline = True
        self.operand = False
        self.lambdas = 0
        self.targets.clear()
        token = _SOFT.get(token, token)
        self.first = token
        self.header = token in COMPOUND or token == "match " or token == "case "
        self.imported = token != "from"
        if self.header and self.inline:
            raise StructureError("a compound statement needs a line of its own", self.index)
        if token == TYPE and not self.tokens[self.index + 1].isidentifier():
            raise StructureError("a name must follow '%' where a statement starts", self.index)
        return token

    def token(self, token: str) -> None:
        """One token of a statement that is neither comment nor line end."""
        mark, last = token[0], token[-1]
        if self.listed:
            self.after_list(token)
        if last == "'" or last == '"':
            self.string(token)
        elif mark.isalpha() or mark == "_" or mark > "\x7f":
            self.word(token)
        elif token == ".":
            self.dot()
        elif token in OPERATORS:
            self.operator(token)
        elif token == ",":
            self.emit(token)
            self.operand = False
        elif token == "(" or token == "[" or token == "{":
            self.open_bracket(token)
        elif token == ")" or token == "]" or token == "}":
            if not self.brackets or self.brackets.pop() != PARTNER[token]:
                raise StructureError(f"unmatched '{token}'", self.index)
            while self.targets and self.targets[-1] > len(self.brackets):
                self.targets.pop()
            self.emit(token)
            self.operand = True
        elif token == ":":
            self.colon()
        elif mark.isdigit() or mark == ".":
            if self.operand:
                raise StructureError("a number cannot follow an operand: ',' is missing", self.index)
            self.emit(token)
            self.operand = token != "..." or self.imported
        else:
            raise StructureError(f"unknown symbol {token!r}", self.index)

    def operator(self, token: str) -> None:
        """An operator; two that touch in Python would be another one."""
        prefix = token in _PREFIXES and (self.last != token or token in "+-~")
        if not self.operand and not prefix and not (token == "=" and self.last == ","):  # `x,=y` has one target
            raise StructureError(f"'{token}' follows no operand", self.index)
        self.emit(token)
        self.operand = False

    def open_bracket(self, token: str) -> None:
        """Opens a bracket, behind a method's name with the `self` that it implies."""
        self.brackets.append(token)
        self.emit(token)
        self.operand = False
        if self.method == 1:
            if token != "(":
                raise StructureError("'def.' takes no type parameters", self.index)
            self.emit("self")
            self.method = 2
            self.operand = True

    def word(self, token: str) -> None:
        """A name or a keyword; one that starts an operand or a statement behind an operand had something before it."""
        if token in KEYWORDS:
            if self.header and token in SIMPLE_WORDS and self.ends_header():
                self.colon()
                self.begin(token)
            elif self.operand and token in OPERAND_KEYWORDS:
                self.separate(",")
            if token == "lambda" and not self.brackets:
                self.lambdas += 1
            elif token == "import":
                self.imported = True
            elif token == "for":
                self.targets.append(len(self.brackets))
            elif token == "in" and self.in_target():
                self.targets.pop()
            self.emit(token)
            self.operand = False
            return
        if self.operand:
            self.separate("," if self.imported else "import")
        self.emit(token)
        self.operand = token[-1] != " "

    def separate(self, implied: str) -> None:
        """Puts back what a blank between two operands stands for: `in` behind a loop's targets, else `implied`."""
        if self.in_target():
            self.targets.pop()
            self.emit("in")
            return
        self.emit(implied)
        self.imported = self.imported or implied == "import"

    def in_target(self) -> bool:
        """Whether a loop's targets are being read, and no bracket inside them is open."""
        return bool(self.targets) and self.targets[-1] == len(self.brackets)

    def ends_header(self) -> bool:
        """Whether a header is whole but for its colon."""
        if self.brackets or self.lambdas:
            return False
        return self.operand or self.last == "," or (self.last in _BARE and len(self.out) == self.start + 1)

    def string(self, token: str) -> None:
        """A string: unquoted where it was quoted, indented where it is a block's docstring."""
        if len(token) == 1:
            raise StructureError("unterminated string literal", self.index)
        before = self.last[-1:]
        if self.operand and before != "'" and before != '"':
            raise StructureError("a string cannot follow an operand: ',' is missing", self.index)
        if is_list(token):
            self.word_list(token)
            return
        if self.start == len(self.out) and self.counts[-1] == 0 and (token[0] != "$" or token[-3:] in _LONG):
            token = indent(token, len(self.openers) - 1)
        elif token[0] == "$":
            raise StructureError("'$' stands only before the docstring of a block or a list of words", self.index)
        self.emit(token)
        self.operand = True

    def word_list(self, token: str) -> None:
        """The strings of a list of words, where those of a writer stand (`CompactWriter.starts_list`)."""
        before = self.last
        if self.brackets:
            allowed = (before == "(" or before == "[" or before == "{" or before == ",") and self.first != CASE
        else:
            allowed = before == "=" or before == "return"
        found = words(token)
        if not allowed or not found:
            raise StructureError("'$' stands only before the docstring of a block or a list of words", self.index)
        self.emit(found[0])
        for word in found[1:]:
            self.emit(",")
            self.emit(word)
        self.operand = True
        self.listed = True

    def after_list(self, token: str) -> None:
        """Refuses what would take a list's last word into an operation."""
        self.listed = False
        if token[0].isalpha() or token[0] == "_" or token[0] > "\x7f":
            allowed = token not in KEYWORDS or token in OPERAND_KEYWORDS
        else:
            allowed = token == "," or token == ")" or token == "]" or token == "}"
        if not self.brackets or not allowed:
            raise StructureError(f"{token!r} cannot follow a list of words", self.index)

    def dot(self) -> None:
        """A dot: of an attribute, of a relative import, after `def`, or of an implied `self`."""
        if self.before == "def":
            self.method = 1
            return
        if not self.operand and self.imported:
            if self.last == "." or self.last == "import":
                raise StructureError("'.' follows no operand", self.index)
            self.emit("self")
        self.emit(".")
        self.operand = False

    def colon(self) -> None:
        """A colon: the one that ends a header opens a block."""
        self.emit(":")
        self.operand = False
        if not self.header or self.brackets:
            return
        if self.lambdas:
            self.lambdas -= 1
            return
        self.header = False
        self.expects_block = True
        self.start = len(self.out)

    def line_end(self) -> None:
        """Ends a statement, opens a block behind a header, or, on an empty line, closes one."""
        if self.brackets:
            following = self.tokens[self.index + 1] if self.index + 1 < len(self.tokens) else ""
            if self.before[0] != "#" and following[:1] != "#":
                raise StructureError(f"'{self.brackets[-1]}' was never closed", self.index)
            return
        self.listed = False
        if self.header:
            raise StructureError("expected ':'", self.index)
        if self.expects_block:
            self.expects_block = False
            self.push_block()
        elif self.start < len(self.out):
            self.close_statement()
            if self.inline:
                self.inline = False
                self.pop_block()
        elif self.before[-1] == "\n" or self.before[0] == "#":
            self.empty_line()

    def empty_line(self) -> None:
        """Closes a block."""
        if self.before[0] == "#":  # it ends a comment line
            return
        if len(self.openers) > 1:
            if self.counts[-1] == 0:
                raise StructureError("a block holds no statement", self.index)
            self.pop_block()
        elif self.index < len(self.tokens) - 1:
            raise StructureError("an empty line closes no block here", self.index)

    def comment(self, token: str) -> None:
        """A comment: what stands before it says where it belongs."""
        if self.brackets:
            if self.method == 2:
                if self.last_in_bracket():
                    raise StructureError("a comment needs a parameter behind it here", self.index)
                self.method = 0
                self.emit(",")
                self.operand = False
            self.emit("\n" + token if self.before == "\n" else token)
        elif self.before == "\n":
            self.shape(COMPLEX)
            self.emit("\n" + token)
            self.start = len(self.out)
        else:
            self.emit(token)
            if self.expects_block:
                self.start = len(self.out)
            else:
                self.shape(COMMENTED)

    def last_in_bracket(self) -> bool:
        """Whether nothing but comments stands before the next closing parenthesis."""
        at = self.index
        while at < len(self.tokens) - 1 and self.tokens[at][0] in "#\n":
            at += 1
        return self.tokens[at] == ")"

    def finish(self) -> None:
        """Refuses a text that ends too early."""
        if self.brackets:
            raise StructureError(f"the text ends inside '{self.brackets[-1]}'", self.index)
        if len(self.openers) > 1 or self.expects_block or self.header:
            raise StructureError("the text ends inside a block", self.index)


def lex_compact(text: str) -> list[str]:
    """The tokens of a compact text; a final line end is put back."""
    tokens = lex(text, _PATTERN)
    while tokens and tokens[-1] == "":  # the pattern matches at the end, behind blanks once more
        tokens.pop()
    tokens.append("\n")
    return tokens


def scan_compact(text: str) -> list[tuple[str, int]]:
    """The tokens of a compact text and where each stands, without the final line end."""
    return [item for item in scan(text, _PATTERN) if item[0]]


def read(text: str) -> list[str]:
    """The canonical stream of a compact text.

    Raises:
        SyntaxProblem: the text leaves the grammar or ends too early; UnknownSymbol for a character it does not know.
    """
    tokens = lex_compact(text)
    try:
        return CompactReader(tokens).run()
    except StructureError as error:
        raise problem(text, error) from None


def problem(text: str, error: StructureError) -> SyntaxProblem:
    """The user's error for a structure error in a compact text."""
    spans = scan_compact(text)
    offset = spans[error.index][1] if error.index < len(spans) else len(text)
    kind = UnknownSymbol if error.message.startswith("unknown symbol") else SyntaxProblem
    return kind(error.message, *place(text, offset))
