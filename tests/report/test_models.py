"""The tables of models and prices: sound as they are, and faults in a user's are named."""

from __future__ import annotations

from pathlib import Path

import pytest
from ecologits.model_repository import models as ecologits_models

from slimgrammar.report.models import BadTable, UnknownModel, model_named, models, prices
from slimgrammar.vocab import EMBEDDED

OWN = 'vocab = "qwen3"\ntotal = 1.5\nlayers = 28\nheads = 12\nkv_heads = 2\nhead_size = 128\ncontext = 32768\nsource = "mine"\n'


@pytest.mark.parametrize("name", models())
def test_every_model_is_complete(name: str) -> None:
    model = model_named(name)
    assert model.vocab in EMBEDDED
    assert model.context > 1000
    if model.ecologits:
        assert ecologits_models.find_model(*model.ecologits) is not None
    else:
        assert min(model.total, model.layers, model.heads, model.kv_heads, model.head_size) > 0
        assert model.active <= model.total
        assert model.heads % model.kv_heads == 0


def test_prices_are_of_models_that_are_known() -> None:
    assert prices().keys() <= models().keys()
    assert all(0 < price.input <= price.output for price in prices().values())


def test_a_file_adds_a_model_and_replaces_the_prices(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(f"[mine]\n{OWN}", encoding="utf-8")
    assert model_named("mine", own).layers == 28
    assert "gpt-4o" in models(own)
    own.write_text("[mine]\ninput = 1\noutput = 2.5\n", encoding="utf-8")
    assert list(prices(own)) == ["mine"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[mine\n", "line 1"),
        ("mine = 3\n", "mine is no table"),
        (f"[mine]\n{OWN}speed = 3\n", "unknown key 'speed'"),
        (f"[mine]\n{OWN}active = -1\n", "active is -1"),
        (f"[mine]\n{OWN}stand_in = 1\n", "stand_in is 1"),
        (f'[mine]\n{OWN}ecologits = ["openai"]\n', "ecologits is"),
        ('[mine]\nvocab = "qwen3"\n', "context"),
        (f"[mine]\n{OWN}".replace("32768", "0"), "context is 0"),
        ("[mine]\nname = 'x'\n", "unknown key 'name'"),
    ],
)
def test_faults_are_named(text: str, message: str, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(BadTable, match=r"own\.toml") as caught:
        models(own)
    assert message in str(caught.value)


def test_an_unknown_model_names_the_known_ones() -> None:
    with pytest.raises(UnknownModel, match="qwen3-32b"):
        model_named("gpt-99")
