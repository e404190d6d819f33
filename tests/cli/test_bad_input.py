"""Every file of corpora/bad is refused at its place: a message, exit code 2, and nothing written."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest

from ..conftest import CORPORA
from .conftest import Slim, names_in

BAD = CORPORA / "bad"
EXPECTED: dict[str, str] = tomllib.loads((BAD / "expected.toml").read_text(encoding="utf-8"))


def test_each_bad_file_has_an_expectation() -> None:
    assert names_in(BAD) == {*EXPECTED, "expected.toml"}


@pytest.mark.parametrize("name", EXPECTED)
def test_it_is_refused(slim: Slim, tmp_path: Path, name: str) -> None:
    result = slim("encode", BAD / name, "-o", "out.slim")
    assert (result.exit_code, result.stdout_bytes) == (2, b"")
    assert "Traceback" not in result.stderr
    assert names_in(tmp_path) == set()
    line, column = EXPECTED[name].split(":")
    # another host's parser may point at another column, and since 3.12 inside of f-strings
    place = f"{line}:{column}:" if sys.version_info[:2] == (3, 11) else f"{line}:"
    assert result.stderr.startswith(f"{BAD / name}:{place}"), result.stderr
