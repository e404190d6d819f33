"""`slim dataset curate`: the rows of a data set that are worth learning from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import typer

from slimgrammar.cli.dataset import in_processes
from slimgrammar.cli.dataset_options import Places, Vocab, with_places
from slimgrammar.cli.files import write_out
from slimgrammar.cli.settings import load_settings

EXAMPLES: Final = """\b
Examples:
  slim dataset curate code.jsonl.zst good --column content --dropped dropped.jsonl
  slim dataset curate stack/ good --column content --language-column lang --share 0.3 --order simple-first"""


def _run(asked: tuple[dict[str, Any], Path | None], places: Places) -> None:
    """Do it, and print what each filter dropped; what is dropped goes to a file where one was named."""
    from slimgrammar.cli.batch import with_progress
    from slimgrammar.pipeline.curate import Choice, Curation, CurationRun, write_dropped

    chosen, dropped = asked
    placed = {name: getattr(places, name) for name in ("column", "language_column", "read", "compress", "part_bytes")}
    run = CurationRun(places.source, places.out, Curation(Choice(**chosen), dropped is not None, **placed), force=places.force)
    for label, total, results in run.passes(in_processes(places.workers)):
        for _ in with_progress(results, total, label):
            pass
    if dropped is not None:
        write_dropped(places.out, dropped)
    write_out(json.dumps(run.report).encode() + b"\n") if places.as_json else _show_filters(run.report)


@with_places(_run, without=("into", "on_error"))
def curate(
    *,
    language: Annotated[str, typer.Option("--language", "-l", help="Of rows that do not tell theirs.")] = "python",
    syntax: Annotated[bool, typer.Option(help="Drop rows that cannot be parsed.")] = True,
    quality: Annotated[bool, typer.Option(help="Drop rows by the quality filters.")] = True,
    filters: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Quality filters, as TOML [those of grammars/curate.toml].", exists=True)
    ] = None,
    exact: Annotated[bool, typer.Option(help="Drop rows that repeat the text of an earlier one.")] = True,
    near: Annotated[float, typer.Option(metavar="SIMILARITY", help="Drop rows as similar as this to another; 0: none.")] = 0.7,
    share: Annotated[
        float | None, typer.Option(metavar="SHARE", help="Keep the most diverse rows of this share of the tokens.")
    ] = None,
    order: Annotated[Literal["input", "simple-first"], typer.Option(help="The order of the rows.")] = "input",
    dropped: Annotated[Path | None, typer.Option(metavar="FILE", help="Write what is dropped, and why, as JSONL.")] = None,
    vocab: Vocab = None,
) -> tuple[dict[str, Any], Path | None]:
    """Keep the rows that are worth learning from: parseable, of quality, not repeated; by choice diverse, simple ones first."""
    chosen: dict[str, Any] = {"language": language, "syntax": syntax, "exact": exact, "share": share, "order": order}
    chosen |= {"near": near or None, "vocab": vocab or load_settings(Path.cwd()).vocab[0]}
    if filters is not None or not quality:
        chosen["filters"] = filters.read_text(encoding="utf-8") if filters is not None and quality else ""
    return chosen, dropped


def _show_filters(report: dict[str, Any]) -> None:
    """A line for each filter that dropped something, and what is left."""
    from rich.console import Console
    from rich.table import Table

    table = Table()
    table.add_column("filter", no_wrap=True)
    for heading in ("rows", "tokens", "rows left", "tokens left"):
        table.add_column(heading, justify="right")
    rows, tokens = report["rows"], report["tokens_before"]
    table.add_row("(input)", "", "", f"{rows:,}", f"{tokens:,}")
    for one in report["filters"]:
        rows, tokens = rows - one["rows"], tokens - one["tokens"]
        table.add_row(one["name"], f"{one['rows']:,}", f"{one['tokens']:,}", f"{rows:,}", f"{tokens:,}")
    Console(highlight=False).print(table)
