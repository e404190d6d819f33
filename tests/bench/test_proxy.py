"""The benchmark of the proxy as a user runs it, on little input."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

pytest.importorskip("uvicorn", reason="needs slimgrammar[proxy]")

import proxy

import slimgrammar


def test_proxy(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    home = str(Path(slimgrammar.__file__).parent.parent)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH")))))
    proxy.main("--requests 3 --tokens 200 --at-once 5 --megabytes 0.3 --json".split())
    measured = json.loads(capsys.readouterr().out)
    assert all(measured[name]["requests"] == 3 and measured[name]["proxied_p50"] > 0 for name in ("prose", "fresh", "turns"))
    assert measured["at_once_proxied"] | {"seconds": 0} == {"requests": 5, "errors": 0, "seconds": 0}
    proxy.show(measured)
    assert "5 requests at once, proxied: 0 errors" in capsys.readouterr().out
