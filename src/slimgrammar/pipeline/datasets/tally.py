"""The rows of one part: converts them, counts, and keeps the place, so that a row that kills its process can be found."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from slimgrammar.errors import SlimError
from slimgrammar.pipeline.datasets.options import Options, Row
from slimgrammar.pipeline.datasets.rows import convert, original

OnError = Literal["keep", "drop", "fail"]


class RowRefused(SlimError):
    """A row failed, and the run was told to end there."""


@dataclass(slots=True)
class Counts:
    """What a part, or a whole run, came to.

    Attributes:
        rows: rows read.
        written: rows written.
        bytes: of the texts read.
        tokens_before: of the texts that were converted.
        tokens_after: of what became of them.
        statuses: how many rows have which status.
    """

    rows: int = 0
    written: int = 0
    bytes: int = 0
    tokens_before: int = 0
    tokens_after: int = 0
    statuses: Counter[str] = field(default_factory=Counter)

    def add(self, other: Counts) -> None:
        """Add the counts of a part."""
        self.rows += other.rows
        self.written += other.written
        self.bytes += other.bytes
        self.tokens_before += other.tokens_before
        self.tokens_after += other.tokens_after
        self.statuses.update(other.statuses)

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return asdict(self) | {"statuses": dict(sorted(self.statuses.items()))}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Counts:
        """The inverse of `to_json`."""
        return cls(**{**value, "statuses": Counter(value["statuses"])})


def note_place(place: int, row: int) -> None:
    """Write the number of the row in work to an open file: it tells the culprit if the process dies."""
    os.lseek(place, 0, os.SEEK_SET)
    os.write(place, b"%-20d" % row)


@dataclass(slots=True)
class Tally:
    """Converts the rows of one part, in order.

    Attributes:
        options: what is done to each row.
        on_error: what becomes of rows that fail.
        fatal: numbers of rows (from 0, in this part) that killed a process before.
        place: an open file that holds the number of the row in work.
        counts: what came of it so far.
    """

    options: Options
    on_error: OnError
    fatal: frozenset[int]
    place: int
    counts: Counts = field(default_factory=Counts)

    def convert(
        self, where: str, text: object, *, language: object = None, made: Mapping[str, object] | None = None
    ) -> Row | None:
        """The row of `text`; None where it is to be left out.

        Args:
            where: the row's place in the input, for a message.
            text: its text.
            language, made: as `rows.convert` takes them.

        Raises:
            RowRefused: it failed, and `on_error` is "fail".
        """
        if self.counts.rows in self.fatal:
            row = Row(text if isinstance(text, str) else None, "died", "the process that worked on this row died")
        else:
            note_place(self.place, self.counts.rows)
            row = convert(self.options, text, language=language, made=made)
        return self._kept(where, row, text)

    def reject(self, where: str, status: str, text: str, error: str) -> Row | None:
        """The row of something that cannot be read as a row; None where it is to be left out."""
        return self._kept(where, original(self.options, text, status, error), text)

    def _kept(self, where: str, row: Row, text: object) -> Row | None:
        if row.failed and self.on_error == "fail":
            raise RowRefused(f"{where}: {row.status}: {row.error}")
        kept = not (row.failed and self.on_error == "drop")
        self.counts.rows += 1
        self.counts.written += kept
        self.counts.statuses[row.status] += 1
        if isinstance(text, str):
            self.counts.bytes += len(text.encode("utf-8", "surrogatepass"))
        if not row.failed and row.tokens_before is not None and row.tokens_after is not None:
            self.counts.tokens_before += row.tokens_before
            self.counts.tokens_after += row.tokens_after
        return row if kept else None
