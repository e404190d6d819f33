"""Formulas against figures worked out by hand, or published."""

from __future__ import annotations

import pytest

from slimgrammar.report.formulas import H100, Range, accelerators_needed, busy_seconds, cache_bytes, forward_flops, windows
from slimgrammar.report.models import model_named

LLAMA = model_named("llama-3-1-8b")


def test_forward_pass() -> None:
    parameters, attention = 2 * 8.03e9 * 4096, 2 * 32 * 32 * 128 * 4096**2
    assert forward_flops(4096, LLAMA, Range(8.03, 8.03)).low == pytest.approx(parameters + attention)


def test_attention_starts_anew_in_every_window() -> None:
    one = forward_flops(LLAMA.context, LLAMA, Range(8, 8)).low
    assert forward_flops(3 * LLAMA.context, LLAMA, Range(8, 8)).low == pytest.approx(3 * one)
    assert sum(size * times for size, times in windows(1_000_003, 4096)) == 1_000_003


def test_no_tokens_cost_nothing() -> None:
    assert windows(0, 10) == []
    assert forward_flops(0, LLAMA, Range(8, 8)) == Range(0, 0)


@pytest.mark.parametrize(
    ("model", "a_token"),
    [("llama-3-1-8b", 128 * 1024), ("llama-3-1-70b", 320 * 1024), ("qwen3-32b", 256 * 1024)],
)
def test_cache(model: str, a_token: int) -> None:
    known = model_named(model)
    assert cache_bytes(1000, known) == 1000 * a_token
    assert cache_bytes(10 * known.context, known) == known.context * a_token  # no window is larger than the context
    assert cache_bytes(1000, model_named("gpt-4o")) is None


@pytest.mark.parametrize(("billions", "count"), [(8, 1), (32, 1), (70, 4), (480, 16)])
def test_accelerators(billions: float, count: int) -> None:
    assert accelerators_needed(Range(billions, billions), H100) == Range(count, count)


def test_busy_time_is_bounded_by_the_peak() -> None:
    seconds = busy_seconds(Range(989e12, 989e12), H100)
    assert 1 < seconds.low < seconds.high < 3
