"""LR tables: what a parser does in each state. lalr.py makes them; once cached, they are used without Lark."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

END: Final = "$END"


@dataclass
class Tables:
    """What a parser does in each state.

    Attributes:
        names: terminal number → name; the last one is the end of the text.
        numbers: name → terminal number.
        shifts: state → {terminal: next state}.
        reductions: state → [(nonterminal, symbols replaced, terminals that ask for it as bits)].
        gotos: state → {nonterminal: next state}.
        starts: start symbol → its first state.
        entered_by: state → the terminal that leads to it, or -1.
    """

    names: list[str]
    numbers: dict[str, int]
    shifts: list[dict[int, int]]
    reductions: list[list[tuple[str, int, int]]]
    gotos: list[dict[str, int]]
    starts: dict[str, int]
    entered_by: list[int] = field(default_factory=list)

    def offered(self, state: int) -> int:
        """The terminals with any action in a state, as bits."""
        bits = 0
        for terminal in self.shifts[state]:
            bits |= 1 << terminal
        for _, _, asked in self.reductions[state]:
            bits |= asked
        return bits
