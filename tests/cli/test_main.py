"""`slim` itself: help, version, and how little it loads."""

from __future__ import annotations

import subprocess
import sys

import pytest

from .conftest import Process, Slim


@pytest.mark.parametrize("command", [["encode"], ["decode"], ["check"], ["stats"], ["corpus", "fetch"]])
def test_each_command_shows_examples(slim: Slim, command: list[str]) -> None:
    result = slim(*command, "--help")
    assert result.exit_code == 0
    assert "Examples:\n" in result.stdout
    assert result.stdout.count(f"slim {' '.join(command)}") >= 3


def test_version(process: Process) -> None:
    result = process("--version")
    assert (result.returncode, result.stdout.split()[0]) == (0, b"slim")


def test_an_unknown_command(slim: Slim) -> None:
    assert slim("transmogrify").exit_code == 2


def test_a_manifest_that_is_missing(slim: Slim) -> None:
    result = slim("corpus", "fetch", "--manifest", "none.txt")
    assert result.exit_code == 2
    assert "none.txt" in result.stderr


def test_help_loads_nothing_heavy() -> None:
    code = "import sys; sys.path[:] = sys.argv[1:]; import slimgrammar.cli.main; print(*sys.modules)"
    command = [sys.executable, "-c", code, *sys.path]
    loaded = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split()
    heavy = {"rich", "quicktok", "tree_sitter", "libcst", "lark", "networkx", "concurrent.futures.process"}
    assert heavy.isdisjoint(loaded)
