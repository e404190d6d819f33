"""Is a text Python? The host's own parser says so; syntax newer than the host is first rewritten for it (`newer`).

Python 3.8–3.14 is accepted on every host; Python 2 is not.
"""

from __future__ import annotations

import ast
import symtable
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

from slimgrammar.errors import SyntaxProblem, place
from slimgrammar.syntax.newer import lower

if TYPE_CHECKING:
    from tree_sitter import Node, Tree



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
    problem = _judge(source)
    if problem is None:
        return True
    lowered = lower(source)
    if lowered == source or _judge(lowered) is not None:
        raise problem
    return False


def _judge(source: str) -> SyntaxProblem | None:
    """What the host's parser has against a text."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _host_parses(source)
    except SyntaxError as error:
        return _problem(source, error)
    except (RecursionError, MemoryError):
        return SyntaxProblem("nested too deeply for Python's parser", 1, 1)
    except (ValueError, OverflowError) as error:
        return SyntaxProblem(str(error), 1, 1)
    return None


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
