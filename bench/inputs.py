"""What the benchmarks measure on: the running interpreter's standard library, the fetched packages, one's own files."""

from __future__ import annotations

import random
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from slimgrammar.cli import corpus
from slimgrammar.cli.corpus_commands import MANIFEST
from slimgrammar.cli.files import walk
from slimgrammar.errors import SyntaxProblem
from slimgrammar.syntax.check import check
from slimgrammar.syntax.source import read_source

TEST_FOLDERS = frozenset(("test", "tests", "idle_test"))
INSTALLED = frozenset(("site-packages", "dist-packages"))


@dataclass(frozen=True, slots=True)
class Program:
    """A Python program that the host can parse."""

    path: Path
    text: str

    @property
    def size(self) -> int:
        """Bytes in UTF-8."""
        return len(self.text.encode())


def stdlib_files(*, tests: bool = False) -> list[Path]:
    """The running interpreter's standard library; its test packages only where asked for."""
    home = Path(sysconfig.get_path("stdlib"))
    unwanted = INSTALLED if tests else INSTALLED | TEST_FOLDERS
    return [path for path in walk([home], (".py",)) if unwanted.isdisjoint(path.relative_to(home).parts)]


def packages() -> list[corpus.FetchedPackage]:
    """The packages that the manifest names; fetched first, where they are not in the cache."""
    return list(corpus.fetch(Path(__file__).resolve().parents[1] / MANIFEST, progress=_show))


def package_files() -> list[Path]:
    """All files of `packages`."""
    return [path for package in packages() for path in package.files]


def _show(name: str, number: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r[{number}/{total}] {name:40}", end="\n" if number == total else "", file=sys.stderr)


def sample(files: Sequence[Path], *, megabytes: float | None, seed: int) -> list[Path]:
    """`megabytes` of `files`, drawn at random; all of them where that is None or more than there is.

    >>> sample([Path(__file__)], megabytes=None, seed=0) == [Path(__file__)]
    True
    """
    if megabytes is None:
        return list(files)
    drawn, size = [], 0
    for path in random.Random(seed).sample(files, len(files)):
        if size >= megabytes * 1e6:
            break
        drawn.append(path)
        size += path.stat().st_size
    return sorted(drawn)


def read_program(path: Path) -> Program | None:
    """The program in a file; None where the host cannot parse it (no Python, or syntax newer than the host)."""
    try:
        text = read_source(path, path.read_bytes()).text
        parsed = check(text)
        text.encode()
    except (SyntaxProblem, UnicodeEncodeError):
        return None
    return Program(path, text) if parsed else None


def read_programs(files: Iterable[Path]) -> list[Program]:
    """The programs in `files`, without those that the host cannot parse."""
    return [program for program in map(read_program, files) if program]


def build() -> str:
    """How the package that is being measured was built, and what runs it."""
    from slimgrammar.compact import reading

    compiled = not (reading.__file__ or "").endswith(".py")
    python = f"{sys.implementation.name} {sys.version.split()[0]}"
    return f"slimgrammar {'compiled by mypyc' if compiled else 'in pure Python'} on {python}"
