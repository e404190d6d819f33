"""Small code models that write each spelling of Python, with and without a mask: what comes out, and what it costs.

python bench/demo_generation.py --folder DIR             models are those of train_lm.py, trained here where DIR has none
python bench/demo_generation.py --parts texts --only compact --samples 500

The models are small and say little that makes sense. What counts: the share of finished texts that are programs; the model
calls that writing the same programs takes in each spelling, if forced tokens cost none; and the time of the mask beside that of
a model of ten million weights.
"""

from __future__ import annotations

import argparse
import inspect
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from small_model import TEMPERATURE, Corpus, Settings, Workshop, default_folder, gather, new_model, parameters
from spellings import AS_WRITTEN, SPELLINGS, Spelling
from transformers.utils import logging

import slimgrammar as slim
from slimgrammar.constrain.grammar_mask import GrammarMask
from slimgrammar.constrain.huggingface import GrammarLogitsProcessor, generate_with_forced
from slimgrammar.constrain.progress import Progress

ROWS: Final = 32
LENGTH: Final = 256
FEW: Final = 100
PARTS: Final = ("calls", "cost", "texts")
# The width and the layers of a model of ten million weights, most of them in the layers.
TEN_MILLION: Final = (256, 9)


@dataclass
class Written:
    """Texts that a model has written.

    Attributes:
        texts: how many.
        finished: how many came to their end in time.
        valid: how many of those are programs.
        tokens: how many were written.
        forced: how many of them the grammar left no choice about.
        calls: of the model, a whole batch being one.
        seconds: it took.
    """

    texts: int = 0
    finished: int = 0
    valid: int = 0
    tokens: int = 0
    forced: int = 0
    calls: int = 0
    seconds: float = 0.0

    def row(self, name: str, way: str) -> str:
        """A line of the table."""
        valid = f"{self.valid / self.finished:.1%}" if self.finished else "–"
        shares = f"{self.texts:6} {self.finished:9} {valid:>7} {self.tokens:7} {self.forced / max(1, self.tokens):7.1%}"
        return f"{name:12} {way:14} {shares} {self.calls:6} {self.tokens / self.seconds:9.0f}"


_COLUMNS: Final = ("texts", 6), ("finished", 9), ("valid", 7), ("tokens", 7), ("forced", 7), ("calls", 6), ("tokens/s", 9)
HEAD: Final = f"{'spelling':27} " + " ".join(f"{title:>{width}}" for title, width in _COLUMNS)


def mask_of(spelling: Spelling, tokenizer: Any) -> GrammarMask | None:
    """The spelling's mask over a tokenizer, where it has a grammar."""
    if not spelling.grammar:
        return None
    return slim.mask(spelling.grammar, tokenizer, special=tokenizer.all_special_ids)


def write_texts(model: Any, tokenizer: Any, spelling: Spelling, *, mask: GrammarMask | None, samples: int) -> Written:
    """Sample texts from nothing but an end-of-text token, some rows at a time."""
    found, calls, end = Written(), [], tokenizer.eos_token_id
    hook = model.register_forward_pre_hook(lambda *_: calls.append(1))
    torch.manual_seed(0)
    for first in range(0, samples, ROWS):
        begun = torch.full((min(ROWS, samples - first), 1), end)
        options: dict[str, Any] = {"do_sample": True, "temperature": TEMPERATURE, "top_k": 0, "max_new_tokens": LENGTH}
        if mask:
            options["logits_processor"] = [GrammarLogitsProcessor(mask, end=end)]
            options["custom_generate"] = generate_with_forced
        start = time.perf_counter()
        out = model.generate(begun, attention_mask=torch.ones_like(begun), **options)
        found.seconds += time.perf_counter() - start
        for row in out[:, 1:].tolist():
            _judge(found, row, tokenizer, spelling, mask)
    hook.remove()
    found.calls = len(calls)
    return found


