"""Curated data sets, from beginning to end: what stays, in each format and order; runs that were killed; refusals."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("datasketch", reason="needs slimgrammar[curate]")

from kills import everything

from slimgrammar.pipeline.curate import BadCuration, Choice, Curation, curate, measuring, write_dropped
from slimgrammar.pipeline.datasets import DatasetProblem

from .test_datasets import parts, rows_of, slim

HOME = Path(__file__).parents[2] / "src" / "slimgrammar"
EASY = "NUMBERS = [1, 2, 3]\nTEXT = 'a few words'\n"
HARD = (HOME / "compact" / "api.py").read_text(encoding="utf-8")
MIDDLE = (HOME / "errors.py").read_text(encoding="utf-8")
ROWS: list[dict[str, Any]] = [
    {"id": 0, "text": HARD, "lang": "Python"},
    {"id": 1, "text": "x = (", "lang": "Python"},
    {"id": 2, "text": MIDDLE, "lang": "py"},
    {"id": 3, "text": HARD, "lang": "Python"},
    {"id": 4, "text": "# once more\n" + MIDDLE, "lang": "Python"},
    {"id": 5, "text": None, "lang": None},
    {"id": 6, "text": "# auto-generated\n" + EASY, "lang": "Python"},
    {"id": 7, "text": EASY, "lang": None},
    {"id": 8, "text": "int add(int a, int b) { return a + b; }", "lang": "C"},
]
REASONS = {1: "syntax", 3: "exact_duplicate", 4: "near_duplicate", 5: "no_text", 6: "generated"}


def write(folder: Path, suffix: str, rows: list[dict[str, Any]] = ROWS) -> Path:
    """The rows as a data set; as a folder of source, those with a text."""
    path = folder / f"in.{suffix}"
    if suffix == "parquet":
        import pyarrow
        import pyarrow.parquet

        table = pyarrow.Table.from_pylist(rows)
        dictionary = table["lang"].dictionary_encode()
        pyarrow.parquet.write_table(table.set_column(2, "lang", dictionary), path, row_group_size=3)
    elif suffix == "source":
        for row in rows:
            if row["text"] is not None:
                name = path / f"{row['id']}.{'c' if row['lang'] == 'C' else 'py'}"
                name.parent.mkdir(exist_ok=True)
                name.write_text(row["text"], encoding="utf-8")
    else:
        data = "".join(json.dumps(row, indent=None) + "\n" for row in rows).encode()
        path.write_bytes(gzip.compress(data) if suffix.endswith("gz") else data)
    return path


def ids(out: Path) -> list[int]:
    if parts(out)[0].suffix == ".parquet":
        import pyarrow.parquet

        return [number for path in parts(out) for number in pyarrow.parquet.read_table(path)["id"].to_pylist()]
    return [row["id"] if "id" in row else int(row["path"].partition(".")[0]) for row in rows_of(out)]


@pytest.mark.parametrize("part_bytes", [6000, None])
@pytest.mark.parametrize("suffix", ["jsonl", "jsonl.gz", "parquet", "source"])
def test_what_stays(tmp_path: Path, suffix: str, part_bytes: int | None) -> None:
    source = write(tmp_path, suffix)
    places: dict[str, Any] = {"part_bytes": part_bytes, "language_column": None if suffix == "source" else "lang"}
    report = curate(source, tmp_path / "out", Curation(tell_dropped=True, **places))
    assert ids(tmp_path / "out") == [0, 2, 7, 8]
    assert (report["rows"], report["written"]) == (len(ROWS) - (suffix == "source"), 4)
    dropped = {one["name"]: one["rows"] for one in report["filters"] if one["rows"]}
    assert dropped == {reason: 1 for reason in REASONS.values() if suffix != "source" or reason != "no_text"}
    assert report["tokens_before"] - report["tokens_after"] == sum(one["tokens"] for one in report["filters"])
    curate(source, tmp_path / "simple", Curation(Choice(order="simple-first"), tell_dropped=True, **places))
    assert ids(tmp_path / "simple") == [7, 8, 2, 0]
    for out in ("out", "simple"):
        write_dropped(tmp_path / out, tmp_path / "dropped.jsonl")
        told = [json.loads(line) for line in (tmp_path / "dropped.jsonl").read_bytes().splitlines()]
        assert [row["slim_reason"] for row in told] == [reason for reason in REASONS.values() if reason in dropped]
        assert told[0]["text"] == "x = ("
        assert told[1]["slim_detail"] == "of row 0"


def test_rows_pass_byte_by_byte(tmp_path: Path) -> None:
    lines = [b'{"n": 1.10,  "text": "x = \\u0031"}', b'{"text":"y = [2]" , "n":12345678901234567890123}']
    (tmp_path / "in.jsonl").write_bytes(b"\n".join(lines))
    curate(tmp_path / "in.jsonl", tmp_path / "out", Curation(Choice(filters="")))
    assert parts(tmp_path / "out")[0].read_bytes().split(b"\n") == [*lines, b""]


def test_parquet_keeps_its_columns(tmp_path: Path) -> None:
    import pyarrow.parquet

    source = write(tmp_path, "parquet")
    before = pyarrow.parquet.read_table(source)
    for order in ("input", "simple-first"):
        choice = Choice(order=order)
        curate(source, tmp_path / order, Curation(choice, language_column="lang", part_bytes=200))
        made = pyarrow.concat_tables([pyarrow.parquet.read_table(path) for path in parts(tmp_path / order)])
        assert made.schema.equals(before.schema)
        assert made.sort_by("id").to_pylist() == [ROWS[number] for number in (0, 2, 7, 8)]
    curate(write(tmp_path, "parquet", ROWS[1:2] * 3), tmp_path / "none", Curation(Choice(order="simple-first")))
    assert pyarrow.parquet.read_table(parts(tmp_path / "none")[0]).column_names == ["id", "text", "lang"]


def test_a_share_of_the_tokens(tmp_path: Path) -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(HOME.rglob("*.py"))[:30]]
    source = write(tmp_path, "jsonl", [{"id": number, "text": text} for number, text in enumerate(texts)])
    report = curate(source, tmp_path / "out", Curation(Choice(share=0.4)))
    left_out = report["filters"][-1]
    assert left_out["name"] == "left_out"
    assert 0.3 < report["tokens_after"] / (report["tokens_after"] + left_out["tokens"]) <= 0.4
    assert ids(tmp_path / "out") == sorted(ids(tmp_path / "out"))


def test_a_share_that_no_row_fits_into(tmp_path: Path) -> None:
    for order in ("input", "simple-first"):
        choice = Choice(share=0.0001, order=order)
        report = curate(write(tmp_path, "jsonl"), tmp_path / order, Curation(choice))
        assert (report["written"], ids(tmp_path / order)) == (0, [])


@pytest.mark.parametrize("order", ["input", "simple-first"])
@pytest.mark.parametrize("suffix", ["jsonl", "parquet"])
def test_cut_off_again_and_again_it_comes_to_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str, order: Any
) -> None:
    """A run that is cut off behind one of its files, and goes on: output and notes are those of a whole run."""
    source = write(tmp_path, suffix)
    job = Curation(Choice(order=order, share=0.9), tell_dropped=True, language_column="lang", part_bytes=9000)
    curate(source, tmp_path / "whole", job)
    expected = everything(tmp_path / "whole")
    replace = Path.replace
    left = 0

    class Killed(BaseException):
        pass

    def until(self: Path, target: Path) -> Path:
        nonlocal left
        done = replace(self, target)
        left -= 1
        if left == 0:
            raise Killed
        return done

    monkeypatch.setattr(Path, "replace", until)
    cuts = 0
    while True:
        left = 1 + cuts % 7  # a unit's measures are five files: with fewer it would never get on
        try:
            curate(source, tmp_path / "cut", job)
        except Killed:
            cuts += 1
            continue
        break
    assert cuts > 10
    assert everything(tmp_path / "cut") == expected
    left = -1
    parts(tmp_path / "cut")[0].unlink()
    curate(source, tmp_path / "cut", job)
    assert everything(tmp_path / "cut") == expected, "a part that was removed is made again"


class TestRefusals:
    def test_other_options(self, tmp_path: Path) -> None:
        source = write(tmp_path, "jsonl")
        curate(source, tmp_path / "out", Curation())
        with pytest.raises(DatasetProblem, match=r"near was 0.7, now 0.8"):
            curate(source, tmp_path / "out", Curation(Choice(near=0.8)))
        with pytest.raises(DatasetProblem, match=r"filters was '\w+', now '\w+'"):
            curate(source, tmp_path / "out", Curation(Choice(filters="")))
        assert curate(source, tmp_path / "out", Curation(Choice(filters="")), force=True)["written"] == 4

    @pytest.mark.parametrize(
        "choice", [Choice(near=1.0), Choice(near=-1), Choice(share=0), Choice(share=1.1), Choice(filters="[")]
    )
    def test_senseless_options_before_any_row(self, tmp_path: Path, choice: Choice) -> None:
        with pytest.raises(BadCuration):
            curate(write(tmp_path, "jsonl"), tmp_path / "out", Curation(choice))
        assert not (tmp_path / "out").exists()


class TestCommand:
    def test_two_processes(self, tmp_path: Path) -> None:
        source = write(tmp_path, "jsonl")
        arguments: list[str | Path] = ["dataset", "curate", source, tmp_path / "out", "--language-column", "lang"]
        arguments += ["--workers", "2", "--part-mb", "0.003", "--order", "simple-first"]
        arguments += ["--dropped", tmp_path / "dropped.jsonl"]
        result = slim(*arguments)
        assert result.exit_code == 0, result.stderr
        assert "near_duplicate" in result.stdout
        assert ids(tmp_path / "out") == [7, 8, 2, 0]
        assert len((tmp_path / "dropped.jsonl").read_bytes().splitlines()) == 5
        again = slim(*arguments, "--json")
        assert json.loads(again.stdout)["written"] == 4

    def test_filters_of_ones_own(self, tmp_path: Path) -> None:
        (tmp_path / "filters.toml").write_text(
            '[[filter]]\nname = "short"\nmeasure = "characters"\nbelow = 100\nsource = "ours"\n', encoding="utf-8"
        )
        arguments: list[str | Path] = ["dataset", "curate", write(tmp_path, "jsonl"), tmp_path / "out", "--workers", "1"]
        result = slim(*arguments, "--filters", tmp_path / "filters.toml", "--near", "0", "--no-exact", "--no-syntax", "--json")
        assert result.exit_code == 0, result.stderr
        assert ids(tmp_path / "out") == [0, 2, 3, 4]
        (tmp_path / "filters.toml").write_text("[[", encoding="utf-8")
        result = slim(*arguments, "--filters", tmp_path / "filters.toml", "--force")
        assert (result.exit_code, "filters: " in result.stderr) == (2, True)

    def test_a_row_that_kills_its_process(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        import os
        import signal
        import sys

        if sys.platform != "linux":
            pytest.skip("workers are forked on Linux only, with the patch in them")
        judged = measuring._judged

        def crash(choice: Choice, text: str, language: object) -> Any:
            if text == EASY:
                os.kill(os.getpid(), signal.SIGKILL)
            return judged(choice, text, language)

        monkeypatch.setattr(measuring, "_judged", crash)
        arguments: list[str | Path] = ["dataset", "curate", write(tmp_path, "jsonl"), tmp_path / "out", "--workers", "2"]
        result = slim(*arguments, "--language-column", "lang", "--json")
        assert result.exit_code == 0, result.stderr
        assert {one["name"]: one["rows"] for one in json.loads(result.stdout)["filters"]}["died"] == 1
        assert ids(tmp_path / "out") == [0, 2, 8]
