"""setup.py and pyproject.toml name what is there."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import slimgrammar

ROOT = Path(__file__).parents[1]


def hot_modules() -> list[str]:
    """`HOT` of setup.py, read without running it."""
    for node in ast.parse((ROOT / "setup.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "HOT":
            names: list[str] = ast.literal_eval(node.value)
            return names
    raise LookupError


def imported(text: str) -> set[str]:
    """The modules that a module imports; of `from package import name` also `package.name`, where that is a module.

    What a function imports for itself is left out: `prove` calls the public interface, once a program.
    """
    statements = [node for node in ast.parse(text).body if isinstance(node, ast.ImportFrom) and node.module]
    names = {f"{node.module}.{alias.name}" for node in statements for alias in node.names}
    files = {name for name in names if (ROOT / "src" / f"{name.replace('.', '/')}.py").exists()}
    return files | {node.module for node in statements if node.module}


def test_what_a_compiled_module_imports_of_its_package_is_compiled_too() -> None:
    # A call from a compiled module into one that is not costs most of what compiling gains.
    hot = hot_modules()
    for path in hot:
        for module in imported((ROOT / path).read_text(encoding="utf-8")):
            file = f"src/{module.replace('.', '/')}.py"
            assert file in hot or not (ROOT / file).is_file() or "/compact/" not in file, f"{path} imports {module}"


def test_every_package_is_in_the_wheel() -> None:
    listed = set(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"])
    source = ROOT / "src"
    found = {path.parent.relative_to(source).as_posix().replace("/", ".") for path in source.rglob("__init__.py")}
    assert found | {"slimgrammar.grammars"} == listed


def test_one_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == slimgrammar.__version__
