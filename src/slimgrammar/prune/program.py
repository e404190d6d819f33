"""A program as the pruner sees it: a flat row of elements, each with its kind and its place in the syntax tree.

`elements` cuts the text, alike for every language; the tree-sitter query says what the elements are, by where they stand. A
tree with errors serves as well as another: what it does not name has no category.
"""

from __future__ import annotations

from functools import cached_property
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from slimgrammar.prune.elements import COMMENT, KEYWORD, NAME, NUMBER, STRING, Bools, split
from slimgrammar.prune.languages import Language
from slimgrammar.prune.places import (
    ANNOTATION,
    CALL,
    DOCSTRING,
    FRESH,
    FUNCTION,
    IMPORT,
    IN_COMMENT,
    IN_STRING,
    SIGNATURE,
    STRUCTURE,
    Statement,
    places,
    regions,
)

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

_FLAGS: Final = (
    ("function", SIGNATURE | FUNCTION),
    ("class", SIGNATURE),
    ("closure", SIGNATURE | FUNCTION),
    ("structure", STRUCTURE),
    ("call", CALL),
    ("docstring", DOCSTRING),
    ("annotation", ANNOTATION),
    ("string", IN_STRING),
    ("comment", IN_COMMENT),
    ("import", IMPORT),
    # Where one of these begins, what stands around it says nothing about it any more
    *((name, FRESH) for name in ("statement", "block", "then", "else", "body", "finally")),
)
_PLAIN_KINDS: Final = (
    *("if", "elif", "for", "foreach", "while", "do", "loop", "switch", "case", "try", "catch", "with", "labelled", "function"),
    *("class", "return", "throw", "break", "continue", "goto", "fallthrough", "assert", "import", "variable", "annotation"),
    *("docstring", "comment", "expression"),
)

_START: Final = attrgetter("start_byte")
_END: Final = attrgetter("end_byte")
_ROLES: Final = ("init", "test", "update", "then", "else", "finally", "body", "label", "block")


