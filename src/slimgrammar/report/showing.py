"""One program as the page shows it: every form with its tokens, its map to the source, and what pruning dropped and why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from slimgrammar.compact.api import normalise_newlines
from slimgrammar.compact.categories import CATEGORIES, Part, parts
from slimgrammar.compact.positions import position_map
from slimgrammar.errors import SlimError
from slimgrammar.report.blocks import Ints, block
from slimgrammar.report.boundaries import token_ends, utf16
from slimgrammar.report.forms import Form, Options, added_symbols, forms, prune_as, spelled
from slimgrammar.syntax.check import check
from slimgrammar.vocab import Vocabulary, count
from slimgrammar.vocab.shares import shares


@dataclass(frozen=True, slots=True)
class View:
    """One form of one program: its tokens, these by category, and its block."""

    tokens: int
    by_category: list[float]
    block: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One program in all forms that the page shows, by their names; of the canonical forms only the tokens are shown."""

    name: str
    tokens: dict[str, int]
    views: dict[str, View]


@dataclass(frozen=True, slots=True)
class _Mapped:
    """A form's text, and how it lies to the source; offsets are characters."""

    text: str
    spans: Ints | None = None
    losses: Ints | None = None
    reasons: tuple[str, ...] = ()


def show(name: str, source: str, options: Options, vocab: Vocabulary) -> Shown:
    """A program in every form that `options` ask for.

    Raises:
        SyntaxProblem: `source` is not Python.
    """
    check(source)
    source = normalise_newlines(source)
    stretches = parts(source)
    tokens: dict[str, int] = {}
    views: dict[str, View] = {}
    for form in forms(options):
        if form.kind == "canonical":
            tokens[form.name] = count(vocab, spelled(source, form, options, vocab))
            continue
        views[form.name] = view = view_of(source, stretches, form, options, vocab)
        tokens[form.name] = view.tokens
    return Shown(name, tokens, views)


def view_of(source: str, stretches: list[Part], form: Form, options: Options, vocab: Vocabulary) -> View:
    """One form of a program, whose parts are `stretches`."""
    mapped = _mapped(source, form, options, vocab)
    text = mapped.text
    ends = token_ends(vocab, text, added_symbols(form))
    found = shares(vocab, text, _stretches(stretches, form, mapped), other="blanks")
    number = count(vocab, text) if ends is None else len(ends)
    spans = losses = None
    if mapped.spans is not None and mapped.spans.size:
        here, there = utf16(source, mapped.spans[:, :2]), utf16(text, mapped.spans[:, 2:])
        spans = np.hstack((here, there))
    if mapped.losses is not None and mapped.losses.size:
        losses = np.hstack((utf16(source, mapped.losses[:, :2]), mapped.losses[:, 2:]))
    packed = block(text, None if ends is None else utf16(text, ends), spans=spans, losses=losses, reasons=mapped.reasons)
    return View(number, [found.get(category, 0.0) for category in CATEGORIES], packed)


def _mapped(source: str, form: Form, options: Options, vocab: Vocabulary) -> _Mapped:
    if form.kind == "pruned":
        return _pruned(source, form, options, vocab)
    text = spelled(source, form, options, vocab)
    if form.kind == "original":
        return _Mapped(text)
    try:
        return _Mapped(text, np.array(position_map(source, text, form.spelled_by).spans, dtype=np.int64).reshape(-1, 4))
    except SlimError:  # a text that no map can be made of is shown without one
        return _Mapped(text)


def _pruned(source: str, form: Form, options: Options, vocab: Vocabulary) -> _Mapped:
    pruned = prune_as(source, form, options, vocab)
    rows = [(piece.start, piece.start + piece.length, piece.out, piece.out + piece.length) for piece in pruned.map]
    reasons = sorted({loss.reason for loss in pruned.dropped})
    index = {reason: at for at, reason in enumerate(reasons)}
    losses = [(loss.start, loss.end, index[loss.reason]) for loss in pruned.dropped]
    spans = np.array(rows, dtype=np.int64).reshape(-1, 4)
    return _Mapped(pruned.text, spans, np.array(losses, dtype=np.int64).reshape(-1, 3), tuple(reasons))


def _stretches(source: list[Part], form: Form, mapped: _Mapped) -> list[Part]:
    """The parts of a form's text: its own, or, where it was pruned and is no program, those of the source that are left."""
    if form.kind != "pruned" or mapped.spans is None:
        return source if form.kind == "original" else parts(mapped.text, form.spelled_by)
    found: list[Part] = []
    at = 0
    for start, end, out, _ in mapped.spans.tolist():
        while at < len(source) and source[at].end <= start:
            at += 1
        here = at
        while here < len(source) and source[here].start < end:
            part = source[here]
            found.append(Part(out + max(part.start, start) - start, out + min(part.end, end) - start, part.category))
            here += 1
    return found
