"""What masks cost beside other engines, and how many tokens they force, on texts that a model might have written."""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any, Final

import slimgrammar as slim
from slimgrammar.bench.engines import peak_megabytes, run_peer
from slimgrammar.constrain.grammar_mask import GrammarMask
from slimgrammar.vocab import load

OURS: Final = "slimgrammar"
PEERS: Final = ("llguidance", "xgrammar")  # those whose newest version runs beside the newest of all else
GRAMMARS: Final = ("python", "slim", "json")
_EXPORTED: Final = ("slim", "json")  # what other engines can read
_LONGEST: Final = 30_000


@dataclass(frozen=True, slots=True)
class Job:
    """One engine on one grammar."""

    engine: str
    grammar: str


@dataclass(frozen=True, slots=True)
class Followed:
    """What an engine did.

    Attributes:
        ready: seconds of the processor until the first mask.
        steps: seconds of each step, by text.
        forced: how many tokens of each text the grammar left no choice about; None where that was not asked.
        refused: texts in which a true token is masked.
        megabytes: by how much the process grew; of another engine, all of its process.
        broken: why nothing was measured.
    """

    ready: float = 0.0
    steps: list[list[float]] = field(default_factory=list)
    forced: list[int] | None = None
    refused: int = 0
    megabytes: float = 0.0
    broken: str = ""


def jobs(grammars: Sequence[str] = GRAMMARS) -> list[Job]:
    """Every engine that is installed, on every grammar that it can read."""
    others = [name for name in PEERS if find_spec(name)]
    return [Job(engine, grammar) for grammar in grammars for engine in (OURS, *(others if grammar in _EXPORTED else ()))]


def texts_of(grammar: str, programs: Sequence[str], *, count: int, seed: int) -> list[str]:
    """`count` texts of a grammar: programs, drawn at random, or JSON that is made up."""
    if grammar == "json":
        return json_texts(count, seed=seed)
    usable = [text for text in programs if text.strip() and len(text) < _LONGEST]
    drawn = random.Random(seed).sample(usable, min(count, len(usable)))
    return [slim.encode(text, verify=False) for text in drawn] if grammar == "slim" else drawn


def json_texts(count: int, *, seed: int) -> list[str]:
    """Made-up JSON, in one line or in many.

    >>> json_texts(2, seed=3) == json_texts(2, seed=3)
    True
    """
    chance = random.Random(seed)
    return [json.dumps(_value(chance, 5), indent=chance.choice((None, 1))) for _ in range(count)]


@dataclass(frozen=True, slots=True)
class MaskWork:
    """Lets an engine follow the texts of its grammar.

    Attributes:
        vocabulary: its name.
        texts: grammar → texts.
        tokens: the most tokens of a text that are followed.
        seconds: how long other engines may take.
        fresh: compile grammars anew, whatever the user's cache holds.
    """

    vocabulary: str
    texts: dict[str, list[str]]
    tokens: int
    seconds: float
    fresh: bool

    def __call__(self, job: Job) -> Followed:
        """Follow the texts, as far as a text is followed at all."""
        vocab = load(self.vocabulary)
        coded = [vocab.encode(text)[: self.tokens] for text in self.texts[job.grammar]]
        if job.engine != OURS:
            answer = run_peer(
                sys.executable, job.engine, self.vocabulary, vocab, coded, grammar=job.grammar, seconds=self.seconds
            )
            if isinstance(answer, str):
                return Followed(broken=answer)
            return Followed(answer["spent"], answer["times"], None, answer["refused"], answer["most"])
        with tempfile.TemporaryDirectory() as folder:
            if self.fresh:
                os.environ["SLIMGRAMMAR_CACHE"] = folder  # this process ends with the job
            before, start = peak_megabytes(), time.process_time()
            mask = slim.mask(job.grammar, vocab)
            mask.allowed()
            ready = time.process_time() - start
        return _follow_all(mask, coded, ready, before)


def _follow_all(mask: GrammarMask, coded: Sequence[Sequence[int]], ready: float, before: float) -> Followed:
    steps, refused = [], 0
    for tokens in coded:
        mask.reset()
        times, bad = step_times(mask, tokens)
        steps.append(times)
        refused += bad >= 0
    forced = [_forced(mask, tokens[: len(times)]) for tokens, times in zip(coded, steps, strict=True)]
    return Followed(ready, steps, forced, refused, peak_megabytes() - before)


def step_times(mask: GrammarMask, tokens: Iterable[int]) -> tuple[list[float], int]:
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


def _forced(mask: GrammarMask, tokens: Iterable[int]) -> int:
    """How many tokens of a text the grammar leaves no choice about."""
    mask.reset()
    found = 0
    for token in tokens:
        found += mask.forced_token() == token
        mask.advance(token)
    return found


def _value(chance: random.Random, depth: int) -> Any:
    kind = chance.randrange(6 if depth else 4)
    if kind == 4:
        return [_value(chance, depth - 1) for _ in range(chance.randrange(5))]
    if kind == 5:
        return {f"key {number}é": _value(chance, depth - 1) for number in range(chance.randrange(6))}
    return (None, chance.random() * 1e6, 'a "string"\n', chance.randrange(10**6))[kind]
