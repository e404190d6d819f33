"""Tries drafts of shorthands together on a corpus, and keeps those that save most there.

What a shorthand saves depends on where the others leave it to be used, and which of two is used on what each saves: so the
figures are estimated anew from each trial's uses, and the next trial is run with them, while the least useful drop out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Final

import numpy as np

from slimgrammar.compact.codebook.corpus import Costs, Flags, Starts
from slimgrammar.compact.codebook.matching import Matcher, Use
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


@dataclass(slots=True)
class _Figures:
    """How often each draft is used, what that saves in tokens, and what it saves in the source where that is most."""

    uses: list[int]
    saved: list[float]
    most: list[float]

    def add(self, saved: dict[int, float]) -> None:
        """Counts one source's savings."""
        for number, tokens in saved.items():
            self.saved[number] += tokens
            self.most[number] = max(self.most[number], tokens)

    def score(self, number: int) -> float:
        """What a draft saves elsewhere than where it saves most."""
        return self.saved[number] - self.most[number]


class Trial:
    """A corpus to try drafts on."""

    def __init__(self, texts: Sequence[str], starts: Sequence[Starts], sources: Sequence[int], vocab: Vocabulary) -> None:
        """Args:
        texts: the corpus.
        starts: of each text, what `token_starts` gives; texts whose tokens have no places are left out.
        sources: the number of what each text came from, ascending.
        vocab: the vocabulary whose tokens are to be saved.
        """
        self.vocab = vocab
        self.costs: dict[str, int] = {}
        self.texts: list[tuple[int, str, Costs]] = [
            (source, text, _character_starts(text, begun))
            for source, text, (begun, _) in zip(sources, texts, starts, strict=True)
            if len(begun)
        ]

    def select(self, drafts: Sequence[Draft], k: int) -> tuple[list[Draft], list[int]]:
        """The `k` drafts that save most when all are used together, those that save most first, and how often each is used."""
        left, last = list(drafts), 0
        while True:
            figures = self.run(left)
            order = [number for number in range(len(left)) if figures.score(number) > 0]
            order.sort(key=lambda number: -figures.score(number))
            last += len(left) <= k
            order = order[: max(k, int(len(left) * _KEPT))]
            left = [Draft(left[number].text, round(figures.saved[number] / figures.uses[number], 2)) for number in order]
            if last > _LAST or not left:
                return left, [figures.uses[number] for number in order]

    def run(self, drafts: Sequence[Draft]) -> _Figures:
        """What each draft saves where all may be used."""
        matcher = Matcher(
            [parse(draft.text) for draft in drafts],
            list(new_symbols(len(drafts))),
            [draft.saves for draft in drafts],
            ESCAPE_SYMBOL,
        )
        figures = _Figures([0] * len(drafts), [0.0] * len(drafts), [0.0] * len(drafts))
        for _, texts in groupby(self.texts, key=itemgetter(0)):
            saved: dict[int, float] = {}
            for _, text, starts in texts:
                found = matcher.uses(text)
                for number, use in enumerate(found):
                    figures.uses[use.entry] += 1
                    adjacent = number + 1 < len(found) and found[number + 1].start == use.end
                    saved[use.entry] = saved.get(use.entry, 0.0) + self._gain(use, starts, cut=not adjacent)
            figures.add(saved)
        return figures

    def _gain(self, use: Use, starts: Costs, *, cut: bool) -> int:
        """The tokens that one use saves; `cut` says whether plain text follows it, which may start inside a token."""
        gain = int(starts[use.end] - starts[use.start]) - 1 - sum(map(self._cost, use.words))
        return gain - (1 - int(starts[use.end + 1] - starts[use.end])) if cut else gain

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
