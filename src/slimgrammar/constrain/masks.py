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

from slimgrammar.constrain.rows import Row, Rows, ends_line
from slimgrammar.constrain.stack import DEEPER, LAYOUT, YES, Node, Nodes, Parser, width

Bits = NDArray[np.uint32]
_DEEPEST: Final = 48


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
        key = (state, blank, first)
        known = node.masks.get(key)
        if known is None:
            row = self.rows.row(state)
            known = self._at_line(node, row, state, blank, first) if row.by_blank else self._judged(node, row, state, None)
            node.masks[key] = known
        return known

    def _at_line(self, node: Node, row: Row, state: int, blank: bytes, first: bool) -> Bits:
        """The mask inside a line end: each group ends it at some width, if it ends it at all."""
        found = self._none
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
        level = self._descend(node, row, self._root(row, state, added), added is not None)
        bits = self._packed(level, row)
        rest = level.real + level.pending
        allowed = [group for group in rest if self._verdict(node, row, group, added is not None) == YES]
        if not allowed:
            return bits
        accepted = level.accepted.copy()
        accepted[allowed] = True
        return pack(accepted[row.group_of])

    def _root(self, row: Row, state: int, added: bytes | None) -> Level:
        key = (state, added)
        level = self._roots.get(key)
        if level is None:
            groups = row.by_blank[added] if added is not None else list(range(1, len(row.groups)))
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
            level.packed = pack(level.accepted[row.group_of])
        return level.packed


def pack(allowed: NDArray[np.bool_]) -> Bits:
    """Booleans as bits, 32 to a word, the lowest bit first.

    >>> pack(np.array([True, False, True])).tolist()
    [5]
    """
    packed = np.packbits(allowed, bitorder="little")
    padded = np.zeros(-(-len(allowed) // 32) * 4, dtype=np.uint8)
    padded[: len(packed)] = packed
    return padded.view("<u4").astype(np.uint32, copy=False)
