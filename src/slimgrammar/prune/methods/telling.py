"""What words tell: how likely an author is to use a word of a function in its description, and how rare the word is.

`grammars/prune/words.tsv` says it, mined by bench/prune_words.py from public packages. Words are stems, as `prune.words` cuts
them.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final, NamedTuple

import numpy as np

from slimgrammar import grammar
from slimgrammar.prune.lexicon import Floats, Ints, Lexicon
from slimgrammar.prune.words import stem, words

# Names that say nothing of what a program does, in any of the languages
_HOLLOW: Final = frozenset(
    [
        *("self", "cls", "this", "none", "true", "false", "null", "nil", "undefined", "args", "kwargs"),
        *("str", "int", "bool", "float", "bytes", "string", "void", "boolean", "long", "double", "object", "type", "any"),
        *("optional", "union", "list", "dict", "tuple", "set", "callable", "iterable", "sequence"),
    ]
)
# Words that tell little of what a function does even in its own name
_SMALL: Final = frozenset(
    ["get", "set", "is", "has", "do", "make", "to", "from", "by", "of", "the", "a", "in", "on", "for", "with", "and", "or"]
)
_MODIFIERS: Final = frozenset(["public", "private", "protected", "static", "final", "void", "int", "boolean", "async", "const"])
# What a word tells that the table does not list, and how rare it is; no word counts as rarer
_UNKNOWN: Final = (-0.3, 7.0)

HOLLOW, SMALL, MODIFIER, SHORT, CAPITAL, OPENING = 1, 2, 4, 8, 16, 32


class Telling(NamedTuple):
    """What the table says of one text of an element.

    Attributes:
        key: the stem of its first word; the text itself where it has no word.
        telling: how much likelier than the average word it is to stand in a description: the difference of log-odds.
        rarity: the negative logarithm of the share of functions that it stands in.
        marks: HOLLOW where it says nothing anywhere, SMALL where it says little even in a function's own name, MODIFIER of a
            declaration, SHORT where it has few letters, CAPITAL where it begins with one, OPENING for the bracket after a name
            that is called or declared; or-ed.
    """

    key: str
    telling: float
    rarity: float
    marks: int


@cache
def table() -> dict[str, tuple[float, float]]:
    """Stem → (telling, rarity)."""
    rows = (line.split("\t") for line in grammar.text("prune/words.tsv").splitlines() if line and not line.startswith("# "))
    return {word: (float(telling), float(rarity)) for word, telling, rarity in rows}


@lru_cache(maxsize=1 << 16)
def telling(text: str) -> Telling:
    """What the text of an element tells.

    >>> telling("graph").telling > 0 > telling("isinstance").telling
    True
    """
    found = words(text)
    key = stem(found[0]) if found else text
    plain = text.strip("_").lower()
    told, rarity = table().get(key, _UNKNOWN)
    marks = HOLLOW * (plain in _HOLLOW) | SMALL * (plain in _SMALL) | MODIFIER * (text in _MODIFIERS) | SHORT * (len(text) < 3)
    marks |= CAPITAL * text[:1].isupper() | OPENING * (text == "(")
    return Telling(key, told, min(rarity, _UNKNOWN[1]), marks)


def tellings(lexicon: Lexicon, ids: Ints) -> tuple[Ints, Floats, Floats, Ints]:
    """What texts of a lexicon tell: the numbers of their stems, and the columns of `Telling`."""

    def tell(text: str) -> tuple[float, ...]:
        found = telling(text)
        return lexicon.number(found.key), found.telling, found.rarity, found.marks

    keys, told, rarity, marks = lexicon.facts(telling, tell, ids)
    return keys.astype(np.int64), told, rarity, marks.astype(np.int64)
