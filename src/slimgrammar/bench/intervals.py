"""How sure a figure is: bootstrap over files, the same draws for all methods, so that they can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LEVEL: Final = 0.95
RESAMPLES: Final = 1000


class Estimate(NamedTuple):
    """A figure, and the interval that holds it with the probability `LEVEL`."""

    value: float
    low: float
    high: float


class Bootstrap:
    """Draws of `count` files with replacement (Efron 1979); intervals are percentiles.

    >>> [round(value, 2) for value in Bootstrap(3, seed=0).saved([1, 2, 3], [2, 4, 6])]
    [50.0, 50.0, 50.0]
    """

    def __init__(self, count: int, *, seed: int) -> None:
        chance = np.random.default_rng(seed)
        self.count = count
        # How often each file was drawn, (resamples, files)
        self.draws: Floats = chance.multinomial(count, [1 / count] * count, size=RESAMPLES).astype(np.float64)

    def saved(self, values: Sequence[float], baseline: Sequence[float]) -> Estimate:
        """Percent of the sum of `baseline` that the sum of `values` lacks."""
        ratio = self.ratio(values, baseline)
        return Estimate(*(100 * (1 - part) for part in (ratio.value, ratio.high, ratio.low)))

    def ratio(self, values: Sequence[float], others: Sequence[float]) -> Estimate:
        """The sum of `values` by that of `others`; 1 where there is nothing to compare with."""
        above, below = np.asarray(values, dtype=np.float64), np.asarray(others, dtype=np.float64)
        if below.sum() == 0:
            return Estimate(1.0, 1.0, 1.0)
        drawn = self.draws @ below
        ratios = np.divide(self.draws @ above, drawn, out=np.ones_like(drawn), where=drawn > 0)
        edge = 50 * (1 - LEVEL)
        low, high = np.percentile(ratios, [edge, 100 - edge])
        return Estimate(float(above.sum() / below.sum()), float(low), float(high))

    def mean(self, values: Sequence[float]) -> Estimate:
        """The mean of a file."""
        return self.ratio(values, [1.0] * self.count)
