"""`slim grammar verify` and `slim grammar ablate`: the rules of the grammar, checked and measured."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, get_args

import typer

from slimgrammar.cli import options
from slimgrammar.cli.files import walk, write_out
from slimgrammar.cli.records import FOUND, Failed, Skipped, attempt_source, failed
from slimgrammar.cli.settings import Dialect, Settings, load_settings

if TYPE_CHECKING:
    from slimgrammar.rules.ablate import Measured, Saving

VERIFY_EXAMPLES: Final = """\b
Examples:
  slim grammar verify
  slim grammar verify --long --seed 7"""
ABLATE_EXAMPLES: Final = """\b
Examples:
  slim grammar ablate src --comments drop --docstrings drop
  slim grammar ablate src --dialect compact --vocab o200k_base --vocab qwen3 --json"""


def verify(
    long: Annotated[bool, typer.Option("--long", help="Every kind in every hole at once, and random programs beyond.")] = False,
    seed: Annotated[int, typer.Option(help="Of the random programs.", show_default=True)] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Check every rule of the grammar against Python's own parser, the encoder and all other rules."""
    from slimgrammar.rules.verify import verify as check

    report = check(long=long, seed=seed, progress=_shown if sys.stderr.isatty() else lambda _: None)
    if as_json:
        faults = [{"rule": fault.rule, "message": fault.message} for fault in report.faults]
        counts = {"rules": report.rules, "tried": report.tried, "applied": report.applied, "possible": report.possible}
        write_out(json.dumps({**counts, "faults": faults}).encode() + b"\n")
    else:
        for fault in report.faults:
            print(fault)
        shown = f"{report.applied} of them rewritten, {report.possible} more that might be"
        print(f"{report.rules} rules, {report.tried} programs, {shown}: {len(report.faults)} faults")
    if report.faults:
        raise typer.Exit(FOUND)


def _shown(what: str) -> None:
    print(f"\r\x1b[K{what}\r", end="", file=sys.stderr, flush=True)


@dataclass(frozen=True, slots=True)
class AblateWork:
    """One file, counted with each rule off and on; a record whatever happens."""

    settings: Settings
    dialects: tuple[str, ...]

    def __call__(self, path: Path) -> Measured | Skipped | Failed:
        """Read the file and count."""
        return attempt_source(path, self._measured)

    def _measured(self, text: str) -> Measured:
        from slimgrammar.rules.ablate import measure
        from slimgrammar.syntax.check import check

        check(text)  # encoding without proof takes some texts that are not Python
        kept = {"comments": self.settings.comments, "docstrings": self.settings.docstrings}
        return measure(text, self.settings.vocab, self.dialects, **kept)


def ablate(
    paths: options.CheckPaths,
    *,
    vocab: Annotated[
        list[str] | None, typer.Option("--vocab", metavar="V", help="Vocabulary to count in; may be repeated [cl100k_base].")
    ] = None,
    dialect: Annotated[
        list[str] | None, typer.Option("--dialect", "-d", metavar="D", help="Only this dialect; may be repeated [all].")
    ] = None,
    comments: options.CommentsOption = None,
    docstrings: options.DocstringsOption = None,
    workers: options.Workers = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Measure what each rule of the grammar saves: alone, when no other is used, and last, when all others are."""
    from slimgrammar.cli.batch import run, with_progress
    from slimgrammar.compact.api import UnknownOption
    from slimgrammar.rules.ablate import Measured, savings
    from slimgrammar.vocab import load

    settings = load_settings(Path.cwd(), comments=comments, docstrings=docstrings, vocab=tuple(vocab) if vocab else None)
    dialects = tuple(dialect or get_args(Dialect))
    for name in dialects:
        if name not in get_args(Dialect):
            raise UnknownOption("dialect", name, get_args(Dialect))
    for name in settings.vocab:
        load(name)  # an unknown one ends the command here, and the workers inherit the loaded ones
    files = walk(paths)
    work = AblateWork(settings, dialects)
    results = run(work, files, workers=workers or os.cpu_count() or 1, failed=lambda path, error: failed(str(path), error))
    tokens: Measured = Measured()
    counted = failures = 0
    for result in with_progress(results, len(files), "ablate"):
        if isinstance(result, Failed):
            failures += 1
            print(result, file=sys.stderr)
        elif not isinstance(result, Skipped):
            counted += 1
            tokens.update(result)
    found = savings(tokens, settings.vocab, dialects)
    if as_json:
        _write_json(found, counted, settings)
    else:
        _show(found, counted, settings)
    if failures:
        raise typer.Exit(FOUND)


def _write_json(found: Sequence[Saving], files: int, settings: Settings) -> None:
    rows = [
        {
            "rule": saving.rule,
            "dialect": saving.dialect,
            "vocab": saving.vocab,
            "alone": saving.alone,
            "last": saving.last,
            "symbols": saving.symbols,
            "canonical": saving.baseline,
        }
        for saving in found
    ]
    shown = {"files": files, "comments": settings.comments, "docstrings": settings.docstrings, "savings": rows}
    write_out(json.dumps(shown).encode() + b"\n")


def _show(found: Sequence[Saving], files: int, settings: Settings) -> None:
    """A table a dialect: rules down; two columns a vocabulary, in percent of the canonical form's tokens."""
    kept = f"comments: {settings.comments}, docstrings: {settings.docstrings}"
    print(f"{files} files; {kept}; percent of the canonical form: saved alone, saved last")
    for dialect in dict.fromkeys(saving.dialect for saving in found):
        print(f"\n{dialect:24}{'new tokens':>10}" + "".join(f"{name:>18}" for name in settings.vocab))
        rows: dict[str, list[Saving]] = {}
        for saving in found:
            if saving.dialect == dialect:
                rows.setdefault(saving.rule, []).append(saving)
        for rule, cells in rows.items():
            shares = "".join(f"{cell.alone_share:>10.3f}{cell.last_share:>8.3f}" for cell in cells)
            print(f"{rule.removeprefix('symbol:'):24}{cells[0].symbols:>10}{shares}")
