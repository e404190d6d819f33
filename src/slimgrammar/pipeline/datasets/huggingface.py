"""Hugging Face `datasets`: a batch function for `Dataset.map`, and `map_dataset`, which calls it as it should be called.

`map` finds its results in a cache by the state of the function. An upgrade of slimgrammar changes that state, since
`Options` holds the version; a function imported from a package has none, and would leave its users with the old results.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from slimgrammar.errors import MissingExtra
from slimgrammar.pipeline.datasets.options import COLUMNS, Options
from slimgrammar.pipeline.datasets.rows import convert, prepare


@dataclass(frozen=True)
class MapRows:
    """A batch function: `dataset.map(MapRows(), batched=True)`. Picklable, and equal options have one fingerprint.

    Attributes:
        options: what is done to each row.
        column: the column that holds the text.
        into: the column that gets the converted text.
        language_column: the column that tells a row's language; None where all are in one.
    """

    options: Options = field(default_factory=Options)
    column: str = "text"
    into: str = "slim_text"
    language_column: str | None = None

    def __call__(self, batch: dict[str, list[Any]]) -> dict[str, list[Any]]:
        """The columns that a batch of rows gets."""
        texts = batch[self.column]
        languages = batch[self.language_column] if self.language_column else [None] * len(texts)
        made = {name: batch[name] for name in COLUMNS if name in batch}
        rows = []
        for number, (text, language) in enumerate(zip(texts, languages, strict=True)):
            known = {name: values[number] for name, values in made.items()}
            rows.append(convert(self.options, text, language=language, made=known).columns(self.options, self.into))
        return {name: [row[name] for row in rows] for name in (self.into, *COLUMNS)}


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
        added = {name: kinds[kind] for name, kind in {work.into: str, **COLUMNS}.items()}
        options["features"] = Features({**dataset.features, **added})
    return dataset.map(work, batched=True, **options)
