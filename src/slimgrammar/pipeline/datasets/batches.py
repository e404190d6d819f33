"""A batch of rows, as columns: the function that every engine with batches calls, by whatever name it has for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from slimgrammar.pipeline.datasets.options import COLUMNS, Options
from slimgrammar.pipeline.datasets.rows import convert


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
        return {name: [row[name] for row in rows] for name in self.added}

    @property
    def added(self) -> dict[str, type]:
        """The columns that rows get, with their types."""
        return {self.into: str, **COLUMNS}
