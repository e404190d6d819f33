"""Small models and what is measured on them, as a user runs it, smaller still."""

from __future__ import annotations

import json
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

import demo_generation
import pytest
import torch
import train_lm
from small_model import Corpus, Settings, Workshop, flops, new_model, parameters, programs, stream, train
from spellings import AS_WRITTEN, SPELLINGS

import slimgrammar as slim

TINY = Settings(vocabulary=410, width=16, layers=1, heads=2, context=32, batch=2, tokens=640)


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """Functions that differ in names and constants."""
    train = [f"def f{n}(self, a):\n    # {n}\n    if a is not None:\n        return self.b{n}, a\n" for n in range(80)]
    return Corpus(train, ["def g(self):\n    return self.x\n", "class C:\n    y = [1, 2]\n"])


@pytest.fixture(scope="module")
def workshop(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(corpus, TINY, tmp_path_factory.mktemp("models"))


def test_programs_are_whole_definitions_as_written(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text(
        "import os\n\n@wraps(f)\n# why\ndef f():\n    return 1  # one\n\n\nclass Long:\n    x = '" + "x" * 2000 + "'\n"
    )
    (tmp_path / "b.py").write_text("print 'old'\n")
    assert list(programs([path, tmp_path / "b.py"])) == ["@wraps(f)\n# why\ndef f():\n    return 1  # one\n"]


@pytest.mark.parametrize("name", list(SPELLINGS))
def test_spellings_are_read_back(workshop: Workshop, corpus: Corpus, name: str) -> None:
    spelling = workshop.spelling(name)
    tokenizer = workshop.tokenizer(spelling)
    assert len(tokenizer) <= TINY.vocabulary
    for source in corpus.held_out:
        text = spelling.write(source, "code")
        assert spelling.is_program(text)
        assert tokenizer.decode(tokenizer.encode(text)) == text
    assert not spelling.is_program("def f(:\n")


def test_a_symbol_is_a_token(workshop: Workshop) -> None:
    spelling = SPELLINGS["symbols"]
    tokenizer = workshop.tokenizer(spelling)
    assert all(len(tokenizer.encode(symbol)) == 1 for symbol in spelling.symbols)


def test_what_the_author_wrote_has_its_comments() -> None:
    with pytest.raises(ValueError, match="comments and docstrings"):
        AS_WRITTEN.write("x\n", "code")


def test_a_stream_marks_where_programs_end(workshop: Workshop) -> None:
    tokenizer = workshop.tokenizer(SPELLINGS["compact"])
    found = stream(tokenizer, ["x\n", "yy\n"])
    end = tokenizer.eos_token_id
    assert [int(found.ids[place - 1]) for place in found.ends] == [end, end]
    assert found.ends[-1] == len(found.ids)


def test_training_is_repeatable_and_learns(workshop: Workshop) -> None:
    tokenizer = workshop.tokenizer(SPELLINGS["python"])
    ids = stream(tokenizer, workshop.texts(SPELLINGS["python"]) * 2).ids
    losses = []
    for _ in range(2):
        model = new_model(tokenizer, TINY, seed=1)
        before = model(input_ids=ids[None, :30], labels=ids[None, :30]).loss.item()
        (trained,) = train(model, ids, replace(TINY, rate=0.02), marks=[TINY.steps]).values()
        losses.append(trained(input_ids=ids[None, :30], labels=ids[None, :30]).loss.item())
    assert losses[0] == losses[1] < before
    with pytest.raises(ValueError, match="gather more programs"):
        train(model, ids[:100], TINY, marks=[])


def test_flops_are_those_of_the_weights_and_of_attention(workshop: Workshop) -> None:
    model = new_model(workshop.tokenizer(SPELLINGS["python"]), TINY)
    # Causal attention: scores and sums over 1 + 2 + … + tokens places, `width` products and sums each.
    assert flops(model, 10) == 2 * parameters(model) * 10 + 2 * 2 * TINY.layers * TINY.width * sum(range(1, 11))


def test_models_are_kept(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    spelling = SPELLINGS["compact"]
    first = workshop.models(spelling, 0, marks=(2,))
    assert set(first) == {2, TINY.steps}
    monkeypatch.setattr("small_model.train", None)
    again = workshop.models(spelling, 0, marks=(2,))
    assert torch.equal(again[2].lm_head.weight, first[2].lm_head.weight)
    assert not torch.equal(again[2].lm_head.weight, again[TINY.steps].lm_head.weight)


def test_the_comparison_is_resumed(workshop: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    options = train_lm.options_of(["--seeds", "2", "--samples", "2", "--only", "canonical", "symbols"])
    train_lm.run(workshop, options)
    shown = capsys.readouterr().out
    assert [line.split("|")[1].strip() for line in shown.splitlines()[2:]] == ["canonical", "symbols"]
    results = list(workshop.folder.glob("result-*.json"))
    assert len(results) == 4
    by_name = {path.name.split("-")[1]: json.loads(path.read_text()) for path in results}
    assert by_name["canonical"]["bits"] == by_name["canonical"]["bits, equal programs"]
    assert by_name["symbols"]["programs"] > by_name["canonical"]["programs"]
    assert by_name["symbols"]["steps, equal programs"] < 1
    options.table = True
    train_lm.run(workshop, options)
    assert capsys.readouterr().out == shown


def test_an_interval_is_students() -> None:
    mean, half = train_lm.interval([1.0, 2.0, 3.0])
    assert mean == 2
    assert half == pytest.approx(4.303 / 3**0.5)


def test_demo(workshop: Workshop, corpus: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    options = Namespace(only=["python"], folder=workshop.folder, programs=2, samples=4, parts=demo_generation.PARTS)
    demo_generation.run(corpus, TINY, options)
    shown = capsys.readouterr().out
    assert "code alone" in shown
    assert "as written" in shown
    (masked,) = (line for line in shown.splitlines() if "with a mask" in line)
    texts, finished, valid = masked.removeprefix("python").removeprefix(" " * 7 + "with a mask").split()[:3]
    assert texts == "4"
    assert valid == ("100.0%" if int(finished) else "–")


def test_choices_are_counted(workshop: Workshop, tmp_path: Path) -> None:
    tokenizer = workshop.tokenizer(SPELLINGS["python"])
    path = tmp_path / "one.lark"
    path.write_text('start: "<" ("a" | "b") ">"\n')
    mask = slim.mask(path, tokenizer, special=tokenizer.all_special_ids)
    ids = [*tokenizer.encode("<"), *tokenizer.encode("a"), *tokenizer.encode(">"), tokenizer.eos_token_id]
    assert demo_generation.choices(mask, ids, tokenizer.eos_token_id) == [1, 2, 1, 1]
