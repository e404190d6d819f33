"""What the parts of a text are: identifiers, brackets, docstrings …, for programs in any dialect.

`slim stats --why` shares the tokens of a vocabulary among these.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterator
from typing import Final, NamedTuple

from slimgrammar.compact import symbols
from slimgrammar.compact.reading import scan_compact
from slimgrammar.grammar import soft_keywords, symbol_table
from slimgrammar.syntax.lexer import scan

CATEGORIES: Final = (
    *("identifiers", "keywords", "operators", "brackets", "commas", "colons", "newlines", "indentation"),
    *("strings", "docstrings", "comments", "numbers", "symbols", "blanks"),
)
"""All of them: `newlines` has the `;` too, `symbols` are those of the dialect, `blanks` are what none of the others holds."""

_SINGLE: Final = {
    **dict.fromkeys("()[]{}", "brackets"),
    ",": "commas",
    ":": "colons",
    ";": "newlines",
    **dict.fromkeys(keyword.kwlist, "keywords"),
}
_MARKS: Final = frozenset(soft_keywords().values())
_DOCUMENTED: Final = frozenset(("def", "class", "async"))


class Part(NamedTuple):
    """A stretch of a text, from `start` up to `end`, and its category."""

    start: int
    end: int
    category: str


def parts(text: str, dialect: str = "python") -> list[Part]:
    """The parts of a program's text in order; what stands between them are blanks.

    Args:
        text: the program, `\\n` line ends.
        dialect: what it is written in; "python" is any Python.

    >>> parts("x = 1")[:2]
    [Part(start=0, end=1, category='identifiers'), Part(start=2, end=3, category='operators')]
    """
    if dialect == "symbols":
        return sorted(_with_symbols(text))
    return list(_parts(scan_compact(text) if dialect == "compact" else scan(text)))


def _parts(tokens: list[tuple[str, int]]) -> Iterator[Part]:
    """The parts that lexical tokens are; the tokens' line structure tells docstrings and marks."""
    depth, first, before = 0, "", ""  # of brackets; of the statement, and the last token of it
    for at, (token, start) in enumerate(tokens):
        mark, end = token[:1], start + len(token)
        if mark == "\n":
            indented = start + token.rindex("\n") + 1
            yield Part(start, indented, "newlines")
            if indented < end:
                yield Part(indented, end, "indentation")
        elif mark == "#":
            yield Part(start, end, "comments")
        elif token:
            depth += (mark in "([{") - (mark in ")]}")
            alone = not before or (before == ":" and first in _DOCUMENTED and depth == 0)
            following = tokens[at + 1][0] if at + 1 < len(tokens) else ""
            yield Part(start, end, _category(token, start_of_statement=alone, following=following))
            first = first or token
            before = token
        if depth == 0 and mark and mark in "\n;":
            first = before = ""


def _category(token: str, *, start_of_statement: bool, following: str) -> str:
    """The category of one lexical token that is neither comment nor line end."""
    if token[-1] in "'\"":
        whole = start_of_statement and following[:1] in ("", "\n", "#", ";")
        return "docstrings" if whole else "strings"
    if token in _SINGLE:
        return _SINGLE[token]
    mark = token[0]
    if mark.isdigit() or (mark == "." and token[1:2].isdigit()):
        return "numbers"
    if mark.isalpha() or mark == "_" or mark > "\x7f":
        return "identifiers"
    return "keywords" if start_of_statement and token in _MARKS else "operators"


def _with_symbols(text: str) -> Iterator[Part]:
    """The parts of a text in the `symbols` dialect: those of its compact text, but for the runs that are symbols."""
    table = symbol_table()
    contract = symbols.contracted(text)
    runs: list[tuple[int, int]] = []  # where in the compact text the symbols' runs start and end
    size = 0
    for run, start, end in symbols.expand(text):
        if text[start] in table:
            runs.append((size, size + len(run)))
            yield Part(start, end, "symbols")
        size += len(run)
    at = 0
    for start, end, category in parts(symbols.to_compact(text), "compact"):
        while at < len(runs) and runs[at][1] <= start:
            at += 1
        left, overlapping = start, at  # a run may take a part's first or last characters: `():.` of `():...`
        while overlapping < len(runs) and runs[overlapping][0] < end:
            if left < runs[overlapping][0]:
                yield Part(contract(left), contract(runs[overlapping][0]), category)
            left, overlapping = runs[overlapping][1], overlapping + 1
        if left < end:
            yield Part(contract(left), contract(end), category)
