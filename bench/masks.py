"""Masks on real code: nothing true is masked, nothing allowed leads nowhere, and what it costs.

python bench/masks.py exact --vocab qwen3 --modules 1000     true next tokens that a mask refuses, and time per step
python bench/masks.py build --vocab qwen3                    seconds and megabytes to compile, and to load from the cache
python bench/masks.py ends --samples 20000                   allowed tokens after which no program can follow
python bench/masks.py peers --samples 20                     llguidance and xgrammar, where installed, on JSON beside us
"""

from __future__ import annotations

import argparse
import ast
import json
import random
import resource
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from completion import Completer
from inputs import package_files, stdlib_files
from peers import llguidance_steps, xgrammar_steps

import slimgrammar as slim
from slimgrammar.constrain import cache, grammar_mask
from slimgrammar.constrain.grammar_mask import GrammarMask
from slimgrammar.constrain.packing import unpack
from slimgrammar.vocab import Vocabulary, load


def programs(count: int, seed: int) -> Iterator[tuple[Path, str]]:
    """`count` UTF-8 modules of the standard library and the packages, drawn at random, that this Python can parse."""
    files = stdlib_files() + package_files()
    random.Random(seed).shuffle(files)
    for path in files:
        if count == 0:
            return
        text = _program(path)
        if text is not None:
            count -= 1
            yield path, text


def _program(path: Path) -> str | None:
    try:
        text = path.read_bytes().decode()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (OSError, ValueError, SyntaxError):
        return None
    return None if text.startswith("\ufeff") or not 200 < len(text) < 200_000 else text


def percentiles(seconds: list[float]) -> str:
    """Times in milliseconds."""
    found = np.percentile(np.array(seconds or [0.0]) * 1000, [50, 90, 99, 99.9, 100])
    return "p50 {:.4f}  p90 {:.4f}  p99 {:.3f}  p99.9 {:.2f}  max {:.1f} ms".format(*found)


