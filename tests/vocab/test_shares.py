"""Shares of tokens: each token counts once in all, wherever it lies."""

from __future__ import annotations

import unicodedata

import pytest

from slimgrammar.vocab import EMBEDDED, count, load
from slimgrammar.vocab.shares import shares


def test_a_token_that_touches_two_stretches_is_halved() -> None:
    vocab = load("cl100k_base")
    assert [vocab.decode_token(token) for token in vocab.encode("f()\n")] == [b"f", b"()\n"]
    found = shares(vocab, "f()\n", [(0, 1, "name"), (1, 3, "bracket"), (3, 4, "line")], other="")
    assert found == {"name": 1, "bracket": 0.5, "line": 0.5}


@pytest.mark.parametrize("name", EMBEDDED)
def test_the_sum_is_the_number_of_tokens(name: str) -> None:
    text = unicodedata.normalize("NFD", "naïve façade 変数 🙂 é" * 5)  # qwen3 composes this
    vocab = load(name)
    stretches = [(at, at + 3, f"n{at % 4}") for at in range(0, len(text) - 3, 5)]
    found = shares(vocab, text, stretches, other="rest")
    assert sum(found.values()) == pytest.approx(count(vocab, text))
    assert set(found) == {"n0", "n1", "n2", "n3", "rest"}


def test_symbols_are_one_token_each_and_split_the_text() -> None:
    vocab = load("cl100k_base")
    found = shares(vocab, "a\ue000b\ue001", [(0, 1, "x"), (1, 2, "symbols"), (2, 3, "x"), (3, 4, "symbols")], other="")
    assert found == {"x": 2, "symbols": 2}
