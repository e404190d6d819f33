"""Masks in vLLM's V1 model runner: a logits processor that a server is started with and requests opt into (extra: `vllm`).

    LLM(model, logits_processors=["slimgrammar.constrain.vllm:GrammarLogitsProcessor"])
    SamplingParams(extra_args={"slim_grammar": "python", "slim_start": "function", "slim_prefix": "def area(r):\\n"})

There is no entry point: vLLM would load it into every server, and its newer model runner refuses processors of this kind (set
VLLM_USE_V2_MODEL_RUNNER=0 there). vLLM has no custom logits processors together with speculative decoding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slimgrammar.constrain.serving import BatchUpdate, Requests, check
from slimgrammar.errors import MissingExtra
from slimgrammar.vocab import load

try:
    import torch
    from transformers import AutoTokenizer
    from vllm.v1.sample.logits_processor import LogitsProcessor
except ModuleNotFoundError as missing:
    raise MissingExtra(missing.name or "vllm", "vllm") from None

from slimgrammar.constrain.huggingface import unpacked

if TYPE_CHECKING:
    from torch import Tensor


class GrammarLogitsProcessor(LogitsProcessor):  # type: ignore[misc]
    """Keeps each request that names a grammar inside it; `serving` says how a request does that."""

    @classmethod
    def validate_params(cls, sampling_params: Any) -> None:
        """Refuse a request before it is scheduled.

        Raises:
            ValueError: it names no grammar that there is, or its prefix is not the beginning of any text of its grammar.
        """
        check(sampling_params.extra_args)

    def __init__(self, vllm_config: Any, device: torch.device, is_pin_memory: bool) -> None:
        """Serve the model of a configuration; vLLM makes this object."""
        model = vllm_config.model_config
        tokenizer = AutoTokenizer.from_pretrained(
            model.tokenizer, revision=model.tokenizer_revision, trust_remote_code=model.trust_remote_code
        )
        self._pinned = is_pin_memory
        self._requests = Requests(load(tokenizer), ends=[tokenizer.eos_token_id], special=tokenizer.all_special_ids)

    def is_argmax_invariant(self) -> bool:
        """A mask changes which token is the likeliest."""
        return False

    def needs_output_token_ids(self) -> bool:
        """Asynchronous scheduling must fill in the tokens before `apply`."""
        return True

    def update_state(self, batch_update: BatchUpdate | None) -> None:
        """Follow the requests of the batch."""
        self._requests.update(batch_update)

    def apply(self, logits: Tensor) -> Tensor:
        """Put what is not allowed to minus infinity, in place, in rows that have a grammar."""
        rows, words = self._requests.words(logits.shape[-1])
        if rows:
            packed = torch.from_numpy(words)
            packed = (packed.pin_memory() if self._pinned else packed).to(logits.device, non_blocking=True)
            logits[rows] = logits[rows].masked_fill(~unpacked(packed, logits.shape[-1]), -torch.inf)
        return logits
