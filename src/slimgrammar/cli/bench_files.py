"""Which files `slim bench` and the scripts of bench/ read: the standard library, packages of a manifest, a sample of them."""

from __future__ import annotations

import random
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from slimgrammar.cli import corpus
from slimgrammar.cli.files import walk

TEST_FOLDERS: Final = frozenset(("test", "tests", "idle_test"))
INSTALLED: Final = frozenset(("site-packages", "dist-packages"))


def stdlib_files(*, tests: bool = False) -> list[Path]:
    """The running interpreter's standard library; its test packages only where asked for."""
    home = Path(sysconfig.get_path("stdlib"))
    unwanted = INSTALLED if tests else INSTALLED | TEST_FOLDERS
    return [path for path in walk([home], (".py",)) if unwanted.isdisjoint(path.relative_to(home).parts)]


def packages(manifest: Path) -> list[corpus.FetchedPackage]:
    """The packages that a manifest names; fetched first, where they are not in the cache."""
    return list(corpus.fetch(manifest, progress=_show))


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
