"""`prune`: a program in fewer tokens, its most telling parts kept. It does not come back; `encode` is for that."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from slimgrammar.errors import SlimError
from slimgrammar.prune.budget import largest, natural_length, ranks
from slimgrammar.prune.elements import BREAK, Bools, Ints
from slimgrammar.prune.languages import Language
from slimgrammar.prune.languages import language as find_language
from slimgrammar.prune.methods import method as find_method
from slimgrammar.prune.methods.base import Options, Ranking, token_costs
from slimgrammar.prune.pins import pinned
from slimgrammar.prune.places import IN_COMMENT, IN_STRING
from slimgrammar.prune.program import Program
from slimgrammar.prune.render import Piece, Renderer, no_holes
from slimgrammar.prune.steer import steer
from slimgrammar.prune.whole import WholeStatements
from slimgrammar.vocab import Vocabulary, count, load

if TYPE_CHECKING:
    from slimgrammar.vocab.load import Spec


class BadBudget(SlimError, ValueError):
    """A budget that means nothing, or that is too small for what is pinned."""


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the source, from `start` up to `end` (characters)."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Dropped:
    """A part of the source that went, and why."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, eq=False)
class Pruned:
    """What is left of a program.

    Attributes:
        text: what is left.
        source: the program.
        tokens: how many tokens `text` has.
        tokens_before: how many `source` has.
        vocab: the name of the vocabulary that counted them.
        language: the name of the language.
        method: the name of the method.
        had_errors: whether the source did not parse cleanly.
    """

    text: str
    source: str
    tokens: int
    tokens_before: int
    vocab: str
    language: str
    method: str
    had_errors: bool
    _pieces: Callable[[], list[Piece]]
    _losses: Callable[[], list[Dropped]]

    @cached_property
    def map(self) -> tuple[Piece, ...]:
        """Where each piece of the text stands in the source, in order; what no piece covers was put in (a space, a hole)."""
        return tuple(self._pieces())

    @cached_property
    def kept(self) -> tuple[Span, ...]:
        """The parts of the source that are kept, in order."""
        return tuple(Span(piece.start, piece.start + piece.length) for piece in self.map)

    @cached_property
    def dropped(self) -> tuple[Dropped, ...]:
        """The parts of the source that went, in order, with the reason for each."""
        return tuple(self._losses())

    def __str__(self) -> str:
        return self.text


def prune(  # noqa: PLR0913 - the options of `Options`, as keywords
    code: str,
    language: str | Language = "python",
    *,
    keep: float | None = None,
    max_tokens: int | None = None,
    method: str = "slim",
    vocab: Spec = "o200k_base",
    query: str = "",
    pins: Iterable[str] = (),
    valid: bool = False,
    dependences: bool = False,
    seed: int = 0,
    criterion: str | int | None = None,
    bodies: Iterable[str] = (),
    model: Any = None,
) -> Pruned:
    """Leave out what tells least until a program fits a budget of tokens.

    A program that fits already comes back unchanged. A smaller budget keeps a subset of what a larger one keeps. Broken code is
    pruned as far as its tree allows.

    Args:
        code: the program; any text will do.
        language: what it is written in: a name that `languages()` lists.
        vocab: the vocabulary whose tokens count: a name, a path or an object, as in `slimgrammar.vocab.load`.
        keep, max_tokens, method, query, pins, valid, dependences, seed, criterion, bodies, model: see `Options`. One of `keep`
        and
            `max_tokens` is needed, except by `skeleton` and `slice`, which have a natural size.

    Raises:
        BadBudget: no budget, a senseless one, or one that the pinned parts alone exceed.
        UnknownLanguage, UnknownMethod, UnknownVocabulary: there is none of this name.
        MissingExtra: a package that is needed is not installed.

    >>> result = prune("def area(width, height):\\n    return width * height\\n", keep=0.6)
    >>> result.text, result.tokens, result.tokens_before
    ('def area(width, height): return', 7, 12)
    """
    options = Options(
        keep=keep,
        max_tokens=max_tokens,
        method=method,
        query=query,
        pins=tuple(pins),
        valid=valid,
        dependences=dependences,
        seed=seed,
        criterion=criterion,
        bodies=tuple(bodies),
        model=model,
    )
    known = language if isinstance(language, Language) else find_language(language)
    return prune_with(options, code, known, load(vocab))


def prune_with(options: Options, code: str, language: Language, vocab: Vocabulary) -> Pruned:
    """`prune` with its options in one object."""
    _check(options)
    before = count(vocab, code)
    limit = _limit(options, before)
    if limit is not None and limit >= before:
        return _unchanged(options, code, language, vocab, before)
    program = Program(code, language)
    ranking = find_method(options.method)(program, options, vocab)
    if options.query:
        ranking = steer(program, ranking, options.query)
    if limit is None and ranking.natural is None:
        raise BadBudget(f"the method {options.method!r} has no natural size: give keep=SHARE or max_tokens=N")
    fixed = pinned(program, options.pins)
    cut = _cut_statements if options.valid else _cut_elements
    return cut(_Request(options, program, vocab, before, limit, ranking, fixed))


