"""Where control leaves from: the loops, `try`s and `finally`s around the statements that are being built."""

from __future__ import annotations

from dataclasses import dataclass, field

from slimgrammar.prune.graphs.flow import EXIT, Edge, FlowGraph


@dataclass(slots=True)
class Loop:
    """What `break` and `continue` mean inside a loop or a switch."""

    label: str
    head: int | None
    breaks: list[Edge]
    guards: int


@dataclass(slots=True)
class Guard:
    """A `try` around the statements being built: its handlers' entries, or a `finally` that every jump runs through."""

    handlers: list[int]
    finally_entry: int | None = None
    leaves: set[str] = field(default_factory=set)
    breaks: list[Loop] = field(default_factory=list)
    continues: list[int] = field(default_factory=list)


class Jumps:
    """What surrounds the place that a builder has reached, and the edges of every way out of it.

    Attributes:
        graph: the graph being built.
        loops: the loops and switches around, the innermost last.
        guards: the `try`s around, the innermost last.
    """

    def __init__(self, graph: FlowGraph) -> None:
        """Begin outside of everything."""
        self.graph = graph
        self.loops: list[Loop] = []
        self.guards: list[Guard] = []

    def may_raise(self, at: int) -> None:
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

    def enclosing_finally(self, above: int = 0) -> Guard | None:
        """The nearest `finally` around, of those that came after the first `above` guards."""
        return next((guard for guard in reversed(self.guards[above:]) if guard.finally_entry is not None), None)

    def leave(self, edges: list[Edge], way: str) -> None:
        """Go to the exit, through the nearest `finally`."""
        guard = self.enclosing_finally()
        if guard is None or guard.finally_entry is None:
            self.graph.join(edges, EXIT)
        else:
            guard.leaves.add(way)
            self.graph.join(edges, guard.finally_entry)

    def raise_from(self, edges: list[Edge]) -> None:
        """Go on with an exception: to the next guard, or out of the function."""
        before = len(self.guards)
        for source, _ in edges:
            self.may_raise(source)
        if not before:
            self.graph.join([(source, "raise") for source, _ in edges], EXIT)

    def break_to(self, edges: list[Edge], frame: Loop) -> None:
        """Leave a loop, through the nearest `finally` inside it."""
        guard = self.enclosing_finally(frame.guards)
        if guard is None or guard.finally_entry is None:
            frame.breaks += edges
        else:
            self.graph.join(edges, guard.finally_entry)
            if frame not in guard.breaks:
                guard.breaks.append(frame)
