"""Mines a codebook: what recurs in a corpus, picked by the tokens that it really saves.

First literal runs are picked, then templates on what the runs leave. All are tried together on the corpus, as `matching` would
use them, and those that saved most there are kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Final

import numpy as np

from slimgrammar.compact.codebook.book import Codebook, Shorthand
from slimgrammar.compact.codebook.candidates import LONGEST_RUN, literal, run_candidates, spelled, template_candidates
from slimgrammar.compact.codebook.corpus import UNITS, Corpus, Flags, corpus, token_starts, word_costs
from slimgrammar.compact.codebook.expansion import is_signed, pieces, shorten
from slimgrammar.compact.codebook.selection import Picked, select
from slimgrammar.compact.codebook.spellings import ESCAPE_SYMBOL, new_symbols, spellings
from slimgrammar.compact.codebook.template import CLOSING, OPENING
from slimgrammar.compact.codebook.trial import Draft, Trial
from slimgrammar.compact.stream import KEYWORDS, OPERAND_WORDS
from slimgrammar.grammar import symbol_table
from slimgrammar.vocab import Vocabulary, count_with_symbols

_WORDS: Final = re.compile(r"\w+|\W")
_TEMPLATE_TOKENS: Final = 4_000_000
"""Templates are looked for in a corpus of up to so many tokens: they have many shapes, and few recur only in a larger one."""

_LEAST_SHARE: Final = 0.005
"""What a corpus's shorthands save together at the least, as a share of its tokens; a `k`-th of that is the least for one."""

_MARKS: Final = frozenset((OPENING, CLOSING, ESCAPE_SYMBOL))

Say = Callable[[str], None]


def mine(  # noqa: PLR0913 - options
    texts: Sequence[str],
    *,
    vocab: Vocabulary,
    dialect: str,
    k: int,
    held_out: Sequence[str] = (),
    sources: Sequence[str] = (),
    longest: int = LONGEST_RUN,
    say: Say = lambda _: None,
) -> Codebook:
    """A codebook of `k` shorthands.

    Args:
        texts: the corpus, each text in the dialect, without a codebook.
        vocab: the vocabulary whose tokens are to be saved.
        dialect: "symbols" spells shorthands as new symbols; the others as characters that are one token of `vocab` already.
        k: how many shorthands, at most.
        held_out: other texts in the dialect, on which the savings are measured for the codebook's figures.
        sources: what each text came from, such as its package: a shorthand must save in several. By default each is its own.
        longest: the most words and other characters of a shorthand without holes.
        say: told what is being done.

    Raises:
        TooFewSpellings: `vocab` has not that many characters to spell shorthands with.
    """
    say("runs")
    texts, numbers = _by_source(texts, sources)
    starts = [token_starts(text, vocab, symbol_spans) for text in texts]
    drafts = _runs(corpus(texts, starts, numbers, UNITS), k, longest)
    say("templates")
    drafts += _templates(texts, numbers, vocab, _book(drafts[:k], vocab, dialect="symbols"), k)
    say("trial")
    kept, uses = Trial(texts, starts, numbers, vocab).select(drafts, k)
    book = _book(kept, vocab, dialect=dialect, uses=uses)
    say("figures")
    figures = {"texts": len(texts), "corpus": _figures(texts, book, vocab), "held_out": _figures(held_out, book, vocab)}
    return replace(book, mined=figures)


def symbol_spans(text: str) -> Iterator[tuple[int, int]]:
    """The symbols of the `symbols` dialect in a text."""
    return (found.span() for found in _symbols().finditer(text))


@cache
def _symbols() -> re.Pattern[str]:
    return re.compile("[" + "".join(symbol_table()) + "]")


def _by_source(texts: Sequence[str], sources: Sequence[str]) -> tuple[Sequence[str], Sequence[int]]:
    """The texts with those of one source together, and the number of each one's source, ascending."""
    if not sources:
        return texts, range(len(texts))
    known = {source: number for number, source in enumerate(dict.fromkeys(sources))}
    rows = sorted(zip((known[source] for source in sources), texts, strict=True), key=lambda row: row[0])
    return [text for _, text in rows], [number for number, _ in rows]


