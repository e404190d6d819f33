"""Lexical tokens → logical statements, for verification only; it shares no code with `canonical`, whose work it checks.

Each statement is one string, its depth before its tokens, so that two programs are compared by comparing lists. Layout goes
(indentation, line breaks, `;`, suites on a header's line), nothing else does: commas, parentheses and literals stay, but for
the quotes of a string whose text holds none, and the seams between short strings that hold no backslashes either.
"""

from __future__ import annotations

from typing import Final

_HEADS: Final = frozenset(
    ("if", "elif", "else", "while", "for", "try", "except", "finally", "with", "def", "class", "async"),
)
_DOCUMENTED: Final = frozenset(("def", "class"))
SEPARATOR: Final = "\x00"
LONGEST: Final = 1000  # characters of a string that another is joined to: copied each time, it must not grow for ever
WRONG: Final = f"{SEPARATOR}wrong"
"""Stands where no Python program goes on: an indentation that fits no block, a `;` that ends nothing, a header in a line."""


def plainly_quoted(literal: str) -> str:
    """A string whose text holds no quotes between single ones, three where it holds a line end; any other string as it is.

    >>> plainly_quoted('rb"a"'), plainly_quoted("'''b'''")
    ("rb'a'", "'b'")
    """
    start, end = 0, len(literal) - 1
    quote = literal[end]
    while literal[start] != quote:
        start += 1
    first = start + 1
    if start == end:  # a quote that begins no string
        return literal
    if end - start >= 5 and literal[start:first] == literal[start + 1 : start + 2] == literal[start + 2 : start + 3]:
        first, end = start + 3, end - 2
    body = literal[first:end]
    lines = "\n" in body
    if "'" in body or '"' in body or (lines and first == start + 1):  # line ends between single quotes are not for us to judge
        return literal
    around = "'''" if lines else "'"
    return f"{literal[:start]}{around}{body}{around}"


def is_joinable(token: str) -> bool:
    """Whether a token is a short string that means with another one, side by side, what the text of both in one means.

    >>> is_joinable("'a'"), is_joinable("b'a'")
    (True, False)
    """
    return token[0] == "'" and 2 < len(token) <= LONGEST and token[1] != "'" and "\\" not in token


