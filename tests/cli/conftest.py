"""Running `slim`: inside this process, or as a user would."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from typer.testing import CliRunner

import slimgrammar
from slimgrammar.cli.main import app

Slim = Callable[..., Any]
Process = Callable[..., "CompletedProcess[bytes]"]

PROGRAM = '''"""Adds."""
import os, sys


def add(a, b):
    """Sum of two."""
    # the sum
    return (a + b) * 1


class C:
    def m(self, x=None):
        return self.y[x:2] if x else [self.z(1, "é")]
'''
FILES = {
    "good.py": PROGRAM.encode(),
    "stub.pyi": b"x: int\n",
    "deep/inner/also.py": b"x = [1, 2]\r\n",
    "deep/latin.py": b"# coding: latin-1\nx = '\xe9'\n",
    ".hidden/no.py": b"x(\n",
    "__pycache__/no.py": b"x(\n",
    "notes.txt": b"no Python",
}
NOT_PYTHON = {"nul.py": b"x\0\n", "bytes.py": b"y = 1\nx = '\xff'\n", "python2.py": b'x = 1\nprint "a"\n'}


@pytest.fixture
def slim(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Slim:
    """Runs `slim` with the given arguments in a fresh folder, in this process."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path, stdin: bytes = b"") -> Any:
        return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)

    return run


@pytest.fixture
def process(tmp_path: Path) -> Process:
    """Runs `python -m slimgrammar` in a fresh folder, in a process of its own."""
    home = Path(slimgrammar.__file__).parent.parent
    paths = os.pathsep.join(filter(None, (str(home), os.environ.get("PYTHONPATH"))))

    def run(*arguments: str | Path, stdin: bytes = b"", stdout: int = subprocess.PIPE) -> CompletedProcess[bytes]:
        command = [sys.executable, "-m", "slimgrammar", *map(str, arguments)]
        environment = os.environ | {"PYTHONPATH": paths}
        return subprocess.run(
            command, input=stdin, stdout=stdout, stderr=subprocess.PIPE, cwd=tmp_path, env=environment, check=False
        )

    return run


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder of good files, hidden ones, and one that is no Python by its name."""
    return write_tree(tmp_path / "src", FILES)


def write_tree(folder: Path, files: dict[str, bytes]) -> Path:
    """Write `files` under `folder`."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def names_in(folder: Path) -> set[str]:
    """All files under `folder`, relative to it."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
