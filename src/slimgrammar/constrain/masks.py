"""Which tokens may come next, as bits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, TypeVar

import numpy as np

from slimgrammar.constrain.buckets import Bucket, Flags, Judge, Result
from slimgrammar.constrain.lexer import DEAD
from slimgrammar.constrain.packing import Bits, pack
from slimgrammar.constrain.parser import Parser
from slimgrammar.constrain.rows import Row, Rows, ends_line
from slimgrammar.constrain.stack import Nodes, Stack, Stacks, width

_Key = TypeVar("_Key")
# A mask of 150,000 tokens takes 19 kB, so some 40 MB are kept, and as much for the stacks of each set.
_MOST_MASKS: Final = 2048


@dataclass
class Masks:
    """The masks of one grammar over one vocabulary."""

    parser: Parser
    rows: Rows
    _chosen: dict[tuple[int, int], Bits] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.judge = Judge(self.parser)
        self._none = pack(np.zeros(len(self.rows.tokens), dtype=bool))
        self._buckets: dict[int, Bucket] = {}

    def prepare(self) -> None:
        """Build the buckets of all rows, so that no step has to."""
        for state, row in self.rows.rows.items():
            self._bucket(state, row)

    def bits(self, stacks: Stacks, nodes: Nodes, state: int, blank: bytes, *, first: bool) -> Bits:
        """The tokens that some stack allows.

        Args:
            stacks: the set of the stacks.
            nodes: the stacks.
            state: the lexer's state.
            blank: where it stands inside a line end, the blank text since.
            first: whether that line end is the beginning of the text, which the parser does not see.

        Returns:
            One bit per token, 32 to a word, the lowest bit first; not to be written to.
        """
        if len(nodes) == 1:
            return self._of_stack(stacks, nodes[0], state, blank, first)
        found = self._none
        for node in nodes:
            found = found | self._of_stack(stacks, node, state, blank, first)
        return found

    def _of_stack(self, stacks: Stacks, node: Stack, state: int, blank: bytes, first: bool) -> Bits:
        key = (node, state, blank, first)
        known = stacks.masks.get(key)
        if known is None:
            if len(stacks.masks) >= _MOST_MASKS:
                _drop_older(stacks.masks)
            if self.rows.row(state).by_blank:
                known = self._at_line(stacks, node, state, blank, first)
            else:
                known = self._in_lexeme(stacks, node, state)
            stacks.masks[key] = known
        return known

    def _in_lexeme(self, stacks: Stacks, node: Stack, state: int) -> Bits:
        """The mask inside a lexeme: tokens that its going on allows, and those that start anew when it ends."""
        found, row = self._none, self.rows.row(state)
        if row.groups:
            found = self._choose(state, row, self.judge.suits(self._bucket(state, row), stacks, node))
        lexicon = self.rows.lexicon
        if lexicon.lexeme[state]:
            for after in stacks.take(node, lexicon.lexeme[state], None)[0]:
                found = found | self._fresh(stacks, after, lexicon.resume[state]) & row.fresh
        return found

    def _fresh(self, stacks: Stacks, node: Stack, resume: int) -> Bits:
        """The tokens that may come when a lexeme has just ended, or where the text after it is already in a state."""
        lexicon = self.rows.lexicon
        if resume != DEAD:
            return self._of_stack(stacks, node, resume, b"", False)
        return self._of_stack(stacks, node, lexicon.starts[lexicon.parser_mode[stacks.state[node]]], b"", False)

    def _at_line(self, stacks: Stacks, node: Stack, state: int, blank: bytes, first: bool) -> Bits:
        """The mask inside a line end: each token ends it at some width, if it ends it at all."""
        found, row = self._none, self.rows.row(state)
        # Inside "\r\n" it cannot end.
        for after in self._after_line(stacks, node, blank, first) if self.rows.lexicon.lexeme[state] else ():
            found = found | self._fresh(stacks, after, DEAD) & row.fresh
        bucket = self._bucket(state, row)
        suits: Flags = np.zeros(len(row.groups), dtype=bool)
        if first or stacks.verdict(node, self.rows.end(state)):
            suits[row.by_blank.get(None, [])] = True
        for branch in bucket.branches.values():
            if branch.blank is not None:
                whole = branch.blank if ends_line(branch.blank) else blank + branch.blank
                for after in self._after_line(stacks, node, whole, first):
                    suits[branch.item[self.judge.suits(branch.bucket, stacks, after).flags[branch.rest]]] = True
        return found | self._choose(state, row, self.judge.result(bucket, suits))

    def _after_line(self, stacks: Stacks, node: Stack, blank: bytes, first: bool) -> Nodes:
        """The stacks after a line end and the indentation of the next line."""
        if first:
            return stacks.laid_out((node,), width(blank))
        return stacks.take(node, 1 << self.parser.lexicon.newline, blank)[0]

    def _bucket(self, state: int, row: Row) -> Bucket:
        known = self._buckets.get(state)
        if known is None:
            known = self._buckets[state] = self.judge.bucket(tuple((-1, rest) for rest in row.groups))
        return known

    def _choose(self, state: int, row: Row, suits: Result) -> Bits:
        """The tokens of the groups that suit."""
        key = (state, suits.number)
        known = self._chosen.get(key)
        if known is None:
            if len(self._chosen) >= _MOST_MASKS:
                _drop_older(self._chosen)
            chosen = np.zeros(len(self.rows.tokens), dtype=bool)
            chosen[row.tokens] = suits.flags[row.group_of]
            known = pack(chosen)
            for group, tokens in row.large.items():
                if suits.flags[group]:
                    known |= tokens
            self._chosen[key] = known
        return known


def _drop_older(known: dict[_Key, Bits]) -> None:
    """Drop the older half."""
    for key in list(known)[: len(known) // 2]:
        del known[key]
