"""Which tokens may come next, as bits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from slimgrammar.constrain.buckets import Bucket, Flags, Judge
from slimgrammar.constrain.lexer import DEAD
from slimgrammar.constrain.packing import Bits, pack
from slimgrammar.constrain.rows import Row, Rows, ends_line
from slimgrammar.constrain.stack import YES, Node, Nodes, Parser, width

# A mask of 150,000 tokens takes 19 kB, so some 80 MB are kept.
_MOST_MASKS: Final = 4096


@dataclass
class Masks:
    """The masks of one grammar over one vocabulary."""

    parser: Parser
    rows: Rows
    _known: dict[tuple[Node, int, bytes, bool], Bits] = field(default_factory=dict)
    _chosen: dict[tuple[int, bytes], Bits] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.judge = Judge(self.parser)
        self._none = pack(np.zeros(len(self.rows.tokens), dtype=bool))
        self._buckets: dict[int, Bucket] = {}

    def bits(self, nodes: Nodes, state: int, blank: bytes, *, first: bool) -> Bits:
        """The tokens that some stack allows.

        Args:
            nodes: the stacks.
            state: the lexer's state.
            blank: where it stands inside a line end, the blank text since.
            first: whether that line end is the beginning of the text, which the parser does not see.

        Returns:
            One bit per token, 32 to a word, the lowest bit first; not to be written to.
        """
        if len(nodes) == 1:
            return self._of_node(nodes[0], state, blank, first)
        found = self._none
        for node in nodes:
            found = found | self._of_node(node, state, blank, first)
        return found

    def _of_node(self, node: Node, state: int, blank: bytes, first: bool) -> Bits:
        key = (node, state, blank, first)
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _MOST_MASKS:
                self._known.clear()
            row = self.rows.row(state)
            known = self._at_line(node, row, state, blank, first) if row.by_blank else self._in_lexeme(node, row, state)
            self._known[key] = known
        return known

    def _in_lexeme(self, node: Node, row: Row, state: int) -> Bits:
        """The mask inside a lexeme: tokens that its going on allows, and those that start anew when it ends."""
        found = self._choose(state, row, self.judge.suits(self._bucket(state, row), node)) if row.groups else self._none
        lexicon = self.rows.lexicon
        if lexicon.lexeme[state]:
            for after in self.parser.take(node, lexicon.lexeme[state], None)[0]:
                found = found | self._fresh(after, lexicon.resume[state]) & row.fresh
        return found

    def _fresh(self, node: Node, resume: int) -> Bits:
        """The tokens that may come when a lexeme has just ended, or where the text after it is already in a state."""
        lexicon = self.rows.lexicon
        if resume != DEAD:
            return self._of_node(node, resume, b"", False)
        return self._of_node(node, lexicon.starts[lexicon.parser_mode[node.state]], b"", False)

    def _at_line(self, node: Node, row: Row, state: int, blank: bytes, first: bool) -> Bits:
        """The mask inside a line end: each token ends it at some width, if it ends it at all."""
        found = self._none
        # Inside "\r\n" it cannot end.
        for after in self._after_line(node, blank, first) if self.rows.lexicon.lexeme[state] else ():
            found = found | self._fresh(after, DEAD) & row.fresh
        bucket = self._bucket(state, row)
        suits: Flags = np.zeros(len(row.groups), dtype=bool)
        if first or self.parser.verdict(node, self.rows.end(state)) == YES:
            suits[row.by_blank.get(None, [])] = True
        for (_, (_, added)), branch in bucket.branches.items():
            if added is not None:
                whole = added if ends_line(added) else blank + added
                for after in self._after_line(node, whole, first):
                    suits[branch.item[self.judge.suits(branch.bucket, after)[branch.rest]]] = True
        return found | self._choose(state, row, suits)

    def _after_line(self, node: Node, blank: bytes, first: bool) -> Nodes:
        """The stacks after a line end and the indentation of the next line."""
        if first:
            return self.parser.laid_out((node,), width(blank))
        return self.parser.take(node, 1 << self.parser.lexicon.newline, blank)[0]

    def _bucket(self, state: int, row: Row) -> Bucket:
        known = self._buckets.get(state)
        if known is None:
            known = self._buckets[state] = self.judge.bucket(tuple((-1, rest) for rest in row.groups))
        return known

    def _choose(self, state: int, row: Row, suits: Flags) -> Bits:
        """The tokens of the groups that suit."""
        key = (state, suits.tobytes())
        known = self._chosen.get(key)
        if known is None:
            if len(self._chosen) >= _MOST_MASKS:
                self._chosen.clear()
            chosen = np.zeros(len(self.rows.tokens), dtype=bool)
            chosen[row.tokens] = suits[row.group_of]
            known = pack(chosen)
            for group, tokens in row.large.items():
                if suits[group]:
                    known |= tokens
            self._chosen[key] = known
        return known
