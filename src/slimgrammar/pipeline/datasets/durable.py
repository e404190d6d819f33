"""Files that are there whole or not at all, also after the power failed: written aside, flushed to the disk, renamed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from slimgrammar.errors import SlimError


class DatasetProblem(SlimError, ValueError):
    """A data set that cannot be read or written as asked; the message begins with the path."""


@contextmanager
def whole(path: Path, aside: Path) -> Iterator[IO[bytes]]:
    """A file to write; it becomes `path` when the block ends well, and nothing is left of it otherwise.

    Args:
        path: where it goes.
        aside: a folder on the same file system, for the time being.
    """
    aside.mkdir(parents=True, exist_ok=True)
    # The process id keeps a worker that outlived its parent away from the file of its successor.
    temporary = aside / f"{path.name}.{os.getpid()}.tmp"
    try:
        with temporary.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    """Make a renaming last. Some systems cannot open folders; there it lasts as it may."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write_json(path: Path, value: object, aside: Path) -> None:
    """Write `value` as JSON, whole or not at all."""
    with whole(path, aside) as file:
        file.write(json.dumps(value, indent=1).encode() + b"\n")


def read_json(path: Path) -> Any | None:
    """The value in a JSON file; None where there is no file.

    Raises:
        DatasetProblem: it is no JSON.
    """
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise DatasetProblem(f"{path}: {error}") from None
