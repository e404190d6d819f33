"""The reference decoder: compact text → the canonical stream, by `grammars/slim.lark` alone.

Slow and obvious: lark parses, and each rule that says more than its tokens is replaced by what it stands for. It shares nothing
with the fast reader (`reading`) but the stream itself and the spelling of literals; tests hold the two equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from slimgrammar import grammar
from slimgrammar.compact.literals import respell
from slimgrammar.compact.stream import CASE, CLOSE, MATCH, OPEN, OPEN_ONE, OPEN_SIMPLE, OPENERS, TYPE
from slimgrammar.errors import SyntaxProblem, UnknownSymbol, place

Part = Tree[Token] | Token | str
"""A rule, a token of the text, or an item of the stream that the text leaves out."""

_INDENT: Final = " " * 4
_OPENING: Final = frozenset("([{")
_CLOSING: Final = frozenset(")]}")


def read(text: str) -> list[str]:
    """The canonical stream of a compact text.

    Raises:
        SyntaxProblem: the text leaves the grammar or ends too early; UnknownSymbol for a character that starts no token.

    >>> read("def.f(a b):return a b")[:10]
    ['def', 'f', '(', 'self', ',', 'a', ',', 'b', ')', ':']
    """
    try:
        tree, comments = _parse(text)
    except UnexpectedCharacters as error:
        offset = error.pos_in_stream or 0
        raise UnknownSymbol(f"unknown symbol {text[offset]!r}", *place(text, offset)) from None
    except UnexpectedToken as error:
        raise _problem(text, error.token) from None
    return _with_docstrings(_with_comments(_leaves(tree), comments))


@cache
def parser() -> Lark:
    """The parser that lark makes of the grammar."""
    return Lark(
        grammar.text("slim.lark"), parser="lalr", lexer="basic", start="module", keep_all_tokens=True, maybe_placeholders=False
    )


def _parse(text: str) -> tuple[Tree[Token], list[Token]]:
    """The syntax tree of a text, and the comments inside its brackets, which are not in the tree."""
    parsing = parser().parse_interactive(text + "\n")
    tokens = list(parsing.lexer_thread.lex(parsing.parser_state))  # type: ignore[no-untyped-call]
    outside, comments = outside_brackets(text, tokens)
    for token in outside:
        parsing.feed_token(token)
    tree: Tree[Token] = parsing.feed_eof(tokens[-1])  # type: ignore[no-untyped-call]  # lark leaves these two untyped
    return tree, comments


def _problem(text: str, token: Token) -> SyntaxProblem:
    """What is wrong where the parser could not go on."""
    if token.type == "$END":
        return SyntaxProblem("the text ends too early", *place(text, len(text)))
    message = "unexpected end of the line" if token.type == "NEWLINE" else f"unexpected {token[:40]!r}"
    return SyntaxProblem(message, *place(text, token.start_pos or 0))


def outside_brackets(text: str, tokens: list[Token]) -> tuple[list[Token], list[Token]]:
    """Takes comments and line ends out of brackets: no rule of the grammar knows of them there.

    Returns:
        The other tokens, and the comments; of the latter, one with a line of its own starts with a line end.

    Raises:
        SyntaxProblem: inside brackets a line ends where no comment does and none follows.
    """
    outside: list[Token] = []
    comments: list[Token] = []
    depth = 0
    for before, token, following in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        depth += (token in _OPENING) - (token in _CLOSING)
        if depth > 0 and token.type == "COMMENT":
            own_line = before is not None and before.type == "NEWLINE"
            comments.append(Token.new_borrow_pos("COMMENT", "\n" * own_line + token, token))
        elif depth > 0 and token.type == "NEWLINE":
            if "COMMENT" not in (before and before.type, following and following.type):
                raise SyntaxProblem("a line ends inside brackets", *place(text, token.start_pos or 0))
        else:
            outside.append(token)
    return outside, comments


def _leaves(tree: Tree[Token]) -> Iterator[Token | str]:
    """The tree's tokens in order, with what the rules leave out."""
    pending: list[Part] = [tree]
    while pending:
        part = pending.pop()
        if isinstance(part, Tree):
            meaning = _MEANING.get(part.data)
            pending.extend(reversed(meaning(list(part.children)) if meaning else part.children))
        else:
            yield part


def _module(parts: list[Part]) -> list[Part]:
    """A program, without a final line end that ends no statement."""
    return [part for part in parts if not _is(part, "NEWLINE")]


def _comment_line(parts: list[Part]) -> list[Part]:
    """A comment with a line of its own."""
    return [f"\n{parts[0]}"]