def _judge(found: Written, row: list[int], tokenizer: Any, spelling: Spelling, mask: GrammarMask | None) -> None:
    end = tokenizer.eos_token_id
    finished = end in row
    tokens = row[: row.index(end) + 1] if finished else row
    found.texts += 1
    found.tokens += len(tokens)
    found.finished += finished
    found.valid += finished and spelling.is_program(tokenizer.decode(tokens[:-1]))
    if mask:
        found.forced += choices(mask, tokens, end).count(1)


def choices(mask: GrammarMask, tokens: Sequence[int], end: int) -> list[int]:
    """How many tokens the mask allows at each place of a text, the end-of-text token among them."""
    progress, found = Progress(mask.copy(), frozenset((end,))), []
    for token in tokens:
        found.append(int(np.bitwise_count(progress.words(mask.size).view(np.uint32)).sum()))
        progress.advance(token)
    return found


@dataclass(frozen=True)
class Needed:
    """What given programs take in a spelling.

    Attributes:
        tokens: end-of-text tokens among them.
        forced: how many of them the grammar leaves no choice about.
        narrow: how many come where at most `FEW` tokens are allowed.
    """

    tokens: int
    forced: int
    narrow: int

    @property
    def calls(self) -> int:
        """Model calls when forced tokens cost none."""
        return self.tokens - self.forced


def needed(spelling: Spelling, workshop: Workshop, sources: Sequence[str]) -> Needed:
    """What programs that no tokenizer has seen take in a spelling."""
    tokenizer, counts = workshop.tokenizer(spelling), list[int]()
    mask = mask_of(spelling, tokenizer)
    for source in sources:
        text = spelling.write(source, workshop.settings.content)
        ids = [*tokenizer.encode(text, add_special_tokens=False), tokenizer.eos_token_id]
        counts += choices(mask, ids, tokenizer.eos_token_id) if mask else [len(tokenizer)] * len(ids)
    return Needed(len(counts), counts.count(1), sum(count <= FEW for count in counts))


def print_needed(workshop: Workshop, spellings: Sequence[Spelling], sources: Sequence[str]) -> None:
    """Model calls for the same programs in each spelling, against the first one written step by step."""
    kept = "comments and docstrings kept" if workshop.settings.content == "all" else "code alone"
    print(
        f"\nModel calls for the same {len(sources)} held-out programs, {kept}; own tokenizers of {workshop.settings.vocabulary}"
    )
    narrow = f"<= {FEW} allowed"
    print(f"{'spelling':12} {'tokens':>8} {narrow:>14} {'forced':>7} {'calls':>8} {'step by step':>13} {'under the mask':>15}")
    base = 0
    for spelling in spellings:
        found = needed(spelling, workshop, sources)
        base = base or found.tokens
        step, mask = found.tokens / base - 1, found.calls / base - 1
        shares = f"{found.narrow / found.tokens:14.2%} {found.forced / found.tokens:7.2%}"
        print(f"{spelling.name:12} {found.tokens:8} {shares} {found.calls:8} {step:+13.1%} {mask:+15.1%}", flush=True)


def print_cost(workshop: Workshop, spellings: Sequence[Spelling], sources: Sequence[str]) -> None:
    """The mask's time per token beside a step of a model of ten million weights, one row, with its cache, one thread."""
    torch.set_num_threads(1)
    width, layers = TEN_MILLION
    shape = replace(workshop.settings, width=width, layers=layers)
    print("\nThe mask beside the model, milliseconds of CPU a token: the first time it sees a program, and the second time")
    for spelling in spellings:
        tokenizer = workshop.tokenizer(spelling)
        mask = mask_of(spelling, tokenizer)
        if mask is None:
            continue
        model, end = new_model(tokenizer, shape).eval(), tokenizer.eos_token_id
        texts = [tokenizer.encode(spelling.write(source, workshop.settings.content)) for source in sources]
        first, second = ([span for ids in texts for span in _mask_times(mask, ids, end, len(tokenizer))] for _ in range(2))
        step = statistics.fmean(span for ids in texts[:8] for span in _model_times(model, ids))
        title = f"{spelling.name:12} {parameters(model) / 1e6:.1f} M weights: {step:.2f} ms a step"
        print(f"{title}; first {_share(first, step)}; second {_share(second, step)}", flush=True)


