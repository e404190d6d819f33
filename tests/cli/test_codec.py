"""`slim encode` and `slim decode`: standard streams, files, folders, records, the original's form, and faults."""

from __future__ import annotations

import ast
import json
import os
from pathlib import Path
from typing import get_args

import pytest

import slimgrammar
from slimgrammar.cli.settings import Dialect
from slimgrammar.errors import NotReversible

from .conftest import NOT_PYTHON, PROGRAM, Process, Slim, names_in

DIALECTS = ("python", "compact", "symbols")


def test_dialects_are_the_library_s() -> None:
    assert get_args(Dialect) == slimgrammar.DIALECTS


@pytest.mark.parametrize("dialect", DIALECTS)
def test_standard_streams(process: Process, dialect: str) -> None:
    encoded = process("encode", "-", "-d", dialect, stdin=PROGRAM.encode())
    assert (encoded.returncode, encoded.stderr) == (0, b"")
    assert encoded.stdout.decode() == slimgrammar.encode(PROGRAM, dialect=dialect).rstrip("\n") + "\n"
    decoded = process("decode", "-d", dialect, stdin=encoded.stdout)
    assert (decoded.returncode, decoded.stderr) == (0, b"")
    assert ast.dump(ast.parse(decoded.stdout)) == ast.dump(ast.parse(PROGRAM))


def test_no_path_means_standard_input(slim: Slim) -> None:
    assert slim("encode", stdin=b"x = 1\n").stdout_bytes == slim("encode", "-", stdin=b"x = 1\n").stdout_bytes


def test_empty_input_is_an_empty_program(slim: Slim) -> None:
    assert slim("encode", stdin=b"").stdout_bytes == b""
    assert slim("decode", stdin=b"").stdout_bytes == b""


def test_one_file_to_one_file(slim: Slim, tree: Path) -> None:
    result = slim("encode", tree / "good.py", "-o", "good.slim")
    assert (result.exit_code, result.stdout_bytes) == (0, b"")
    assert Path("good.slim").read_bytes() == slim("encode", tree / "good.py").stdout_bytes


def test_one_file_into_a_folder_that_exists(slim: Slim, tree: Path) -> None:
    Path("out").mkdir()
    assert slim("encode", tree / "good.py", "-o", "out").exit_code == 0
    assert names_in(Path("out")) == {"good.slim"}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_folder_is_mirrored_and_comes_back(slim: Slim, tree: Path, dialect: str) -> None:
    assert slim("encode", tree, "-o", "packed", "-d", dialect).exit_code == 0
    python = {"good.py", "stub.pyi", "deep/inner/also.py", "deep/latin.py"}
    slims = {"good.slim", "stub.pyi.slim", "deep/inner/also.slim", "deep/latin.slim"}
    assert names_in(Path("packed")) == (python if dialect == "python" else slims)
    assert slim("decode", "packed", "-o", "back", "-d", dialect).exit_code == 0
    assert names_in(Path("back")) == python
    for name in python:
        assert ast.dump(ast.parse(Path("back", name).read_bytes())) == ast.dump(ast.parse((tree / name).read_bytes()))


def test_several_folders_keep_their_names(slim: Slim, tree: Path) -> None:
    assert slim("encode", tree / "deep", tree / "good.py", "-o", "out").exit_code == 0
    assert names_in(Path("out")) == {"good.slim", "deep/latin.slim", "deep/inner/also.slim"}


def test_two_inputs_for_one_output_are_refused(slim: Slim, tree: Path) -> None:
    result = slim("encode", tree / "good.py", tree / "deep" / ".." / "good.py", "-o", "out")
    assert result.exit_code == 2
    assert "would both be written" in result.stderr
    assert not Path("out").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["src"], "several files need a folder"),
        (["src", "-o", "src/good.py"], "src/good.py is a file"),
        (["-", "src"], "cannot be combined"),
        (["-", "-o", "src"], "name a file"),
        (["src/good.py", "-d", "klingon"], "'python', 'compact', 'symbols'"),
        (["src", "-o", "out", "--map", "map.json"], "belongs to one file"),
        (["src/good.py", "--comments", "some"], "'keep', 'drop'"),
        (["missing.py"], "missing.py: No such file or directory"),
        (["src/good.py", "missing.py", "-o", "out"], "missing.py: No such file or directory"),
        (["src/good.py", "-o", "no/such/out"], "no/such/out: No such file or directory"),
    ],
)
def test_wrong_usage(slim: Slim, tree: Path, arguments: list[str], message: str) -> None:
    before = names_in(tree.parent)
    result = slim("encode", *arguments)
    assert (result.exit_code, result.stdout_bytes) == (2, b"")
    assert message in result.stderr
    assert names_in(tree.parent) == before


