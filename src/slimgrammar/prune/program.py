"""A program as the pruner sees it: a flat row of elements, each with its kind and its place in the syntax tree.

Elements are the words of names, strings and comments, numbers, operators, and the layout: a line break and the indentation
after it are elements of their own. What stands between two elements of a line, a space or the `_` inside a name, belongs to
the second as its gap, and goes with the first. All elements with their gaps, joined, are the text. One regular expression
finds them for every language; the tree-sitter query says what they are, by where they stand. A tree with errors serves as
well as another: what it does not name has no category.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from slimgrammar.prune.languages import Language

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

# Kinds of elements
NAME, KEYWORD, NUMBER, SYMBOL, STRING, COMMENT, BREAK, INDENT = range(8)
KIND_NAMES: Final = ("name", "keyword", "number", "punctuation", "string", "comment", "line break", "indentation")

# Flags: where an element stands
SIGNATURE, STRUCTURE, CALL, DOCSTRING, ANNOTATION, IN_STRING, IN_COMMENT, IMPORT = (1 << bit for bit in range(8))

_OPERATORS: Final = (
    *("<<=", ">>=", "**=", "//=", "...", "===", "!==", ">>>", "&&=", "||=", "??=", "..="),
    *("->", "=>", "::", ":=", "==", "!=", "<=", ">=", "&&", "||", "??", "?.", "++", "--", "<-", "<<", ">>", "**", "//"),
    *("+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=", "/*", "*/", '"""', "'''"),
)


def _piece(lower: str) -> re.Pattern[str]:
    """What a text is made of; a word of a name comes first, being most frequent: `getUserName` and `get_user_name` have three."""
    word = rf"(?:(?<!\w)_+)?(?:[A-Z]+(?!{lower})\d*|[A-Z]?{lower}+\d*|[^\W\d_])(?:_+(?!\w))?"
    operators = "|".join(map(re.escape, _OPERATORS))
    number = r"(?<!\w)\d(?:[eE][+-]?\d|[\w.])*"
    return re.compile(rf"{word}|\s*\n|[^\S\n]+|{operators}|{number}|(?<=[^\W_])_+(?=[^\W_])|_+\d+|\S")


_ASCII_PIECE: Final = _piece("[a-z]")
_ANY_PIECE: Final = _piece(r"[^\W\d_A-Z]")
_SPACE: Final = 8
_NEWLINE: Final = ord("\n")
_UNDERSCORE: Final = ord("_")

_FLAG_OF: Final = {
    "function": SIGNATURE,
    "class": SIGNATURE,
    "closure": SIGNATURE,
    "structure": STRUCTURE,
    "call": CALL,
    "docstring": DOCSTRING,
    "annotation": ANNOTATION,
    "string": IN_STRING,
    "comment": IN_COMMENT,
    "import": IMPORT,
}
# Where one of these begins, what stands around it says nothing about it any more
_FRESH: Final = ("block", "then", "else", "body", "finally")
_PLAIN_KINDS: Final = (
    *("if", "elif", "for", "foreach", "while", "do", "loop", "switch", "case", "try", "catch", "with", "labelled", "function"),
    *("class", "return", "throw", "break", "continue", "goto", "fallthrough", "assert", "import", "variable", "annotation"),
    *("docstring", "comment", "expression"),
)

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


