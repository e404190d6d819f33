"""Sets of rests judged together: which of them suit a stack, found by looking at as little of the stack as will do.

A bucket is judged on the top state of a stack alone; what needs to see more, on two states, and so on. The findings hang in a
tree whose branches are the states from the top down, and serve every later stack with the same upper part. Rests that begin
with
the same lexeme share a branch: once that lexeme's effect is known, what follows is a smaller bucket, judged on the stack after
it. There closing brackets meet again, whatever stood inside them.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from slimgrammar.constrain.stack import DEEPER, LAYOUT, NO, YES, Node, Parser

Flags = NDArray[np.bool_]
# What a rest begins with: the terminals of a lexeme, and for a line end the blank text that follows it.
First = tuple[int, bytes | None]
# A mode that must read on (-1 for any), and what follows.
Item = tuple[int, int]
# How deep to look before what follows a lexeme is judged on the real stack after it: each look may be a new one, each judgement
# costs.
_PATIENCE: Final = 6
# A stack that must be seen deeper than this is judged as it is.
_DEEPEST: Final = 64
# With more findings than this the trees are dropped and grow anew: about a hundred megabytes.
MOST_LEVELS: Final = 40_000


# A first lexeme, and the mode that the stack before it must be in.
Start = tuple[int, First]


class Branch:
    """The items of a bucket that begin with one lexeme.

    Attributes:
        bucket: what follows the lexeme.
        item: for each pair, an item of the whole bucket,
        rest: and one of `bucket` that makes it suit.
    """

    __slots__ = ("bucket", "item", "rest")

    def __init__(self, bucket: Bucket, pairs: list[tuple[int, int]]) -> None:
        self.bucket = bucket
        self.item = np.array([item for item, _ in pairs], dtype=np.int32)
        self.rest = np.array([rest for _, rest in pairs], dtype=np.int32)


class Level:
    """What is known of a bucket once the upper states of a stack are known.

    Attributes:
        suits: item → whether it suits for sure.
        ends: unfinished lexemes that need more states: (mode, what they can become as bits).
        unsure: first lexemes that need more states.
        after: first lexemes whose items are to be judged on the real stack after them.
        kids: next state down, and whether it stands inside a bracket → the level that knows it too.
    """

    __slots__ = ("after", "ends", "kids", "suits", "unsure")

    def __init__(self, suits: Flags, ends: list[tuple[int, int]], unsure: list[Start], after: list[Start]) -> None:
        self.suits, self.ends, self.unsure, self.after = suits, ends, unsure, after
        self.kids: dict[int, Level] = {}


class Bucket:
    """A set of items, and what was found out about them.

    Attributes:
        items: the items.
        ends: for items that may stop in an unfinished lexeme: (mode, what it can become as bits) → items.
        branches: first lexeme → the items that begin with it.
        root: what is known of them without a stack.
    """

    __slots__ = ("branches", "ends", "items", "root")

    def __init__(self, judge: Judge, items: tuple[Item, ...]) -> None:
        self.items = items
        self.ends: dict[tuple[int, int], list[int]] = {}
        begun: dict[Start, dict[Item, list[int]]] = {}
        for index, (mode, rest) in enumerate(items):
            becoming, steps = judge.parser.rests[rest]
            if becoming:
                self.ends.setdefault((mode, becoming), []).append(index)
            for terminals, next_mode, following, blank in steps:
                begun.setdefault((mode, (terminals, blank)), {}).setdefault((next_mode, following), []).append(index)
        self.branches: dict[Start, Branch] = {}
        for start, followers in begun.items():
            pairs = [(index, number) for number, indexes in enumerate(followers.values()) for index in indexes]
            self.branches[start] = Branch(judge.bucket(tuple(followers)), pairs)
        self.forget()

    def forget(self) -> None:
        """Drop all findings."""
        self.root = Level(np.zeros(len(self.items), dtype=bool), list(self.ends), list(self.branches), [])


class Judge:
    """All buckets of an engine."""

    def __init__(self, parser: Parser) -> None:
        """Judge by a parser's moves."""
        self.parser = parser
        self.levels = 0
        self._buckets: dict[tuple[Item, ...], Bucket] = {}

    def bucket(self, items: tuple[Item, ...]) -> Bucket:
        """The bucket of some items."""
        known = self._buckets.get(items)
        if known is None:
            known = self._buckets[items] = Bucket(self, items)
        return known

    def suits(self, bucket: Bucket, node: Node) -> Flags:
        """Which items of a bucket suit a stack; not to be written to."""
        if self.levels > MOST_LEVELS:
            self.levels = 0
            for known in self._buckets.values():
                known.forget()
        level = self._descend(bucket, node)
        if not (level.after or level.unsure or level.ends):
            return level.suits
        found = level.suits.copy()
        mode = self.parser.lexicon.parser_mode[node.state]
        for wanted, becoming in level.ends:
            if wanted in (-1, mode) and self.parser.unfinished(node, becoming) == YES:
                found[bucket.ends[wanted, becoming]] = True
        for start in (*level.after, *level.unsure):
            wanted, (terminals, blank) = start
            if wanted in (-1, mode):
                self._add(found, bucket.branches[start], self.parser.take(node, terminals, blank)[0])
        return found

    def _add(self, found: Flags, branch: Branch, nodes: tuple[Node, ...]) -> None:
        for node in nodes:
            suits = self.suits(branch.bucket, node)
            found[branch.item[suits[branch.rest]]] = True

    def _descend(self, bucket: Bucket, node: Node) -> Level:
        """The level that knows as much of a stack as it needs, or as there is."""
        level = bucket.root
        below: Node | None = node
        depth = 0
        while (level.unsure or level.ends) and below is not None and depth < _DEEPEST:
            if below.inside is None:
                break
            depth += 1
            place = below.state * 2 + below.inside
            kid = level.kids.get(place)
            if kid is None:
                kid = level.kids[place] = self._deeper(bucket, level, self.parser.open_stack(node, depth), depth)
            level, below = kid, below.parent
        return level

    def _deeper(self, bucket: Bucket, level: Level, known: Node, depth: int) -> Level:
        """What one more state of the stack tells."""
        self.levels += 1
        suits = level.suits.copy()
        ends: list[tuple[int, int]] = []
        unsure: list[Start] = []
        after = list(level.after)
        mode = self.parser.lexicon.parser_mode[known.state]
        for wanted, becoming in level.ends:
            verdict = self.parser.unfinished(known, becoming) if wanted in (-1, mode) else NO
            if verdict == YES:
                suits[bucket.ends[wanted, becoming]] = True
            elif verdict == DEEPER:
                ends.append((wanted, becoming))
        for start in level.unsure:
            if start[0] in (-1, mode):
                verdict = self._follow(bucket.branches[start], start[1], known, suits)
                if verdict == DEEPER:
                    unsure.append(start)
                elif verdict == LAYOUT:
                    (unsure if depth < _PATIENCE else after).append(start)
        return Level(suits, ends, unsure, after)

    def _follow(self, branch: Branch, first: First, known: Node, suits: Flags) -> int:
        """Judge the items of a branch on an open stack: `DEEPER` and `LAYOUT` where that is not enough."""
        nodes, doubt = self.parser.take(known, *first)
        if doubt != NO:
            return doubt
        for node in nodes:
            level = self._descend(branch.bucket, node)
            if level.unsure or level.ends or level.after:
                return LAYOUT
            suits[branch.item[level.suits[branch.rest]]] = True
        return NO
