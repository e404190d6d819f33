"""Decoding in which forced tokens cost nothing: `generate(…, custom_generate=generate_with_forced)`.

A row's forced tokens are written at once and read by the model together with the next one that it chooses. So the rows of a
batch come to have different lengths: each call of the model gives every row what it has not read yet, padded on the left, and
the attention mask has holes where a row was padded. A row that is done gets padding alone.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from slimgrammar.constrain.huggingface import GrammarLogitsProcessor, GrammarStoppingCriteria
from slimgrammar.constrain.progress import Progress
from slimgrammar.errors import MissingExtra

try:
    import torch
    from transformers import DynamicCache
    from transformers.generation import GenerateDecoderOnlyOutput
except ModuleNotFoundError as missing:
    raise MissingExtra(missing.name or "transformers", "hf") from None

if TYPE_CHECKING:
    from torch import Tensor


def generate_with_forced(
    model: Any,
    input_ids: Tensor,
    logits_processor: Any,
    stopping_criteria: Any,
    generation_config: Any,
    **model_kwargs: Any,
) -> Any:
    """Decode with one call of the model for each token that is chosen, and none for those that are forced.

    In greedy decoding the tokens are those of step-by-step decoding under the same mask; in sampling too, where there is one
    row (for more, the same random numbers go to other tokens). Other logits processors do not see forced tokens.

    Args:
        model: a causal language model.
        input_ids: (rows, length).
        logits_processor: what `generate` has put together; a `GrammarLogitsProcessor` must be in it.
        stopping_criteria: likewise; each row is shown to them by itself.
        generation_config: likewise.
        **model_kwargs: what `generate` has prepared for the model, its cache among it.

    Returns:
        (rows, length), prompts and answers, padded on the right; in a `GenerateDecoderOnlyOutput` where `generate` was asked
        for that.

    Raises:
        ValueError: no `GrammarLogitsProcessor`; beams; several rows, and a cache of fixed size.
    """
    grammar = next((part for part in logits_processor if isinstance(part, GrammarLogitsProcessor)), None)
    if grammar is None or (generation_config.num_beams or 1) > 1:
        raise ValueError("generate_with_forced needs a GrammarLogitsProcessor, and greedy decoding or sampling")
    rows = _rows(input_ids, grammar, stopping_criteria)
    reader = _Reader(model, input_ids, model_kwargs)
    sample = bool(generation_config.do_sample)
    for row in rows:
        row.write_forced()
    while going := [number for number, row in enumerate(rows) if not row.done]:
        scores = reader.read([row.ids for row in rows])
        scores = torch.cat([_processed(logits_processor, rows[number], scores[number : number + 1]) for number in going])
        if sample and len(rows) == 1:
            rows[0].draw_forced(scores)
        chosen = torch.multinomial(scores.softmax(-1), 1)[:, 0] if sample else scores.argmax(-1)
        for number, token in zip(going, chosen.tolist(), strict=True):
            rows[number].write(token)
            rows[number].write_forced()
    found = _padded([row.ids for row in rows], _padding(generation_config))
    return GenerateDecoderOnlyOutput(sequences=found) if generation_config.return_dict_in_generate else found


class _Watcher(NamedTuple):
    """A grammar's criterion, and how a row stands for it; other criteria look at the tokens."""

    criterion: GrammarStoppingCriteria
    progress: Progress


class _Row:
    """A prompt and its answer.

    Attributes:
        ids: the prompt with its padding, and the answer, (length,).
        progress: how the answer stands.
        done: whether a stopping criterion has ended it.
        undrawn: forced tokens since the last chosen one.
    """

    def __init__(self, ids: Tensor, progress: Progress, watchers: list[_Watcher], others: list[Any]) -> None:
        self.ids, self.progress = ids, progress
        self.done = False
        self.undrawn = 0
        self._watchers, self._others = watchers, others

    def write(self, token: int) -> None:
        """Add a token."""
        self.ids = torch.cat([self.ids, self.ids.new_tensor([token])])
        self.progress.advance(token)
        row = self.ids[None]
        self.done = any(bool(other(row, None).all()) for other in self._others)
        for criterion, progress in self._watchers:
            progress.advance(token)
            self.done |= criterion.is_done(progress)

    def write_forced(self) -> None:
        """Add tokens for as long as there is no choice."""
        while not self.done and (token := self.progress.forced()) >= 0:
            self.write(token)
            self.undrawn += 1

    def draw_forced(self, scores: Tensor) -> None:
        """Draw what would have been drawn for the forced tokens, so that the random numbers after them are the same."""
        for _ in range(self.undrawn):
            torch.multinomial(torch.ones_like(scores), 1)
        self.undrawn = 0


