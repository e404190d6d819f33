"""The adapters for other engines give the rows that the core function gives."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import slimgrammar
from slimgrammar.pipeline.datasets import COLUMNS, Job, Options, RowRefused, convert, process
from slimgrammar.pipeline.datasets.batches import MapRows
from slimgrammar.pipeline.datasets.huggingface import map_dataset

TEXTS = ["if (x):\n    f(a, b)\n", "x = (", "y = 1", "int f();"]
LANGUAGES = ["Python", "python", "py", "C"]


def expected(options: Options) -> list[dict[str, Any]]:
    pairs = zip(TEXTS, LANGUAGES, strict=True)
    return [convert(options, text, language=language).columns(options, "slim_text") for text, language in pairs]


class TestHuggingFace:
    @pytest.fixture
    def datasets(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
        monkeypatch.setenv("HF_HOME", str(tmp_path))
        return pytest.importorskip("datasets", reason="needs slimgrammar[datasets]")

    def test_the_same_rows(self, datasets: Any) -> None:
        data = datasets.Dataset.from_dict({"text": TEXTS, "lang": LANGUAGES})
        mapped = map_dataset(data, MapRows(language_column="lang"), batch_size=2)
        assert [{name: row[name] for name in ("slim_text", *COLUMNS)} for row in mapped] == expected(Options())
        streamed = map_dataset(data.to_iterable_dataset(), MapRows(language_column="lang"))
        assert list(streamed) == list(mapped)
        both = map_dataset(datasets.DatasetDict(train=data, test=data), MapRows(language_column="lang"))
        assert list(both["test"]) == list(mapped)

    def test_types_do_not_depend_on_the_rows(self, datasets: Any) -> None:
        clean, broken = (datasets.Dataset.from_dict({"text": [text]}) for text in (TEXTS[0], TEXTS[1]))
        assert map_dataset(clean).features == map_dataset(broken).features
        joined = datasets.concatenate_datasets([map_dataset(clean), map_dataset(broken)])
        assert joined["slim_error"][:] == ["", "1:5: '(' was never closed"]

    def test_encoded_and_back(self, datasets: Any) -> None:
        data = map_dataset(datasets.Dataset.from_dict({"text": TEXTS[:3]}), MapRows(Options(dialect="symbols")))
        back = map_dataset(data, MapRows(Options("decode"), column="slim_text", into="text"))
        assert back["text"][:] == ["if x:\n    f(a, b)\n", "x = (", "y = 1\n"]

    def test_fingerprints(self, datasets: Any) -> None:
        from datasets.fingerprint import Hasher

        rows = MapRows()
        assert Hasher.hash(rows) == Hasher.hash(MapRows()) == Hasher.hash(pickle.loads(pickle.dumps(rows)))
        others = [MapRows(Options(version="9")), MapRows(Options(dialect="python")), MapRows(column="content")]
        assert len({Hasher.hash(other) for other in (rows, *others)}) == 4
        data = datasets.Dataset.from_dict({"text": TEXTS})
        assert map_dataset(data)._fingerprint == map_dataset(data)._fingerprint
        assert map_dataset(data)._fingerprint != map_dataset(data, others[0])._fingerprint

    def test_processes(self, monkeypatch: pytest.MonkeyPatch, datasets: Any, tmp_path: Path) -> None:
        monkeypatch.setattr(os, "environ", os.environ)  # `map` leaves a copy in its place, which others would not see
        # From a file, as real data sets are; two processes must be able to unpickle the function.
        path = tmp_path / "in.jsonl"
        path.write_text("".join(json.dumps({"text": text}) + "\n" for text in TEXTS * 3), encoding="utf-8")
        data = datasets.load_dataset("json", data_files=str(path), split="train", cache_dir=str(tmp_path / "cache"))
        assert list(map_dataset(data, num_proc=2)) == list(map_dataset(data))

    @pytest.mark.parametrize("kind", ["jsonl", "jsonl.gz", "parquet"])
    def test_what_the_runner_wrote_loads(self, datasets: Any, tmp_path: Path, kind: str) -> None:
        # The loader guesses a column's type from the first 10 MB, here without any error, and must not read our notes.
        texts = [f"x = (1)  # {'so ' * 1000}"] * 2000 + ["x = ("]
        data = datasets.Dataset.from_dict({"text": texts, "number": range(len(texts))})
        source = tmp_path / f"in.{kind}"
        data.to_parquet(source) if kind == "parquet" else data.to_json(source)
        process(source, tmp_path / "out", Job(Options(verify=False)))
        loaded = datasets.load_dataset(str(tmp_path / "out"), split="train", cache_dir=str(tmp_path / "cache"))
        assert loaded["number"][:] == list(range(len(texts)))
        assert loaded["slim_error"][-2:] == ["", "1:5: '(' was never closed"]


class TestDatatrove:
    @pytest.fixture
    def block(self) -> Any:
        pytest.importorskip("datatrove", reason="needs slimgrammar[datatrove]")
        from slimgrammar.pipeline.datasets.datatrove import SlimRows

        return SlimRows

    def documents(self) -> list[Any]:
        from datatrove.data import Document

        pairs = zip(TEXTS, LANGUAGES, strict=True)
        return [Document(text, str(number), metadata={"lang": language}) for number, (text, language) in enumerate(pairs)]

    def test_the_same_rows(self, block: Any) -> None:
        done = list(block(Options(), language_key="lang").run(self.documents()))
        rows = [{"slim_text": document.text, **{name: document.metadata[name] for name in COLUMNS}} for document in done]
        assert rows == expected(Options())

    def test_on_error(self, block: Any) -> None:
        assert [document.id for document in block(on_error="drop").run(self.documents()[:3])] == ["0", "2"]
        with pytest.raises(RowRefused, match=r"1: syntax_error: 1:5"):
            list(block(on_error="fail").run(self.documents()))

    def test_a_whole_pipeline(self, block: Any, tmp_path: Path) -> None:
        from datatrove.executor import LocalPipelineExecutor
        from datatrove.pipeline.readers import JsonlReader
        from datatrove.pipeline.writers import JsonlWriter

        (tmp_path / "in").mkdir()
        lines = [json.dumps({"text": text, "id": str(number), "lang": LANGUAGES[number]}) for number, text in enumerate(TEXTS)]
        (tmp_path / "in" / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
        steps = [
            JsonlReader(str(tmp_path / "in"), doc_progress=False),
            block(replace(Options(), dialect="python"), language_key="lang"),
            JsonlWriter(str(tmp_path / "out"), compression=None),
        ]
        LocalPipelineExecutor(steps, tasks=1, logging_dir=str(tmp_path / "logs")).run()
        written = [json.loads(line) for path in (tmp_path / "out").glob("*") for line in path.read_text().splitlines()]
        assert [row["text"] for row in written] == [row["slim_text"] for row in expected(Options(dialect="python"))]


def examples(heading: str) -> list[str]:
    """The Python blocks of a section of the docs."""
    text = (Path(__file__).parents[2] / "docs" / "datasets.md").read_text(encoding="utf-8")
    section = text.partition(f"\n{heading}\n")[2].partition("\n##")[0]
    return [block.partition("```")[0] for block in section.split("```python\n")[1:]]


@pytest.mark.parametrize(
    "heading", ["## From Python", "## Curate: which rows are worth learning from", "### Hugging Face datasets", "### datatrove"]
)
def test_examples_of_the_docs(heading: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    pytest.importorskip("datasets", reason="needs slimgrammar[datasets]")
    pytest.importorskip("datatrove", reason="needs slimgrammar[datatrove]")
    pytest.importorskip("datasketch", reason="needs slimgrammar[curate]")
    (block,) = examples(heading)
    exec(block, {})


class Cluster:
    """A job in a process of its own, since a cluster leaves threads behind, and other tests fork: sixty rows on an engine."""

    def __init__(self, folder: Path, engine: str, heading: str) -> None:
        """Start the job, which runs the docs' example first."""
        self.folder = folder
        (folder / "example.py").write_text("".join(examples(heading)), encoding="utf-8")
        numbered = zip(range(60), TEXTS * 15, LANGUAGES * 15, strict=True)
        rows = [
            {"id": number, "text": f"{text}#{number}" if number % 5 else None, "lang": lang} for number, text, lang in numbered
        ]
        (folder / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        home = str(Path(slimgrammar.__file__).parents[1])
        paths = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
        script = Path(__file__).parent / "engines" / f"{engine}_job.py"
        command: list[str | Path] = [sys.executable, script, folder / "example.py", folder / "in.jsonl", folder / "out.json"]
        with (folder / "errors").open("wb") as errors:
            self.job = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": paths}, stdout=errors, stderr=errors)

    def made(self) -> Any:
        """What the job made."""
        status = self.job.wait(timeout=300)
        assert status == 0, (self.folder / "errors").read_text(encoding="utf-8")[-4000:]
        return json.loads((self.folder / "out.json").read_text(encoding="utf-8"))

    def runner_rows(self) -> list[dict[str, Any]]:
        """The rows of the runner."""
        process(self.folder / "in.jsonl", self.folder / "out", Job(language_column="lang"))
        return [json.loads(line) for path in (self.folder / "out").glob("part-*") for line in path.read_bytes().splitlines()]


HEADINGS = {"ray": "### Ray Data, on more than one machine", "spark": "### Spark"}


@pytest.fixture(scope="module", autouse=True)
def clusters(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Cluster]]:
    """The jobs of the tests that were chosen, at work while the other tests here run: most of their time they wait."""
    chosen = {item.name.removeprefix("test_on_") for item in request.session.items}
    installed = {"ray": find_spec("ray"), "spark": find_spec("pyspark") and shutil.which("java")}
    wanted = [engine for engine, there in installed.items() if there and engine in chosen]
    started = {engine: Cluster(tmp_path_factory.mktemp(engine), engine, HEADINGS[engine]) for engine in wanted}
    yield started
    for cluster in started.values():
        cluster.job.kill()
        cluster.job.wait()


def test_on_ray(clusters: dict[str, Cluster]) -> None:
    """One of its workers is killed at work."""
    if "ray" not in clusters:
        pytest.skip("needs slimgrammar[ray]")
    made = clusters["ray"].made()
    assert (clusters["ray"].folder / "out.killed").exists()
    assert len({row.pop("process") for row in made}) >= 2
    assert sorted(made, key=lambda row: row["id"]) == clusters["ray"].runner_rows()


def test_on_spark(clusters: dict[str, Cluster]) -> None:
    if "spark" not in clusters:
        pytest.skip("needs slimgrammar[spark], and Java")
    made = clusters["spark"].made()
    assert sorted(made["rows"], key=lambda row: row["id"]) == clusters["spark"].runner_rows()
    for row in made["back"]:
        encoded = row["id"] % 5 and row["id"] % 4 in (0, 2)
        assert row["back"] == (slimgrammar.canonical_text(row["text"]) if encoded else row["text"])
