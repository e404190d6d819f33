"""`slim mine`, and the commands that take what it writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..compact.codebook.test_mining import program
from .conftest import Slim


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "src"
    folder.mkdir()
    for number in range(12):
        folder.joinpath(f"m{number}.py").write_text(program(number), encoding="utf-8")
    return folder


def test_mine_encode_check_decode(slim: Slim, corpus: Path, tmp_path: Path) -> None:
    book, text, back = tmp_path / "book.json", tmp_path / "m0.slim", tmp_path / "m0.py"
    result = slim("mine", corpus, "-k", "8", "-o", book, "--workers", "1")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "shorthands for cl100k_base" in result.stderr
    assert slim("encode", corpus / "m0.py", "--dialect", "symbols", "--codebook", book, "-o", text).exit_code == 0
    assert text.stat().st_size < (corpus / "m0.py").stat().st_size / 2
    decoded = slim("decode", text, "--dialect", "symbols", "--codebook", book, "--like", corpus / "m0.py", "-o", back)
    assert decoded.exit_code == 0
    assert back.read_bytes() == (corpus / "m0.py").read_bytes()
    checked = slim("check", corpus, "--codebook", book)
    assert checked.stdout == "12 files, 12 reversible, 0 not Python\n"


def test_the_wrong_codebook(slim: Slim, corpus: Path, tmp_path: Path) -> None:
    one, other, text = tmp_path / "one.json", tmp_path / "other.json", tmp_path / "m0.slim"
    slim("mine", corpus, "-k", "8", "-o", one, "--workers", "1")
    slim("mine", corpus, "-k", "4", "-o", other, "--workers", "1")
    slim("encode", corpus / "m0.py", "--dialect", "symbols", "--codebook", one, "-o", text)
    for given in (["--codebook", other], []):
        result = slim("decode", text, "--dialect", "symbols", *given)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "written with a codebook" in result.stderr
    result = slim("encode", corpus / "m0.py", "--codebook", one)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "is for 'symbols' text, not for 'compact'" in result.stderr


def test_nothing_to_mine_from(slim: Slim, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def f(:\n")
    result = slim("mine", tmp_path, "-k", "8")
    assert (result.exit_code, result.stdout) == (2, "")
