"""One part of a run, from its input to its file and its mark. Runs in any process, any number of times, with one result.

OUT/part-00007.jsonl     the rows: written aside, flushed to the disk, then renamed
OUT/.slim/marks/00007    its counts, written after it: a part with a mark is done
OUT/.slim/place/00007    the number of the row in work, which tells the culprit if the process dies
OUT/.slim/died/00007     the rows that killed a process; they keep their text from then on
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Final

from slimgrammar.pipeline.datasets.durable import DatasetProblem, read_json, whole, write_json
from slimgrammar.pipeline.datasets.plan import Job, Kind, Unit
from slimgrammar.pipeline.datasets.tally import Counts, Tally

HIDDEN: Final = ".slim"


@dataclass(frozen=True, slots=True)
class Folder:
    """The names in an output folder."""

    out: Path
    suffix: str = ""

    @property
    def hidden(self) -> Path:
        """What is no data; loaders of data sets pass over it."""
        return self.out / HIDDEN

    @property
    def aside(self) -> Path:
        """Files that are not ready yet."""
        return self.hidden / "aside"

    def part(self, number: int) -> Path:
        """The file of a part."""
        return self.out / f"part-{number:05}{self.suffix}"

    def note(self, kind: str, number: int) -> Path:
        """A small file about a part: of "marks", "place" or "died"."""
        return self.hidden / kind / f"{number:05}"

    def finished(self, number: int) -> Counts | None:
        """The counts of a part that is done, None of one that is not."""
        mark = read_json(self.note("marks", number))
        return Counts.from_json(mark) if mark is not None and self.part(number).exists() else None

    def blame(self, number: int) -> None:
        """Note that a process died of the row that it was working on.

        Raises:
            DatasetProblem: no row can be blamed.
        """
        try:
            row = int(self.note("place", number).read_bytes())
        except (OSError, ValueError):
            row = -1
        died: list[int] = read_json(self.note("died", number)) or []
        if row < 0 or row in died:
            raise DatasetProblem(f"{self.part(number)}: the process that worked on it died, and not of a row")
        write_json(self.note("died", number), sorted([*died, row]), self.aside)


@dataclass(frozen=True, slots=True)
class PartWork:
    """Makes parts; a picklable function.

    Attributes:
        folder: where they go.
        kind: what the input is.
        job: what is asked for.
    """

    folder: Folder
    kind: Kind
    job: Job

    def __call__(self, unit: Unit) -> Counts:
        """Make the part, unless it is done.

        Raises:
            DatasetProblem: its input cannot be read.
            RowRefused: a row failed, and the run is to end there.
        """
        done = self.folder.finished(unit.number)
        return done if done is not None else self._made(unit)

    def release(self) -> None:
        """Close what this process keeps open."""
        module_of(self.kind).release()

    def _made(self, unit: Unit) -> Counts:
        note = self.folder.note
        fatal = frozenset(read_json(note("died", unit.number)) or ())
        place = os.open(note("place", unit.number), os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o666)
        try:
            tally = Tally(self.job.options, self.job.on_error, fatal, place)
            with whole(self.folder.part(unit.number), self.folder.aside) as file:
                module_of(self.kind).write_part(unit, self.job, tally, file, self.folder.suffix)
        finally:
            os.close(place)
        write_json(note("marks", unit.number), tally.counts.to_json(), self.folder.aside)
        note("place", unit.number).unlink(missing_ok=True)
        return tally.counts


def module_of(kind: Kind) -> ModuleType:
    """What reads a kind of input and writes its parts: `write_part` and `release`."""
    name = {"jsonl": "jsonl", "parquet": "parquet", "source": "sources"}[kind]
    return import_module(f"slimgrammar.pipeline.datasets.{name}")
