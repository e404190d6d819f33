"""`slice`: what a line or a name depends on in the dependence graph; the nearer, the longer it is kept.

Without a budget it keeps exactly the slice. The headers of functions and classes around it, and what stands outside all
functions and defines a name that the slice reads, belong to it.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from slimgrammar.errors import SlimError
from slimgrammar.prune.elements import Ints
from slimgrammar.prune.graphs.flow import ENTRY
from slimgrammar.prune.graphs.pdg import Dependence, backward, dependences
from slimgrammar.prune.methods.base import Options, Ranking, with_lines
from slimgrammar.prune.places import SIGNATURE
from slimgrammar.prune.program import Program
from slimgrammar.vocab import Vocabulary

REASONS: Final = ("the criterion does not depend on it", "depended on")
_FAR: Final = 1 << 20


class BadCriterion(SlimError, ValueError):
    """A slice needs a line or a name that the program holds."""


def backward_slice(program: Program, options: Options, vocab: Vocabulary) -> Ranking:
    """Rank by the distance in the graph from what was asked for.

    Raises:
        BadCriterion: `options.criterion` is missing, or the program has no such line or name.
    """
    distance = distances(program, options.criterion)
    count = len(program.kinds)
    nearness = np.asarray(-distance * float(count) - np.arange(count), dtype=np.float64)
    values = with_lines(nearness, program)
    return Ranking(values, REASONS, np.where(distance < _FAR, 1, 0), layout=True, natural=-float(_FAR - 1) * count)


def distances(program: Program, criterion: str | int | None) -> Ints:
    """How many dependences lie between the criterion and each element; `_FAR` where none do."""
    spans = _criterion(program, criterion)
    found = np.full(len(program.kinds), _FAR, dtype=np.int64)
    graphs = dependences(program)
    wanted: set[str] = set()
    for graph in graphs[1:]:
        wanted |= _mark(program, graph, _touched(graph, spans), found)
    outside = graphs[0]
    defining = {node for node, access in enumerate(outside.access) if wanted & access.writes and node != ENTRY}
    _mark(program, outside, _touched(outside, spans) | defining, found)
    reached = np.unique(program.functions[found < _FAR])
    headers = (program.flags & SIGNATURE > 0) & (np.isin(program.functions, reached) | (program.functions == 0))
    found[headers] = np.minimum(found[headers], 1)
    return found


def _criterion(program: Program, criterion: str | int | None) -> list[tuple[int, int]]:
    """The places in the text that the criterion names."""
    if criterion is None:
        raise BadCriterion("a slice needs a criterion: a line number or a name")
    if isinstance(criterion, int) or criterion.isdigit():
        lines = program.text.split("\n")
        number = int(criterion)
        if not 1 <= number <= len(lines):
            raise BadCriterion(f"there is no line {number}: the program has {len(lines)}")
        start = sum(len(line) + 1 for line in lines[: number - 1])
        return [(start, start + len(lines[number - 1]) + 1)]
    places = sorted(
        (node.start_byte, node.end_byte)
        for node in program.captures.get("identifier", ())
        if program.text[node.start_byte : node.end_byte] == criterion
    )
    if not places:
        raise BadCriterion(f"the program has no name {criterion!r}")
    return places


def _touched(dependence: Dependence, spans: list[tuple[int, int]]) -> set[int]:
    """The nodes of a graph that overlap one of these spans (sorted, disjoint)."""
    starts = np.array([start for start, _ in spans])
    ends = np.array([end for _, end in spans])
    found = set()
    for node, (start, end) in enumerate(dependence.graph.spans):
        at = int(np.searchsorted(ends, start, side="right"))
        if at < len(starts) and starts[at] < end:
            found.add(node)
    return found


def _mark(program: Program, dependence: Dependence, criterion: set[int], found: Ints) -> set[str]:
    """Write the distances of a slice into `found`; the names that it reads."""
    read: set[str] = set()
    for node, far in backward(dependence, criterion).items():
        within = program.elements_of(*dependence.graph.spans[node])
        found[within.start : within.stop] = np.minimum(found[within.start : within.stop], far)
        read |= dependence.access[node].reads
    return read
