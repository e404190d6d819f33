"""A small language model of descriptions that can copy from code, for bench/prune.py; trained in a second on the tune split.

A word of a description is drawn from a mixture: the words that followed the last word in descriptions, all words of
descriptions, the words of the code at hand, and letters for a word never seen. The mixture's weights are found by
expectation-maximisation on a held-out tenth of the tune split. Bits per word say how surprising a description is, given the
code.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from slimgrammar.prune.words import stem, words


class CopyModel:
    """See the module's own text."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        """Train on (description, code) pairs."""
        held = pairs[::10]
        told = [_tokens(query) for at, (query, _) in enumerate(pairs) if at % 10]
        self.single = Counter(word for sentence in told for word in sentence)
        self.total = sum(self.single.values())
        self.pairs = Counter(pair for sentence in told for pair in zip(["", *sentence], sentence, strict=False))
        self.before = Counter(first for sentence in told for first in ["", *sentence[:-1]])
        self.weights: NDArray[np.float64] = np.full(4, 0.25)
        rows = np.concatenate([self._chances(_tokens(query), code) for query, code in held])
        for _ in range(50):
            shares = rows * self.weights
            shares /= shares.sum(axis=1, keepdims=True)
            self.weights = shares.mean(axis=0)

    def bits(self, query: str, code: str) -> float:
        """Bits per word of a description, given a code."""
        sentence = _tokens(query)
        if not sentence:
            return 0.0
        return float(-np.log2(self._chances(sentence, code) @ self.weights).mean())

    def _chances(self, sentence: list[str], code: str) -> NDArray[np.float64]:
        """For each word, its chance under each part of the mixture."""
        copied = Counter(stem(word) for word in words(code))
        size = max(1, sum(copied.values()))
        rows = [
            (
                self.pairs[before, word] / max(1, self.before[before]),
                self.single[word] / self.total,
                copied[word] / size,
                27.0 ** -(len(word) + 1),
            )
            for before, word in zip(["", *sentence], sentence, strict=False)
        ]
        return np.array(rows, dtype=np.float64).reshape(-1, 4)


def _tokens(text: str) -> list[str]:
    return [stem(word) for word in words(text)]
