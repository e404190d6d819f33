"""The report as tables for a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table

from slimgrammar.report.dimensions import DIMENSIONS, USES, Dimension, Setting, Use, basis
from slimgrammar.report.figures import digits, scaled
from slimgrammar.report.summary import Summary

TITLES: Final[dict[Use, str]] = {"read": "read, in the prompt", "written": "written, by the model"}
_WIDE: Final = 124  # columns that a table with all dimensions takes
_FIRST: Final = 3  # dimensions in the first of two narrow tables


def print_tables(summary: Summary, measured: Mapping[str, float | str] | None = None) -> None:
    """Print what forms cost when they are read and when they are written, and how the figures come about."""
    console = Console(highlight=False)
    counts, setting = summary.counts, summary.setting
    skipped = f", {counts.not_python} not Python" if counts.not_python else ""
    stand_in = " (a stand-in: the model's own is not public)" if setting.model.stand_in else ""
    console.print(f"{counts.files} files{skipped}, {counts.characters:,} characters; tokens of {counts.vocab}{stand_in}")
    times = "once" if setting.calls == 1 else f"{setting.calls:,} times"
    console.print(f"{setting.model.name}, electricity of {setting.site.region}; all of it is read, or written, {times}")
    for use in USES:
        if console.width >= _WIDE:
            _print_costs(console, summary, use, DIMENSIONS)
        else:
            _print_costs(console, summary, use, DIMENSIONS[:_FIRST])
            _print_costs(console, summary, use, DIMENSIONS[_FIRST:])
    print_bases(console, setting)
    if measured:
        how = f"{measured['basis']}: {measured['source']}"
        console.print(f"Encoding all of it once on this machine took {measured['shown']} ({how}).")


def _print_costs(console: Console, summary: Summary, use: Use, dimensions: tuple[Dimension, ...]) -> None:
    table = Table(title=TITLES[use], title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    table.add_column("form", no_wrap=True)
    with_tokens = dimensions[0] == DIMENSIONS[0]
    if with_tokens:
        table.add_column("tokens", justify="right", no_wrap=True)
        table.add_column("saved\n%", justify="right", no_wrap=True)
    baseline = summary.rows[0].costs[use]
    scales = {}
    for dimension in dimensions:
        largest = baseline[dimension.name]
        scales[dimension.name], unit = scaled(largest.high if largest else 1.0, dimension.unit)
        table.add_column(f"{dimension.title}\n{unit if largest else ''}", justify="right", no_wrap=True)
    for row in summary.rows:
        if use in row.costs:
            values = [digits(row.costs[use][name], scale) for name, scale in scales.items()]
            tokens = (f"{row.tokens:,}", f"{summary.saved(row):.1f}") if with_tokens else ()
            table.add_row(row.form.name, *tokens, *values)
    console.print(table)


def print_bases(console: Console, setting: Setting) -> None:
    """Print how each column comes about; columns that come about alike share a line."""
    console.print("Tokens are measured. Memory and time are of one reading or writing, all else of all. The rest:")
    for text, names in grouped_bases(setting).items():
        console.print(f"  {', '.join(names)}: {text}")


def grouped_bases(setting: Setting) -> dict[str, list[str]]:
    """How figures come about → the columns that come about so."""
    titles: dict[str, list[str]] = {}
    for dimension in DIMENSIONS:
        found = {use: ": ".join(basis(dimension.name, use, setting)) for use in USES}
        if found["read"] == found["written"]:
            titles.setdefault(found["read"], []).append(dimension.title)
        else:
            for use, text in found.items():
                titles.setdefault(text, []).append(f"{dimension.title} ({use})")
    return titles