@pytest.mark.parametrize(
    ("name", "place"), [("nul.py", ":1:2: source holds a NUL byte"), ("bytes.py", ":2:6: byte 0xff"), ("python2.py", ":2:")]
)
def test_input_that_is_not_python(slim: Slim, tmp_path: Path, name: str, place: str) -> None:
    path = tmp_path / name
    path.write_bytes(NOT_PYTHON[name])
    result = slim("encode", path, "-o", "out.slim")
    assert (result.exit_code, result.stdout_bytes) == (2, b"")
    assert result.stderr.startswith(f"{path}{place}")
    assert names_in(tmp_path) == {name}


def test_standard_input_has_a_name_and_the_fault_a_caret(process: Process) -> None:
    result = process("encode", stdin=b"x = 1\ny\0")
    assert (result.returncode, result.stdout) == (2, b"")
    assert result.stderr == b"<stdin>:2:2: source holds a NUL byte\ny \n ^\n"


@pytest.mark.parametrize("dialect", ["compact", "symbols"])
def test_a_truncated_text_is_refused_with_its_place(slim: Slim, tmp_path: Path, dialect: str) -> None:
    text = slimgrammar.encode(PROGRAM, dialect=dialect)
    path = tmp_path / "half.slim"
    path.write_text(text[: text.rindex("[")] + "[", encoding="utf-8")
    result = slim("decode", path, "-o", "out.py", "-d", dialect)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"{path}:")
    line, column = result.stderr.removeprefix(f"{path}:").split(":")[:2]
    assert int(line) > 1
    assert int(column) >= 1
    assert names_in(tmp_path) == {"half.slim"}


def test_no_cut_of_a_text_is_a_traceback(tmp_path: Path, slim: Slim) -> None:
    text = slimgrammar.encode(PROGRAM)
    for end in range(0, len(text), 5):
        result = slim("decode", stdin=text[:end].encode())
        assert result.exit_code in (0, 2)
        assert "internal error" not in result.stderr


@pytest.mark.parametrize(
    "data",
    [
        b"x = 1\r\ny = 2\r\n",
        b"\xef\xbb\xbfx = 1\n",
        b"# coding: latin-1\nx = '\xe9'\n",
        b"x = 1\r\ny = 2\nz = 3\r\n",
        b"x = 1\ry = 2\r",
        b"\xef\xbb\xbf# coding: utf-8\r\nx = (1,\r\n   2)\r\n",
        b"x  =  1",
    ],
)
def test_like_gives_the_original_file_back(slim: Slim, data: bytes) -> None:
    Path("original.py").write_bytes(data)
    assert slim("encode", "original.py", "-o", "a.slim").exit_code == 0
    assert slim("decode", "a.slim", "--like", "original.py", "-o", "back.py").exit_code == 0
    assert Path("back.py").read_bytes() == data


def test_without_like_the_coding_line_still_holds(slim: Slim) -> None:
    data = b"# coding: latin-1\nx = '\xe9'\n"
    encoded = slim("encode", stdin=data).stdout_bytes
    assert "é".encode() in encoded
    assert slim("decode", stdin=encoded).stdout_bytes == data
    assert ast.dump(ast.parse(slim("encode", "-d", "python", stdin=data).stdout_bytes)) == ast.dump(ast.parse(data))


def test_a_faulty_original_is_named(slim: Slim) -> None:
    Path("original.py").write_bytes(b"\0")
    result = slim("decode", "--like", "original.py", stdin=b"x=1\n")
    assert result.exit_code == 2
    assert result.stderr.startswith("original.py:1:1:")


