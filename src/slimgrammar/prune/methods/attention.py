"""`attention`: what a language model looks at in its first layers, read off one forward pass (ALPINE's idea).

A token's score is the attention that all positions of its window pay to it, averaged over the heads of the first `LAYERS`
layers. A word has the mean score of its tokens. Long programs are read in windows, so the time grows linearly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from slimgrammar.errors import MissingExtra, SlimError
from slimgrammar.prune.methods.base import Floats, Options, Ranking
from slimgrammar.prune.program import Program
from slimgrammar.vocab import Vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

LAYERS: Final = 2
_WINDOW: Final = 256


class NoModel(SlimError, ValueError):
    """The method needs a model, and was given none that it can use."""


def attention(program: Program, options: Options, vocab: Vocabulary) -> Ranking:
    """Rank by the attention paid to each element.

    Raises:
        NoModel: `options.model` is missing, or is neither a folder nor a (model, tokenizer) pair.
        MissingExtra: torch or transformers is not installed.
    """
    model, tokenizer = _loaded(options.model)
    scores = np.zeros(len(program.text) + 1)
    sizes = np.zeros(len(program.text) + 1)
    for starts, ends, paid in _windows(model, tokenizer, program.text):
        np.add.at(scores, starts[ends > starts], paid[ends > starts])
        np.add.at(sizes, starts[ends > starts], 1.0)
    sums, counts = np.cumsum(np.append(0.0, scores)), np.cumsum(np.append(0.0, sizes))
    first = program.starts
    last = first + np.fromiter(map(len, program.texts), dtype=np.int64, count=len(first))
    held = np.maximum(counts[last] - counts[first], 1.0)
    return Ranking((sums[last] - sums[first]) / held, ("little attention",), np.zeros_like(program.kinds))


def _loaded(model: Any) -> tuple[Any, Any]:
    if isinstance(model, tuple) and len(model) == 2:
        return model
    if not isinstance(model, str) or not model:
        raise NoModel("the method 'attention' needs a model: the folder of a Hugging Face model with its tokenizer")
    try:
        from transformers import AutoModel, AutoTokenizer
    except ImportError:
        raise MissingExtra("transformers", "hf") from None
    tokenizer = AutoTokenizer.from_pretrained(model, local_files_only=True)
    # The fused attention of newer versions does not give its weights out
    return AutoModel.from_pretrained(model, local_files_only=True, attn_implementation="eager").eval(), tokenizer


def _windows(model: Any, tokenizer: Any, text: str) -> list[tuple[NDArray[np.int64], NDArray[np.int64], Floats]]:
    """For each window: where its tokens start and end in the text, and the attention paid to each."""
    import torch

    encoded = tokenizer(text, return_offsets_mapping=True, add_special_tokens=False, verbose=False)
    ids, offsets = encoded["input_ids"], np.array(encoded["offset_mapping"], dtype=np.int64).reshape(-1, 2)
    found = []
    for start in range(0, len(ids), _WINDOW):
        window = torch.tensor([ids[start : start + _WINDOW]])
        with torch.inference_mode():
            layers = model(input_ids=window, output_attentions=True).attentions[:LAYERS]
        paid = torch.stack([layer[0].float().mean(dim=0).mean(dim=0) for layer in layers]).mean(dim=0)
        part = offsets[start : start + _WINDOW]
        found.append((part[:, 0], part[:, 1], paid.numpy().astype(np.float64)))
    return found
