"""Kept elements → text: the spaces between them, and where each kept piece came from.

Elements that were neighbours keep the spaces that stood between them; where something went, one space stands before a word.
Line breaks are one line end each, however many blank lines there were, except inside pinned regions, which stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from slimgrammar.prune.elements import BREAK, SYMBOL, Bools, Ints
from slimgrammar.prune.program import Program


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that came over unchanged: `text[out : out + length]` is `source[start : start + length]`."""

    out: int
    start: int
    length: int


class Renderer:
    """The ways to write each element of a program, made once for all budgets that are tried.

    A way is the number of a text in the lexicon's table. Numbers are quicker to choose and to join than texts.
    """

    def __init__(self, program: Program, pinned: Bools) -> None:
        """Prepare `program`, of which the `pinned` elements are written as they stand."""
        self.program = program
        self.layout: Bools = program.kinds >= BREAK
        elements = program.elements
        self.hole = elements.lexicon.way(program.language.hole)
        self.table = elements.lexicon.ways[0]
        self.bare, self.glued = elements.alone, elements.glued
        if pinned.any():
            as_is = pinned & (program.kinds == BREAK)
            self.bare, self.glued = (np.where(as_is, 2 * program.ids, ways) for ways in (self.bare, self.glued))
        apart = self.bare + (~self.layout & ((program.kinds != SYMBOL) | (elements.gap_ids >= 0)))
        # One row, so that one look-up chooses: the ways after what stood before, after layout, and after anything else
        self._ways: Ints = np.concatenate((self.glued, self.bare, apart))
        # How far in it the way stands after each element, at last that of the first one
        self._after: Ints = np.append(np.where(self.layout, 1, 2), 1) * len(apart)

    def ways(self, keep: Bools, holes: Ints) -> tuple[Ints, Ints]:
        """The kept elements and the way in which each is written; those in `holes` are the language's hole."""
        kept = keep.nonzero()[0]
        before = np.empty_like(kept)
        before[:1] = -1
        before[1:] = kept[:-1]
        found = self._ways[kept + np.where(kept - before == 1, 0, self._after[before])]
        if len(holes):
            found[kept.searchsorted(holes)] = self.hole
        return kept, found

    def text(self, keep: Bools, holes: Ints | None = None) -> str:
        """What is written for the kept elements."""
        _, found = self.ways(keep, no_holes() if holes is None else holes)
        return "".join(self.table.take(found).tolist())

    def map(self, keep: Bools, holes: Ints) -> list[Piece]:
        """Where the pieces of `text(keep, holes)` came from, in order; pieces that were neighbours are one."""
        kept, ways = self.ways(keep, holes)
        filled = set(holes.tolist())
        for back in (1, 2):  # a hole's line break and indentation are put in, too
            filled |= {hole - back for hole in holes.tolist() if hole >= back and self.layout[hole - back]}
        found: list[Piece] = []
        out = 0
        rows = zip(kept.tolist(), ways.tolist(), self.bare[kept].tolist(), self.program.starts[kept].tolist(), strict=True)
        for element, way, plain, start in rows:
            text, bare = self.table[way], self.table[plain]
            out += len(text)
            if element not in filled:
                gap = text[: len(text) - len(bare)]
                _append(found, Piece(out - len(bare), start, len(bare)), gap, self.program.text)
        return found


def no_holes() -> Ints:
    """No element at all."""
    return np.zeros(0, dtype=np.int64)


def _append(pieces: list[Piece], piece: Piece, gap: str, source: str) -> None:
    """Add a piece, joined to the last one where nothing but `gap` is between them in the text and in the source."""
    last = pieces[-1] if pieces else Piece(0, 0, 0)
    end = last.start + last.length
    if pieces and last.out + last.length + len(gap) == piece.out and source[end : piece.start] == gap:
        pieces[-1] = Piece(last.out, last.start, piece.start + piece.length - last.start)
    else:
        pieces.append(piece)