def test_records(slim: Slim, tree: Path) -> None:
    (tree / "nul.py").write_bytes(NOT_PYTHON["nul.py"])
    result = slim("encode", tree, "--json")
    records = {Path(record["path"]).name: record for record in map(json.loads, result.stdout.splitlines())}
    assert result.exit_code == 2
    assert records["stub.pyi"] == {
        "path": str(tree / "stub.pyi"),
        "dialect": "compact",
        "text": slimgrammar.encode("x: int\n"),
        "characters_before": 7,
        "characters_after": len(slimgrammar.encode("x: int\n")),
    }
    assert (records["nul.py"]["line"], records["nul.py"]["column"]) == (1, 2)
    assert "out" in json.loads(slim("encode", tree / "good.py", "-o", "good.slim", "--json").stdout)


def test_the_good_files_of_a_folder_are_written(slim: Slim, tree: Path) -> None:
    (tree / "nul.py").write_bytes(NOT_PYTHON["nul.py"])
    result = slim("encode", tree, "-o", "out")
    assert result.exit_code == 2
    assert "nul.slim" not in names_in(Path("out"))
    assert "good.slim" in names_in(Path("out"))


def test_an_existing_output_survives_a_fault_and_keeps_its_mode(slim: Slim) -> None:
    out = Path("out.slim")
    out.write_bytes(b"old")
    out.chmod(0o640)
    assert slim("encode", "-o", out, stdin=b"x(\0").exit_code == 2
    assert out.read_bytes() == b"old"
    assert slim("encode", "-o", out, stdin=b"x = 1\n").exit_code == 0
    assert out.read_bytes() != b"old"
    assert out.stat().st_mode & 0o777 == 0o640
    assert names_in(Path()) == {"out.slim"}


def test_a_linked_output_stays_a_link(slim: Slim) -> None:
    Path("real.slim").write_bytes(b"old")
    Path("link.slim").symlink_to("real.slim")
    assert slim("encode", "-o", "link.slim", stdin=b"x = 1\n").exit_code == 0
    assert Path("link.slim").is_symlink()
    assert Path("real.slim").read_bytes() != b"old"


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (NotReversible("trees differ", 3), 1, "<stdin>:3:1: not reversible: trees differ"),
        (RecursionError(), 2, "<stdin>:1:1: nested too deeply"),
        (MemoryError(), 2, "<stdin>:1:1: too large"),
        (KeyError("k"), 1, "<stdin>:1:1: internal error, please report it: KeyError: 'k'"),
    ],
)
def test_no_error_is_a_traceback(
    slim: Slim, monkeypatch: pytest.MonkeyPatch, error: Exception, code: int, message: str
) -> None:
    def fail(*_: object, **__: object) -> str:
        raise error

    monkeypatch.setattr(slimgrammar, "encode", fail)
    result = slim("encode", "-o", "out.slim", stdin=b"x = 1\n")
    assert result.exit_code == code
    assert result.stderr.startswith(message)
    assert not Path("out.slim").exists()


def test_an_interrupt_is_a_message(slim: Slim, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(slimgrammar, "encode", interrupt)
    result = slim("encode", stdin=b"x = 1\n")
    assert (result.exit_code, result.stderr) == (130, "slim: interrupted\n")


def test_a_reader_that_leaves_is_no_error_message(process: Process, tmp_path: Path) -> None:
    (tmp_path / "big.py").write_bytes(b"x = 'a long enough line'\n" * 100_000)
    reader, writer = os.pipe()
    os.close(reader)
    try:
        result = process("encode", "big.py", "--no-verify", stdout=writer)
    finally:
        os.close(writer)
    assert (result.returncode, result.stderr) == (1, b"")


def test_the_position_map_is_written(slim: Slim) -> None:
    pytest.importorskip("slimgrammar.compact.positions")
    assert slim("encode", "--map", "map.json", "-o", "a.slim", stdin=PROGRAM.encode()).exit_code == 0
    json.loads(Path("map.json").read_text(encoding="utf-8"))
