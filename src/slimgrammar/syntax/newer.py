"""Syntax newer than the host's parser, rewritten so that the host can judge it, and compare it, piece by piece.

The rewriting loses nothing and hides nothing: two programs have equal rewritten trees only where their own trees are equal, and
a rewritten program parses only where its own syntax is right. So each piece goes to a place of the same grammar rule:

    type X[T] = value           raise ''('X', parameters) from value        (both take a single `expression`)
    def f[T: int = str](x)      def f(_: parameters, x)                     class C[T]  →  class C(parameters)
    except A, B:                except (A, B):
    f'a{x!r:>{w}}' 'b'          ''('a', [(x), 'r', ['>', [(w), '', None]]], 'b')

Type parameters and aliases are PEP 695 and 696, f-strings that nest their quotes PEP 701, t-strings PEP 750, bare
`except a, b:` PEP 758. The result is only ever parsed, never encoded.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from keyword import iskeyword
from typing import Final

from slimgrammar.syntax.fstrings import is_fstring
from slimgrammar.syntax.lexer import scan
from slimgrammar.syntax.newer_strings import lower_expression, lower_strings

_HEADS: Final = frozenset(
    ("if", "elif", "else", "while", "for", "try", "except", "finally", "with", "def", "class", "async", "case"),
)
_PARTNER: Final = {"(": ")", "[": "]", "{": "}"}

Token = tuple[str, int]
Edit = tuple[int, int, str]
"""Start and stop in the source, and the text to put there."""


@dataclass(frozen=True, slots=True)
class Lowered:
    """A rewritten program, and how to find a place of it in the source.

    Attributes:
        text: the program in the syntax of Python 3.11.
        edits: what was rewritten, in order.
    """

    text: str
    edits: tuple[Edit, ...]

    def source_offset(self, offset: int) -> int:
        """The offset in the source that an offset of the text came from; inside what was rewritten, where that starts."""
        starts: list[int] = []
        shift = 0
        for start, stop, text in self.edits:
            starts.append(start + shift)
            shift += len(text) - (stop - start)
        at = bisect_right(starts, offset) - 1
        if at < 0:
            return offset
        start, stop, text = self.edits[at]
        inside = offset - starts[at]
        return start if inside < len(text) else stop + inside - len(text)


def lower(source: str) -> Lowered:
    """The program in the syntax of Python 3.11.

    What is not right by the grammar of the newer syntax stays as it is, so that the host refuses it.

    >>> lower("def f[T](x: T): return f'{x['a']}'").text
    "def f(_: [('T', None, None)], x: T): return ''([(x['a']), '', None])"
    >>> lower("try: pass\\nexcept A, B: pass").text
    'try: pass\\nexcept (A, B): pass'
    """
    return _applied(source, _Lowering(source).run())


def _applied(source: str, edits: list[Edit]) -> Lowered:
    parts: list[str] = []
    done = 0
    for start, stop, text in edits:
        parts += (source[done:start], text)
        done = stop
    return Lowered("".join([*parts, source[done:]]), tuple(edits))


class _Lowering:
    """One pass over the tokens of a program; `edits` grows in the order of the text."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens = scan(source)
        self.closing = _closing_brackets(self.tokens)
        self.edits: list[Edit] = []
        self.at = 0
        self.pending: list[int] = []  # offsets at which a `)` is to be put in
        self.fresh = True  # at the first token of a statement
        self.head = False
        self.depth = 0
        self.lambdas = 0

    def run(self) -> list[Edit]:
        """All edits."""
        while self.at < len(self.tokens) - 1:
            token, offset = self.tokens[self.at]
            if self.pending and offset >= self.pending[-1]:
                self.edits.append((offset, offset, ")"))
                self.pending.pop()
            if token[0] == "\n":
                self.fresh = self.fresh or self.depth == 0
                self.at += 1
            elif token[0] == "#":
                self.at += 1
            else:
                self.token(token)
        return self.edits

    def token(self, token: str) -> None:
        """One significant token: rewrites what starts at it, or steps over it."""
        if self.fresh:
            self.fresh = False
            self.lambdas = 0
            self.head = token in _HEADS
            if token == "type" and self.alias():
                return
            if token == "except":
                self.bare_tuple()
        if token[-1] in "'\"" and self.strings():
            return
        if token in ("def", "class") and self.parameters(token):
            return
        self.follow(token)
        self.at += 1

    def follow(self, token: str) -> None:
        """Keeps track of where statements start."""
        if token in ("(", "[", "{"):
            self.depth += 1
        elif token in (")", "]", "}"):
            self.depth -= 1
        elif self.depth:
            return
        elif token == ";":
            self.fresh = True
        elif token == "lambda":
            self.lambdas += 1
        elif token == ":":
            if self.lambdas:
                self.lambdas -= 1
            else:
                self.fresh, self.head = self.head, False

    def edit(self, start: int, stop: int, text: str) -> None:
        """Replaces the tokens from `start` up to `stop`, blanks behind them left as they are, and goes on at `stop`."""
        last, offset = self.tokens[stop - 1]
        self.edits.append((self.tokens[start][1], offset + len(last), text))
        self.at = stop

    def alias(self) -> bool:
        """`type NAME[parameters] = value`."""
        name = self.tokens[min(self.at + 1, len(self.tokens) - 1)][0]
        if not _is_name(name):
            return False
        equals, parameters = self.at + 2, "None"
        if self.tokens[equals][0] == "[":
            read = self.read_parameters(equals)
            if read is None:
                return False
            parameters, equals = read, self.closing[equals] + 1
        if self.tokens[equals][0] != "=":
            return False
        self.edit(self.at, equals + 1, f"raise ''({name!r}, {parameters}) from ")
        return True

    def parameters(self, token: str) -> bool:
        """The type parameters of a function or class."""
        opened = min(self.at + 2, len(self.tokens) - 1)
        if self.tokens[opened][0] != "[":
            return False
        parameters = self.read_parameters(opened)
        if parameters is None:
            return False
        paren = self.closing[opened] + 1
        if self.tokens[paren][0] == "(":
            following = self.tokens[paren + 1][0] if paren + 1 < len(self.tokens) else ""
            comma = "" if following in (")", "/") else ", "
            self.edit(opened, paren + 1, f"({'_: ' if token == 'def' else ''}{parameters}{comma}")
            self.depth += 1
        elif token == "class":
            self.edit(opened, paren, f"({parameters})")
        else:
            return False
        return True

    def read_parameters(self, opened: int) -> str | None:
        """The type parameters in a bracket as a list of tuples; None where they are malformed."""
        closed = self.closing.get(opened, -1)
        if closed <= opened + 1:
            return None
        found: list[str] = []
        for start, stop in self.items(opened + 1, closed):
            one = self.read_parameter(start, stop)
            if one is None:
                return None
            found.append(one)
        return f"[{', '.join(found)}]" if found else None

    def read_parameter(self, start: int, stop: int) -> str | None:
        """`NAME: bound = default`, `*NAME = default` or `**NAME = default` as a tuple."""
        stars = self.tokens[start][0] if self.tokens[start][0] in ("*", "**") else ""
        named = self.skip_layout(start + bool(stars))
        name = self.tokens[named][0]
        if named >= stop or not _is_name(name):
            return None
        at = self.skip_layout(named + 1)
        bound = default = "None"
        if at < stop and self.tokens[at][0] == ":" and not stars:
            end = next((index for index in self.top_level(at + 1, stop) if self.tokens[index][0] == "="), stop)
            bound, at = f"lambda: {self.text(at + 1, end)}", end
        if at < stop and self.tokens[at][0] == "=":
            value = self.text(at + 1, stop)
            default = f"[{value},]" if stars == "*" and value.startswith("*") else f"lambda: {value}"
            at = stop
        return f"('{stars}{name}', {bound}, {default})" if at >= stop else None

    def skip_layout(self, at: int) -> int:
        """The next token that is neither a line end nor a comment."""
        while self.tokens[at][0][:1] in ("\n", "#"):
            at += 1
        return at

    def items(self, start: int, stop: int) -> list[tuple[int, int]]:
        """What stands between the commas of a bracket; an empty last item, behind a last comma, does not count."""
        found: list[tuple[int, int]] = []
        begin = start
        for index in [*(at for at in self.top_level(start, stop) if self.tokens[at][0] == ","), stop]:
            first = self.skip_layout(begin)
            if index < stop or first < stop:
                found.append((first, index))
            begin = index + 1
        return found

    def top_level(self, start: int, stop: int) -> list[int]:
        """The tokens between two that stand in no bracket and in no parameter list of a lambda."""
        found: list[int] = []
        lambdas, at = 0, start
        while at < stop:
            token = self.tokens[at][0]
            if at in self.closing:
                at = self.closing[at]
            elif token == "lambda":
                lambdas += 1
            elif token == ":" and lambdas:
                lambdas -= 1
            elif not lambdas:
                found.append(at)
            at += 1
        return found

    def text(self, start: int, stop: int) -> str:
        """The expression from one token up to another, rewritten, on one line and without comments."""
        words = [token for token, _ in self.tokens[start:stop] if token[:1] not in ("\n", "#")]
        return lower_expression(" ".join(words))

    def bare_tuple(self) -> None:
        """`except a, b:` without parentheses; what stands in it stays to be rewritten."""
        first = self.at + 1 + (self.tokens[self.at + 1][0] == "*")
        commas, previous = 0, ","
        for index in self.top_level(first, self.end_of_line(first)):
            token, offset = self.tokens[index]
            if token in ("as", ":=") or (token[0] == "*" and previous == ","):
                return
            if token == ":":
                if commas:
                    opened = self.tokens[first][1]
                    self.edits.append((opened, opened, "("))
                    self.pending.append(offset)
                return
            commas += token == ","
            previous = token

    def end_of_line(self, at: int) -> int:
        """The token that ends the logical line."""
        while at < len(self.tokens) - 1 and self.tokens[at][0][0] != "\n":
            at = self.closing.get(at, at) + 1
        return min(at, len(self.tokens) - 1)

    def strings(self) -> bool:
        """Adjacent strings, an f-string or t-string among them."""
        run: list[str] = []
        index = last = self.at
        while True:
            token = self.tokens[index][0]
            if token[-1:] in ("'", '"') and token[0] != "#" and len(token) > 1:
                run.append(token)
                last = index
            elif not (self.depth and token[:1] in ("\n", "#")):
                break
            index += 1
        text = lower_strings(run) if any(map(is_fstring, run)) else None
        if text is None:
            return False
        self.edit(self.at, last + 1, text)
        return True


def _is_name(word: str) -> bool:
    return word.isidentifier() and not iskeyword(word)


def _closing_brackets(tokens: list[Token]) -> dict[int, int]:
    """For each opening bracket that is closed, the token that closes it."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for index, (token, _) in enumerate(tokens):
        if token in _PARTNER:
            opened.append(index)
        elif opened and token == _PARTNER[tokens[opened[-1]][0]]:
            found[opened.pop()] = index
    return found
