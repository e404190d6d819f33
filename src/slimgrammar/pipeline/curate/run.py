"""A curation from beginning to end: measure, decide, write. Killed at any moment, it goes on and comes to the same bytes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from slimgrammar.pipeline.curate.decide import DECIDED, decide
from slimgrammar.pipeline.curate.filters import read_filters
from slimgrammar.pipeline.curate.measuring import MEASURED, MeasureWork, measure
from slimgrammar.pipeline.curate.options import Curation
from slimgrammar.pipeline.curate.write import DROPPED, RUNS, MergeWork, WriteWork
from slimgrammar.pipeline.datasets.durable import whole, write_json
from slimgrammar.pipeline.datasets.manifest import locked, planned, sweep
from slimgrammar.pipeline.datasets.parts import Folder
from slimgrammar.pipeline.datasets.plan import Unit
from slimgrammar.pipeline.datasets.runner import Execute, Work, carry_out, in_turn
from slimgrammar.pipeline.datasets.tally import Counts

_NOTES: Final = (MEASURED, DECIDED, RUNS, DROPPED)


def prepare(job: Curation) -> None:
    """Meet here, not in a million rows, what is wrong with the options themselves.

    Raises:
        SlimError: a senseless share, filters that cannot be read, an unknown vocabulary, an extra that is not installed.
    """
    from slimgrammar.prune import language
    from slimgrammar.vocab import load

    job.options.check()
    read_filters(job.options.filters)
    load(job.options.vocab)
    if job.language_column is not None or job.options.order != "input":
        language("python").parse("")
    measure(job.options, "x = 1\n")


class CurationRun:
    """A curation that is about to begin, or to go on.

    Attributes:
        report: once it is done: rows and tokens before and after, and what each filter dropped.
    """

    def __init__(self, source: Path, out: Path, job: Curation, *, force: bool = False) -> None:
        """Plan the run, or take up the one that `out` holds; see `curate`."""
        prepare(job)
        self.report: dict[str, Any] = {}
        self._job, self._out = job, out
        self._plan = planned(source, out, job, force=force)
        self._folder = Folder(out, self._plan.suffix)

    def passes(self, execute: Execute = in_turn) -> Iterator[tuple[str, int, Iterator[Counts]]]:
        """The passes over the data: a name, how many units it has, and the work itself, which is to be iterated to its end.

        Args:
            execute: does the work: `in_turn`, or in several processes.
        """
        folder, kind, units, job = self._folder, self._plan.kind, self._plan.units, self._job

        def carried(label: str, work: Work, todo: Sequence[Unit]) -> tuple[str, int, Iterator[Counts]]:
            return label, len(todo), carry_out(folder, work, todo, execute)

        with locked(folder):
            sweep(folder)
            for name in _NOTES:
                (folder.hidden / name).mkdir(exist_ok=True)
            yield carried("measure", MeasureWork(folder, kind, job), units)
            decided = decide(folder, len(units), job)
            parts = _parts(decided["cuts"], self._out)
            if job.options.order == "input":
                yield carried("write", WriteWork(folder, kind, job), units)
            elif any(folder.finished(part.number) is None for part in parts):
                yield carried("write", WriteWork(folder, kind, job), units)
                yield carried("merge", MergeWork(folder, kind, job, len(units)), parts)
            sweep(folder)
            self.report = {key: value for key, value in decided.items() if key != "cuts"}
            write_json(folder.hidden / "report.json", {"job": job.to_json(), **self.report}, folder.aside)
            shutil.rmtree(folder.hidden / RUNS)


def curate(source: Path, out: Path, job: Curation | None = None, *, force: bool = False) -> dict[str, Any]:
    """Keep the rows of a data set that are worth learning from, in this process; `slim dataset curate` works in many.

    Args:
        source: a JSONL or Parquet file, or a folder of these, or of source files.
        out: the folder for the parts.
        job: what is asked for.
        force: throw away what an earlier run left in `out`.

    Returns:
        The report: rows and tokens before and after, and for each filter what it dropped and where it was published.

    Raises:
        FileNotFoundError: there is no `source`.
        DatasetProblem: it cannot be read, or `out` belongs to something else.
        SlimError: the options mean nothing, or an extra is missing.
    """
    run = CurationRun(source, out, job or Curation(), force=force)
    for _, _, results in run.passes():
        for _ in results:
            pass
    return run.report


def _parts(cuts: Sequence[int], out: Path) -> list[Unit]:
    """The parts of an ordered output: ranges of ranks."""
    return [Unit(number, out, start, end) for number, (start, end) in enumerate(pairwise(cuts))]


def write_dropped(out: Path, path: Path) -> None:
    """Write the rows that a finished run dropped into one JSONL file, each with its place, reason, language and text.

    Args:
        out: the folder of a run whose job had `tell_dropped`.
        path: the file.
    """
    with whole(path, path.parent) as file:
        for part in sorted((Folder(out).hidden / DROPPED).iterdir()):
            with part.open("rb") as rows:
                shutil.copyfileobj(rows, file)
