"""The results of a run, as the JSON that tables, plots and the documentation are made of.

Every figure is one of a file: a call of the model that reads, or writes, one file of the corpus, and one run of the method on
it. `cost` is [low, high] as the sources allow, `saved` and times are [value, low, high] with the interval of the bootstrap.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np

from slimgrammar.bench.intervals import Bootstrap, Estimate
from slimgrammar.bench.masks import OURS, Followed, Job
from slimgrammar.bench.methods import CONTENTS, Method
from slimgrammar.bench.texts import Measured, comparable
from slimgrammar.report.dimensions import DIMENSIONS, USES, Setting, Use, basis, costs
from slimgrammar.report.formulas import Range
from slimgrammar.report.measure import Energy

Json = dict[str, Any]
Key = tuple[str, str]
THOUSAND: Final = 1000  # tokens that masks are shown for


@dataclass(frozen=True, slots=True)
class Machine:
    """What this machine's work costs: its power, or None where nothing tells, and the region's electricity."""

    energy: Energy | None
    water: float
    carbon: float

    def footprint(self, seconds: float) -> dict[str, float | None]:
        """Energy (Wh), water (L) and carbon (g CO2e) of so many seconds of the processor."""
        if self.energy is None:
            return dict.fromkeys(("energy", "water", "carbon"))
        watt_hours = seconds * self.energy.watts / 3600
        return {"energy": watt_hours, "water": watt_hours * self.water / 1000, "carbon": watt_hours * self.carbon}

    def bases(self) -> dict[str, tuple[str, str]]:
        """How the figures of the methods themselves come about, as `dimensions.basis` says it of the model's."""
        power = ("unknown", "codecarbon is not installed, or cannot tell")
        if self.energy is not None:
            how = f"processor time at {self.energy.watts:.1f} W ({self.energy.source}), electricity of the region"
            power = self.energy.basis, how
        return {
            "flops": ("unknown", "processors do not count them"),
            "memory": ("measured", "by how much the process grew, at most, over the whole corpus"),
            "time": ("measured", "processor time in this run"),
            **dict.fromkeys(("energy", "water", "carbon"), power),
            "money": ("unknown", "the machine is yours"),
        }


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus and what was measured on it.

    Attributes:
        name, note: what it is.
        sizes: bytes of each file.
        methods: what was tried.
        measured: what came of it, by the method's key.
        not_python: files that this Python cannot parse.
        left_out: methods that could not be tried, and why.
    """

    name: str
    note: str
    sizes: list[int]
    methods: list[Method]
    measured: dict[Key, Measured]
    not_python: int
    left_out: list[tuple[str, str]]


class Costs:
    """`costs` of many files; equal numbers of tokens are computed once."""

    def __init__(self, setting: Setting) -> None:
        self._of: Callable[[int, Use], dict[str, Range | None]] = cache(lambda tokens, use: costs(tokens, use, setting))

    def columns(self, tokens: Sequence[int], use: Use) -> dict[str, list[Range]]:
        """What each file costs, by dimension; dimensions that nothing published tells are missing."""
        found = [self._of(number, use) for number in tokens]
        columns = {dimension.name: [one[dimension.name] for one in found] for dimension in DIMENSIONS}
        return {name: [cost for cost in column if cost] for name, column in columns.items() if None not in column}


def corpus_json(corpus: Corpus, costs_of: Costs, machine: Machine, seed: int) -> Json:
    """One corpus: its files, and a row a method."""
    places, unusable = comparable(corpus.measured, len(corpus.sizes))
    kept = sorted(places)
    size = sum(corpus.sizes[place] for place in kept)
    left_out = [*corpus.left_out, *((f"{name}, {CONTENTS[content].title}", why) for (content, name), why in unusable.items())]
    faulty = [key for key, found in corpus.measured.items() if found.faults and key not in unusable]
    rows: list[Json] = []
    if kept:
        draws = Bootstrap(len(kept), seed=seed)
        tokens = {key: [found.tokens[place] for place in kept] for key, found in corpus.measured.items() if key not in unusable}
        usable = [method for method in corpus.methods if method.key in tokens and method.baseline in tokens]
        for method in usable:
            row = _row(method, tokens, costs_of, draws)
            rows.append(row | {"here": _here(corpus.measured[method.key], kept, size, machine, draws)})
    return {
        "name": corpus.name,
        "note": corpus.note,
        "files": len(kept),
        "bytes": size,
        "not_python": corpus.not_python,
        "failed": {
            f"{name}, {CONTENTS[content].title}": len(corpus.measured[content, name].faults) for content, name in faulty
        },
        "left_out": [{"method": name, "reason": reason} for name, reason in left_out],
        "methods": rows,
    }


def _row(method: Method, tokens: Mapping[Key, Sequence[int]], costs_of: Costs, draws: Bootstrap) -> Json:
    """A method's tokens, and what they cost a model when they are read and written; what is pruned is never written."""
    own, baseline = tokens[method.key], tokens[method.baseline]
    found: Json = {
        "name": method.name,
        "content": method.content,
        "kind": method.kind,
        "is_baseline": method.key == method.baseline,
        "tokens": sum(own),
        "saved": draws.saved(own, baseline),
    }
    for use in USES[:1] if method.kind == "pruner" else USES:
        columns, others = costs_of.columns(own, use), costs_of.columns(baseline, use)
        found[use] = {
            name: {
                "cost": [float(np.mean(ends)) for ends in zip(*column, strict=True)],
                "saved": draws.saved([cost.high for cost in column], [cost.high for cost in others[name]]),
            }
            for name, column in columns.items()
        }
    return found


