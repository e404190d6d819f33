"""A small code model, trained here in minutes, that writes Python and compact text with and without a mask.

python bench/demo_generation.py                     a minute's training for each spelling, 20 texts each way
python bench/demo_generation.py --seconds 300 --texts 100

The model is small and says little that makes sense; what counts is the share of finished texts that are programs, the model
calls, and what the mask costs beside the model.
"""

from __future__ import annotations

import argparse
import ast
import random
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from inputs import stdlib_files
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

import slimgrammar as slim
from slimgrammar.constrain.grammar_mask import GrammarMask
from slimgrammar.constrain.huggingface import GrammarLogitsProcessor, generate_with_forced
from slimgrammar.errors import SlimError

END = "<|end|>"
LENGTH = 192


def functions(limit: int, seed: int) -> list[str]:
    """Functions and classes of the standard library, of at most some dozen lines."""
    found = []
    for path in stdlib_files():
        try:
            text = Path(path).read_text(encoding="utf-8")
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                body = ast.parse(text).body
        except (SyntaxError, ValueError):
            continue
        for node in body:
            source = ast.get_source_segment(text, node) if isinstance(node, (ast.FunctionDef, ast.ClassDef)) else None
            if source and len(source) < 1500:
                found.append(source + "\n")
    random.Random(seed).shuffle(found)
    return found[:limit]


def compact(programs: list[str]) -> list[str]:
    """The same programs as compact text."""
    return [slim.encode(program) for program in programs]


def train_tokenizer(texts: list[str], size: int) -> PreTrainedTokenizerFast:
    """Byte-level BPE of `size` entries."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=size, initial_alphabet=alphabet, special_tokens=[END], show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token=END, pad_token=END)


def train_model(tokenizer: Any, texts: list[str], *, width: int, layers: int, seconds: float) -> LlamaForCausalLM:
    """A causal model, trained on the texts for some seconds."""
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=width,
        intermediate_size=3 * width,
        num_hidden_layers=layers,
        num_attention_heads=4,
        max_position_embeddings=1024,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.eos_token_id,
    )
    model = LlamaForCausalLM(config)
    stream = torch.tensor([token for text in texts for token in [*tokenizer.encode(text), tokenizer.eos_token_id]])
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.01)
    start, step, loss = time.perf_counter(), 0, torch.tensor(0.0)
    while time.perf_counter() - start < seconds:
        at = torch.randint(0, len(stream) - 129, (8,))
        batch = torch.stack([stream[place : place + 128] for place in at.tolist()])
        loss = model(input_ids=batch, labels=batch).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        step += 1
    size = sum(weight.numel() for weight in model.parameters()) / 1e6
    print(f"  {size:.1f} M parameters, {step} steps, loss {float(loss):.2f}", file=sys.stderr)
    return model.eval()


@dataclass
class Tally:
    """What came of some texts."""

    texts: int = 0
    finished: int = 0
    valid: int = 0
    tokens: int = 0
    calls: int = 0
    seconds: float = 0.0
    lines: list[str] = field(default_factory=list)

    def row(self, name: str) -> str:
        valid = f"{self.valid / self.finished:.0%}" if self.finished else "-"
        saved = 1 - self.calls / max(1, self.tokens)
        speed = self.tokens / self.seconds
        return f"{name:28} {self.texts:5} {self.finished:8} {valid:>6} {self.tokens:7} {self.calls:6} {saved:7.1%} {speed:9.1f}"


def generate(model: Any, tokenizer: Any, mask: GrammarMask | None, is_program: Callable[[str], bool], texts: int) -> Tally:
    """Sample texts from nothing but an end-of-text token."""
    tally = Tally()
    calls: list[int] = []
    hook = model.register_forward_pre_hook(lambda *_: calls.append(1))
    for seed in range(texts):
        torch.manual_seed(seed)
        processors = [GrammarLogitsProcessor(mask, end=tokenizer.eos_token_id)] if mask else []
        more: dict[str, Any] = {"custom_generate": generate_with_forced} if mask else {}
        begun = torch.tensor([[tokenizer.eos_token_id]])
        start = time.perf_counter()
        out = model.generate(begun, logits_processor=processors, max_new_tokens=LENGTH, do_sample=True, top_k=0, **more)
        tally.seconds += time.perf_counter() - start
        answer = out[0, 1:].tolist()
        finished = answer[-1] == tokenizer.eos_token_id
        tally.texts, tally.tokens, tally.finished = tally.texts + 1, tally.tokens + len(answer), tally.finished + finished
        tally.valid += finished and is_program(tokenizer.decode(answer[:-1]))
    hook.remove()
    tally.calls = len(calls)
    return tally


def is_python(text: str) -> bool:
    """Whether `ast` parses a text."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True


