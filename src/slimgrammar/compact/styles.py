"""The layout of decoded Python: as `layout` prints it, or by a formatter that is installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from typing import Final

from slimgrammar.errors import MissingExtra, SlimError


class UnknownStyle(SlimError, ValueError):
    """No style has this name; the message lists those that there are."""

    def __init__(self, name: str) -> None:
        super().__init__(f"unknown style {name!r}: use one of {', '.join(STYLES)}")


def style(text: str, name: str) -> str:
    """Python source in a style: "plain" (as it is), "black" or "ruff" (with the settings of the folder it runs in).

    Raises:
        UnknownStyle: there is no such style.
        MissingExtra: the formatter is not installed.
        SlimError: the formatter refused the text; the message is its own.

    >>> style("x=1", "plain")
    'x=1'
    """
    if name not in STYLES:
        raise UnknownStyle(name)
    return STYLES[name](text)


def _plain(text: str) -> str:
    return text


def _black(text: str) -> str:
    """Formatted by black."""
    try:
        import black
    except ImportError:
        raise MissingExtra("black", "black") from None
    try:
        return black.format_str(text, mode=black.Mode())
    except Exception as error:  # black raises errors of many kinds, its parser's among them, and none of ours
        raise SlimError(f"black: {error}") from error


def _ruff(text: str) -> str:
    """Formatted by the `ruff` executable."""
    command = _ruff_command()
    done = subprocess.run([*command, "format", "-"], input=text.encode(), capture_output=True, check=False)
    if done.returncode:
        raise SlimError(f"ruff: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode()


def _ruff_command() -> list[str]:
    """How ruff is run here: the one on the path, or the one beside this Python."""
    found = shutil.which("ruff")
    if found:
        return [found]
    if find_spec("ruff") is None:
        raise MissingExtra("ruff", "ruff")
    return [sys.executable, "-m", "ruff"]


STYLES: Final[dict[str, Callable[[str], str]]] = {"plain": _plain, "black": _black, "ruff": _ruff}