def megabytes() -> float:
    """The most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def step_times(mask: GrammarMask, tokens: list[int]) -> tuple[list[float], int]:
    """Seconds per step (mask, then advance), and the number of the first token that the mask refuses, or -1."""
    times: list[float] = []
    for number, token in enumerate(tokens):
        start = time.perf_counter()
        allowed = mask.allowed()
        if not int(allowed[token // 32]) >> token % 32 & 1:
            return times, number
        mask.advance(token)
        times.append(time.perf_counter() - start)
    return times, -1


def exact(options: argparse.Namespace) -> int:
    """Follow real modules; a refused token is printed."""
    vocab = load(options.vocab)
    mask = slim.mask(options.grammar, vocab)
    refused = tokens = unfinished = modules = 0
    cold: list[float] = []
    warm: list[float] = []
    for path, program in programs(options.modules, options.seed):
        text = program if options.grammar == "python" else slim.encode(program)
        coded = vocab.encode(text)
        mask.reset()
        times, bad = step_times(mask, coded)
        modules, tokens = modules + 1, tokens + len(coded)
        cold += times
        if bad >= 0:
            refused += 1
            before = b"".join(map(vocab.decode_token, coded[max(0, bad - 12) : bad]))
            print(f"refused: {path}: {before!r} then {vocab.decode_token(coded[bad])!r}")
            continue
        unfinished += not mask.is_complete()
        if modules % 10 == 0:
            mask.reset()
            warm += step_times(mask, coded)[0]
        if modules % 100 == 0:
            print(f"{modules} modules, {tokens} tokens, {refused} refused", file=sys.stderr)
    print(f"{options.grammar}, {options.vocab}: {modules} modules, {tokens} tokens:", end=" ")
    print(f"{refused} refused, {unfinished} not complete at the end")
    print(f"  first pass over each module: {percentiles(cold)}")
    print(f"  second pass:                 {percentiles(warm)}")
    print(f"  most memory: {megabytes():.0f} MB")
    return int(refused + unfinished > 0)


def build(options: argparse.Namespace) -> int:
    """Compile without a cache, then load from it."""
    vocab = load(options.vocab)
    before = megabytes()
    with tempfile.TemporaryDirectory() as folder:
        cache.folder = lambda: Path(folder)
        start = time.perf_counter()
        slim.mask(options.grammar, vocab).allowed()
        built = time.perf_counter() - start
        grammar_mask._engine.cache_clear()
        grammar_mask._tokens.cache_clear()
        start = time.perf_counter()
        slim.mask(options.grammar, vocab).allowed()
        loaded = time.perf_counter() - start
        size = sum(file.stat().st_size for file in Path(folder).iterdir()) / 1e6
    print(
        f"{options.grammar}, {options.vocab} ({vocab.size} tokens): built in {built:.2f} s, loaded in {loaded:.2f} s,", end=" "
    )
    print(f"{size:.1f} MB on disk, {megabytes():.0f} MB of memory at most ({before:.0f} before)")
    return 0


def statements(seed: int) -> Iterator[str]:
    """Top-level statements of real modules, up to some thousand characters."""
    for _, text in programs(-1, seed):
        for node in ast.parse(text).body:
            found = ast.get_source_segment(text, node)
            if found and 20 < len(found) < 3000:
                yield found + "\n"


def ends(options: argparse.Namespace) -> int:
    """Choose an allowed token after a real prefix, and let a search complete the program, which `ast` must accept."""
    vocab = load(options.vocab)
    mask = slim.mask("python", vocab)
    completer = Completer(mask)
    chance = random.Random(options.seed)
    tried = 0
    dead: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for text in statements(options.seed):
        if tried >= options.samples:
            break
        coded = vocab.encode(text)
        cut = chance.randrange(len(coded))
        prefix = b"".join(map(vocab.decode_token, coded[:cut]))
        mask.reset()
        if prefix:
            mask.advance_text(prefix)
        allowed = np.flatnonzero(unpack(mask.allowed(), mask.size))
        for token in chance.sample(allowed.tolist(), min(8, len(allowed))):
            tried += 1
            whole = prefix + vocab.decode_token(token)
            reason = completer.dead_end(whole)
            if options.verbose and reason:
                print(reason, repr(whole[-90:]))
            if reason:
                dead[reason] += 1
                shown.setdefault(reason, repr(whole[-70:]))
    print(f"python, {options.vocab}: {tried} allowed tokens tried, {sum(dead.values())} for which no completion was found")
    for reason, count in dead.most_common():
        print(f"  {count:5}  {reason}: {shown[reason]}")
    return int(sum(dead.values()) > 0)


def peers(options: argparse.Namespace) -> int:
    """Other engines on JSON texts with the same vocabulary."""
    vocab = load(options.vocab)
    chance = random.Random(options.seed)
    texts = [json.dumps(_value(chance, 5), indent=chance.choice((None, 1))) for _ in range(options.samples)]
    coded = [vocab.encode(text) for text in texts]
    engines: list[tuple[str, Callable[[], Callable[[list[int]], list[float]]]]] = [("slimgrammar", lambda: _ours(vocab))]
    engines += [("llguidance", lambda: llguidance_steps(vocab)), ("xgrammar", lambda: xgrammar_steps(vocab))]
    for name, prepare in engines:
        start = time.perf_counter()
        try:
            steps = prepare()
        except ModuleNotFoundError:
            print(f"{name}: not installed")
            continue
        ready = time.perf_counter() - start
        times = [second for tokens in coded for second in steps(tokens)]
        print(f"{name}: ready in {ready:.2f} s; {len(times)} steps: {percentiles(times)}")
    return 0


def _ours(vocab: Vocabulary) -> Callable[[list[int]], list[float]]:
    mask = slim.mask("json", vocab)

    def steps(tokens: list[int]) -> list[float]:
        mask.reset()
        times, bad = step_times(mask, tokens)
        if bad >= 0:
            raise SystemExit("slimgrammar refused a true token")
        return times

    return steps


def _value(chance: random.Random, depth: int) -> Any:
    kind = chance.randrange(6 if depth else 4)
    if kind == 4:
        return [_value(chance, depth - 1) for _ in range(chance.randrange(5))]
    if kind == 5:
        return {f"key {number}é": _value(chance, depth - 1) for number in range(chance.randrange(6))}
    return (None, chance.random() * 1e6, 'a "string"\n', chance.randrange(10**6))[kind]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=("exact", "build", "ends", "peers"))
    parser.add_argument("--grammar", default="python", help="python or slim")
    parser.add_argument("--vocab", default="qwen3", help="a name, or the folder of a tokenizer.json")
    parser.add_argument("--modules", type=int, default=100)
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--verbose", action="store_true", help="print every dead end")
    options = parser.parse_args()
    return {"exact": exact, "build": build, "ends": ends, "peers": peers}[options.part](options)


if __name__ == "__main__":
    sys.exit(main())
