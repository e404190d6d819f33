"""`slim prompt` as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import PROGRAM, Slim

TEXT = f"Shorter, please:\n\n```python\n{PROGRAM}```\n"


def test_a_text_in_a_pipe(slim: Slim) -> None:
    result = slim("prompt", "-", stdin=TEXT.encode())
    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout.startswith("Shorter, please:\n\n```python\n'Adds.'\nimport os sys\n")
    assert result.stdout.endswith("\n```\n")


def test_a_request_keeps_its_form(slim: Slim, tmp_path: Path) -> None:
    body = {"model": "m", "temperature": 0, "messages": [{"role": "system", "content": "é"}, {"role": "user", "content": TEXT}]}
    (tmp_path / "request.json").write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")
    result = slim("prompt", "request.json", "-o", "out.json")
    assert (result.exit_code, result.stdout) == (0, "")
    written = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert written | {"messages": []} == body | {"messages": []}
    assert written["messages"][0] == body["messages"][0]  # type: ignore[index]
    assert "import os sys" in written["messages"][1]["content"]


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"[1, 2]", b'{"a": "```"}', "[\n{'é".encode(), b'[{"role": "user", "content": "hi"}]', b"a\r\nb"]
)
def test_nothing_to_do(slim: Slim, data: bytes) -> None:
    result = slim("prompt", stdin=data)
    assert result.exit_code == 0
    assert result.stdout_bytes == data
    assert slim("prompt", "--diff", stdin=data).exit_code == 0


def test_diff(slim: Slim) -> None:
    result = slim("prompt", "-", "--diff", stdin=TEXT.encode())
    assert result.exit_code == 1
    assert result.stdout.startswith("--- message 0\n+++ message 0, compressed\n@@ ")
    assert "\n-import os, sys\n" in result.stdout
    assert "\n+import os sys\n" in result.stdout


def test_record(slim: Slim) -> None:
    record = json.loads(slim("prompt", "--json", "--vocab", "cl100k_base", stdin=TEXT.encode()).stdout)
    assert record["tokens_after"] < record["tokens_before"]
    assert record["vocab"] == "cl100k_base"
    assert [block["status"] for block in record["blocks"]] == ["encoded"]
    assert record["text"].startswith("Shorter, please:")


def test_budget(slim: Slim) -> None:
    pytest.importorskip("tree_sitter_java", reason="needs slimgrammar[prune]")
    record = json.loads(slim("prompt", "--json", "--max-tokens", "60", stdin=TEXT.encode()).stdout)
    assert record["tokens_after"] <= 60
    assert not record["lossless"]
    result = slim("prompt", "--max-tokens", "5", stdin=TEXT.encode())
    assert (result.exit_code, result.stdout) == (2, "")
    assert "the budget of 5 tokens cannot be met" in result.stderr


def test_kinds(slim: Slim) -> None:
    assert slim("prompt", "--kind", "json", stdin=TEXT.encode()).stdout_bytes == TEXT.encode()
    assert b"import os sys" in slim("prompt", "--kind", "json", "--kind", "python", stdin=TEXT.encode()).stdout_bytes
    result = slim("prompt", "--kind", "xml", stdin=TEXT.encode())
    assert (result.exit_code, result.stderr.startswith("<stdin>: unknown kind 'xml'")) == (2, True)


def test_bad_usage(slim: Slim, tmp_path: Path) -> None:
    assert slim("prompt", tmp_path).exit_code == 2
    assert slim("prompt", "missing.md").exit_code == 2
    assert slim("prompt", stdin=b"\xff").stderr == "<stdin>: byte 0 is not UTF-8\n"
    assert slim("prompt", "--vocab", "none", stdin=b"x").exit_code == 2
