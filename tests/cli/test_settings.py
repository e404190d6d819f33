"""`[tool.slimgrammar]`: the nearest file counts, options overrule it, faults have a place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from slimgrammar.cli.settings import BadSettings, Settings, load_settings

from .conftest import Process, Slim


def write(folder: Path, text: str) -> None:
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")


def test_defaults_where_there_is_no_table(tmp_path: Path) -> None:
    write(tmp_path, "[project]\nname = 'slimgrammar-user'\n")
    assert load_settings(tmp_path) == Settings()


def test_the_nearest_file_counts(tmp_path: Path) -> None:
    write(tmp_path, "[tool.slimgrammar]\ndialect = 'python'\nvocab = 'qwen3'\n")
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    assert load_settings(inner) == Settings(dialect="python", vocab=("qwen3",))
    write(inner, "[tool.slimgrammar]\ncomments = 'drop'\nvocab = ['llama3', 'qwen3']\n")
    assert load_settings(inner) == Settings(comments="drop", vocab=("llama3", "qwen3"))


def test_options_overrule_the_file(tmp_path: Path) -> None:
    write(tmp_path, "[tool.slimgrammar]\ndialect = 'python'\ndocstrings = 'drop'\n")
    assert load_settings(tmp_path, dialect="symbols", style=None) == Settings(dialect="symbols", docstrings="drop")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("dialct = 'python'\n", 2, "unknown key 'dialct' in .*; known: dialect, comments"),
        ("style = 'plain'\ndialect = 'klingon'\n", 3, "known: python, compact, symbols"),
        ("vocab = 3\n", 2, "name or a list of names"),
        ("dialect = \n", 2, "Invalid value"),
    ],
)
def test_a_fault_has_its_place(tmp_path: Path, text: str, line: int, message: str) -> None:
    write(tmp_path, f"[tool.slimgrammar]\n{text}")
    with pytest.raises(BadSettings, match=message) as caught:
        load_settings(tmp_path)
    assert caught.value.line == line


def test_the_command_line_reports_it(slim: Slim, tmp_path: Path) -> None:
    write(tmp_path, "[tool.slimgrammar]\ndialct = 'python'\n")
    result = slim("encode", stdin=b"x = 1\n")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"{tmp_path / 'pyproject.toml'}:2:1: unknown key 'dialct'")


def test_prompts_have_their_own_vocabulary_by_default(slim: Slim, tmp_path: Path) -> None:
    def counted(*arguments: str) -> str:
        name: str = json.loads(slim("prompt", "-", "--json", *arguments, stdin=b"hello").stdout)["vocab"]
        return name

    assert counted() == "o200k_base"
    write(tmp_path, "[tool.slimgrammar]\nvocab = 'cl100k_base'\n")
    assert counted() == "cl100k_base"
    assert counted("--vocab", "qwen3") == "qwen3"


@pytest.mark.parametrize(
    ("typed", "offered"), [("slim pa", "pack"), ("slim prompt --max", "--max-tokens"), ("slim unpack --ma", "--map")]
)
def test_a_shell_can_complete(process: Process, monkeypatch: pytest.MonkeyPatch, typed: str, offered: str) -> None:
    monkeypatch.setenv("_SLIM_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", typed)
    monkeypatch.setenv("COMP_CWORD", str(typed.count(" ")))
    assert process().stdout.decode().split() == [offered]
