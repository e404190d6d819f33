"""What is doubtful about a grammar, before anyone generates by it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from slimgrammar.constrain import lalr
from slimgrammar.constrain.lexer import automaton
from slimgrammar.constrain.specification import Specification, default_start, read, source


@dataclass(frozen=True, slots=True)
class Finding:
    """One doubt.

    Attributes:
        kind: "conflict", "unreachable" or "hidden".
        message: what it is about.
        grave: whether no mask can be made, or a terminal can never be read.
    """

    kind: str
    message: str
    grave: bool


def findings(name_or_path: str) -> list[Finding]:
    """All doubts about a grammar.

    Raises:
        GrammarProblem: it cannot be read at all.
    """
    name, text = source(name_or_path)
    line = re.search(r"^//! start: (.*)$", text, re.MULTILINE)
    starts = tuple(line[1].split()) if line else (default_start(text),)
    specification = read(name, text, starts=starts)
    found = [
        Finding("conflict", str(conflict), conflict.kind == "reduce/reduce" and not specification.generalised)
        for conflict in lalr.conflicts(specification)
    ]
    return found + list(_unreachable(specification)) + list(_hidden(specification))


def _unreachable(specification: Specification) -> Iterator[Finding]:
    """Rules and terminals of the text that no start symbol leads to; Lark has dropped them."""
    used = {re.sub(r"\{.*", "", str(rule.origin.name)) for rule in specification.rules}
    for rule in re.findall(r"^[?!]*(_?[a-z]\w*)(?:\{[^}]*\})?(?:\.-?\d+)?[ \t]*:", specification.text, re.MULTILINE):
        # Rules that only name alternatives are inlined under another name.
        if rule not in used:
            yield Finding("unreachable", f"rule {rule}", False)


def _hidden(specification: Specification) -> Iterator[Finding]:
    """Terminals that lose every text they match to others."""
    numbers = {terminal.name: number for number, terminal in enumerate(specification.terminals)}
    soft = frozenset(numbers[name] for name in specification.roles.get("soft", ()))
    spelled = [number for number, terminal in enumerate(specification.terminals) if terminal.pattern]
    verbatim = specification.roles.get("verbatim", frozenset())
    seen = 0
    for bits in automaton(specification.terminals, spelled, soft=soft).ends:
        seen |= bits
    for number in spelled:
        terminal = specification.terminals[number]
        if not seen >> number & 1 and not verbatim:
            yield Finding("hidden", f"terminal {terminal.name} loses every text to others of higher priority", True)
