"""Kept rows of Parquet: columns pass through untouched, into a part or, by rank, into a file that parts are merged from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np

from slimgrammar.pipeline.curate.lines import Reject, Slice
from slimgrammar.pipeline.curate.options import Curation
from slimgrammar.pipeline.curate.raws import rows_of_batch
from slimgrammar.pipeline.datasets.durable import whole
from slimgrammar.pipeline.datasets.parquet import import_pyarrow, reading, stamped
from slimgrammar.pipeline.datasets.plan import Kind, Unit


def kept_rows(kind: Kind, unit: Unit, job: Curation, ranks: Sequence[int], reject: Reject) -> Any:
    """The rows of a unit that stay, by rank, as a table; see `lines.kept_rows`."""
    pyarrow = import_pyarrow()
    batches: list[Any] = []
    number = 0
    with reading(unit) as group:
        for batch in group.within(unit.start, unit.end):
            for raw in rows_of_batch(batch, unit, job, unit.start + number):
                if ranks[number] < 0:
                    reject(number, raw)
                number += 1
            mask = np.asarray(ranks[number - batch.num_rows : number]) >= 0
            batches.append(batch.filter(pyarrow.array(mask)))
        table = pyarrow.Table.from_batches(batches, group.file.schema_arrow)
    kept = np.asarray(ranks[:number])
    return table.take(np.argsort(kept[kept >= 0], kind="stable"))


def write_part(table: Any, file: IO[bytes], ending: str, job: Curation) -> None:
    """Write a table as a part."""
    pyarrow = import_pyarrow()
    stamp = stamped(table.schema, job)
    with pyarrow.parquet.ParquetWriter(file, stamp, compression="zstd") as writer:
        writer.write_table(table.cast(stamp).combine_chunks())


def write_run(table: Any, path: Path, aside: Path) -> None:
    """Write a table for `merged`."""
    pyarrow = import_pyarrow()
    with whole(path, aside) as file, pyarrow.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table.unify_dictionaries().combine_chunks())


def merged(slices: Sequence[Slice]) -> Any:
    """The rows of slices of runs, by rank."""
    pyarrow = import_pyarrow()
    tables = []
    for path, start, stop, _ in slices:
        with pyarrow.memory_map(str(path)) as file:
            tables.append(pyarrow.ipc.open_file(file).read_all().slice(start, stop - start))
    ranks = np.concatenate([np.asarray(ranks) for *_, ranks in slices])
    return pyarrow.concat_tables(tables).take(np.argsort(ranks))
