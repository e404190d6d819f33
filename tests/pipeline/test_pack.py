"""A repository as one text and back: every byte with the map, equal programs without, and no file outside of the folder."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import slimgrammar as slim
from slimgrammar.pipeline.pack import Pack, pack
from slimgrammar.pipeline.trees import tracked
from slimgrammar.pipeline.unpack import BadMap, BadPack, layout_map, unpack
from slimgrammar.vocab import load

ROOT = Path(__file__).parents[2]
VOCAB = load("o200k_base")
LONG = b"class Stack:\n    def push(self, item, top=None):\n        self.items.append( (item, top) )   # kept\n\n\n" * 9
FILES = {
    "a.py": LONG,
    "crlf.py": LONG.replace(b"\n", b"\r\n"),
    "latin.py": b"# coding: latin-1\nNAME = '\xe9'\n" + LONG,
    "bom.py": b"\xef\xbb\xbf" + LONG,
    "broken.py": b"def f(:\n",
    "empty.py": b"",
    "notes.md": b"# Notes\n\nno line end",
    "tags.html": b"<b>\n</file>\n</file1>\n<file path='x'>\n",
    "old.txt": b"one\rtwo\r\n",
    "picture.png": b"\x89PNG\0",
    "wrong.txt": b"\xff\xfe\xff",
    'deep/wei"rd & <name>.txt': b"x\n",
    "deep/er/one.py": LONG,
}


def packed(files: dict[str, bytes] = FILES, **options: str) -> Pack:
    return pack("demo", sorted(files.items()), vocab=VOCAB, **options)


@pytest.mark.parametrize("dialect", ["compact", "python"])
def test_every_byte_comes_back_with_the_map(dialect: str) -> None:
    made = packed(dialect=dialect)
    kept = {entry.path for entry in made.shown}
    assert kept == set(FILES) - {"picture.png", "wrong.txt"}
    assert unpack(made.text, layout=layout_map(made.entries)) == {path: FILES[path] for path in kept}


def test_programs_are_equal_without_the_map() -> None:
    made = packed()
    found = unpack(made.text)
    for entry in made.shown:
        if entry.dialect:
            assert ast.dump(ast.parse(found[entry.path])) == ast.dump(ast.parse(FILES[entry.path]))
        else:
            assert found[entry.path] == FILES[entry.path]
    assert {entry.path for entry in made.shown if entry.dialect} == {"a.py", "crlf.py", "latin.py", "bom.py", "deep/er/one.py"}


def test_an_edited_file_has_the_authors_layout() -> None:
    made = packed()
    edited = made.text.replace(".items.append((item top))# kept", ".items.append((top item))# kept", 1)
    found = unpack(edited, layout=layout_map(made.entries))
    before, after = LONG.split(b"\n"), found["a.py"].split(b"\n")
    assert [at for at, (old, new) in enumerate(zip(before, after, strict=True)) if old != new] == [2]
    assert after[2].startswith(b"        self.items.append((top, item))")
    assert {path: data for path, data in found.items() if path != "a.py"} == {
        path: FILES[path] for path in found if path != "a.py"
    }


def test_the_text_says_what_it_is() -> None:
    made = packed()
    head = made.text[: made.text.index("\n<files>\n")]
    assert head.startswith("demo: 11 files;")
    assert "(Compact Python:" in head
    assert "\n  er/\n    one.py 1" in head
    assert "\npicture.png (binary, 5 bytes)\n" in head
    assert made.tokens < made.tokens_before + len(FILES) * 25
    assert "(Compact" not in packed({"a.py": b"x = f(a, b)\n"}).text


def test_our_own_repository() -> None:
    files = {
        path: (ROOT / "src" / path).read_bytes()
        for path in tracked(ROOT / "src", only=["slimgrammar/pipeline/*.py", "py.typed"])
    }
    made = packed(files)
    assert len(made.shown) > 20
    assert made.tokens < made.tokens_before
    assert unpack(made.text, layout=layout_map(made.entries)) == files


@given(
    st.dictionaries(st.sampled_from(["a.py", "b.txt", "c/d.md", "c/e f"]), st.binary(max_size=30) | st.just(LONG), max_size=4),
    st.sampled_from([b"", b"</file>\n", b"</files>\n", b"<files>\n", b"\r"]),
)
def test_any_files_come_back(files: dict[str, bytes], more: bytes) -> None:
    files = {path: more + data + more for path, data in files.items()}
    made = packed(files)
    assert unpack(made.text, layout=layout_map(made.entries)) == {entry.path: files[entry.path] for entry in made.shown}


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "../up.py", "a/../../up", "a//b", "", ".", "a/.", "C:\\x", "C:x", "\\\\host\\share", "..\\up", "a&#10;b"],
)
def test_paths_that_lead_out_are_refused(path: str) -> None:
    with pytest.raises(BadPack, match="leads out of the folder"):
        unpack(f'<files>\n<file path="{path}">\nx\n</file>\n</files>\n')


@pytest.mark.parametrize("path", [".git/hooks/pre-commit", "a/.GIT/config", ".git./config"])
def test_gits_own_files_are_refused(path: str) -> None:
    with pytest.raises(BadPack, match="git's own"):
        unpack(f'<files>\n<file path="{path}">\nx\n</file>\n</files>\n')


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("hello", 1, "no packed repository"),
        ('<files>\n<file path="a">\nx\n', 2, "no line </file> ends"),
        ("<files>\nprose\n</files>\n", 2, "expected <file path"),
        ("<files>\n<file>\nx\n</file>\n</files>\n", 2, "expected <file path"),
        ('<files>\n<file path="a" path="b">\nx\n</file>\n</files>\n', 2, "expected <file path"),
        ('<files>\n<file path="a">\nx\n</file>\n', 5, "ends before </files>"),
        ('<files>\n<file path="a">\n</file>\n<file path="a">\n</file>\n</files>\n', 4, "there twice"),
        ('<files>\n<file path="a/b">\n</file>\n<file path="a">\n</file>\n</files>\n', 4, "a file and a folder"),
        ('<files>\n<file path="a.py" dialect="compact">\nx=1\ny=)\n</file>\n</files>\n', 4, "a.py"),
        ('<files>\n<file path="a.py" dialect="odd">\nx=1\n</file>\n</files>\n', 2, "unknown dialect"),
    ],
)
def test_what_is_no_pack_has_a_place(text: str, line: int, message: str) -> None:
    with pytest.raises(BadPack, match=message) as raised:
        unpack(text)
    assert raised.value.line == line


@pytest.mark.parametrize(
    "layout", ["", "[]", "{}", '{"files": {"a": 1}}', '{"files": {"a": {"packed": "", "original": "eA=="}}}']
)
def test_what_is_no_map_is_refused(layout: str) -> None:
    with pytest.raises(slim.SlimError):
        unpack(packed().text, layout=layout)
    assert issubclass(BadMap, slim.SlimError)


def test_many_files_take_linear_time() -> None:
    text = "".join(f'<file path="f{number}">\nx\n</file>\n' for number in range(20_000))
    assert len(unpack(f"<files>\n{text}</files>\n")) == 20_000
    with pytest.raises(BadPack):
        unpack("<files>\n" + '<file path="a">\n' * 50_000)


def test_gitignore(tmp_path: Path) -> None:
    for name in (
        "a.py",
        "b.log",
        "keep.log",
        "build/x.py",
        "sub/a.tmp",
        "sub/keep.tmp",
        "sub/deep/c.log",
        ".env",
        ".git/config",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / ".gitignore").write_text("*.log\n!keep.log\nbuild/\n.env\n\\\n")
    (tmp_path / "sub" / ".gitignore").write_text("*.tmp\n!/keep.tmp\n!c.log\n")
    (tmp_path / "link.py").symlink_to(tmp_path / "a.py")
    (tmp_path / "loop").symlink_to(tmp_path)
    found = list(tracked(tmp_path))
    assert found == [".gitignore", "a.py", "keep.log", "sub/.gitignore", "sub/deep/c.log", "sub/keep.tmp"]
    assert list(tracked(tmp_path, only=["*.py", "*.log"], without=["sub/"])) == ["a.py", "keep.log"]


def test_the_map_is_json() -> None:
    made = packed()
    assert set(json.loads(layout_map(made.entries))["files"]) == {entry.path for entry in made.shown}
