"""A run over a data set: gives the parts out, adds up. Killed at any moment, it goes on.

Parts that are done bear marks; all else is made again, with the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, TypeAlias

from slimgrammar.pipeline.datasets.durable import write_json
from slimgrammar.pipeline.datasets.manifest import locked, planned, sweep
from slimgrammar.pipeline.datasets.parts import Folder, PartWork
from slimgrammar.pipeline.datasets.plan import Job, Unit
from slimgrammar.pipeline.datasets.rows import prepare
from slimgrammar.pipeline.datasets.tally import Counts

WINDOW: Final = 256


class Work(Protocol):
    """What is done to each part, in any process; picklable."""

    def __call__(self, unit: Unit) -> Counts:
        """Do it, unless it is done."""

    def release(self) -> None:
        """Close what this process keeps open."""


@dataclass(frozen=True, slots=True)
class Died:
    """A process died while it worked on `unit`, and again when that was all that ran."""

    unit: Unit


Execute: TypeAlias = Callable[[Work, Sequence[Unit]], Iterable[Counts | Died]]


def in_turn(work: Work, units: Sequence[Unit]) -> Iterator[Counts | Died]:
    """All parts in this process, one after the other."""
    try:
        yield from map(work, units)
    finally:
        work.release()


def carry_out(folder: Folder, work: Work, units: Sequence[Unit], execute: Execute) -> Iterator[Counts]:
    """The counts of each unit as it is done. A row that kills its process is noted, and its unit done again without it.

    Raises:
        DatasetProblem: an input cannot be read, or a process died, and not of a row.
    """
    # In windows: after a death the rest of a window is given out again, and the list of results stays short.
    for start in range(0, len(units), WINDOW):
        todo = list(units[start : start + WINDOW])
        while todo:
            died = []
            for result in execute(work, todo):
                if isinstance(result, Died):
                    folder.blame(result.unit.number)
                    died.append(result.unit)
                else:
                    yield result
            todo = died


class Run:
    """A run that is about to begin, or to go on.

    Attributes:
        plan: its parts.
        counts: of the parts that are done.
        left: the inputs of those that are not.
    """

    def __init__(self, source: Path, out: Path, job: Job, *, force: bool = False) -> None:
        """Plan the run, or take up the one that `out` holds.

        Args:
            source: a JSONL or Parquet file, or a folder of these, or of source files.
            out: the folder for the parts.
            job: what is asked for.
            force: throw away what an earlier run left in `out`.

        Raises:
            FileNotFoundError: there is no `source`.
            DatasetProblem: it cannot be read, or `out` belongs to something else.
            SlimError: the options mean nothing, or an extra is missing.
        """
        prepare(job.options)
        self.job = job
        self.plan = planned(source, out, job, force=force)
        self._folder = Folder(out, self.plan.suffix)
        self.counts = Counts()
        self.left: list[Unit] = []
        for unit in self.plan.units:
            done = self._folder.finished(unit.number)
            self.left.append(unit) if done is None else self.counts.add(done)

    def parts(self, execute: Execute = in_turn) -> Iterator[Counts]:
        """Make the parts that are left; the counts of each as it is done, and all of them in `counts`.

        Args:
            execute: does the work: `in_turn`, or in several processes.

        Raises:
            DatasetProblem: an input cannot be read, or another run works in this folder.
            RowRefused: a row failed, and `on_error` is "fail".
        """
        with locked(self._folder):
            sweep(self._folder)
            work = PartWork(self._folder, self.plan.kind, self.job)
            for result in carry_out(self._folder, work, self.left, execute):
                self.counts.add(result)
                yield result
            self.left = []
            sweep(self._folder)
            report = {"job": self.job.to_json(), "parts": len(self.plan.units), **self.counts.to_json()}
            write_json(self._folder.hidden / "report.json", report, self._folder.aside)


def process(source: Path, out: Path, job: Job | None = None, *, force: bool = False) -> Counts:
    """Convert a data set in this process; `slim dataset` does it in many.

    Returns:
        What came of it, the parts that an earlier run made included.

    Raises:
        FileNotFoundError, DatasetProblem, RowRefused, SlimError: see `Run`.
    """
    run = Run(source, out, job or Job(), force=force)
    for _ in run.parts():
        pass
    return run.counts
