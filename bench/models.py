"""Counts the parameters of the open models in models.toml, as transformers builds them from what their config.json says.

    python bench/models.py

Needs torch and transformers; no weights are loaded, and no memory is taken ("meta" tensors). Each line has what was counted and
what models.toml has; the exit code is 1 where they differ by more than half of the last digit there.
"""

from __future__ import annotations

import sys
from typing import Any, NamedTuple

import torch
import transformers

from slimgrammar.report.models import Model, models


class Shape(NamedTuple):
    """What config.json has beyond models.toml; of a mixture of experts also how many there are and are used."""

    family: str
    vocabulary: int
    hidden: int
    intermediate: int
    experts: int = 0
    used: int = 0


SHAPES = {
    "llama-3-1-8b": Shape("Llama", 128256, 4096, 14336),
    "llama-3-1-70b": Shape("Llama", 128256, 8192, 28672),
    "qwen3-8b": Shape("Qwen3", 151936, 4096, 12288),
    "qwen3-32b": Shape("Qwen3", 151936, 5120, 25600),
    "qwen3-30b-a3b": Shape("Qwen3Moe", 151936, 2048, 768, 128, 8),
    "qwen3-coder-480b-a35b": Shape("Qwen3Moe", 151936, 6144, 2560, 160, 8),
    "qwen2-5-coder-32b": Shape("Qwen2", 152064, 5120, 27648),
}


def counted(model: Model, shape: Shape) -> tuple[float, float]:
    """All parameters and those that a token passes, in billions."""
    sizes: dict[str, Any] = {
        "vocab_size": shape.vocabulary,
        "hidden_size": shape.hidden,
        "num_hidden_layers": model.layers,
        "num_attention_heads": model.heads,
        "num_key_value_heads": model.kv_heads,
        "head_dim": model.head_size,
        "tie_word_embeddings": False,
    }
    if shape.experts:
        sizes |= {"moe_intermediate_size": shape.intermediate, "decoder_sparse_step": 1, "mlp_only_layers": []}
        sizes |= {"num_experts": shape.experts, "num_experts_per_tok": shape.used}
    else:
        sizes["intermediate_size"] = shape.intermediate
    config = getattr(transformers, f"{shape.family}Config")(**sizes)
    with torch.device("meta"):
        built = getattr(transformers, f"{shape.family}ForCausalLM")(config)
    number = {name: parameter.numel() for name, parameter in built.named_parameters()}
    total = sum(number.values())
    experts = sum(size for name, size in number.items() if ".experts." in name)
    active = total - experts + (experts * shape.used // shape.experts if shape.experts else 0)
    return total / 1e9, active / 1e9


def main() -> int:
    wrong = 0
    for name, model in models().items():
        if name not in SHAPES:
            continue
        total, active = counted(model, SHAPES[name])
        written = model.total, model.active or model.total
        print(f"{name:24} {total:9.3f} {active:9.3f}   models.toml {written[0]:8} {written[1]:8}")
        wrong += abs(total - written[0]) > 0.0051 or abs(active - written[1]) > 0.0051
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