class Program:
    """The elements of a program and their places; see the module's own text.

    Attributes:
        text: the program.
        language: what it is written in.
        tree: its tree-sitter tree; offsets are characters.
        captures: the nodes under each name of the query.
        texts: the elements, without the spaces before them.
        gaps: the spaces before each.
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
        self._read_elements()
        self._place()

    def _read_elements(self) -> None:
        """Split the text; the spaces before an element are its gap, those after a line break an element of their own."""
        split = _ASCII_PIECE if self.text.isascii() else _ANY_PIECE
        pieces = np.array(split.findall(self.text), dtype=object)
        lengths = np.fromiter(map(len, pieces), dtype=np.int64, count=len(pieces))
        starts = np.cumsum(lengths) - lengths
        codes = np.frombuffer(self.text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        kinds = _kinds_by_first(codes, starts)
        if codes.size:
            kinds[kinds == INDENT] = np.where(_line_end_before(codes, starts[kinds == INDENT]), INDENT, _SPACE)
        kinds[_between_words(codes, starts, lengths)] = _SPACE
        kept = np.flatnonzero(kinds != _SPACE)
        spaced = kept[(kept > 0) & (kinds[kept - 1] == _SPACE)]
        gaps = np.full(len(pieces), "", dtype=object)
        gaps[spaced] = pieces[spaced - 1]
        kinds[(kinds == KEYWORD) & self._inside("identifier")[starts]] = NAME
        self.texts, self.gaps, self.starts, self.kinds = pieces[kept], gaps[kept], starts[kept], kinds[kept]

    def _place(self) -> None:
        """Give each element the flags, the statement and the function that it stands in."""
        at, states, table = self._events()
        found = np.array(states, dtype=np.int64)[np.searchsorted(at, self.starts, side="right") - 1]
        self.flags, self.owners, self.functions = (np.array(column, dtype=np.int64)[found] for column in table)
        words = (self.kinds <= KEYWORD) | (self.kinds == NUMBER)
        self.kinds[words & (self.flags & IN_STRING > 0)] = STRING
        self.kinds[words & (self.flags & IN_COMMENT > 0)] = COMMENT

    def _events(self) -> tuple[list[int], list[int], tuple[list[int], list[int], list[int]]]:
        """Where the innermost node changes, to which state, and the states' flags, statements and functions.

        The last event at an offset holds; state 0 is the outside of everything.
        """
        at, states = [-1], [0]
        flags, owners, functions = [0], [-1], [0]
        statements: list[Statement] = []
        open_ends, open_states = [len(self.text) + 1], [0]
        current = function_count = 0
        for start, negative_end, fresh, flag, is_function, kind in self._regions():
            while open_ends[-1] <= start:
                at.append(open_ends.pop())
                open_states.pop()
                states.append(current := open_states[-1])
            owner, function = owners[current], functions[current]
            if is_function and not function:
                function_count += 1
                function = function_count
            if kind is not None:
                statements.append(Statement(start, -negative_end, kind, owner, function))
                owner = len(statements) - 1
            flags.append(flag if fresh else flags[current] | flag)
            owners.append(owner)
            functions.append(function)
            current = len(flags) - 1
            open_ends.append(-negative_end)
            open_states.append(current)
            at.append(start)
            states.append(current)
        while len(open_ends) > 1:
            at.append(open_ends.pop())
            open_states.pop()
            states.append(open_states[-1])
        self.statements = statements
        return at, states, (flags, owners, functions)

    def _regions(self) -> list[tuple[int, int, bool, int, bool, str | None]]:
        """What changes an element's place: (start, -end, fresh, flag, is a function, a statement's kind), outer before
        inner."""
        merged: dict[tuple[int, int], tuple[bool, int, bool, str | None]] = {}
        captures = self.captures
        functions = {node.id for name in ("function", "closure") for node in captures.get(name, ())}
        for node in captures.get("statement", ()):
            merged[node.start_byte, -node.end_byte] = (True, 0, node.id in functions, self._kind(node))
        for name in _FRESH:
            for node in captures.get(name, ()):
                merged.setdefault((node.start_byte, -node.end_byte), (True, 0, False, None))
        for name, flag in _FLAG_OF.items():
            is_function = name in ("function", "closure")
            for node in captures.get(name, ()):
                place = node.start_byte, -node.end_byte
                fresh, flags, function, kind = merged.get(place, (False, 0, False, None))
                merged[place] = (fresh, flags | flag, function or is_function, kind)
        return sorted((start, end, *rest) for (start, end), rest in merged.items())

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

    def _inside(self, *names: str) -> Bools:
        """Which offsets of the text lie inside a node that the query calls by one of `names`; such nodes do not nest."""
        spans = [(node.start_byte, node.end_byte) for name in names for node in self.captures.get(name, ())]
        edges = np.zeros(len(self.text) + 1, dtype=np.int64)
        if spans:
            starts, ends = np.array(spans, dtype=np.int64).T
            np.add.at(edges, starts, 1)
            np.add.at(edges, ends, -1)
        found: Bools = np.cumsum(edges) > 0
        return found

    def inside(self, name: str) -> Bools:
        """Which elements lie inside a node that the query calls `name`; such nodes do not nest."""
        found: Bools = self._inside(name)[self.starts]
        return found

    def elements_of(self, start: int, end: int) -> range:
        """The elements that begin between two offsets of the text."""
        first, last = np.searchsorted(self.starts, (start, end))
        return range(int(first), int(last))


def _first_table() -> Ints:
    """The kind of an element by its first character, for ASCII."""
    table = np.full(128, SYMBOL, dtype=np.int64)
    for code in range(128):
        mark = chr(code)
        if mark.isalpha() or mark in "_$":
            table[code] = KEYWORD
        elif mark.isdigit():
            table[code] = NUMBER
        elif mark.isspace():
            table[code] = INDENT
    return table


_FIRST: Final = _first_table()


def _kinds_by_first(codes: NDArray[np.uint32], starts: Ints) -> Ints:
    """The kinds of pieces by how they begin; one that ends in a line break is a BREAK, other space INDENT for now."""
    first = codes[starts] if starts.size else np.zeros(0, dtype=np.uint32)
    kinds = _FIRST[np.minimum(first, 127)]
    for at in np.flatnonzero(first > 127).tolist():
        mark = chr(first[at])
        kinds[at] = INDENT if mark.isspace() else NUMBER if mark.isdigit() else KEYWORD if mark.isalnum() else SYMBOL
    ends = np.append(starts[1:], len(codes))
    space = kinds == INDENT
    kinds[space] = np.where(codes[ends[space] - 1] == _NEWLINE, BREAK, INDENT)
    return kinds


def _between_words(codes: NDArray[np.uint32], starts: Ints, lengths: Ints) -> Bools:
    """Which pieces are the underscores between two words of a name: they are spelled like a space between elements."""
    if not starts.size:
        return np.zeros(0, dtype=np.bool_)
    before = codes[starts - 1]
    after_word = (starts > 0) & ((before > 127) | np.isin(_FIRST[np.minimum(before, 127)], (KEYWORD, NUMBER)))
    found: Bools = after_word & (codes[starts] == _UNDERSCORE) & (codes[starts + lengths - 1] == _UNDERSCORE)
    return found


def _line_end_before(codes: NDArray[np.uint32], starts: Ints) -> Bools:
    """Whether a line begins at each of these offsets."""
    found: Bools = (starts == 0) | (codes[starts - 1] == _NEWLINE)
    return found
