"""`slim pack` and `slim unpack` as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

from .conftest import FILES, Slim, names_in

ASKED = ("pack", "src", "-o", "all.txt", "--map", "all.map")


def test_there_and_back(slim: Slim, tree: Path, tmp_path: Path) -> None:
    (tree / ".gitignore").write_bytes(b"notes.txt\n")
    assert slim(*ASKED).exit_code == 0
    result = slim("unpack", "all.txt", "-o", "back", "--map", "all.map")
    assert (result.exit_code, result.stdout) == (0, "")
    kept = names_in(tree) - {"notes.txt", "deep/latin.py"}  # so little code is not encoded, and that one is no UTF-8
    assert names_in(tmp_path / "back") == kept
    assert all((tmp_path / "back" / name).read_bytes() == (tree / name).read_bytes() for name in kept)


def test_standard_streams(slim: Slim, tree: Path, tmp_path: Path) -> None:
    text = slim("pack", tree, "--include", "good.py").stdout_bytes
    assert b'<file path="good.py"' in text
    assert slim("unpack", "-", "-o", "back", stdin=text).exit_code == 0
    assert names_in(tmp_path / "back") == {"good.py"}


def test_what_it_writes_is_not_packed(slim: Slim, tree: Path) -> None:
    for _ in range(2):
        assert slim("pack", "src", "-o", "src/all.txt", "--map", "src/all.map").exit_code == 0
    text = (tree / "all.txt").read_text(encoding="utf-8")
    assert "all.txt" not in text
    assert "all.map" not in text


def test_tree_and_record(slim: Slim, tree: Path) -> None:
    shown = slim("pack", tree, "--tree").stdout
    assert shown.startswith("<tree>\n")
    assert "<files>" not in shown
    record = json.loads(slim("pack", tree, "--json", "--vocab", "cl100k_base").stdout)
    assert {each["path"] for each in record["files"]} == set(FILES)
    assert record["vocab"] == "cl100k_base"


def test_too_many_tokens(slim: Slim, tree: Path, tmp_path: Path) -> None:
    result = slim("pack", tree, "-o", "all.txt", "--max-tokens", "10")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "10 allowed; the largest files: good.py" in result.stderr
    assert not (tmp_path / "all.txt").exists()


def test_nothing_is_written_through_a_link_or_over_a_file(slim: Slim, tree: Path, tmp_path: Path) -> None:
    slim(*ASKED)
    back, outside = tmp_path / "back", tmp_path / "outside"
    back.mkdir()
    outside.mkdir()
    (back / "deep").symlink_to(outside)
    result = slim("unpack", "all.txt", "-o", "back")
    assert result.exit_code == 2
    assert "symbolic link" in result.stderr
    assert names_in(back) | names_in(outside) == set()
    (back / "deep").unlink()
    (back / "good.py").write_text("mine")
    assert "already" in slim("unpack", "all.txt", "-o", "back").stderr
    assert names_in(back) == {"good.py"}
    assert slim("unpack", "all.txt", "-o", "back", "--force").exit_code == 0
    assert (back / "good.py").read_text() != "mine"


def test_bad_usage(slim: Slim, tmp_path: Path) -> None:
    assert slim("pack", "missing").exit_code == 2
    assert slim("unpack", "missing", "-o", "back").exit_code == 2
    (tmp_path / "bad.txt").write_bytes(b"<files>\n<file path='../x'>\n</file>\n</files>\n")
    result = slim("unpack", "bad.txt", "-o", "back")
    assert result.stderr.startswith("bad.txt:2:1: the path '../x' leads out of the folder")
    assert slim("unpack", "-", "-o", "back", stdin=b"\xff").exit_code == 2
