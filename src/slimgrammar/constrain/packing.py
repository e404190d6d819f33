"""Sets of tokens as bits: one bit per token, 32 to a word, the lowest bit first; the form in which engines exchange masks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.uint32]


def pack(allowed: NDArray[np.bool_]) -> Bits:
    """Booleans as bits.

    >>> pack(np.array([True, False, True])).tolist()
    [5]
    """
    packed = np.packbits(allowed, bitorder="little")
    padded = np.zeros(-(-len(allowed) // 32) * 4, dtype=np.uint8)
    padded[: len(packed)] = packed
    return padded.view("<u4").astype(np.uint32, copy=False)


def unpack(bits: Bits, size: int) -> NDArray[np.bool_]:
    """Bits as `size` booleans.

    >>> unpack(np.array([5], dtype=np.uint32), 3).tolist()
    [True, False, True]
    """
    return np.unpackbits(bits.astype("<u4").view(np.uint8), count=size, bitorder="little").astype(bool)
