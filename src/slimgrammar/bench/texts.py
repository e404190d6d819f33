"""How many tokens a method leaves of each program, and what it takes: processor time and memory, in a process of its own."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from slimgrammar.bench.engines import peak_megabytes
from slimgrammar.bench.methods import Method, Writer
from slimgrammar.vocab import count_with_symbols, load

MOST_FAULTS = 0.1  # a method that fails on more of the files is left out, instead of the files


@dataclass(frozen=True, slots=True)
class Measured:
    """What became of each program.

    Attributes:
        tokens: how many it has; -1 where the method failed.
        seconds: of the processor that the method took.
        megabytes: by how much the process grew at most; 0 where the system does not say.
        faults: why the method failed, by the program's place.
        broken: why nothing was measured at all.
    """

    tokens: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    megabytes: float = 0.0
    faults: dict[int, str] = field(default_factory=dict)
    broken: str = ""


@dataclass(frozen=True, slots=True)
class MethodWork:
    """Measures one method on all `texts`; the vocabulary is loaded before the process is forked, so that it costs nothing."""

    vocabulary: str
    texts: tuple[str, ...]

    def __call__(self, method: Method) -> Measured:
        """Write and count each text."""
        vocab, symbols = load(self.vocabulary), method.symbols
        write = Writer(method, vocab)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of invalid escapes in the programs
            _warm_up(write, self.texts)
            before, found = peak_megabytes(), Measured()
            for place, text in enumerate(self.texts):
                start = time.process_time()
                try:
                    written = write(text)
                except Exception as error:  # a peer fails by any exception
                    found.faults[place] = f"{type(error).__name__}: {str(error)[:120]}"
                    written = None
                found.seconds.append(time.process_time() - start)
                found.tokens.append(-1 if written is None else count_with_symbols(vocab, written, symbols))
        return Measured(found.tokens, found.seconds, peak_megabytes() - before, found.faults)


def _warm_up(write: Callable[[str], str], texts: Sequence[str]) -> None:
    """What is loaded at the first call is no cost of a call."""
    try:
        write(min(texts, key=len, default=""))
    except Exception:  # the loop will meet it again, and record it
        return


def comparable(measured: dict[tuple[str, str], Measured], files: int) -> tuple[set[int], dict[tuple[str, str], str]]:
    """The places of the programs that every usable method wrote, and why methods are not usable.

    >>> comparable({("all", "good"): Measured([1, 2]), ("all", "bad"): Measured([1, -1], faults={1: "no"})}, 2)[0]
    {0, 1}
    """
    unusable = {key: found.broken for key, found in measured.items() if found.broken}
    for key, found in measured.items():
        if len(found.faults) > MOST_FAULTS * files:
            example = next(iter(found.faults.values()))
            unusable[key] = f"it failed on {len(found.faults)} of {files} files: {example}"
    bad = {place for key, found in measured.items() if key not in unusable for place in found.faults}
    return set(range(files)) - bad, unusable
