"""README.md shows what the commands really print."""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import slimgrammar

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```console\n\$ (.*?)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


@pytest.fixture
def slim_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`slim` as a command, on the package that is being tested, in a folder that holds docs/."""
    script = tmp_path / "bin" / "slim"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m slimgrammar "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    home = str(Path(slimgrammar.__file__).parents[1])
    monkeypatch.setenv("PATH", f"{script.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", home)
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("slim_on_path")
@pytest.mark.parametrize(("command", "shown"), BLOCKS, ids=[command.split(" | ")[-1] for command, _ in BLOCKS])
def test_console(command: str, shown: str) -> None:
    done = subprocess.run(command, shell=True, capture_output=True, encoding="utf-8", check=False)
    assert done.stderr == ""
    assert _without_line_tails(done.stdout) == _without_line_tails(shown)


def _without_line_tails(text: str) -> str:
    """`text` without blanks at its lines' ends and empty lines at its own."""
    return "\n".join(line.rstrip() for line in text.splitlines()).rstrip("\n")


def test_python() -> None:
    (block,) = re.findall(r"^```python\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    example = doctest.DocTestParser().get_doctest(block, {}, "README.md", "README.md", 0)
    assert doctest.DocTestRunner().run(example).failed == 0


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", TEXT):
        assert (ROOT / target).exists(), target
