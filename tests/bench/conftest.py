"""Small programs for the benchmarks, whose scripts pytest finds by `pythonpath` in pyproject.toml."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

collect_ignore = [] if find_spec("torch") else ["test_models.py", "test_prune_surprise.py", "test_small_models.py"]

PROGRAM = '''"""Adds."""
import os, sys


def add(a, b):
    """Sum of two."""
    # the sum
    return (a + b) * 1


class Empty(object):
    """Only a docstring."""
'''


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of two programs, and a file that is no Python."""
    for name, text in (("a.py", PROGRAM), ("b.py", "if x:\n    y = 1\n"), ("old.py", 'print "x"\n')):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path
