"""A run over a data set: plans it or finds its plan, gives the parts out, adds up. Killed at any moment, it goes on.

Parts that are done bear marks; all else is made again, with the same bytes. The manifest holds what the run was asked for and
what its inputs were: a run that is asked for something else, or finds other inputs, refuses to go on in that folder.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

from slimgrammar.pipeline.datasets.durable import DatasetProblem, read_json, write_json
from slimgrammar.pipeline.datasets.parts import HIDDEN, Folder, PartWork, module_of
from slimgrammar.pipeline.datasets.plan import Job, Plan, Unit, find_inputs, fingerprints, plan
from slimgrammar.pipeline.datasets.rows import prepare
from slimgrammar.pipeline.datasets.tally import Counts

FORMAT: Final = 1
WINDOW: Final = 256


@dataclass(frozen=True, slots=True)
class Died:
    """A process died while it worked on `unit`, and again when that was all that ran."""

    unit: Unit


Execute: TypeAlias = Callable[[PartWork, Sequence[Unit]], Iterable[Counts | Died]]


def in_turn(work: PartWork, units: Sequence[Unit]) -> Iterator[Counts | Died]:
    """All parts in this process, one after the other."""
    try:
        yield from map(work, units)
    finally:
        module_of(work.kind).release()


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
        if out.resolve().is_relative_to(source.resolve()):
            raise DatasetProblem(f"{out}: the output would lie inside the input")
        if out.exists() and not out.is_dir():
            raise DatasetProblem(f"{out}: the output is a folder, and this is a file")
        if out.exists() and not (out / HIDDEN).exists() and any(out.iterdir()):
            raise DatasetProblem(f"{out}: the folder is not empty, and holds no run to go on with")
        self.job = job
        self._out = out
        if force:
            _clear(out)
        self.plan = self._planned(source)
        self._folder = Folder(out, self.plan.suffix)
        self.counts = Counts()
        self.left: list[Unit] = []
        for unit in self.plan.units:
            done = self._folder.finished(unit.number)
            self.left.append(unit) if done is None else self.counts.add(done)

    def _planned(self, source: Path) -> Plan:
        kind, paths = find_inputs(source, self.job)
        asked = {"format": FORMAT, "kind": kind, "job": self.job.to_json(), "inputs": fingerprints(source, paths)}
        manifest = self._out / HIDDEN / "manifest.json"
        held = read_json(manifest)
        top = source if source.is_dir() else source.parent
        if held is not None:
            _refuse_other(self._out, held, asked)
            return Plan(kind, held["suffix"], tuple(_read_unit(top, number, unit) for number, unit in enumerate(held["units"])))
        made = plan(source, kind, paths, self.job)
        for name in ("aside", "marks", "place", "died"):
            (self._out / HIDDEN / name).mkdir(parents=True, exist_ok=True)
        units = [_shown_unit(top, unit) for unit in made.units]
        write_json(manifest, {**asked, "suffix": made.suffix, "units": units}, self._out / HIDDEN / "aside")
        return made

    def parts(self, execute: Execute = in_turn) -> Iterator[Counts]:
        """Make the parts that are left; the counts of each as it is done, and all of them in `counts`.

        Args:
            execute: does the work: `in_turn`, or in several processes.

        Raises:
            DatasetProblem: an input cannot be read, or another run works in this folder.
            RowRefused: a row failed, and `on_error` is "fail".
        """
        with _locked(self._folder):
            _sweep(self._folder)
            work = PartWork(self._folder, self.plan.kind, self.job)
            # In windows: after a death the rest of a window runs in one process, and the list of results stays short.
            for start in range(0, len(self.left), WINDOW):
                todo = self.left[start : start + WINDOW]
                while todo:
                    died = []
                    for result in execute(work, todo):
                        if isinstance(result, Died):
                            self._folder.blame(result.unit.number)
                            died.append(result.unit)
                        else:
                            self.counts.add(result)
                            yield result
                    todo = died
            self.left = []
            _sweep(self._folder)
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


def _refuse_other(out: Path, held: dict[str, Any], asked: dict[str, Any]) -> None:
    """Refuse to go on with a run that was something else."""
    before, now = held.get("job", {}), asked["job"]
    differing = [f"{name} was {before.get(name)!r}, now {now[name]!r}" for name in now if before.get(name) != now[name]]
    if held.get("inputs") != asked["inputs"] or held.get("kind") != asked["kind"]:
        differing.append("the input has changed")
    if held.get("format") != FORMAT or differing:
        reason = "; ".join(differing) or "it was made by another version"
        raise DatasetProblem(f"{out}: holds another run ({reason}): choose another folder, or --force to begin again")


def _shown_unit(top: Path, unit: Unit) -> list[Any]:
    path = unit.path.relative_to(top).as_posix()
    return [path, unit.start, unit.end, unit.group, list(unit.files), unit.size]


def _read_unit(top: Path, number: int, shown: list[Any]) -> Unit:
    path, start, end, group, files, size = shown
    return Unit(number, top / path, start, end, group, tuple(files), size)


def _clear(out: Path) -> None:
    """Remove what a run left, and nothing else; its notes last, without which the folder would not be known as ours."""
    if (out / HIDDEN).exists():
        for path in out.glob("part-[0-9]*"):
            path.unlink()
        shutil.rmtree(out / HIDDEN)


def _sweep(folder: Folder) -> None:
    """Remove files that were never finished, and places in parts that are."""
    for kind in ("aside", "place"):
        for path in (folder.hidden / kind).iterdir():
            path.unlink(missing_ok=True)


@contextmanager
def _locked(folder: Folder) -> Iterator[None]:
    """Keep a second run out of the folder. The system lifts the lock with the process, however that ends."""
    try:
        import fcntl
    except ImportError:  # Windows: there a second run is the user's own care
        yield
        return
    with (folder.hidden / "lock").open("wb") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # unlike flock, not shared with the workers
        except OSError:
            raise DatasetProblem(f"{folder.out}: another run is at work in this folder") from None
        yield
