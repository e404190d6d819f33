"""Does a spelling hurt a model? The same small model trained on each spelling of the same programs, at equal compute.

python bench/train_lm.py --folder DIR                  trains what DIR does not hold yet, then prints the table
python bench/train_lm.py --folder DIR --only compact   one spelling, for a second process beside the first
python bench/train_lm.py --folder DIR --table          the table of what is there

Each spelling has a tokenizer of its own, of equal size, trained on the same programs; the models have equal shapes, see equal
numbers of tokens, each once, and begin with equal weights. So a model step costs the same everywhere, and a spelling with fewer
tokens sees more programs ("equal compute"). After as many programs as the canonical model has seen in all, it is measured as
well ("equal programs"): it has then cost less. Loss is counted in bits a byte of the canonical source, of programs from other
files; so it does not matter how many tokens a spelling has. Samples are drawn without a mask.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
import time
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import torch
from small_model import TEMPERATURE, Settings, Workshop, default_folder, digest, flops, gather
from spellings import SPELLINGS, Spelling
from transformers.utils import logging

from slimgrammar.cli.files import write_atomically

BASELINE: Final = SPELLINGS["canonical"]
# Student's t, two-sided 95 %, by the number of seeds.
QUANTILES: Final = {2: 12.706, 3: 4.303, 4: 3.182, 5: 2.776, 6: 2.571, 7: 2.447, 8: 2.365}
SAMPLES: Final = 64
MEASURES: Final = {
    "bits": "bits a byte",
    "bits, equal programs": "equal programs",
    "finished": "finished",
    "valid": "valid of finished",
    "valid of all": "valid of all",
    "programs": "programs seen",
    "tokens": "tokens a program",
    "megaflops": "MFLOP a program",
}


class Comparison:
    """What one workshop's models are measured on."""

    def __init__(self, workshop: Workshop, *, samples: int) -> None:
        self.workshop, self.samples = workshop, samples
        self.settings = workshop.settings
        sources = workshop.corpus.held_out
        written = [BASELINE.write(source, self.settings.content) for source in sources]
        counts = [len(ids) for ids in self._encoded(BASELINE, written)]
        # Longer than what the models have been trained to read.
        fitting = [number for number, count in enumerate(counts) if count < self.settings.context]
        self.held_out = [sources[number] for number in fitting]
        self.source_bytes = sum(len(written[number].encode()) for number in fitting)

    def _encoded(self, spelling: Spelling, texts: Sequence[str]) -> list[list[int]]:
        tokenizer = self.workshop.tokenizer(spelling).backend_tokenizer
        return [encoded.ids for encoded in tokenizer.encode_batch(list(texts), add_special_tokens=False)]

    def programs_seen(self, spelling: Spelling, seed: int) -> int:
        """How many programs a model has seen in all its steps."""
        size = self.settings.steps * self.settings.batch * self.settings.context
        return bisect_right(self.workshop.stream(spelling, seed).ends, size)

    def steps_for(self, spelling: Spelling, seed: int, programs: int) -> int:
        """The steps that a number of programs takes in a spelling."""
        size = self.settings.batch * self.settings.context
        ends = self.workshop.stream(spelling, seed).ends
        return min(self.settings.steps, math.ceil(ends[programs - 1] / size))

    def measure(self, spelling: Spelling, seed: int) -> dict[str, float]:
        """Train a model, or take it from the folder, and measure it."""
        earlier = self.steps_for(spelling, seed, self.programs_seen(BASELINE, seed))
        models = self.workshop.models(spelling, seed, marks=(earlier,))
        model = models[self.settings.steps]
        texts = [spelling.write(source, self.settings.content) for source in self.held_out]
        encoded = self._encoded(spelling, texts)
        found = self._sampled(spelling, model, seed)
        return found | {
            "bits": self._bits(spelling, model, encoded),
            "bits, equal programs": self._bits(spelling, models[earlier], encoded),
            "steps, equal programs": earlier / self.settings.steps,
            "programs": self.programs_seen(spelling, seed),
            "tokens": statistics.fmean(len(ids) + 1 for ids in encoded),
            "megaflops": statistics.fmean(flops(model, len(ids) + 1) for ids in encoded) / 1e6,
        }

    def _bits(self, spelling: Spelling, model: Any, encoded: Sequence[list[int]]) -> float:
        """Bits a byte of canonical source."""
        end = self.workshop.tokenizer(spelling).eos_token_id
        nats = 0.0
        ordered = sorted(encoded, key=len)
        for first in range(0, len(ordered), 16):
            rows = ordered[first : first + 16]
            width = len(rows[-1]) + 1
            given = torch.tensor([[end, *ids] + [end] * (width - len(ids) - 1) for ids in rows])
            wanted = torch.tensor([[*ids, end] + [-100] * (width - len(ids) - 1) for ids in rows])
            with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
                logits = model(input_ids=given, use_cache=False).logits.float()
            nats += float(torch.nn.functional.cross_entropy(logits.flatten(0, 1), wanted.flatten(), reduction="sum"))
        return nats / math.log(2) / self.source_bytes

    def _sampled(self, spelling: Spelling, model: Any, seed: int) -> dict[str, float]:
        """What share of samples ends in time, and is a program."""
        tokenizer = self.workshop.tokenizer(spelling)
        end, finished, valid = tokenizer.eos_token_id, 0, 0
        torch.manual_seed(seed)
        for first in range(0, self.samples, SAMPLES):
            begun = torch.full((min(SAMPLES, self.samples - first), 1), end)
            options = {"do_sample": True, "top_k": 0, "temperature": TEMPERATURE, "max_new_tokens": self.settings.context - 1}
            out = model.generate(begun, attention_mask=torch.ones_like(begun), **options)
            for row in out[:, 1:].tolist():
                if end in row:
                    finished += 1
                    valid += spelling.is_program(tokenizer.decode(row[: row.index(end)]))
        shares = {"finished": finished / self.samples, "valid of all": valid / self.samples}
        return shares | ({"valid": valid / finished} if finished else {})


