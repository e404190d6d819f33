"""What a parser of a grammar does in any stack: its tables, with reductions of one symbol followed to their ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import NamedTuple

from slimgrammar.constrain.lexicon import Lexicon
from slimgrammar.constrain.tables import END, Tables

# A step of a token: terminals of a lexeme that ends, the mode that reads on, what follows, and the blank text before the next
# line's first lexeme where the lexeme is a line end (None elsewhere).
Step = tuple[int, int, int, bytes | None]
# What a text does after some point: the terminals that its last, unfinished lexeme can become, or else steps to choose from.
Rest = tuple[int, tuple[Step, ...]]


# Whether a bracket is open around a stack; and where brackets skip comments together with line ends, what was skipped last: a
# comment's line end, after which all but another line end may stand; a line end before a comment; or a comment.
OUTSIDE, INSIDE, COMMENTED, LINE, COMMENT = BRACKETED = range(5)

# A state to which reductions of one symbol lead, a nonterminal, how many symbols it replaces, and what asks for it as bits.
Reduction = tuple[int, str, int, int]


class Moves(NamedTuple):
    """What can be done where a state lies on another, with all reductions of one symbol done beforehand.

    Attributes:
        offered: terminals that can be shifted, as bits.
        units: terminals that ask for a reduction of one symbol.
        shifts: (state that shifts, the terminals that it shifts).
        reductions: all others.
    """

    offered: int
    units: int
    shifts: tuple[tuple[int, int], ...]
    reductions: tuple[Reduction, ...]


@dataclass(eq=False)
class Parser:
    """What all stacks of a grammar share.

    Attributes:
        tables: the grammar's tables.
        lexicon: its lexer.
        openers: terminals that open a bracket, as bits.
        closers: terminals that close one.
        indent: the terminal of a deeper line, or -1.
        dedent: the terminal of the end of a block, or -1.
        rests: the rests that steps refer to by number.
        end: the terminal of the end of the text.
        every: all terminals, as bits.
        skips: bracketed → the terminals that are skipped there, each with what bracketed is after it.
    """

    tables: Tables
    lexicon: Lexicon
    openers: int = 0
    closers: int = 0
    indent: int = -1
    dedent: int = -1
    rests: list[Rest] = field(default_factory=list)
    _moves: dict[int, Moves] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.end = self.tables.numbers[END]
        self.every = (1 << len(self.tables.names)) - 1
        self.skips = self._skips()
        self._skippable = [sum(1 << terminal for terminal in skips) for skips in self.skips]
        self._shift_bits = [sum(1 << terminal for terminal in row) for row in self.tables.shifts]

    def _skips(self) -> list[dict[int, int]]:
        skipped, line_ends = self.lexicon.skipped, self.lexicon.line_ends & self.lexicon.skipped
        numbers = [terminal for terminal in range(len(self.tables.names)) if skipped >> terminal & 1]
        comments = [terminal for terminal in numbers if not line_ends >> terminal & 1]
        ends = [terminal for terminal in numbers if line_ends >> terminal & 1]
        if not (ends and comments):
            return [{}, dict.fromkeys(numbers, INSIDE), {}, {}, {}]
        commented = dict.fromkeys(comments, COMMENT)
        return [{}, dict.fromkeys(ends, LINE) | commented, commented, commented, dict.fromkeys(ends, COMMENTED)]

    def moves(self, under: int, state: int) -> Moves:
        """What can be done where a state lies on another (-1: on none)."""
        key = under << 32 | state
        known = self._moves.get(key)
        if known is None:
            known = self._moves[key] = self._new_moves(under, state)
        return known

    def _new_moves(self, under: int, state: int) -> Moves:
        asked_in = {state: self.every}
        units, queue = 0, [state]
        for at in queue:
            for nonterminal, count, wanted in self.tables.reductions[at]:
                asked = wanted & asked_in[at]
                if count == 1 and asked:
                    units |= asked
                    target = self.tables.gotos[under][nonterminal]
                    if asked & ~asked_in.get(target, 0):
                        asked_in[target] = asked_in.get(target, 0) | asked
                        queue.append(target)
        shifts = tuple((at, bits) for at, asked in asked_in.items() if (bits := asked & self._shift_bits[at]))
        reductions = tuple(
            (at, nonterminal, count, bits)
            for at, asked in asked_in.items()
            for nonterminal, count, wanted in self.tables.reductions[at]
            if count != 1 and (bits := asked & wanted)
        )
        return Moves(reduce(or_, (bits for _, bits in shifts), 0), units, shifts, reductions)

    def wanted_by(self, becoming: int) -> int:
        """What a lexeme that can become some terminals may be for the parser: a comment stands for a line end."""
        return becoming | self.lexicon.line_ends if becoming & self.lexicon.ignored else becoming

    def useful(self, becoming: int, offered: int, *, bracketed: int) -> bool:
        """Whether a lexeme that can become some terminals is of use where others are offered."""
        if becoming & self.lexicon.ignored & ~self.lexicon.comments:
            return True
        return bool(self.wanted_by(becoming) & self.usable(offered, bracketed))

    def usable(self, offered: int, bracketed: int) -> int:
        """The terminals that may come next where some are offered, as bits: with those that brackets skip."""
        return (offered if bracketed < LINE else 0) | self._skippable[bracketed]
