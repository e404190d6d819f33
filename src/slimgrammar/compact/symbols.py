"""The `symbols` dialect: compact text in which frequent runs of grammar are single characters, which a tokenizer learns.

`grammars/symbols.toml` lists them. A symbol is a private-use character, so no Python program holds one outside of strings and
comments; one that stands in there is escaped by `ESCAPE`. Strings and comments are otherwise untouched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

from slimgrammar import grammar
from slimgrammar.compact import reading
from slimgrammar.compact.contraction import contraction
from slimgrammar.compact.spelling import CompactWriter
from slimgrammar.compact.stream import ALL_RULES
from slimgrammar.errors import SyntaxProblem, offset_of, place
from slimgrammar.grammar import symbol_escape, symbol_table

ESCAPE: Final = symbol_escape()
_HOLE: Final = "\0"  # stands for a string or comment while the text around it is rewritten; no program holds one
_WORD: Final = re.compile(r"\w")


@cache
def _runs(off: frozenset[str]) -> tuple[re.Pattern[str], dict[str, str]]:
    """What finds the longest run at a place of compact text without strings, and the symbol of each run."""
    entries = grammar.table("symbols.toml")["symbol"]
    symbols: dict[str, str] = {entry["compact"]: entry["symbols"] for entry in entries if f"symbol:{entry['name']}" not in off}
    longest_first = sorted(symbols, key=len, reverse=True)
    return re.compile("|".join(map(alone, longest_first)) or "(?!)"), symbols


def alone(run: str) -> str:
    """A pattern for a run that is no part of a longer word."""
    before = r"(?<!\w)" if _WORD.match(run[0]) else ""
    after = r"(?!\w)" if _WORD.match(run[-1]) else ""
    return f"{before}{re.escape(run)}{after}"


@cache
def _marks() -> re.Pattern[str]:
    """What finds a symbol or the escape."""
    return re.compile("[" + "".join(map(re.escape, [*symbol_table(), ESCAPE])) + "]")


def write(stream: list[str], *, off: frozenset[str] = ALL_RULES) -> str:
    """A canonical stream in the `symbols` dialect, without the rules that are `off`; no line end after the last line.

    A symbol is the rule `symbol:NAME`.

    >>> len(write(["x", "is", "not", "None", "\\n"])), to_compact(write(["x", "is", "not", "None", "\\n"]))
    (2, 'x is not None')
    """
    literals: list[str] = []
    pieces = CompactWriter(stream, off).pieces()
    for at, piece in enumerate(pieces):
        if piece[-1:] in ("'", '"') or piece[:1] == "#":
            literals.append(piece)
            pieces[at] = _HOLE
    pattern, symbols = _runs(frozenset(name for name in off if name.startswith("symbol:")))
    code = pattern.sub(lambda match: symbols[match.group()], "".join(pieces).removesuffix("\n"))
    return _filled(code, literals)


def _filled(code: str, literals: list[str]) -> str:
    """Rewritten code with its strings and comments back in their places."""
    marks = _marks()
    parts = code.split(_HOLE)
    filled = [parts[0]]
    for literal, part in zip(literals, parts[1:], strict=True):
        filled += (marks.sub(rf"{ESCAPE}\g<0>", literal) if marks.search(literal) else literal, part)
    return "".join(filled)


def read(text: str) -> list[str]:
    """The canonical stream of a text in the `symbols` dialect.

    Raises:
        SyntaxProblem: the text leaves the grammar or ends too early; the place is that in the text.
    """
    compact = to_compact(text)
    try:
        return reading.read(compact)
    except SyntaxProblem as problem:
        offset = contracted(text)(offset_of(compact, problem.line, problem.column))
        raise type(problem)(problem.message, *place(text, offset)) from None


def to_compact(text: str) -> str:
    """The compact text of a text in the `symbols` dialect, the inverse of `write`."""
    return "".join(run for run, _, _ in expand(text))


def contracted(text: str) -> Callable[[int], int]:
    """What takes an offset in the compact text of a `symbols` text to one in that text: a symbol's run to its start."""
    return contraction(expand(text), len(text))


def expand(text: str) -> Iterator[tuple[str, int, int]]:
    """Pieces of compact text, each with where it starts and ends in a `symbols` text; text between symbols is one piece."""
    table, done = symbol_table(), 0
    marks = _marks()
    found = marks.search(text)
    while found is not None:
        start, end = found.span()
        if start > done:
            yield text[done:start], done, start
        if found.group() == ESCAPE:
            end = min(end + 1, len(text))
            yield text[start + 1 : end], start, end
        else:
            yield table[found.group()], start, end
        done = end
        found = marks.search(text, done)
    if done < len(text):
        yield text[done:], done, len(text)
