"""`slim grammar verify` and `slim grammar ablate`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from slimgrammar import grammar
from slimgrammar.rules import Rule, rules
from slimgrammar.rules import verify as verifying
from slimgrammar.rules.model import Form

from .conftest import NOT_PYTHON, PROGRAM, Slim, write_tree

BROKEN = Rule("broken", "", ("compact",), "for a test", "", (Form("x=(⟨a⟩)", {"compact": "x=(⟨a⟩)"}, {}),))


def test_verify_says_what_does_not_hold(slim: Slim, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "rules", lambda: (BROKEN, rules()[0]))
    result = slim("grammar", "verify")
    assert result.exit_code == 1
    assert "broken: compact: 'x=(a)' is spelled 'x=a', and by the rule 'x=(a)'" in result.stdout
    assert result.stdout.splitlines()[-1].startswith(f"{2 + len(grammar.symbol_table())} rules, ")
    shown = json.loads(slim("grammar", "verify", "--json").stdout)
    assert {fault["rule"] for fault in shown["faults"]} == {"broken"}
    assert shown["applied"] > 100


def test_ablate_as_a_table(slim: Slim, tmp_path: Path) -> None:
    folder = write_tree(tmp_path / "src", {"a.py": PROGRAM.encode(), **NOT_PYTHON})
    result = slim("grammar", "ablate", folder, "--vocab", "cl100k_base", "--vocab", "qwen3", "--docstrings", "drop")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].startswith("1 files; comments: keep, docstrings: drop")
    row = next(line.split() for line in lines if line.startswith("implied_comma"))
    assert len(row) == 6
    assert float(row[3]) > 0
    assert any(line.startswith("from_line") for line in lines)


def test_ablate_as_json(slim: Slim, tree: Path) -> None:
    shown = json.loads(slim("grammar", "ablate", tree, "-d", "compact", "--json").stdout)
    assert shown["files"] == 4
    assert {row["dialect"] for row in shown["savings"]} == {"compact"}
    comma = next(row for row in shown["savings"] if row["rule"] == "implied_comma")
    assert 0 < comma["last"] < comma["canonical"]


@pytest.mark.parametrize("arguments", [["missing"], [".", "-d", "klingon"], [".", "--vocab", "klingon"]])
def test_wrong_usage(slim: Slim, arguments: list[str]) -> None:
    result = slim("grammar", "ablate", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert arguments[-1] in result.stderr