def is_compact(text: str) -> bool:
    """Whether a text decodes."""
    try:
        slim.decode(text)
    except SlimError:
        return False
    return True


def calls_for(programs: list[str], tokenizer: Any, mask: GrammarMask) -> tuple[int, int]:
    """Tokens of given programs, and the model calls that writing them takes when forced tokens are free."""
    tokens = calls = 0
    for program in programs:
        mask = mask.copy()
        mask.reset()
        for token in tokenizer.encode(program):
            tokens += 1
            calls += mask.forced_token() < 0
            mask.advance(token)
    return tokens, calls


def mask_cost(model: Any, tokenizer: Any, mask: GrammarMask, program: str) -> tuple[float, float]:
    """Milliseconds per token of the mask and of the model, on a text both have seen before."""
    tokens = tokenizer.encode(program)[:150]
    mask_times: list[float] = []
    for _ in range(2):
        follower = mask.copy()
        start = time.perf_counter()
        for token in tokens:
            follower.allowed()
            follower.advance(token)
        mask_times.append(time.perf_counter() - start)
    start = time.perf_counter()
    with torch.no_grad():
        known = None
        for token in tokens:
            known = model(input_ids=torch.tensor([[token]]), past_key_values=known, use_cache=True).past_key_values
    return mask_times[-1] / len(tokens) * 1e3, (time.perf_counter() - start) / len(tokens) * 1e3


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60, help="training time of each model")
    parser.add_argument("--texts", type=int, default=20)
    parser.add_argument("--programs", type=int, default=3000)
    parser.add_argument("--size", type=int, default=8192, help="entries of the tokenizer")
    parser.add_argument("--width", type=int, default=128)
    parser.add_argument("--layers", type=int, default=3)
    options = parser.parse_args()
    programs = functions(options.programs, 1)
    held_out, programs = programs[:100], programs[100:]
    short = compact(programs)
    tokenizer = train_tokenizer(programs + short, options.size)
    print(f"{'':28} {'texts':>5} {'finished':>8} {'valid':>6} {'tokens':>7} {'calls':>6} {'forced':>7} {'tokens/s':>9}")
    found: dict[str, tuple[int, int]] = {}
    for name, texts, judge in (("python", programs, is_python), ("slim", short, is_compact)):
        mask = slim.mask(name, tokenizer, special=tokenizer.all_special_ids)
        model = train_model(tokenizer, texts, width=options.width, layers=options.layers, seconds=options.seconds)
        print(generate(model, tokenizer, None, judge, options.texts).row(f"{name}, no mask"), flush=True)
        print(generate(model, tokenizer, mask, judge, options.texts).row(f"{name}, mask"), flush=True)
        same = held_out if name == "python" else compact(held_out)
        found[name] = calls_for(same, tokenizer, mask)
        ours, theirs = mask_cost(model, tokenizer, mask, same[0])
        print(f"  mask {ours:.3f} ms beside {theirs:.2f} ms of the model: {ours / theirs:.1%}")
    (plain, plain_calls), (tokens, calls) = found["python"], found["slim"]
    print(
        f"the same {len(held_out)} programs: python {plain} tokens, {plain_calls} calls; compact {tokens} tokens, {calls} calls"
    )
    print(f"  model calls on compact text: {calls / plain - 1:+.1%} against plain Python step by step")
    return 0


if __name__ == "__main__":
    sys.exit(main())
