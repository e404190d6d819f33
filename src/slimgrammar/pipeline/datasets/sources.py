"""A folder of source files as rows of path, language and text."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from slimgrammar.pipeline.datasets.jsonl import spelled, write_rows
from slimgrammar.pipeline.datasets.plan import Job, Unit
from slimgrammar.pipeline.datasets.tally import Tally
from slimgrammar.syntax.source import read_source


def units(folder: Path, paths: Sequence[Path], share: int) -> Iterator[Unit]:
    """Runs of files of about `share` bytes."""
    names: list[str] = []
    size = 0
    for path in paths:
        names.append(path.relative_to(folder).as_posix())
        size += path.stat().st_size
        if size >= share:
            yield Unit(0, folder, files=tuple(names), size=size)
            names, size = [], 0
    if names:
        yield Unit(0, folder, files=tuple(names), size=size)


def write_part(unit: Unit, job: Job, tally: Tally, file: IO[bytes], ending: str) -> None:
    """Convert a run of files into `file`, as JSONL."""
    write_rows(_converted(unit, job, tally), file, ending)


def release() -> None:
    """Nothing is kept open."""


def _converted(unit: Unit, job: Job, tally: Tally) -> Iterator[bytes]:
    for name in unit.files:
        path = unit.path / name
        text, error = read_text(path)
        if text is None:
            done = tally.reject(str(path), "unreadable", "", error)
        else:
            done = tally.convert(str(path), text, language=suffix_of(name))
        if done is not None:
            row: dict[str, Any] = {"path": name, job.column: text}
            yield spelled(row | done.columns(job.options, job.into))


def suffix_of(name: str) -> str:
    """What tells the language of a file: its suffix without the dot."""
    return os.path.splitext(name)[1].removeprefix(".")  # noqa: PTH122 - a name, not a path


def read_text(path: Path) -> tuple[str | None, str]:
    """The text of a file, or None and why it cannot be read; Python files say themselves how they are encoded."""
    try:
        data = path.read_bytes()
        return (data.decode("utf-8-sig") if path.suffix not in (".py", ".pyi") else read_source(path, data).text), ""
    except (OSError, ValueError) as error:  # a `SyntaxProblem` is a ValueError
        return None, str(error)
