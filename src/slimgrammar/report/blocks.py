"""Texts with their tokens and maps as compact bytes, which a page unpacks when they are looked at (page/data.js does it).

A block is a row of streams, each after its length (four bytes, little endian), deflated, in base64. Streams are UTF-8 text or
varints: seven bits a byte, the lowest first, the eighth bit set where more follow.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def varints(values: Ints) -> bytes:
    """Numbers from 0 up to 2**35.

    >>> varints(np.array([1, 300])).hex()
    '01ac02'
    """
    sizes = np.ones(len(values), dtype=np.int64)
    for bits in (7, 14, 21, 28):
        sizes += values >= 1 << bits
    ends = np.cumsum(sizes)
    found = np.zeros(int(ends[-1]) if ends.size else 0, dtype=np.uint8)
    for place in range(5):
        there = sizes > place
        more = np.where(sizes[there] > place + 1, 128, 0)
        found[(ends - sizes)[there] + place] = (values[there] >> 7 * place) & 127 | more
    return found.tobytes()


def gaps(rows: Ints) -> Ints:
    """Rows of (start, end) as (start minus the end before it, length), the first of each zigzag: it may be negative.

    >>> gaps(np.array([[2, 5], [4, 6]])).tolist()
    [[4, 3], [1, 2]]
    """
    starts, ends = rows[:, 0], rows[:, 1]
    steps = starts - np.concatenate(([0], ends[:-1]))
    found: Ints = np.stack((np.where(steps < 0, -2 * steps - 1, 2 * steps), ends - starts), axis=1)
    return found


def block(
    text: str, ends: Ints | None, *, spans: Ints | None = None, losses: Ints | None = None, reasons: Sequence[str] = ()
) -> str:
    """A text and what is known of it, in base64.

    Args:
        text: the text.
        ends: where its tokens end, or None where that is not known.
        spans: rows of (source start, source end, start, end): which part of the source became which part of the text.
        losses: rows of (source start, source end, index in `reasons`): what of the source went, and why.
        reasons: why parts of it went.
    """
    streams = [text.encode("utf-8", "surrogatepass"), b"" if ends is None else varints(np.diff(ends, prepend=0))]
    streams.append(b"" if spans is None else varints(np.hstack((gaps(spans[:, :2]), gaps(spans[:, 2:]))).ravel()))
    streams.append(b"" if losses is None else varints(np.hstack((gaps(losses[:, :2]), losses[:, 2:])).ravel()))
    streams.append(json.dumps(list(reasons)).encode())
    packed = b"".join(len(stream).to_bytes(4, "little") + stream for stream in streams)
    return base64.b64encode(zlib.compress(packed, 6)).decode("ascii")
