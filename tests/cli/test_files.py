"""Walking, naming and writing files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from slimgrammar.cli.batch import run
from slimgrammar.cli.files import decoded_naming, encoded_naming, walk, write_atomically

from .conftest import names_in, write_tree


def test_walk_is_sorted_and_names_each_file_once(tree: Path) -> None:
    found = [path.relative_to(tree).as_posix() for path in walk([tree, tree / "good.py"])]
    assert found == ["good.py", "stub.pyi", "deep/latin.py", "deep/inner/also.py"]


def test_a_named_file_is_taken_whatever_its_suffix(tree: Path) -> None:
    assert walk([tree / "notes.txt"]) == [tree / "notes.txt"]


def test_a_hidden_folder_that_is_named_is_read(tree: Path) -> None:
    assert walk([tree / ".hidden"]) == [tree / ".hidden" / "no.py"]


def test_links_that_lead_nowhere_and_folders_named_like_files_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "gone.py").symlink_to("nowhere.py")
    (tmp_path / "folder.py").mkdir()
    assert walk([tmp_path]) == []


@pytest.mark.parametrize("dialect", ["python", "compact", "symbols"])
@pytest.mark.parametrize("name", ["a.py", "a.pyi", "a.b.py", "slim.py"])
def test_names_come_back(dialect: str, name: str) -> None:
    packed = encoded_naming(dialect).rename(name)
    assert packed.endswith(decoded_naming(dialect).suffixes)
    assert decoded_naming(dialect).rename(packed) == name


def test_a_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left") as caught:
        write_atomically(tmp_path / "out", b"data")
    assert caught.value.filename == str(tmp_path / "out")
    assert names_in(tmp_path) == set()


def test_what_is_no_regular_file_is_written_as_it_is() -> None:
    write_atomically(Path("/dev/null"), b"data")
    assert not Path("/dev/null").is_file()


def test_a_new_file_has_the_usual_mode(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    write_atomically(tmp_path / "out", b"data")
    assert (tmp_path / "out").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_folders_above_are_made_only_when_asked(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_atomically(tmp_path / "a" / "out", b"data")
    write_atomically(tmp_path / "a" / "out", b"data", parents=True)
    assert (tmp_path / "a" / "out").read_bytes() == b"data"


def test_results_come_in_order_and_an_exception_is_a_result() -> None:
    results = run(_reciprocal, [4, 0, 2], workers=2, failed=lambda item, error: f"{item}: {type(error).__name__}")
    assert list(results) == ["0.25", "0: ZeroDivisionError", "0.5"]


def _reciprocal(number: int) -> str:
    return str(1 / number)


def test_a_folder_of_nothing(tmp_path: Path) -> None:
    assert walk([write_tree(tmp_path / "src", {"a.txt": b""})]) == []
