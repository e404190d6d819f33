"""`slim grammar verify`: every rule checked mechanically, one by one and against all others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Final

from slimgrammar import grammar
from slimgrammar.compact.stream import ALL_RULES
from slimgrammar.rules.ablate import SYMBOL
from slimgrammar.rules.checks import Checker, Fault, check_beyond, check_switch, decoded_or_nothing, encoded
from slimgrammar.rules.instances import beyond, bounded
from slimgrammar.rules.literals import check_literals
from slimgrammar.rules.model import Rule, rules
from slimgrammar.rules.trees import tree

_SWITCH_EVERY: Final = 7  # the quick check switches a rule off for one instance in so many
_PRIVATE: Final = re.compile("[\ue000-\uf8fe]")
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What a verification found.

    Attributes:
        rules: how many rules and symbols were checked.
        tried: instances that are Python.
        applied: those in which the rule's conditions hold.
        possible: those in which they do not, though the right side would decode to the same program.
        faults: what does not hold.
    """

    rules: int
    tried: int
    applied: int
    possible: int
    faults: list[Fault] = field(default_factory=list)


def verify(
    chosen: Sequence[Rule] | None = None,
    *,
    long: bool = False,
    seed: int = 0,
    off: frozenset[str] = ALL_RULES,
    progress: Progress = lambda _: None,
) -> Report:
    """Checks rules, all symbols, and the grammar's tables.

    Args:
        chosen: rules other than those of `rules.toml`; then only these are checked.
        long: every filler in every hole at once, all literals, and random instances beyond the bound.
        seed: of the random instances.
        off: rules that the encoder is made to leave out: a fault of its own, which must be found.
        progress: is told what is being checked.
    """
    checker = Checker(off)
    faults: list[Fault] = []
    every = rules() if chosen is None else chosen
    for rule in every:
        progress(rule.name)
        faults += _check_rule(checker, rule, long=long, seed=seed)
    for kind in dict.fromkeys(rule.literals for rule in every if rule.literals):
        progress(f"literals: {kind}")
        faults += check_literals(kind, [rule.name for rule in every if rule.literals == kind], whole=long, off=off)
    if chosen is None:
        progress("symbols")
        faults += check_symbols(grammar.table("symbols.toml")["symbol"])
        progress("slim.lark")
        faults += _conflicts()
    count = len(every) + (len(grammar.symbol_table()) if chosen is None else 0)
    return Report(count, checker.tried, checker.applied, checker.possible, faults)


def _check_rule(checker: Checker, rule: Rule, *, long: bool, seed: int) -> Iterator[Fault]:
    for form in rule.forms:
        yield from checker.check(rule, form, bounded(form, whole=long))
        for draw in range(500 if long and form.holes else 0):
            yield from check_beyond(rule, beyond(form, Random(f"{seed} {draw} {form.python}")))
    if not rule.fixed and not checker.off:
        instances = (instance for form in rule.forms for instance in bounded(form))
        yield from check_switch(rule, instances, every=1 if long else _SWITCH_EVERY)


def check_symbols(entries: Sequence[dict[str, str]]) -> Iterator[Fault]:
    """What does not hold of the entries of `symbols.toml`: a character and a run of its own, which its example holds."""
    for key in ("name", "symbols", "compact"):
        seen = [entry[key] for entry in entries]
        yield from (
            Fault(SYMBOL + entry["name"], f"another symbol has the same {key}")
            for entry in entries
            if seen.count(entry[key]) > 1
        )
    for entry in entries:
        name, symbol, source = SYMBOL + entry["name"], entry["symbols"], entry["python"]
        if not _PRIVATE.fullmatch(symbol):
            yield Fault(name, f"{symbol!r} is no private-use character")
        for off in (ALL_RULES, frozenset((name,))):
            text = encoded(source, "symbols", off)
            if (symbol in text) == (name in off):
                yield Fault(name, f"{source!r} is {text!r}, with the symbol {'off' if off else 'on'}")
            if tree(decoded_or_nothing(text, "symbols")) != tree(source):
                yield Fault(name, f"{source!r} is {text!r}, which decodes otherwise")
        if symbol in encoded(source, "symbols") and entry["compact"] not in f"\n{encoded(source, 'compact')}\n":
            yield Fault(name, f"{source!r} has the symbol, and not its run {entry['compact']!r}")


@cache
def _conflicts() -> tuple[Fault, ...]:
    """Conflicts in the tables of slim.lark: a text with two trees."""
    from slimgrammar.constrain import lalr, specification

    _, text = specification.source("slim")
    read = specification.read("slim", text, starts=(specification.default_start(text),))
    return tuple(Fault("", f"slim.lark: {conflict}") for conflict in lalr.conflicts(read))