def _share(spans: Sequence[float], step: float) -> str:
    mean = statistics.fmean(spans)
    return f"median {statistics.median(spans):.3f}, mean {mean:.3f}: {mean / step:.1%}"


def _mask_times(mask: GrammarMask, ids: Sequence[int], end: int, size: int) -> list[float]:
    """The logits processor's whole call, text by text: following, the mask, its way into the scores."""
    processor = GrammarLogitsProcessor(mask, end=end)
    scores, told, spans = torch.zeros(1, size), torch.tensor([[end]]), []
    for token in ids:
        start = time.process_time()
        processor(told, scores)
        spans.append((time.process_time() - start) * 1e3)
        told = torch.cat([told, torch.tensor([[token]])], dim=-1)
    return spans


def _model_times(model: Any, ids: Sequence[int]) -> list[float]:
    known, spans = None, []
    name = (
        "cache" if "cache" in inspect.signature(model.forward).parameters else "past_key_values"
    )  # renamed in transformers 5.24
    with torch.inference_mode():
        for token in ids:
            start = time.process_time()
            known = model(input_ids=torch.tensor([[token]]), use_cache=True, **{name: known})[name]
            spans.append((time.process_time() - start) * 1e3)
    return spans[4:]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=default_folder(), help="tokenizers and models")
    parser.add_argument("--only", nargs="*", choices=list(SPELLINGS), default=list(SPELLINGS))
    parser.add_argument("--parts", nargs="*", choices=PARTS, default=PARTS)
    parser.add_argument("--samples", type=int, default=128, help="texts each way")
    parser.add_argument("--programs", type=int, default=400, help="held-out programs to count calls for")
    parser.add_argument("--tokens", type=int, default=Settings.tokens, help="to train each model on")
    parser.add_argument("--vocabulary", type=int, default=Settings.vocabulary)
    parser.add_argument("--megabytes", type=float, default=8, help="of packages, beside the standard library")
    options = parser.parse_args(arguments)
    logging.disable_progress_bar()
    settings = Settings(vocabulary=options.vocabulary, tokens=options.tokens)
    corpus = gather(megabytes=options.megabytes)
    run(corpus, settings, options)
    return 0


def run(corpus: Corpus, settings: Settings, options: argparse.Namespace) -> None:
    """The parts that were asked for."""
    workshop = Workshop(corpus, settings, options.folder)
    spellings = [workshop.spelling(name) for name in options.only]
    held_out = corpus.held_out[: options.programs]
    if "calls" in options.parts:
        print_needed(workshop, spellings, held_out)
        whole = Workshop(corpus, replace(settings, content="all"), options.folder)
        print_needed(whole, [AS_WRITTEN, *map(whole.spelling, options.only)], held_out)
    if "cost" in options.parts:
        print_cost(workshop, spellings, held_out[:40])
    if "texts" in options.parts:
        print_texts(workshop, spellings, options.samples)


def print_texts(workshop: Workshop, spellings: Sequence[Spelling], samples: int) -> None:
    """What the models write, with and without a mask."""
    print(f"\nTexts of models of {workshop.settings.layers} layers of {workshop.settings.width}, sampled\n{HEAD}")
    for spelling in spellings:
        tokenizer = workshop.tokenizer(spelling)
        model = workshop.models(spelling, 0)[workshop.settings.steps]
        masks = [None, mask_of(spelling, tokenizer)] if spelling.grammar else [None]
        for mask in masks:
            written = write_texts(model, tokenizer, spelling, mask=mask, samples=samples)
            print(written.row(spelling.name, "with a mask" if mask else "without a mask"), flush=True)


if __name__ == "__main__":
    sys.exit(main())
