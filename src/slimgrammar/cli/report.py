"""`slim report`: what the user's own code costs a model in every form, as tables, JSON or a page."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from slimgrammar.cli import options
from slimgrammar.cli.files import walk, write_atomically, write_out
from slimgrammar.cli.records import FOUND, Failed, Skipped, attempt_source, failed
from slimgrammar.cli.settings import load_settings

if TYPE_CHECKING:
    from slimgrammar.report.forms import Options
    from slimgrammar.report.showing import Shown

EXAMPLES: Final = """\b
Examples:
  slim report src
  slim report src --model gpt-5-1 --calls 10000 --region FRA
  slim report src --html report.html
  slim report app.py --method slim --keep 0.3 --json"""


@dataclass(frozen=True, slots=True)
class Counted:
    """One file: its tokens by form, and for a page its texts."""

    tokens: dict[str, int]
    characters: int
    shown: Shown | None = None


@dataclass(frozen=True, slots=True)
class ReportWork:
    """One file, counted in every form; a record whatever happens."""

    asked: Options
    vocab: str
    page: bool

    def __call__(self, path: Path) -> Counted | Skipped | Failed:
        """Read the file, spell it in each form, count."""
        return attempt_source(path, partial(self._counted, str(path)))

    def _counted(self, name: str, text: str) -> Counted:
        from slimgrammar.report.forms import tokens_of
        from slimgrammar.vocab import load

        vocab = load(self.vocab)
        if not self.page:
            return Counted(tokens_of(text, self.asked, vocab), len(text))
        from slimgrammar.report.showing import show

        shown = show(name, text, self.asked, vocab)
        return Counted(shown.tokens, len(text), shown)


@dataclass(slots=True)
class Total:
    """All files together."""

    tokens: Counter[str] = field(default_factory=Counter)
    files: int = 0
    characters: int = 0
    not_python: int = 0
    failures: int = 0
    shown: list[Shown] = field(default_factory=list)


def report(
    paths: options.CheckPaths,
    *,
    model: Annotated[str, typer.Option("--model", "-m", help="Who reads and writes; see docs/report.md.")] = "llama-3-1-8b",
    calls: Annotated[int, typer.Option("--calls", min=1, metavar="N", help="How often the code is read, or written.")] = 1,
    region: Annotated[
        str | None, typer.Option(metavar="R", help="Whose electricity: FRA, USA, WOR … [the provider's].")
    ] = None,
    vocab: Annotated[str | None, typer.Option(metavar="V", help="Vocabulary to count in [the model's].")] = None,
    method: Annotated[list[str] | None, typer.Option(metavar="M", help="A pruning method, or none; repeatable.")] = None,
    keep: Annotated[float, typer.Option(metavar="SHARE", help="The share of the tokens that pruning keeps.")] = 0.5,
    comments: options.CommentsOption = None,
    docstrings: options.DocstringsOption = None,
    prices: Annotated[Path | None, typer.Option(metavar="FILE", help="A table of prices, instead of ours.")] = None,
    models: Annotated[Path | None, typer.Option(metavar="FILE", help="More models, described as in models.toml.")] = None,
    measure: Annotated[bool, typer.Option("--measure", help="Measure what encoding costs here, by codecarbon.")] = False,
    html: Annotated[Path | None, typer.Option(metavar="OUT", help="Write a page that shows it all, for a browser.")] = None,
    workers: options.Workers = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Say what code costs a model in every form: compute, memory, time, energy, water, carbon, money."""
    from slimgrammar.report.dimensions import Setting
    from slimgrammar.report.forms import METHODS, Options, forms
    from slimgrammar.report.models import model_named
    from slimgrammar.report.models import prices as price_table
    from slimgrammar.report.site import site_of
    from slimgrammar.report.summary import Counts, summarise
    from slimgrammar.vocab import load

    chosen = tuple(name for name in method or METHODS if name != "none")
    settings = load_settings(Path.cwd(), comments=comments, docstrings=docstrings)
    asked = Options(comments=settings.comments, docstrings=settings.docstrings, methods=chosen, keep=keep)
    known = model_named(model, models)
    setting = Setting(model=known, site=site_of(known, region), price=price_table(prices).get(model), calls=calls)
    _check_methods(asked)
    counter = load(vocab or known.vocab)  # an unknown one ends the command here, and the workers inherit the loaded one
    files = walk(paths)
    work = ReportWork(asked, vocab or known.vocab, html is not None)
    total = _total(work, files, workers or os.cpu_count() or 1)
    counts = Counts(counter.name, total.files, total.not_python, total.characters)
    summary = summarise(total.tokens, forms(asked), setting, counts)
    measured = _measured(files, measure)
    if html is not None:
        from slimgrammar.report.document import page

        write_atomically(html, page(summary, total.shown).encode("utf-8", "surrogatepass"))
    if as_json:
        write_out(json.dumps(summary.to_json() | {"failed": total.failures, "measured": measured}).encode() + b"\n")
    else:
        from slimgrammar.report.tables import print_tables

        print_tables(summary, measured)
    if total.failures:
        raise typer.Exit(FOUND)


def _check_methods(asked: Options) -> None:
    """Refuse what no worker could do, before the work begins."""
    if not asked.methods:
        return
    from slimgrammar.prune import BadBudget, method_named

    for name in asked.methods:
        method_named(name)
    if not 0 < asked.keep <= 1:
        raise BadBudget(f"--keep is a share of the tokens, above 0 and up to 1, not {asked.keep}")


def _total(work: ReportWork, files: list[Path], workers: int) -> Total:
    from slimgrammar.cli.batch import run, with_progress

    results = run(work, files, workers=workers, failed=lambda path, error: failed(str(path), error))
    return _added_up(with_progress(results, len(files), "report"))


def _added_up(results: Iterable[Counted | Skipped | Failed]) -> Total:
    total = Total()
    for result in results:
        total.files += 1
        if isinstance(result, Counted):
            total.tokens.update(result.tokens)
            total.characters += result.characters
            total.shown.extend([result.shown] if result.shown else [])
        elif isinstance(result, Skipped):
            total.not_python += 1
        else:
            total.failures += 1
            print(result, file=sys.stderr)
    return total


def _measured(files: list[Path], wanted: bool) -> dict[str, float | str] | None:
    if not wanted:
        return None
    from slimgrammar.report.measure import measure_encoding

    return measure_encoding(files)
