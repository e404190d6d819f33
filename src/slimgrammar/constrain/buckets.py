"""Sets of rests judged together: which of them suit a stack, found by looking at as little of the stack as will do.

What begins with the same lexeme is a *branch*: once that lexeme's effect is known, what follows is a smaller bucket, judged on
the stack after it. A *plan* says what the upper states of a stack settle at once, and which branches are pending, because the
stack after their lexeme must be asked: there closing brackets meet again, whatever stood inside them. Plans hang in a tree that
is walked by the states from the top down; so a plan serves every later stack with the same upper part. Equal findings are one
object, so that what follows from them, a mask above all, is found by their numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Final

import numpy as np
from numpy.typing import NDArray

from slimgrammar.constrain.parser import BRACKETED, Parser
from slimgrammar.constrain.stack import Stack, Stacks

Flags = NDArray[np.bool_]
# What a rest begins with: the mode that must read it (-1 for any), the terminals of its first lexeme, and for a line end the
# blank text that follows it.
Start = tuple[int, int, bytes | None]
# A mode that must read on (-1 for any), and what follows.
Item = tuple[int, int]
# With more steps in all trees, the largest is dropped and grows anew: some fifty megabytes.
_MOST_STEPS: Final = 500_000
_STACK_BITS: Final = 32
# A branch is settled by so many of the upper states at most: with more, plans seldom serve again; with fewer, much is pending.
_NEAR: Final = 12


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """Which items of a bucket suit; `number` is its own among all results of an engine."""

    flags: Flags
    number: int


@dataclass(slots=True, eq=False)
class Branch:
    """The items of a bucket that begin with one lexeme.

    Attributes:
        terminals: what the lexeme may be, as bits.
        blank: for a line end, the blank text that follows it.
        bucket: what follows the lexeme.
        item: for each pair, an item of the whole bucket,
        rest: and one of `bucket` that makes it suit.
    """

    terminals: int
    blank: bytes | None
    bucket: Bucket
    item: NDArray[np.intp]
    rest: NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Gate:
    """What follows from the terminals that a stack offers: items that suit as unfinished lexemes, branches that can begin."""

    flags: Flags
    branches: tuple[Start, ...]


@dataclass(slots=True, eq=False)
class Plan:
    """What the upper states of a stack settle about a bucket.

    Attributes:
        settled: what suits for sure.
        pending: branches that must be judged on the stack after their lexeme.
        joined: numbers of the results of pending branches → the whole result.
    """

    settled: Result
    pending: tuple[Branch, ...]
    joined: dict[tuple[int, ...], Result] = field(default_factory=dict)


class Bucket:
    """A set of items, and what was found out about them.

    Attributes:
        items: the items.
        number: its own among all buckets.
        ends: for items that may stop in an unfinished lexeme: (mode, what it can become as bits) → items.
        branches: start → the items that begin with it.
        wanted: the terminals that any item is about, as bits.
        gates: (terminals offered, bracketed, mode) → what follows from them.
        plans: plans by number.
        tree: (node of the tree, state below) → next node, or the plan `n` as `~n`.
        nodes: how many nodes the tree has.
        results: flags → result.
    """

    __slots__ = ("branches", "ends", "gates", "items", "nodes", "number", "plan_numbers", "plans", "results", "tree", "wanted")

    def __init__(self, judge: Judge, items: tuple[Item, ...], number: int) -> None:
        parser = judge.parser
        self.items, self.number, self.wanted = items, number, 0
        self.ends: dict[tuple[int, int], list[int]] = {}
        begun: dict[Start, dict[Item, list[int]]] = {}
        for index, (mode, rest) in enumerate(items):
            becoming, steps = parser.rests[rest]
            if becoming:
                self.ends.setdefault((mode, becoming), []).append(index)
            for terminals, next_mode, following, blank in steps:
                begun.setdefault((mode, terminals, blank), {}).setdefault((next_mode, following), []).append(index)
        self.branches: dict[Start, Branch] = {}
        for start, followers in begun.items():
            pairs = np.array([(index, at) for at, indexes in enumerate(followers.values()) for index in indexes], dtype=np.intp)
            self.branches[start] = Branch(start[1], start[2], judge.bucket(tuple(followers)), pairs[:, 0], pairs[:, 1])
            self.wanted |= start[1]
        for _, becoming in self.ends:
            self.wanted |= parser.wanted_by(becoming)
        self.gates: dict[tuple[int, int, int], Gate] = {}
        self.forget()

    def forget(self) -> None:
        """Drop the tree and its plans."""
        self.results: dict[bytes, Result] = {}
        self.tree: dict[int, int] = {}
        self.nodes = 0
        self.plans: list[Plan] = []
        self.plan_numbers: dict[tuple[int, tuple[Start, ...]], int] = {}


class Judge:
    """All buckets of an engine."""

    def __init__(self, parser: Parser) -> None:
        """Judge by a parser's moves."""
        self.parser = parser
        self._buckets: dict[tuple[Item, ...], Bucket] = {}
        self._numbers, self._bucket_numbers = count(), count()
        self._steps = 0
        self._span = len(BRACKETED) * len(parser.tables.shifts)

    def bucket(self, items: tuple[Item, ...]) -> Bucket:
        """The bucket of some items."""
        known = self._buckets.get(items)
        if known is None:
            known = self._buckets[items] = Bucket(self, items, next(self._bucket_numbers))
        return known

    def suits(self, bucket: Bucket, stacks: Stacks, stack: Stack) -> Result:
        """Which items of a bucket suit a stack."""
        key = bucket.number << _STACK_BITS | stack
        known: Result | None = stacks.results.get(key)
        if known is None:
            plan, _ = self._plan(bucket, stacks, stack)
            known = stacks.results[key] = self._joined(bucket, plan, stacks, stack) if plan.pending else plan.settled
        return known

    def _joined(self, bucket: Bucket, plan: Plan, stacks: Stacks, stack: Stack) -> Result:
        """The result of a plan with what is pending judged on the stacks after it."""
        found = [
            [self.suits(branch.bucket, stacks, after) for after in stacks.take(stack, branch.terminals, branch.blank)[0]]
            for branch in plan.pending
        ]
        key = tuple(part for results in found for part in (-1, *(result.number for result in results)))
        known = plan.joined.get(key)
        if known is None:
            flags = plan.settled.flags.copy()
            for branch, results in zip(plan.pending, found, strict=True):
                for result in results:
                    flags[branch.item[result.flags[branch.rest]]] = True
            known = plan.joined[key] = self.result(bucket, flags)
        return known

    def result(self, bucket: Bucket, flags: Flags) -> Result:
        """The one result that says this about a bucket."""
        key = flags.tobytes()
        known = bucket.results.get(key)
        if known is None:
            known = bucket.results[key] = Result(flags, next(self._numbers))
        return known

    def _plan(self, bucket: Bucket, stacks: Stacks, stack: Stack) -> tuple[Plan, int]:
        """The plan for a stack, and the floor of what it looked at."""
        tree, places, below, span = bucket.tree, stacks.places, stacks.below, self._span
        node, lower = 0, stack
        while node >= 0:
            step = tree.get(node * span + places[lower])
            if step is None:
                return self._new_plan(bucket, stacks, stack)
            node, lower = step, below[lower]
        return bucket.plans[~node], stacks.height[lower] if lower >= 0 else 0

    def _new_plan(self, bucket: Bucket, stacks: Stacks, stack: Stack) -> tuple[Plan, int]:
        bits, floor = stacks.offered(stack, bucket.wanted)
        gate = self._gate(bucket, bits, stacks.bracketed[stack], self.parser.lexicon.parser_mode[stacks.state[stack]])
        flags = gate.flags.copy()
        pending: list[Start] = []
        deepest = min(floor, stacks.height[stack] - _NEAR)
        for start in gate.branches:
            lowest = self._settle(bucket.branches[start], stacks, stack, deepest, flags)
            if lowest < 0:
                pending.append(start)
            else:
                floor = min(floor, lowest)
        self._make_room()
        settled = self.result(bucket, flags)
        key = (settled.number, tuple(pending))
        number = bucket.plan_numbers.get(key)
        if number is None:
            number = bucket.plan_numbers[key] = len(bucket.plans)
            bucket.plans.append(Plan(settled, tuple(bucket.branches[start] for start in pending)))
        self._plant(bucket, stacks, stack, floor, ~number)
        return bucket.plans[number], floor

    def _plant(self, bucket: Bucket, stacks: Stacks, stack: Stack, floor: int, leaf: int) -> None:
        """Put a plan into the tree, below the states that it looked at."""
        node, before = 0, len(bucket.tree)
        while stacks.height[stack] > floor + 1:
            key = node * self._span + stacks.places[stack]
            if key not in bucket.tree:
                bucket.nodes += 1
                bucket.tree[key] = bucket.nodes
            node, stack = bucket.tree[key], stacks.below[stack]
        bucket.tree[node * self._span + stacks.places[stack]] = leaf
        self._steps += len(bucket.tree) - before

    def _make_room(self) -> None:
        while self._steps > _MOST_STEPS:
            largest = max(self._buckets.values(), key=lambda known: len(known.tree))
            self._steps -= len(largest.tree)
            largest.forget()

    def _gate(self, bucket: Bucket, bits: int, bracketed: int, mode: int) -> Gate:
        key = (bits, bracketed, mode)
        known = bucket.gates.get(key)
        if known is None:
            flags = np.zeros(len(bucket.items), dtype=bool)
            for (wanted, becoming), items in bucket.ends.items():
                if wanted in (-1, mode) and self.parser.useful(becoming, bits, bracketed=bracketed):
                    flags[items] = True
            begins = self.parser.usable(bits, bracketed) | self.parser.lexicon.ignored
            branches = tuple(start for start in bucket.branches if start[0] in (-1, mode) and start[1] & begins)
            known = bucket.gates[key] = Gate(flags, branches)
        return known

    def _settle(self, branch: Branch, stacks: Stacks, stack: Stack, deepest: int, flags: Flags) -> int:
        """Judge a branch by the states above a floor; the floor of what it looked at, or -1 where that is not enough."""
        nodes, floor = stacks.take(stack, branch.terminals, branch.blank)
        found = []
        for after in nodes:
            plan, lowest = self._plan(branch.bucket, stacks, after)
            floor = min(floor, lowest)
            if plan.pending:
                return -1
            found.append(plan.settled)
        if floor < deepest:
            return -1
        for result in found:
            flags[branch.item[result.flags[branch.rest]]] = True
        return floor
