"""The benchmark of data sets as a user runs it, on little input."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pipeline
import pytest

import slimgrammar


def test_pipeline(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    home = str(Path(slimgrammar.__file__).parent.parent)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH")))))
    monkeypatch.setattr(pipeline, "texts", lambda: ["def f(a, b):\n    return (a + b)\n", "x = (1)\n"])
    pipeline.main(["--megabytes", "0.001", "--formats", "jsonl.gz", "--json"])
    measured = json.loads(capsys.readouterr().out)
    assert [one["workers"] for one in measured["runs"]] == [1, 2]
    assert all(one["rows"] > 20 and one["memory"] > 10 for one in measured["runs"])
    assert measured["core_megabytes_per_second"] > 0
    pipeline.show(measured)
    assert "in.jsonl.gz" in capsys.readouterr().out
