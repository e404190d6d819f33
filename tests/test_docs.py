"""Every page of docs/ shows what really happens: its examples run, its commands exist, its links lead somewhere.

Blocks of `console` and `python` with prompts are run and compared. Other Python is compiled, and what it imports must be there;
lines that begin with `slim` must be commands with options that there are.
"""

from __future__ import annotations

import ast
import doctest
import re
import shlex
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from textwrap import dedent

import pytest
from typer.main import get_command

from slimgrammar import grammar
from slimgrammar.cli.main import app
from slimgrammar.prune.api import prune
from slimgrammar.prune.languages import languages
from tests.conftest import run_console

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "docs").rglob("*.md"))
OTHERS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
PAGE_IDS = [path.relative_to(ROOT / "docs").as_posix() for path in PAGES]
FENCE = re.compile(r"^(`{3,})(\w*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
SERVER = re.compile(r"^\$ .*\bslim (?:mcp|proxy|serve)\b", re.MULTILINE)
COMMAND = re.compile(r"^\$ (.*?)\n(.*?)(?=^\$ |\Z)", re.MULTILINE | re.DOTALL)
MADE = r"(?:\.\./)?reference/(benchmark|cli|symbols|languages|grammar-\w+)\.md"  # by docs/site_hooks.py
# What benchmarks print is their own matter: they take minutes
WITH_CONSOLE = [path for path in PAGES if path.stem != "benchmarks" and "```console\n" in path.read_text(encoding="utf-8")]


def blocks(path: Path, *kinds: str) -> list[str]:
    """The fenced blocks of a page that are of one of these kinds."""
    return [body for _, kind, body in FENCE.findall(path.read_text(encoding="utf-8")) if kind in kinds]


@pytest.mark.usefixtures("slim_on_path")
@pytest.mark.parametrize("path", WITH_CONSOLE, ids=[path.relative_to(ROOT / "docs").as_posix() for path in WITH_CONSOLE])
def test_console(path: Path) -> None:
    for block in blocks(path, "console"):
        if not SERVER.search(block):  # those do not end by themselves; their own tests start them
            for command, shown in COMMAND.findall(block):
                run_console(command, shown)


@pytest.mark.parametrize("path", [*PAGES, ROOT / "CONTRIBUTING.md"], ids=[*PAGE_IDS, "CONTRIBUTING"])
def test_python(path: Path) -> None:
    names: dict[str, object] = {}
    for block in blocks(path, "python"):
        if ">>> " in block:
            example = doctest.DocTestParser().get_doctest(block, names, path.name, str(path), 0)
            assert doctest.DocTestRunner().run(example, clear_globs=False).failed == 0
            names = example.globs
        else:
            check_imports(ast.parse(block))


def test_the_worked_language_works(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    ((_, table), (_, query)) = re.findall(r"^   ```(toml|scheme)\n(.*?)^   ```$", text, re.MULTILINE | re.DOTALL)
    shutil.copytree(grammar.folder(), tmp_path / "grammars")
    with (tmp_path / "grammars/prune/languages.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n{dedent(table)}")
    (tmp_path / "grammars/prune/tsx.scm").write_text(dedent(query), encoding="utf-8")
    monkeypatch.setattr(grammar, "_PLACES", (tmp_path / "grammars",))
    for cached in (grammar.text, languages):
        cached.cache_clear()
    try:
        found = prune("const Hello = (name: string) => <b title={name}>Hello, {name}!</b>;\n", "tsx", keep=0.6)
        assert not found.had_errors
        assert "Hello" in found.text
    finally:
        for cached in (grammar.text, languages):
            cached.cache_clear()


def check_imports(tree: ast.Module) -> None:
    """What an example imports of ours is there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("slimgrammar"):
            module = import_module(node.module)
            assert all(hasattr(module, alias.name) for alias in node.names), ast.unparse(node)


@pytest.mark.parametrize("path", [*PAGES, *OTHERS], ids=[*PAGE_IDS, *(path.stem for path in OTHERS)])
def test_commands_exist(path: Path) -> None:
    lines = [line for block in blocks(path, "", "sh") for line in block.splitlines() if line.startswith("slim ")]
    lines += [line[2:] for block in blocks(path, "console") for line in block.splitlines() if line.startswith("$ slim ")]
    for line in lines:
        command = re.split(r" (?:\||>|2>|&&) ", re.sub(r"\$\(.*\)", "FOLDER", line))[0]
        check_options([word for word in shlex.split(command, comments=True)[1:] if word != "…"])


def check_options(words: list[str]) -> None:
    """The words name a command of `slim`, and every option among them is one of its options."""
    command = get_command(app)
    while words and hasattr(command, "commands"):
        assert words[0] in command.commands, words
        command = command.commands[words.pop(0)]
    known = {option for parameter in command.params for option in parameter.opts + parameter.secondary_opts} | {"--help"}
    given = {word.partition("=")[0] for word in words if word.startswith("-") and word != "-"}
    assert given <= known, f"{command.name}: {given - known}"


@pytest.mark.parametrize("path", PAGES, ids=PAGE_IDS)
def test_links_lead_somewhere(path: Path) -> None:
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\((?!http)([^)#\s]+)", text):
        made = re.fullmatch(
            r"(?:\.\./)?reference/(benchmark|cli|symbols|languages|grammar-\w+)\.md", target
        )  # by docs/site_hooks.py
        assert made or (path.parent / target).exists(), target


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs")
    pytest.importorskip("mkdocstrings")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for page in ("index.html", "tutorial.html", "reference/api.html", "reference/cli.html", "reference/benchmark.html"):
        text = (tmp_path / "site" / page).read_text(encoding="utf-8")
        loaded = re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=\"(https?:[^\"]+)", text)
        assert not [address for address in loaded if "canonical" not in address], page
    assert "slimgrammar.encode" in (tmp_path / "site" / "reference" / "api.html").read_text(encoding="utf-8")
