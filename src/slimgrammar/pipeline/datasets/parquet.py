"""Parquet: ranges of rows of a row group, with columns added; the other columns pass through untouched.

A process keeps its row group open and reads on from one range to the next, so that it decodes each group once at most.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO, Any, Final

from slimgrammar.errors import MissingExtra
from slimgrammar.pipeline.datasets.durable import DatasetProblem
from slimgrammar.pipeline.datasets.options import COLUMNS, Row
from slimgrammar.pipeline.datasets.plan import Input, Job, Unit
from slimgrammar.pipeline.datasets.tally import Tally

BATCH: Final = 64
GROUP: Final = 1 << 25
_STALE: Final = b"huggingface"  # says which columns there are, in words that `datasets` would believe


@cache
def import_pyarrow() -> Any:
    """The package, with its `parquet`."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise MissingExtra("pyarrow", "datasets") from None
    pyarrow.array([])  # its first array loads pandas: here once, before the processes fork, and not in each of them
    return pyarrow


def _open(path: Path) -> Any:
    pyarrow = import_pyarrow()
    try:  # without read-ahead, and in small pieces: a row group may be larger than the memory
        return pyarrow.parquet.ParquetFile(path, pre_buffer=False, buffer_size=1 << 20)
    except pyarrow.ArrowException as error:
        raise DatasetProblem(f"{path}: {error}") from None


def check(paths: Sequence[Path], column: str, language_column: str | None) -> list[int]:
    """The size of each file, uncompressed.

    Raises:
        DatasetProblem: no Parquet, no such column, or columns that differ from the first file's.
    """
    sizes, first = [], None
    for path in paths:
        file = _open(path)
        schema = file.schema_arrow
        first = schema if first is None else first
        if not schema.equals(first):
            raise DatasetProblem(f"{path}: its columns differ from those of {paths[0]}")
        if len(set(schema.names)) < len(schema.names):
            raise DatasetProblem(f"{path}: two columns have one name")
        for wanted in filter(None, (column, language_column)):
            if wanted not in schema.names:
                raise DatasetProblem(f"{path}: no column {wanted!r}; there are {', '.join(map(repr, schema.names))}")
            if not _holds_text(schema.field(wanted).type):
                raise DatasetProblem(f"{path}: the column {wanted!r} holds {schema.field(wanted).type}, not text")
        metadata = file.metadata
        sizes.append(sum(metadata.row_group(group).total_byte_size for group in range(metadata.num_row_groups)))
        file.close()
    return sizes


def _holds_text(kind: Any) -> bool:
    types = import_pyarrow().types
    if types.is_dictionary(kind):
        return _holds_text(kind.value_type)
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind) or types.is_null(kind))


