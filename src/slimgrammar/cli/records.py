"""What became of one file in a run: a record, never an exception, so that one bad file does not end the work on the others."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from slimgrammar.errors import NotReversible, SlimError, SyntaxProblem

Result = TypeVar("Result")

STDIN: Final = "<stdin>"
FOUND: Final = 1
UNUSABLE: Final = 2


@dataclass(frozen=True, slots=True)
class Encoded:
    """A file that went through; `text`, `data` and `spans` (a position map) are "" and b"" where they were not wanted."""

    path: str
    dialect: str = ""
    text: str = ""
    data: bytes = b""
    before: int = 0
    spans: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is not ours to judge, and why."""

    path: str
    message: str
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that did not go through. A `line` of 0 means that there is no place to point at; `code` is the exit code."""

    path: str
    message: str
    line: int = 0
    column: int = 1
    caret: str = ""
    code: int = UNUSABLE
    dialect: str = ""

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}:{self.column}" if self.line else self.path
        return f"{where}: {self.message}" + (f"\n{self.caret}" if self.caret else "")


def failed(path: str, error: BaseException, dialect: str = "") -> Failed:
    """The record for `error`, met while working on `path`.

    >>> print(failed("a.py", SyntaxProblem("no such symbol", 1, 3)))
    a.py:1:3: no such symbol
    """
    if isinstance(error, SyntaxProblem):
        return Failed(path, error.message, error.line, error.column, error.caret(), UNUSABLE, dialect)
    if isinstance(error, NotReversible):
        return Failed(path, f"not reversible: {error.reason}", error.line, 1, "", FOUND, dialect)
    if isinstance(error, RecursionError):
        return Failed(path, "nested too deeply for this Python's recursion limit", 1, 1, "", UNUSABLE, dialect)
    if isinstance(error, MemoryError):
        return Failed(path, "too large or nested too deeply: out of memory", 1, 1, "", UNUSABLE, dialect)
    if isinstance(error, OSError) and error.strerror:
        return Failed(path, error.strerror, code=UNUSABLE, dialect=dialect)
    if isinstance(error, SlimError):
        return Failed(path, str(error), code=UNUSABLE, dialect=dialect)
    return Failed(path, _our_fault(error), 1, 1, "", FOUND, dialect)


def attempt(work: Callable[[], Result], path: str, dialect: str = "") -> Result | Failed:
    """The result of `work`, or the record of what it raised: the boundary behind which no exception passes."""
    try:
        return work()
    except Exception as error:
        return failed(path, error, dialect)


def attempt_source(path: Path, work: Callable[[str], Result]) -> Result | Skipped | Failed:
    """As `attempt`, on the text of a Python file; a file that `work` finds to be no Python is skipped, and not at fault."""

    def made() -> Result | Skipped:
        from slimgrammar.syntax.source import read_source

        try:
            return work(read_source(path, path.read_bytes()).text)
        except SyntaxProblem as error:
            return Skipped(str(path), error.message, error.line, error.column)

    return attempt(made, str(path))


def _our_fault(error: BaseException) -> str:
    """A message for an error that nobody meant to raise: enough to report it, without a traceback."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({frames[-1].filename}:{frames[-1].lineno})" if frames else ""
    return f"internal error, please report it: {type(error).__name__}: {error}{where}"
