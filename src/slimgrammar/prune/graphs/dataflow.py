"""Reaching definitions: which writes of a variable may still hold where it is read.

Sets of definitions are bits of integers, one bit a definition, iterated over the graph until nothing changes. A change through
an object (`x.y = 1`, `x[i] = 1`) adds a definition of `x` and ends none. In a function of more than `MOST` nodes, where those
sets would cost quadratic memory, a read depends on the nearest earlier write only.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from slimgrammar.prune.graphs.flow import ENTRY, FlowGraph

if TYPE_CHECKING:
    from slimgrammar.prune.program import Program

MOST: Final = 4000
# Reads with more sources than this keep the nearest ones: a table of a thousand writes and reads has a million edges otherwise.
_WIDEST: Final = 32


@dataclass(slots=True)
class Names:
    """The variables of a program, in the order of the text: where each stands, its name, and what is done to it."""

    starts: list[int]
    texts: list[str]
    writes: list[bool]
    reads: list[bool]
    ends_others: list[bool]
    declared: list[bool]


def names(program: Program) -> Names:
    """All mentions of variables; members, labels and types are none."""
    flow = program.flow
    written, changed, mutated, members = (
        {node.start_byte for node in flow.get(name, ())} for name in ("write", "change", "mutate", "member")
    )
    mentions = [
        (node.start_byte, node.end_byte)
        for node in program.captures.get("identifier", ())
        if node.start_byte not in members or node.start_byte in written
    ]
    mentions.sort()
    starts = [start for start, _ in mentions]
    both = changed | mutated
    return Names(
        starts,
        [program.text[start:end] for start, end in mentions],
        [start in written or start in both for start in starts],
        [start not in written or start in changed for start in starts],
        [start not in mutated for start in starts],
        [start in program.definition_starts for start in starts],
    )


@dataclass(slots=True)
class Access:
    """What one node of a graph does to variables; `keeps` are those whose earlier definitions stay."""

    reads: set[str]
    writes: set[str]
    keeps: set[str]


def accesses(graph: FlowGraph, known: Names) -> list[Access]:
    """The variables that each node reads and writes."""
    found = []
    for (start, end), label in zip(graph.spans, graph.labels, strict=True):
        declaration = label in ("function", "class")  # its parameters are written inside, not here
        access = Access(set(), set(), set())
        for at in range(bisect_left(known.starts, start), bisect_left(known.starts, end)):
            name = known.texts[at]
            if known.reads[at]:
                access.reads.add(name)
            if known.writes[at] and (known.declared[at] or not declaration):
                access.writes.add(name)
                if not known.ends_others[at]:
                    access.keeps.add(name)
        found.append(access)
    return found


def data_dependence(graph: FlowGraph, access: list[Access]) -> list[list[int]]:
    """The nodes whose writes may reach a read of each node."""
    return _nearest(access) if len(access) > MOST else _reaching(graph, access)


def _nearest(access: list[Access]) -> list[list[int]]:
    last: dict[str, int] = {}
    found: list[list[int]] = []
    for node, one in enumerate(access):
        found.append(sorted({last[name] for name in one.reads if name in last}))
        last.update(dict.fromkeys(one.writes, node))
    return found


def _reaching(graph: FlowGraph, access: list[Access]) -> list[list[int]]:
    sources, masks, made, ended = _definitions(access)
    before = _entering(graph, made, ended)
    found: list[list[int]] = []
    for node, one in enumerate(access):
        reached: set[int] = set()
        for name in one.reads:
            bits = before[node] & masks.get(name, 0)
            for _ in range(_WIDEST):
                if not bits:
                    break
                highest = bits.bit_length() - 1
                reached.add(sources[highest])
                bits ^= 1 << highest
        found.append(sorted(reached))
    return found


def _definitions(access: list[Access]) -> tuple[list[int], dict[str, int], list[int], list[int]]:
    """The node of each definition; the bits of each name; the bits that each node makes, and those that it ends."""
    sources: list[int] = []
    masks: dict[str, int] = {}
    made: list[int] = []
    for node, one in enumerate(access):
        bits = 0
        for name in sorted(one.writes):
            bit = 1 << len(sources)
            sources.append(node)
            masks[name] = masks.get(name, 0) | bit
            bits |= bit
        made.append(bits)
    ended = []
    for one in access:
        bits = 0
        for name in one.writes - one.keeps:
            bits |= masks[name]
        ended.append(bits)
    return sources, masks, made, ended


def _entering(graph: FlowGraph, made: list[int], ended: list[int]) -> list[int]:
    """The definitions that may hold when each node begins."""
    before = [0] * len(made)
    after = [0] * len(made)
    waiting = [True] * len(made)
    pending = _in_order(graph)[::-1]
    for node in pending:
        waiting[node] = True
    while pending:
        node = pending.pop()
        waiting[node] = False
        left = before[node] & ~ended[node] | made[node] if ended[node] or made[node] else before[node]
        if left == after[node] and node != ENTRY:
            continue
        after[node] = left
        for target, _ in graph.next[node]:
            joined = before[target] | left
            if joined != before[target]:
                before[target] = joined
                if not waiting[target]:
                    waiting[target] = True
                    pending.append(target)
    return before


def _in_order(graph: FlowGraph) -> list[int]:
    """The nodes in reverse postorder from the entry, so that most definitions arrive before they are passed on."""
    seen = [False] * len(graph.next)
    seen[ENTRY] = True
    finished: list[int] = []
    stack = [(ENTRY, iter(graph.next[ENTRY]))]
    while stack:
        node, rest = stack[-1]
        for target, _ in rest:
            if not seen[target]:
                seen[target] = True
                stack.append((target, iter(graph.next[target])))
                break
        else:
            finished.append(node)
            stack.pop()
    return finished[::-1]
