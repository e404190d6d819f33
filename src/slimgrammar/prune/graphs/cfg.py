"""The control-flow graph of one function, from the nodes that the language's query names.

A graph has a node for the entry, the exit, and each simple statement or header of a control structure. Edges say what may run
next. Modelled: branches, loops with `else`, early exits (labels too), `switch` with and without fall-through, `match`,
exceptions inside `try` (any statement there may raise), `finally`. A `finally` block is one copy that all its ways in share, so
a graph holds a few ways out of it that no run takes.

The builder carries the dangling edges of what it has built so far and hangs them on what comes next. It goes down into blocks
by recursion; statements nested deeper than `DEEPEST` are one node, so that hostile input costs no stack.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tree_sitter import Node

    from slimgrammar.prune.program import Program

ENTRY: Final = 0
EXIT: Final = 1
DEEPEST: Final = 60

Edge = tuple[int, str]


@dataclass(slots=True)
class FlowGraph:
    """A control-flow graph as plain lists; node 0 is the entry, node 1 the exit.

    Attributes:
        name: the function's name, or "" where it has none.
        start: where the function begins in the text.
        end: where it ends.
        spans: the parts of the text that each node stands for, at most one; (0, 0) for entry and exit of nothing.
        labels: what each node is: a statement's kind.
        next: the nodes that may run after each, with the condition of the edge: "", "true", "false", "raise".
    """

    name: str
    start: int
    end: int
    spans: list[tuple[int, int]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    next: list[list[Edge]] = field(default_factory=list)

    def add(self, start: int, end: int, label: str) -> int:
        """A new node without edges."""
        self.spans.append((start, end))
        self.labels.append(label)
        self.next.append([])
        return len(self.spans) - 1

    def join(self, edges: list[Edge], target: int) -> None:
        """Let each dangling edge end at `target`."""
        for source, label in edges:
            if (target, label) not in self.next[source][-4:]:
                self.next[source].append((target, label))


@dataclass(slots=True)
class _Loop:
    """What `break` and `continue` mean inside a loop or a switch."""

    label: str
    head: int | None
    breaks: list[Edge]
    guards: int


@dataclass(slots=True)
class _Guard:
    """A `try` around the statements being built: its handlers' entries, or a `finally` that every jump runs through."""

    handlers: list[int]
    finally_entry: int | None = None
    leaves: set[str] = field(default_factory=set)
    breaks: list[_Loop] = field(default_factory=list)
    continues: list[int] = field(default_factory=list)


