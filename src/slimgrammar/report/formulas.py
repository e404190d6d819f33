"""The formulas behind the dimensions that need no table of others: compute, memory, time and energy of reading a prompt.

docs/report.md derives them and names their sources. All count a forward pass of a decoder: 2 operations a parameter and token,
and the attention, which looks back at half of the window on average.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, NamedTuple

from slimgrammar.report.models import Model

BYTES_A_VALUE: Final = 2  # bfloat16: assumed for weights and cache
_BILLION: Final = 1e9


class Range(NamedTuple):
    """The least and the greatest value that the sources allow; equal where there is only one."""

    low: float
    high: float

    def times(self, other: Range | float) -> Range:
        """The product of two quantities that are not negative.

        >>> Range(1, 2).times(3)
        Range(low=3, high=6)
        """
        low, high = other if isinstance(other, Range) else (other, other)
        return Range(self.low * low, self.high * high)

    def plus(self, other: Range) -> Range:
        """The sum."""
        return Range(self.low + other.low, self.high + other.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accelerator:
    """What a prompt is read on, as its maker specifies it.

    Attributes:
        name: its name.
        flops: operations a second at the peak, dense bfloat16.
        memory: bytes.
        watts: its thermal design power.
        utilisation: the share of `flops` that reading a prompt reaches.
    """

    name: str
    flops: float
    memory: float
    watts: float
    utilisation: Range


# NVIDIA's data sheet of the H100 SXM5: 1,979 TFLOP/s in bfloat16 with sparsity, half of it without; 80 GB; up to 700 W.
# Utilisation: Pope et al. 2022 (arXiv:2211.05102), a prompt alone and in large batches.
H100: Final = Accelerator(name="H100 SXM 80 GB", flops=989e12, memory=80e9, watts=700.0, utilisation=Range(0.43, 0.76))


def windows(tokens: int, context: int) -> list[tuple[int, int]]:
    """How a text is cut into windows that a model can read: (tokens of a window, how many of them there are).

    >>> windows(10, 4)
    [(4, 2), (2, 1)]
    """
    full, rest = divmod(tokens, context)
    return [(size, times) for size, times in ((context, full), (rest, 1)) if size and times]


def forward_flops(tokens: int, model: Model, active: Range) -> Range:
    """Operations of one forward pass over each of `tokens`, whether they are read or written.

    2·N·n + 2·layers·heads·head_size·n² (Kaplan et al. 2020, arXiv:2001.08361, table 1; causal), window by window. Where the
    shape of the attention is not published the second term is left out.

    Args:
        tokens: how many.
        model: the model, for its shape and context.
        active: the parameters that a token passes, in billions.

    >>> from slimgrammar.report.models import model_named
    >>> forward_flops(1000, model_named("llama-3-1-8b"), Range(8, 8)).low / 1e12
    16.262144
    """
    width = model.layers * model.heads * model.head_size
    attention = sum(2.0 * width * size**2 * times for size, times in windows(tokens, model.context))
    return active.times(2.0 * _BILLION * tokens).plus(Range(attention, attention))


def cache_bytes(tokens: int, model: Model) -> int | None:
    """Bytes of the keys and values that the largest window leaves in memory; None where the shape is not published.

    2·layers·kv_heads·head_size values a token (Ainslie et al. 2023, arXiv:2305.13245).

    >>> from slimgrammar.report.models import model_named
    >>> cache_bytes(1000, model_named("llama-3-1-8b"))
    131072000
    """
    if not model.layers:
        return None
    return 2 * model.layers * model.kv_heads * model.head_size * BYTES_A_VALUE * min(tokens, model.context)


def accelerators_needed(total: Range, accelerator: Accelerator) -> Range:
    """How many hold the weights and a fifth more, a power of two (as ecologits counts them).

    >>> accelerators_needed(Range(70, 70), H100)
    Range(low=4.0, high=4.0)
    """
    needed = [1.2 * size * _BILLION * BYTES_A_VALUE / accelerator.memory for size in total]
    return Range(*(2.0 ** math.ceil(math.log2(max(1, math.ceil(count)))) for count in needed))


def busy_seconds(flops: Range, accelerator: Accelerator) -> Range:
    """Seconds of one accelerator that reading takes: it is bound by compute, so several share them without loss."""
    slow, fast = accelerator.utilisation
    return Range(flops.low / (accelerator.flops * fast), flops.high / (accelerator.flops * slow))
