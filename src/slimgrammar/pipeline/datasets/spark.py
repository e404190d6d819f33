"""Spark: a pandas UDF from text to what became of it, and `map_frame`, which adds that to a frame as columns.

The package must be installed where the workers run, for the Python that `PYSPARK_PYTHON` names.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from slimgrammar.errors import MissingExtra
from slimgrammar.pipeline.datasets.batches import MapRows
from slimgrammar.pipeline.datasets.options import PROFILE, STATUS, VERSION
from slimgrammar.pipeline.datasets.rows import prepare


def rows_udf(rows: MapRows | None = None, names: tuple[str, ...] | None = None) -> Any:
    """A pandas UDF that takes columns and gives a struct of the converted text and what became of it.

    Args:
        rows: what is done to each row.
        names: what the columns that it is called with are; the text's, and the language's where `rows` has one, unless given.

    Raises:
        MissingExtra: pyspark or pandas is not installed.
    """
    try:
        import pandas
        from pyspark.sql.functions import pandas_udf
    except ImportError as error:
        raise MissingExtra(error.name or "pyspark", "spark") from None
    work = rows or MapRows()
    called = names or tuple(filter(None, (work.column, work.language_column)))
    fields = ", ".join(f"`{name}`: {'string' if kind is str else 'bigint'}" for name, kind in work.added.items())
    kinds = {name: "object" if kind is str else "Int64" for name, kind in work.added.items()}

    def converted(batches: Iterator[Any]) -> Iterator[Any]:
        for batch in batches:
            columns = batch if isinstance(batch, tuple) else (batch,)  # Spark gives a lone column as it is
            made = work({name: _plain(column) for name, column in zip(called, columns, strict=True)})
            yield pandas.DataFrame({name: pandas.Series(values, dtype=kinds[name]) for name, values in made.items()})

    # Said here in types, since those of this module's text are strings that pyspark would look up.
    converted.__annotations__ = {"batches": Iterator[tuple[pandas.Series, ...]], "return": Iterator[pandas.DataFrame]}
    return pandas_udf(f"struct<{fields}>")(converted)


def _plain(series: Any) -> list[str | None]:
    """The values of a column of strings; pandas has several kinds of nothing."""
    return [value if isinstance(value, str) else None for value in series]


def map_frame(frame: Any, rows: MapRows | None = None) -> Any:
    """A Spark `DataFrame` with the converted text and what became of it in new columns; those it has already are made anew.

    Args:
        frame: the data set.
        rows: what is done to it.

    Raises:
        MissingExtra: pyspark or pandas is not installed.
        SlimError: see `rows.prepare`.
    """
    work = rows or MapRows()
    prepare(work.options)
    names = [work.column, work.language_column, *(name for name in (STATUS, VERSION, PROFILE) if name in frame.columns)]
    called = tuple(name for name in names if name is not None)
    made = rows_udf(work, called)(*(frame[f"`{name}`"] for name in called)).alias("_slim")
    kept = [frame[f"`{name}`"] for name in frame.columns if name not in work.added]
    return frame.select(*kept, made).select(*(f"`{column}`" for column in frame.columns if column not in work.added), "_slim.*")
