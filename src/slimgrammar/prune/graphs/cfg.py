"""The control-flow graph of one function, from the nodes that the language's query names: what each structure does.

A graph has a node for the entry, the exit, and each simple statement or header of a control structure. Edges say what may run
next. Modelled: branches, loops with `else`, early exits (labels too), `switch` with and without fall-through, `match`,
exceptions inside `try` (any statement there may raise), `finally`. A `finally` block is one copy that all its ways in share, so
a graph holds a few ways out of it that no run takes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from slimgrammar.prune.graphs.builder import FlowBuilder, Structure
from slimgrammar.prune.graphs.flow import EXIT, Edge, FlowGraph
from slimgrammar.prune.graphs.jumps import Guard, Loop

if TYPE_CHECKING:
    from tree_sitter import Node

    from slimgrammar.prune.program import Program


def flow_graph(program: Program, node: Node | None) -> FlowGraph:
    """The graph of the function `node`, or of the statements outside all functions."""
    return FlowBuilder(program, node, _STRUCTURES).graph


def _if(builder: FlowBuilder, node: Node, edges: list[Edge]) -> list[Edge]:
    """A chain of tests; chains are long in real code, so they are a loop here."""
    ends: list[Edge] = []
    pending: Node | None = node
    while pending is not None:
        current, pending = pending, None
        head = builder.header(current, edges, "if")
        edges = [(head, "false")]
        for child in current.named_children:
            role, kind = builder.roles.get(child.id), builder.kinds.get(child.id)
            if role == "then":
                ends += builder.inside(child, [(head, "true")])
            elif kind == "elif":
                head = builder.header(child, edges, "if")
                edges = [(head, "false")]
                then = builder.child(child, "then")
                ends += builder.inside(then, [(head, "true")]) if then is not None else [(head, "true")]
            elif role == "else":
                pending = _else_if(builder, child)
                if pending is None:
                    edges = builder.inside(child, edges)
    return ends + edges


def _else_if(builder: FlowBuilder, clause: Node) -> Node | None:
    """The `if` that an `else` consists of."""
    if builder.kinds.get(clause.id) == "if":
        return clause
    held = [child for child in clause.named_children if builder.kinds.get(child.id) != "comment"]
    return held[0] if len(held) == 1 and builder.kinds.get(held[0].id) == "if" else None


def _loop(builder: FlowBuilder, node: Node, edges: list[Edge]) -> list[Edge]:
    """`while`, `for each`, endless loops: a header that is run before each turn; an `else` when it ends by itself."""
    kind = builder.kinds[node.id]
    head = builder.header(node, edges, kind)
    return _turns(builder, node, head, [] if kind == "loop" else [(head, "false")], head)


def _turns(builder: FlowBuilder, node: Node, head: int, leave: list[Edge], again: int) -> list[Edge]:
    """The body of a loop, back to `again`, and what follows it."""
    frame = Loop(builder.label_of(node), again, [], len(builder.guards))
    builder.loops.append(frame)
    body = builder.child(node, "body")
    ends = builder.inside(body, [(head, "true")]) if body is not None else [(head, "true")]
    builder.loops.pop()
    builder.graph.join(ends, again)
    after = builder.child(node, "else")
    return (builder.inside(after, leave) if after is not None else leave) + frame.breaks


def _for(builder: FlowBuilder, node: Node, edges: list[Edge]) -> list[Edge]:
    """`for (init; test; update)`, each part a node of its own."""
    start = _child_deep(builder, node, "init")
    test = _child_deep(builder, node, "test")
    update = _child_deep(builder, node, "update")
    if start is not None:
        edges = builder.place(start.start_byte, start.end_byte, "variable", edges)
    part = test or update or start
    if part is None:
        head = builder.header(node, edges, "for")
    else:
        head = builder.place(test.start_byte if test is not None else part.end_byte, part.end_byte, "for", edges)[0][0]
    again = head
    if update is not None:
        again = builder.place(update.start_byte, update.end_byte, "expression", [])[0][0]
        builder.graph.join([(again, "")], head)
    return _turns(builder, node, head, [] if test is None else [(head, "false")], again)


def _child_deep(builder: FlowBuilder, node: Node, role: str) -> Node | None:
    """A part of a loop's header, which some grammars put into a clause of its own."""
    found = builder.child(node, role)
    if found is None:
        for child in node.named_children:
            if builder.roles.get(child.id) is None:
                found = found or builder.child(child, role)
    return found


