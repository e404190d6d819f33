"""Promises under hypothesis: subset, budget, pins, offsets, determinism, on the samples and on random cuts of them."""

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slimgrammar.prune import BadBudget, Pruned, language_of, prune
from slimgrammar.prune import language as find_language
from slimgrammar.prune.elements import BREAK
from slimgrammar.prune.pins import pinned as find_pinned
from slimgrammar.prune.program import Program
from slimgrammar.vocab import count, load

VOCAB = load("o200k_base")
SAMPLES = sorted(Path(__file__).with_name("samples").iterdir())
METHODS = ("slim", "slimcode", "dietcode", "skeleton", "punctuation", "first", "random")

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def programs(draw: st.DrawFn) -> tuple[str, str]:
    """A sample's text, or a part of it cut anywhere (so mostly broken), and its language."""
    path = draw(st.sampled_from(SAMPLES))
    text = path.read_text()
    start, end = sorted(draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    return draw(st.sampled_from([text, text[start:end]])), language_of(path).name


def covered(pruned: Pruned) -> set[int]:
    return {at for span in pruned.kept for at in range(span.start, span.end) if not pruned.source[at].isspace()}


def check_places(pruned: Pruned) -> None:
    end = 0
    for piece in pruned.map:
        assert piece.out >= end
        end = piece.out + piece.length
        assert pruned.text[piece.out : end] == pruned.source[piece.start : piece.start + piece.length]
    kept = covered(pruned)
    gone = {at for loss in pruned.dropped for at in range(loss.start, loss.end) if not pruned.source[at].isspace()}
    assert kept.isdisjoint(gone)


@QUICK
@given(
    programs(),
    st.sampled_from(METHODS),
    st.tuples(st.integers(0, 200), st.integers(0, 200)),
    st.booleans(),
    st.sampled_from(["", "stock lines"]),
)
def test_budget_subset_offsets_determinism(
    program: tuple[str, str], method: str, limits: tuple[int, int], valid: bool, query: str
) -> None:
    code, language = program
    one, other = limits
    small, large = (
        prune(code, language, max_tokens=limit, method=method, valid=valid, query=query) for limit in sorted((one, other))
    )
    assert small.tokens == count(VOCAB, small.text) <= min(one, other)
    assert large.tokens == count(VOCAB, large.text) <= max(one, other)
    assert covered(small) <= covered(large)
    check_places(small)
    check_places(large)
    again = prune(code, language, max_tokens=max(one, other), method=method, valid=valid, query=query)
    assert again.text == large.text


@QUICK
@given(programs(), st.sampled_from(["total", "reserve", "OutOfStock", "Orders"]), st.floats(0.05, 1), st.booleans())
def test_pins_are_intact(program: tuple[str, str], name: str, keep: float, valid: bool) -> None:
    code, language = program
    known = find_language(language)
    read = Program(code, known)
    fixed = np.flatnonzero(find_pinned(read, (name,)) & (read.kinds < BREAK))
    try:
        result = prune(code, known, keep=keep, pins=[name], valid=valid)
    except BadBudget:
        assert fixed.size
        return
    assert result.tokens <= int(result.tokens_before * keep) or result.text == code
    kept = covered(result)
    assert all({*range(read.starts[at], read.starts[at] + len(read.texts[at]))} <= kept for at in fixed.tolist())


@settings(QUICK, max_examples=100)
@given(st.text(max_size=300), st.sampled_from([language_of(path).name for path in SAMPLES]), st.integers(0, 60), st.booleans())
def test_any_text_at_all(code: str, language: str, limit: int, valid: bool) -> None:
    pruned = prune(code, language, max_tokens=limit, valid=valid)
    assert pruned.tokens <= limit
    check_places(pruned)


@pytest.mark.parametrize("vocab", ["o200k_base", "llama3"])
def test_random_budgets(vocab: str) -> None:
    """A few hundred of the ten thousand cases of bench/prune.py: no budget is exceeded."""
    rng = random.Random(11)
    known = load(vocab)
    for _ in range(300):
        path = rng.choice(SAMPLES)
        lines = path.read_text().splitlines(keepends=True)
        start = rng.randrange(len(lines))
        code = "".join(lines[start : start + rng.randrange(1, 40)])
        limit = rng.randrange(0, 200)
        result = prune(
            code, language_of(path), max_tokens=limit, method=rng.choice(METHODS), vocab=known, valid=rng.random() < 0.3
        )
        assert count(known, result.text) <= limit
