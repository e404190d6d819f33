"""What runs in other people's repositories: the hook by pre-commit itself, and the shell steps of the GitHub Action."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import slimgrammar

yaml = pytest.importorskip("yaml", reason="needs slimgrammar[dev]")

TOP = Path(__file__).parents[1]
GOOD = "def add(a, b):\n    return (a + b)\n"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Where `slim` is a command, as it is after an installation."""
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin" / "slim"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m slimgrammar "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    home = str(Path(slimgrammar.__file__).parents[1])
    paths = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
    own = {"PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": paths, "PRE_COMMIT_HOME": str(tmp_path)}
    return os.environ | own


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A folder with a program in a folder whose name has a star, which a shell must not take for a pattern."""
    folder = tmp_path / "repository"
    (folder / "so*rce").mkdir(parents=True)
    (folder / "so*rce" / "good.py").write_text(GOOD, encoding="utf-8")
    (folder / "notes.txt").write_text("no Python", encoding="utf-8")
    return folder


class TestAction:
    def steps(self, environment: dict[str, str], repository: Path, **inputs: str) -> list[tuple[str, int]]:
        """Run the steps behind the installation, as a runner does; the name and exit code of each."""
        action = yaml.safe_load((TOP / "action.yml").read_text(encoding="utf-8"))
        given = {name: known["default"] for name, known in action["inputs"].items()} | inputs
        (repository / "temp").mkdir()
        own = {"RUNNER_TEMP": str(repository / "temp"), "GITHUB_STEP_SUMMARY": str(repository / "summary")}
        codes = []
        for step in action["runs"]["steps"][1:]:
            assert step["shell"] == "bash"
            assert "${{" not in step["run"]
            variables = {name: self.value(text, given) for name, text in step["env"].items()}
            if given[step["name"]] == "true":
                shell = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]]
                done = subprocess.run(shell, cwd=repository, env=environment | own | variables, check=False)
                codes.append((step["name"], done.returncode))
        return codes

    def value(self, text: str, inputs: dict[str, str]) -> str:
        """An expression of the action's file."""
        found = re.fullmatch(r"\$\{\{ inputs\.(\w+) \}\}", text)
        assert found
        return inputs[found[1]]

    def test_check_and_stats_stand_in_the_summary(self, environment: dict[str, str], repository: Path) -> None:
        assert self.steps(environment, repository, paths="so*rce notes.txt") == [("check", 0), ("stats", 0)]
        summary = (repository / "summary").read_text(encoding="utf-8")
        assert "2 files, 1 reversible, 1 not Python" in summary
        assert re.search(r"```\n2 files.*compact.*\n```", summary, re.S)

    def test_a_path_that_is_not_there_fails(self, environment: dict[str, str], repository: Path) -> None:
        assert self.steps(environment, repository, paths="so*rce gone; echo", stats="false") == [("check", 2)]

    def test_every_input_is_used(self) -> None:
        text = (TOP / "action.yml").read_text(encoding="utf-8")
        assert all(f"inputs.{name}" in text for name in yaml.safe_load(text)["inputs"])


class TestHook:
    """The hook's own entry and types, as a local hook of the system: its environment would come from the network."""

    def run(self, environment: dict[str, str], repository: Path, *arguments: str) -> Any:
        """Run pre-commit over all files of a repository."""
        pytest.importorskip("pre_commit", reason="needs slimgrammar[dev]")
        (hook,) = yaml.safe_load((TOP / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
        assert hook["language"] == "python"
        config = {"repos": [{"repo": "local", "hooks": [{**hook, "language": "system"}]}]}
        (repository / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
        for command in (["git", "init", "-q"], ["git", "add", "."]):
            subprocess.run(command, cwd=repository, env=environment, check=True)
        command = [sys.executable, "-m", "pre_commit", "run", "--all-files", "--verbose", *arguments]
        return subprocess.run(command, cwd=repository, env=environment, capture_output=True, text=True, check=False)

    @pytest.mark.skipif(shutil.which("git") is None, reason="pre-commit needs git")
    def test_python_files_are_proved(self, environment: dict[str, str], repository: Path) -> None:
        done = self.run(environment, repository)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "1 files, 1 reversible, 0 not Python" in done.stdout

    @pytest.mark.skipif(shutil.which("git") is None, reason="pre-commit needs git")
    def test_nothing_runs_where_no_python_is(self, environment: dict[str, str], repository: Path) -> None:
        shutil.rmtree(repository / "so*rce")
        assert "no files to check" in self.run(environment, repository).stdout


def test_the_docs_name_what_there_is() -> None:
    text = (TOP / "docs" / "hooks.md").read_text(encoding="utf-8")
    hooks, job = (yaml.safe_load(block.partition("```")[0]) for block in text.split("```yaml\n")[1:])
    known = [hook["id"] for hook in yaml.safe_load((TOP / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))]
    assert [hook["id"] for hook in hooks["repos"][0]["hooks"]] == known
    inputs = yaml.safe_load((TOP / "action.yml").read_text(encoding="utf-8"))["inputs"]
    assert job["steps"][1]["with"].keys() <= inputs.keys()
