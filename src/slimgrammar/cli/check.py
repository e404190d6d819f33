"""`slim check`: prove, file by file and dialect by dialect, that the round trip gives the program back."""

from __future__ import annotations

import json
import os
import sys
import warnings
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Final, Literal, get_args

import typer

from slimgrammar.cli import options
from slimgrammar.cli.files import walk, write_out
from slimgrammar.cli.records import FOUND, Encoded, Failed, Skipped, attempt, failed
from slimgrammar.cli.settings import Dialect
from slimgrammar.errors import SyntaxProblem

# One entry per dialect, or a single `Skipped`.
Verdicts = tuple[Encoded | Skipped | Failed, ...]

EXAMPLES: Final = """\b
Examples:
  slim check src
  slim check src tests --dialect compact --workers 2
  slim check $(git diff --name-only -- '*.py')"""


@dataclass(frozen=True, slots=True)
class CheckWork:
    """One file, proved in each of `dialects`; verdicts whatever happens."""

    dialects: tuple[str, ...]
    codebook: str | None = None

    def __call__(self, path: Path) -> Verdicts:
        """Read the file and prove it."""
        verdicts = attempt(lambda: self._verdicts(path), str(path))
        return (verdicts,) if isinstance(verdicts, Failed) else verdicts

    def _verdicts(self, path: Path) -> Verdicts:
        from slimgrammar.syntax.source import read_source

        try:
            text = read_source(path, path.read_bytes()).text
        except SyntaxProblem as error:
            return (Skipped(str(path), error.message, error.line, error.column),)
        verdicts = tuple(attempt(partial(_proved, path, text, name, self.codebook), str(path), name) for name in self.dialects)
        refused = [verdict for verdict in verdicts if isinstance(verdict, Skipped)]
        if len(refused) == len(verdicts) and not _host_parses(text):
            return (refused[0],)
        # A dialect that refuses what another dialect or the host's own parser accepts is at fault.
        return tuple(_as_failed(verdict, dialect) for verdict, dialect in zip(verdicts, self.dialects, strict=True))


def _proved(path: Path, text: str, dialect: str, codebook: str | None) -> Encoded | Skipped:
    from slimgrammar.compact.verify import prove

    try:
        prove(text, dialect, codebook=codebook)
    except SyntaxProblem as error:
        return Skipped(str(path), error.message, error.line, error.column)
    return Encoded(str(path), dialect, before=len(text))


def _host_parses(text: str) -> bool:
    """Whether the running interpreter takes `text` for Python."""
    import ast

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True


def _as_failed(verdict: Encoded | Skipped | Failed, dialect: str) -> Encoded | Failed:
    if isinstance(verdict, Skipped):
        message = f"refused, though it is Python: {verdict.message}"
        return Failed(verdict.path, message, verdict.line, verdict.column, code=FOUND, dialect=dialect)
    return verdict


def check(
    paths: options.CheckPaths,
    *,
    dialect: Annotated[
        Literal[Dialect, "all"], typer.Option("--dialect", "-d", help="Prove one dialect, or all of them.")
    ] = "all",
    codebook: options.CodebookOption = None,
    workers: options.Workers = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="List the files that are not Python, too.")] = False,
    as_json: options.AsJson = False,
) -> None:
    """Encode and decode every file and compare; exit 1 if one does not come back."""
    from slimgrammar.cli.batch import run, with_progress

    files = walk(paths)
    dialects: tuple[str, ...] = get_args(Dialect) if dialect == "all" else (dialect,)
    if codebook is not None:
        from slimgrammar.compact.codebook.book import load

        dialects = (load(codebook).dialect,)
    results = run(
        CheckWork(dialects, codebook),
        files,
        workers=workers or os.cpu_count() or 1,
        failed=lambda path, error: (failed(str(path), error),),
    )
    counts = _report(with_progress(results, len(files), "check"), as_json=as_json, verbose=verbose)
    write_out((json.dumps(asdict(counts)) if as_json else str(counts)).encode() + b"\n")
    if counts.reversible + counts.not_python < counts.files:
        raise typer.Exit(FOUND)


@dataclass(slots=True)
class Counts:
    """What `check` found so far."""

    files: int = 0
    reversible: int = 0
    not_python: int = 0

    def __str__(self) -> str:
        return f"{self.files} files, {self.reversible} reversible, {self.not_python} not Python"


def _report(results: Iterable[Verdicts], *, as_json: bool, verbose: bool) -> Counts:
    """Print what is wrong as it comes, and count."""
    counts = Counts()
    for verdicts in results:
        counts.files += 1
        counts.not_python += isinstance(verdicts[0], Skipped)
        counts.reversible += all(isinstance(verdict, Encoded) for verdict in verdicts)
        for verdict in verdicts:
            _print(verdict, verbose=verbose)
            if as_json:
                write_out(_as_json(verdict))
    return counts


def _print(verdict: Encoded | Skipped | Failed, *, verbose: bool) -> None:
    if isinstance(verdict, Failed):
        dialect = f"{verdict.dialect}: " if verdict.dialect else ""
        print(f"{verdict.path}:{verdict.line or 1}:{verdict.column}: {dialect}{verdict.message}", file=sys.stderr)
    elif isinstance(verdict, Skipped) and verbose:
        print(f"{verdict.path}:{verdict.line}:{verdict.column}: not Python: {verdict.message}", file=sys.stderr)


def _as_json(verdict: Encoded | Skipped | Failed) -> bytes:
    status = {Encoded: "reversible", Skipped: "not Python", Failed: "failed"}[type(verdict)]
    shown: dict[str, object] = {"path": verdict.path, "status": status}
    if not isinstance(verdict, Skipped) and verdict.dialect:
        shown["dialect"] = verdict.dialect
    if not isinstance(verdict, Encoded):
        shown |= {"error": verdict.message, "line": verdict.line or 1, "column": verdict.column}
    return json.dumps(shown).encode() + b"\n"
