"""Rows as they are read, in every format, before anyone has judged them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from slimgrammar.pipeline.curate.options import Curation
from slimgrammar.pipeline.datasets import jsonl, parquet, sources
from slimgrammar.pipeline.datasets.plan import Kind, Unit


@dataclass(frozen=True, slots=True)
class Raw:
    """A row of the input.

    Attributes:
        where: its place, for people.
        text: its text; anything where the row holds no text.
        language: what it says its language is.
        line: the row in JSON, as it stands in the input; b"" for Parquet, whose rows are copied by columns.
        status: why it is no row; "" where it is one.
        error: the same in words.
    """

    where: str
    text: object
    language: object = None
    line: bytes = b""
    status: str = ""
    error: str = ""


def raws(kind: Kind, unit: Unit, job: Curation) -> Iterator[Raw]:
    """The rows of a unit, in order.

    Raises:
        DatasetProblem: the file is broken.
    """
    return {"jsonl": _from_jsonl, "parquet": _from_parquet, "source": _from_source}[kind](unit, job)


def _from_jsonl(unit: Unit, job: Curation) -> Iterator[Raw]:
    for where, line in jsonl.lines_of(unit):
        row, error = jsonl.parse(line)
        if row is None:
            yield Raw(where, line.decode("utf-8", "replace").rstrip("\r\n"), None, b"", "bad_row", error)
        else:
            language = row.get(job.language_column) if job.language_column else None
            yield Raw(where, row.get(job.column), language, line.strip())


def _from_source(unit: Unit, job: Curation) -> Iterator[Raw]:
    for name in unit.files:
        path = unit.path / name
        text, error = sources.read_text(path)
        if text is None:
            yield Raw(str(path), None, None, b"", "unreadable", error)
        else:
            yield Raw(str(path), text, sources.suffix_of(name), jsonl.spelled({"path": name, job.column: text}))


def _from_parquet(unit: Unit, job: Curation) -> Iterator[Raw]:
    number = unit.start
    with parquet.reading(unit) as group:
        for batch in group.within(unit.start, unit.end):
            yield from rows_of_batch(batch, unit, job, number)
            number += batch.num_rows


def rows_of_batch(batch: Any, unit: Unit, job: Curation, number: int) -> Iterator[Raw]:
    """The rows of an Arrow batch whose first has this number in its row group."""
    languages = parquet.values_of(batch, job.language_column)
    for place, text in enumerate(batch.column(job.column).to_pylist()):
        yield Raw(f"{unit.path}: row {number + place} of row group {unit.group}", text, languages[place])
