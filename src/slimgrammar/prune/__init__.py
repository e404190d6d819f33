"""Programs in fewer tokens, for readers that need not get the program back: see docs/prune.md."""

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
