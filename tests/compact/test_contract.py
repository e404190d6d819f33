"""The contract suite: every sample in every dialect, with comments and docstrings kept and dropped, through one checker."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

import slimgrammar as slim
from slimgrammar.syntax.source import read_source

from ..conftest import CORPORA
from ..round_trip import KEPT, check

SAMPLES = sorted((CORPORA / "samples").rglob("*.py"))


@pytest.mark.parametrize(("dialect", "comments", "docstrings"), list(product(slim.DIALECTS, KEPT, KEPT)))
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.relative_to(CORPORA / "samples").as_posix())
def test_every_sample_in_every_dialect(path: Path, dialect: str, comments: str, docstrings: str) -> None:
    source = read_source(path, path.read_bytes()).text
    check(source, dialect, comments=comments, docstrings=docstrings)
