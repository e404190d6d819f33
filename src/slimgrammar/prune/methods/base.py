"""What every pruning method is: a function that gives each element of a program a value and a reason to go.

The budget then takes the least valued away first, so that a smaller budget always keeps a subset of what a larger one keeps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from slimgrammar.prune.elements import BREAK, KIND_NAMES, Ints
from slimgrammar.prune.program import Program
from slimgrammar.vocab import EmbeddedVocabulary, Vocabulary, count

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a pruning was asked for; the API, the command line and the docs take names and defaults from here.

    Attributes:
        keep: the share of the program's tokens to keep, above 0 and up to 1.
        max_tokens: the number of tokens to keep at most; with `keep` too, the smaller of the two holds.
        method: the name of the method.
        query: words that tell what the reader looks for; what matches them is kept longer.
        pins: names of functions, classes or variables whose declarations must stay whole.
        valid: leave out whole statements only, so that the result parses where the program did.
        dependences: for `slim`: build the dependence graph, and keep longer what other statements depend on.
        seed: for `random`.
        criterion: for `slice`: a line number, or a name.
        bodies: for `skeleton`: names of functions whose bodies are kept whole as long as possible.
        model: for `attention`: a folder of a Hugging Face model with its tokenizer, or a (model, tokenizer) pair.
    """

    keep: float | None = None
    max_tokens: int | None = None
    method: str = "slim"
    query: str = ""
    pins: tuple[str, ...] = ()
    valid: bool = False
    dependences: bool = False
    seed: int = 0
    criterion: str | int | None = None
    bodies: tuple[str, ...] = ()
    model: Any = None


@dataclass(frozen=True, slots=True)
class Ranking:
    """What a method thinks of a program's elements.

    Attributes:
        values: a number per element; the lowest go first, among equals the last in the text. Layout elements may have any:
            `layout` says whether they count.
        reasons: why elements go, each reason once.
        codes: the index in `reasons` of each element's reason.
        layout: whether the values of line breaks and indentation are the method's own; else they go before all else.
        natural: the least value that the method keeps where no budget is given, None where it has no size of its own.
    """

    values: Floats
    reasons: tuple[str, ...] = KIND_NAMES
    codes: Ints | None = field(default=None)
    layout: bool = False
    natural: float | None = None


Method: TypeAlias = Callable[[Program, Options, Vocabulary], Ranking]


def with_lines(values: Floats, program: Program) -> Floats:
    """The values, with every line break and indentation as long-lived as the best of its line."""
    return np.where(program.kinds >= BREAK, values.max(initial=0.0) + 1.0, values)


def token_costs(program: Program, vocab: Vocabulary) -> Ints:
    """About how many tokens each element costs where it stands after a space; layout costs one."""
    lexicon = program.elements.lexicon
    if not isinstance(vocab, EmbeddedVocabulary):  # it may share its name with another, so nothing is kept of it
        numbers, places = np.unique(program.ids, return_inverse=True)
        return np.array([count(vocab, f" {lexicon.texts[number]}") for number in numbers.tolist()], dtype=np.int64)[places]
    costs: Ints = lexicon.facts(vocab.name, lambda text: (count(vocab, f" {text}"),), program.ids, np.int64)[0]
    return costs
