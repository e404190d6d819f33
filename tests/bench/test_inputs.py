"""Which files the benchmarks read."""

from __future__ import annotations

from pathlib import Path

from inputs import build, read_program, sample, stdlib_files


def test_standard_library() -> None:
    names = {path.name for path in stdlib_files()}
    assert {"ast.py", "typing.py"} <= names
    assert not any({"test", "site-packages"} & set(path.parts) for path in stdlib_files())
    assert len(stdlib_files(tests=True)) >= len(names)


def test_a_sample_is_the_same_for_the_same_seed() -> None:
    files = stdlib_files()
    drawn = sample(files, megabytes=0.2, seed=1)
    assert drawn == sample(files, megabytes=0.2, seed=1) != sample(files, megabytes=0.2, seed=2)
    assert sum(path.stat().st_size for path in drawn) >= 0.2e6
    assert sample(files, megabytes=None, seed=1) == files
    assert sample([], megabytes=1, seed=1) == []


def test_programs(folder: Path) -> None:
    program = read_program(folder / "b.py")
    assert program is not None
    assert (program.text, program.size) == ("if x:\n    y = 1\n", 16)
    assert read_program(folder / "old.py") is None


def test_build_names_what_is_measured() -> None:
    assert build().startswith(("slimgrammar compiled", "slimgrammar in pure Python"))
