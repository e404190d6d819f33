"""The benchmarks as a user runs them, on little input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import demo
import inputs
import pytest
import speed
import tokens

import slimgrammar
from slimgrammar.vocab import EMBEDDED


@pytest.fixture
def few_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two small programs stand for the standard library."""
    monkeypatch.setattr(speed, "stdlib_files", lambda: [folder / "a.py", folder / "b.py"])


def run_json(capsys: pytest.CaptureFixture[str], script: Any, *arguments: str | Path) -> Any:
    script.main([*map(str, arguments), "--json"])
    return json.loads(capsys.readouterr().out)


def test_tokens(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = run_json(capsys, tokens, folder, "--workers", "1")["corpora"]["files"]
    assert (shown["files"], shown["left_out"]) == (2, {"this Python cannot parse them": 1})
    assert set(shown["vocabularies"]) == set(EMBEDDED)
    cells = shown["vocabularies"]["qwen3"]["code"]
    assert cells["canonical"]["saved"] == 0
    assert cells["compact"]["tokens"] < cells["python"]["tokens"] < cells["canonical"]["tokens"]


def test_tokens_table(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tokens.main([str(folder), "--workers", "1", "--no-minifier"])
    shown = capsys.readouterr().out
    assert "files: 2 files, 0.0 MB; 1 left out: this Python cannot parse them" in shown
    assert "python-minifier" not in shown


def test_a_file_that_a_form_cannot_spell_is_left_out_and_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tokens, "forms", lambda text, minifiers: 1 / 0)
    assert tokens.measure(folder / "a.py") == "a form failed with ZeroDivisionError"
    assert "a.py: ZeroDivisionError" in capsys.readouterr().err


@pytest.mark.usefixtures("few_files")
def test_speed(capsys: pytest.CaptureFixture[str]) -> None:
    shown = run_json(capsys, speed, "--rounds", "1", "--growth", "0.001", "0.01")
    assert shown["files"] == 2
    assert {"encode", "encode, verified", "decode", "decode, checked", "tree-sitter parse"} <= set(
        shown["megabytes_per_second"]
    )
    assert set(shown["seconds_per_megabyte_by_file_size"]) == {"0.001", "0.01"}
    assert shown["start_up_seconds"]["python -c pass"] < shown["start_up_seconds"]["slim --help"] < 10


@pytest.mark.usefixtures("few_files")
def test_speed_table(capsys: pytest.CaptureFixture[str]) -> None:
    speed.main(["--rounds", "1", "--growth"])
    assert "of tree-sitter" in capsys.readouterr().out


def test_one_file_has_the_size_that_was_asked_for(folder: Path) -> None:
    programs = inputs.read_programs([folder / "a.py", folder / "b.py"])
    assert 0.01e6 <= len(speed.one_file(programs, 0.01)) < 0.011e6
    assert speed.one_file([], 0.01) == ""


def test_demo(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert demo.main([str(folder), "--workers", "1"]) == 0
    shown = capsys.readouterr().out
    assert "3 files, 2 reversible in all dialects, 1 not Python" in shown
    assert "qwen3" in shown


def test_demo_fails_where_a_file_does_not_come_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(text: str, dialect: str) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(slimgrammar, "prove", broken)
    assert demo.main([str(folder), "--workers", "1"]) == 1
    assert "a.py:1:1: internal error" in capsys.readouterr().err