def units(path: Path, share: int) -> Iterator[Unit]:
    """Ranges of rows of about `share` bytes; none crosses a row group."""
    file = _open(path)
    for group in range(file.metadata.num_row_groups):
        about = file.metadata.row_group(group)
        step = -(-about.num_rows // max(1, about.total_byte_size // share)) or 1
        for start in range(0, about.num_rows, step):
            end = min(start + step, about.num_rows)
            yield Unit(0, path, start, end, group, size=about.total_byte_size * (end - start) // about.num_rows)
    file.close()


class Group:
    """The rows of a row group, range after range."""

    def __init__(self, path: Path, group: int) -> None:
        self.path = path
        self.group = group
        self.file = _open(path)
        self._batches: Iterator[Any] = self.file.iter_batches(BATCH, [group])
        self._left: Any = None
        self._at = 0

    def within(self, start: int, end: int) -> Iterator[Any]:
        """Batches of the rows from `start` up to `end`, which must not lie behind rows read before."""
        while self._at < end:
            batch = self._left if self._left is not None else next(self._batches)
            first, last = self._at, min(self._at + batch.num_rows, end)
            self._left = batch.slice(last - first) if last - first < batch.num_rows else None
            self._at = last
            if last > start:
                skipped = max(0, start - first)
                yield batch.slice(skipped, last - first - skipped)

    def reaches(self, unit: Unit) -> bool:
        """Whether reading on gets to the rows of `unit`."""
        return (self.path, self.group) == (unit.path, unit.group) and self._at <= unit.start


_current: list[Group] = []


@contextmanager
def reading(unit: Unit) -> Iterator[Group]:
    """This process's reader, at or before the rows of `unit`; what goes wrong in the block is an error that names the file."""
    if not _current or not _current[0].reaches(unit):
        release()
        _current.append(Group(unit.path, unit.group))
    try:
        yield _current[0]
    except BaseException as error:
        release()  # the reader stands somewhere in the middle
        if isinstance(error, (import_pyarrow().ArrowException, OSError)):
            raise DatasetProblem(f"{unit.path}: {error}") from None
        raise


def release() -> None:
    """Close the file that this process keeps open."""
    for group in _current:
        group.file.close()
    _current.clear()


def write_part(unit: Unit, job: Job, tally: Tally, file: IO[bytes], ending: str) -> None:
    """Convert a range of rows into `file`."""
    pyarrow = import_pyarrow()
    batches: list[Any] = []
    with reading(unit) as group:
        schema = _schema(group.file.schema_arrow, job)
        with pyarrow.parquet.ParquetWriter(file, schema, compression="zstd") as writer:
            for batch in group.within(unit.start, unit.end):
                batches.append(_converted(batch, schema, unit, job, tally))
                if sum(held.nbytes for held in batches) > GROUP:
                    writer.write_table(pyarrow.Table.from_batches(batches, schema))
                    batches.clear()
            writer.write_table(pyarrow.Table.from_batches(batches, schema))


def _schema(schema: Any, job: Job) -> Any:
    """The input's columns without those that are made anew, and these, each with its type, whatever the rows hold."""
    pyarrow = import_pyarrow()
    added = {job.into: str, **COLUMNS}
    types = {str: pyarrow.large_string(), int: pyarrow.int64()}
    kept = [field for field in schema if field.name not in added]
    made = [pyarrow.field(name, types[kind]) for name, kind in added.items()]
    return stamped(pyarrow.schema([*kept, *made], schema.metadata), job)


def stamped(schema: Any, job: Input) -> Any:
    """A schema that tells what the run was asked for, and does not tell `datasets` of columns that it no longer has."""
    metadata = {key: value for key, value in (schema.metadata or {}).items() if key != _STALE}
    return schema.with_metadata(metadata | {b"slimgrammar": json.dumps(job.to_json()).encode()})


def _converted(batch: Any, schema: Any, unit: Unit, job: Job, tally: Tally) -> Any:
    """A batch with its columns added and the rows that are to be left out gone."""
    pyarrow = import_pyarrow()
    texts = batch.column(job.column).to_pylist()
    languages = values_of(batch, job.language_column)
    made = batch.select([name for name in COLUMNS if name in batch.schema.names]).to_pylist()
    rows: list[Row | None] = []
    for number, text in enumerate(texts):
        where = f"{unit.path}: row {unit.start + tally.counts.rows} of row group {unit.group}"
        rows.append(tally.convert(where, text, language=languages[number], made=made[number] if made else None))
    if None in rows:
        batch = batch.filter(pyarrow.array([row is not None for row in rows]))
    columns = [row.columns(job.options, job.into) for row in rows if row is not None]
    added = {job.into, *COLUMNS}
    arrays = [
        pyarrow.array([values[field.name] for values in columns], field.type)
        if field.name in added
        else batch.column(field.name)
        for field in schema
    ]
    return pyarrow.RecordBatch.from_arrays(arrays, schema=schema)


def values_of(batch: Any, name: str | None) -> list[Any]:
    """A column's values, or as many None where there is no such column."""
    return batch.column(name).to_pylist() if name in batch.schema.names else [None] * batch.num_rows
