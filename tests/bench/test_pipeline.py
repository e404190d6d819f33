"""The benchmark of data sets as a user runs it, on little input."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pipeline
import pytest

import slimgrammar


@pytest.fixture(autouse=True)
def few_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two small programs stand for the standard library."""
    home = str(Path(slimgrammar.__file__).parent.parent)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH")))))
    monkeypatch.setattr(pipeline, "texts", lambda: ["def f(a, b):\n    return (a + b)\n", "x = (1)\n"])


@pytest.mark.parametrize("operation", ["encode", "curate"])
def test_pipeline(capsys: pytest.CaptureFixture[str], operation: str) -> None:
    pipeline.main(["--megabytes", "0.001", "--formats", "jsonl.gz", "--operation", operation, "--json"])
    measured = json.loads(capsys.readouterr().out)
    assert [one["workers"] for one in measured["runs"]] == [1, 2]
    assert all(one["rows"] > 20 and one["memory"] > 10 for one in measured["runs"])
    assert measured["core_megabytes_per_second"] > 0
    pipeline.show(measured)
    assert "in.jsonl.gz" in capsys.readouterr().out


def test_all(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    assert {name for name, *_ in pipeline.ALL} == {"pipeline.py", "prompts.py", "proxy.py"}
    few = ("pipeline.py", "--megabytes", "0.01", "--formats", "jsonl", "--workers", "1")
    monkeypatch.setattr(pipeline, "ALL", (few, ("prompts.py", "--folder", "there-is-none", "--vocab", "none")))
    with pytest.raises(SystemExit) as ended:
        pipeline.main(["--all"])
    assert ended.value.code != 0  # prompts.py failed
    shown = capfd.readouterr().out
    assert (
        shown.index("$ python bench/pipeline.py --megabytes 0.01")
        < shown.index("in.jsonl")
        < shown.index("$ python bench/prompts.py")
    )


def test_kills(capsys: pytest.CaptureFixture[str]) -> None:
    pipeline.main(["--kills", "1", "--megabytes", "0.01", "--formats", "jsonl"])
    shown = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[2] for line in shown] == [" 1 runs killed, 2 ended: the same bytes"] * 2
