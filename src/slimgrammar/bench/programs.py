"""The programs that are measured, and how the package that measures them was built."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from slimgrammar.errors import SlimError
from slimgrammar.syntax.check import check
from slimgrammar.syntax.source import read_source


@dataclass(frozen=True, slots=True)
class Program:
    """A Python program that the host can parse."""

    path: Path
    text: str

    @property
    def size(self) -> int:
        """Bytes in UTF-8."""
        return len(self.text.encode())


def read_program(path: Path) -> Program | None:
    """The program in a file; None where the host cannot parse it (no Python, or syntax newer than the host)."""
    try:
        text = read_source(path, path.read_bytes()).text
        parsed = check(text)
        text.encode()
    except (SlimError, UnicodeEncodeError):
        return None
    return Program(path, text) if parsed else None


def read_programs(files: Iterable[Path]) -> list[Program]:
    """The programs in `files`, without those that the host cannot parse."""
    return [program for program in map(read_program, files) if program]


def build() -> str:
    """How the package that is being measured was built, and what runs it."""
    from slimgrammar.compact import reading

    compiled = not (reading.__file__ or "").endswith(".py")
    python = f"{sys.implementation.name} {sys.version.split()[0]}"
    return f"slimgrammar {'compiled by mypyc' if compiled else 'in pure Python'} on {python}"
