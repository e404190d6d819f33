"""Programs in fewer tokens, for readers that need not get the program back: see docs/prune.md.

The module can be called: `slimgrammar.prune(code, keep=0.5)` is `slimgrammar.prune.prune(code, keep=0.5)`.
"""

import sys
from types import ModuleType
from typing import Any

from slimgrammar.errors import MissingExtra

try:
    import numpy as _numpy  # noqa: F401 - this and the next only to say which extra brings them
    import tree_sitter as _tree_sitter  # noqa: F401
except ImportError as missing:
    raise MissingExtra(missing.name or "tree_sitter", "prune") from None

from slimgrammar.prune.api import BadBudget, Dropped, Pruned, Span, prune, prune_with
from slimgrammar.prune.languages import Language, UnknownLanguage, language, language_of, languages
from slimgrammar.prune.methods import METHODS, Options, UnknownMethod
from slimgrammar.prune.methods import method as method_named
from slimgrammar.prune.render import Piece

__all__ = [
    "METHODS",
    "BadBudget",
    "Dropped",
    "Language",
    "Options",
    "Piece",
    "Pruned",
    "Span",
    "UnknownLanguage",
    "UnknownMethod",
    "language",
    "language_of",
    "languages",
    "method_named",
    "prune",
    "prune_with",
]


class _Callable(ModuleType):
    """A folder and a function of the public API have one name, so this module is both."""

    def __call__(self, *arguments: Any, **options: Any) -> Pruned:
        return prune(*arguments, **options)


sys.modules[__name__].__class__ = _Callable
