"""The third pass: writes what was decided, unit by unit; where the order is not the input's, parts are merged from that.

OUT/part-00007.jsonl             kept rows
OUT/.slim/marks/00007            written after it: the part is done
OUT/.slim/runs/00007             kept rows of a unit in the order of their ranks, where there is another order
OUT/.slim/runs/00007.ranks.npy   these ranks, written after it
OUT/.slim/dropped/00007          dropped rows with their reasons, where they are asked for
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO, Any, Final

import numpy as np

from slimgrammar.pipeline.curate import lines, tables
from slimgrammar.pipeline.curate.decide import BY_ITSELF, REASONS, decided_path
from slimgrammar.pipeline.curate.measuring import MEASURED, save_array
from slimgrammar.pipeline.curate.options import Curation
from slimgrammar.pipeline.curate.raws import Raw
from slimgrammar.pipeline.datasets.durable import read_json, whole, write_json
from slimgrammar.pipeline.datasets.jsonl import spelled
from slimgrammar.pipeline.datasets.parts import Folder, module_of
from slimgrammar.pipeline.datasets.plan import Kind, Unit
from slimgrammar.pipeline.datasets.tally import Counts

RUNS: Final = "runs"
DROPPED: Final = "dropped"


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes parts.

    Attributes:
        folder: where they go.
        kind: what the input is.
        job: what is asked for.
    """

    folder: Folder
    kind: Kind
    job: Curation

    @property
    def format(self) -> Any:
        """The module that writes this kind."""
        return tables if self.kind == "parquet" else lines

    def write(self, number: int, rows: Any, count: int) -> None:
        """Write a part and its mark."""
        with whole(self.folder.part(number), self.folder.aside) as file:
            self.format.write_part(rows, file, self.folder.suffix, self.job)
        write_json(self.folder.note("marks", number), Counts(rows=count, written=count).to_json(), self.folder.aside)


@dataclass(frozen=True, slots=True)
class WriteWork(_Writer):
    """Writes the kept rows of units: as parts, or as runs to merge parts from; a picklable function."""

    def __call__(self, unit: Unit) -> Counts:
        """Write a unit, unless that is done.

        Raises:
            DatasetProblem: its input cannot be read.
        """
        note, aside, number = self.folder.note, self.folder.aside, unit.number
        ordered = self.job.options.order != "input"
        ranks_path = note(RUNS, number).with_suffix(".ranks.npy")
        if ranks_path.exists() if ordered else self.folder.finished(number):
            return Counts()
        decided = self._decided(number)
        with ExitStack() as stack:
            dropped = stack.enter_context(whole(note(DROPPED, number), aside)) if self.job.tell_dropped else None
            reject = _Rejected(self.folder, number, decided, dropped)
            kept = self.format.kept_rows(self.kind, unit, self.job, decided["rank"].tolist(), reject)
        ranks = np.sort(decided["rank"][decided["rank"] >= 0])
        if ordered:
            self.format.write_run(kept, note(RUNS, number), aside)
            save_array(ranks_path, ranks, aside)
        else:
            self.write(number, kept, len(ranks))
        return Counts()

    def release(self) -> None:
        """Close what this process keeps open."""
        module_of(self.kind).release()

    def _decided(self, unit: int) -> Any:
        firsts = np.load(decided_path(self.folder, "firsts"), mmap_mode="r")
        return np.array(np.load(decided_path(self.folder, "rows"), mmap_mode="r")[firsts[unit] : firsts[unit + 1]])


class _Rejected:
    """Notes dropped rows, where they are asked for."""

    def __init__(self, folder: Folder, unit: int, decided: Any, file: IO[bytes] | None) -> None:
        self._decided, self._file = decided, file
        self._reasons: dict[str, list[str]] = (read_json(folder.note(MEASURED, unit)) or {}) if file else {}

    def __call__(self, number: int, raw: Raw) -> None:
        """Note one row."""
        if self._file is None:
            return
        decision = self._decided[number]
        reason, detail = REASONS[decision["reason"]], ""
        if decision["reason"] == BY_ITSELF:
            reason, detail = self._reasons[str(number)]
        elif decision["of"] >= 0:
            detail = f"of row {decision['of']}"
        text = raw.text if isinstance(raw.text, str) else None
        row = {"where": raw.where, "slim_reason": reason, "slim_detail": detail, "language": raw.language, "text": text}
        self._file.write(spelled(row) + b"\n")


@dataclass(frozen=True, slots=True)
class MergeWork(_Writer):
    """Merges parts from runs; a picklable function.

    Attributes:
        runs: how many runs there are.
    """

    runs: int

    def __call__(self, unit: Unit) -> Counts:
        """Merge the part of the ranks from `unit.start` up to `unit.end`, unless that is done."""
        if self.folder.finished(unit.number) is None:
            rows = self.format.merged(list(self._slices(unit)))
            self.write(unit.number, rows, unit.end - unit.start)
        return Counts()

    def release(self) -> None:
        """Nothing is kept open."""

    def _slices(self, unit: Unit) -> Iterator[lines.Slice]:
        for number in range(self.runs):
            path = self.folder.note(RUNS, number)
            ranks = np.load(path.with_suffix(".ranks.npy"), mmap_mode="r")
            start, stop = np.searchsorted(ranks, (unit.start, unit.end)).tolist()
            if start < stop or (number == 0 and unit.start == unit.end):  # a part of nothing has columns, too
                yield path, start, stop, ranks[start:stop].tolist()
