"""The bootstrap's intervals hold what they should, as often as they should."""

from __future__ import annotations

import numpy as np
import pytest

from slimgrammar.bench.intervals import Bootstrap


def test_the_same_seed_gives_the_same_interval() -> None:
    values, baseline = [5.0, 9.0, 2.0, 7.0], [10.0, 10.0, 10.0, 10.0]
    assert Bootstrap(4, seed=1).saved(values, baseline) == Bootstrap(4, seed=1).saved(values, baseline)
    assert Bootstrap(4, seed=1).saved(values, baseline) != Bootstrap(4, seed=2).saved(values, baseline)


def test_nothing_to_compare_with_saves_nothing() -> None:
    assert Bootstrap(2, seed=0).saved([0, 0], [0, 0]) == (0.0, 0.0, 0.0)


def test_the_value_is_that_of_all_files_and_large_ones_count_more() -> None:
    found = Bootstrap(2, seed=0).saved([90, 0], [100, 10])
    assert found.value == pytest.approx(100 * (1 - 90 / 110))
    assert found.low <= found.value <= found.high


def test_intervals_cover_the_truth_about_as_often_as_they_say() -> None:
    chance = np.random.default_rng(0)
    held = 0
    for seed in range(200):
        sample = chance.normal(1.0, 0.5, 60)
        _, low, high = Bootstrap(60, seed=seed).mean(sample.tolist())
        held += low <= 1.0 <= high
    assert 180 <= held <= 198
