"""`slim`: our own order of words: what tells most of what a program does, for what it costs.

Measured by code search (bench/prune.py), the name of a function tells by far the most; then words anywhere in it that its name
shares; then words that were not said before, the more the likelier authors are to use them in descriptions, the rarer they are
(see `telling`), and the more often the function comes back to them. A regression on random subsets of the tune split gave the
first weights, a climb on its search scores the present ones. Punctuation and keywords are worth little but cost little; the
opening bracket after a name says that it is called or declared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from slimgrammar.prune.budget import stable_order
from slimgrammar.prune.elements import BREAK, COMMENT, INDENT, KEYWORD, KIND_NAMES, NAME, NUMBER, STRING, SYMBOL, Bools, Ints
from slimgrammar.prune.graphs.flow import ENTRY
from slimgrammar.prune.graphs.pdg import each_dependence
from slimgrammar.prune.methods.base import Floats, Options, Ranking, token_costs
from slimgrammar.prune.methods.telling import CAPITAL, HOLLOW, MODIFIER, OPENING, SHORT, SMALL, tellings
from slimgrammar.prune.places import ANNOTATION, CALLED, DEFINED, DOCSTRING, SIGNATURE, STRUCTURE
from slimgrammar.prune.program import Program
from slimgrammar.vocab import Vocabulary

# The rarity of a word in the middle of its scale
_COMMON: Final = 4.0
# How often a word may occur to count more each time, and what a word that occurs once lacks to the usual one
_OFTEN: Final = 8
_ONCE: Final = 0.7
REASONS: Final = (*KIND_NAMES, "said before", "hollow name", "modifier or annotation")


@dataclass(frozen=True, slots=True)
class Weights:
    """What an element is worth by what it is; see `slim`."""

    definition: float = 25.5
    related: float = 14.0
    parameter: float = 4.7
    type: float = 6.0
    name: float = 3.5
    call: float = 3.8
    structure: float = 2.9
    string: float = 3.9
    docstring: float = 9.0
    number: float = 1.0
    keyword: float = 1.1
    symbol: float = 0.7
    signature_symbol: float = 1.9
    signature_keyword: float = 2.7
    used_parameter: float = 0.5
    returned: float = 1.5
    depth: float = 1.0
    position: float = 2.0
    short: float = 0.5
    hollow: float = 2.3
    telling: float = 1.0
    rare: float = 0.41
    telling_rare: float = 0.3
    keyword_telling: float = 0.22
    frequent: float = 1.5
    opening: float = 2.0
    least: float = 0.05
    small: float = 0.22
    modifier: float = 2.4
    annotation: float = 6.0
    repeated: float = 0.3
    related_repeated: float = 0.5
    cost: float = 0.2
    depended: float = 0.5


WEIGHTS: Final = Weights()


def slim(program: Program, options: Options, vocab: Vocabulary) -> Ranking:
    """Rank by worth for the tokens that an element costs; with `options.dependences`, also by what depends on its statement."""
    extra = WEIGHTS.depended * depended_on(program) if options.dependences else 0.0
    return ranked(program, token_costs(program, vocab), WEIGHTS, extra)


def depended_on(program: Program) -> Floats:
    """For each element, the logarithm of how many statements depend on its own, by control or data."""
    spans: list[tuple[int, int]] = []
    counts: list[int] = []
    for one in each_dependence(program):
        own = [0] * len(one.graph.spans)
        for sources in (*one.control, *one.data):
            for source in sources:
                own[source] += 1
        spans += one.graph.spans[ENTRY + 1 :]
        counts += own[ENTRY + 1 :]
    firsts, lasts = np.searchsorted(program.starts, np.array(spans, dtype=np.int64).reshape(-1, 2).T)
    sizes = lasts - firsts
    places = np.arange(sizes.sum()) + np.repeat(firsts - (np.cumsum(sizes) - sizes), sizes)
    found = np.zeros(len(program.starts))
    # Functions in functions come later: of several values for a place numpy takes the last
    found[places] = np.repeat(np.log1p(counts), sizes)
    return found


def ranked(program: Program, costs: Ints, weights: Weights, extra: Floats | float = 0.0) -> Ranking:
    """`slim` with any weights, for tuning; `extra` is added to the worth of words."""
    text = _Words(program, weights)
    kinds, flags = program.kinds, program.flags
    signature = flags & SIGNATURE > 0
    names, keywords = kinds == NAME, kinds == KEYWORD
    wordy = names | (kinds == STRING) | (kinds == COMMENT)
    free = wordy & ~text.defining
    related = free & text.related
    times = np.where(free, text.earlier, 0)
    modifier, annotation = text.modifiers & keywords, flags & ANNOTATION > 0
    worth = _base(program, text, signature, weights)
    worth = np.where(free & ~related, np.maximum(worth + text.told, weights.least), worth)
    worth = worth + weights.opening * text.opening
    worth = worth + np.where(keywords, text.keyword_told, 0.0)
    worth = worth * _powers(weights.repeated, times)
    again = weights.related * _powers(weights.related_repeated, times)
    worth = worth + np.where(related, np.where(text.small, weights.small * again, again), 0.0)
    worth = worth - weights.short * (names & text.short)
    worth = worth - weights.hollow * text.hollow - weights.modifier * modifier
    worth = worth - weights.annotation * annotation
    worth = worth + np.where(signature, 0.0, _by_place(program, weights))
    worth = worth + weights.used_parameter * (text.parameters & names & ~signature)
    worth = worth + np.where(wordy, extra, 0.0)
    price = (np.arange(costs.max(initial=0) + 1, dtype=np.float64) ** weights.cost)[costs]
    worth = np.where(worth > 0, worth / np.maximum(price, 1.0), worth)
    codes = np.where(times > 0, 8, np.where(text.hollow, 9, np.where(modifier | annotation, 10, kinds)))
    return Ranking(worth, REASONS, codes)


def _base(program: Program, text: _Words, signature: Bools, weights: Weights) -> Floats:
    """What elements are worth by their kind and role alone; of the rules that fit an element the last one holds."""
    kinds, flags = program.kinds, program.flags
    worth = _by_kind(weights)[kinds]
    names = kinds == NAME
    worth[names & (flags & STRUCTURE > 0)] = weights.structure
    worth[names & (flags & CALLED > 0)] = weights.call
    worth[(flags & DOCSTRING > 0) & (kinds != SYMBOL) & (kinds < BREAK)] = weights.docstring
    worth[signature & (kinds == SYMBOL)] = weights.signature_symbol
    worth[signature & (kinds == KEYWORD)] = weights.signature_keyword
    worth[signature & names] = weights.parameter
    worth[signature & names & text.capital] = weights.type
    worth[text.defining] = weights.definition
    worth[text.defining & text.small] *= weights.small
    return worth


def _by_kind(weights: Weights) -> Floats:
    """What elements of each kind are worth; layout nothing."""
    found = np.zeros(INDENT + 1)
    found[NAME], found[KEYWORD], found[NUMBER], found[SYMBOL] = weights.name, weights.keyword, weights.number, weights.symbol
    found[[STRING, COMMENT]] = weights.string
    return found


def _powers(base: float, exponents: Ints) -> Floats:
    """`base` to the power of small whole numbers, each computed once."""
    return (base ** np.arange(exponents.max(initial=0) + 1, dtype=np.float64))[exponents]


def _by_place(program: Program, weights: Weights) -> Floats:
    """What depth in the tree, the place in the function and a `return` add."""
    # The entry past the end is for elements outside all statements, whose owner is -1
    depth = np.append(np.minimum(program.depths, 5) / 5, 0.0)
    added = weights.returned * np.append(program.returning, False) - weights.depth * depth
    return np.asarray(added[program.owners] - weights.position * _positions(program.functions))


def _positions(functions: Ints) -> Floats:
    """How far into its function each element stands, from 0 to 1."""
    at = np.arange(len(functions))
    sizes = np.bincount(functions)
    # A function is one run, what is outside of all is not
    first = np.zeros(len(sizes), dtype=np.int64)
    first[functions[::-1]] = at[::-1]
    outside = functions == 0
    places = np.where(outside, outside.cumsum() - 1, at - first[functions])
    return np.asarray(places / sizes[functions])


class _Words:
    """What the words of a program's elements are to the functions that they stand in, and what the table adds to their worth.

    Rare words count more, and so does what they tell; and words that the function comes back to.
    """

    def __init__(self, program: Program, weights: Weights) -> None:
        """Look the words up, and count how often each occurred before."""
        lexicon = program.elements.lexicon
        stems, tells, rarity, marks = tellings(lexicon, program.ids)
        rarity = rarity - _COMMON
        self.told: Floats = weights.telling * tells + weights.rare * rarity + weights.telling_rare * tells * rarity
        self.keyword_told: Floats = weights.keyword_telling * tells
        self.hollow, self.small, self.modifiers, self.short = (marks & mark > 0 for mark in (HOLLOW, SMALL, MODIFIER, SHORT))
        self.defining: Bools = (program.flags & DEFINED > 0) & (program.kinds == NAME)
        group, earlier = _groups(program.functions * len(lexicon.texts) + stems)
        wordy = (program.kinds <= COMMENT) & (program.kinds != SYMBOL)
        self.earlier: Ints = np.where(wordy, earlier, 0)
        times = np.bincount(group, weights=wordy)[group]
        self.told += weights.frequent * (np.log(np.clip(times, 1, _OFTEN)) - _ONCE)
        self.capital, self.opening = (marks & mark > 0 for mark in (CAPITAL, OPENING))
        self.related = _shared(group, self.defining)
        declared = (program.kinds == NAME) & (program.flags & SIGNATURE > 0) & ~self.defining
        self.parameters = _shared(group, declared)


def _shared(group: Ints, some: Bools) -> Bools:
    """Which elements are of one group with some of these."""
    marked = np.zeros(int(group.max(initial=-1)) + 1, dtype=np.bool_)
    marked[group[some]] = True
    return marked[group]


def _groups(keys: Ints) -> tuple[Ints, Ints]:
    """Number the keys, and count how often each occurred before.

    >>> [found.tolist() for found in _groups(np.array([5, 7, 5, 5]))]
    [[0, 1, 0, 0], [0, 0, 1, 2]]
    """
    place = np.arange(len(keys))
    order = stable_order(keys)
    ordered = keys[order]
    begins = np.empty(len(keys), dtype=np.bool_)
    begins[:1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=begins[1:])
    group, earlier = np.empty((2, len(keys)), dtype=np.int64)
    group[order] = begins.cumsum() - 1
    earlier[order] = place - np.maximum.accumulate(np.where(begins, place, 0))
    return group, earlier
