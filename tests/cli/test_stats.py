"""`slim stats`: the counts are the library's, and the percentages theirs."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

import slimgrammar
from slimgrammar.vocab import count, load

from .conftest import NOT_PYTHON, PROGRAM, Process, Slim, write_tree


def test_records(slim: Slim, tmp_path: Path) -> None:
    folder = write_tree(tmp_path / "src", {"a.py": PROGRAM.encode(), **NOT_PYTHON})
    result = slim("stats", folder, "--vocab", "cl100k_base", "--vocab", "qwen3", "--json")
    assert result.exit_code == 0
    shown = json.loads(result.stdout)
    assert (shown["files"], shown["not_python"], shown["failed"], shown["characters"]) == (4, 3, 0, len(PROGRAM))
    for name, forms in shown["vocabularies"].items():
        vocab = load(name)
        original = count(vocab, PROGRAM)
        compact = count(vocab, slimgrammar.encode(PROGRAM))
        canonical = count(vocab, slimgrammar.canonical_text(PROGRAM))
        assert forms["original"]["tokens"] == original
        assert forms["canonical"]["tokens"] == canonical
        assert forms["compact"] == {
            "tokens": compact,
            "saved_original": pytest.approx(100 - 100 * compact / original, abs=0.01),
            "saved_canonical": pytest.approx(100 - 100 * compact / canonical, abs=0.01),
        }


def test_dropped_docstrings_have_their_own_baseline(slim: Slim, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(PROGRAM, encoding="utf-8")
    forms = json.loads(slim("stats", "a.py", "--docstrings", "drop", "--json").stdout)["vocabularies"]["cl100k_base"]
    bare = forms["canonical without docstrings"]
    assert bare["saved_canonical"] == 0
    assert bare["tokens"] < forms["canonical"]["tokens"]


def test_the_table(process: Process, tree: Path) -> None:
    result = process("stats", tree, "--workers", "1")
    text = result.stdout.decode()
    assert (result.returncode, result.stderr) == (0, b"")
    for word in ("4 files", "cl100k_base", "original", "canonical without docstrings", "python", "compact", "symbols"):
        assert word in text
    assert "\x1b" not in text


@pytest.mark.parametrize("arguments", [["missing"], ["src", "--vocab", "klingon"]])
def test_wrong_usage(slim: Slim, tree: Path, arguments: list[str]) -> None:
    result = slim("stats", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert arguments[-1] in result.stderr


def test_why_adds_up(slim: Slim, tree: Path) -> None:
    shown = json.loads(slim("stats", tree, "--vocab", "cl100k_base", "--vocab", "qwen3", "--why", "--json").stdout)
    for name, forms in shown["why"].items():
        assert list(forms) == ["original", "canonical", "python", "compact", "symbols"]
        for form, categories in forms.items():
            assert sum(categories.values()) == pytest.approx(shown["vocabularies"][name][form]["tokens"], abs=1)
        assert forms["compact"]["indentation"] == 0 < forms["python"]["indentation"] < forms["original"]["indentation"]
        assert forms["compact"]["commas"] < forms["python"]["commas"]


def test_the_picture_is_svg_and_shows_every_form(slim: Slim, tree: Path) -> None:
    result = slim("stats", tree, "--docstrings", "drop", "--picture", "why.svg")
    assert result.exit_code == 0
    assert "where the tokens go" in result.stdout
    drawn = ElementTree.parse("why.svg").getroot()
    words = [element.text for element in drawn.iter("{http://www.w3.org/2000/svg}text")]
    for word in (
        "original",
        "canonical without docstrings",
        "python",
        "compact",
        "symbols",
        "identifiers",
        "cl100k_base: tokens",
    ):
        assert word in words
