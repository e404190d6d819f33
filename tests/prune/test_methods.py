"""Each method keeps what it promises."""

from pathlib import Path

import numpy as np
import pytest

from slimgrammar.prune import Options, language, prune
from slimgrammar.prune.elements import BREAK
from slimgrammar.prune.methods import METHODS, method
from slimgrammar.prune.methods.attention import NoModel
from slimgrammar.prune.methods.dietcode import _knapsack
from slimgrammar.prune.methods.slicing import BadCriterion
from slimgrammar.prune.methods.slimcode import LEVELS, levels
from slimgrammar.prune.program import Program
from slimgrammar.vocab import load

JAVA = (Path(__file__).with_name("samples") / "sample.java").read_text()
PYTHON = (Path(__file__).with_name("samples") / "sample.py").read_text()


def test_slimcode_levels() -> None:
    code = "int f(int a) { if (a > 1) { return g(a, 2); } int b = a; }"
    program = Program(code, language("java"))
    found = dict(zip(program.texts.tolist(), levels(program).tolist(), strict=True))
    expected = {"f": 7, ">": 0, "if": 2, "1": 2, "return": 1, "g": 5, "2": 3, "b": 4}
    assert {text: LEVELS[found[text]] for text in expected} == {text: LEVELS[level] for text, level in expected.items()}


def test_slimcode_removes_level_by_level_from_the_end() -> None:
    program = Program(JAVA, language("java"))
    level = levels(program)
    ranking = method("slimcode")(program, Options(), load("o200k_base"))
    removal = [at for at in np.argsort(ranking.values).tolist() if program.kinds[at] < BREAK]
    assert [(level[at], -at) for at in removal] == sorted((level[at], -at) for at in removal)
    lost_first = 8
    for keep in (0.9, 0.7, 0.5, 0.3, 0.1):
        result = prune(JAVA, "java", keep=keep, method="slimcode")
        reasons = {LEVELS.index(loss.reason) for loss in result.dropped if loss.reason != "layout"}
        last = max(reasons, default=0)
        gone = {at for loss in result.dropped for at in range(loss.start, loss.end)}
        for at in np.flatnonzero((level < last) & (program.kinds < BREAK)).tolist():
            assert program.starts[at] in gone, "a lower level is empty before a higher one is begun"
        lost_first = min(lost_first, last)


def test_dietcode_knapsack_is_the_best_subset() -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        costs = rng.integers(1, 9, 8)
        weights = rng.random(8).round(3).tolist()
        chosen = _knapsack(costs, weights, 20)
        assert costs[chosen].sum() <= 20
        best = max(
            sum(weight for at, weight in enumerate(weights) if mask >> at & 1)
            for mask in range(256)
            if sum(int(cost) for at, cost in enumerate(costs) if mask >> at & 1) <= 20
        )
        assert sum(weight for weight, kept in zip(weights, chosen, strict=True) if kept) == pytest.approx(best)


def test_dietcode_keeps_heavy_statements() -> None:
    text = prune(PYTHON, keep=0.5, method="dietcode").text
    assert "def total(order" in text
    assert "return amount if discount is None else amount - discount(amount)" in text


def test_skeleton_without_a_budget() -> None:
    text = prune(PYTHON, method="skeleton", bodies=["__init__"]).text
    assert "def total(order, *, discount=None, **rates):\n" in text
    assert '"""The price of an order, taxes included."""' in text
    assert "self.article = article" in text
    assert "amount = " not in text
    assert "import logging as log\n" in text


def test_slice_by_name_and_by_line() -> None:
    by_name = prune(PYTHON, method="slice", criterion="known").text
    assert "known = RATES | rates" in by_name
    assert "def total(" in by_name
    assert "retries" not in by_name
    line = PYTHON[: PYTHON.index("return held")].count("\n") + 1
    by_line = prune(PYTHON, method="slice", criterion=line, valid=True).text
    assert "return held" in by_line
    assert "while retries" in by_line
    assert "known" not in by_line


@pytest.mark.parametrize("criterion", [None, "nowhere", 0, 10**6])
def test_senseless_slices(criterion: str | int | None) -> None:
    with pytest.raises(BadCriterion):
        prune(PYTHON, method="slice", criterion=criterion)


def test_random_is_the_same_for_the_same_seed() -> None:
    assert prune(PYTHON, keep=0.3, method="random", seed=1).text == prune(PYTHON, keep=0.3, method="random", seed=1).text
    assert prune(PYTHON, keep=0.3, method="random", seed=1).text != prune(PYTHON, keep=0.3, method="random", seed=2).text


def test_attention_needs_a_model() -> None:
    with pytest.raises(NoModel):
        prune(PYTHON, keep=0.5, method="attention")


def test_attention_with_a_tiny_model() -> None:
    transformers = pytest.importorskip("transformers")
    tokenizers = pytest.importorskip("tokenizers")
    words = sorted(set(Program(PYTHON, language("python")).texts.tolist()))
    made = tokenizers.Tokenizer(tokenizers.models.WordLevel({word: at for at, word in enumerate(["?", *words])}, unk_token="?"))
    made.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=made, unk_token="?")
    config = transformers.BertConfig(
        vocab_size=len(words) + 1, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=16
    )
    config._attn_implementation = "eager"
    model = transformers.BertModel(config).eval()
    result = prune(PYTHON, keep=0.4, method="attention", model=(model, tokenizer))
    assert 0 < result.tokens <= result.tokens_before * 0.4


def test_all_methods_are_there() -> None:
    for name in METHODS:
        assert callable(method(name))
