"""Post-dominators and control dependence of a control-flow graph.

Node `d` post-dominates `n` if every way from `n` to the exit runs through `d`. A node depends on a branch if it post-dominates
one way out of the branch but not the branch itself (Ferrante, Ottenstein and Warren). Post-dominators are found by the
iteration of Cooper, Harvey and Kennedy; tests hold them equal to networkx's `immediate_dominators`.
"""

from __future__ import annotations

from slimgrammar.prune.graphs.flow import EXIT, FlowGraph


def post_dominators(graph: FlowGraph) -> list[int]:
    """The immediate post-dominator of each node; the exit's is itself.

    A loop that nothing leaves is taken to reach the exit from its last node.
    """
    after = [[target for target, _ in edges] for edges in graph.next]
    before: list[list[int]] = [[] for _ in after]
    for source, targets in enumerate(after):
        for target in targets:
            before[target].append(source)
    order = _from_exit(after, before)
    place = [0] * len(after)
    for at, node in enumerate(order):
        place[node] = at
    found = [-1] * len(after)
    found[EXIT] = EXIT
    changed = True
    while changed:
        changed = False
        for node in order[1:]:
            best = -1
            for target in after[node]:
                if found[target] >= 0:
                    best = target if best < 0 else _meet(found, place, best, target)
            if best != found[node]:
                found[node] = best
                changed = True
    return found


def _from_exit(after: list[list[int]], before: list[list[int]]) -> list[int]:
    """All nodes in reverse postorder of the walk from the exit against the edges; edges to the exit are added where none
    lead."""
    seen = [False] * len(after)
    finished: list[int] = []

    def walk(root: int) -> None:
        seen[root] = True
        stack = [(root, iter(before[root]))]
        while stack:
            node, rest = stack[-1]
            for source in rest:
                if not seen[source]:
                    seen[source] = True
                    stack.append((source, iter(before[source])))
                    break
            else:
                finished.append(node)
                stack.pop()

    # The exit must come first in the result, so what never reaches it is walked before it.
    reach = _reaching(before, EXIT)
    for node in range(len(after) - 1, -1, -1):
        if not reach[node] and not seen[node]:
            after[node].append(EXIT)
            before[EXIT].append(node)
            walk(node)
    walk(EXIT)
    return finished[::-1]


def _reaching(before: list[list[int]], target: int) -> list[bool]:
    """Which nodes have a way to `target`."""
    found = [False] * len(before)
    found[target] = True
    pending = [target]
    while pending:
        for source in before[pending.pop()]:
            if not found[source]:
                found[source] = True
                pending.append(source)
    return found


def _meet(found: list[int], place: list[int], one: int, other: int) -> int:
    """The nearest common post-dominator of two nodes."""
    while one != other:
        while place[one] > place[other]:
            one = found[one]
        while place[other] > place[one]:
            other = found[other]
    return one


def control_dependence(graph: FlowGraph, post: list[int]) -> list[list[int]]:
    """The branches on which each node depends directly.

    Where a statement may raise, only the head of the handler depends on it, and the rest of the handler on its head: else a
    long `try` with a long handler would have an edge for every pair.
    """
    found: list[list[int]] = [[] for _ in post]
    handled: set[int] = set()
    for source, edges in enumerate(graph.next):
        if len(edges) < 2:
            continue
        for target, label in edges:
            if label == "raise":
                found[target].append(source)
                if target not in handled and target != post[source]:
                    handled.add(target)
                    _mark(found, post, target, post[target], post[source])
            else:
                _mark(found, post, source, target, post[source])
    return found


def _mark(found: list[list[int]], post: list[int], branch: int, start: int, stop: int) -> None:
    """Let what stands between `start` and `stop` in the tree of post-dominators depend on `branch`."""
    node = start
    while node not in (stop, EXIT):
        if not found[node] or found[node][-1] != branch:
            found[node].append(branch)
        node = post[node]
