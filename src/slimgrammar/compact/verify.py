"""Proof that an encoding is reversible, on every encode, and the long proof that `slim check` runs.

The syntax tree of a program is a function of its logical statements: their depth and their tokens. So `verify` cuts source and
decoded program into statements (`statements`, which shares no code with the encoder) and compares them; equal statements are
done. Those that differ, because a comma, parentheses or a literal's spelling changed, are parsed on both sides and their trees
compared. Syntax newer than the host is rewritten for it first (`syntax.newer`). Comments must stand between the same words of
a statement.
"""

from __future__ import annotations

import ast
import gc
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from slimgrammar.compact.statements import SEPARATOR, StatementReader
from slimgrammar.errors import NotReversible, SlimError, SyntaxProblem
from slimgrammar.syntax import check as syntax
from slimgrammar.syntax.lexer import lex
from slimgrammar.syntax.newer import lower

_LAYOUT: Final = ("", " ", "\t", "\f", "\n", "\\")  # becomes part of a line end that is put before it
_HEAD: Final = re.compile(r"(?:async def|def|class|if|while|for|async for|async with|with)\b")


def verify(  # noqa: PLR0913 - what was done to the program, keyword-only
    source: str,
    decoded: str,
    *,
    comments: bool = True,
    docstrings: bool = True,
    host: bool = True,
    tokens: list[str] | None = None,
) -> None:
    """Refuses a decoded program that is not the source.

    Args:
        source: the source text, `\\n` line ends, known to be Python.
        decoded: what decoding its encoding gave.
        comments: whether comments were kept, and must stand at the same places.
        docstrings: whether docstrings were kept.
        host: whether the host's `ast` can parse the source.
        tokens: those of the source, from `lex`, where they are at hand.

    Raises:
        NotReversible: the two programs differ; it names the first statement that does.
    """
    tokens = lex(f"\n{source}") if tokens is None or source[:1] in _LAYOUT else ["\n", *tokens]
    ours, theirs = StatementReader(tokens, not docstrings), StatementReader(lex(f"\n{decoded}"), False)
    wanted, found = ours.run(), theirs.run()
    if wanted != found:
        _compare_statements(wanted, found, host)
    if comments and ours.comments != theirs.comments:
        _compare_comments(ours.comments, theirs.comments, exact=docstrings)


def _compare_statements(wanted: list[str], found: list[str], host: bool) -> None:
    """Compares the trees of all statements that are not equal token by token."""
    if len(wanted) != len(found):
        both = enumerate(zip(wanted, found, strict=False))
        at = next((number for number, (one, two) in both if _depth(one) != _depth(two)), len(found))
        raise NotReversible(f"{len(wanted)} statements became {len(found)}, near {_shown(wanted, at)}")
    pairs = [(one, two) for one, two in zip(wanted, found, strict=True) if one != two]
    for one, two in pairs:
        if _depth(one) != _depth(two):
            raise NotReversible(f"a block changed at {_shown([one], 0)}")
    if host and _same_trees("\n".join(_alone(one) for one, _ in pairs), "\n".join(_alone(two) for _, two in pairs)):
        return
    for one, two in pairs:
        if not _same_trees(_alone(one), _alone(two)) and (host or not _same_lowered(_alone(one), _alone(two))):
            raise NotReversible(f"{_shown([one], 0)} became {_shown([two], 0)}")


def _depth(statement: str) -> str:
    return statement[: statement.index(SEPARATOR)]


def _shown(statements: list[str], at: int) -> str:
    """A statement for a message."""
    if at >= len(statements):
        return "the end"
    text = " ".join(statements[at].split(SEPARATOR)[1:])
    return repr(text if len(text) <= 80 else text[:77] + "...")


def _alone(statement: str) -> str:
    """A statement as a program of its own."""
    text = " ".join(statement.split(SEPARATOR)[1:])
    if text.endswith(":"):
        if text.startswith("elif "):
            return f"{text[2:]} pass"
        if text.startswith(("except ", "except*", "except:")):
            return f"try: pass\n{text} pass"
        if text.startswith("match "):
            return f"{text}\n case _: pass"
        if text.startswith("case "):
            return f"match _:\n {text} pass"
        if _HEAD.match(text):
            return f"{text} pass"
        if text in ("else :", "try :", "finally :"):
            return text[:-2]
    return f"{text}\ndef _(): pass" if text.startswith("@") else text


