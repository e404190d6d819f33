"""What `slim.compress_messages` saves on agents' prompts, what it costs in time, and whether budgets are met.

    python bench/prompts.py [--vocab o200k_base] [--folder corpora/prompts]

Lossless: nothing is pruned; the legend is counted where it was added. `code` is the share of the tokens that stands in encoded
pieces, `of it` what encoding saved of that. Then what each kind of encoding saves, and which budgets are met. Needs
slimgrammar[pipeline,prune].
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import slimgrammar as slim
from slimgrammar.pipeline import encodings
from slimgrammar.pipeline.blocks import Block

PROMPTS = Path(__file__).resolve().parents[1] / "corpora" / "prompts"
BUDGETS = (0.8, 0.5, 0.3)
ROUNDS = 5


def read(folder: Path) -> dict[str, list[Any]]:
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}


def milliseconds(work: Callable[[], object], *, fresh: bool) -> float:
    """The median time of a call; `fresh` forgets what was encoded before."""
    times = []
    for _ in range(ROUNDS):
        if fresh:
            encodings.encoding.cache_clear()
        start = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def lossless(prompts: dict[str, list[Any]], vocab: str) -> list[Block]:
    """What each prompt saves; returns all pieces of code."""
    print(f"Lossless, {vocab}:\n")
    print("| prompt | tokens | after | saved | code | of it | ms, first | ms, again |\n|---|---|---|---|---|---|---|---|")
    before = after = coded = spared = 0
    found: list[Block] = []
    for name, messages in prompts.items():
        done = slim.compress_messages(messages, vocab=vocab)
        found += done.blocks
        encoded = [block for block in done.blocks if block.status == "encoded"]
        code = sum(block.tokens_before for block in encoded)
        saved = code - sum(block.tokens_after for block in encoded)

        def again(messages: list[Any] = messages) -> object:
            return slim.compress_messages(messages, vocab=vocab)

        print(
            f"| {name} | {done.tokens_before} | {done.tokens_after} | {1 - done.tokens_after / done.tokens_before:.1%} "
            f"| {code / done.tokens_before:.0%} | {saved / max(1, code):.1%} "
            f"| {milliseconds(again, fresh=True):.1f} | {milliseconds(again, fresh=False):.1f} |"
        )
        before, after, coded, spared = (
            before + done.tokens_before,
            after + done.tokens_after,
            coded + code,
            spared + saved,
        )
    print(f"| all | {before} | {after} | {1 - after / before:.1%} | {coded / before:.0%} | {spared / max(1, coded):.1%} | | |")
    return found


def kinds(found: list[Block]) -> None:
    """What each kind of encoding saves, in each language."""
    rows: dict[tuple[str, str], list[int]] = {}
    for block in found:
        row = rows.setdefault((block.kind or "kept", block.language if block.kind else ""), [0, 0, 0])
        row[0] += 1
        row[1] += block.tokens_before
        row[2] += block.tokens_after
    print("\n| kind | language | pieces | tokens | after | saved |\n|---|---|---|---|---|---|")
    for (kind, language), (pieces, before, after) in sorted(rows.items(), key=lambda item: -item[1][1]):
        print(f"| {kind} | {language} | {pieces} | {before} | {after} | {1 - after / before:.1%} |")


def budgets(prompts: dict[str, list[Any]], vocab: str) -> int:
    """How many budgets were met, and how many refused because what may not be pruned does not fit; returns those broken."""
    print("\n| budget | met | of it used | refused | broken |\n|---|---|---|---|---|")
    wrong = 0
    for share in BUDGETS:
        used, refused, broken = [], 0, 0
        for messages in prompts.values():
            limit = int(share * slim.compress_messages(messages, vocab=vocab).tokens_before)
            try:
                done = slim.compress_messages(messages, vocab=vocab, max_tokens=limit)
            except slim.SlimError:
                refused += 1
                continue
            broken += done.tokens_after > limit
            used.append(done.tokens_after / limit)
        wrong += broken
        print(f"| {share:.0%} | {len(used) - broken} | {statistics.mean(used):.0%} | {refused} | {broken} |")
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vocab", default="o200k_base")
    parser.add_argument("--folder", type=Path, default=PROMPTS)
    arguments = parser.parse_args()
    prompts = read(arguments.folder)
    kinds(lossless(prompts, arguments.vocab))
    sys.exit(budgets(prompts, arguments.vocab) > 0)


if __name__ == "__main__":
    main()
