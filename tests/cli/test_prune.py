"""`slim prune` and `slim graph` as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from slimgrammar.vocab import count, load

from .conftest import PROGRAM, Slim, write_tree

pytest.importorskip("tree_sitter_java", reason="needs slimgrammar[prune]")
pytest.importorskip("numpy", reason="needs slimgrammar[prune]")

SAMPLES = Path(__file__).parents[1] / "prune" / "samples"


def test_a_file_to_standard_output(slim: Slim) -> None:
    sample = SAMPLES / "sample.java"
    result = slim("prune", sample, "--keep", "0.3")
    assert result.exit_code == 0
    vocab = load("o200k_base")
    assert 0 < count(vocab, result.stdout.rstrip("\n")) <= 0.3 * count(vocab, sample.read_text())


def test_standard_input_needs_a_language(slim: Slim) -> None:
    result = slim("prune", "-", "--keep", "0.5", stdin=b"int f() { return 1; }")
    assert result.exit_code == 2
    assert "give --language" in result.stderr
    assert slim("prune", "-", "-l", "c", "--keep", "0.5", stdin=b"int f() { return 1; }").stdout.startswith(("int f", "f"))


def test_a_folder_keeps_its_tree(slim: Slim, tmp_path: Path) -> None:
    files = {f"a/{path.name}": path.read_bytes() for path in SAMPLES.iterdir()}
    write_tree(tmp_path / "src", {**files, "notes.txt": b"no program"})
    result = slim("prune", tmp_path / "src", "-o", tmp_path / "out", "--max-tokens", "50")
    assert result.exit_code == 0
    written = sorted((tmp_path / "out" / "a").iterdir())
    assert [path.name for path in written] == sorted(path.name for path in SAMPLES.iterdir())
    vocab = load("o200k_base")
    assert all(count(vocab, path.read_text().rstrip("\n")) <= 50 for path in written)


def test_records(slim: Slim, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(PROGRAM, encoding="utf-8")
    (tmp_path / "b.rs").write_bytes(b"\xff")
    result = slim("prune", "a.py", "b.rs", "--keep", "0.5", "--json")
    assert result.exit_code == 2
    good, bad = map(json.loads, result.stdout.splitlines())
    assert bad["error"] == "byte 0 is not UTF-8"
    assert good["tokens"] <= good["tokens_before"] / 2
    for out, start, length in good["map"]:
        assert good["text"][out : out + length] == PROGRAM[start : start + length]
    assert {reason for *_, reason in good["dropped"]} >= {"layout"}


def test_explain_and_html(slim: Slim, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(PROGRAM, encoding="utf-8")
    shown = slim("prune", "a.py", "--keep", "0.4", "--explain").stdout
    assert "[-" in shown
    assert "tokens (o200k_base) kept" in shown
    assert slim("prune", "a.py", "--keep", "0.4", "--html", "-o", "a.html").exit_code == 0
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert '<del title="punctuation">' in page


def test_pins_query_and_whole_statements(slim: Slim, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(PROGRAM, encoding="utf-8")
    pinned = slim("prune", "a.py", "--keep", "0.7", "--pin", "C", "--valid").stdout
    assert 'return self.y[x:2] if x else [self.z(1, "é")]' in pinned
    compile(pinned, "a.py", "exec")
    assert "sum" in slim("prune", "a.py", "--max-tokens", "4", "--query", "the sum").stdout.lower()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--keep", "2"], "keep is a share"),
        ([], "no natural size"),
        (["--keep", "0.5", "--method", "magic"], "unknown method 'magic'"),
        (["--keep", "0.5", "--language", "cobol"], "unknown language 'cobol'"),
        (["--keep", "0.5", "--vocab", "none"], "unknown vocabulary 'none'"),
        (["--method", "slice"], "needs a criterion"),
        (["--max-tokens", "3", "--pin", "add"], "pinned parts alone"),
    ],
)
def test_bad_requests(slim: Slim, tmp_path: Path, arguments: list[str], message: str) -> None:
    (tmp_path / "a.py").write_text(PROGRAM, encoding="utf-8")
    result = slim("prune", "a.py", *arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_unknown_suffix(slim: Slim, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    assert "no known language has files named *.txt" in slim("prune", "a.txt", "--keep", "0.5").stderr


@pytest.mark.parametrize("kind", ["cfg", "pdg", "ast"])
@pytest.mark.parametrize(("form", "begins"), [("dot", "digraph"), ("json", "{"), ("svg", "<svg")])
def test_graphs(slim: Slim, tmp_path: Path, kind: str, form: str, begins: str) -> None:
    result = slim("graph", SAMPLES / "sample.java", "--kind", kind, "--format", form, "-o", "graph")
    assert result.exit_code == 0
    text = (tmp_path / "graph").read_text(encoding="utf-8")
    assert text.startswith(begins)
    if form == "json":
        assert len(json.loads(text)["nodes"]) > 20


def test_a_graph_of_one_function(slim: Slim) -> None:
    nodes = json.loads(slim("graph", SAMPLES / "sample.go", "--function", "Total", "-f", "json").stdout)["nodes"]
    assert {node["function"] for node in nodes} == {"Total"}
    missing = slim("graph", SAMPLES / "sample.go", "--function", "nothing")
    assert missing.exit_code == 2
    assert "has no function 'nothing'" in missing.stderr