class Program:
    """The elements of a program and their places; see the module's own text.

    Attributes:
        text: the program.
        language: what it is written in.
        tree: its tree-sitter tree; offsets are characters.
        captures: the nodes under each name of the query.
        elements: what the text is cut into.
        ids: the number of each element's text in the lexicon of `elements`.
        starts: where each element begins in the text, after its spaces.
        kinds: NAME … INDENT.
        flags: SIGNATURE … IMPORT, or-ed.
        owners: the innermost statement of each element, -1 for none.
        functions: the number of the outermost function of each element, 0 for none.
        statements: all statements, in the order of the text.
    """

    def __init__(self, text: str, language: Language) -> None:
        """Read `text` as a program in `language`."""
        import tree_sitter

        self.text = text
        self.language = language
        self.tree: Tree = language.parse(text)
        self.captures: dict[str, list[Node]] = tree_sitter.QueryCursor(language.query).captures(self.tree.root_node)
        self.elements = elements = split(text)
        self.ids, self.starts, self.kinds = elements.ids, elements.starts, elements.kinds
        self.kinds[(self.kinds == KEYWORD) & self.inside("identifier")] = NAME
        self._place()

    def _place(self) -> None:
        """Give each element the flags, the statement and the function that it stands in."""
        found = places(*self._regions())
        self.statements: list[Statement] = found.statements
        first = np.searchsorted(self.starts, np.array(found.at, dtype=np.int64))
        state = np.repeat(np.array(found.states, dtype=np.int64), np.diff(first, append=len(self.starts)))
        self.flags, self.owners, self.functions = (
            np.array(column, dtype=np.int64)[state] for column in (found.flags, found.owners, found.functions)
        )
        words = (self.kinds <= KEYWORD) | (self.kinds == NUMBER)
        self.kinds[words & (self.flags & IN_STRING > 0)] = STRING
        self.kinds[words & (self.flags & IN_COMMENT > 0)] = COMMENT

    def _regions(self) -> tuple[list[int], list[int], dict[int, str]]:
        """What changes an element's place: the regions of the text, the flags of each, and the kinds of those that are
        statements."""
        found = [(self.captures[name], value) for name, value in _FLAGS if name in self.captures]
        keys = regions(list(chain.from_iterable(nodes for nodes, _ in found)))
        flags = np.repeat([value for _, value in found], [len(nodes) for nodes, _ in found])
        order = np.argsort(keys)
        keys, flags = keys[order], flags[order]
        first = np.flatnonzero(np.diff(keys, prepend=-1))
        merged = np.bitwise_or.reduceat(flags, first) if first.size else flags
        statements = self.captures.get("statement", [])
        kinds = dict(zip(regions(statements).tolist(), map(self._kind, statements), strict=True))
        return keys[first].tolist(), merged.tolist(), kinds

    @cached_property
    def node_kinds(self) -> dict[int, str]:
        """Node id → its kind, of the nodes that the query gives one; the kinds named first win."""
        found: dict[int, str] = {}
        for kind in reversed(_PLAIN_KINDS):
            for node in self.captures.get(kind, ()):
                found[node.id] = kind
        return found

    def _kind(self, node: Node) -> str:
        """A statement's kind: its node's, or that of the node that it wraps (a decorated or exported declaration)."""
        kind = self.node_kinds.get(node.id)
        if kind not in (None, "expression"):
            return str(kind)
        for child in node.named_children:
            inner = self.node_kinds.get(child.id)
            if inner not in (None, "annotation", "comment", "docstring"):
                return str(inner)
            if inner == "docstring":
                return "docstring"
        return kind or "other"

    @cached_property
    def flow(self) -> dict[str, list[Node]]:
        """The names that are written, changed, no variables …; only graphs and pins need them."""
        import tree_sitter

        return tree_sitter.QueryCursor(self.language.flow_query).captures(self.tree.root_node)

    @cached_property
    def node_roles(self) -> dict[int, str]:
        """Node id → what part it is of what stands around it; the roles named first win."""
        found: dict[int, str] = {}
        for role in reversed(_ROLES):
            for node in self.captures.get(role, ()):
                found[node.id] = role
        return found

    @cached_property
    def blocks(self) -> frozenset[int]:
        """The ids of the nodes that hold statements."""
        return frozenset(node.id for node in self.captures.get("block", ()))

    @cached_property
    def cases(self) -> tuple[frozenset[int], frozenset[int]]:
        """The ids of the cases that do not fall through, and of those that take everything."""
        closed, default = (frozenset(node.id for node in self.captures.get(name, ())) for name in ("closed", "default"))
        return closed, default

    @property
    def texts(self) -> NDArray[np.object_]:
        """The elements, without the spaces before them."""
        return self.elements.texts

    @property
    def gaps(self) -> NDArray[np.object_]:
        """The spaces before each element."""
        return self.elements.gaps

    @cached_property
    def has_errors(self) -> bool:
        """Whether the parser met something that its grammar does not allow."""
        return bool(self.tree.root_node.has_error)

    @cached_property
    def definition_starts(self) -> frozenset[int]:
        """Where the names of declared functions and classes stand."""
        return frozenset(node.start_byte for node in self.captures.get("name", ()))

    @cached_property
    def call_starts(self) -> frozenset[int]:
        """Where the names of called functions and made classes stand."""
        return frozenset(node.start_byte for node in self.captures.get("call.name", ()))

    def inside(self, name: str) -> Bools:
        """Which elements begin inside a node that the query calls `name`;"""
        nodes = self.captures.get(name, ())
        change = np.zeros(len(self.starts) + 1, dtype=np.int64)
        for offsets, step in ((map(_START, nodes), 1), (map(_END, nodes), -1)):
            at = np.searchsorted(self.starts, np.fromiter(offsets, dtype=np.int64, count=len(nodes)))
            change += step * np.bincount(at, minlength=len(change))
        found: Bools = np.cumsum(change[:-1]) > 0
        return found

    def elements_of(self, start: int, end: int) -> range:
        """The elements that begin between two offsets of the text."""
        first, last = np.searchsorted(self.starts, (start, end))
        return range(int(first), int(last))
