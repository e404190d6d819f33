"""What a wheel must do in an environment that holds nothing but its own dependencies: python tests/smoke.py dist/*.whl."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

PROGRAM = "def add(a, b):\n    return a, b\n"
# What is data in the package, and has to be there beside the modules
DATA = """
from importlib.resources import files
import slimgrammar
from slimgrammar import grammar
from slimgrammar.compact.codebook.book import shipped
assert (files("slimgrammar") / "py.typed").is_file()
assert all((files("slimgrammar.report") / name).is_file() for name in ("models.toml", "prices.toml", "page/page.html"))
assert all((grammar.folder() / name).is_file() for name in ("slim.lark", "python.lark", "symbols.toml", "prune/python.scm"))
assert len(shipped()) >= 8
print(slimgrammar.__file__)
"""
# Commands that need more than the core, and the extra that brings it
EXTRAS = {
    "prune program.py --keep 0.5": "prune",
    "graph program.py": "prune",
    "dataset prune rows.jsonl out": "prune",
    "report program.py": "report",
    "bench program.py": "report",
    "serve": "report",
    "mcp": "mcp",
    "proxy --upstream http://127.0.0.1": "proxy",
}


def smoke(folder: Path) -> None:
    """Use the package that is installed in the virtual environment `folder`, and nothing of this checkout.

    Raises:
        AssertionError: something is not as it should be.
    """
    assert run(folder, "slim", "--version").stdout.startswith("slim ")
    encoded = run(folder, "slim", "encode", "-", stdin=PROGRAM)
    assert run(folder, "slim", "decode", "-", stdin=encoded.stdout).stdout == PROGRAM
    assert encoded.stdout.count(",") == 0
    source = folder / "program.py"
    source.write_text(PROGRAM, encoding="utf-8")
    (folder / "rows.jsonl").write_text('{"text": "x = 1"}\n', encoding="utf-8")
    assert "o200k_base" in run(folder, "slim", "stats", str(source), "--vocab", "o200k_base").stdout
    shortened = run(folder, "slim", "encode", str(source), "--codebook", "compact-o200k_base-100").stdout
    assert run(folder, "slim", "decode", "-", "--codebook", "compact-o200k_base-100", stdin=shortened).stdout == PROGRAM
    assert Path(run(folder, "python", "-c", DATA).stdout.strip()).is_relative_to(folder)
    for command, extra in EXTRAS.items():
        refused = run(folder, "slim", *command.split(), code=2)
        assert f"pip install 'slimgrammar[{extra}]'" in refused.stderr, refused.stderr


def run(folder: Path, program: str, *arguments: str, stdin: str = "", code: int = 0) -> subprocess.CompletedProcess[str]:
    """A program of the environment, run elsewhere than in the checkout; its exit code must be `code`."""
    binaries = folder / ("Scripts" if os.name == "nt" else "bin")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    command = [str(binaries / program), *arguments]
    done = subprocess.run(command, input=stdin, capture_output=True, encoding="utf-8", cwd=folder, env=environment, check=False)
    assert done.returncode == code, f"{command}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done


def main(wheels: list[str]) -> None:
    """Install each wheel into an environment of its own, with what it depends on, and use it."""
    for wheel in wheels:
        with tempfile.TemporaryDirectory() as folder:
            venv.create(folder, with_pip=True)
            run(
                Path(folder),
                "python",
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                str(Path(wheel).resolve()),
            )
            smoke(Path(folder))
        print(f"{wheel}: installs into an empty environment and works")


if __name__ == "__main__":
    main(sys.argv[1:])