def _runs(units: Corpus, k: int, longest: int) -> list[Draft]:
    """Runs that save; twice as many as a codebook of `k` needs, since templates take the place of some."""
    least = _least(units, k)
    candidates = run_candidates(units, least=least, limit=80 * k, longest=longest)
    candidates = [candidate for candidate in candidates if _is_literal(spelled(units, candidate))]
    return [_draft(units, pick) for pick in select(units, candidates, costs=None, k=2 * k, least=least)]


def _least(units: Corpus, k: int) -> int:
    """The least score of a candidate for `k` shorthands, and never less than eight tokens."""
    return max(8, int(_LEAST_SHARE / max(k, 1) * float(units.tokens.sum())))


def _is_literal(text: str) -> bool:
    """Whether a run is text that stands for itself in a template, and more than blanks."""
    return bool(text.strip(" ")) and _MARKS.isdisjoint(text)


def _draft(units: Corpus, pick: Picked) -> Draft:
    return Draft(spelled(units, pick.candidate), round(pick.saved / pick.uses, 2))


def _templates(texts: Sequence[str], numbers: Sequence[int], vocab: Vocabulary, runs: Codebook, k: int) -> list[Draft]:
    """Templates that save on what `runs` leave."""
    step = 1 + sum(map(len, texts)) // (4 * _TEMPLATE_TOKENS)
    sample = texts[::step]
    starts = (token_starts(text, vocab, lambda text: covered_spans(text, runs)) for text in sample)
    units = corpus(sample, starts, numbers[::step], _WORDS)
    words = _fillers(units)
    costs = word_costs(units.table, words, vocab)
    least = _least(units, k)
    candidates = template_candidates(units, words, costs, least=least)
    candidates = [candidate for candidate in candidates if _is_literal(literal(units, candidate))]
    return [_draft(units, pick) for pick in select(units, candidates, costs=costs, k=k, least=least)]


def _fillers(units: Corpus) -> Flags:
    """Which units of the table are words that a hole may hold: names, not keywords, and no numbers."""
    keywords = KEYWORDS | OPERAND_WORDS
    return np.array([unit.isidentifier() and unit not in keywords for unit in units.table], dtype=np.bool_)


def covered_spans(text: str, book: Codebook) -> Iterator[tuple[int, int]]:
    """The parts of a text that a codebook's shorthands, or the dialect's symbols, stand for."""
    shortened = shorten(text, book)
    if not is_signed(shortened, book):
        yield from symbol_spans(text)
        return
    templates = book.templates
    at = 0
    for piece, start, _ in pieces(shortened, book):
        if shortened[start] in templates:
            yield at, at + len(piece)
        else:
            yield from ((at + a, at + b) for a, b in symbol_spans(piece))
        at += len(piece)


def _book(drafts: Sequence[Draft], vocab: Vocabulary, *, dialect: str, uses: Sequence[int] = ()) -> Codebook:
    held = {character for draft in drafts for character in draft.text}
    if dialect == "symbols":
        alphabet, escape, signing = new_symbols(len(drafts), without=held), ESCAPE_SYMBOL, ""
    else:
        found = spellings(vocab, len(drafts) + 1, without=held)
        alphabet, escape, signing = found[:-1], found[-1], found
    counts = uses or [0] * len(drafts)
    entries = [
        Shorthand(symbol, draft.text, draft.saves, used) for symbol, draft, used in zip(alphabet, drafts, counts, strict=True)
    ]
    return Codebook(dialect, vocab.name, tuple(entries), escape, signing)


def _figures(texts: Sequence[str], book: Codebook, vocab: Vocabulary) -> dict[str, Any]:
    """Tokens of texts before and after."""
    before = sum(count_tokens(vocab, text) for text in texts)
    after = sum(count_tokens(vocab, shorten(text, book), book) for text in texts)
    return {"tokens": before, "shortened": after, "saved": round(1 - after / before, 4) if before else 0.0}


def count_tokens(vocab: Vocabulary, text: str, book: Codebook | None = None) -> int:
    """Tokens of a text in any dialect, whose symbols, and those of a codebook, are one token each."""
    return count_with_symbols(vocab, text, (*symbol_table(), *(book.symbols if book else ())))
