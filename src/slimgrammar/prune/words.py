"""The words in names: what a query is compared with, and what makes one name tell the same as another.

>>> words("parseHTTPResponse_v2")
['parse', 'http', 'response', 'v', '2']
>>> stem("entries"), stem("parsing"), stem("class")
('entry', 'pars', 'class')
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\W\d_a-zA-Z]+")
_ENDINGS: Final = (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""), ("e", ""))


@lru_cache(maxsize=1 << 16)
def _words(text: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in _WORD.findall(text))


def words(text: str) -> list[str]:
    """The words of a name or a text, in lower case: at `_`, at capitals, between letters and digits."""
    return list(_words(text))


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """A word without its ending: enough to see that two forms are one word, no more."""
    for ending, instead in _ENDINGS:
        if (
            word.endswith(ending)
            and len(word) - len(ending) >= 3
            and not word.endswith(("ss", "us", "is")[: 3 * (ending == "s")])
        ):
            return word[: -len(ending)] + instead
    return word


@lru_cache(maxsize=1 << 16)
def stems(text: str) -> frozenset[str]:
    """The stems of the words of a name or a text."""
    return frozenset(map(stem, _words(text)))