@contextmanager
def _quiet() -> Iterator[None]:
    """No warnings about the source's own oddities, and no garbage collection: a tree is made of many small objects."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        if collecting:
            gc.enable()


def _same_trees(one: str, two: str) -> bool:
    """Whether the host parses both texts to equal trees."""
    try:
        with _quiet():
            return _equal(ast.parse(one), ast.parse(two))
    except (SyntaxError, RecursionError, MemoryError, ValueError):
        return False


def _equal(one: ast.AST, two: ast.AST) -> bool:
    """Whether two trees are equal, places aside; without recursion: a sum of a thousand terms is a thousand nodes deep."""
    todo: list[tuple[object, object]] = [(one, two)]
    while todo:
        first, second = todo.pop()
        if first.__class__ is not second.__class__:
            return False
        if isinstance(first, ast.AST):
            todo.extend((getattr(first, name, None), getattr(second, name, None)) for name in first._fields)
        elif isinstance(first, list) and isinstance(second, list):
            if len(first) != len(second):
                return False
            todo.extend(zip(first, second, strict=True))
        elif first != second:
            return False
    return True


def _same_lowered(one: str, two: str) -> bool:
    """Whether two texts are equal once newer syntax is rewritten."""
    return _same_trees(lower(one).text, lower(two).text)


def _compare_comments(wanted: list[tuple[int, str]], found: list[tuple[int, str]], *, exact: bool) -> None:
    """Compares comments and their places; behind a dropped docstring one may have got a line of its own."""
    if not exact:
        wanted = [(place, text.lstrip("\n")) for place, text in wanted]
        found = [(place, text.lstrip("\n")) for place, text in found]
    for one, two in zip(wanted, found, strict=False):
        if one != two:
            raise NotReversible(f"comment {one[1].strip()!r} became {two[1].strip()!r} or moved")
    if len(wanted) != len(found):
        raise NotReversible(f"{len(wanted)} comments became {len(found)}")


def prove(source: str, dialect: str = "compact", *, codebook: str | None = None) -> None:
    """The long proof: encodes, decodes, and compares whole syntax trees, type comments included, by the host's own `ast`.

    Beside what `verify` does on every encode this parses both programs whole, and encodes the decoded one again. So every
    corpus that is proved also tests `verify`.

    Args:
        source: the program.
        dialect: the dialect to prove.
        codebook: shorthands on top of it, as for `encode`.

    Raises:
        SyntaxProblem: the source is not Python.
        NotReversible: a step did not come back equal.
    """
    from slimgrammar.compact.api import decode, encode, normalise_newlines  # api verifies by this module

    source = normalise_newlines(source)
    host = syntax.check(source)
    text = encode(source, dialect=dialect, codebook=codebook, verify=False)
    try:
        decoded = decode(text, dialect=dialect, codebook=codebook, verify=False)
    except SyntaxProblem as problem:
        raise NotReversible(f"the encoding does not decode: {problem}") from None
    _compare_trees(source if host else lower(source).text, decoded if host else lower(decoded).text)
    verify(source, decoded, host=host)
    if encode(decoded, dialect=dialect, codebook=codebook, verify=False) != text:
        raise NotReversible("the decoded program encodes to another text")


def _compare_trees(source: str, decoded: str) -> None:
    """Compares the whole trees; a type comment may be malformed, and then it is only a comment."""
    with _quiet():
        try:
            wanted = ast.parse(source, type_comments=True)
        except SyntaxError:
            wanted, typed = ast.parse(source), False
        else:
            typed = True
        try:
            found = ast.parse(decoded, type_comments=typed)
        except SyntaxError as error:
            raise NotReversible(f"the decoded program is no Python: {error.msg}", error.lineno or 1) from None
        ignores = [ignore.tag for ignore in wanted.type_ignores] == [ignore.tag for ignore in found.type_ignores]
        wanted.type_ignores, found.type_ignores = [], []  # they hold line numbers
        if not ignores or not _equal(wanted, found):
            raise NotReversible("the syntax trees differ")


__all__ = ["SlimError", "SyntaxProblem", "prove", "verify"]
