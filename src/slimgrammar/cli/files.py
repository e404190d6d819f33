"""Which files a command reads and where its results go: walking folders, mirroring a tree, writing without half a file."""

from __future__ import annotations

import errno
import os
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import typer

from slimgrammar.cli.records import STDIN

PYTHON: Final = (".py", ".pyi")


@dataclass(frozen=True, slots=True)
class Naming:
    """What a command reads from a folder (by suffix) and how it names its results."""

    suffixes: tuple[str, ...]
    rename: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Job:
    """One file to convert: `path` None is standard input, `out` None is standard output.

    A `mirrored` result goes into a tree of our making, so missing folders above it are made.
    """

    path: Path | None
    out: Path | None
    mirrored: bool = False

    @property
    def name(self) -> str:
        """The name that messages use."""
        return STDIN if self.path is None else str(self.path)

    def read(self) -> bytes:
        """The content of the input."""
        return sys.stdin.buffer.read() if self.path is None else self.path.read_bytes()


def walk(paths: Sequence[Path], suffixes: tuple[str, ...] = PYTHON) -> list[Path]:
    """Files of `paths`, each once: a file as it is, a folder's files that end in `suffixes`, in a stable order.

    Hidden folders and `__pycache__` are left out.

    Raises:
        FileNotFoundError: a path does not exist.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found.update(dict.fromkeys(_inside(path, suffixes)))
        elif path.exists():
            found[path] = None
        else:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    return list(found)


def _inside(folder: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "__pycache__")
        for name in sorted(names):
            path = Path(parent, name)
            if name.endswith(suffixes) and path.is_file():
                yield path


def encoded_naming(dialect: str) -> Naming:
    """How `encode` reads and names: `a.py` → `a.slim`, `a.pyi` → `a.pyi.slim`; the `python` dialect keeps names."""
    if dialect == "python":
        return Naming(PYTHON, lambda name: name)
    return Naming(PYTHON, lambda name: f"{name.removesuffix('.py')}.slim")


def decoded_naming(dialect: str) -> Naming:
    """How `decode` reads and names, the way back of `encoded_naming`."""
    if dialect == "python":
        return Naming(PYTHON, lambda name: name)
    return Naming((".slim",), _python_name)


def _python_name(name: str) -> str:
    stem = name.removesuffix(".slim")
    return stem if stem.endswith(PYTHON) else f"{stem}.py"


def plan(paths: Sequence[str], out: Path | None, naming: Naming, *, in_records: bool = False) -> list[Job]:
    """The conversions that `paths` and `-o out` ask for.

    `in_records`: results go into records on standard output, so several of them need no folder.

    Raises:
        typer.BadParameter: the paths and `out` do not fit together.
        FileNotFoundError: a path does not exist.
    """
    names = list(paths) or _standard_input()
    if "-" in names:
        return [_standard_job(names, out)]
    inputs = [Path(name) for name in names]
    if len(inputs) == 1 and not inputs[0].is_dir():
        (path,) = walk(inputs)
        return [Job(path, out / naming.rename(path.name) if out and out.is_dir() else out)]
    if out is None:
        if not in_records:
            raise typer.BadParameter("several files need a folder: -o FOLDER", param_hint="'-o'")
        return [Job(path, None) for path in walk(inputs, naming.suffixes)]
    if out.exists() and not out.is_dir():
        raise typer.BadParameter(f"several files need a folder, and {out} is a file", param_hint="'-o'")
    return _distinct([job for path in inputs for job in _mirror(path, out, naming, alone=len(inputs) == 1)])


def _standard_input() -> list[str]:
    if sys.stdin.isatty():
        raise typer.BadParameter("give a file, a folder, or - for standard input", param_hint="'PATH'")
    return ["-"]


def _standard_job(names: list[str], out: Path | None) -> Job:
    if len(names) > 1:
        raise typer.BadParameter("- (standard input) cannot be combined with other paths", param_hint="'PATH'")
    if out is not None and out.is_dir():
        raise typer.BadParameter(f"standard input has no name, and {out} is a folder: name a file", param_hint="'-o'")
    return Job(None, out)


def _mirror(path: Path, out: Path, naming: Naming, *, alone: bool) -> list[Job]:
    """Jobs for one of several inputs: a file goes to the top of `out`, a folder keeps its tree (and its name, if not alone)."""
    files = walk([path], naming.suffixes)
    if not path.is_dir():
        return [Job(file, out / naming.rename(file.name), True) for file in files]
    top = out if alone else out / path.resolve().name
    return [Job(file, top / file.relative_to(path).with_name(naming.rename(file.name)), True) for file in files]


def _distinct(jobs: list[Job]) -> list[Job]:
    seen: dict[Path | None, Job] = {}
    for job in jobs:
        other = seen.setdefault(job.out, job)
        if other.name != job.name:
            raise typer.BadParameter(f"{other.name} and {job.name} would both be written to {job.out}", param_hint="'-o'")
    return list(seen.values())


def write_atomically(path: Path, data: bytes, *, parents: bool = False) -> None:
    """Write `data` to `path`, whole or not at all; a file that was there keeps its mode.

    `parents` makes the folders above it. What is no regular file (a pipe, /dev/null) is written as it is.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
            return
        if parents:
            path.parent.mkdir(parents=True, exist_ok=True)
        _replace(Path(os.path.realpath(path)), data)
    except OSError as error:  # a message about the temporary file would puzzle
        raise type(error)(error.errno, error.strerror, str(path)) from None


def _replace(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".slim-")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        temporary.chmod(_mode(path))
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _mode(path: Path) -> int:
    """The permission bits of `path`, or those that a new file gets."""
    if path.exists():
        return stat.S_IMODE(path.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def write_out(data: bytes) -> None:
    """Write `data` to standard output, byte for byte."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
