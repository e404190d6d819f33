"""Tries drafts of shorthands together on a corpus, and keeps those that save most there.

What a shorthand saves depends on where the others leave it to be used, and which of two is used on what each saves: so the
figures are estimated anew from each trial's uses, and the next trial is run with them, while the least useful drop out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from slimgrammar.compact.codebook.corpus import Costs, Flags, Starts
from slimgrammar.compact.codebook.matching import Matcher
from slimgrammar.compact.codebook.spellings import ESCAPE_SYMBOL, new_symbols
from slimgrammar.compact.codebook.template import parse
from slimgrammar.vocab import Vocabulary, count

_KEPT: Final = 0.9
"""The share of the drafts that each trial keeps."""
_LAST: Final = 2
"""Trials after the last draft has dropped out."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A shorthand without its symbol yet: its template, and the tokens saved at a use."""

    text: str
    saves: float


class Trial:
    """A corpus to try drafts on."""

    def __init__(self, texts: Sequence[str], starts: Sequence[Starts], vocab: Vocabulary) -> None:
        """Args:
        texts: the corpus.
        starts: of each text, what `token_starts` gives; texts whose tokens have no places are left out.
        vocab: the vocabulary whose tokens are to be saved.
        """
        self.vocab = vocab
        self.costs: dict[str, int] = {}
        self.texts: list[tuple[str, Costs]] = [
            (text, _character_starts(text, begun)) for text, (begun, _) in zip(texts, starts, strict=True) if len(begun)
        ]

    def select(self, drafts: Sequence[Draft], k: int) -> tuple[list[Draft], list[int]]:
        """The `k` drafts that save most when all are used together, those that save most first, and how often each is used."""
        left, last = list(drafts), 0
        while True:
            uses, saved = self.run(left)
            order = [number for number in range(len(left)) if saved[number] > 0]
            order.sort(key=lambda number: -saved[number])
            last += len(left) <= k
            order = order[: max(k, int(len(left) * _KEPT))]
            left = [Draft(left[number].text, round(saved[number] / uses[number], 2)) for number in order]
            if last > _LAST or not left:
                return left, [uses[number] for number in order]

    def run(self, drafts: Sequence[Draft]) -> tuple[list[int], list[float]]:
        """How often each draft is used, and what that saves in tokens."""
        matcher = Matcher(
            [parse(draft.text) for draft in drafts],
            list(new_symbols(len(drafts))),
            [draft.saves for draft in drafts],
            ESCAPE_SYMBOL,
        )
        uses, saved = [0] * len(drafts), [0.0] * len(drafts)
        for text, starts in self.texts:
            found = matcher.uses(text)
            for number, use in enumerate(found):
                uses[use.entry] += 1
                adjacent = number + 1 < len(found) and found[number + 1].start == use.end
                cut = 0 if adjacent else 1 - int(starts[use.end + 1] - starts[use.end])
                kept = sum(map(self._cost, use.words))
                saved[use.entry] += int(starts[use.end] - starts[use.start]) - 1 - cut - kept
        return uses, saved

    def _cost(self, word: str) -> int:
        known = self.costs.get(word)
        if known is None:
            known = self.costs[word] = count(self.vocab, f" {word}")
        return known


def _character_starts(text: str, begun: Flags) -> Costs:
    """How many tokens start before each character of a text, before its end, and behind it; `begun` has a row for each byte."""
    before = np.append(0, np.cumsum(begun))
    if not text.isascii():
        offsets = np.zeros(len(text) + 1, dtype=np.int64)
        np.cumsum([len(character.encode()) for character in text], out=offsets[1:])
        before = np.append(before[offsets], before[-1])
    return before.astype(np.int32)
