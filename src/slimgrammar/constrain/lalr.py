"""LR tables of a grammar: Lark computes states and look-aheads, this module keeps every action where they conflict.

A shift leads to a state, a reduction names a nonterminal and how many symbols it replaces. With a single action everywhere the
grammar is LALR(1); where several stand side by side the parser follows them all (generalised LR), which a grammar must ask for.
Without that, a token that could be shifted is shifted, as Lark does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lark.common import ParserConf
from lark.exceptions import GrammarError
from lark.grammar import NonTerminal, Rule
from lark.parsers.grammar_analysis import LR0ItemSet
from lark.parsers.lalr_analysis import LALR_Analyzer

from slimgrammar.constrain.specification import GrammarProblem, Specification
from slimgrammar.constrain.tables import END, Tables


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two actions for one terminal in one state.

    Attributes:
        kind: "shift/reduce" or "reduce/reduce".
        terminal: what comes next.
        rules: the rules that could be reduced, as Lark writes them.
    """

    kind: str
    terminal: str
    rules: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.kind} conflict at {self.terminal}: {'; '.join(self.rules)}"


def build(specification: Specification) -> Tables:
    """The tables of a grammar.

    Raises:
        GrammarProblem: the grammar is not LALR(1) and does not ask to be generalised; the message names the rules.
    """
    states = _analyse(specification)
    if not specification.generalised:
        clash = next((found for found in _conflicts(states) if found.kind == "reduce/reduce"), None)
        if clash is not None:
            raise GrammarProblem(f"{specification.name} is not LALR(1): {clash}")
    return _encode(specification, states)


def conflicts(specification: Specification) -> list[Conflict]:
    """Every conflict of a grammar, each set of rules once."""
    found = _conflicts(_analyse(specification))
    return list({(conflict.kind, conflict.rules): conflict for conflict in found}.values())


def _analyse(specification: Specification) -> list[LR0ItemSet]:
    try:
        analyzer: Any = LALR_Analyzer(ParserConf(specification.rules, {}, list(specification.starts)))
    except GrammarError as fault:
        raise GrammarProblem(f"{specification.name}: {fault}") from None
    analyzer.compute_lr0_states()
    analyzer.compute_reads_relations()
    analyzer.compute_includes_lookback()
    analyzer.compute_lookaheads()
    # A set of Lark's has no fixed order; walked from the start states, the numbers are the same in every run.
    order: dict[LR0ItemSet, None] = dict.fromkeys(analyzer.lr0_start_states[start] for start in specification.starts)
    queue = list(order)
    for state in queue:
        for _, follower in sorted(state.transitions.items(), key=lambda pair: pair[0].name):
            if follower not in order:
                order[follower] = None
                queue.append(follower)
    return queue


def _conflicts(states: list[LR0ItemSet]) -> Iterator[Conflict]:
    for state in states:
        for symbol, rules in sorted(state.lookaheads.items(), key=lambda pair: pair[0].name):
            named = tuple(sorted(_spelled(rule) for rule in rules))
            if len(rules) > 1:
                yield Conflict("reduce/reduce", symbol.name, named)
            elif symbol in state.transitions:
                yield Conflict("shift/reduce", symbol.name, named)


def _spelled(rule: Rule) -> str:
    return f"{rule.origin.name}: {' '.join(symbol.name for symbol in rule.expansion)}"


def _encode(specification: Specification, states: list[LR0ItemSet]) -> Tables:
    names = [terminal.name for terminal in specification.terminals] + [END]
    numbers = {name: number for number, name in enumerate(names)}
    index = {state: number for number, state in enumerate(states)}
    tables = Tables(names, numbers, [], [], [], {}, [-1] * len(states))
    for state in states:
        shifts: dict[int, int] = {}
        gotos: dict[str, int] = {}
        for symbol, follower in state.transitions.items():
            if isinstance(symbol, NonTerminal):
                gotos[symbol.name] = index[follower]
            else:
                shifts[numbers[symbol.name]] = index[follower]
                tables.entered_by[index[follower]] = numbers[symbol.name]
        if any(item.is_satisfied and item.rule.origin.name.startswith("$root_") for item in state.kernel):
            shifts[numbers[END]] = len(states)
        asked: dict[Rule, int] = defaultdict(int)
        for symbol, rules in state.lookaheads.items():
            if specification.generalised or symbol not in state.transitions:
                for rule in rules:
                    asked[rule] |= 1 << numbers[symbol.name]
        tables.shifts.append(shifts)
        tables.gotos.append(gotos)
        # Rules that differ in their tree alone are one reduction here.
        merged: dict[tuple[str, int], int] = defaultdict(int)
        for rule, bits in asked.items():
            merged[str(rule.origin.name), len(rule.expansion)] |= bits
        tables.reductions.append([(*reduced, bits) for reduced, bits in sorted(merged.items())])
    # The state after the end of the text, which does nothing.
    tables.shifts.append({})
    tables.reductions.append([])
    tables.gotos.append({})
    tables.entered_by.append(numbers[END])
    tables.starts = {start: number for number, start in enumerate(specification.starts)}
    return tables