def _inline_block(parts: list[Part]) -> list[Part]:
    """A block on its header's line; comment lines after it are not in it."""
    end = _places(parts)[0] + 1
    return [parts[0], OPEN_ONE, *parts[1:end], CLOSE, *parts[end:]]


def _line_block(parts: list[Part]) -> list[Part]:
    """A block of lines, up to its empty line; comment lines after that are not in it."""
    start, end = _places(parts)
    inside = parts[start + 1 : end]
    opener = OPEN if _is(parts[1], "COMMENT") else _opener(inside)
    return [*parts[:start], opener, *inside, CLOSE, *parts[end + 1 :]]


def _opener(parts: list[Part]) -> str:
    """How a block of lines opens: by what it holds."""
    lines = [part.children for part in parts if isinstance(part, Tree) and part.data == "simple_line"]
    if len(lines) < len(parts) or any(_is(part, "comment_line") for line in lines for part in line):
        return OPEN
    if len(lines) == 1:
        return OPEN_ONE
    return OPEN if any(_is(part, "COMMENT") for line in lines for part in line) else OPEN_SIMPLE


def _places(parts: list[Part]) -> list[int]:
    """Where a block's own line ends stand among its parts."""
    return [at for at, part in enumerate(parts) if _is(part, "NEWLINE")]


def _is(part: Part, name: str) -> bool:
    """Whether a part is a rule or a token of this name."""
    return (isinstance(part, Tree) and part.data == name) or (isinstance(part, Token) and part.type == name)


def _method(parts: list[Part]) -> list[Part]:
    """A method's name and parameters: the dot said `self`."""
    _, name, bracket, *rest = parts
    implied = ["self", ","] if len(rest) > 1 else ["self"]
    at = bracket if isinstance(bracket, Token) else None
    return [name, bracket, *(Token.new_borrow_pos("IMPLIED", text, at) if at else text for text in implied), *rest]


def _word_list(parts: list[Part]) -> list[Part]:
    """The strings of a list of words."""
    (token,) = parts
    assert isinstance(token, Token)
    found: list[Part] = []
    for word in token[2:-1].split(" "):
        found += (Token.new_borrow_pos("COMMA", ",", token), Token.new_borrow_pos("STRING", f"'{word}'", token))
    return found[1:]


def _instead(mark: str) -> Callable[[list[Part]], list[Part]]:
    """The meaning of a rule whose first part stands for `mark`."""
    return lambda parts: [mark, *parts[1:]]


_MEANING: Final[dict[str, Callable[[list[Part]], list[Part]]]] = {
    "module": _module,
    "comment_line": _comment_line,
    "inline_block": _inline_block,
    "line_block": _line_block,
    "method": _method,
    "self_attribute": lambda parts: ["self", *parts],
    "implied_comma": lambda _: [","],
    "implied_colon": lambda _: [":"],
    "implied_import": lambda _: ["import"],
    "implied_in": lambda _: ["in"],
    "word_list": _word_list,
    "match_statement": _instead(MATCH),
    "case_block": _instead(CASE),
    "type_alias": _instead(TYPE),
}


def _with_comments(parts: Iterator[Token | str], comments: list[Token]) -> Iterator[str]:
    """Puts the comments from inside brackets back, each before the token after it and what that token implies."""
    waiting = iter(comments)
    comment = next(waiting, None)
    implied: list[str] = []
    for part in parts:
        if not isinstance(part, Token):
            implied.append(part)
            continue
        while comment is not None and (comment.start_pos or 0) < (part.start_pos or 0):
            yield str(comment)
            comment = next(waiting, None)
        yield from implied
        implied.clear()
        yield str(part)
    yield from implied


def _with_docstrings(items: Iterator[str]) -> list[str]:
    """Gives a string that starts a block its indentation back."""
    stream: list[str] = []
    depth = 0
    starts = True
    for item in items:
        if item in OPENERS:
            depth, starts = depth + 1, True
        elif item == CLOSE:
            depth, starts = depth - 1, False
        elif starts and item[0] not in "#\n":
            starts = False
            if item[-1] in "'\"":
                stream.append(_indented(item, depth))
                continue
        stream.append(item)
    return stream


def _indented(literal: str, depth: int) -> str:
    """A docstring with the indentation of its block, which empty lines have not; `$` and single quotes say it never lost it."""
    if literal[0] == "$":
        return literal[1:]
    if depth == 0 or "\n" not in literal:
        return literal
    if literal.endswith("'''"):
        return respell(literal)
    if not literal.endswith('"""'):
        return literal
    first, *middle, last = literal.split("\n")
    blank = _INDENT * depth
    return "\n".join([first, *(line and blank + line for line in middle), blank + last])