def _here(found: Measured, kept: Sequence[int], size: int, machine: Machine, draws: Bootstrap) -> Json:
    """What the method itself takes on this machine."""
    seconds = [found.seconds[place] for place in kept]
    mean = draws.mean(seconds)
    speed = size / sum(seconds) / 1e6 if sum(seconds) else 0.0
    return {"megabytes_per_second": speed, "memory": 1e6 * found.megabytes, "time": mean, **machine.footprint(mean.value)}


def mask_json(job: Job, found: Followed, costs_of: Costs, machine: Machine, seed: int) -> Json:
    """One engine on one grammar; what a mask takes is that of `THOUSAND` tokens."""
    steps = [text for text in found.steps if text]
    shown: Json = {"engine": job.engine, "grammar": job.grammar, "broken": found.broken}
    if found.broken or not steps:
        return shown | {"broken": found.broken or "no text was followed"}
    draws = Bootstrap(len(steps), seed=seed)
    step = draws.ratio([sum(text) for text in steps], [len(text) for text in steps])
    every = 1000 * np.concatenate(steps)
    shown |= {
        "texts": len(steps),
        "tokens": len(every),
        "refused": found.refused,
        "ready": found.ready,
        "step_ms": Estimate(*(1000 * value for value in step)),
        "step_ms_p50": float(np.percentile(every, 50)),
        "step_ms_p99": float(np.percentile(every, 99)),
        "here": {"memory": 1e6 * found.megabytes, "time": THOUSAND * step.value, **machine.footprint(THOUSAND * step.value)},
    }
    return shown | ({"forced": _forced(found, costs_of, draws)} if job.engine == OURS else {})


def _forced(found: Followed, costs_of: Costs, draws: Bootstrap) -> Json:
    """The share of forced tokens, and what a model saves that reads them together instead of writing each."""
    lengths = [len(text) for text in found.steps if text]
    forced = [number for number, text in zip(found.forced or (), found.steps, strict=True) if text]
    chosen = [length - number for length, number in zip(lengths, forced, strict=True)]
    written, plain = costs_of.columns(chosen, "written"), costs_of.columns(lengths, "written")
    read = costs_of.columns(forced, "read")
    saved = {
        name: draws.saved(
            [own.high + more.high for own, more in zip(written[name], read[name], strict=True)],
            [cost.high for cost in plain[name]],
        )
        for name in plain
        if name not in ("memory", "money")  # the cache holds forced tokens too, and providers have no price for them
    }
    share = draws.ratio(forced, lengths)
    return {"percent": Estimate(*(100 * value for value in share)), "saved": saved}


def dimensions_json(setting: Setting, machine: Machine) -> Json:
    """Each dimension's unit, and how its figures come about: of a model that reads or writes, and of the methods here."""
    found: Json = {}
    for dimension in DIMENSIONS:
        bases = {use: basis(dimension.name, use, setting) for use in USES} | {"here": machine.bases()[dimension.name]}
        shown = {use: {"basis": how, "source": source} for use, (how, source) in bases.items()}
        found[dimension.name] = {"title": dimension.title, "unit": dimension.unit, **shown}
    return found