def _do(builder: FlowBuilder, node: Node, edges: list[Edge]) -> list[Edge]:
    test = builder.child(node, "test")
    place = (test.start_byte, test.end_byte) if test is not None else (node.end_byte, node.end_byte)
    head = builder.place(*place, "do", [])[0][0]
    frame = Loop(builder.label_of(node), head, [], len(builder.guards))
    builder.loops.append(frame)
    first = len(builder.graph.spans)
    body = builder.child(node, "body")
    ends = builder.inside(body, edges) if body is not None else edges
    builder.loops.pop()
    builder.graph.join(ends, head)
    builder.graph.join([(head, "true")], first if first < len(builder.graph.spans) else head)
    return [(head, "false"), *frame.breaks]


def _switch(builder: FlowBuilder, node: Node, edges: list[Edge]) -> list[Edge]:
    """Cases are tried in order; an open case falls through into the next."""
    head = builder.header(node, edges, "switch")
    frame = Loop(builder.label_of(node), None, [], len(builder.guards))
    builder.loops.append(frame)
    ends: list[Edge] = []
    falling: list[Edge] = []
    covered = False
    for case in _cases(builder, node):
        closed = case.id in builder.closed
        covered |= case.id in builder.defaults
        falling = _case(builder, case, [(head, "case"), *falling])
        if closed and not _falls(builder, falling):
            ends += falling
            falling = []
    builder.loops.pop()
    return ends + falling + frame.breaks + ([] if covered else [(head, "default")])


def _falls(builder: FlowBuilder, edges: list[Edge]) -> bool:
    return any(builder.graph.labels[source] == "fallthrough" for source, _ in edges)


def _cases(builder: FlowBuilder, node: Node) -> list[Node]:
    cases = [child for child in node.named_children if builder.kinds.get(child.id) == "case"]
    for child in node.named_children:
        if builder.is_part(child) and builder.kinds.get(child.id) != "case":
            cases += [case for case in child.named_children if builder.kinds.get(case.id) == "case"]
    return cases


def _case(builder: FlowBuilder, case: Node, edges: list[Edge]) -> list[Edge]:
    labels = [child for child in case.named_children if builder.roles.get(child.id) == "label"]
    bodies = [child for child in case.named_children if builder.is_part(child)]
    if labels:
        edges = builder.place(labels[0].start_byte, labels[-1].end_byte, "case", edges)
    elif bodies and bodies[0].start_byte > case.start_byte:
        edges = builder.place(case.start_byte, bodies[0].start_byte, "case", edges)
    for child in case.named_children:
        if child not in labels and (bodies == [] or child in bodies or child.id in builder.kinds):
            edges = builder.sequence(child, edges)
    return edges


def _try(builder: FlowBuilder, node: Node, edges: list[Edge]) -> list[Edge]:
    """The body, whose statements may fail into the handlers; `else` after it; `finally` on every way out."""
    catches = [child for child in node.named_children if builder.kinds.get(child.id) == "catch"]
    closing = builder.child(node, "finally")
    outer = _open_finally(builder, closing)
    handlers = [_catch_head(builder, catch) for catch in catches]
    resources = [child for child in node.named_children if builder.roles.get(child.id) is None and child not in catches]
    for part in resources:
        if builder.kinds.get(part.id) != "comment":
            edges = builder.place(part.start_byte, part.end_byte, "with", edges)
    if handlers:
        builder.guards.append(Guard(handlers))
    body = builder.child(node, "body")
    edges = builder.inside(body, edges) if body is not None else edges
    if handlers:
        builder.guards.pop()
    after = builder.child(node, "else")
    ends = builder.inside(after, edges) if after is not None else list(edges)
    for catch, handler in zip(catches, handlers, strict=True):
        ends += builder.inside(catch, [(handler, "")])
    return _close_finally(builder, closing, outer, ends)


