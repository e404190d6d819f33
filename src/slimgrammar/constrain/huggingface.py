"""Masks in transformers' `generate()`: a logits processor and a stopping criterion (extra: `hf`); forced.py has free tokens.

Rows of a batch are recognised by their tokens, not by their number: beam search moves them about, and assisted generation takes
tokens back. Each row therefore looks for the row of the last step with which it has most in common, and goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from slimgrammar.constrain.grammar_mask import GrammarMask
from slimgrammar.constrain.progress import BROKEN, Progress, end_ids
from slimgrammar.errors import MissingExtra

try:
    import numpy as np
    import torch
    from transformers import LogitsProcessor, StoppingCriteria
except ModuleNotFoundError as missing:
    raise MissingExtra(missing.name or "transformers", "hf") from None

if TYPE_CHECKING:
    from torch import Tensor

    from slimgrammar.constrain.forced import generate_with_forced

__all__ = ["GrammarLogitsProcessor", "GrammarStoppingCriteria", "generate_with_forced", "unpacked"]


def __getattr__(name: str) -> Any:
    # forced.py imports this module.
    if name == "generate_with_forced":
        from slimgrammar.constrain.forced import generate_with_forced

        return generate_with_forced
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@dataclass
class _Row:
    """One row of a batch: its prompt's number, its generated tokens, and how they stand."""

    prompt: int
    tokens: list[int]
    progress: Progress


