"""Terminals → one deterministic automaton over bytes per set of terminals that compete, joined into one table.

A lexeme is the longest text that a terminal matches. Where the automaton runs on past a lexeme and then fails, it has to go
back: `1else` begins like `1e5`. A state therefore knows one way back: the lexeme that would end, and the state of the text
after it. Terminals that no parser state offers together never compete; they live in separate automata, so that the text of an
f-string is not read as names.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from slimgrammar.constrain.regex import Nfa, UnsupportedPattern
from slimgrammar.constrain.specification import Terminal

DEAD: Final = -1
Table = NDArray[np.int32]
# Terminals whose lexeme may end in a state, as bits, and bytes before which it cannot.
Kind = tuple[int, frozenset[int]]


@dataclass
class Automaton:
    """A deterministic automaton whose states say what to do when no byte leads on.

    Attributes:
        delta: (states, 256) next states, `DEAD` where none.
        ends: state → set of terminals whose lexeme may end here, as bits.
        reach: state → terminals that some continuation of this lexeme can be, as bits.
        refused: state → bytes before which its lexeme cannot end, because of a look-ahead.
        lexeme: state → terminals of the lexeme to end when no byte leads on, as bits; 0 where the text is wrong.
        resume: state → the state of the text after that lexeme, or `DEAD` where nothing is left of it.
    """

    delta: Table
    ends: list[int]
    reach: list[int]
    refused: list[frozenset[int]]
    lexeme: list[int] = field(default_factory=list)
    resume: list[int] = field(default_factory=list)


def automaton(terminals: list[Terminal], wanted: Iterable[int], *, soft: frozenset[int], never: bytes = b"") -> Automaton:
    """The minimal automaton of some terminals; state 0 is the start.

    Args:
        terminals: all terminals of a grammar.
        wanted: the numbers of those that compete here.
        soft: numbers of terminals that leave their lexemes to other terminals as well.
        never: bytes that are in no lexeme.
    """
    nfa = Nfa()
    starts = [nfa.add(number, terminals[number].pattern, terminals[number].name) for number in wanted]
    delta, subsets = _determinise(nfa, starts)
    _check_ahead(nfa, delta, subsets, terminals)
    delta[:, list(never)] = DEAD
    kinds = [_winners(nfa, subset, terminals, soft) for subset in subsets]
    delta, kinds = _minimise(delta, kinds)
    ends = [bits for bits, _ in kinds]
    return Automaton(delta, ends, _reach(delta, ends), [refused for _, refused in kinds])


def with_ways_back(base: Automaton, *, restart: Callable[[int], int], follows: Callable[[int, int], bool]) -> Automaton:
    """The automaton whose states remember the last lexeme that could have ended, where going back to it can help.

    Args:
        base: an automaton, or several in one table.
        restart: the state in which the text after a lexeme that ends in a state is read.
        follows: whether a lexeme of some terminals (bits) may stand right before one of others (bits); a way back that it rules
            out is forgotten.
    """
    helpful = _helpful(base, restart, follows)
    # A triple is (state, terminals of the lexeme to go back to, state of the text after it); the latter two are 0 and DEAD
    # mostly.
    triples = {(state, 0, DEAD): state for state in range(len(base.ends))}
    order = list(triples)
    rows: list[Table] = []
    for state, lexeme, after in order:
        ended, begun = (base.ends[state], restart(state)) if base.ends[state] else (lexeme, after)
        row = base.delta[state].copy()
        for byte in _goes_on(base, state, begun) if ended else ():
            triple = (int(base.delta[state][byte]), ended, int(base.delta[begun][byte]))
            if triple[1:] == (ended, DEAD) or (triple[0], triple[2]) not in helpful:
                continue
            if not follows(ended, base.reach[triple[2]]):
                continue
            if triple not in triples:
                triples[triple] = len(order)
                order.append(triple)
            row[byte] = triples[triple]
        rows.append(row)
    states = [state for state, _, _ in order]
    return Automaton(
        np.stack(rows).astype(np.int32),
        [base.ends[state] for state in states],
        [base.reach[state] for state in states],
        [base.refused[state] for state in states],
        [base.ends[state] or lexeme for state, lexeme, _ in order],
        [DEAD if base.ends[state] else after for state, _, after in order],
    )


def _goes_on(base: Automaton, state: int, begun: int) -> list[int]:
    """The bytes after which a lexeme goes on but cannot end yet, while the text after the last possible end goes on too."""
    onward = base.delta[state]
    unfinished = np.array([follower != DEAD and not base.ends[follower] for follower in onward.tolist()])
    alive = unfinished & (base.delta[begun] != DEAD)
    return [byte for byte in np.flatnonzero(alive).tolist() if byte not in base.refused[state]]


def _helpful(base: Automaton, restart: Callable[[int], int], follows: Callable[[int, int], bool]) -> set[tuple[int, int]]:
    """The pairs (state of a lexeme, state of the text after its last possible end) from which going back can be right.

    It is where the longer lexeme fails and the text after the shorter one lives on. Most pairs never come to that: a character
    that goes on a name starts one too.
    """
    pairs: dict[tuple[int, int], None] = {}
    for state, ended in enumerate(base.ends):
        if ended:
            begun = restart(state)
            for byte in _goes_on(base, state, begun):
                rest = int(base.delta[begun][byte])
                if follows(ended, base.reach[rest]):
                    pairs[int(base.delta[state][byte]), rest] = None
    queue = list(pairs)
    before: dict[tuple[int, int], list[tuple[int, int]]] = {}
    good: list[tuple[int, int]] = []
    for pair in queue:
        state, rest = pair
        fails = base.delta[state] == DEAD
        lives = base.delta[rest] != DEAD
        if base.ends[rest]:
            lives |= base.delta[restart(rest)] != DEAD
        if (fails & lives).any():
            good.append(pair)
        for byte in _goes_on(base, state, rest):
            onward = (int(base.delta[state][byte]), int(base.delta[rest][byte]))
            before.setdefault(onward, []).append(pair)
            if onward not in pairs:
                pairs[onward] = None
                queue.append(onward)
    helpful = set(good)
    while good:
        for earlier in before.get(good.pop(), ()):
            if earlier not in helpful:
                helpful.add(earlier)
                good.append(earlier)
    return helpful


def _determinise(nfa: Nfa, starts: list[int]) -> tuple[Table, list[frozenset[int]]]:
    """The subset construction; a guarded edge looks at the byte that led to it."""
    lows, sizes = _byte_classes(nfa)
    moves = [_by_class(edges, lows) for edges in nfa.edges]
    first = _closure(nfa, starts, -1)
    index, subsets, rows = {first: 0}, [first], []
    closures: dict[tuple[frozenset[int], int], frozenset[int]] = {}
    has_guards = any(nfa.guarded)
    for subset in subsets:
        reached: dict[int, set[int]] = {}
        for state in subset:
            for number, targets in moves[state].items():
                reached.setdefault(number, set()).update(targets)
        row = [DEAD] * len(lows)
        for number, targets in reached.items():
            key = (frozenset(targets), number if has_guards else -1)
            closed = closures.get(key)
            if closed is None:
                closed = closures[key] = _closure(nfa, key[0], lows[number])
            if closed not in index:
                index[closed] = len(subsets)
                subsets.append(closed)
            row[number] = index[closed]
        rows.append(row)
    return np.repeat(np.array(rows, dtype=np.int32).reshape(-1, len(lows)), sizes, axis=1), subsets


def _byte_classes(nfa: Nfa) -> tuple[list[int], list[int]]:
    """Runs of bytes that no edge and no guard tells apart: the lowest byte and the size of each."""
    cuts = {0} | {cut for edges in nfa.edges for low, high, _ in edges for cut in (low, high + 1)}
    cuts |= {cut for guards in nfa.guarded for refused, _ in guards for byte in refused for cut in (byte, byte + 1)}
    lows = sorted(cuts - {256})
    return lows, np.diff([*lows, 256]).tolist()


def _by_class(edges: list[tuple[int, int, int]], lows: list[int]) -> dict[int, set[int]]:
    moves: dict[int, set[int]] = {}
    for low, high, target in edges:
        for number in range(bisect_left(lows, low), bisect_left(lows, high + 1)):
            moves.setdefault(number, set()).add(target)
    return moves


def _closure(nfa: Nfa, states: Iterable[int], last: int) -> frozenset[int]:
    found = set(states)
    queue = list(found)
    while queue:
        state = queue.pop()
        # What a look-ahead leads to is the end of its lexeme: `_winners` knows.
        silent = nfa.silent[state] if state not in nfa.ahead else []
        onward = silent + [target for refused, target in nfa.guarded[state] if last not in refused]
        for target in onward:
            if target not in found:
                found.add(target)
                queue.append(target)
    finished = {nfa.accepting[state] for state in found if state in nfa.accepting} & nfa.lazy
    # States that only silent edges leave say nothing that the states after them do not.
    return frozenset(
        state
        for state in found
        if state in nfa.accepting
        or state in nfa.ahead
        or (nfa.edges[state] and not (finished and nfa.owner[state] in finished))
    )


def _check_ahead(nfa: Nfa, delta: Table, subsets: list[frozenset[int]], terminals: list[Terminal]) -> None:
    """Look-ahead is left to the longest match, which must take the refused byte."""
    for state, subset in enumerate(subsets):
        for place in subset & nfa.ahead.keys():
            silent = _closure(nfa, nfa.silent[place], -1)
            last = nfa.accepting.keys() >= silent and not nfa.edges[place]
            if not last or any(delta[state][byte] == DEAD for byte in nfa.ahead[place]):
                name = terminals[nfa.owner[place]].name
                raise UnsupportedPattern(name, "look-ahead is supported only where a longer lexeme begins with what it refuses")


def _winners(nfa: Nfa, subset: frozenset[int], terminals: list[Terminal], soft: frozenset[int]) -> Kind:
    candidates: dict[int, frozenset[int]] = {}
    for state in subset & nfa.ahead.keys():
        owner = nfa.owner[state]
        candidates[owner] = nfa.ahead[state] & candidates.get(owner, nfa.ahead[state])
    candidates.update((nfa.accepting[state], frozenset()) for state in subset if state in nfa.accepting)
    bits, refused = 0, frozenset(range(256))
    while candidates:
        best = max(candidates, key=lambda number: (terminals[number].rank, terminals[number].name))
        bits |= 1 << best
        refused &= candidates.pop(best)
        if best not in soft:
            break
    return bits, refused if bits else frozenset()


def _minimise(delta: Table, ends: list[Kind]) -> tuple[Table, list[Kind]]:
    """Moore's partition refinement, a round for all states at once; the start stays state 0."""
    kinds = {bits: number for number, bits in enumerate(dict.fromkeys(ends))}
    groups = np.array([kinds[bits] for bits in ends], dtype=np.int64)
    # A column per distinct byte is enough.
    columns = np.unique(delta, axis=1)
    count = len(kinds)
    while True:
        padded = np.append(groups, -1)
        signature = np.column_stack([groups, padded[columns]])
        _, refined = np.unique(signature, axis=0, return_inverse=True)
        groups = refined.reshape(-1)
        if int(groups.max()) + 1 == count:
            break
        count = int(groups.max()) + 1
    _, first_seen, renumbered = np.unique(groups, return_index=True, return_inverse=True)
    order = np.argsort(first_seen)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    numbers = np.append(rank[renumbered.reshape(-1)], DEAD)
    kept = first_seen[order]
    return numbers[delta[kept]].astype(np.int32), [ends[int(state)] for state in kept]


def _reach(delta: Table, ends: list[int]) -> list[int]:
    followers = [[int(state) for state in np.unique(row) if state != DEAD] for row in delta]
    before: list[list[int]] = [[] for _ in ends]
    for state, onward in enumerate(followers):
        for follower in onward:
            before[follower].append(state)
    reach = list(ends)
    queue = list(range(len(ends)))
    while queue:
        state = queue.pop()
        for earlier in before[state]:
            joined = reach[earlier] | reach[state]
            if joined != reach[earlier]:
                reach[earlier] = joined
                queue.append(earlier)
    return reach
