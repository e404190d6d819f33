"""The program dependence graph: control and data dependence of all functions of a program, and slices through it."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slimgrammar.prune.graphs.cfg import flow_graph
from slimgrammar.prune.graphs.dataflow import Access, accesses, data_dependence, names
from slimgrammar.prune.graphs.dominators import control_dependence, post_dominators
from slimgrammar.prune.graphs.flow import ENTRY, EXIT, FlowGraph

if TYPE_CHECKING:
    from slimgrammar.prune.program import Program


@dataclass(slots=True)
class Dependence:
    """One function's control-flow graph, and on what each of its nodes depends.

    Attributes:
        graph: the control-flow graph.
        control: for each node, the branches that decide whether it runs; the entry, where none does.
        data: for each node, the nodes that write what it reads.
        access: for each node, the variables that it reads and writes.
    """

    graph: FlowGraph
    control: list[list[int]]
    data: list[list[int]]
    access: list[Access]


def flow_graphs(program: Program) -> list[FlowGraph]:
    """The control-flow graph of the statements outside all functions (first), and of every function, in the order of the
    text."""
    return list(_each_graph(program))


def _each_graph(program: Program) -> Iterator[FlowGraph]:
    wanted = {node.id: node for name in ("function", "closure") for node in program.captures.get(name, ())}
    inner = sorted(wanted.values(), key=lambda node: (node.start_byte, -node.end_byte))
    declared = sorted(
        (node.start_byte, program.text[node.start_byte : node.end_byte]) for node in program.captures.get("name", ())
    )
    yield flow_graph(program, None)
    for node in inner:
        graph = flow_graph(program, node)
        graph.name = _name(declared, *graph.spans[ENTRY])
        yield graph


def _name(declared: list[tuple[int, str]], start: int, end: int) -> str:
    """The first name that is declared in a function's header, "" for none."""
    at = bisect_left(declared, (start, ""))
    return declared[at][1] if at < len(declared) and declared[at][0] < end else ""


def dependences(program: Program) -> list[Dependence]:
    """The dependence graphs of all functions of a program; see `flow_graphs`."""
    return list(each_dependence(program))


def each_dependence(program: Program) -> Iterator[Dependence]:
    """`dependences`, one by one: of a long program all together take a lot of memory."""
    known = names(program)
    for graph in _each_graph(program):
        access = accesses(graph, known)
        control = control_dependence(graph, post_dominators(graph))
        for node, branches in enumerate(control):
            if not branches and node not in (ENTRY, EXIT):
                branches.append(ENTRY)
        yield Dependence(graph, control, data_dependence(graph, access), access)


def backward(dependence: Dependence, criterion: Iterable[int]) -> dict[int, int]:
    """All nodes on which those of `criterion` depend, themselves included, and over how many edges at least."""
    distance = dict.fromkeys(criterion, 0)
    pending = deque(distance)
    while pending:
        node = pending.popleft()
        for source in (*dependence.control[node], *dependence.data[node]):
            if source not in distance:
                distance[source] = distance[node] + 1
                pending.append(source)
    return distance
