"""Which tokens a stack allows, found by looking at as little of the stack as will do.

For one lexer state, the groups of its row are judged on the top state of the stack alone; groups that need to see more are judged on
two states, and so on. What was found hangs in a tree whose branches are the states from the top down, so that it serves every
later stack with the same upper part. Groups that depend on the width of a line, and those that look very far down, are judged
on the real stack.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from slimgrammar.constrain.lexer import DEAD
from slimgrammar.constrain.packing import Bits, pack
from slimgrammar.constrain.rows import Row, Rows, ends_line
from slimgrammar.constrain.stack import DEEPER, LAYOUT, YES, Node, Nodes, Parser, width

_DEEPEST: Final = 48
# A mask of 150,000 tokens takes 19 kB; so some 80 MB of them are kept, and as much in levels.
_MOST_MASKS: Final = 4096
_MOST_LEVELS: Final = 20_000


class Level:
    """What is known of a row's groups once the upper states of a stack are known.

    Attributes:
        accepted: group → whether it is allowed for sure.
        pending: groups that depend on further states.
        real: groups to be judged on the real stack.
        kids: next state down, and whether it stands inside a bracket → the level that knows it too.
        packed: the allowed tokens as bits, once asked for.
    """

    __slots__ = ("accepted", "kids", "packed", "pending", "real")

    def __init__(self, accepted: NDArray[np.bool_], pending: list[int], real: list[int]) -> None:
        self.accepted, self.pending, self.real = accepted, pending, real
        self.kids: dict[int, Level] = {}
        self.packed: Bits | None = None


@dataclass
class Masks:
    """The masks of one grammar over one vocabulary."""

    parser: Parser
    rows: Rows

    def __post_init__(self) -> None:
        self._roots: dict[tuple[int, bytes | None], Level] = {}
        self._known: dict[tuple[Node, int, bytes, bool], Bits] = {}
        self._levels = 0
        self._none = pack(np.zeros(len(self.rows.tokens), dtype=bool))

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
        found = self._judged(node, row, state, None)
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
        for after in self.after_line(node, blank, first):
            found = found | self._fresh(after, DEAD) & row.fresh
        for added, groups in row.by_blank.items():
            if added is None:
                found = found | self._going_on(node, row, state, groups, first)
                continue
            whole = added if ends_line(added) else blank + added
            for after in self.after_line(node, whole, first):
                found = found | self._judged(after, row, state, added)
        return found

    def after_line(self, node: Node, blank: bytes, first: bool) -> Nodes:
        """The stacks after a line end and the indentation of the next line."""
        if first:
            return self.parser.laid_out((node,), width(blank))
        return self.parser.take(node, 1 << self.parser.lexicon.newline, blank)[0]

    def _going_on(self, node: Node, row: Row, state: int, groups: list[int], first: bool) -> Bits:
        """The tokens that only lengthen a line end, where one is allowed."""
        if not first and self.parser.verdict(node, self.rows.end(state)) != YES:
            return self._none
        key = (state, None)
        if key not in self._roots:
            accepted = np.zeros(len(row.groups), dtype=bool)
            accepted[groups] = True
            self._roots[key] = Level(accepted, [], [])
        return self._packed(self._roots[key], row)

    def _judged(self, node: Node, row: Row, state: int, added: bytes | None) -> Bits:
        """The tokens of a row, or of the part of it that ends a line with `added`, that a stack allows."""
        if not row.groups:
            return self._none
        level = self._descend(node, row, self._root(row, state, added), added is not None)
        rest = level.real + level.pending
        allowed = [group for group in rest if self._verdict(node, row, group, added is not None) == YES]
        if not allowed:
            return self._packed(level, row)
        accepted = level.accepted.copy()
        accepted[allowed] = True
        return self._chosen(accepted, row)

    def _root(self, row: Row, state: int, added: bytes | None) -> Level:
        key = (state, added)
        level = self._roots.get(key)
        if level is None:
            groups = row.by_blank[added] if added is not None else list(range(len(row.groups)))
            level = self._roots[key] = Level(np.zeros(len(row.groups), dtype=bool), groups, [])
        return level

    def _descend(self, node: Node, row: Row, level: Level, after_line: bool) -> Level:
        below: Node | None = node
        depth = 0
        while level.pending and below is not None and depth < _DEEPEST:
            depth += 1
            place = below.state * 2 + bool(below.inside)
            kid = level.kids.get(place)
            if kid is None:
                kid = level.kids[place] = self._deeper(node, row, level, depth, after_line)
            level, below = kid, below.parent
        return level

    def _deeper(self, node: Node, row: Row, level: Level, depth: int, after_line: bool) -> Level:
        self._levels += 1
        if self._levels > _MOST_LEVELS:
            self._levels = 0
            self._roots.clear()
        known = self.parser.open_stack(node, depth)
        accepted = level.accepted.copy()
        pending, real = [], list(level.real)
        for group in level.pending:
            verdict = self._verdict(known, row, group, after_line)
            if verdict == YES:
                accepted[group] = True
            elif verdict == DEEPER:
                pending.append(group)
            elif verdict == LAYOUT:
                real.append(group)
        return Level(accepted, pending, real)

    def _verdict(self, node: Node, row: Row, group: int, after_line: bool) -> int:
        rest = row.groups[group]
        if not after_line:
            return self.parser.verdict(node, rest)
        # The line end itself has been dealt with.
        answers = [
            self.parser.verdict(node, after)
            for _, mode, after, _ in self.parser.rests[rest][1]
            if mode == self.parser.lexicon.parser_mode[node.state]
        ]
        return YES if YES in answers else max(answers, default=0)

    def _packed(self, level: Level, row: Row) -> Bits:
        if level.packed is None:
            level.packed = self._chosen(level.accepted, row)
        return level.packed

    def _chosen(self, accepted: NDArray[np.bool_], row: Row) -> Bits:
        """The tokens of the accepted groups."""
        chosen = np.zeros(len(self.rows.tokens), dtype=bool)
        chosen[row.tokens] = accepted[row.group_of]
        bits = pack(chosen)
        for group, tokens in row.large.items():
            if accepted[group]:
                bits |= tokens
        return bits