class StatementReader:
    """Cuts one program into statements; `comments` gets each comment and its place.

    Its tokens are those of the text behind a line end, so that the first line has an indentation too.
    """

    def __init__(self, tokens: list[str], drop_docstrings: bool) -> None:
        self.tokens: list[str] = tokens
        self.drop_docstrings: bool = drop_docstrings
        self.statements: list[str] = []
        self.comments: list[tuple[int, str]] = []
        self.current: list[str] = []
        self.widths: list[int] = [0]
        self.tabless: list[int] = [0]  # the same, a tab counted as one column: Python wants both to agree
        self.opens: bool = False  # the last statement was a header, and its block must follow on the next line
        self.extra: int = 0  # 1 inside a suite on its header's line
        self.joined: bool = False  # behind a `;` or a header on the same line: no header may follow
        self.words: int = 0  # that stand before, and statements that began: the place of a comment
        self.began: tuple[int, int] = (0, 0)  # words and comments before the statement
        self.brackets: int = 0
        self.lambdas: int = 0
        self.head: bool = False
        self.document: bool = True  # the next statement may be a docstring
        self.hungry: bool = False  # a docstring was dropped, and its block has no other statement so far
        self.hungry_depth: int = 0
        self.matches: list[bool] = [False]  # for each block, whether it belongs to a `match` statement
        self.opens_match: bool = False

    def run(self) -> list[str]:
        """All statements, in order."""
        tokens = self.tokens
        for index in range(len(tokens)):
            token = tokens[index]
            mark = token[:1]
            if mark == "\n":
                if self.brackets == 0:
                    self.end()
                    self.extra = 0
                    self.joined = False
                    self.indent(token, tokens[index + 1] if index + 1 < len(tokens) else "")
            elif mark == "#":
                own = tokens[index - 1][:1] == "\n"
                self.comments.append((self.words, "\n" + token if own else token))
            elif mark == ";" and self.brackets == 0:
                if not self.current:
                    self.statements.append(WRONG)
                self.end()
                if self.opens:
                    self.statements.append(WRONG)
                self.joined = True
            elif mark != "":
                self.add(token, tokens[index + 1])
        self.end()
        self.feed(-1)
        return self.statements

    def depth(self) -> int:
        """The depth of the statement being read."""
        return len(self.widths) - 1 + self.extra

    def indent(self, newline: str, following: str) -> None:
        """Follows the indentation of the next logical line."""
        if following == "" or following[0] == "#" or following[0] == "\n":
            return
        blank = newline[newline.rfind("\n") + 1 :]
        width = tabless = len(blank)
        if "\t" in blank or "\f" in blank:
            blank = blank[blank.rfind("\f") + 1 :]
            width, tabless = len(blank.expandtabs(8)), len(blank)
        wrong = width > self.widths[-1] and not self.opens
        if wrong or width < self.widths[-1]:
            while width < self.widths[-1]:
                self.widths.pop()
                self.tabless.pop()
                self.matches.pop()
            wrong = wrong or width > self.widths[-1]
        elif width > self.widths[-1]:
            self.widths.append(width)
            self.tabless.append(tabless)
            self.matches.append(self.opens_match)
        if wrong or tabless != self.tabless[-1]:
            self.statements.append(WRONG)

    def add(self, token: str, following: str) -> None:
        """One significant token."""
        mark = token[0]
        if not self.current:
            self.head = token in _HEADS or (token == "case" and self.matches[-1] and not self.joined)
            if self.head and self.joined:
                self.statements.append(WRONG)
            self.lambdas = 0
            self.began = (self.words, len(self.comments))
            self.words += token != "pass"
        if mark.isalnum() or mark == "_" or mark > "\x7f" or (mark == "." and len(token) > 1 and token != "..."):
            if token[-1] not in "'\"":
                self.words += token != "pass"
                self.lambdas += token == "lambda" and self.brackets == 0
        elif mark in "([{":
            self.brackets += 1
        elif mark in ")]}":
            self.brackets -= 1
        if token[-1] in "'\"":
            token = plainly_quoted(token)
            if self.current and is_joinable(token) and is_joinable(self.current[-1]):
                token = self.current.pop()[:-1] + token[1:]
        self.current.append(token)
        if token == ":" and self.head and self.brackets == 0:
            if self.lambdas:
                self.lambdas -= 1
            else:
                self.end_head(following)

    def end_head(self, following: str) -> None:
        """Ends a header; what follows on its line is a block of its own."""
        document = self.current[0] in _DOCUMENTED or self.current[:2] == ["async", "def"]
        self.end()
        self.document = document
        self.opens = following == "" or following[0] == "\n" or following[0] == "#"
        if not self.opens:
            self.extra = 1
            self.joined = True

    def end(self) -> None:
        """Ends a statement, if one is being read."""
        if not self.current:
            return
        self.opens = False
        depth = self.depth()
        self.feed(depth)
        if self.document and self.drop_docstrings and self.is_docstring():
            self.hungry, self.hungry_depth = True, depth
            self.current = []
            self.words, first = self.began
            self.comments[first:] = [(self.words, text) for _, text in self.comments[first:]]
            return
        self.document = False
        self.opens = self.opens_match = self.current[0] == "match" and self.current[-1] == ":"
        self.statements.append(f"{depth}{SEPARATOR}{SEPARATOR.join(self.current)}")
        self.current = []

    def feed(self, depth: int) -> None:
        """A block whose docstring was dropped gets a `pass` where nothing else stands in it."""
        if self.hungry:
            self.hungry = False
            if depth < self.hungry_depth and self.hungry_depth > 0:
                self.statements.append(f"{self.hungry_depth}{SEPARATOR}pass")
                self.document = False

    def is_docstring(self) -> bool:
        """Whether the statement is nothing but text in quotes."""
        found = False
        for token in self.current:
            if token[-1] in "'\"":
                prefix = token[: min(token.find(quote) for quote in "'\"" if quote in token)]
                if not set(prefix) <= set("rRuU"):
                    return False
                found = True
            elif token != ")" and (token != "(" or found):  # a parenthesis behind a string calls it
                return False
        return found
