"""Hugging Face `datasets`: `map_dataset` calls `Dataset.map` with the batch function as it should be called.

`map` finds its results in a cache by the state of the function. An upgrade of slimgrammar changes that state, since
`Options` holds the version; a function imported from a package has none, and would leave its users with the old results.
"""

from __future__ import annotations

from typing import Any

from slimgrammar.errors import MissingExtra
from slimgrammar.pipeline.datasets.batches import MapRows
from slimgrammar.pipeline.datasets.rows import prepare

__all__ = ["MapRows", "map_dataset"]


def map_dataset(dataset: Any, rows: MapRows | None = None, **options: Any) -> Any:
    """A `Dataset`, `IterableDataset` or dict of them with the converted text and what became of it in new columns.

    Args:
        dataset: the data set.
        rows: what is done to it.
        options: more for `map`, such as `num_proc=8` (which an `IterableDataset` does not know) or `batch_size`.

    Returns:
        The data set that `map` gives.

    Raises:
        MissingExtra: `datasets` is not installed.
        SlimError: see `rows.prepare`.
    """
    try:
        from datasets import Features, Value
    except ImportError:
        raise MissingExtra("datasets", "datasets") from None
    work = rows or MapRows()
    prepare(work.options)
    if isinstance(dataset, dict):
        return type(dataset)({name: map_dataset(split, work, **options) for name, split in dataset.items()})
    if dataset.features is not None:
        # Named here: a first batch of rows without any text would give the column no type.
        kinds = {str: Value("string"), int: Value("int64")}
        added = {name: kinds[kind] for name, kind in work.added.items()}
        options["features"] = Features({**dataset.features, **added})
    return dataset.map(work, batched=True, **options)
