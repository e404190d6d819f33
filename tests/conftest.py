"""Where the samples stand, how docs run, and how much hypothesis tries: HYPOTHESIS_PROFILE=long for an hour's worth."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import slimgrammar

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # LiteLLM asks the network for prices when it is imported

CORPORA = Path(__file__).parents[1] / "corpora"

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much, HealthCheck.large_base_example]
settings.register_profile("quick", max_examples=250, deadline=None, suppress_health_check=_SLOW, derandomize=True)
settings.register_profile("long", max_examples=5000, deadline=None, suppress_health_check=_SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture
def slim_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`slim` as a command, on the package that is being tested, in a folder that holds docs/."""
    script = tmp_path / "bin" / "slim"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m slimgrammar "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    home = str(Path(slimgrammar.__file__).parents[1])
    monkeypatch.setenv("PATH", f"{script.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", home)
    shutil.copytree(CORPORA.parent / "docs", tmp_path / "docs")
    monkeypatch.chdir(tmp_path)


def run_console(command: str, shown: str) -> None:
    """Runs a command as a page shows it; what it prints must be what the page shows, blanks at the ends of lines aside."""
    done = subprocess.run(command, shell=True, capture_output=True, encoding="utf-8", check=False, timeout=60)
    assert done.stderr == "", command
    assert _without_line_tails(done.stdout) == _without_line_tails(shown), command


def _without_line_tails(text: str) -> str:
    """`text` without blanks at its lines' ends and empty lines at its own."""
    return "\n".join(line.rstrip() for line in text.splitlines()).rstrip("\n")