def _check(options: Options) -> None:
    if options.keep is not None and not 0 < options.keep <= 1:
        raise BadBudget(f"keep is a share of the tokens, above 0 and up to 1, not {options.keep}")
    if options.max_tokens is not None and options.max_tokens < 0:
        raise BadBudget(f"max_tokens cannot be negative, and is {options.max_tokens}")
    find_method(options.method)


def _limit(options: Options, before: int) -> int | None:
    """The most tokens that the result may have, or None for the method's own size."""
    limits = [] if options.max_tokens is None else [options.max_tokens]
    if options.keep is not None:
        limits.append(int(before * options.keep))
    return min(limits, default=None)


@dataclass(frozen=True, slots=True)
class _Request:
    """All that a cut needs to know."""

    options: Options
    program: Program
    vocab: Vocabulary
    before: int
    limit: int | None
    ranking: Ranking
    fixed: Bools


def _cut_elements(request: _Request) -> Pruned:
    """Keep the longest beginning of the row of elements that fits."""
    program = request.program
    rank = ranks(program, request.ranking, request.fixed)
    trials = _Trials(request, Renderer(program, request.fixed), lambda length: (rank < length, no_holes()))
    if request.limit is None:
        length = natural_length(program, request.ranking, request.fixed, rank)
    else:
        by_rank = np.empty(len(rank), dtype=np.int64)
        by_rank[rank] = token_costs(program, request.vocab)
        length = largest(trials.count, np.concatenate(([0], np.cumsum(by_rank))), request.limit)
    return _result(request, trials, length)


def _cut_statements(request: _Request) -> Pruned:
    """Keep as many whole statements as fit, in the order of their values."""
    program = request.program
    whole = WholeStatements(program, request.ranking, request.fixed)
    renderer = Renderer(program, request.fixed | (program.flags & (IN_STRING | IN_COMMENT) > 0))
    trials = _Trials(request, renderer, whole.keep)
    if request.limit is None:
        length = whole.natural_length(request.ranking, request.fixed)
    else:
        length = largest(trials.count, whole.predicted(token_costs(program, request.vocab)), request.limit)
    return _result(request, trials, length)


class _Trials:
    """The texts of the lengths that were tried, and their counts, each made once."""

    def __init__(self, request: _Request, renderer: Renderer, keep: Callable[[int], tuple[Bools, Ints]]) -> None:
        """Try lengths; `keep` says which elements a length keeps and where it leaves holes."""
        self.vocab, self.renderer, self.keep = request.vocab, renderer, keep
        self.known: dict[int, tuple[str, int]] = {}

    def text(self, length: int) -> tuple[str, int]:
        """What is written for a length, and its tokens."""
        if length not in self.known:
            text = self.renderer.text(*self.keep(length))
            self.known[length] = text, count(self.vocab, text)
        return self.known[length]

    def count(self, length: int) -> int:
        """The tokens of a length."""
        return self.text(length)[1]


def _result(request: _Request, trials: _Trials, length: int) -> Pruned:
    program, ranking, renderer = request.program, request.ranking, trials.renderer
    keep, holes = trials.keep(length)
    if (request.fixed & ~keep).any():
        raise BadBudget(_too_small(request, renderer))
    text, tokens = trials.text(length)
    return Pruned(
        text,
        program.text,
        tokens,
        request.before,
        request.vocab.name,
        program.language.name,
        request.options.method,
        program.has_errors,
        lambda: renderer.map(keep, holes),
        lambda: _losses(program, ranking, keep),
    )


def _too_small(request: _Request, renderer: Renderer) -> str:
    needed = count(request.vocab, renderer.text(request.fixed))
    return f"the pinned parts alone take {needed} tokens, and the budget is {request.limit}"


def _unchanged(options: Options, code: str, language: Language, vocab: Vocabulary, before: int) -> Pruned:
    whole = [Piece(0, 0, len(code))] if code else []
    errors = bool(language.parse(code).root_node.has_error)
    return Pruned(code, code, before, before, vocab.name, language.name, options.method, errors, lambda: whole, list)


def _losses(program: Program, ranking: Ranking, keep: Bools) -> list[Dropped]:
    """The runs of elements that went for one reason."""
    layout = program.kinds >= BREAK
    codes = program.kinds if ranking.codes is None else ranking.codes
    names = np.array([*ranking.reasons, "layout"], dtype=object)
    reasons = names[np.where(layout, len(ranking.reasons), codes)].tolist()
    starts = program.starts.tolist()
    ends = (program.starts + np.fromiter(map(len, program.texts), dtype=np.int64, count=len(starts))).tolist()
    lost = np.flatnonzero(~keep).tolist()
    found = []
    for (reason, _), run in groupby(enumerate(lost), key=lambda item: (reasons[item[1]], item[1] - item[0])):
        elements = [element for _, element in run]
        found.append(Dropped(starts[elements[0]], ends[elements[-1]], reason))
    return found
