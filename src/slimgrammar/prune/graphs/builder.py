"""Walks a function's statements and builds its control-flow graph; what each control structure does is told by `cfg`.

The builder carries the dangling edges of what it has built so far and hangs them on what comes next. It goes down into blocks
by recursion; statements nested deeper than `DEEPEST` are one node, so that hostile input costs no stack.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, TypeAlias

from slimgrammar.prune.graphs.flow import ENTRY, EXIT, Edge, FlowGraph
from slimgrammar.prune.graphs.jumps import Jumps, Loop

if TYPE_CHECKING:
    from tree_sitter import Node

    from slimgrammar.prune.program import Program

DEEPEST: Final = 60
DECLARATIONS: Final = ("function", "class")
_ASIDE: Final = (None, "annotation", "comment")

Structure: TypeAlias = "Callable[[FlowBuilder, Node, list[Edge]], list[Edge]]"


class FlowBuilder(Jumps):
    """Builds the graph of one function."""

    def __init__(self, program: Program, node: Node | None, structures: Mapping[str, Structure]) -> None:
        """Build for the function `node`, or for the statements outside all functions; `structures` build what has a kind."""
        self.program = program
        self.kinds = program.node_kinds
        self.roles = program.node_roles
        self.containers = program.blocks
        self.closed, self.defaults = program.cases
        root = node or program.tree.root_node
        super().__init__(FlowGraph("", root.start_byte, root.end_byte))
        self.structures = structures
        body = self.body(root) if node is not None else root
        head_end = body.start_byte if node is not None and body is not None else root.start_byte
        self.graph.add(root.start_byte, head_end, "entry")
        self.graph.add(root.end_byte, root.end_byte, "exit")
        self.targets: dict[str, int] = {}
        self.gotos: list[tuple[int, str]] = []
        self.depth = 0
        ends = self.sequence(body, [(ENTRY, "")]) if body is not None else [(ENTRY, "")]
        self.graph.join(ends, EXIT)
        for source, label in self.gotos:
            self.graph.join([(source, "")], self.targets.get(label, EXIT))

    def body(self, node: Node) -> Node | None:
        """The block of a function: its last child that is one."""
        blocks = [child for child in node.named_children if child.id in self.containers]
        if blocks:
            return blocks[-1]
        body = node.child_by_field_name("body")
        if body is not None:
            return body
        for child in node.named_children:  # a declaration inside an annotation's or a template's node
            if self.kinds.get(child.id) in DECLARATIONS:
                return self.body(child)
        return None

    def sequence(self, node: Node, edges: list[Edge]) -> list[Edge]:
        """Build the statements of a block, or `node` as a statement of its own."""
        if node.id not in self.containers:
            return self.statement(node, edges)
        if self.depth >= DEEPEST:
            return self.simple(node, edges, "statement")
        self.depth += 1
        for child in node.named_children:
            edges = self.sequence(child, edges)
        self.depth -= 1
        return edges

    def statement(self, node: Node, edges: list[Edge]) -> list[Edge]:
        """One statement: by its structure, or as one node."""
        kind = self.kinds.get(node.id, "")
        if kind == "comment":
            return edges
        if kind in ("", "expression"):  # an expression statement may hold a control structure, as in Rust
            held_nodes = (child for child in node.named_children if self.kinds.get(child.id) not in _ASIDE)
            inner = next(held_nodes, None)
            held = self.kinds.get(inner.id, "") if inner is not None else ""
            if inner is not None and held in self.structures and inner.end_byte >= node.end_byte - 1:
                node, kind = inner, held
            elif kind == "" and held in DECLARATIONS:
                kind = held
        build = self.structures.get(kind)
        if build is None or self.depth >= DEEPEST:
            return self.simple(node, edges, kind or "statement")
        self.depth += 1
        try:
            return build(self, node, edges)
        finally:
            self.depth -= 1

    def simple(self, node: Node, edges: list[Edge], label: str) -> list[Edge]:
        """One node for all of `node`; of a declaration, only for its header."""
        end = node.end_byte
        if label in DECLARATIONS:
            body = self.body(node)
            end = body.start_byte if body is not None else end
        return self.place(node.start_byte, end, label, edges)

    def place(self, start: int, end: int, label: str, edges: list[Edge]) -> list[Edge]:
        """A new node for a part of the text, where `edges` end; the edge that leaves it."""
        at = self.graph.add(start, end, label)
        self.graph.join(edges, at)
        self.may_raise(at)
        return [(at, "")]

    def header(self, node: Node, edges: list[Edge], label: str) -> int:
        """The node for a control structure's header: up to its first block."""
        parts = [child.start_byte for child in node.named_children if self.is_part(child)]
        end = min((part for part in parts if part > node.start_byte), default=node.end_byte)
        return self.place(node.start_byte, end, label, edges)[0][0]

    def is_part(self, child: Node) -> bool:
        """Whether a child of a control structure is a part that holds statements, not its header."""
        role = self.roles.get(child.id)
        return (
            child.id in self.containers
            or role in ("then", "else", "body", "finally")
            or self.kinds.get(child.id) in ("elif", "catch", "case")
        )

    def child(self, node: Node, *roles: str) -> Node | None:
        """The first child that has one of these roles."""
        return next((child for child in node.named_children if self.roles.get(child.id) in roles), None)

    def inside(self, clause: Node, edges: list[Edge]) -> list[Edge]:
        """The statements of a clause such as `else:` or `else { }`, or of the block or statement that stands for one."""
        if clause.id in self.containers or self.kinds.get(clause.id, "catch") != "catch":
            return self.sequence(clause, edges)
        for child in clause.named_children:
            if child.id in self.containers or self.roles.get(child.id) in ("body", "then"):
                edges = self.sequence(child, edges)
        return edges

    def frame(self, node: Node, *, with_head: bool) -> Loop | None:
        """The loop that a `break` or `continue` means: the one of its label, else the innermost."""
        held = node.named_children
        label = self.program.text[held[0].start_byte : held[0].end_byte] if len(held) == 1 else ""
        fitting = [frame for frame in self.loops if frame.head is not None or not with_head]
        named = [frame for frame in fitting if label and frame.label == label]
        found = named or fitting
        return found[-1] if found else None

    def label_of(self, node: Node) -> str:
        """The label before a loop, "" for none."""
        above = node.parent
        if above is None or self.kinds.get(above.id) != "labelled":
            return ""
        name = above.named_children[0]
        return self.program.text[name.start_byte : name.end_byte]
