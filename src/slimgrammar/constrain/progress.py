"""One text of a running generation: its mask, how it stands, and which tokens a model may choose next."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np

from slimgrammar.constrain.grammar_mask import GrammarMask, TokenNotAllowed
from slimgrammar.errors import SyntaxProblem

GOING: Final = "going"
ENDED: Final = "ended"
LEFT: Final = "left"
BROKEN: Final = "broken"

Words = np.ndarray[Any, np.dtype[np.int32]]


class Progress:
    """What a model has written of a text of a grammar.

    Attributes:
        mask: after as many of the tokens as the grammar takes.
        state: `GOING`; `ENDED` by an end-of-text token; `LEFT` when it went on after a complete text; `BROKEN` otherwise.
        told: how many tokens there are.
        taken: how many of them the grammar has taken; the others came after the text's end.
    """

    def __init__(self, mask: GrammarMask, ends: frozenset[int]) -> None:
        self.mask, self.ends = mask, ends
        self.state = GOING
        self.told = self.taken = 0

    def copy(self) -> Progress:
        """The same text, to go on in another way."""
        twin = Progress(self.mask.copy(), self.ends)
        twin.state, twin.told, twin.taken = self.state, self.told, self.taken
        return twin

    def advance(self, token: int) -> None:
        """Add a token, whatever it is."""
        self.told += 1
        if self.state != GOING:
            return
        if token in self.ends:
            self.state = ENDED if self.mask.is_complete() else BROKEN
            return
        try:
            self.mask.advance(token)
        except TokenNotAllowed as refused:
            self.state = LEFT if self._completed_within(refused.spelling) else BROKEN
        else:
            self.taken += 1

    def rewind(self, told: int) -> None:
        """Take back all tokens but the first `told`."""
        if told > self.taken:
            # The token that ended the text is among them.
            self.told = min(told, self.told)
            return
        self.mask.rollback(self.taken - told)
        if told < self.told:
            self.state = GOING
        self.told = self.taken = told

    def _completed_within(self, spelling: bytes) -> bool:
        """Whether a token that leaves the grammar makes the text complete first, as `}\\n\\nfoo` does."""
        text, at = self.mask, 0
        while not text.is_complete():
            at += 1
            if at >= len(spelling):
                return False
            text = self.mask.copy()
            try:
                text.advance_text(spelling[:at])
            except SyntaxProblem:
                return False
        return True

    def is_over(self) -> bool:
        """Whether the text is complete, and has been left or cannot grow."""
        return self.state in (ENDED, LEFT) or (self.state == GOING and self.mask.is_final())

    def forced(self) -> int:
        """The one token that may come next, the end-of-text token among them, or -1 where there is a choice."""
        if self.state == GOING:
            if not self.mask.is_complete():
                return self.mask.forced_token()
            if self.mask.allowed().any():
                return -1
        return next(iter(self.ends)) if len(self.ends) == 1 else -1

    def words(self, size: int, *, favourite: int = -1) -> Words:
        """The tokens that may come next, as bits.

        Args:
            size: how many tokens the model has.
            favourite: the model's own first choice, where a text is to end as soon as that leaves it.

        Returns:
            int32, (⌈size / 32⌉,); an end-of-text token where the text may end, or nothing else is left.
        """
        words = np.zeros(-(-size // 32), dtype=np.uint32)
        ending = self.state != GOING
        if not ending:
            ending = self.mask.is_complete()
            allowed = self.mask.allowed()
            leaves = favourite >= 0 and ending and favourite not in self.ends and not _has(allowed, favourite)
            if not leaves:
                words[: len(allowed)] = allowed[: len(words)]
        if ending or not words.any():
            for token in self.ends:
                if token < size:
                    words[token // 32] |= np.uint32(1 << token % 32)
        return words.view(np.int32)


def _has(bits: np.ndarray[Any, np.dtype[np.uint32]], token: int) -> bool:
    return token // 32 < len(bits) and bool(int(bits[token // 32]) >> token % 32 & 1)


def end_ids(end: int | Iterable[int] | None) -> frozenset[int]:
    """End-of-text tokens as transformers has them: none, one, or several."""
    if end is None:
        return frozenset()
    return frozenset((end,)) if isinstance(end, int) else frozenset(end)
