"""A program as the pruner sees it: a flat row of elements, each with its kind and its place in the syntax tree.

`elements` cuts the text, alike for every language; the tree-sitter query says what the elements are, by where they stand. A
tree with errors serves as well as another: what it does not name has no category.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from slimgrammar.prune.elements import COMMENT, KEYWORD, NAME, STRING, SYMBOL, Bools, Ints, split
from slimgrammar.prune.languages import Language
from slimgrammar.prune.places import (
    ANNOTATION,
    CALL,
    CALLED,
    DEFINED,
    DOCSTRING,
    FLAGS,
    FRESH,
    FUNCTION,
    FUNCTION_AT,
    IMPORT,
    IN_COMMENT,
    IN_STRING,
    RETURN,
    SIGNATURE,
    STATEMENT,
    STATEMENT_AT,
    STATEMENTS,
    STRUCTURE,
    places,
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
    ("name", DEFINED),
    ("call.name", CALLED),
    ("return", RETURN),
    # Where one of these begins, what stands around it says nothing about it any more
    ("statement", FRESH | STATEMENT),
    *((name, FRESH) for name in ("block", "then", "else", "body", "finally")),
)
_PLAIN_KINDS: Final = (
    *("if", "elif", "for", "foreach", "while", "do", "loop", "switch", "case", "try", "catch", "with", "labelled", "function"),
    *("class", "return", "throw", "break", "continue", "goto", "fallthrough", "assert", "import", "variable", "annotation"),
    *("docstring", "comment", "expression"),
)

_START: Final = attrgetter("start_byte")
_END: Final = attrgetter("end_byte")
# A region as one whole number, the less the earlier it begins and, of those that begin together, the longer it is
_BITS: Final = 40
_LAST: Final = (1 << _BITS) - 1
_ROLES: Final = ("init", "test", "update", "then", "else", "finally", "body", "label", "block")


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that may be left out alone: its place, its kind as the query names it, and the statement around it (or -1).

    `function` numbers the outermost function that the statement is or stands in, 0 for none.
    """

    start: int
    end: int
    kind: str
    parent: int
    function: int


def regions(nodes: Sequence[Node]) -> Ints:
    """The regions of some nodes of a tree as whole numbers; of two that nest, the outer's is less."""
    return _keys(*_extents(nodes))


def _extents(nodes: Sequence[Node]) -> tuple[Ints, Ints]:
    """Where nodes begin and end."""
    starts, ends = (np.fromiter(map(place, nodes), dtype=np.int64, count=len(nodes)) for place in (_START, _END))
    return starts, ends


def _keys(starts: Ints, ends: Ints) -> Ints:
    return starts << _BITS | (_LAST - ends)


def group_starts(keys: Ints) -> Ints:
    """Where sorted keys change, the first included."""
    new = np.empty(len(keys), dtype=np.bool_)
    new[:1] = True
    np.not_equal(keys[1:], keys[:-1], out=new[1:])
    return new.nonzero()[0]


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
        depths: for each statement, in the order of the text, how many it stands in, itself counted.
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
        starts, ends, flags = self._regions()
        found = places(starts.tolist(), ends.tolist(), flags.tolist())
        at, now = (np.fromiter(column, dtype=np.int64, count=len(column)) for column in (found.at, found.now))
        first = np.empty(len(at) + 1, dtype=np.int64)
        first[:-1] = self.starts.searchsorted(at)
        first[-1] = len(self.starts)
        place = now.repeat(first[1:] - first[:-1])
        self.flags: Ints = place & FLAGS
        self.functions: Ints = place >> FUNCTION_AT
        self.owners: Ints = ((place & STATEMENTS) >> STATEMENT_AT) - 1
        mine = (flags & STATEMENT).nonzero()[0]
        self._statements = starts[mine], ends[mine], found.around
        self._returning: Bools = flags[mine] & RETURN > 0
        self.depths: Ints = np.array(found.depths, dtype=np.int64)
        words = self.kinds < SYMBOL
        self.kinds[words & (self.flags & IN_STRING > 0)] = STRING
        self.kinds[words & (self.flags & IN_COMMENT > 0)] = COMMENT

    def _regions(self) -> tuple[Ints, Ints, Ints]:
        """What changes an element's place: where the regions of the text begin and end, the outer first, and their flags."""
        found = [(self.captures[name], value) for name, value in _FLAGS if name in self.captures]
        keys = regions(list(chain.from_iterable(nodes for nodes, _ in found)))
        flags = np.array([value for _, value in found], dtype=np.int64).repeat([len(nodes) for nodes, _ in found])
        order = keys.argsort()
        keys = keys[order]
        first = group_starts(keys)
        keys = keys[first]
        merged = np.bitwise_or.reduceat(flags[order], first) if len(first) else flags
        return keys >> _BITS, _LAST - (keys & _LAST), merged

    @cached_property
    def statements(self) -> list[Statement]:
        """All statements, in the order of the text."""
        nodes = self.captures.get("statement", [])
        kinds = dict(zip(regions(nodes).tolist(), map(self._kind, nodes), strict=True))
        starts, ends, around = self._statements
        rows = zip(starts.tolist(), ends.tolist(), _keys(starts, ends).tolist(), around, strict=True)
        return [
            Statement(start, end, kinds[key], ((place & STATEMENTS) >> STATEMENT_AT) - 1, place >> FUNCTION_AT)
            for start, end, key, place in rows
        ]

    @cached_property
    def returning(self) -> Bools:
        """Which statements are of the kind `return`: found without the kinds of all."""
        above = {node.parent.id for node in self.captures.get("return", ()) if node.parent}
        wrapping = [node for node in self.captures.get("statement", ()) if node.id in above and self._kind(node) == "return"]
        if wrapping:
            self._returning[_keys(*self._statements[:2]).searchsorted(regions(wrapping))] = True
        return self._returning

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
        count = len(self.starts) + 1
        opened, closed = (np.bincount(self.starts.searchsorted(at), minlength=count) for at in _extents(nodes))
        found: Bools = (opened - closed).cumsum()[:-1] > 0
        return found

    def elements_of(self, start: int, end: int) -> range:
        """The elements that begin between two offsets of the text."""
        first, last = np.searchsorted(self.starts, (start, end))
        return range(int(first), int(last))
