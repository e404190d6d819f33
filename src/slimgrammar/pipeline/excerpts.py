"""The lines of a text that is no program in a budget: those that hold a query's words, then those nearest to its two ends."""

from __future__ import annotations

from typing import Final

from slimgrammar.vocab import Vocabulary, count

GAP: Final = "…"


def excerpt(text: str, query: str, max_tokens: int, vocab: Vocabulary) -> str:
    """As many lines as fit, in their order, with `…` where some are left out.

    >>> from slimgrammar.vocab import load
    >>> print(excerpt("one\\ntwo\\nthree\\nfour\\nfive", "Where is three?", 7, load("o200k_base")))
    one
    …
    three
    …
    five
    """
    if count(vocab, text) <= max_tokens:
        return text
    lines = text.split("\n")
    order = _order(lines, query)
    low, high = 0, len(lines)
    while low < high:  # the longest beginning of the order that fits
        middle = (low + high + 1) // 2
        low, high = (middle, high) if count(vocab, _shown(lines, order[:middle])) <= max_tokens else (low, middle - 1)
    return _shown(lines, order[:low])


def _order(lines: list[str], query: str) -> list[int]:
    from slimgrammar.prune.words import stems

    wanted = stems(query)
    last = len(lines) - 1
    return sorted(range(len(lines)), key=lambda at: (-len(wanted & stems(lines[at])), min(at, last - at)))


def _shown(lines: list[str], kept: list[int]) -> str:
    made, before = [], -1
    for at in sorted(kept):
        made += [GAP, lines[at]] if at > before + 1 else [lines[at]]
        before = at
    return "\n".join(made if before == len(lines) - 1 else [*made, GAP])
