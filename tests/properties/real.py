"""Statements of the standard library as lists of words, recombined and damaged a little."""

from __future__ import annotations

import ast
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Final

from slimgrammar.syntax.lexer import scan

from .programs import DEDENT, INDENT, NEWLINE, program

_MODULES: Final = (
    *(
        "argparse",
        "ast",
        "bisect",
        "calendar",
        "cmd",
        "codeop",
        "configparser",
        "contextlib",
        "copy",
        "csv",
        "dataclasses",
        "difflib",
    ),
    *(
        "enum",
        "fractions",
        "functools",
        "gettext",
        "heapq",
        "inspect",
        "io",
        "ipaddress",
        "locale",
        "numbers",
        "operator",
        "optparse",
    ),
    *(
        "pathlib",
        "pprint",
        "queue",
        "random",
        "re/_parser",
        "sched",
        "shlex",
        "statistics",
        "string",
        "textwrap",
        "tokenize",
        "typing",
    ),
    *(
        "asyncio/tasks",
        "asyncio/streams",
        "collections/__init__",
        "email/message",
        "json/decoder",
        "unittest/case",
        "xml/dom/minidom",
    ),
)
_LONGEST: Final = 1200


@cache
def statements() -> list[list[str]]:
    """Top-level statements and those of classes, each at most a screen long."""
    home = Path(ast.__file__).parent
    found: list[list[str]] = []
    for name in _MODULES:
        path = home / f"{name}.py"
        if path.exists():  # newer versions move some
            text = path.read_text(encoding="utf-8")
            lines = text.splitlines(keepends=True)
            found += [words(part) for part in _parts(ast.parse(text), lines) if len(part) < _LONGEST]
    return found


def _parts(tree: ast.Module, lines: list[str]) -> list[str]:
    nodes: list[ast.stmt] = [
        *tree.body,
        *(inner for node in tree.body if isinstance(node, ast.ClassDef) for inner in node.body),
    ]
    parts: list[str] = []
    for node in nodes:
        decorators = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
        margin = " " * node.col_offset
        parts.append("".join(line.removeprefix(margin) for line in lines[first - 1 : node.end_lineno]))
    return parts


def words(text: str) -> list[str]:
    """The words of a program, without comments, with its line structure."""
    found: list[str] = []
    widths, depth = [0], 0
    tokens = scan(text)
    for (token, _), (following, _) in pairwise(tokens):
        if token[0] == "\n" and depth == 0 and found and following[:1] != "#":
            if found[-1] not in (NEWLINE, DEDENT):
                found.append(NEWLINE)
            width = len(token[token.rfind("\n") + 1 :].expandtabs()) if following else 0
            if width > widths[-1]:
                widths.append(width)
                found.append(INDENT)
            while width < widths[-1]:
                widths.pop()
                found.append(DEDENT)
        elif token[0] not in "\n#":
            depth += (token in ("(", "[", "{")) - (token in (")", "]", "}"))
            found.append(token)
    return found + [NEWLINE] * (found[-1:] not in ([NEWLINE], [DEDENT])) + [DEDENT] * (len(widths) - 1)


def recombined(chance: Random) -> list[str]:
    """Some statements of the standard library, one in three a little changed."""
    found: list[str] = []
    for _ in range(chance.choice((1, 1, 2, 4))):
        statement = chance.choice(statements())
        found += damaged(statement, chance) if chance.random() < 0.4 else statement
    return found


def damaged(statement: list[str], chance: Random) -> list[str]:
    """The statement with a word left out, doubled, put in parentheses, or with an expression in its place."""
    at = chance.randrange(len(statement))
    word = statement[at]
    if word in (NEWLINE, INDENT, DEDENT):
        return statement
    instead = chance.choice(
        ([], [word, word], ["(", word, ")"], [word, ","], ["(", word, ",", ")"], program(chance, "expr", deep=16))
    )
    return [*statement[:at], *instead, *statement[at + 1 :]]
