"""The results as tables: rows of text, which a terminal and the documentation show alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from slimgrammar.bench.methods import CONTENTS
from slimgrammar.bench.results import THOUSAND, Json
from slimgrammar.report.dimensions import DIMENSIONS, USES, Dimension
from slimgrammar.report.figures import digits, scaled, shown
from slimgrammar.report.formulas import Range
from slimgrammar.report.tables import TITLES

if TYPE_CHECKING:
    from rich.console import Console

HERE: Final = "here"
_OWN: Final = tuple(dimension for dimension in DIMENSIONS if dimension.name in ("memory", "energy", "water", "carbon"))


class Table(NamedTuple):
    """A table: rows stand in groups, each under a title that may be empty; the first column is a name, figures follow."""

    title: str
    heads: list[str]
    groups: list[tuple[str, list[list[str]]]]


def tables(results: Json) -> list[Table]:
    """All tables of a run."""
    found = [table for corpus in results["corpora"] for table in _corpus_tables(corpus, results)]
    return [*found, *mask_tables(results)]


def heading(results: Json) -> str:
    """What was measured, in a line."""
    model = f"{results['model']} (tokens of {results['vocabulary']}), electricity of {results['region']}"
    return f"{results['build']}; {model}; intervals of {results['level']:.0%}"


def _corpus_tables(corpus: Json, results: Json) -> Iterator[Table]:
    rows = corpus["methods"]
    name = f"{corpus['name']}: {corpus['files']} files, {corpus['bytes'] / 1e6:.1f} MB"
    for use in USES:
        used = [row for row in rows if use in row]
        if used:
            yield _costs(f"{name}; a file {TITLES[use]}", used, use)
    if rows:
        yield _own(f"{name}; what the methods themselves take for a file, on this machine", rows)


def _costs(title: str, rows: Sequence[Json], use: str) -> Table:
    """Tokens and dimensions of one use."""
    units = {
        dimension: _unit([row[use][dimension.name]["cost"] for row in rows if dimension.name in row[use]], dimension)
        for dimension in DIMENSIONS
    }
    heads = ["method", "tokens", "saved, %", *(_head(dimension, unit) for dimension, (_, unit) in units.items())]

    def line(row: Json) -> list[str]:
        figures = [_cost(row[use].get(dimension.name), scale) for dimension, (scale, _) in units.items()]
        return [row["name"], f"{row['tokens']:,}", "" if row["is_baseline"] else estimate(row["saved"], 1), *figures]

    return Table(title, heads, _grouped(rows, line))


def _own(title: str, rows: Sequence[Json]) -> Table:
    """Speed, and the dimensions of the methods themselves."""
    units = {dimension: _unit([_both(row[HERE][dimension.name]) for row in rows], dimension) for dimension in _OWN}
    heads = ["method", "MB/s", "time, ms", *(_head(dimension, unit) for dimension, (_, unit) in units.items())]

    def line(row: Json) -> list[str]:
        own = row[HERE]
        speed = "" if row["kind"] == "original" else f"{own['megabytes_per_second']:.2f}"
        taken = estimate([1000 * value for value in own["time"]], 2)
        return [row["name"], speed, taken, *(_figure(own[dimension.name], scale) for dimension, (scale, _) in units.items())]

    return Table(title, heads, _grouped([row for row in rows if row["kind"] != "original"], line))


def mask_tables(results: Json) -> list[Table]:
    """Masks beside other engines, and forced tokens."""
    rows = [row for row in results["masks"] if not row["broken"]]
    if not rows:
        return []
    heads = ["engine", "texts", "refused", "ready, s", "a step, ms", "p50", "p99", *(dimension.title for dimension in _OWN)]

    def line(row: Json) -> list[str]:
        step = [estimate(row["step_ms"], 3), f"{row['step_ms_p50']:.3f}", f"{row['step_ms_p99']:.3f}"]
        found = [(_both(row[HERE][dimension.name]), dimension.unit) for dimension in _OWN]
        own = [shown(Range(*both) if both else None, unit) for both, unit in found]  # engines differ by orders of magnitude
        return [row["engine"], f"{row['texts']}", f"{row['refused']}", f"{row['ready']:.2f}", *step, *own]

    groups = [(grammar, [line(row) for row in found]) for grammar, found in groupby(rows, lambda row: str(row["grammar"]))]
    title = f"Masks, on programs and on JSON: memory in all; energy, water and carbon of {THOUSAND:,} tokens, on this machine"
    return [Table(title, heads, groups), _forced([row for row in rows if "forced" in row])]


def _forced(rows: Sequence[Json]) -> Table:
    """What a model saves where the grammar leaves no choice."""
    shown = [dimension for dimension in DIMENSIONS if rows and dimension.name in rows[0]["forced"]["saved"]]
    heads = ["grammar", "tokens forced, %", *(f"{dimension.title} saved, %" for dimension in shown)]
    lines = [
        [row["grammar"], estimate(row["forced"]["percent"], 1)]
        + [estimate(row["forced"]["saved"][dimension.name], 1) for dimension in shown]
        for row in rows
    ]
    return Table("Forced tokens: read together, instead of written one by one", heads, [("", lines)])


def _grouped(rows: Iterable[Json], line: Any) -> list[tuple[str, list[list[str]]]]:
    return [
        (CONTENTS[content].title, [line(row) for row in found])
        for content, found in groupby(rows, lambda row: str(row["content"]))
    ]


def _unit(costs: Sequence[Sequence[float] | None], dimension: Dimension) -> tuple[float, str]:
    """The scale and the unit that suit a column."""
    if dimension.unit == "$":
        return 1e-6, "$ a million files"
    return scaled(max((max(cost) for cost in costs if cost), default=1.0), dimension.unit)


def _head(dimension: Dimension, unit: str) -> str:
    return f"{dimension.title}, {unit}"


def _cost(cell: Json | None, scale: float) -> str:
    return digits(Range(*cell["cost"]), scale) if cell else "–"


def _both(value: float | None) -> tuple[float, float] | None:
    return None if value is None else (value, value)


def _figure(value: float | None, scale: float) -> str:
    return "–" if value is None else digits(Range(value, value), scale)


def estimate(found: Sequence[float], places: int) -> str:
    """A figure and its interval.

    >>> estimate((19.71, 18.9, 20.4), 1)
    '19.7 (18.9–20.4)'
    """
    value, low, high = (f"{part:.{places}f}".replace("-", "−") for part in found)
    return f"{value} ({low}–{high})"


def notes(results: Json) -> list[str]:
    """What was left out and why, and how each column comes about."""
    found = []
    for corpus in results["corpora"]:
        name = corpus["name"]
        found += [f"{name}: {corpus['not_python']} files are not Python here."] if corpus["not_python"] else []
        found += [f"{name}: {files} files left out, on which {method} fails." for method, files in corpus["failed"].items()]
        found += [f"{name}: left out: {row['method']}: {row['reason']}." for row in corpus["left_out"]]
    found += [f"left out: {row['engine']} on {row['grammar']}: {row['broken']}." for row in results["masks"] if row["broken"]]
    found.append("Tokens are measured.")
    for use in (*USES, HERE):
        bases: dict[str, list[str]] = {}
        for dimension in results["dimensions"].values():
            bases.setdefault(": ".join(dimension[use].values()), []).append(dimension["title"])
        found += [f"{use}: {', '.join(titles)}: {how}." for how, titles in bases.items()]
    return list(dict.fromkeys(found))


def print_tables(results: Json) -> None:
    """Print all tables; what is too wide for the terminal comes in several, each with the names."""
    from rich.console import Console

    console = Console(highlight=False)
    console.print(heading(results))
    for table in tables(results):
        for part in fitting(table, console.width):
            _print(part, console)
    for note in notes(results):
        console.print(note, soft_wrap=True)


def _print(table: Table, console: Console) -> None:
    from rich import box
    from rich.table import Table as RichTable

    made = RichTable(title=table.title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for place, head in enumerate(table.heads):
        made.add_column(head, justify="right" if place else "left", no_wrap=True)
    for title, rows in table.groups:
        if title:
            made.add_row(f"[italic]{title}[/italic]")
        for row in rows:
            made.add_row(*row)
        made.add_section()
    console.print(made)


def fitting(table: Table, width: int) -> list[Table]:
    """A table in parts of at most `width` characters, as far as two columns allow; each has the first column.

    >>> [part.heads for part in fitting(Table("", ["name", "one", "two"], [("", [["a", "1", "2"]])]), 16)]
    [['name', 'one'], ['name', 'two']]
    """
    lines = [table.heads, *(row for _, rows in table.groups for row in rows)]
    sizes = [3 + max(map(len, column)) for column in zip(*lines, strict=True)]
    names = max([sizes[0], *(3 + len(title) for title, _ in table.groups)])
    parts: list[list[int]] = [[]]
    room = width - 1 - names
    for column, size in enumerate(sizes[1:], start=1):
        if parts[-1] and size > room:
            parts.append([])
            room = width - 1 - names
        parts[-1].append(column)
        room -= size
    return [_columns(table, [0, *part]) for part in parts]


def _columns(table: Table, columns: Sequence[int]) -> Table:
    """Some columns of a table."""
    groups = [(title, [[row[column] for column in columns] for row in rows]) for title, rows in table.groups]
    return Table(table.title, [table.heads[column] for column in columns], groups)


def as_html(table: Table) -> str:
    """A table in HTML, its groups as parts of its own with their titles.

    >>> print(as_html(Table("", ["method", "saved"], [("dialects", [["compact", "19 %"]])])))
    <table>
    <thead><tr><th scope="col">method</th><th scope="col" class="n">saved</th></tr></thead>
    <tbody>
    <tr><th scope="rowgroup" colspan="2">dialects</th></tr>
    <tr><th scope="row">compact</th><td class="n">19 %</td></tr>
    </tbody>
    </table>
    """
    name, *figures = map(escape, table.heads)
    heads = "".join(f'<th scope="col" class="n">{head}</th>' for head in figures)
    lines = ["<table>", f'<thead><tr><th scope="col">{name}</th>{heads}</tr></thead>']
    for title, rows in table.groups:
        lines.append("<tbody>")
        if title:
            lines.append(f'<tr><th scope="rowgroup" colspan="{len(table.heads)}">{escape(title)}</th></tr>')
        for row in rows:
            cells = "".join(f'<td class="n">{escape(cell)}</td>' for cell in row[1:])
            lines.append(f'<tr><th scope="row">{escape(row[0])}</th>{cells}</tr>')
        lines.append("</tbody>")
    return "\n".join([*lines, "</table>"])
