"""Masks in transformers' `generate()`: a logits processor, a stopping criterion, forced tokens for free (extra: `hf`).

Rows of a batch are recognised by their tokens, not by their number: beam search moves them about, and assisted generation takes
tokens back. Each row therefore looks for the row of the last step with which it has most in common, and goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from slimgrammar.constrain.grammar_mask import GrammarMask, TokenNotAllowed
from slimgrammar.errors import MissingExtra

try:
    import numpy as np
    import torch
    from transformers import LogitsProcessor, StoppingCriteria
except ModuleNotFoundError as missing:
    raise MissingExtra(missing.name or "transformers", "hf") from None

if TYPE_CHECKING:
    from torch import Tensor

GOING: Final = "going"
ENDED: Final = "ended"
LEFT: Final = "left"
BROKEN: Final = "broken"


@dataclass
class _Row:
    """One row of a batch: its prompt's number, its generated tokens, and how they stand.

    Attributes:
        mask: after as many of the tokens as the grammar takes.
        state: `GOING`; `ENDED` by an end-of-text token; `LEFT` when it went on after a complete text; `BROKEN` otherwise.
    """

    prompt: int
    tokens: list[int]
    mask: GrammarMask
    state: str = GOING


class _Batch:
    """The rows of a running `generate()`."""

    def __init__(self, mask: GrammarMask, prefixes: Sequence[str | bytes], ends: frozenset[int]) -> None:
        self.ends = ends
        self.beginnings = [_begun(mask, prefix) for prefix in prefixes] or [mask.copy()]
        self.forget()

    def forget(self) -> None:
        self.rows: list[_Row] = []
        self.prompt_length = -1
        self.prompts: Tensor | None = None

    def follow(self, input_ids: Tensor) -> list[_Row]:
        """The rows as they stand with the tokens of this step."""
        if self._is_new(input_ids):
            self.prompt_length, self.prompts = input_ids.shape[1], input_ids.clone()
            count = len(input_ids)
            numbers = [number * len(self.beginnings) // count for number in range(count)]
            self.rows = [_Row(number, [], self.beginnings[number].copy()) for number in numbers]
            return self.rows
        tokens = input_ids[:, self.prompt_length :].tolist()
        self.rows = [self._followed(number, row) for number, row in enumerate(tokens)]
        return self.rows

    def _is_new(self, input_ids: Tensor) -> bool:
        """Whether a new generation has begun: another prompt, or the same one again."""
        length = self.prompt_length
        if self.prompts is None or input_ids.shape[1] <= length or len(input_ids) != len(self.rows):
            return True
        return not bool((input_ids[:, :length] == self.prompts).all())

    def _followed(self, number: int, tokens: list[int]) -> _Row:
        prompt = self.rows[number].prompt
        own = self.rows[number]
        # Mostly a row is itself and one more token.
        if own.tokens == tokens[:-1]:
            best, common = own, len(own.tokens)
        else:
            choices = [(_common(row.tokens, tokens), row) for row in self.rows if row.prompt == prompt]
            common, best = max(choices, key=lambda choice: choice[0])
        mask, state = best.mask.copy(), best.state
        if common < len(best.tokens):
            mask, state, common = self.beginnings[prompt].copy(), GOING, 0
        for token in tokens[common:]:
            state = self._advanced(mask, state, token)
        return _Row(prompt, tokens, mask, state)

    def _advanced(self, mask: GrammarMask, state: str, token: int) -> str:
        if state != GOING:
            return state
        if token in self.ends:
            return ENDED if mask.is_complete() else BROKEN
        try:
            mask.advance(token)
        except TokenNotAllowed:
            return LEFT if mask.is_complete() else BROKEN
        return GOING


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


def _end_ids(end: int | Iterable[int] | None) -> frozenset[int]:
    if end is None:
        return frozenset()
    return frozenset((end,)) if isinstance(end, int) else frozenset(end)


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
        self._ends = _end_ids(end)
        self._batch = _Batch(mask, [prefixes] if isinstance(prefixes, str) else prefixes, self._ends)
        self._end_when_leaving = end_when_leaving

    def reset(self) -> None:
        """Forget the rows of the last generation; only needed where a new prompt goes on with an old one's answer."""
        self._batch.forget()

    def row_mask(self, row: int) -> GrammarMask:
        """A copy of a row's mask as of the last call."""
        return self._batch.rows[row].mask.copy()

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:
        """Scores with what is not allowed at minus infinity."""
        rows = self._batch.follow(input_ids)
        size = scores.shape[-1]
        favourites = scores.argmax(-1).tolist() if self._end_when_leaving else [-1] * len(rows)
        words = np.stack([self._words(row, favourite, size) for row, favourite in zip(rows, favourites, strict=True)])
        allowed = unpacked(torch.from_numpy(words).to(scores.device), size)
        return scores.masked_fill(~allowed, -torch.inf)

    def _words(self, row: _Row, favourite: int, size: int) -> np.ndarray[Any, np.dtype[np.int32]]:
        """The allowed tokens of a row as bits, for a model with `size` tokens."""
        words = np.zeros(-(-size // 32), dtype=np.uint32)
        ending = row.state != GOING
        if not ending:
            ending = row.mask.is_complete()
            allowed = row.mask.allowed()
            leaves = favourite >= 0 and ending and not _has(allowed, favourite)
            if not leaves:
                words[: len(allowed)] = allowed[: len(words)]
        if ending or not words.any():
            for token in self._ends:
                words[token // 32] |= np.uint32(1 << token % 32)
        return words.view(np.int32)


def _has(bits: np.ndarray[Any, np.dtype[np.uint32]], token: int) -> bool:
    return token // 32 < len(bits) and bool(int(bits[token // 32]) >> token % 32 & 1)


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
    generated.
    """

    def __init__(
        self, mask: GrammarMask, *, end: int | Iterable[int] | None = None, prefixes: str | Sequence[str] = ()
    ) -> None:
        """Watch what is generated after the prompt; the arguments are those of `GrammarLogitsProcessor`."""
        self._batch = _Batch(mask, [prefixes] if isinstance(prefixes, str) else prefixes, _end_ids(end))

    def __call__(self, input_ids: Tensor, scores: Tensor, **_: Any) -> Tensor:
        """Which rows are done, (rows,) booleans."""
        if self._batch.prompts is None:
            # The criterion is first asked after the first token.
            self._batch.follow(input_ids[:, :-1])
        rows = self._batch.follow(input_ids)
        done = [row.state in (ENDED, LEFT) or (row.state == GOING and row.mask.is_final()) for row in rows]
        return torch.tensor(done, dtype=torch.bool, device=input_ids.device)


def generate_with_forced(
    model: Any,
    input_ids: Tensor,
    logits_processor: Any,
    stopping_criteria: Any,
    generation_config: Any,
    **model_kwargs: Any,
) -> Tensor:
    """Decoding in which a run of forced tokens costs one model call: `generate(…, custom_generate=generate_with_forced)`.

    The tokens are those of step-by-step decoding under the same mask, in greedy decoding and in sampling. One prompt at a time.

    Args:
        model: a causal language model.
        input_ids: (1, length).
        logits_processor: what `generate` has put together; a `GrammarLogitsProcessor` must be in it.
        stopping_criteria: likewise.
        generation_config: likewise.
        **model_kwargs: what `generate` has prepared for the model, its cache among it.

    Returns:
        (1, length) with prompt and answer.

    Raises:
        ValueError: no `GrammarLogitsProcessor`, or more than one prompt.
    """
    grammar = next((part for part in logits_processor if isinstance(part, GrammarLogitsProcessor)), None)
    if grammar is None or len(input_ids) != 1:
        raise ValueError("generate_with_forced needs a GrammarLogitsProcessor and a single prompt")
    ends = _end_ids(_ids(generation_config.eos_token_id))
    known, seen = model_kwargs.get("past_key_values"), 0
    while True:
        attention = _grown(model_kwargs.get("attention_mask"), input_ids)
        output = model(input_ids=input_ids[:, seen:], attention_mask=attention, past_key_values=known, use_cache=True)
        known, seen = output.past_key_values, input_ids.shape[1]
        scores = logits_processor(input_ids, output.logits[:, -1].to(torch.float32, copy=True))
        mask = grammar.row_mask(0)
        token = _chosen(scores, sample=generation_config.do_sample)
        while token >= 0:
            input_ids = torch.cat([input_ids, input_ids.new_tensor([[token]])], dim=-1)
            if token in ends or bool(stopping_criteria(input_ids, scores).all()):
                return input_ids
            mask.advance(token)
            token = mask.forced_token()
            if token >= 0 and generation_config.do_sample:
                # What would have been drawn anyway is drawn, so that the random numbers after it stay the same.
                _chosen(_only(scores, token), sample=True)


def _ids(tokens: Any) -> Any:
    return tokens.tolist() if hasattr(tokens, "tolist") else tokens


def _grown(prompt: Tensor | None, input_ids: Tensor) -> Tensor:
    """The prompt's attention mask with ones for what has been generated."""
    if prompt is None:
        return torch.ones_like(input_ids)
    ones = prompt.new_ones((1, input_ids.shape[1] - prompt.shape[1]))
    return torch.cat([prompt, ones], dim=-1)


def _only(scores: Tensor, token: int) -> Tensor:
    alone = torch.full_like(scores, -torch.inf)
    alone[:, token] = 0
    return alone


def _chosen(scores: Tensor, *, sample: bool) -> int:
    if sample:
        return int(torch.multinomial(torch.softmax(scores, dim=-1), num_samples=1))
    return int(scores.argmax(-1))
