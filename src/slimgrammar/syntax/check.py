"""Is a text Python? The host's own parser says so, and where the text is newer than the host, tree-sitter does.

Python 3.8–3.14 is accepted on every host; Python 2 is not, although tree-sitter's grammar knows its statements.
"""

from __future__ import annotations

import ast
import re
import symtable
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from slimgrammar.errors import SyntaxProblem, place

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

_PYTHON_2: Final = frozenset(("print_statement", "exec_statement", "<>", "`"))
# What a host may be too old for; without one of these, its verdict stands.
_NEWER: Final = re.compile(
    r"\btype\s+\w+\s*[\[=]|\b(?:def|class)\s+\w+\s*\[|\bexcept\*?\s+[^(:\n]+,|[fFtT][rR]?['\"]|\bmatch\b|\bexcept\s*\*|\bwith\s*\("
    r"|\[\s*\*|,\s*\*|\*\s*\w+\s*\]|\bfinally\b",
)


def check(source: str) -> bool:
    """Refuses a text that is not Python.

    Args:
        source: the text, with `\\n` line ends.

    Returns:
        Whether the host's own `ast` can parse it; False for syntax newer than the host.

    Raises:
        SyntaxProblem: it is not Python (3.8–3.14); line and column say where.
    """
    nul = source.find("\0")
    if nul >= 0:
        raise SyntaxProblem("source holds a NUL byte", *place(source, nul))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _host_parses(source)
    except SyntaxError as error:
        if _NEWER.search(source) is None or not is_newer_python(source):
            raise _problem(source, error) from None
        return False
    except (RecursionError, MemoryError):
        raise SyntaxProblem("nested too deeply for Python's parser", 1, 1) from None
    except (ValueError, OverflowError) as error:
        raise SyntaxProblem(str(error), 1, 1) from None
    return True


def _host_parses(source: str) -> None:
    """Parses with the host; its symbol table is the fastest way to, but refuses some trees that `ast` accepts."""
    try:
        symtable.symtable(source, "<source>", "exec")
    except SyntaxError:
        ast.parse(source)


def _problem(source: str, error: SyntaxError) -> SyntaxProblem:
    """The host's error as ours; its column may be missing."""
    line = max(error.lineno or 1, 1)
    lines = source.split("\n")
    text = lines[line - 1] if line <= len(lines) else ""
    return SyntaxProblem(error.msg or "invalid syntax", line, max(error.offset or 1, 1), text)


def parse_tree(source: str) -> Tree:
    """The tree-sitter tree of a Python text (imported here: most texts never need it)."""
    import tree_sitter  # noqa: PLC0415
    import tree_sitter_python  # noqa: PLC0415

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_python.language())).parse(source.encode("utf-8", "surrogatepass"))


def walk(tree: Tree) -> Iterator[Node]:
    """All nodes of a tree, parents before children, without recursion."""
    pending = [tree.root_node]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(reversed(node.children))


def is_newer_python(source: str) -> bool:
    """Whether tree-sitter finds no fault in a text, and no Python 2 either."""
    tree = parse_tree(source)
    if tree.root_node.has_error:
        return False
    return all(node.type not in _PYTHON_2 for node in walk(tree))
