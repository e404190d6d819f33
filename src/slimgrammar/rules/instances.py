"""Instances of a rule's form: its holes filled, by every kind up to a bound, or by random texts beyond it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Final

from slimgrammar.rules.model import HOLE, Filler, Form, kinds

_PROBES: Final = 2  # fillers that stand in the other holes while one hole takes them all
_NAMES: Final = re.compile(r"\b[abc]\b(?!\s*(?::=|=))")


@dataclass(frozen=True, slots=True)
class Instance:
    """A form with its holes filled.

    Attributes:
        python: the left side, filled.
        spelled: the right side by dialect, filled.
        applies: whether the rule's conditions hold.
    """

    python: str
    spelled: Mapping[str, str]
    applies: bool


def fillers() -> list[Filler]:
    """A filler for each text of each kind."""
    return [Filler(text, kind.name, kind.level) for kind in kinds() for text in kind.texts]


def bounded(form: Form, *, whole: bool = False) -> Iterator[Instance]:
    """All instances up to the bound: each hole takes every filler, the others beside it two.

    Args:
        form: the form.
        whole: every filler in every hole at once.
    """
    every = fillers()
    if whole or len(form.holes) < 2:
        choices = set(product(range(len(every)), repeat=len(form.holes)))
    else:
        probes = [next(at for at, filler in enumerate(every) if filler.kind == kind) for kind in ("name", "number")][:_PROBES]
        choices = {
            tuple(at if hole == place else probe for hole in range(len(form.holes)))
            for place in range(len(form.holes))
            for at in range(len(every))
            for probe in probes
        }
    for choice in sorted(choices):
        yield filled(form, {hole: every[at] for hole, at in zip(form.holes, choice, strict=True)})


def filled(form: Form, chosen: Mapping[str, Filler]) -> Instance:
    """The form with the chosen fillers in its holes."""

    def fill(side: str) -> str:
        return HOLE.sub(lambda match: chosen[match.group(1)].text, side)

    return Instance(fill(form.python), {name: fill(side) for name, side in form.spelled.items()}, form.applies(chosen))


def beyond(form: Form, chance: Random, *, depth: int = 3) -> Instance:
    """A random instance whose fillers hold fillers, up to `depth` of them one inside another."""
    return filled(form, {hole: _deep(chance, depth) for hole in form.holes})


def _deep(chance: Random, depth: int) -> Filler:
    """A filler whose names are fillers in parentheses."""
    filler = chance.choice(fillers())
    if depth == 0:
        return filler

    def inner(match: re.Match[str]) -> str:
        return match.group() if chance.random() < 0.5 else f"({_deep(chance, depth - 1).text})"

    return Filler(_NAMES.sub(inner, filler.text), filler.kind, filler.level)
