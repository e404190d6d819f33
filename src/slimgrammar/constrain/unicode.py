"""Sets of characters as code point ranges, and the byte sequences that spell them in UTF-8."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

Ranges = tuple[tuple[int, int], ...]

LAST: Final = sys.maxunicode
_SURROGATES: Final = (0xD800, 0xDFFF)
# The last code point that each UTF-8 length can spell.
_LENGTHS: Final = (0x7F, 0x7FF, 0xFFFF, LAST)


def merged(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Ranges sorted, joined where they touch.

    >>> merged([(5, 9), (1, 2), (3, 4)])
    ((1, 9),)
    """
    out: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if out and low <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(out[-1][1], high))
        else:
            out.append((low, high))
    return tuple(out)


def complement(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """All code points outside `ranges`."""
    out, start = [], 0
    for low, high in merged(ranges):
        if low > start:
            out.append((start, low - 1))
        start = high + 1
    if start <= LAST:
        out.append((start, LAST))
    return tuple(out)


@cache
def matching(pattern: str) -> Ranges:
    """The characters that a one-character regular expression such as `\\d` matches."""
    every = "".join(map(chr, range(LAST + 1)))
    return tuple((found.start(), found.end() - 1) for found in re.finditer(f"(?:{pattern})+", every))


@cache
def identifier_ranges(*, first: bool) -> Ranges:
    """The characters that may start, or else go on, a Python identifier (XID_Start and `_`, XID_Continue)."""
    prefix = "" if first else "a"
    return merged((code, code) for code in range(LAST + 1) if (prefix + chr(code)).isidentifier())


def utf8_sequences(ranges: Ranges) -> Iterator[tuple[tuple[int, int], ...]]:
    """The UTF-8 spellings of `ranges`, as sequences of byte ranges; surrogates have none.

    >>> list(utf8_sequences(((0x41, 0x5A), (0xE9, 0xE9))))
    [((65, 90),), ((195, 195), (169, 169))]
    """
    for low, high in ranges:
        start = low
        for limit in _LENGTHS:
            if start > high:
                break
            if start <= limit:
                yield from _same_length(start, min(high, limit))
                start = limit + 1


def _same_length(low: int, high: int) -> Iterator[tuple[tuple[int, int], ...]]:
    """Sequences of a range whose ends have spellings of one length."""
    if low <= _SURROGATES[1] and high >= _SURROGATES[0]:
        if low < _SURROGATES[0]:
            yield from _same_length(low, _SURROGATES[0] - 1)
        if high > _SURROGATES[1]:
            yield from _same_length(_SURROGATES[1] + 1, high)
        return
    first, last = chr(low).encode(), chr(high).encode()
    # Cut where a lower byte would not run over its whole span.
    for position in range(1, len(first)):
        span = (1 << 6 * position) - 1
        if low & ~span != high & ~span:
            if low & span:
                yield from _same_length(low, low | span)
                yield from _same_length((low | span) + 1, high)
                return
            if high & span != span:
                yield from _same_length(low, (high & ~span) - 1)
                yield from _same_length(high & ~span, high)
                return
    yield tuple(zip(first, last, strict=True))
