"""`dietcode`: DietCode's statement weights, its knapsack, and then its lowest-ranked tokens.

DietCode fills a budget with the statements whose weights add up to most (a 0-1 knapsack) and cuts what is still too much from
the tokens of least rank. Solved for each budget alone, a smaller budget need not keep a subset; so the knapsack is solved for
nine tenths of the program, then for eight tenths out of those statements, and so on: a statement's level is how far it comes.
Long programs are solved in runs of statements, each with its share of the budget, so that the time grows linearly.
"""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Final

import numpy as np

from slimgrammar import grammar
from slimgrammar.prune.elements import BREAK, COMMENT, KEYWORD, NAME, NUMBER, STRING, SYMBOL, Bools, Ints
from slimgrammar.prune.methods.base import Options, Ranking, token_costs
from slimgrammar.prune.program import Program
from slimgrammar.vocab import Vocabulary

_RUN: Final = 100
_GRAIN: Final = 200
_LIKE: Final = {
    "class": "method",
    "elif": "if",
    "foreach": "for",
    "do": "while",
    "loop": "while",
    "with": "synchronized",
    "import": "annotation",
    "assert": "throw",
    "comment": "logger",
    "docstring": "annotation",
}
# DietCode ranks tokens by the attention that a model pays them; of kinds of tokens, this is its order.
_TOKEN_RANK: Final = {SYMBOL: 0, KEYWORD: 1, NUMBER: 2, COMMENT: 3, STRING: 3, NAME: 4}


def dietcode(program: Program, options: Options, vocab: Vocabulary) -> Ranking:
    """Rank by the knapsack level of the statement, then by the kind of token, the end of the text first."""
    count = len(program.kinds)
    level = _levels(program, token_costs(program, vocab))
    ranked = np.zeros(BREAK + 2, dtype=np.int64)
    for kind, rank in _TOKEN_RANK.items():
        ranked[kind] = rank
    worth = (level[program.owners] * 8 + ranked[program.kinds]) * float(count) - np.arange(count)
    codes = np.append(
        np.array([_code(statement.kind) for statement in program.statements], dtype=np.int64), len(_reasons()) - 1
    )
    return Ranking(np.asarray(worth, dtype=np.float64), _reasons(), codes[program.owners])


@cache
def _weights(language: str) -> dict[str, float]:
    table = tomllib.loads(grammar.text("prune/dietcode.toml"))
    return dict(table.get(language, table["java"]))


@cache
def _kinds() -> tuple[str, ...]:
    return tuple(_weights("java"))


@cache
def _reasons() -> tuple[str, ...]:
    return (*(f"statement of low weight ({kind})" for kind in _kinds()), "outside statements")


def _code(kind: str) -> int:
    return _kinds().index(_weighed_as(kind))


def _weighed_as(kind: str) -> str:
    """DietCode's name for a kind of statement."""
    if kind == "function":
        return "method"
    known = _LIKE.get(kind, kind)
    return known if known in _kinds() else "expression"


def _levels(program: Program, costs: Ints) -> Ints:
    """How many knapsacks each statement survives; the last entry is for elements outside all statements, which survive all."""
    table = _weights(program.language.name)
    weights = [_weight(program, at, table) for at in range(len(program.statements))]
    own = np.bincount(program.owners + 1, weights=costs, minlength=len(weights) + 1)[1:].astype(np.int64)
    level = np.zeros(len(weights) + 1, dtype=np.int64)
    level[-1] = 9
    for start in range(0, len(weights), _RUN):
        run = np.arange(start, min(start + _RUN, len(weights)))
        whole = int(own[run].sum())
        for tenths in range(9, 0, -1):
            run = run[_knapsack(own[run], [weights[at] for at in run.tolist()], whole * tenths // 10)]
            level[run] += 1
    return level


def _weight(program: Program, at: int, table: dict[str, float]) -> float:
    statement = program.statements[at]
    kind = _weighed_as(statement.kind)
    if kind == "expression":
        text = program.text[statement.start : statement.start + 40]
        called = text.partition("(")[0].rpartition(".")[2].lower() if "(" in text else ""
        owner = text.partition(".")[0].lower()
        if called:
            names = {"set": "setter", "get": "getter"}
            kind = "logger" if "log" in owner else names.get(called[:3], "function")
    return table.get(kind, min(table.values()))


def _knapsack(costs: Ints, weights: list[float], capacity: int) -> Bools:
    """Which items together weigh most at a cost of at most `capacity`; costs are rounded up to a two-hundredth of that."""
    unit = max(1, -(-capacity // _GRAIN))
    room = capacity // unit
    best = np.zeros(room + 1)
    taken = np.zeros((len(weights), room + 1), dtype=np.bool_)
    rounded = (-(-costs // unit)).tolist()
    for item, (cost, weight) in enumerate(zip(rounded, weights, strict=True)):
        if cost > room:
            continue
        with_item = best[: room + 1 - cost] + weight
        taken[item, cost:] = with_item > best[cost:]
        best[cost:] = np.maximum(best[cost:], with_item)
    chosen = np.zeros(len(weights), dtype=np.bool_)
    for item in range(len(weights) - 1, -1, -1):
        if taken[item, room]:
            chosen[item] = True
            room -= rounded[item]
    return chosen
