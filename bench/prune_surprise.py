"""How surprising a description is to a small language model that has just read the (pruned) function, for bench/prune.py.

A Llama of a million weights, which can also point at what it has read, is trained on the tune split: functions whole and pruned
by every method to every size, each followed by its description. All is spelled as lower-case words, names split at `_` and at
capitals, so that a word is the same in a name and in a description. The model is kept in a folder for the next run.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from prune_data import Function
from small_model import Settings, default_folder, digest, new_model, save, stream, train, train_tokenizer
from spellings import AS_WRITTEN
from transformers import PreTrainedTokenizerFast

from slimgrammar.prune import prune
from slimgrammar.prune.words import words

Floats = NDArray[np.float64]

SETTINGS: Final = Settings(vocabulary=4096, width=128, layers=4, context=256, batch=4, tokens=800_000)
_WEIGHTS: Final = "weights.pt"
_COPIES: Final = 2
_BATCH: Final = 64
_LONGEST: Final = 2 * SETTINGS.context  # tokens of a function that are read


class Pointing(torch.nn.Module):  # type: ignore[misc]  # torch is untyped here
    """A language model that draws a token from its vocabulary, or points at one that it has read (Merity et al., 2016)."""

    def __init__(self, model: Any) -> None:
        """Give `model` the means to point."""
        super().__init__()
        self.model = model
        self.sought = torch.nn.Linear(SETTINGS.width, SETTINGS.width, bias=False)
        self.drawn = torch.nn.Linear(SETTINGS.width, 1)

    def forward(self, input_ids: torch.Tensor, *, use_cache: bool) -> SimpleNamespace:
        """The logarithms of the chances of each next token, as `logits`."""
        found = self.model(input_ids=input_ids, use_cache=use_cache, output_hidden_states=True)
        hidden = found.hidden_states[-1].float()
        scores = self.sought(hidden) @ hidden.transpose(1, 2) / math.sqrt(SETTINGS.width)
        later = torch.ones_like(scores, dtype=torch.bool).triu(1)
        pointed = scores.float().masked_fill(later, -math.inf).softmax(dim=-1)
        drawn = torch.sigmoid(self.drawn(hidden).float())
        chances = drawn * found.logits.float().softmax(dim=-1)
        places = input_ids.unsqueeze(1).expand_as(pointed)
        chances = chances.scatter_add(2, places, (1 - drawn) * pointed)
        return SimpleNamespace(logits=chances.clamp_min(1e-9).log())

    def save_pretrained(self, folder: Path) -> None:
        """Save the weights."""
        folder.mkdir()
        torch.save(self.state_dict(), folder / _WEIGHTS)


class Reader:
    """A trained model: the surprise of descriptions after functions."""

    def __init__(self, examples: Sequence[tuple[str, str]], folder: Path | None = None) -> None:
        """Train on (code, description) pairs, or take the model that was trained on them before."""
        texts = [f"{_spelled(code)}\n{_spelled(query)}" for code, query in examples]
        random.Random(0).shuffle(texts)
        place = (folder or default_folder()) / f"reader-{digest(asdict(SETTINGS), texts)}"
        if not (place / "tokenizer").exists():
            save(train_tokenizer(texts, AS_WRITTEN, SETTINGS.vocabulary), place / "tokenizer")
        self.tokenizer: Any = PreTrainedTokenizerFast.from_pretrained(place / "tokenizer")
        self.model = Pointing(new_model(self.tokenizer, SETTINGS))
        if not (place / "model").exists():
            ids = stream(self.tokenizer, texts).ids
            ids = ids.repeat(1 + SETTINGS.tokens // len(ids))
            save(train(self.model, ids, SETTINGS, marks=[SETTINGS.steps])[SETTINGS.steps], place / "model")
        self.model.load_state_dict(torch.load(place / "model" / _WEIGHTS))
        self.model.eval()

    def bits(self, codes: Sequence[str], queries: Sequence[str]) -> Floats:
        """Bits per word of each description, given the code beside it."""
        rows = [self._row(code, query) for code, query in zip(codes, queries, strict=True)]
        found = np.zeros(len(rows))
        order = sorted(range(len(rows)), key=lambda at: len(rows[at][0]))
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            found[batch] = self._nats([rows[at] for at in batch])
        lengths = np.array([max(1, len(words(query))) for query in queries], dtype=np.float64)
        return np.asarray(found / math.log(2) / lengths)

    def _row(self, code: str, query: str) -> tuple[list[int], int]:
        """The tokens to read, and how many of them are the description."""
        before, told = (self.tokenizer(text, add_special_tokens=False).input_ids for text in (_spelled(code), _spelled(query)))
        head = [self.tokenizer.eos_token_id, *before[:_LONGEST], *self.tokenizer("\n", add_special_tokens=False).input_ids]
        return [*head, *told], len(told)

    def _nats(self, rows: list[tuple[list[int], int]]) -> Floats:
        """The surprise of the descriptions at the ends of rows."""
        width = max(len(ids) for ids, _ in rows)
        ids = torch.tensor([row + [0] * (width - len(row)) for row, _ in rows])
        wanted = torch.tensor(
            [[-100] * (len(row) - told) + row[len(row) - told :] + [-100] * (width - len(row)) for row, told in rows]
        )
        with torch.inference_mode():
            logits = self.model(input_ids=ids, use_cache=False).logits[:, :-1].float()
        losses = torch.nn.functional.cross_entropy(logits.transpose(1, 2), wanted[:, 1:], reduction="none")
        return np.asarray(losses.sum(dim=1).double().numpy())


def examples(functions: Sequence[tuple[str, Function]], methods: Sequence[str]) -> list[tuple[str, str]]:
    """Each function whole, and pruned by methods and to shares that are drawn, with its description."""
    rng = random.Random(1)
    found = []
    for language, function in functions:
        texts = [function.code]
        for _ in range(_COPIES):
            texts.append(prune(function.code, language, keep=rng.uniform(0.05, 0.8), method=rng.choice(methods)).text)
        found += [(text, function.query) for text in texts]
    return found


def _spelled(text: str) -> str:
    return "".join(f" {word}" for word in words(text))
