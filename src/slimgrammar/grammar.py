"""The files of `grammars/`, which say what a language is: found in a checkout or in the installed package, read once.

A checkout keeps them at its top; a wheel carries them as the data of `slimgrammar.grammars`.
"""

from __future__ import annotations

import tomllib
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
def _symbols() -> dict[str, Any]:
    return tomllib.loads(text("symbols.toml"))


def soft_keywords() -> dict[str, str]:
    """Soft keyword → the mark that the compact grammar writes for it.

    >>> soft_keywords()["match"]
    '?'
    """
    return dict(_symbols()["soft_keywords"])


def symbol_escape() -> str:
    """What stands before a symbol's character that is only text, in the `symbols` dialect."""
    return str(_symbols()["escape"])


def symbol_table() -> dict[str, str]:
    """Symbol of the `symbols` dialect → the compact text that it stands for, in the file's order.

    >>> all(len(symbol) == 1 for symbol in symbol_table())
    True
    """
    return {entry["symbols"]: entry["compact"] for entry in _symbols()["symbol"]}
