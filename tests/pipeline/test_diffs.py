"""Diffs with less context say the same and can be applied."""

from __future__ import annotations

import difflib
import random
import shutil
import subprocess
from pathlib import Path

import pytest

import slimgrammar as slim
from slimgrammar.pipeline.diffs import is_diff, with_context

pytest.importorskip("unidiff", reason="needs slimgrammar[pipeline]")


def changed_pair(seed: int) -> tuple[str, str, str]:
    chance = random.Random(seed)
    old = [f"line {number}\n" for number in range(60)]
    new = list(old)
    for _ in range(8):
        at = chance.randrange(len(new))
        how = chance.randrange(3)
        if how == 0:
            new[at] = f"other {at}\n"
        elif how == 1:
            del new[at]
        else:
            new.insert(at, f"more {at}\n")
    return "".join(old), "".join(new), "".join(difflib.unified_diff(old, new, "a/f.txt", "b/f.txt"))


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
@pytest.mark.parametrize("lines", [0, 1, 2])
@pytest.mark.parametrize("seed", range(6))
def test_it_can_be_applied(tmp_path: Path, seed: int, lines: int) -> None:
    old, new, diff = changed_pair(seed)
    short = with_context(diff, lines)
    assert short is not None
    assert len(short) < len(diff)
    (tmp_path / "f.txt").write_text(old)
    subprocess.run(["git", "apply", "--unidiff-zero", "-"], input=short, text=True, cwd=tmp_path, check=True)
    assert (tmp_path / "f.txt").read_text() == new


def test_a_last_line_without_an_end() -> None:
    diff = "--- a\n+++ b\n@@ -1,2 +1,2 @@\n x\n-y\n\\ No newline at end of file\n+z\n\\ No newline at end of file\n"
    short = with_context(diff, 0)
    assert short == diff.replace("@@ -1,2 +1,2 @@\n x\n", "@@ -2,1 +2,1 @@\n")


@pytest.mark.parametrize(
    "text", ["no diff", "--- a\n+++ b\n@@ -1,9 +1,9 @@\n x\n", "--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n\nprose\n"]
)
def test_what_cannot_be_read_stays(text: str) -> None:
    assert with_context(text, 0) in (None, "")


def test_diffs_lose_context_only_when_over_budget() -> None:
    pytest.importorskip("tree_sitter_java", reason="needs slimgrammar[prune]")
    _, _, diff = changed_pair(1)
    assert is_diff(diff)
    for content in (f"Review:\n```diff\n{diff}```\n", diff):
        messages = [{"role": "tool", "content": content}]
        whole = slim.compress_messages(messages)
        assert whole.messages is messages
        done = slim.compress_messages(messages, max_tokens=int(whole.tokens_after * 0.8))
        assert "…" not in done.messages[0]["content"]
        assert done.blocks[0].status == "pruned"
        assert done.tokens_after <= 0.8 * whole.tokens_after
        assert slim.compress_messages(messages, max_tokens=20).tokens_after <= 20
