"""Texts that no model should write, and what a mask's step costs in them: it must neither fail nor grow dearer."""

from __future__ import annotations

import random
import time

import numpy as np

from slimgrammar.bench.engines import peak_megabytes
from slimgrammar.bench.masks import step_times
from slimgrammar.constrain.grammar_mask import GrammarMask, TokenNotAllowed
from slimgrammar.constrain.packing import unpack
from slimgrammar.vocab import Vocabulary


def percentiles(seconds: list[float]) -> str:
    """Times in milliseconds."""
    found = np.percentile(np.array(seconds or [0.0]) * 1000, [50, 90, 99, 99.9, 100])
    return "p50 {:.4f}  p90 {:.4f}  p99 {:.3f}  p99.9 {:.2f}  max {:.1f} ms".format(*found)


def garbage(mask: GrammarMask, count: int) -> list[float]:
    """Seconds per step of random allowed tokens, with a random token tried before each: refused ones must change nothing."""
    chance = random.Random(count)
    mask.reset()
    times: list[float] = []
    for _ in range(count):
        start = time.perf_counter()
        allowed = mask.allowed()
        spent = time.perf_counter() - start
        flags = unpack(allowed, mask.size)
        anything = chance.randrange(mask.size)
        if mask.accepts(anything) != bool(flags[anything]):
            raise SystemExit(f"token {anything}: mask and step disagree")
        if not flags[anything]:
            try:
                mask.advance(anything)
                raise SystemExit(f"token {anything} is refused, but could be taken")
            except TokenNotAllowed:
                pass
        choices = np.flatnonzero(flags)
        if not len(choices):
            raise SystemExit("a dead end")
        token = int(choices[chance.randrange(len(choices))])
        start = time.perf_counter()
        mask.advance(token)
        times.append(spent + time.perf_counter() - start)
    return times


def by_tenths(times: list[float]) -> str:
    """The first and the last tenth of some steps."""
    tenth = max(1, len(times) // 10)
    return f"first tenth {percentiles(times[:tenth])}\n    last tenth  {percentiles(times[-tenth:])}"


def report(mask: GrammarMask, vocab: Vocabulary, code: str, *, steps: int, depth: int) -> None:
    """Print what steps cost in random tokens, in nested brackets, and in one long text made of `code`."""
    print(f"  {steps} random tokens:\n    {by_tenths(garbage(mask, steps))}")
    for opening, closing in (("(", ")"), ("[{", "}]"), ("f(a, [b for b in ", "])")):
        mask.reset()
        text = vocab.encode("x = " + opening * depth + "1" + closing * depth)
        times, bad = step_times(mask, text)
        verdict = "" if bad < 0 and mask.is_complete() else f" REFUSED at {bad}"
        print(f"  {depth} times {opening}…{closing}, {len(times)} tokens{verdict}:\n    {by_tenths(times)}")
    mask.reset()
    long = (vocab.encode(code) * (1 + steps // max(1, len(code) // 6)))[:steps]
    times, bad = step_times(mask, long)
    print(f"  one text of {len(times)} tokens{'' if bad < 0 else f' REFUSED at {bad}'}:\n    {by_tenths(times)}")
    print(f"  most memory: {peak_megabytes():.0f} MB")
