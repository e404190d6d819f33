"""`slim check`: the last line, the exit code, and one bad file that does not end the work on the others."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

import pytest

from slimgrammar.compact import verify
from slimgrammar.errors import NotReversible, SyntaxProblem

from .conftest import NOT_PYTHON, Process, Slim, write_tree

forked = pytest.mark.skipif(sys.platform != "linux", reason="workers see a patched prover only where they are forked")


@pytest.fixture
def picky(monkeypatch: pytest.MonkeyPatch) -> None:
    """A prover that fails, refuses or dies where the source says so."""

    def prove(source: str, dialect: str, *, codebook: str | None) -> None:
        if "DIFFERS" in source and dialect == "compact":
            raise NotReversible("trees differ", 2)
        if "REFUSED" in source:
            raise SyntaxProblem("no such statement", 2, 3)
        if "BUG" in source:
            raise KeyError("k")
        if "CRASH" in source:
            os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(verify, "prove", prove)


def test_good_and_not_python(slim: Slim, tree: Path) -> None:
    write_tree(tree, NOT_PYTHON)
    result = slim("check", tree)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "7 files, 4 reversible, 3 not Python\n"


def test_verbose_lists_what_is_not_python(slim: Slim, tree: Path) -> None:
    write_tree(tree, NOT_PYTHON)
    result = slim("check", tree, "--verbose", "-d", "compact")
    lines = result.stderr.splitlines()
    assert len(lines) == 3
    assert f"{tree / 'bytes.py'}:2:6: not Python: byte 0xff is not valid utf-8" in lines[0]


def test_as_a_process(process: Process, tree: Path) -> None:
    write_tree(tree, NOT_PYTHON)
    result = process("check", tree, tree / "good.py", "--workers", "1")
    assert (result.returncode, result.stdout) == (0, b"7 files, 4 reversible, 3 not Python\n")


def test_no_file_is_no_failure(slim: Slim, tmp_path: Path) -> None:
    assert slim("check", tmp_path).stdout == "0 files, 0 reversible, 0 not Python\n"


def test_a_missing_path(slim: Slim, tree: Path) -> None:
    result = slim("check", tree, "missing")
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", "missing: No such file or directory\n")


def test_an_unknown_dialect(slim: Slim, tree: Path) -> None:
    result = slim("check", tree, "--dialect", "klingon")
    assert result.exit_code == 2
    for name in ("python", "compact", "symbols", "all"):
        assert f"'{name}'" in result.stderr


@forked
@pytest.mark.usefixtures("picky")
@pytest.mark.parametrize(
    ("marker", "message"),
    [
        ("DIFFERS", ":2:1: compact: not reversible: trees differ"),
        ("REFUSED", ":2:3: python: refused, though it is Python: no such statement"),
        ("BUG", ":1:1: python: internal error, please report it: KeyError: 'k'"),
        ("CRASH", ":1:1: the process that worked on this file died"),
    ],
)
def test_a_failure(slim: Slim, tmp_path: Path, marker: str, message: str) -> None:
    folder = write_tree(tmp_path / "src", {f"{number}.py": b"x = 1\n" for number in range(30)})
    (folder / "17.py").write_text(f"# {marker}\n", encoding="utf-8")
    result = slim("check", folder)
    assert result.exit_code == 1
    assert result.stdout == "30 files, 29 reversible, 0 not Python\n"
    assert result.stderr.startswith(f"{folder / '17.py'}{message}")
    assert "Traceback" not in result.stderr


@forked
@pytest.mark.usefixtures("picky")
def test_two_crashes_cost_two_files(slim: Slim, tmp_path: Path) -> None:
    files = {f"{number}.py": b"# CRASH\n" if number in (3, 4) else b"x = 1\n" for number in range(12)}
    result = slim("check", write_tree(tmp_path / "src", files), "--workers", "2")
    assert result.stdout == "12 files, 10 reversible, 0 not Python\n"


@forked
@pytest.mark.usefixtures("picky")
def test_records(slim: Slim, tmp_path: Path) -> None:
    folder = write_tree(tmp_path / "src", {"a.py": b"# DIFFERS\n", "b.py": b"\0", "c.py": b"x\n"})
    *records, counts = map(json.loads, slim("check", folder, "--json").stdout.splitlines())
    assert counts == {"files": 3, "reversible": 1, "not_python": 1}
    statuses = [(Path(record["path"]).name, record.get("dialect"), record["status"]) for record in records]
    assert statuses[:3] == [("a.py", "python", "reversible"), ("a.py", "compact", "failed"), ("a.py", "symbols", "reversible")]
    assert statuses[3] == ("b.py", None, "not Python")
    assert len(statuses) == 7