def result_file(workshop: Workshop, spelling: Spelling, seed: int, samples: int) -> Path:
    """Where one model's figures are kept."""
    key = digest(asdict(workshop.settings), seed, samples, TEMPERATURE)
    return workshop.folder / f"result-{workshop.name(spelling)}-{key}.json"


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The mean and half of its 95 % interval.

    >>> interval([1.0, 1.0, 1.0])
    (1.0, 0.0)
    """
    mean = statistics.fmean(values)
    if len(values) not in QUANTILES:
        return mean, math.nan
    return mean, QUANTILES[len(values)] * statistics.stdev(values) / math.sqrt(len(values))


def table(results: dict[str, list[dict[str, float]]]) -> str:
    """Spellings down, measures across; the difference in bits is that of models of the same seed."""
    head = "| spelling | seeds | " + " | ".join(MEASURES.values()) + " | difference in bits a byte |"
    lines = [head, "|" + "---|" * (len(MEASURES) + 3)]
    base = results.get(BASELINE.name, [])
    for name, rows in results.items():
        cells = [_cell([row[measure] for row in rows if measure in row], measure) for measure in MEASURES]
        pairs = [row["bits"] - other["bits"] for row, other in zip(rows, base, strict=False)]
        apart = "" if name == BASELINE.name or not pairs else shown(pairs, "+.3f")
        lines.append(f"| {name} | {len(rows)} | " + " | ".join(cells) + f" | {apart} |")
    return "\n".join(lines)


def _cell(values: Sequence[float], measure: str) -> str:
    if not values:
        return "–"
    if measure in ("finished", "valid", "valid of all"):
        return shown(values, ".1%")
    if measure.startswith("bits"):
        return shown(values, ".3f")
    mean = statistics.fmean(values)
    return f"{mean:,.0f}" if mean >= 100 else f"{mean:.1f}"


def shown(values: Sequence[float], form: str) -> str:
    """The mean and half of its interval; the value alone where there is but one.

    >>> shown([0.5, 0.5], ".0%"), shown([2.0], "+.1f")
    ('50% ± 0%', '+2.0')
    """
    mean, half = interval(values)
    return f"{mean:{form}}" + ("" if math.isnan(half) else f" ± {half:{form.lstrip('+')}}")


def options_of(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=default_folder(), help="tokenizers, models and results")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", nargs="*", choices=list(SPELLINGS), default=list(SPELLINGS))
    parser.add_argument("--table", action="store_true", help="train nothing")
    parser.add_argument("--samples", type=int, default=128, help="texts drawn from each model")
    parser.add_argument("--tokens", type=int, default=Settings.tokens, help="to train each model on")
    parser.add_argument("--width", type=int, default=Settings.width)
    parser.add_argument("--layers", type=int, default=Settings.layers)
    parser.add_argument("--vocabulary", type=int, default=Settings.vocabulary)
    parser.add_argument("--content", choices=["code", "all"], default=Settings.content)
    parser.add_argument("--megabytes", type=float, default=8, help="of packages, beside the standard library")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    options = options_of(arguments)
    logging.disable_progress_bar()
    settings = Settings(
        content=options.content,
        vocabulary=options.vocabulary,
        width=options.width,
        layers=options.layers,
        tokens=options.tokens,
    )
    run(Workshop(gather(megabytes=options.megabytes), settings, options.folder), options)
    return 0


def run(workshop: Workshop, options: argparse.Namespace) -> None:
    """Train and measure what is missing, and print the table."""
    start = time.process_time()
    comparison: Comparison | None = None
    results: dict[str, list[dict[str, float]]] = {name: [] for name in options.only}
    for seed in range(options.seeds):
        for name in options.only:
            spelling = workshop.spelling(name)
            kept = result_file(workshop, spelling, seed, options.samples)
            if not kept.exists() and not options.table:
                comparison = comparison or Comparison(workshop, samples=options.samples)
                write_atomically(kept, json.dumps(comparison.measure(spelling, seed), indent=1).encode())
                print(f"{name}, seed {seed}: {time.process_time() - start:.0f} s of CPU so far", file=sys.stderr)
            if kept.exists():
                results[name].append(json.loads(kept.read_text()))
    print(table({name: rows for name, rows in results.items() if rows}))


if __name__ == "__main__":
    sys.exit(main())
