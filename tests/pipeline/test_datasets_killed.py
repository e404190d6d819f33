"""Runs that are killed at any moment and started again, and rows that kill their process: the same files come out."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

import pytest
from kills import everything, survive

import slimgrammar
from slimgrammar.pipeline.datasets import DatasetProblem, Job, Options, process, rows

from .test_datasets import parts, rows_of

HOME = Path(slimgrammar.__file__).parents[1]
KILLS = int(os.environ.get("SLIM_KILLS", "5"))  # of each of four kinds of run: twenty
PROGRAM = (HOME / "slimgrammar" / "errors.py").read_text(encoding="utf-8")


def write_rows(path: Path, count: int) -> Path:
    texts = (PROGRAM.replace("line", f"line{number}") if number % 10 else "x = (" for number in range(count))
    path.write_text(
        "".join(json.dumps({"id": number, "text": text}) + "\n" for number, text in enumerate(texts)), encoding="utf-8"
    )
    return path


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs process groups")
@pytest.mark.parametrize(
    ("operation", "suffix"),
    [("encode", "jsonl"), ("encode", "jsonl.gz"), ("encode", "parquet"), ("curate", "jsonl")],
)
def test_killed_at_random_moments(tmp_path: Path, operation: str, suffix: str) -> None:
    source = write_rows(tmp_path / "in.jsonl", 120)
    if suffix == "jsonl.gz":
        import gzip

        (tmp_path / "in.jsonl.gz").write_bytes(gzip.compress(source.read_bytes()))
    elif suffix == "parquet":
        pytest.importorskip("pyarrow")
        import pyarrow.json
        import pyarrow.parquet

        pyarrow.parquet.write_table(pyarrow.json.read_json(source), tmp_path / "in.parquet", row_group_size=45)
    options = ["--part-mb", "0.025"]
    if operation == "curate":
        pytest.importorskip("datasketch")
        options += ["--near", "0", "--share", "0.5", "--order", "simple-first", "--dropped", str(tmp_path / "dropped.jsonl")]
    outcome = survive([operation, *options], tmp_path / f"in.{suffix}", tmp_path, kills=KILLS, seed=suffix)
    assert outcome.kills == KILLS
    assert outcome.identical
    if operation == "encode" and suffix != "parquet":
        assert [row["id"] for row in rows_of(tmp_path / "whole")] == list(range(120))


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux only, with the patch in them")
def test_rows_that_kill_their_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows crash: they alone are lost, and stay lost when the run is repeated elsewhere."""
    from typer.testing import CliRunner

    from slimgrammar.cli.main import app

    encoded = rows._CONVERSIONS["encode"]

    def crash(options: Options, text: str, language: str) -> str:
        if "line13 " in text or "line77 " in text:
            os.kill(os.getpid(), signal.SIGKILL)
        return encoded(options, text, language)

    monkeypatch.setitem(rows._CONVERSIONS, "encode", crash)
    source = write_rows(tmp_path / "in.jsonl", 120)
    arguments = ["dataset", "encode", str(source), str(tmp_path / "out"), "--part-mb", "0.05", "--workers", "2"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.stderr
    made = rows_of(tmp_path / "out")
    assert [row["id"] for row in made] == list(range(120))
    died = [row for row in made if row["slim_status"] == "died"]
    assert [row["id"] for row in died] == [13, 77]
    assert all(row["slim_text"] == row["text"] for row in died)


def test_a_damaged_note_is_an_error(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "in.jsonl", 3)
    process(source, tmp_path / "out", Job())
    (tmp_path / "out" / ".slim" / "manifest.json").write_bytes(b"{")
    with pytest.raises(DatasetProblem, match=r"manifest.json: "):
        process(source, tmp_path / "out", Job())


def test_a_part_that_was_removed_is_made_again(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "in.jsonl", 30)
    job = Job(part_bytes=20_000)
    process(source, tmp_path / "out", job)
    before = everything(tmp_path / "out")
    parts(tmp_path / "out")[1].unlink()
    assert process(source, tmp_path / "out", job).rows == 30
    assert everything(tmp_path / "out") == before
