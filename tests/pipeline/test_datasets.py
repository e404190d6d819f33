"""Data sets: what a row becomes, in each format, and what a run refuses."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import slimgrammar
from slimgrammar.cli.main import app
from slimgrammar.errors import SlimError
from slimgrammar.pipeline.datasets import COLUMNS, DatasetProblem, Job, Options, RowRefused, Run, convert, process

GOOD = "if (x):\n    f(a, b)\n"
BAD = "x = ("
LINES = [
    b'\xef\xbb\xbf{"id": 1.10, "text": "if (x):\\n    f(a, b)\\n", "lang": "Python"}',
    b'{"id": 12345678901234567890123, "text": "x = (", "lang": "py"}',
    b'{"id": 2, "text": "int f();", "lang": "C"}',
    b"",
    b"[1]",
    b'{"id": 3, "text": null, "lang": null}',
    b'{"id": 4, "text": "y = \\"\\ud800\\"", "lang": "python"}',
    b'{"id": 5, "text": "z = 1"}',
]
STATUSES = ["encoded", "syntax_error", "skipped", "bad_row", "no_text", "syntax_error", "encoded"]


def write(path: Path, lines: list[bytes]) -> Path:
    data = b"\n".join(lines)
    if path.suffix == ".gz":
        data = gzip.compress(data[:40]) + gzip.compress(data[40:])  # in members, as big files often are
    elif path.suffix == ".zst":
        zstandard = pytest.importorskip("zstandard")
        data = b"".join(zstandard.ZstdCompressor().compress(part) for part in (data[:40], data[40:]))
    path.write_bytes(data)
    return path


def content(path: Path) -> bytes:
    if path.suffix == ".gz":
        return gzip.decompress(path.read_bytes())
    if path.suffix == ".zst":
        import zstandard

        with path.open("rb") as file:
            return zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True).read()
    return path.read_bytes()


def parts(out: Path) -> list[Path]:
    return sorted(out.glob("part-*"))


def rows_of(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for path in parts(out) for line in content(path).splitlines()]


def slim(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


class TestRows:
    def test_encode_and_back(self) -> None:
        for dialect in slimgrammar.DIALECTS:
            options = Options(dialect=dialect)
            row = convert(options, GOOD)
            assert (row.status, row.text) == ("encoded", slimgrammar.encode(GOOD, dialect=dialect))
            back = convert(Options("decode"), row.text, made=row.columns(options, "slim_text"))
            assert (back.status, back.text) == ("decoded", slimgrammar.canonical_text(GOOD))

    def test_what_was_not_encoded_is_not_decoded(self) -> None:
        assert convert(Options("decode"), BAD, made={"slim_status": "syntax_error"}).status == "unchanged"
        row = convert(Options("decode"), GOOD, made={"slim_status": "encoded", "slim_profile": "prune;method=slim"})
        assert (row.status, row.text) == ("failed", GOOD)

    def test_what_another_grammar_spelled_is_not_guessed_at(self) -> None:
        other = {"slim_status": "encoded", "slim_version": "0.0.1+12345678", "slim_profile": "compact;"}
        row = convert(Options("decode"), "x=1", made=other)
        assert (row.status, row.text) == ("failed", "x=1")
        assert "version 0.0.1+12345678 spelled it" in str(row.error)
        assert convert(Options("decode", any_version=True), "x=1", made=other).status == "decoded"
        assert convert(Options("decode"), "x=1", made=other | {"slim_profile": "python;"}).status == "decoded"

    @pytest.mark.parametrize(
        ("text", "status"),
        [(None, "no_text"), (7, "no_text"), (BAD, "syntax_error"), ("x" * 101, "too_large"), ("\0", "syntax_error")],
    )
    def test_a_row_never_fails(self, text: object, status: str) -> None:
        row = convert(Options(max_characters=100), text)
        assert row.status == status
        assert row.failed
        assert row.error
        assert row.text == (text if isinstance(text, str) else None)

    def test_our_own_fault_is_a_failed_row(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("slimgrammar.compact.api.encode", lambda *_, **__: 1 / 0)
        row = convert(Options(), GOOD)
        assert (row.status, row.text) == ("failed", GOOD)
        assert "report it: ZeroDivisionError" in str(row.error)

    def test_prune_takes_languages_as_data_sets_write_them(self) -> None:
        pytest.importorskip("tree_sitter_cpp", reason="needs slimgrammar[prune]")
        options = Options("prune", max_tokens=3, vocab="o200k_base")
        for language in ("C++", "C#", "Python", "rs"):
            assert convert(options, "int main() { return 0; }", language=language).status == "pruned"
        assert convert(options, "int main() { return 0; }", language="COBOL").status == "skipped"
        assert convert(options, "x", language="Go").status == "unchanged"


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
@pytest.mark.parametrize("part_bytes", [1, 7, 100, 250, None])
def test_jsonl(tmp_path: Path, suffix: str, part_bytes: int | None) -> None:
    source = write(tmp_path / f"in.jsonl{suffix}", LINES)
    counts = process(source, tmp_path / "out", Job(language_column="lang", part_bytes=part_bytes))
    rows = rows_of(tmp_path / "out")
    assert [row["slim_status"] for row in rows] == STATUSES
    assert (counts.rows, counts.written, counts.statuses["encoded"]) == (7, 7, 2)
    assert rows[0]["slim_text"] == "if x:f(a b)"
    assert rows[1]["slim_error"] == "1:5: '(' was never closed"
    assert rows[3]["slim_text"] == "[1]"
    assert all(set(COLUMNS) < set(row) for row in rows)
    text = b"".join(map(content, parts(tmp_path / "out")))
    assert text.startswith(b'{"id": 1.10, "text": "if (x)'), "what a row holds stays spelled as it is"
    assert {path.name.removeprefix("part-00000") for path in parts(tmp_path / "out")[:1]} == {f".jsonl{suffix}"}


def test_encoded_and_decoded_data_have_the_programs(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", LINES)
    process(source, tmp_path / "out", Job(Options(dialect="symbols"), compress="gz", language_column="lang"))
    process(tmp_path / "out", tmp_path / "back", Job(Options("decode"), column="slim_text", into="text"))
    before = [json.loads(line.removeprefix(b"\xef\xbb\xbf")) for line in LINES if line.startswith((b"{", b"\xef"))]
    after = [row for row in rows_of(tmp_path / "back") if "id" in row]
    assert [row["id"] for row in after] == [row["id"] for row in before]
    for old, new in zip(before, after, strict=True):
        expected = slimgrammar.canonical_text(old["text"]) if new["slim_status"] == "decoded" else old["text"]
        assert new["text"] == expected


@pytest.mark.parametrize("on_error", ["drop", "fail"])
def test_on_error(tmp_path: Path, on_error: Any) -> None:
    source = write(tmp_path / "in.jsonl", LINES)
    job = Job(language_column="lang", on_error=on_error)
    if on_error == "fail":
        with pytest.raises(RowRefused, match=r"in.jsonl: byte 68: syntax_error: 1:5"):
            process(source, tmp_path / "out", job)
        assert not parts(tmp_path / "out")
    else:
        counts = process(source, tmp_path / "out", job)
        assert [row["slim_status"] for row in rows_of(tmp_path / "out")] == ["encoded", "skipped", "encoded"]
        assert (counts.rows, counts.written) == (7, 3)


def test_a_column_that_is_replaced_keeps_what_is_no_text(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", [b'{"text": "x = (1)"}', b'{"text": 7}', b'{"text": "x = ("}', b'{"a": 1}'])
    process(source, tmp_path / "out", Job(into="text"))
    assert [row["text"] for row in rows_of(tmp_path / "out")] == ["x=1", 7, "x = (", None]


def test_parquet(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="needs slimgrammar[datasets]")
    from pyarrow import parquet

    texts = [GOOD, BAD, None, *(f"x = [{number}, (y)]\n" for number in range(500))]
    table = pyarrow.table({"n": pyarrow.array(range(503), pyarrow.int16()), "text": texts, "extra": [[{"a": 1}]] * 503})
    parquet.write_table(
        table.replace_schema_metadata({"huggingface": "{}", "own": "1"}), tmp_path / "in.parquet", row_group_size=200
    )
    for part_bytes in (200, 3000, None):
        out = tmp_path / f"out{part_bytes}"
        process(tmp_path / "in.parquet", out, Job(part_bytes=part_bytes))
        made = [parquet.read_table(path) for path in parts(out)]
        assert len({str(part.schema) for part in made}) == 1, "one schema, whether a part has errors or not"
        assert b"huggingface" not in made[0].schema.metadata
        assert b"own" in made[0].schema.metadata
        whole = pyarrow.concat_tables(made)
        assert whole.select(table.column_names).cast(table.schema).equals(table)
        assert whole["slim_status"].to_pylist()[:4] == ["encoded", "syntax_error", "no_text", "encoded"]
        assert whole["slim_text"].to_pylist()[3:] == [slimgrammar.encode(text) for text in texts[3:] if text]
    process(tmp_path / "in.parquet", tmp_path / "dropped", Job(on_error="drop", into="text"))
    whole = pyarrow.concat_tables([parquet.read_table(path) for path in parts(tmp_path / "dropped")])
    assert whole["n"].to_pylist() == [0, *range(3, 503)]
    assert whole.column_names[:3] == ["n", "extra", "text"]


def test_parquet_refuses(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="needs slimgrammar[datasets]")
    from pyarrow import parquet

    (tmp_path / "bad.parquet").write_bytes(b"PAR1 no")
    parquet.write_table(pyarrow.table({"text": ["x"]}), tmp_path / "a.parquet")
    for name, column, message in (("bad", "text", "bad.parquet"), ("a", "content", "no column 'content'; there are 'text'")):
        with pytest.raises(DatasetProblem, match=message):
            process(tmp_path / f"{name}.parquet", tmp_path / "out", Job(column=column))
    parquet.write_table(pyarrow.table({"text": [1]}), tmp_path / "bad.parquet")
    with pytest.raises(DatasetProblem, match="the column 'text' holds int64, not text"):
        process(tmp_path / "bad.parquet", tmp_path / "out")
    (tmp_path / "bad.parquet").unlink()
    parquet.write_table(pyarrow.table({"text": ["x"], "more": [1]}), tmp_path / "b.parquet")
    with pytest.raises(DatasetProblem, match="its columns differ"):
        process(tmp_path, tmp_path.parent / "elsewhere", Job())


def test_a_folder_of_source(tmp_path: Path) -> None:
    files = {"b.py": b"x = 1\n", "a/latin.py": b"# coding: latin-1\nx = '\xe9'\n", "a/no.py": b"\xff"}
    files |= {".git/c.py": b"x", "n.txt": b""}  # not read
    for name, data in files.items():
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(data)
    process(tmp_path / "in", tmp_path / "out", Job(part_bytes=1))
    rows = rows_of(tmp_path / "out")
    assert [(row["path"], row["slim_status"]) for row in rows] == [
        ("a/latin.py", "encoded"),
        ("a/no.py", "unreadable"),
        ("b.py", "encoded"),
    ]
    assert rows[0]["text"] == "# coding: latin-1\nx = 'é'\n"
    assert len(parts(tmp_path / "out")) == 3


class TestRefusals:
    def test_other_options_or_inputs(self, tmp_path: Path) -> None:
        source = write(tmp_path / "in.jsonl", LINES)
        process(source, tmp_path / "out", Job())
        before = parts(tmp_path / "out")[0].read_bytes()
        with pytest.raises(DatasetProblem, match="dialect was 'compact', now 'symbols'"):
            process(source, tmp_path / "out", Job(Options(dialect="symbols")))
        with pytest.raises(DatasetProblem, match=r"version was .*, now '9'"):
            process(source, tmp_path / "out", Job(Options(version="9")))
        write(source, LINES[:1])
        with pytest.raises(DatasetProblem, match="the input has changed"):
            process(source, tmp_path / "out", Job())
        assert parts(tmp_path / "out")[0].read_bytes() == before
        (tmp_path / "out" / "mine.txt").write_text("", encoding="utf-8")
        assert process(source, tmp_path / "out", Job(), force=True).rows == 1
        assert (tmp_path / "out" / "mine.txt").exists()

    def test_folders_that_hold_something_else(self, tmp_path: Path) -> None:
        source = write(tmp_path / "in.jsonl", LINES)
        (tmp_path / "full").mkdir()
        (tmp_path / "full" / "a.txt").write_text("", encoding="utf-8")
        for out, message in ((tmp_path / "full", "not empty"), (source, "is a folder")):
            with pytest.raises(DatasetProblem, match=message):
                process(write(tmp_path / "other.jsonl", LINES), out, Job())
        with pytest.raises(DatasetProblem, match="inside the input"):
            process(tmp_path, tmp_path / "out", Job())

    def test_a_second_run_at_work(self, tmp_path: Path) -> None:
        source = write(tmp_path / "in.jsonl", LINES)
        out = tmp_path / "out"
        running = Run(source, out, Job(part_bytes=100)).parts()
        next(running)
        code = (
            "import sys; from pathlib import Path; from slimgrammar.pipeline.datasets import Job, process;"
            "process(Path(sys.argv[1]), Path(sys.argv[2]), Job(part_bytes=100))"
        )
        second = subprocess.run([sys.executable, "-c", code, source, out], capture_output=True, text=True, check=False)
        assert "another run is at work" in second.stderr
        list(running)

    @pytest.mark.parametrize(
        "options",
        [
            Options(dialect="no"),
            Options(vocab="no"),
            Options("prune", keep=2, vocab="cl100k_base"),
            Options("prune"),
            Options(comments="no"),
        ],
    )
    def test_senseless_options_before_any_row(self, tmp_path: Path, options: Options) -> None:
        with pytest.raises(SlimError):
            Run(write(tmp_path / "in.jsonl", LINES), tmp_path / "out", Job(options))
        assert not (tmp_path / "out").exists()

    @pytest.mark.parametrize(
        ("name", "data", "message"),
        [
            ("in.jsonl", b'{"content": 1}\n', "no column 'text' in the first row, which has 'content'"),
            ("in.jsonl", b"no json\n", "the first line is no row: not JSON"),
            ("in.jsonl.gz", b"no gzip", "in.jsonl.gz: Not a gzipped file"),
            ("in.jsonl.gz", gzip.compress(b'{"text": "x"}' * 9, mtime=0)[:-9], "in.jsonl.gz: "),
            ("in.jsonl.zst", b"no zstd", "in.jsonl.zst: "),
            ("in.csv", b"a,b", "expected a folder, or a file named"),
        ],
    )
    def test_broken_inputs(self, tmp_path: Path, name: str, data: bytes, message: str) -> None:
        if name.endswith("zst"):
            pytest.importorskip("zstandard")
        (tmp_path / name).write_bytes(data)
        result = slim("dataset", "encode", tmp_path / name, tmp_path / "out")
        assert result.exit_code == 2
        assert message in result.stderr
        assert not (tmp_path / "out").exists()

    def test_folders_of_nothing_and_of_both(self, tmp_path: Path) -> None:
        source = tmp_path / "in"
        source.mkdir()
        with pytest.raises(DatasetProblem, match="holds no JSONL"):
            process(source, tmp_path / "out")
        write(source / "a.jsonl", LINES)
        (source / "b.py").write_text("x = 1\n", encoding="utf-8")
        with pytest.raises(DatasetProblem, match="both jsonl and source files: say which with --read"):
            process(source, tmp_path / "out")
        assert process(source, tmp_path / "out", Job(read="source")).rows == 1


class TestCommand:
    def test_encode_resume_decode(self, tmp_path: Path) -> None:
        source = write(tmp_path / "in.jsonl", LINES)
        encode: list[str | Path] = [
            "dataset",
            "encode",
            source,
            tmp_path / "out",
            "--language-column",
            "lang",
            "--workers",
            "2",
        ]
        first = slim(*encode)
        assert first.exit_code == 0, first.stderr
        assert first.stdout.startswith("7 rows: 2 encoded, ")
        assert "4 rows failed: they keep their text" in first.stderr
        again = slim(*encode, "--json")
        assert "1 of 1 parts are done already" in again.stderr
        assert json.loads(again.stdout)["rows"] == 7
        assert slim("dataset", "decode", tmp_path / "out", tmp_path / "back", "--workers", "1").exit_code == 0
        assert rows_of(tmp_path / "back")[0]["text"] == "if x:\n    f(a, b)\n"

    def test_prune(self, tmp_path: Path) -> None:
        pytest.importorskip("tree_sitter_c", reason="needs slimgrammar[prune]")
        source = write(tmp_path / "in.jsonl", LINES)
        result = slim(
            "dataset", "prune", source, tmp_path / "out", "--max-tokens", "2", "--language-column", "lang", "--workers", "1"
        )
        assert result.exit_code == 0, result.stderr
        assert {row["slim_tokens_after"] for row in rows_of(tmp_path / "out") if row["slim_status"] == "pruned"} <= {1, 2}

    def test_a_row_that_ends_the_run(self, tmp_path: Path) -> None:
        source = write(tmp_path / "in.jsonl", LINES)
        result = slim("dataset", "encode", source, tmp_path / "out", "--on-error", "fail", "--workers", "1")
        assert result.exit_code == 1
        assert "in.jsonl: byte 68: syntax_error" in result.stderr


def test_no_extra_is_needed_for_plain_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pyarrow", "zstandard", "datasets", "numpy"):
        monkeypatch.setitem(sys.modules, name, None)
    from slimgrammar.pipeline.datasets import jsonl

    jsonl._zstandard.cache_clear()
    process(write(tmp_path / "in.jsonl.gz", LINES), tmp_path / "out", Job())
    shutil.copy(tmp_path / "in.jsonl.gz", tmp_path / "in.jsonl.zst")
    with pytest.raises(slimgrammar.MissingExtra, match=r"slimgrammar\[datasets\]"):
        process(tmp_path / "in.jsonl.zst", tmp_path / "no", Job())
