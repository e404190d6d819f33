"""What a program means, to compare two spellings of it: the host's syntax tree, of newer syntax rewritten for the host."""

from __future__ import annotations

import ast
import warnings
from functools import lru_cache

from slimgrammar.errors import SyntaxProblem
from slimgrammar.syntax.check import check
from slimgrammar.syntax.newer import lower


@lru_cache(maxsize=4096)
def tree(source: str) -> str:
    """The syntax tree of a program as text, "" where it is no Python.

    >>> tree("x = (1)") == tree("x=1"), tree("x = ")
    (True, '')
    """
    try:
        host = check(source)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.dump(ast.parse(source if host else lower(source).text))
    except (SyntaxProblem, SyntaxError, ValueError):
        return ""
