"""Other people's ways to write a program in less: Python's own `ast.unparse`, and python-minifier."""

from __future__ import annotations

import ast
import warnings
from importlib.util import find_spec
from typing import Final

CANONICAL: Final = "canonical"
MINIFIER: Final = "python-minifier"
LOSSY_MINIFIER: Final = "python-minifier, lossy"
TOOLS: Final = (CANONICAL, MINIFIER, LOSSY_MINIFIER)


def missing(tool: str) -> str:
    """Why a tool cannot be measured; "" where it can."""
    there = tool == CANONICAL or find_spec("python_minifier")
    return "" if there else "python-minifier is not installed: pip install 'slimgrammar[bench]'"


def written_by(tool: str, text: str, *, docstrings: str) -> str:
    """A program as one of `TOOLS` writes it; none of them keeps comments.

    Args:
        tool: python-minifier keeps the syntax tree, as our dialects do: it is `minify` with every transformation off. The
            lossy one is `minify` with all that leave names alone: it drops annotations and `object` bases, joins imports,
            folds constants.
        text: a program that the host can parse.
        docstrings: "keep" or "drop".
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of invalid escapes in the program
        if tool == CANONICAL:
            return canonical(text, docstrings=docstrings)
        return _minified(text if docstrings == "keep" else canonical(text, docstrings="drop"), lossy=tool == LOSSY_MINIFIER)


def canonical(text: str, *, docstrings: str) -> str:
    """Python's own canonical form: `ast.unparse`, with docstrings kept or dropped.

    >>> canonical('def f():\\n  "Does nothing."', docstrings="drop")
    'def f():\\n    pass'
    """
    tree = ast.parse(text)
    return ast.unparse(tree if docstrings == "keep" else _without_docstrings(tree))


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module) and _has_docstring(node):
            rest = node.body[1:]
            node.body = rest if rest or isinstance(node, ast.Module) else [ast.Pass()]
    return tree


def _has_docstring(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module) -> bool:
    first = node.body[0] if node.body else None
    return isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)


def _minified(text: str, *, lossy: bool) -> str:
    import python_minifier

    if lossy:
        return str(python_minifier.minify(text, rename_locals=False, rename_globals=False, hoist_literals=False))
    return str(python_minifier.unparse(ast.parse(text)))
