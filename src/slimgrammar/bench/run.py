"""A whole run: each method on each corpus in a process of its own, masks and other engines, and this machine's power."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Protocol, TypeVar

from slimgrammar import __version__
from slimgrammar.bench.intervals import LEVEL
from slimgrammar.bench.masks import GRAMMARS, Followed, Job, MaskWork, jobs, texts_of
from slimgrammar.bench.methods import Method, methods
from slimgrammar.bench.programs import Program, build, read_programs
from slimgrammar.bench.results import Corpus, Costs, Json, Machine, corpus_json, dimensions_json, mask_json
from slimgrammar.bench.texts import Measured, MethodWork
from slimgrammar.compact.api import encode
from slimgrammar.errors import SlimError
from slimgrammar.report.dimensions import Setting
from slimgrammar.report.measure import Energy, energy_of
from slimgrammar.vocab import load

Item = TypeVar("Item")
Result = TypeVar("Result")
Part = Literal["texts", "masks"]
PARTS: Final[tuple[Part, ...]] = ("texts", "masks")
FORMAT: Final = 1


class Runner(Protocol):
    """Works on each item in a process of its own, so that one that dies costs one item, and memory is that of one."""

    def __call__(
        self,
        work: Callable[[Item], Result],
        items: Sequence[Item],
        *,
        failed: Callable[[Item, BaseException], Result],
        label: str,
    ) -> Iterator[Result]:
        """The results in the order of the items."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """A corpus before it is read.

    Attributes:
        name, note: what it is, and which part of it.
        files: its files.
        codebooks: whether the shipped codebooks were mined from other files than these.
    """

    name: str
    note: str
    files: Sequence[Path]
    codebooks: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How much is measured, and what for.

    Attributes:
        setting: the model, its place and its price.
        parts: texts, masks, or both.
        grammars: whose masks.
        mask_texts, mask_tokens: how many texts masks follow, and how many tokens of each at most.
        seconds: how long another engine may follow them.
        fresh: compile masks anew, whatever the user's cache holds.
        slow: measure methods that run a model, too.
        calibration: seconds of encoding that tell the machine's power.
        seed: of the bootstrap and of what is drawn.
    """

    setting: Setting
    parts: tuple[Part, ...] = PARTS
    grammars: tuple[str, ...] = GRAMMARS
    mask_texts: int = 30
    mask_tokens: int = 1000
    seconds: float = 60.0
    fresh: bool = True
    slow: bool = True
    calibration: float = 5.0
    seed: int = 0


def benchmark(sources: Sequence[Sources], options: Options, runner: Runner) -> Json:
    """The results, see `results`.

    Raises:
        SlimError: there is no program in `sources`.
    """
    programs = {corpus.name: read_programs(corpus.files) for corpus in sources}
    texts = [program.text for found in programs.values() for program in found]
    if not texts:
        raise SlimError("nothing to measure: no file is a program that this Python can parse")
    vocabulary = options.setting.model.vocab
    load(vocabulary)  # once, before processes are forked
    read = sources if "texts" in options.parts else []
    corpora = [_corpus(corpus, programs[corpus.name], options, runner) for corpus in read]
    followed = _masks(texts, options, runner) if "masks" in options.parts else []
    site = options.setting.site
    machine = Machine(_power(texts, options.calibration), site.mix_water, site.mix_carbon)
    costs_of = Costs(options.setting)
    return {
        "benchmark": FORMAT,
        "version": __version__,
        "build": build(),
        "model": options.setting.model.name,
        "vocabulary": vocabulary,
        "region": site.region,
        "seed": options.seed,
        "level": LEVEL,
        "dimensions": dimensions_json(options.setting, machine),
        "corpora": [corpus_json(corpus, costs_of, machine, options.seed) for corpus in corpora],
        "masks": [mask_json(job, found, costs_of, machine, options.seed) for job, found in followed],
    }


def _corpus(corpus: Sources, programs: Sequence[Program], options: Options, runner: Runner) -> Corpus:
    vocabulary = options.setting.model.vocab
    tried, left_out = methods(vocabulary, codebooks=corpus.codebooks, slow=options.slow)
    work = MethodWork(vocabulary, tuple(program.text for program in programs))
    results = runner(work, tried, failed=_method_failed, label=corpus.name)
    return Corpus(
        corpus.name,
        corpus.note,
        [program.size for program in programs],
        tried,
        {method.key: found for method, found in zip(tried, results, strict=True)},
        len(corpus.files) - len(programs),
        [*left_out, *([] if corpus.codebooks else [("codebooks", "they were mined from these files")])],
    )


def _method_failed(method: Method, error: BaseException) -> Measured:
    return Measured(broken=f"{type(error).__name__}: {error}")


def _masks(programs: Sequence[str], options: Options, runner: Runner) -> list[tuple[Job, Followed]]:
    wanted = jobs(options.grammars)
    texts = {name: texts_of(name, programs, count=options.mask_texts, seed=options.seed) for name in options.grammars}
    work = MaskWork(options.setting.model.vocab, texts, options.mask_tokens, options.seconds, options.fresh)
    return list(zip(wanted, runner(work, wanted, failed=_job_failed, label="masks"), strict=True))


def _job_failed(job: Job, error: BaseException) -> Followed:
    return Followed(broken=f"{type(error).__name__}: {error}")


def _power(texts: Sequence[str], seconds: float) -> Energy | None:
    """The machine's power while it encodes for some seconds; None where nothing tells."""
    try:
        return energy_of(lambda: _encode_for(texts, seconds))
    except SlimError:
        return None


def _encode_for(texts: Sequence[str], seconds: float) -> None:
    until = time.process_time() + seconds
    while True:
        for text in texts:
            encode(text, verify=False)
            if time.process_time() > until:
                return
