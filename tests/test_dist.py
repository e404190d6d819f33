"""A source distribution holds all that its wheel needs, and the wheel works beside nothing but its own dependencies.

No network: the wheel is built by the setuptools that is here, and its dependencies are copied from this environment.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from importlib.metadata import distribution, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.smoke import smoke

ROOT = Path(__file__).parents[1]
BUILD = "import sys, setuptools.build_meta as build; print(getattr(build, sys.argv[1])(sys.argv[2]))"
SOURCES = ("LICENSE", "MANIFEST.in", "README.md", "pyproject.toml", "setup.py")
IGNORED = shutil.ignore_patterns("__pycache__", "*.egg-info", "*.so")


def built(kind: str, source: Path, out: Path) -> Path:
    """What setuptools makes of a tree: "build_sdist" or "build_wheel"; pure Python, which is quick."""
    out.mkdir(exist_ok=True)
    environment = os.environ | {"SLIMGRAMMAR_BUILD": "pure"}
    command = [sys.executable, "-c", BUILD, kind, str(out)]
    done = subprocess.run(command, cwd=source, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return out / done.stdout.splitlines()[-1]


def core_distributions() -> dict[str, None]:
    """The distributions that the core needs, each once: those that pip would bring."""
    found: dict[str, None] = {}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    waiting: list[str] = list(project["dependencies"])  # the installed metadata may be older
    while waiting:
        needed = Requirement(waiting.pop())
        if needed.name not in found and (needed.marker is None or needed.marker.evaluate({"extra": ""})):
            found[needed.name] = None
            waiting += requires(needed.name) or []
    return found


def copy_distribution(name: str, packages: Path) -> None:
    """An installed distribution's files, but for its scripts."""
    for file in distribution(name).files or ():
        if ".." not in file.parts and "__pycache__" not in file.parts:
            target = packages / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(str(file.locate()), target)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel made of a source distribution alone."""
    folder = tmp_path_factory.mktemp("dist")
    tree = folder / "tree"
    tree.mkdir()
    for name in SOURCES:
        shutil.copyfile(ROOT / name, tree / name)
    for name in ("src", "grammars"):
        shutil.copytree(ROOT / name, tree / name, ignore=IGNORED)
    sdist = built("build_sdist", tree, folder / "sdist")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder / "unpacked", filter="data")
    (unpacked,) = (folder / "unpacked").iterdir()
    return built("build_wheel", unpacked, folder / "wheel")


def test_the_wheel_holds_every_source_and_every_grammar(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    for top, package in (("src/slimgrammar", "slimgrammar"), ("grammars", "slimgrammar/grammars")):
        folder = ROOT / top
        files = [path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".so", ".pyc")]
        names = {f"{package}/{path.relative_to(folder).as_posix()}" for path in files}
        assert names <= held, names - held
    assert not [name for name in held if "tests/" in name]


def test_it_works_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    folder = tmp_path / "environment"
    venv.create(folder)
    (packages,) = folder.glob("lib/python*/site-packages")
    for name in core_distributions():
        copy_distribution(name, packages)
    python = str(folder / "bin" / "python")
    install = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    # What PYTHONPATH names counts as installed.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(install, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    smoke(folder)
