"""Annotations that name what comes later, as 3.14 evaluates them only on demand (PEP 649)."""


class Node:
    parent: Node | None = None
    children: list[Node]

    def add(self, child: Node, *more: Unpacked) -> Node: return self


def late(x: Later = None) -> (Later, Node): ...
value: Later
type Alias[T: Later = Later] = T


class Later: ...
