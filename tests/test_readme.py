"""README.md shows what the commands really print."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from tests.conftest import run_console

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```console\n\$ (.*?)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


@pytest.mark.usefixtures("slim_on_path")
@pytest.mark.parametrize(("command", "shown"), BLOCKS, ids=[command.split(" | ")[-1] for command, _ in BLOCKS])
def test_console(command: str, shown: str) -> None:
    run_console(command, shown)


def test_python() -> None:
    (block,) = re.findall(r"^```python\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    example = doctest.DocTestParser().get_doctest(block, {}, "README.md", "README.md", 0)
    assert doctest.DocTestRunner().run(example).failed == 0


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", TEXT):
        assert (ROOT / target).exists(), target
