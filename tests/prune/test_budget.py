"""Orders that budgets are cut from."""

import numpy as np
import pytest

from slimgrammar.prune.budget import positions, stable_order


@pytest.mark.parametrize("most", [1, 3, 1 << 15, 1 << 17, 1 << 40, (1 << 62) + 1])
def test_integers_are_sorted_stably(most: int) -> None:
    rng = np.random.default_rng(most % 97)
    for size in (0, 1, 2, 500):
        keys = rng.integers(0, most, size)
        assert stable_order(keys).tolist() == keys.argsort(kind="stable").tolist()


def test_floats_are_sorted_stably() -> None:
    rng = np.random.default_rng(1)
    odd = np.array([np.inf, 1.0, -np.inf, 1.0, np.inf, 0.0, -0.0])
    close = 1 + np.arange(9, dtype=np.float64)[::-1] * np.finfo(np.float64).eps
    huge = np.array([1e308, -1e308, 0.0, 1e308])
    for keys in (
        rng.normal(size=700),
        rng.integers(-5, 5, 700) / 3,
        odd,
        close,
        huge,
        np.array([0.0, 5e-324, 0.0]),
        np.ones(5),
        np.zeros(0),
    ):
        assert stable_order(keys).tolist() == keys.argsort(kind="stable").tolist()


def test_positions_undo_the_order() -> None:
    assert positions(np.array([30, 10, 20, 10])).tolist() == [3, 0, 2, 1]
