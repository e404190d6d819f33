"""`slim dataset`: JSONL, Parquet and folders of source in fewer tokens, on all cores, safe to leave running overnight."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import typer

from slimgrammar.cli import options
from slimgrammar.cli.files import write_out
from slimgrammar.cli.records import FOUND
from slimgrammar.cli.settings import Dialect, load_settings

if TYPE_CHECKING:
    from slimgrammar.pipeline.datasets import Counts, Died, Job, Run
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

In = Annotated[Path, typer.Argument(metavar="IN", help="A JSONL (.gz, .zst) or Parquet file, or a folder.", exists=True)]
Out = Annotated[Path, typer.Argument(metavar="OUT", help="The folder for the results.")]
TextColumn = Annotated[str, typer.Option("--column", metavar="NAME", help="The column that holds the text.")]
ResultColumn = Annotated[
    str, typer.Option("--into", metavar="NAME", help="The column for the result; may be that of the text.")
]
LanguageColumn = Annotated[
    str | None, typer.Option(metavar="NAME", help="The column that tells a row's language [all are in one].")
]
Vocab = Annotated[str | None, typer.Option(metavar="V", help="Whose tokens are counted [cl100k_base].")]
OnErrorOption = Annotated[
    Literal["keep", "drop", "fail"], typer.Option(help="What becomes of rows that fail; kept ones tell their error.")
]
ReadOption = Annotated[
    Literal["auto", "data", "source"], typer.Option(help="What to read in a folder: data files or source files.")
]
Compress = Annotated[Literal["none", "gz", "zst"] | None, typer.Option(help="How JSONL results are compressed [as the input].")]
PartSize = Annotated[
    float | None, typer.Option("--part-mb", metavar="MB", min=0.001, help="Input per part [a 128th, from 0.25 to 64].")
]
Force = Annotated[bool, typer.Option("--force", help="Throw away what an earlier run left in OUT.")]


@app.command("encode", epilog=ENCODE_EXAMPLES)
def encode(
    source: In,
    out: Out,
    *,
    column: TextColumn = "text",
    into: ResultColumn = "slim_text",
    language_column: LanguageColumn = None,
    dialect: options.DialectOption = None,
    comments: options.CommentsOption = None,
    docstrings: options.DocstringsOption = None,
    verify: Annotated[bool, typer.Option(help="Prove that each row is Python and comes back.")] = True,
    vocab: Vocab = None,
    on_error: OnErrorOption = "keep",
    read: ReadOption = "auto",
    compress: Compress = None,
    part_mb: PartSize = None,
    workers: options.Workers = None,
    force: Force = False,
    as_json: options.AsJson = False,
) -> None:
    """Encode the Python rows of a data set."""
    settings = load_settings(Path.cwd(), dialect=dialect, comments=comments, docstrings=docstrings)
    asked = {
        "operation": "encode",
        "dialect": settings.dialect,
        "comments": settings.comments,
        "docstrings": settings.docstrings,
        "verify": verify,
        "vocab": vocab or settings.vocab[0],
    }
    placed = {"column": column, "into": into, "language_column": language_column, "on_error": on_error, "read": read}
    _run(source, out, _job(asked, placed, compress, part_mb), workers, force=force, as_json=as_json)


@app.command("decode", epilog=DECODE_EXAMPLES)
def decode(
    source: In,
    out: Out,
    *,
    column: Annotated[str, typer.Option(metavar="NAME", help="The column that holds the encoded text.")] = "slim_text",
    into: Annotated[str, typer.Option(metavar="NAME", help="The column for the program.")] = "text",
    dialect: Annotated[
        Dialect | None, typer.Option("--dialect", "-d", help="Of rows that do not tell theirs [compact].")
    ] = None,
    any_version: Annotated[
        bool, typer.Option("--any-version", help="Decode also what another version's grammar spelled.")
    ] = False,
    vocab: Vocab = None,
    on_error: OnErrorOption = "keep",
    compress: Compress = None,
    part_mb: PartSize = None,
    workers: options.Workers = None,
    force: Force = False,
    as_json: options.AsJson = False,
) -> None:
    """Decode the rows of an encoded data set; rows that were not encoded stay as they are."""
    settings = load_settings(Path.cwd(), dialect=dialect)
    asked = {
        "operation": "decode",
        "dialect": settings.dialect,
        "any_version": any_version,
        "vocab": vocab or settings.vocab[0],
    }
    placed = {"column": column, "into": into, "on_error": on_error, "read": "data"}
    _run(source, out, _job(asked, placed, compress, part_mb), workers, force=force, as_json=as_json)


@app.command("prune", epilog=PRUNE_EXAMPLES)
def prune(
    source: In,
    out: Out,
    *,
    keep: Annotated[float | None, typer.Option(metavar="SHARE", help="The share of the tokens to keep, such as 0.5.")] = None,
    max_tokens: Annotated[int | None, typer.Option(metavar="N", min=0, help="The most tokens that a row may have.")] = None,
    method: Annotated[str, typer.Option("--method", "-m", help="How to choose; see docs/prune.md.")] = "slim",
    valid: Annotated[bool, typer.Option("--valid", help="Leave out whole statements only.")] = False,
    column: TextColumn = "text",
    into: ResultColumn = "slim_text",
    language_column: LanguageColumn = None,
    language: Annotated[str, typer.Option("--language", "-l", help="Of rows that do not tell theirs.")] = "python",
    vocab: Annotated[str, typer.Option(metavar="V", help="Whose tokens count.")] = "o200k_base",
    on_error: OnErrorOption = "keep",
    read: ReadOption = "auto",
    compress: Compress = None,
    part_mb: PartSize = None,
    workers: options.Workers = None,
    force: Force = False,
    as_json: options.AsJson = False,
) -> None:
    """Prune the rows of a data set to a budget of tokens each; they do not come back."""
    asked = {
        "operation": "prune",
        "keep": keep,
        "max_tokens": max_tokens,
        "method": method,
        "valid": valid,
        "language": language,
        "vocab": vocab,
    }
    placed = {"column": column, "into": into, "language_column": language_column, "on_error": on_error, "read": read}
    _run(source, out, _job(asked, placed, compress, part_mb), workers, force=force, as_json=as_json)


def _job(asked: dict[str, Any], placed: dict[str, Any], compress: str | None, part_mb: float | None) -> Job:
    from slimgrammar.pipeline.datasets import Job, Options

    return Job(Options(**asked), compress=compress, part_bytes=part_bytes(part_mb), **placed)


def part_bytes(megabytes: float | None) -> int | None:
    """Bytes of `--part-mb`."""
    return None if megabytes is None else int(megabytes * (1 << 20))


def _run(source: Path, out: Path, job: Job, workers: int | None, *, force: bool, as_json: bool) -> None:
    """Do it, show how far it is, and print what came of it; exit 1 if a row ended it."""
    from slimgrammar.pipeline.datasets import RowRefused, Run

    run = Run(source, out, job, force=force)
    width = workers or os.cpu_count() or 1
    execute = in_processes(width)
    finished = len(run.plan.units) - len(run.left)
    if finished:
        print(f"{finished} of {len(run.plan.units)} parts are done already", file=sys.stderr)
    try:
        for _ in _with_progress(run.parts(execute), run):
            pass
    except RowRefused as refused:
        print(refused, file=sys.stderr)
        raise typer.Exit(FOUND) from None
    _report(run, as_json=as_json)


def in_processes(workers: int) -> Any:
    """What makes parts in `workers` processes."""
    from slimgrammar.cli.batch import WorkerDeathError, run
    from slimgrammar.pipeline.datasets import Died

    def failed(unit: Unit, error: BaseException) -> Counts | Died:
        if isinstance(error, WorkerDeathError):
            return Died(unit)
        raise error

    def execute(work: PartWork, units: Sequence[Unit]) -> Iterable[Counts | Died]:
        return run(work, units, workers=workers, failed=failed)

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
