"""A datatrove block that converts the text of documents; what became of each stands in its metadata."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from slimgrammar.errors import MissingExtra
from slimgrammar.pipeline.datasets.options import COLUMNS, Options
from slimgrammar.pipeline.datasets.rows import convert, prepare
from slimgrammar.pipeline.datasets.tally import OnError, RowRefused

try:
    from datatrove.pipeline.base import PipelineStep
except ImportError:
    raise MissingExtra("datatrove", "datatrove") from None


class SlimRows(PipelineStep):  # type: ignore[misc]  # datatrove has no types
    """Converts documents one by one; put it between a reader and a writer.

    Args:
        options: what is done to each document.
        language_key: where the metadata tell the language; None where all are in one.
        on_error: "keep" documents that fail, with their error; "drop" them; or "fail", which ends the rank.
    """

    name = "slimgrammar"
    type = "✂️ - FORMAT"

    def __init__(self, options: Options | None = None, *, language_key: str | None = None, on_error: OnError = "keep") -> None:
        super().__init__()
        self.options = options or Options()
        self.language_key = language_key
        self.on_error: OnError = on_error
        prepare(self.options)

    def run(self, data: Iterable[Any], rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        """The documents, converted."""
        for document in data:
            with self.track_time():
                failed = self._convert(document)
            if failed and self.on_error == "drop":
                continue
            self.update_doc_stats(document)
            yield document

    def _convert(self, document: Any) -> bool:
        """Convert a document in place; whether that failed."""
        known = document.metadata
        language = known.get(self.language_key) if self.language_key else None
        row = convert(self.options, document.text, language=language, made=known)
        if row.failed and self.on_error == "fail":
            raise RowRefused(f"{document.id}: {row.status}: {row.error}")
        self.stat_update(row.status)
        columns = row.columns(self.options, "text")
        document.text = columns["text"]
        document.metadata |= {name: columns[name] for name in COLUMNS}
        return row.failed
