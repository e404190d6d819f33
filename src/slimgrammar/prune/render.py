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
    """The ways to write each element of a program, made once for all budgets that are tried."""

    def __init__(self, program: Program, pinned: Bools) -> None:
        """Prepare `program`, of which the `pinned` elements are written as they stand."""
        self.program = program
        self.layout: Bools = program.kinds >= BREAK
        bare = program.texts
        breaks = np.flatnonzero((program.kinds == BREAK) & ~pinned)
        if breaks.size:
            bare = bare.copy()
            bare[breaks] = ["\r\n" if text.endswith("\r\n") else "\n" for text in bare[breaks].tolist()]
        self.bare = bare
        gapped = np.flatnonzero(program.gaps != "")
        self.glued = bare.copy()
        self.glued[gapped] = program.gaps[gapped] + bare[gapped]
        after_space = np.array([f" {text}" for text in program.distinct], dtype=object)[program.ids]
        spaced = ~self.layout & ((program.kinds != SYMBOL) | (program.gaps != ""))
        self.apart = np.where(spaced, after_space, bare)

    def pieces(self, keep: Bools, holes: Ints) -> tuple[Ints, list[str]]:
        """The kept elements and what is written for each; for those in `holes`, the language's hole."""
        kept = np.flatnonzero(keep)
        if not kept.size:
            return kept, []
        before = kept[:-1]
        adjacent = np.concatenate(([False], kept[1:] - 1 == before))
        after_layout = np.concatenate(([True], self.layout[before]))
        written = np.where(adjacent, self.glued[kept], np.where(after_layout, self.bare[kept], self.apart[kept]))
        written[np.searchsorted(kept, holes)] = self.program.language.hole
        return kept, written.tolist()

    def text(self, keep: Bools, holes: Ints | None = None) -> str:
        """What is written for the kept elements."""
        return "".join(self.pieces(keep, no_holes() if holes is None else holes)[1])

    def map(self, keep: Bools, holes: Ints) -> list[Piece]:
        """Where the pieces of `text(keep, holes)` came from, in order; pieces that were neighbours are one."""
        kept, written = self.pieces(keep, holes)
        filled = set(holes.tolist())
        for back in (1, 2):  # a hole's line break and indentation are put in, too
            filled |= {hole - back for hole in holes.tolist() if hole >= back and self.layout[hole - back]}
        found: list[Piece] = []
        out = 0
        rows = zip(kept.tolist(), written, self.bare[kept].tolist(), self.program.starts[kept].tolist(), strict=True)
        for element, text, bare, start in rows:
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
