"""Which piece of code may keep how much, when all of them together do not fit: relevance to a query, and shares by it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from slimgrammar.errors import MissingExtra, SlimError

if TYPE_CHECKING:
    from slimgrammar.prune import Language

_LEAST: Final = 0.2  # the weight of code that shares no word with the query
_HALVINGS: Final = 50


class OverBudget(SlimError, ValueError):
    """A budget that cannot be met: what may not be pruned takes more tokens.

    Attributes:
        needed: how many tokens are needed at least.
        allowed: the budget.
    """

    def __init__(self, needed: int, allowed: int) -> None:
        self.needed = needed
        self.allowed = allowed
        super().__init__(needed, allowed)

    def __str__(self) -> str:
        return (
            f"the budget of {self.allowed} tokens cannot be met: "
            f"prose, and code in languages that cannot be pruned, take {self.needed}"
        )


def prunable(name: str) -> Language | None:
    """The language that a tag or a suffix names, None where there is no grammar for it.

    Raises:
        MissingExtra: the packages that prune are not installed.
    """
    try:
        from slimgrammar.prune import languages
    except ImportError as error:
        raise MissingExtra(error.name or "tree-sitter", "prune") from None
    known = languages()
    return known.get(name) or next((each for each in known.values() if name and f".{name}" in each.suffixes), None)


def relevance(codes: Sequence[str], query: str) -> list[float]:
    """How much each piece of code has to do with a query: the share of the query's words in it, rare words counting more.

    >>> relevance(["def parse_header(x): ...", "def draw(x): ..."], "Why does parsing fail?")
    [1.0, 0.2]
    """
    from slimgrammar.prune.words import stems

    wanted = stems(query)
    found = [wanted & stems(code) for code in codes]
    holders = Counter(stem for each in found for stem in each)
    worth = {stem: math.log(1 + len(codes) / number) for stem, number in holders.items()}
    total = sum(worth.values()) or 1.0
    return [_LEAST + (1 - _LEAST) * sum(worth[stem] for stem in sorted(each)) / total for each in found]


def shares(sizes: Sequence[int], least: Sequence[int], weights: Sequence[float], available: int) -> list[int]:
    """How many tokens each piece may keep: in proportion to its size and weight, none more than it has or less than its least.

    The least must fit together; the shares then do too.

    >>> shares([100, 100, 10], [0, 0, 0], [1.0, 0.5, 0.2], 110)
    [73, 36, 1]
    """

    def at(scale: float) -> list[int]:
        rows = zip(sizes, least, weights, strict=True)
        return [max(low, min(size, int(scale * weight * size))) for size, low, weight in rows]

    low, high = 0.0, 1 / min(weights, default=1.0)
    if sum(at(high)) <= available:
        return at(high)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(at(middle)) <= available else (low, middle)
    return at(low)
