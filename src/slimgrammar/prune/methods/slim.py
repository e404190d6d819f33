"""`slim`: our own order, tuned for code search (bench/prune.py): what a word tells, for what it costs, if it was not yet told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np

from slimgrammar.prune.methods.base import Floats, Options, Ranking, token_costs
from slimgrammar.prune.program import *
from slimgrammar.vocab import Vocabulary

_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\W\d_]+")

@dataclass
class Weights:
    definition: float = 10.0
    call: float = 3.0
    name: float = 2.0
    signature: float = 3.0
    keyword: float = 0.5
    number: float = 0.3
    string: float = 1.5
    comment: float = 1.5
    symbol: float = 0.05
    repeat: float = 0.3
    short: float = 0.3
    cost: float = 0.5
    position: float = 0.3
    brk: float = 0.02
    structure: float = 1.0

W = Weights()

def slim(program: Program, options: Options, vocab: Vocabulary) -> Ranking:
    costs = token_costs(program, vocab)
    kinds = program.kinds
    n = len(kinds)
    by_kind = np.array([W.name, W.keyword, W.number, W.symbol, W.string, W.comment, W.brk, 0.0])
    v = by_kind[kinds]
    isname = kinds == NAME
    starts = program.starts
    mark = np.zeros(len(program.text) + 1, dtype=np.int8)
    mark[list(program.call_starts)] = 1
    mark[list(program.definition_starts)] = 2
    m = mark[starts]
    sig = program.flags & SIGNATURE > 0
    v = np.where(isname & (program.flags & STRUCTURE > 0), v * W.structure, v)
    v = np.where(isname & sig, W.signature, v)
    v = np.where(m == 1, W.call, v)
    v = np.where(m == 2, W.definition, v)
    texts = program.texts.tolist()
    info = {}
    for t in set(texts):
        info[t] = W.short if len(t) <= 2 else 1.0
    v = v * np.fromiter(map(info.__getitem__, texts), dtype=float, count=n)
    # novelty
    seen = {}
    nov = np.ones(n)
    fn = program.functions.tolist()
    kl = kinds.tolist()
    for i in range(n):
        if kl[i] in (NAME, STRING, COMMENT, KEYWORD, NUMBER):
            key = (fn[i], texts[i].lower())
            c = seen.get(key, 0)
            if c: nov[i] = W.repeat ** min(c, 3)
            seen[key] = c + 1
    v = v * nov
    v = v / costs ** W.cost
    v = v * (1 - W.position * np.arange(n) / max(n, 1))
    return Ranking(v, layout=False)