class FlowBuilder:
    """Builds the graph of one function."""

    def __init__(self, program: Program, node: Node | None, name: str = "") -> None:
        """Build for the function `node`, or for the statements outside all functions."""
        self.program = program
        self.kinds = program.node_kinds
        self.roles = program.node_roles
        self.containers = program.blocks
        self.closed, self.defaults = program.cases
        root = node or program.tree.root_node
        self.graph = FlowGraph(name, root.start_byte, root.end_byte)
        body = self._body(root) if node is not None else root
        head_end = body.start_byte if node is not None and body is not None else root.start_byte
        self.graph.add(root.start_byte, head_end, "entry")
        self.graph.add(root.end_byte, root.end_byte, "exit")
        self.loops: list[_Loop] = []
        self.guards: list[_Guard] = []
        self.targets: dict[str, int] = {}
        self.gotos: list[tuple[int, str]] = []
        self.depth = 0
        ends = self._sequence(body, [(ENTRY, "")]) if body is not None else [(ENTRY, "")]
        self.graph.join(ends, EXIT)
        for source, label in self.gotos:
            self.graph.join([(source, "")], self.targets.get(label, EXIT))

    def _body(self, node: Node) -> Node | None:
        """The block of a function: its last child that is one."""
        blocks = [child for child in node.named_children if child.id in self.containers]
        if blocks:
            return blocks[-1]
        body = node.child_by_field_name("body")
        if body is not None:
            return body
        for child in node.named_children:  # a declaration inside an annotation's or a template's node
            if self.kinds.get(child.id) in _DECLARATIONS:
                return self._body(child)
        return None

    def _sequence(self, node: Node, edges: list[Edge]) -> list[Edge]:
        """Build the statements of a block, or `node` as a statement of its own."""
        if node.id not in self.containers:
            return self._statement(node, edges)
        if self.depth >= DEEPEST:
            return self._simple(node, edges, "statement")
        self.depth += 1
        for child in node.named_children:
            edges = self._sequence(child, edges)
        self.depth -= 1
        return edges

    def _statement(self, node: Node, edges: list[Edge]) -> list[Edge]:
        kind = self.kinds.get(node.id, "")
        if kind == "comment":
            return edges
        if kind in ("", "expression"):  # an expression statement may hold a control structure, as in Rust
            held_nodes = (child for child in node.named_children if self.kinds.get(child.id) not in _ASIDE)
            inner = next(held_nodes, None)
            held = self.kinds.get(inner.id, "") if inner is not None else ""
            if inner is not None and held in _CONTROL and inner.end_byte >= node.end_byte - 1:
                node, kind = inner, held
            elif kind == "" and held in _DECLARATIONS:
                kind = held
        build = _BUILDERS.get(kind)
        if build is None or self.depth >= DEEPEST:
            return self._simple(node, edges, kind or "statement")
        self.depth += 1
        try:
            return build(self, node, edges)
        finally:
            self.depth -= 1

    def _simple(self, node: Node, edges: list[Edge], label: str) -> list[Edge]:
        """One node for all of `node`; of a declaration, only for its header."""
        end = node.end_byte
        if label in _DECLARATIONS:
            body = self._body(node)
            end = body.start_byte if body is not None else end
        return self._place(node.start_byte, end, label, edges)

    def _place(self, start: int, end: int, label: str, edges: list[Edge]) -> list[Edge]:
        at = self.graph.add(start, end, label)
        self.graph.join(edges, at)
        self._may_raise(at)
        return [(at, "")]

    def _may_raise(self, at: int) -> None:
        """Inside a `try`, what runs may fail: an edge to the handlers, or to the `finally` where there are none."""
        for guard in reversed(self.guards):
            if guard.handlers:
                for handler in guard.handlers:
                    self.graph.join([(at, "raise")], handler)
                return
            if guard.finally_entry is not None:
                self.graph.join([(at, "raise")], guard.finally_entry)
                guard.leaves.add("raise")
                return

    def _header(self, node: Node, edges: list[Edge], label: str) -> int:
        """The node for a control structure's header: up to its first block."""
        parts = [child.start_byte for child in node.named_children if self._is_part(child)]
        end = min((part for part in parts if part > node.start_byte), default=node.end_byte)
        return self._place(node.start_byte, end, label, edges)[0][0]

    def _is_part(self, child: Node) -> bool:
        role = self.roles.get(child.id)
        return (
            child.id in self.containers
            or role in ("then", "else", "body", "finally")
            or self.kinds.get(child.id) in ("elif", "catch", "case")
        )

    def _child(self, node: Node, *roles: str) -> Node | None:
        return next((child for child in node.named_children if self.roles.get(child.id) in roles), None)

    def _inside(self, clause: Node, edges: list[Edge]) -> list[Edge]:
        """The statements of a clause such as `else:` or `else { }`, or of the block or statement that stands for one."""
        if clause.id in self.containers or self.kinds.get(clause.id, "catch") != "catch":
            return self._sequence(clause, edges)
        for child in clause.named_children:
            if child.id in self.containers or self.roles.get(child.id) in ("body", "then"):
                edges = self._sequence(child, edges)
        return edges

    def _if(self, node: Node, edges: list[Edge]) -> list[Edge]:
        """A chain of tests; chains are long in real code, so they are a loop here."""
        ends: list[Edge] = []
        pending: Node | None = node
        while pending is not None:
            current, pending = pending, None
            head = self._header(current, edges, "if")
            edges = [(head, "false")]
            for child in current.named_children:
                role, kind = self.roles.get(child.id), self.kinds.get(child.id)
                if role == "then":
                    ends += self._inside(child, [(head, "true")])
                elif kind == "elif":
                    head = self._header(child, edges, "if")
                    edges = [(head, "false")]
                    then = self._child(child, "then")
                    ends += self._inside(then, [(head, "true")]) if then is not None else [(head, "true")]
                elif role == "else":
                    pending = self._else_if(child)
                    if pending is None:
                        edges = self._inside(child, edges)
        return ends + edges

    def _else_if(self, clause: Node) -> Node | None:
        """The `if` that an `else` consists of."""
        if self.kinds.get(clause.id) == "if":
            return clause
        held = [child for child in clause.named_children if self.kinds.get(child.id) != "comment"]
        return held[0] if len(held) == 1 and self.kinds.get(held[0].id) == "if" else None

    def _loop(self, node: Node, edges: list[Edge]) -> list[Edge]:
        """`while`, `for each`, endless loops: a header that is run before each turn; an `else` when it ends by itself."""
        kind = self.kinds[node.id]
        head = self._header(node, edges, kind)
        return self._turns(node, head, [] if kind == "loop" else [(head, "false")], head)

    def _turns(self, node: Node, head: int, leave: list[Edge], again: int) -> list[Edge]:
        """The body of a loop, back to `again`, and what follows it."""
        frame = _Loop(self._label_of(node), again, [], len(self.guards))
        self.loops.append(frame)
        body = self._child(node, "body")
        ends = self._inside(body, [(head, "true")]) if body is not None else [(head, "true")]
        self.loops.pop()
        self.graph.join(ends, again)
        after = self._child(node, "else")
        return (self._inside(after, leave) if after is not None else leave) + frame.breaks

    def _for(self, node: Node, edges: list[Edge]) -> list[Edge]:
        """`for (init; test; update)`, each part a node of its own."""
        start = self._child_deep(node, "init")
        test = self._child_deep(node, "test")
        update = self._child_deep(node, "update")
        if start is not None:
            edges = self._place(start.start_byte, start.end_byte, "variable", edges)
        part = test or update or start
        if part is None:
            head = self._header(node, edges, "for")
        else:
            head = self._place(test.start_byte if test is not None else part.end_byte, part.end_byte, "for", edges)[0][0]
        again = head
        if update is not None:
            again = self._place(update.start_byte, update.end_byte, "expression", [])[0][0]
            self.graph.join([(again, "")], head)
        return self._turns(node, head, [] if test is None else [(head, "false")], again)

    def _child_deep(self, node: Node, role: str) -> Node | None:
        """A part of a loop's header, which some grammars put into a clause of its own."""
        found = self._child(node, role)
        if found is None:
            for child in node.named_children:
                if self.roles.get(child.id) is None:
                    found = found or self._child(child, role)
        return found

    def _do(self, node: Node, edges: list[Edge]) -> list[Edge]:
        test = self._child(node, "test")
        place = (test.start_byte, test.end_byte) if test is not None else (node.end_byte, node.end_byte)
        head = self._place(*place, "do", [])[0][0]
        frame = _Loop(self._label_of(node), head, [], len(self.guards))
        self.loops.append(frame)
        first = len(self.graph.spans)
        body = self._child(node, "body")
        ends = self._inside(body, edges) if body is not None else edges
        self.loops.pop()
        self.graph.join(ends, head)
        self.graph.join([(head, "true")], first if first < len(self.graph.spans) else head)
        return [(head, "false"), *frame.breaks]

    def _switch(self, node: Node, edges: list[Edge]) -> list[Edge]:
        """Cases are tried in order; an open case falls through into the next."""
        head = self._header(node, edges, "switch")
        frame = _Loop(self._label_of(node), None, [], len(self.guards))
        self.loops.append(frame)
        ends: list[Edge] = []
        falling: list[Edge] = []
        covered = False
        for case in self._cases(node):
            closed = case.id in self.closed
            covered |= case.id in self.defaults
            falling = self._case(case, [(head, "case"), *falling])
            if closed and not self._falls(falling):
                ends += falling
                falling = []
        self.loops.pop()
        return ends + falling + frame.breaks + ([] if covered else [(head, "default")])

    def _falls(self, edges: list[Edge]) -> bool:
        return any(self.graph.labels[source] == "fallthrough" for source, _ in edges)

    def _cases(self, node: Node) -> list[Node]:
        cases = [child for child in node.named_children if self.kinds.get(child.id) == "case"]
        for child in node.named_children:
            if self._is_part(child) and self.kinds.get(child.id) != "case":
                cases += [case for case in child.named_children if self.kinds.get(case.id) == "case"]
        return cases

    def _case(self, case: Node, edges: list[Edge]) -> list[Edge]:
        labels = [child for child in case.named_children if self.roles.get(child.id) == "label"]
        bodies = [child for child in case.named_children if self._is_part(child)]
        if labels:
            edges = self._place(labels[0].start_byte, labels[-1].end_byte, "case", edges)
        elif bodies and bodies[0].start_byte > case.start_byte:
            edges = self._place(case.start_byte, bodies[0].start_byte, "case", edges)
        for child in case.named_children:
            if child not in labels and (bodies == [] or child in bodies or child.id in self.kinds):
                edges = self._sequence(child, edges)
        return edges

    def _try(self, node: Node, edges: list[Edge]) -> list[Edge]:
        """The body, whose statements may fail into the handlers; `else` after it; `finally` on every way out."""
        catches = [child for child in node.named_children if self.kinds.get(child.id) == "catch"]
        closing = self._child(node, "finally")
        outer = self._open_finally(closing)
        handlers = [self._catch_head(catch) for catch in catches]
        resources = [child for child in node.named_children if self.roles.get(child.id) is None and child not in catches]
        for part in resources:
            if self.kinds.get(part.id) != "comment":
                edges = self._place(part.start_byte, part.end_byte, "with", edges)
        if handlers:
            self.guards.append(_Guard(handlers))
        body = self._child(node, "body")
        edges = self._inside(body, edges) if body is not None else edges
        if handlers:
            self.guards.pop()
        after = self._child(node, "else")
        ends = self._inside(after, edges) if after is not None else list(edges)
        for catch, handler in zip(catches, handlers, strict=True):
            ends += self._inside(catch, [(handler, "")])
        return self._close_finally(closing, outer, ends)

    def _catch_head(self, catch: Node) -> int:
        return self._header(catch, [], "catch")

    def _open_finally(self, closing: Node | None) -> _Guard | None:
        if closing is None:
            return None
        guard = _Guard([], self.graph.add(closing.start_byte, closing.start_byte, "finally"))
        self.guards.append(guard)
        return guard

    def _close_finally(self, closing: Node | None, guard: _Guard | None, ends: list[Edge]) -> list[Edge]:
        """Build the `finally` block once, and let it end where each of its ways in wanted to go."""
        if closing is None or guard is None or guard.finally_entry is None:
            return ends
        self.guards.pop()
        self.graph.join(ends, guard.finally_entry)
        after = self._inside(closing, [(guard.finally_entry, "")])
        if "return" in guard.leaves:
            self._leave(after, "return")
        if "raise" in guard.leaves:
            self._raise_from(after)
        for frame in guard.breaks:
            self._break_to(after, frame)
        for target in guard.continues:
            self.graph.join(after, target)
        return after if ends else []

    def _enclosing_finally(self, above: int = 0) -> _Guard | None:
        return next((guard for guard in reversed(self.guards[above:]) if guard.finally_entry is not None), None)

    def _leave(self, edges: list[Edge], way: str) -> None:
        """Go to the exit, through the nearest `finally`."""
        guard = self._enclosing_finally()
        if guard is None or guard.finally_entry is None:
            self.graph.join(edges, EXIT)
        else:
            guard.leaves.add(way)
            self.graph.join(edges, guard.finally_entry)

    def _raise_from(self, edges: list[Edge]) -> None:
        before = len(self.guards)
        for source, _ in edges:
            self._may_raise(source)
        if not before:
            self.graph.join([(source, "raise") for source, _ in edges], EXIT)

    def _return(self, node: Node, edges: list[Edge]) -> list[Edge]:
        at = self._place(node.start_byte, node.end_byte, "return", edges)
        self._leave(at, "return")
        return []

    def _throw(self, node: Node, edges: list[Edge]) -> list[Edge]:
        at = self._place(node.start_byte, node.end_byte, "throw", edges)
        if not self.guards:
            self.graph.join([(at[0][0], "raise")], EXIT)
        return []

    def _assert(self, node: Node, edges: list[Edge]) -> list[Edge]:
        at = self._place(node.start_byte, node.end_byte, "assert", edges)
        if not self.guards:
            self.graph.join([(at[0][0], "raise")], EXIT)
        return at

    def _break(self, node: Node, edges: list[Edge]) -> list[Edge]:
        at = self._place(node.start_byte, node.end_byte, "break", edges)
        frame = self._frame(node, with_head=False)
        if frame is None:
            self._leave(at, "return")
        else:
            self._break_to(at, frame)
        return []

    def _break_to(self, edges: list[Edge], frame: _Loop) -> None:
        guard = self._enclosing_finally(frame.guards)
        if guard is None or guard.finally_entry is None:
            frame.breaks += edges
        else:
            self.graph.join(edges, guard.finally_entry)
            if frame not in guard.breaks:
                guard.breaks.append(frame)

    def _continue(self, node: Node, edges: list[Edge]) -> list[Edge]:
        at = self._place(node.start_byte, node.end_byte, "continue", edges)
        frame = self._frame(node, with_head=True)
        if frame is None or frame.head is None:
            self._leave(at, "return")
            return []
        guard = self._enclosing_finally(frame.guards)
        if guard is None or guard.finally_entry is None:
            self.graph.join(at, frame.head)
        else:
            self.graph.join(at, guard.finally_entry)
            guard.continues.append(frame.head)
        return []

    def _frame(self, node: Node, *, with_head: bool) -> _Loop | None:
        """The loop that a `break` or `continue` means: the one of its label, else the innermost."""
        held = node.named_children
        label = self.program.text[held[0].start_byte : held[0].end_byte] if len(held) == 1 else ""
        fitting = [frame for frame in self.loops if frame.head is not None or not with_head]
        named = [frame for frame in fitting if label and frame.label == label]
        found = named or fitting
        return found[-1] if found else None

    def _labelled(self, node: Node, edges: list[Edge]) -> list[Edge]:
        held = node.named_children
        first = len(self.graph.spans)
        for child in held[1:]:
            edges = self._sequence(child, edges)
        if first < len(self.graph.spans) and held:
            self.targets[self.program.text[held[0].start_byte : held[0].end_byte]] = first
        return edges

    def _label_of(self, node: Node) -> str:
        above = node.parent
        if above is None or self.kinds.get(above.id) != "labelled":
            return ""
        name = above.named_children[0]
        return self.program.text[name.start_byte : name.end_byte]

    def _goto(self, node: Node, edges: list[Edge]) -> list[Edge]:
        at = self._place(node.start_byte, node.end_byte, "goto", edges)[0][0]
        held = node.named_children
        self.gotos.append((at, self.program.text[held[0].start_byte : held[0].end_byte] if held else ""))
        return []

    def _with(self, node: Node, edges: list[Edge]) -> list[Edge]:
        head = self._header(node, edges, "with")
        body = self._child(node, "body")
        return self._inside(body, [(head, "")]) if body is not None else [(head, "")]


_DECLARATIONS: Final = ("function", "class")
_ASIDE: Final = (None, "annotation", "comment")
_BUILDERS: Final = {
    "if": FlowBuilder._if,
    "for": FlowBuilder._for,
    "foreach": FlowBuilder._loop,
    "while": FlowBuilder._loop,
    "loop": FlowBuilder._loop,
    "do": FlowBuilder._do,
    "switch": FlowBuilder._switch,
    "try": FlowBuilder._try,
    "with": FlowBuilder._with,
    "return": FlowBuilder._return,
    "throw": FlowBuilder._throw,
    "assert": FlowBuilder._assert,
    "break": FlowBuilder._break,
    "continue": FlowBuilder._continue,
    "goto": FlowBuilder._goto,
    "labelled": FlowBuilder._labelled,
}
_CONTROL: Final = frozenset(_BUILDERS)
