"""`slim dataset`: JSONL, Parquet and folders of source in fewer tokens, on all cores, safe to leave running overnight."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from slimgrammar.cli import options
from slimgrammar.cli.dataset_options import Places, Vocab, with_places
from slimgrammar.cli.files import write_out
from slimgrammar.cli.records import FOUND
from slimgrammar.cli.settings import Dialect, load_settings

if TYPE_CHECKING:
    from slimgrammar.pipeline.datasets import Counts, Died, Run
    from slimgrammar.pipeline.datasets.parts import PartWork
    from slimgrammar.pipeline.datasets.plan import Unit

app = typer.Typer(
    name="dataset", help="Data sets in fewer tokens, before training.", no_args_is_help=True, rich_markup_mode=None
)

ENCODE_EXAMPLES: Final = """\b
Examples:
  slim dataset encode code.jsonl.zst encoded --column content
  slim dataset encode stack/ encoded --column content --language-column lang --dialect symbols
  slim dataset encode src rows"""

DECODE_EXAMPLES: Final = """\b
Examples:
  slim dataset decode encoded decoded"""

PRUNE_EXAMPLES: Final = """\b
Examples:
  slim dataset prune stack/ short --column content --language-column lang --keep 0.5"""


def _run(asked: dict[str, Any], places: Places) -> None:
    """Do it, show how far it is, and print what came of it; exit 1 if a row ended it."""
    from slimgrammar.pipeline.datasets import Job, Options, RowRefused, Run

    placed = {name: getattr(places, name) for name in ("column", "into", "language_column", "on_error", "read", "compress")}
    job = Job(Options(**asked), part_bytes=places.part_bytes, **placed)
    run = Run(places.source, places.out, job, force=places.force)
    finished = len(run.plan.units) - len(run.left)
    if finished:
        print(f"{finished} of {len(run.plan.units)} parts are done already", file=sys.stderr)
    try:
        for _ in _with_progress(run.parts(in_processes(places.workers)), run):
            pass
    except RowRefused as refused:
        print(refused, file=sys.stderr)
        raise typer.Exit(FOUND) from None
    _report(run, as_json=places.as_json)


@app.command("encode", epilog=ENCODE_EXAMPLES)
@with_places(_run)
def encode(
    *,
    dialect: options.DialectOption = None,
    comments: options.CommentsOption = None,
    docstrings: options.DocstringsOption = None,
    verify: Annotated[bool, typer.Option(help="Prove that each row is Python and comes back.")] = True,
    vocab: Vocab = None,
) -> dict[str, Any]:
    """Encode the Python rows of a data set."""
    settings = load_settings(Path.cwd(), dialect=dialect, comments=comments, docstrings=docstrings)
    return {
        "operation": "encode",
        "dialect": settings.dialect,
        "comments": settings.comments,
        "docstrings": settings.docstrings,
        "verify": verify,
        "vocab": vocab or settings.vocab[0],
    }


@app.command("decode", epilog=DECODE_EXAMPLES)
@with_places(_run, without=("language_column", "read"), column="slim_text", into="text", read="data")
def decode(
    *,
    dialect: Annotated[
        Dialect | None, typer.Option("--dialect", "-d", help="Of rows that do not tell theirs [compact].")
    ] = None,
    any_version: Annotated[
        bool, typer.Option("--any-version", help="Decode also what another version's grammar spelled.")
    ] = False,
    vocab: Vocab = None,
) -> dict[str, Any]:
    """Decode the rows of an encoded data set; rows that were not encoded stay as they are."""
    settings = load_settings(Path.cwd(), dialect=dialect)
    return {
        "operation": "decode",
        "dialect": settings.dialect,
        "any_version": any_version,
        "vocab": vocab or settings.vocab[0],
    }


@app.command("prune", epilog=PRUNE_EXAMPLES)
@with_places(_run)
def prune(
    *,
    keep: Annotated[float | None, typer.Option(metavar="SHARE", help="The share of the tokens to keep, such as 0.5.")] = None,
    max_tokens: Annotated[int | None, typer.Option(metavar="N", min=0, help="The most tokens that a row may have.")] = None,
    method: Annotated[str, typer.Option("--method", "-m", help="How to choose; see docs/prune.md.")] = "slim",
    valid: Annotated[bool, typer.Option("--valid", help="Leave out whole statements only.")] = False,
    language: Annotated[str, typer.Option("--language", "-l", help="Of rows that do not tell theirs.")] = "python",
    vocab: Annotated[str, typer.Option(metavar="V", help="Whose tokens count.")] = "o200k_base",
) -> dict[str, Any]:
    """Prune the rows of a data set to a budget of tokens each; they do not come back."""
    return {
        "operation": "prune",
        "keep": keep,
        "max_tokens": max_tokens,
        "method": method,
        "valid": valid,
        "language": language,
        "vocab": vocab,
    }


def in_processes(workers: int | None) -> Any:
    """What makes parts in `workers` processes; None for one per core."""
    from slimgrammar.cli.batch import WorkerDeathError, run
    from slimgrammar.pipeline.datasets import Died

    def failed(unit: Unit, error: BaseException) -> Counts | Died:
        if isinstance(error, WorkerDeathError):
            return Died(unit)
        raise error

    def execute(work: PartWork, units: Sequence[Unit]) -> Iterable[Counts | Died]:
        return run(work, units, workers=workers or os.cpu_count() or 1, failed=failed)

    return execute


def _with_progress(parts: Iterator[Counts], run: Run) -> Iterator[Counts]:
    """`parts`, with rate and time left on standard error where that is a terminal."""
    if not sys.stderr.isatty():
        yield from parts
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[failed]}"),
    )
    total = sum(unit.size for unit in run.plan.units)
    share = sum(unit.size for unit in run.left) / max(1, len(run.left))
    # No refresh thread: forking a process that has threads may lock up.
    with Progress(*columns, console=Console(stderr=True), auto_refresh=False, speed_estimate_period=300) as bar:
        left = sum(unit.size for unit in run.left)
        task = bar.add_task("rows", total=total, completed=total - left, failed="")
        bar.refresh()
        for part in parts:
            yield part
            bar.update(task, advance=share, failed=f"{_failures(run.counts)} failed")
            bar.refresh()


def _failures(counts: Counts) -> int:
    from slimgrammar.pipeline.datasets import Row

    return sum(number for status, number in counts.statuses.items() if Row(None, status).failed)


def _report(run: Run, *, as_json: bool) -> None:
    """Print what came of the run."""
    counts = run.counts
    if as_json:
        write_out(json.dumps(counts.to_json()).encode() + b"\n")
    else:
        statuses = ", ".join(f"{number} {status}" for status, number in counts.statuses.most_common())
        saved = 100 * (1 - counts.tokens_after / counts.tokens_before) if counts.tokens_before else 0.0
        before, after = counts.tokens_before, counts.tokens_after
        write_out(f"{counts.rows} rows: {statuses or 'none'}; {counts.written} written\n".encode())
        write_out(f"{run.job.options.vocab}: {before:,} tokens before, {after:,} after ({saved:.1f} % fewer)\n".encode())
    failures = _failures(counts)
    if failures:
        fate = "are left out" if run.job.on_error == "drop" else "keep their text, and tell why in slim_error"
        print(f"{failures} rows failed: they {fate}", file=sys.stderr)