class Batch:
    """The rows of a running `generate()`."""

    def __init__(self, mask: GrammarMask, prefixes: str | Sequence[str], ends: frozenset[int]) -> None:
        self.ends = ends
        given = [prefixes] if isinstance(prefixes, str) else prefixes
        self.beginnings = [_begun(mask, prefix) for prefix in given] or [mask.copy()]
        self.forget()

    def forget(self) -> None:
        """Take the next call for a new generation."""
        self.rows: list[_Row] = []
        self.prompt_length = -1
        self.prompts: Tensor | None = None

    def begun(self, count: int) -> list[Progress]:
        """The rows of a new generation of `count` rows; those of one prompt follow each other.

        Raises:
            ValueError: the rows cannot be shared out among the prefixes.
        """
        given = len(self.beginnings)
        if count % given:
            raise ValueError(f"{given} prefixes for a batch of {count} rows: expected one for all, or one for each prompt")
        return [Progress(self.beginnings[number * given // count].copy(), self.ends) for number in range(count)]

    def follow(self, input_ids: Tensor) -> list[Progress]:
        """The rows as they stand with the tokens of this step."""
        if self.is_new(input_ids):
            self.prompt_length, self.prompts = input_ids.shape[1], input_ids.clone()
            begun, given = self.begun(len(input_ids)), len(self.beginnings)
            self.rows = [_Row(number * given // len(begun), [], progress) for number, progress in enumerate(begun)]
        else:
            tokens = input_ids[:, self.prompt_length :].tolist()
            self.rows = [self._followed(number, row) for number, row in enumerate(tokens)]
        return [row.progress for row in self.rows]

    def is_new(self, input_ids: Tensor) -> bool:
        """Whether a new generation has begun: another prompt, or the same one again."""
        length = self.prompt_length
        if self.prompts is None or input_ids.shape[1] <= length or len(input_ids) != len(self.rows):
            return True
        return not bool((input_ids[:, :length] == self.prompts).all())

    def _followed(self, number: int, tokens: list[int]) -> _Row:
        own = self.rows[number]
        # Mostly a row is itself and one more token.
        if own.tokens == tokens[:-1]:
            best, common = own, len(own.tokens)
        else:
            choices = [(_common(row.tokens, tokens), row) for row in self.rows if row.prompt == own.prompt]
            common, best = max(choices, key=lambda choice: choice[0])
        progress = best.progress.copy()
        if common < len(best.tokens):
            progress.rewind(common)
        for token in tokens[common:]:
            progress.advance(token)
        return _Row(own.prompt, tokens, progress)


def _begun(mask: GrammarMask, prefix: str | bytes) -> GrammarMask:
    begun = mask.copy()
    if prefix:
        begun.advance_text(prefix)
    return begun


def _common(first: list[int], second: list[int]) -> int:
    """How many tokens two rows begin with together."""
    for number, (one, other) in enumerate(zip(first, second, strict=False)):
        if one != other:
            return number
    return min(len(first), len(second))


class GrammarLogitsProcessor(LogitsProcessor):  # type: ignore[misc]
    """Allows only tokens that keep each row a beginning of a text of the grammar, and the end of text where it is complete."""

    def __init__(
        self,
        mask: GrammarMask,
        *,
        end: int | Iterable[int] | None,
        prefixes: str | Sequence[str] = (),
        end_when_leaving: bool = False,
    ) -> None:
        """Constrain what is generated after the prompt.

        Args:
            mask: the grammar, at the beginning of its text. It is copied, never changed.
            end: the end-of-text token ids, such as `tokenizer.eos_token_id`.
            prefixes: the part of each prompt that belongs to the grammar's text, such as an unfinished function; one for all,
                or one for each prompt of the batch.
            end_when_leaving: end a row when its text is complete and the model's own first choice would not go on with it: the
                function is finished, and the model would write the next one.

        Raises:
            SyntaxProblem: a prefix is not the beginning of any text of the grammar.
        """
        self.batch = Batch(mask, prefixes, end_ids(end))
        self._end_when_leaving = end_when_leaving

    def reset(self) -> None:
        """Forget the rows of the last generation; only needed where a new prompt goes on with an old one's answer."""
        self.batch.forget()

    def row_mask(self, row: int) -> GrammarMask:
        """A copy of a row's mask as of the last call."""
        return self.batch.rows[row].progress.mask.copy()

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:
        """Scores with what is not allowed at minus infinity."""
        return self.constrained(self.batch.follow(input_ids), scores)

    def constrained(self, rows: Sequence[Progress], scores: Tensor) -> Tensor:
        """Scores of rows that the caller follows, (rows, tokens), with what is not allowed at minus infinity."""
        size = scores.shape[-1]
        favourites = scores.argmax(-1).tolist() if self._end_when_leaving else [-1] * len(rows)
        words = np.stack([row.words(size, favourite=favourite) for row, favourite in zip(rows, favourites, strict=True)])
        allowed = unpacked(torch.from_numpy(words).to(scores.device), size)
        return scores.masked_fill(~allowed, -torch.inf)


def unpacked(words: Tensor, size: int) -> Tensor:
    """Bits as booleans, on the device where they are.

    Args:
        words: int32, (rows, ⌈size / 32⌉).
        size: how many tokens there are.

    Returns:
        bool, (rows, size).
    """
    shifts = torch.arange(32, device=words.device, dtype=torch.int32)
    return (words.unsqueeze(-1).bitwise_right_shift(shifts) & 1).bool().reshape(len(words), -1)[:, :size]


class GrammarStoppingCriteria(StoppingCriteria):  # type: ignore[misc]
    """Ends a row as soon as its text is complete and nothing can be added, or has just been left.

    Without a logits processor a model goes on after the unit that was asked for; its first token outside is the last one
    generated, and `kept` says how many belong to the unit.
    """

    def __init__(
        self,
        mask: GrammarMask,
        *,
        end: int | Iterable[int] | None = None,
        prefixes: str | Sequence[str] = (),
        end_when_broken: bool = False,
    ) -> None:
        """Watch what is generated after the prompt.

        Args:
            mask: as for `GrammarLogitsProcessor`, like `end` and `prefixes`.
            end: likewise.
            prefixes: likewise.
            end_when_broken: end a row, too, that no further token can make a text of the grammar.

        Raises:
            SyntaxProblem: a prefix is not the beginning of any text of the grammar.
        """
        self.batch = Batch(mask, prefixes, end_ids(end))
        self._end_when_broken = end_when_broken

    @property
    def kept(self) -> list[int]:
        """For each row of the last call, how many of its tokens the grammar has taken."""
        return [row.progress.taken for row in self.batch.rows]

    def is_done(self, row: Progress) -> bool:
        """Whether a row that the caller follows is done."""
        return row.is_over() or (self._end_when_broken and row.state == BROKEN)

    def __call__(self, input_ids: Tensor, scores: Tensor, **_: Any) -> Tensor:
        """Which rows are done, (rows,) booleans."""
        if self.batch.is_new(input_ids):
            # The criterion is first asked after the first token.
            self.batch.follow(input_ids[:, :-1])
        done = [self.is_done(row) for row in self.batch.follow(input_ids)]
        return torch.tensor(done, dtype=torch.bool, device=input_ids.device)
