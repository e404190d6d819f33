"""`slim bench` as CI runs it: a few files, every method, masks of a small grammar; and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from slimgrammar.prune import METHODS
from tests.cli.conftest import PROGRAM, Slim

QUICK = ("--small", "--model", "qwen3-8b", "--region", "FRA", "--grammar", "json")


@pytest.fixture
def code(tmp_path: Path) -> Path:
    folder = tmp_path / "code"
    folder.mkdir()
    for number in range(3):
        (folder / f"m{number}.py").write_text(PROGRAM * (number + 1), encoding="utf-8")
    (folder / "old.py").write_text('print "x"\n', encoding="utf-8")
    return folder


def rows(results: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """The methods of the only corpus, by content and name."""
    (corpus,) = results["corpora"]
    return {(row["content"], row["name"]): row for row in corpus["methods"]}


def test_a_run(slim: Slim, code: Path) -> None:
    done = slim("bench", code, *QUICK, "--json", "out/all.json", "--plot", "out/all.svg")
    assert done.exit_code == 0, done.stderr
    results = json.loads(Path("out/all.json").read_text(encoding="utf-8"))
    (corpus,) = results["corpora"]
    assert (corpus["files"], corpus["not_python"], corpus["failed"]) == (3, 1, {})
    found = rows(results)
    assert {row["name"] for row in found.values() if row["kind"] == "pruner"} >= set(METHODS) - {"attention", "skeleton"}
    check_methods(found)
    check_masks(results["masks"])
    check_bases(results["dimensions"])
    assert Path("out/all.svg").read_bytes().startswith(b"<?xml")
    for shown in ("python-minifier", "Masks, on", "left out: attention", "energy, water, carbon: computed: ecologits"):
        assert shown in done.stdout
    again = slim("bench", "--from", "out/all.json", "--plot", "again.svg")
    assert again.stdout == done.stdout
    assert "…" not in done.stdout  # tables fit
    assert Path("again.svg").read_bytes() == Path("out/all.svg").read_bytes()
    check_again(slim, code, found)


def check_again(slim: Slim, code: Path, found: dict[tuple[str, str], dict[str, Any]]) -> None:
    """All but what the methods take here is the same in the next run."""
    assert slim("bench", code, *QUICK, "--only", "texts", "--json", "next.json").exit_code == 0
    following = rows(json.loads(Path("next.json").read_text(encoding="utf-8")))
    for row in (*found.values(), *following.values()):
        del row["here"]
    assert following == found


def check_methods(found: dict[tuple[str, str], dict[str, Any]]) -> None:
    """Dialects save more than each other in the known order, in every dimension, and intervals hold their values."""
    original, compact, half = found["all", "original"], found["all", "compact"], found["pruned", "slim"]
    assert original["is_baseline"]
    assert original["saved"] == [0.0, 0.0, 0.0]
    assert found["all", "symbols"]["tokens"] < compact["tokens"] < found["all", "python"]["tokens"] < original["tokens"]
    assert "written" not in half
    assert half["saved"][0] >= 50
    for use in ("read", "written"):
        assert set(compact[use]) == {"flops", "memory", "time", "energy", "water", "carbon"}  # this model has no price
        for cell in compact[use].values():
            value, low, high = cell["saved"]
            assert 0 < low <= value <= high < 100
            assert 0 < cell["cost"][0] <= cell["cost"][1]
    assert compact["here"]["megabytes_per_second"] > 0


def check_masks(masks: list[dict[str, Any]]) -> None:
    """Our mask refuses nothing true, and there is another engine beside it."""
    ours, *others = masks
    assert (ours["engine"], ours["grammar"], ours["refused"]) == ("slimgrammar", "json", 0)
    assert 0 < ours["step_ms"][1] <= ours["step_ms"][0] <= ours["step_ms"][2]
    assert others
    assert all(row["broken"] or row["step_ms"][0] > 0 for row in others)


def check_bases(dimensions: dict[str, dict[str, Any]]) -> None:
    """Every figure says how it comes about."""
    for dimension in dimensions.values():
        for use in ("read", "written", "here"):
            assert dimension[use]["basis"] in ("measured", "computed", "assumed", "unknown")
            assert dimension[use]["source"]
    assert dimensions["time"]["here"]["basis"] == "measured"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["code", "--plot", "out.gif"], "a .svg or a .png"),
        (["--manifest", "none.txt"], "give paths of your own, or --small"),
        (["code", "--grammar", "cobol"], "'cobol' is none of"),
        (["code", "--model", "gpt-99"], "unknown model 'gpt-99'"),
        (["--from", "code/m0.py"], "holds no results of this version's slim bench"),
        (["code/old.py"], "nothing to measure"),
        (["missing"], "missing: No such file"),
    ],
)
def test_refusals(options: list[str], message: str, slim: Slim, code: Path) -> None:
    done = slim("bench", *options)
    assert done.exit_code == 2
    assert message in " ".join(done.stderr.replace("│", " ").split())