def _catch_head(builder: FlowBuilder, catch: Node) -> int:
    return builder.header(catch, [], "catch")


def _with(builder: FlowBuilder, node: Node, edges: list[Edge]) -> list[Edge]:
    head = builder.header(node, edges, "with")
    body = builder.child(node, "body")
    return builder.inside(body, [(head, "")]) if body is not None else [(head, "")]


def _return(builder: FlowBuilder, node: Node, edges: list[Edge]) -> list[Edge]:
    at = builder.place(node.start_byte, node.end_byte, "return", edges)
    builder.leave(at, "return")
    return []


def _throw(builder: FlowBuilder, node: Node, edges: list[Edge]) -> list[Edge]:
    at = builder.place(node.start_byte, node.end_byte, "throw", edges)
    if not builder.guards:
        builder.graph.join([(at[0][0], "raise")], EXIT)
    return []


def _assert(builder: FlowBuilder, node: Node, edges: list[Edge]) -> list[Edge]:
    at = builder.place(node.start_byte, node.end_byte, "assert", edges)
    if not builder.guards:
        builder.graph.join([(at[0][0], "raise")], EXIT)
    return at


def _break(builder: FlowBuilder, node: Node, edges: list[Edge]) -> list[Edge]:
    at = builder.place(node.start_byte, node.end_byte, "break", edges)
    frame = builder.frame(node, with_head=False)
    if frame is None:
        builder.leave(at, "return")
    else:
        builder.break_to(at, frame)
    return []


def _continue(builder: FlowBuilder, node: Node, edges: list[Edge]) -> list[Edge]:
    at = builder.place(node.start_byte, node.end_byte, "continue", edges)
    frame = builder.frame(node, with_head=True)
    if frame is None or frame.head is None:
        builder.leave(at, "return")
        return []
    guard = builder.enclosing_finally(frame.guards)
    if guard is None or guard.finally_entry is None:
        builder.graph.join(at, frame.head)
    else:
        builder.graph.join(at, guard.finally_entry)
        guard.continues.append(frame.head)
    return []


def _labelled(builder: FlowBuilder, node: Node, edges: list[Edge]) -> list[Edge]:
    held = node.named_children
    first = len(builder.graph.spans)
    for child in held[1:]:
        edges = builder.sequence(child, edges)
    if first < len(builder.graph.spans) and held:
        builder.targets[builder.program.text[held[0].start_byte : held[0].end_byte]] = first
    return edges


def _goto(builder: FlowBuilder, node: Node, edges: list[Edge]) -> list[Edge]:
    at = builder.place(node.start_byte, node.end_byte, "goto", edges)[0][0]
    held = node.named_children
    builder.gotos.append((at, builder.program.text[held[0].start_byte : held[0].end_byte] if held else ""))
    return []


def _open_finally(builder: FlowBuilder, closing: Node | None) -> Guard | None:
    if closing is None:
        return None
    guard = Guard([], builder.graph.add(closing.start_byte, closing.start_byte, "finally"))
    builder.guards.append(guard)
    return guard


def _close_finally(builder: FlowBuilder, closing: Node | None, guard: Guard | None, ends: list[Edge]) -> list[Edge]:
    """Build the `finally` block once, and let it end where each of its ways in wanted to go."""
    if closing is None or guard is None or guard.finally_entry is None:
        return ends
    builder.guards.pop()
    builder.graph.join(ends, guard.finally_entry)
    after = builder.inside(closing, [(guard.finally_entry, "")])
    if "return" in guard.leaves:
        builder.leave(after, "return")
    if "raise" in guard.leaves:
        builder.raise_from(after)
    for frame in guard.breaks:
        builder.break_to(after, frame)
    for target in guard.continues:
        builder.graph.join(after, target)
    return after if ends else []


_STRUCTURES: Final[dict[str, Structure]] = {
    "if": _if,
    "for": _for,
    "foreach": _loop,
    "while": _loop,
    "loop": _loop,
    "do": _do,
    "switch": _switch,
    "try": _try,
    "with": _with,
    "return": _return,
    "throw": _throw,
    "assert": _assert,
    "break": _break,
    "continue": _continue,
    "goto": _goto,
    "labelled": _labelled,
}
