"""What the benchmarks measure on: the running interpreter's standard library, the fetched packages, one's own files.

What `slim bench` reads as well stands in the package; here are the packages of this checkout's manifest.
"""

from __future__ import annotations

from pathlib import Path

from slimgrammar.bench.programs import Program, build, read_program, read_programs
from slimgrammar.cli import bench_files, corpus
from slimgrammar.cli.bench_files import sample, stdlib_files
from slimgrammar.cli.corpus_commands import MANIFEST

__all__ = ["Program", "build", "package_files", "packages", "read_program", "read_programs", "sample", "stdlib_files"]


def packages() -> list[corpus.FetchedPackage]:
    """The packages that the manifest names; fetched first, where they are not in the cache."""
    return bench_files.packages(Path(__file__).resolve().parents[1] / MANIFEST)


def package_files() -> list[Path]:
    """All files of `packages`."""
    return [path for package in packages() for path in package.files]
