"""`slim report`: tables, JSON, a page, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import NOT_PYTHON, PROGRAM, Slim, write_tree

FEW = ("--method", "slim", "--workers", "1")


def test_json(slim: Slim, tree: Path) -> None:
    done = slim("report", tree, "--json", "--calls", "1000", "--region", "FRA", *FEW)
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    forms = {form["name"]: form for form in found["forms"]}
    assert found["files"] == 4
    assert found["failed"] == found["not_python"] == 0
    assert forms["symbols"]["tokens"] < forms["compact"]["tokens"] < forms["python"]["tokens"] < forms["original"]["tokens"]
    assert "written" not in forms["slim, half kept"]
    assert found["dimensions"]["energy"]["read"]["basis"] == "assumed"
    assert forms["original"]["read"]["money"] == pytest.approx([forms["original"]["tokens"] * 1000 * 0.03e-6] * 2)


def test_tables_fit_a_terminal(slim: Slim, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = slim("report", tree, *FEW).stdout
    assert "…" not in shown
    assert "our prefill estimate" in shown.replace("\n", " ")
    monkeypatch.setenv("COLUMNS", "160")
    assert slim("report", tree, *FEW).stdout.count("original  ") < shown.count("original  ")


def test_page(slim: Slim, tree: Path) -> None:
    assert slim("report", tree, "--html", "out.html", *FEW).exit_code == 0
    page = Path("out.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")  # nothing to load
    assert '"deep/latin.py"' in page


def test_no_pruning(slim: Slim, tree: Path) -> None:
    found = json.loads(slim("report", tree, "--json", "--method", "none", "--workers", "1").stdout)
    assert [form["kind"] for form in found["forms"]].count("pruned") == 0


def test_prices_and_models_of_ones_own(slim: Slim, tree: Path) -> None:
    Path("models.toml").write_text(
        '[mine]\nvocab = "qwen3"\ntotal = 1.5\nlayers = 28\nheads = 12\nkv_heads = 2\nhead_size = 128\n'
        'context = 64\nsource = "me"\n',
        encoding="utf-8",
    )
    Path("prices.toml").write_text("[mine]\ninput = 1e6\noutput = 2e6\n", encoding="utf-8")
    options = ("--model", "mine", "--models", "models.toml", "--prices", "prices.toml", "--json", *FEW)
    found = json.loads(slim("report", tree, *options).stdout)
    original = found["forms"][0]
    assert original["read"]["money"] == [original["tokens"]] * 2
    assert original["written"]["money"] == [2 * original["tokens"]] * 2


def test_what_is_no_python_is_counted_and_left_out(slim: Slim, tmp_path: Path) -> None:
    folder = write_tree(tmp_path / "mixed", {**NOT_PYTHON, "good.py": PROGRAM.encode()})
    done = slim("report", folder, "--json", *FEW)
    assert (done.exit_code, json.loads(done.stdout)["not_python"]) == (0, len(NOT_PYTHON))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--model", "gpt-99"], "unknown model 'gpt-99'"),
        (["--region", "Atlantis"], "unknown region 'Atlantis'"),
        (["--vocab", "nothing"], "unknown vocabulary 'nothing'"),
        (["--method", "best"], "unknown method 'best'"),
        (["--keep", "2"], "above 0 and up to 1"),
        (["--prices", "missing.toml"], "missing.toml: No such file"),
        (["--calls", "0"], "--calls"),
        (["missing"], "missing: No such file"),
    ],
)
def test_refusals(options: list[str], message: str, slim: Slim, tree: Path) -> None:
    done = slim("report", tree, *options)
    assert done.exit_code == 2
    assert message in done.stderr


def test_nothing_to_count(slim: Slim, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert slim("report", "empty", "--html", "out.html").exit_code == 0
    assert slim("report", "empty", "--json").exit_code == 0


def test_measuring_says_by_what(slim: Slim, tree: Path) -> None:
    found = json.loads(slim("report", tree, "--measure", "--json", *FEW).stdout)["measured"]
    assert found["energy"] > 0
    assert found["basis"] in ("measured", "computed")
    assert "codecarbon" in found["source"]
