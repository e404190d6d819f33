"""The automata of a grammar joined into one table, and which of them reads on after each lexeme.

A *mode* is a set of terminals that compete. The parser's state says which mode reads the next lexeme: inside an f-string its
text, in a replacement field everything else.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

import numpy as np

from slimgrammar.constrain.lexer import DEAD, Automaton, Table, automaton, with_ways_back
from slimgrammar.constrain.specification import GrammarProblem, Specification
from slimgrammar.constrain.tables import END, Tables

NEWLINE_BYTE: Final = 0x0A


@dataclass
class Lexicon:
    """The automaton of a whole grammar.

    Attributes:
        delta: (states, 256) next states, `DEAD` where none.
        ends: state → terminals whose lexeme may end here, as bits.
        reach: state → terminals that this lexeme can become, as bits.
        lexeme: state → terminals of the lexeme to end when no byte leads on, as bits.
        resume: state → the state of the text after that lexeme, or `DEAD`.
        mode: state → its mode.
        starts: mode → its start state.
        parser_mode: parser state → the mode that reads the next lexeme.
        after: terminal → the modes that may read on after it, as a sorted tuple.
        ignored: terminals that the parser never sees, as bits.
        skipped: terminals that it does not see between brackets, as bits.
        comments: terminals that only a line end can follow, as bits.
        line_ends: the terminal of line ends, as bits.
        newline: the terminal of line ends where the grammar has indentation, or -1.
        in_newline: state → whether it is inside a lexeme of `newline`.
    """

    delta: Table
    ends: list[int]
    reach: list[int]
    lexeme: list[int]
    resume: list[int]
    mode: list[int]
    starts: list[int]
    parser_mode: list[int]
    after: list[tuple[int, ...]]
    ignored: int
    skipped: int
    comments: int
    line_ends: int
    newline: int
    in_newline: list[bool]


def build(specification: Specification, tables: Tables) -> Lexicon:
    """The lexicon of a grammar.

    Raises:
        GrammarProblem: a terminal matches the empty text.
        UnsupportedPattern: a regular expression is more than an automaton can do.
    """
    groups, mode_of = _modes(specification, tables)
    soft = _numbers(specification, tables, "soft")
    machines = []
    for group in groups:
        plain = automaton(specification.terminals, sorted(group), soft=soft, never=specification.never)
        if plain.ends[0]:
            raise GrammarProblem(f"{specification.name}: terminal {_named(tables, plain.ends[0])} matches the empty text")
        machines.append(plain)
    return _joined(specification, tables, machines, mode_of)


def _named(tables: Tables, bits: int) -> str:
    return ", ".join(name for number, name in enumerate(tables.names) if bits >> number & 1)


def _bits(tables: Tables, names: frozenset[str]) -> int:
    return sum(1 << tables.numbers[name] for name in names)


def _numbers(specification: Specification, tables: Tables, role: str) -> frozenset[int]:
    return frozenset(tables.numbers[name] for name in specification.roles.get(role, ()))


def _modes(specification: Specification, tables: Tables) -> tuple[list[set[int]], list[int]]:
    """The terminals of each mode, the main one first, and each parser state's mode.

    Two terminals compete if a state offers both. Where a text has several readings at once, only verbatim terminals are kept
    apart, for the readings must agree about what a lexeme is.
    """
    spelled = [number for number, terminal in enumerate(specification.terminals) if terminal.pattern]
    ignored = frozenset(tables.numbers[name] for name in specification.ignored)
    verbatim = _numbers(specification, tables, "verbatim")
    group = list(range(len(tables.names)))

    def root(number: int) -> int:
        while group[number] != number:
            group[number] = group[group[number]]
            number = group[number]
        return number

    offered = [tables.offered(state) for state in range(len(tables.shifts))]
    lists = {bits: [number for number in spelled if bits >> number & 1 and number not in ignored] for bits in set(offered)}
    for members in lists.values():
        for member in members[1:]:
            group[root(member)] = root(members[0])
    parts: dict[int, set[int]] = defaultdict(set)
    for number in spelled:
        if number not in ignored:
            parts[root(number)].add(number)
    plain = sorted((part for part in parts.values() if not part & verbatim), key=lambda part: (-len(part), min(part)))
    if specification.generalised:
        plain = [set().union(*plain)]
    apart = sorted((part for part in parts.values() if part & verbatim), key=min)
    groups = [part | ignored for part in plain or [set()]] + apart
    where = {number: mode for mode, part in reversed(list(enumerate(groups))) for number in part}
    return groups, [where[lists[bits][0]] if lists[bits] else 0 for bits in offered]


def _followers(tables: Tables, ignored: int) -> list[int]:
    """For each terminal, those that may stand after it with nothing between, as bits."""
    follow = [0] * len(tables.names)
    for state, entered in enumerate(tables.entered_by):
        if entered >= 0:
            follow[entered] |= tables.offered(state) | ignored
    every = (1 << len(tables.names)) - 1
    return [every if ignored >> number & 1 else bits for number, bits in enumerate(follow)]


def _adjacent(follow: list[int], first: int, then: int) -> bool:
    return any(first >> number & 1 and bits & then for number, bits in enumerate(follow))


def _joined(specification: Specification, tables: Tables, machines: list[Automaton], mode_of: list[int]) -> Lexicon:
    offsets: list[int] = np.cumsum([0] + [len(machine.ends) for machine in machines]).tolist()
    placed = list(zip(machines, offsets, strict=False))
    delta = np.concatenate([np.where(part.delta == DEAD, DEAD, part.delta + offset) for part, offset in placed])
    mode = [number for number, part in enumerate(machines) for _ in part.ends]
    base = Automaton(
        delta,
        [bits for part in machines for bits in part.ends],
        [bits for part in machines for bits in part.reach],
        [refused for part in machines for refused in part.refused],
    )
    ignored = _bits(tables, specification.ignored)
    after = _after(tables, mode_of)
    follow = _followers(tables, ignored)

    def restart(state: int) -> int:
        modes = _modes_after(after, base.ends[state], mode[state], ignored)
        return offsets[mode[state] if mode[state] in modes else modes[0]]

    full = with_ways_back(base, restart=restart, follows=lambda first, then: _adjacent(follow, first, then))
    newline = tables.numbers.get(specification.one("newline"), -1)
    newline_bits = 1 << newline if newline >= 0 else 0
    mode_of_start = {offset: number for number, offset in enumerate(offsets[:-1])}
    return Lexicon(
        delta=full.delta,
        ends=full.ends,
        reach=full.reach,
        lexeme=full.lexeme,
        resume=full.resume,
        mode=_all_modes(full, mode),
        starts=list(mode_of_start),
        parser_mode=mode_of,
        after=after,
        ignored=ignored,
        skipped=newline_bits | _bits(tables, specification.roles.get("skip_in_brackets", frozenset())),
        comments=_bits(tables, specification.roles.get("comment", frozenset())),
        line_ends=newline_bits,
        newline=newline if specification.one("indent") else -1,
        in_newline=[bits == newline_bits != 0 for bits in full.reach],
    )


def _all_modes(full: Automaton, known: list[int]) -> list[int]:
    """The modes of all states, where those of the first ones are known: a state has that of any state it leads to."""
    modes = known + [DEAD] * (len(full.ends) - len(known))
    for state in reversed(range(len(known), len(full.ends))):
        row = full.delta[state]
        modes[state] = next((modes[follower] for follower in row.tolist() if follower != DEAD and modes[follower] != DEAD), 0)
    return modes


def _modes_after(after: list[tuple[int, ...]], terminals: int, own: int, ignored: int) -> tuple[int, ...]:
    """The modes that may read on after a lexeme of some terminals, read in mode `own`."""
    if terminals & ignored:
        return (own,)
    found = {mode for terminal, modes in enumerate(after) if terminals >> terminal & 1 for mode in modes}
    return tuple(sorted(found)) or (own,)


def _after(tables: Tables, mode_of: list[int]) -> list[tuple[int, ...]]:
    after: list[set[int]] = [set() for _ in tables.names]
    for state, entered in enumerate(tables.entered_by):
        if entered >= 0 and tables.names[entered] != END:
            after[entered].add(mode_of[state])
    return [tuple(sorted(modes)) for modes in after]
