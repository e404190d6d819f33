"""Ray Data, for more than one machine: an actor class for `map_batches`, and `map_dataset`, which calls that as it should be.

An actor that dies is started again by Ray, and its batch with it: no row is lost, and none comes twice. To go on with a whole
job is for Ray's own checkpoint (`DataContext.checkpoint_config`), see docs/datasets.md.
"""

from __future__ import annotations

from typing import Any

from slimgrammar.errors import MissingExtra
from slimgrammar.pipeline.datasets.batches import MapRows
from slimgrammar.pipeline.datasets.parquet import import_pyarrow
from slimgrammar.pipeline.datasets.rows import prepare


class SlimActor:
    """A batch function with a state of its own in each worker: `dataset.map_batches(SlimActor, batch_format="pyarrow", …)`."""

    def __init__(self, rows: MapRows | None = None) -> None:
        """Load what the rows need, once in a worker."""
        self.rows = rows or MapRows()
        prepare(self.rows.options)

    def __call__(self, batch: Any) -> Any:
        """An Arrow table with the columns that its rows get; those that it has already are made anew."""
        pyarrow = import_pyarrow()
        types = {str: pyarrow.large_string(), int: pyarrow.int64()}
        needed = [self.rows.column, self.rows.language_column, *self.rows.added]
        made = self.rows(batch.select([name for name in needed if name in batch.column_names]).to_pydict())
        batch = batch.drop_columns([name for name in made if name in batch.column_names])
        for name, values in made.items():
            batch = batch.append_column(name, pyarrow.array(values, types[self.rows.added[name]]))
        return batch


def map_dataset(dataset: Any, rows: MapRows | None = None, *, actors: int = 2, **options: Any) -> Any:
    """A Ray `Dataset` with the converted text and what became of it in new columns.

    Args:
        dataset: the data set.
        rows: what is done to it.
        actors: how many processes work on it, on all machines together.
        options: more for `map_batches`, such as `batch_size=64` or `num_cpus=1`.

    Returns:
        The data set that `map_batches` gives.

    Raises:
        MissingExtra: Ray Data is not installed.
        SlimError: see `rows.prepare`.
    """
    try:
        from ray.data import ActorPoolStrategy
    except ImportError:
        raise MissingExtra("ray[data]", "ray") from None
    work = rows or MapRows()
    prepare(work.options)
    options = {"compute": ActorPoolStrategy(size=actors), "batch_size": 64} | options
    return dataset.map_batches(SlimActor, fn_constructor_kwargs={"rows": work}, batch_format="pyarrow", **options)
