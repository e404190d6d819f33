"""The files of `grammars/`, which say what a language is: found in a checkout or in the installed package, read once.

A checkout keeps them at its top; a wheel carries them as the data of `slimgrammar.grammars`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).resolve().parent
_PLACES = (_HERE / "grammars", _HERE.parents[1] / "grammars")


def folder() -> Path:
    """The folder that holds the grammar files."""
    return next((place for place in _PLACES if place.is_dir()), _PLACES[0])


@cache
def text(name: str) -> str:
    """The text of a grammar file.

    Args:
        name: its path inside `grammars/`, with `/` between folders, such as "slim.lark".

    Raises:
        FileNotFoundError: there is no such file.
    """
    return folder().joinpath(*name.split("/")).read_text(encoding="utf-8")


@cache
def table(name: str) -> dict[str, Any]:
    """The content of a TOML file among the grammars."""
    return tomllib.loads(text(name))


def soft_keywords() -> dict[str, str]:
    """Soft keyword → the mark that the compact grammar writes for it.

    >>> soft_keywords()["match"]
    '?'
    """
    return dict(table("symbols.toml")["soft_keywords"])


def symbol_escape() -> str:
    """What stands before a symbol's character that is only text, in the `symbols` dialect."""
    return str(table("symbols.toml")["escape"])


def symbol_table() -> dict[str, str]:
    """Symbol of the `symbols` dialect → the compact text that it stands for, in the file's order.

    >>> all(len(symbol) == 1 for symbol in symbol_table())
    True
    """
    return {entry["symbols"]: entry["compact"] for entry in table("symbols.toml")["symbol"]}


@dataclass(frozen=True, slots=True)
class Precedence:
    """How tight things bind, by `precedence.toml`; a level is a number, 0 is that of what is no expression.

    Attributes:
        levels: name of a level → its number.
        operators: operator → its level.
        behind: what stands on an expression's left → the level that the expression needs.
        before: the same of what stands on its right.
    """

    levels: dict[str, int]
    operators: dict[str, int]
    behind: dict[str, int]
    before: dict[str, int]


@cache
def precedence() -> Precedence:
    """The tables of `precedence.toml`.

    >>> found = precedence()
    >>> found.operators["+"] < found.operators["*"], found.behind["-"] == found.operators["*"]
    (True, True)
    """
    content = table("precedence.toml")
    levels = {level["name"]: number for number, level in enumerate(content["level"], 1)}
    operators = {operator: levels[level["name"]] for level in content["level"] for operator in level["operators"]}
    behind = {token: level + 1 for token, level in operators.items() if level >= levels["or"]}
    before = {token: level for token, level in operators.items() if level >= levels["bit_or"]}
    return Precedence(
        levels, operators, behind | _by_token(content["behind"], levels), before | _by_token(content["before"], levels)
    )


def _by_token(table: dict[str, list[str]], levels: dict[str, int]) -> dict[str, int]:
    return {token: levels[name] for name, tokens in table.items() for token in tokens}