def _rows(input_ids: Tensor, grammar: GrammarLogitsProcessor, criteria: Any) -> list[_Row]:
    count = len(input_ids)
    watching = [part for part in criteria if isinstance(part, GrammarStoppingCriteria)]
    watched = [part.batch.begun(count) for part in watching]
    others = [part for part in criteria if not isinstance(part, GrammarStoppingCriteria)]
    return [
        _Row(ids, progress, [_Watcher(part, rows[number]) for part, rows in zip(watching, watched, strict=True)], others)
        for number, (ids, progress) in enumerate(zip(input_ids, grammar.batch.begun(count), strict=True))
    ]


class _Reader:
    """The model, and what it has read of each row.

    Raises:
        ValueError: there are several rows, and a cache that holes do not fit into.
    """

    def __init__(self, model: Any, input_ids: Tensor, model_kwargs: dict[str, Any]) -> None:
        self.model = model
        accepted = inspect.signature(model.forward).parameters
        # transformers renamed it in 5.24.
        self.cache_name = "cache" if "cache" in accepted else "past_key_values"
        self.takes_positions = "position_ids" in accepted
        self.cache = model_kwargs.get(self.cache_name)
        if len(input_ids) > 1 and not isinstance(self.cache, DynamicCache | None):
            raise ValueError(
                f"{type(self.cache).__name__} has no room for several rows of different lengths: use a dynamic cache"
            )
        seen = self.cache.get_seq_length() if self.cache is not None else 0
        self.read_so_far = [seen] * len(input_ids)
        prompt = model_kwargs.get("attention_mask")
        self.prompt = torch.ones_like(input_ids) if prompt is None else prompt
        self.attention = self.prompt[:, :seen]
        self.more = {name: model_kwargs[name] for name in ("logits_to_keep",) if name in model_kwargs}

    def read(self, rows: Sequence[Tensor]) -> Tensor:
        """Read what is new in each row.

        Returns:
            float32, (rows, tokens): the scores of the token after each row.
        """
        new = [row[start:] for row, start in zip(rows, self.read_so_far, strict=True)]
        marks = [self._marks(number, len(row)) for number, row in enumerate(rows)]
        self.attention = torch.cat([self.attention, _padded(marks, 0, left=True)], dim=-1)
        given = _padded(new, 0, left=True)
        positions = (self.attention.cumsum(-1) - 1).clamp(min=0)[:, -given.shape[1] :]
        output = self.model(
            input_ids=given,
            attention_mask=self.attention,
            use_cache=True,
            **{self.cache_name: self.cache},
            **({"position_ids": positions} if self.takes_positions else {}),
            **self.more,
        )
        self.cache = getattr(output, self.cache_name)
        self.read_so_far = [len(row) for row in rows]
        scores: Tensor = output.logits[:, -1].to(torch.float32, copy=True)
        return scores

    def _marks(self, number: int, length: int) -> Tensor:
        """The attention mask of a row's new tokens: the prompt's own, ones for the answer."""
        start = self.read_so_far[number]
        prompt = self.prompt[number, start:]
        return torch.cat([prompt, prompt.new_ones(length - start - len(prompt))])


def _processed(processors: Any, row: _Row, scores: Tensor) -> Tensor:
    """The scores of one row, (1, tokens), after all processors in their order."""
    for part in processors:
        own = isinstance(part, GrammarLogitsProcessor)
        scores = part.constrained([row.progress], scores) if own else part(row.ids[None], scores)
    return scores


def _padded(rows: Sequence[Tensor], filler: int, *, left: bool = False) -> Tensor:
    side = "left" if left else "right"
    return torch.nn.utils.rnn.pad_sequence(list(rows), batch_first=True, padding_value=filler, padding_side=side)


def _padding(generation_config: Any) -> int:
    """The token that fills up rows: the one for it, else an end-of-text token."""
    for name in ("pad_token_id", "eos_token_id"):
        token = getattr(generation_config, name, None)
        if token is not None:
            return int(token[0] if isinstance(token, list) else token)
    return 0
