"""The notes of a run in its output folder: what was asked for, and which parts it has. A run goes on only with its own.

A run that is asked for something else than its notes tell, or finds other inputs, refuses to go on in that folder.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from slimgrammar.pipeline.datasets.durable import DatasetProblem, read_json, write_json
from slimgrammar.pipeline.datasets.parts import HIDDEN, Folder
from slimgrammar.pipeline.datasets.plan import Input, Plan, Unit, find_inputs, fingerprints, plan

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
FOLDERS: Final = ("aside", "marks", "place", "died")


def planned(source: Path, out: Path, job: Input, *, force: bool = False) -> Plan:
    """The plan of a run that is about to begin, or of the one that `out` holds.

    Args:
        source: a JSONL or Parquet file, or a folder of these, or of source files.
        out: the folder for the parts.
        job: what is asked for.
        force: throw away what an earlier run left in `out`.

    Raises:
        FileNotFoundError: there is no `source`.
        DatasetProblem: it cannot be read, or `out` belongs to something else.
    """
    _check_folders(source, out)
    if force:
        _clear(out)
    kind, paths = find_inputs(source, job)
    asked = {"format": FORMAT, "kind": kind, "job": job.to_json(), "inputs": fingerprints(source, paths)}
    held = read_json(out / HIDDEN / MANIFEST)
    top = source if source.is_dir() else source.parent
    if held is not None:
        _refuse_other(out, held, asked)
        return Plan(kind, held["suffix"], tuple(_read_unit(top, number, unit) for number, unit in enumerate(held["units"])))
    made = plan(source, kind, paths, job)
    units = [_shown_unit(top, unit) for unit in made.units]
    write_json(out / HIDDEN / MANIFEST, {**asked, "suffix": made.suffix, "units": units}, out / HIDDEN / "aside")
    return made


def _check_folders(source: Path, out: Path) -> None:
    if out.resolve().is_relative_to(source.resolve()):
        raise DatasetProblem(f"{out}: the output would lie inside the input")
    if out.exists() and not out.is_dir():
        raise DatasetProblem(f"{out}: the output is a folder, and this is a file")
    if out.exists() and not (out / HIDDEN).exists() and any(out.iterdir()):
        raise DatasetProblem(f"{out}: the folder is not empty, and holds no run to go on with")


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


def sweep(folder: Folder) -> None:
    """Remove files that were never finished, and places in parts that are; make the folders for them."""
    for kind in FOLDERS:
        (folder.hidden / kind).mkdir(parents=True, exist_ok=True)
    for kind in ("aside", "place"):
        for path in (folder.hidden / kind).iterdir():
            path.unlink(missing_ok=True)


@contextmanager
def locked(folder: Folder) -> Iterator[None]:
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
