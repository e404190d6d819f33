"""A control-flow graph as plain lists: the form that all analyses read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

ENTRY: Final = 0
EXIT: Final = 1

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
