"""The tokens of a vocabulary in byte order, all read at once from a lexer state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from slimgrammar.constrain.lexer import DEAD, Table

Ints = NDArray[np.int32]
# A state that more bytes than these leave as it is, is passed at once, if it is one of the most frequent kinds.
_MOST_BYTES: Final = 100
_MOST_LOOPS: Final = 16


class Walk:
    """A vocabulary to be read from any state of an automaton. Tokens are meant by their positions in byte order.

    Attributes:
        delta: the automaton: state, byte → state.
        order: position → token id.
        lengths: position → bytes of the token.
        comers: byte, state → how many states come to it by that byte.
    """

    def __init__(self, tokens: list[bytes], delta: Table) -> None:
        """Put the tokens in order.

        Args:
            tokens: the bytes of each token id, b"" for one that is never read.
            delta: the automaton.
        """
        order = sorted((number for number, token in enumerate(tokens) if token), key=lambda number: tokens[number])
        self.delta = delta
        self.order = np.array(order, dtype=np.int32)
        self.lengths = np.array([len(tokens[number]) for number in order], dtype=np.int32)
        self._blob = np.frombuffer(b"".join(tokens[number] for number in order) or b"\0", dtype=np.uint8)
        self._offsets = (np.cumsum(self.lengths) - self.lengths).astype(np.int32)
        # Where the tokens of each first byte begin.
        self._first = np.searchsorted(self._blob[self._offsets], np.arange(257)).astype(np.int32)
        self._loops = _Loops(delta, self._blob)
        self.comers = np.stack([np.bincount(column[column != DEAD], minlength=len(delta)) for column in delta.T])

    def starting(self, first_bytes: Sequence[int]) -> Ints:
        """The tokens that start with one of some bytes."""
        spans = [np.arange(self._first[byte], self._first[byte + 1], dtype=np.int32) for byte in first_bytes]
        return np.concatenate(spans) if spans else np.zeros(0, dtype=np.int32)

    def count(self, first_byte: int) -> int:
        """How many tokens start with a byte."""
        return int(self._first[first_byte + 1] - self._first[first_byte])

    def read(self, start: int, tokens: Ints) -> tuple[Ints, Ints]:
        """Read tokens whose first byte goes on.

        Returns:
            For each token, how many bytes can be read from `start`, and the state after them.
        """
        flat, loops = self.delta.reshape(-1), self._loops
        states = np.full(len(tokens), start, dtype=np.int32)
        at = self._offsets[tokens]
        ends = at + self.lengths[tokens]
        stops = at.copy()
        active = np.arange(len(tokens), dtype=np.int32)
        state, end = states, ends
        while len(active):
            at = np.minimum(loops.onward[loops.kind[state], at], end)
            stops[active] = at
            going = at < end
            active, at, end, state = active[going], at[going], end[going], state[going]
            state = flat[state * 256 + self._blob[at]]
            going = state != DEAD
            active, at, end, state = active[going], at[going] + 1, end[going], state[going]
            stops[active], states[active] = at, state
        return stops - self._offsets[tokens], states


class _Loops:
    """States that most bytes leave as they are, as in strings and comments, and how far a text goes in them at once."""

    def __init__(self, delta: NDArray[np.int32], blob: NDArray[np.uint8]) -> None:
        own = delta == np.arange(len(delta))[:, None]
        many = np.flatnonzero(own.sum(axis=1) > _MOST_BYTES)
        kinds, of_state = np.unique(own[many], axis=0, return_inverse=True)
        used = np.argsort(np.bincount(of_state.reshape(-1), minlength=len(kinds)))[::-1][:_MOST_LOOPS]
        # The last row, for all other states, does not move.
        rank = np.full(len(kinds) + 1, len(used), dtype=np.int8)
        rank[used] = np.arange(len(used))
        self.kind = np.full(len(delta), len(used), dtype=np.int8)
        self.kind[many] = rank[of_state.reshape(-1)]
        here = np.arange(len(blob), dtype=np.int32)
        stops = [np.where(kinds[kind][blob], len(blob), here) for kind in used]
        self.onward = np.stack([*(np.minimum.accumulate(stop[::-1])[::-1] for stop in stops), here]).astype(np.int32)
