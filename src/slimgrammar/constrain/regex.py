"""Regular expressions of terminals → one nondeterministic automaton over UTF-8 bytes.

Python's own parser of regular expressions reads them, so that a terminal means here what it means to Lark. What no finite
automaton can do, or what looks past the end of a lexeme, is refused by name. A lazy repetition makes its whole terminal match
as little as it can, which is what it is for in `/\\*.*?\\*/`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from re import _constants as op  # type: ignore[attr-defined, unused-ignore]
from re import _parser as reader  # type: ignore[attr-defined, unused-ignore]
from typing import Any, Final

from slimgrammar.constrain.unicode import LAST, Ranges, complement, matching, merged, utf8_sequences
from slimgrammar.errors import SlimError

_CATEGORIES: Final = {
    op.CATEGORY_DIGIT: r"\d",
    op.CATEGORY_NOT_DIGIT: r"\D",
    op.CATEGORY_SPACE: r"\s",
    op.CATEGORY_NOT_SPACE: r"\S",
    op.CATEGORY_WORD: r"\w",
    op.CATEGORY_NOT_WORD: r"\W",
}
_MAX_COUNT: Final = 1000


class UnsupportedPattern(SlimError, ValueError):
    """A terminal's regular expression asks for more than a finite automaton over one lexeme can do."""

    def __init__(self, terminal: str, reason: str) -> None:
        self.terminal = terminal
        self.reason = reason
        super().__init__(f"terminal {terminal}: {reason}")


@dataclass
class Nfa:
    """States with edges over byte ranges; the terminals' automata side by side.

    Attributes:
        edges: for each state, (lowest byte, highest byte, next state).
        silent: for each state, the states reached without a byte.
        guarded: for each state, (bytes, next state): reached without a byte unless the last byte is one of these.
        owner: for each state, the number of its terminal.
        accepting: state → terminal.
        lazy: terminals that stop at their first accepting state.
        ahead: state → bytes that must not follow there; no lexeme can end before one of them.
    """

    edges: list[list[tuple[int, int, int]]] = field(default_factory=list)
    silent: list[list[int]] = field(default_factory=list)
    guarded: list[list[tuple[frozenset[int], int]]] = field(default_factory=list)
    owner: list[int] = field(default_factory=list)
    accepting: dict[int, int] = field(default_factory=dict)
    lazy: set[int] = field(default_factory=set)
    ahead: dict[int, frozenset[int]] = field(default_factory=dict)

    def state(self, owner: int) -> int:
        """A new state."""
        self.edges.append([])
        self.silent.append([])
        self.guarded.append([])
        self.owner.append(owner)
        return len(self.edges) - 1

    def add(self, terminal: int, pattern: str, name: str) -> int:
        """Add a terminal's regular expression.

        Returns:
            The state where its lexemes start.

        Raises:
            UnsupportedPattern: it is broken, or holds a look-around or a reference to a group.
        """
        try:
            parsed = reader.parse(pattern)
        except re.error as fault:
            raise UnsupportedPattern(name, f"{fault} in {pattern!r}") from None
        builder = _Builder(self, terminal, name)
        start = self.state(terminal)
        end = builder.sequence(parsed, start, parsed.state.flags)
        self.accepting[end] = terminal
        return start


class _Builder:
    """Thompson's construction for one terminal: each method draws a piece from a state and gives the state it ends in."""

    def __init__(self, nfa: Nfa, owner: int, name: str) -> None:
        self.nfa, self.owner, self.name = nfa, owner, name
        self.kinds: dict[Any, Callable[[Any, int, int], int]] = {
            op.BRANCH: self._branch,
            op.SUBPATTERN: self._group,
            op.ATOMIC_GROUP: self.sequence,
            op.MAX_REPEAT: self._repeat,
            op.POSSESSIVE_REPEAT: self._repeat,
            op.MIN_REPEAT: self._lazy_repeat,
            op.ASSERT_NOT: self._assert_not,
        }

    def sequence(self, items: Any, start: int, flags: int) -> int:
        for kind, argument in items:
            draw = self.kinds.get(kind)
            start = (
                self._characters(self._ranges(kind, argument, flags), start) if draw is None else draw(argument, start, flags)
            )
        return start

    def _branch(self, argument: Any, start: int, flags: int) -> int:
        end = self.nfa.state(self.owner)
        for choice in argument[1]:
            branch = self.nfa.state(self.owner)
            self.nfa.silent[start].append(branch)
            self.nfa.silent[self.sequence(choice, branch, flags)].append(end)
        return end

    def _group(self, argument: Any, start: int, flags: int) -> int:
        _, added, removed, items = argument
        return self.sequence(items, start, (flags | added) & ~removed)

    def _lazy_repeat(self, argument: Any, start: int, flags: int) -> int:
        self.nfa.lazy.add(self.owner)
        return self._repeat(argument, start, flags)

    def _repeat(self, argument: Any, start: int, flags: int) -> int:
        least, most, items = argument
        if least > _MAX_COUNT or (most is not op.MAXREPEAT and most > _MAX_COUNT):
            raise UnsupportedPattern(self.name, f"a repetition of more than {_MAX_COUNT}")
        for _ in range(least):
            start = self.sequence(items, start, flags)
        end = self.nfa.state(self.owner)
        self.nfa.silent[start].append(end)
        if most is op.MAXREPEAT:
            self.nfa.silent[self.sequence(items, end, flags)].append(end)
            return end
        for _ in range(most - least):
            start = self.sequence(items, start, flags)
            self.nfa.silent[start].append(end)
        return end

    def _assert_not(self, argument: Any, start: int, flags: int) -> int:
        direction, items = argument
        ranges = self._ranges(items[0][0], items[0][1], flags) if len(items) == 1 else ((0, LAST),)
        if any(high > 0x7F for _, high in ranges):
            raise UnsupportedPattern(self.name, "only look-around at one ASCII character is supported")
        end = self.nfa.state(self.owner)
        refused = frozenset(byte for low, high in ranges for byte in range(low, high + 1))
        if direction < 0:
            self.nfa.guarded[start].append((refused, end))
        else:
            self.nfa.silent[start].append(end)
            self.nfa.ahead[end] = refused
        return end

    def _characters(self, ranges: Ranges, start: int) -> int:
        end = self.nfa.state(self.owner)
        shared: dict[tuple[tuple[int, int], ...], int] = {(): end}

        def follow(rest: tuple[tuple[int, int], ...]) -> int:
            state = shared.get(rest)
            if state is None:
                state = shared[rest] = self.nfa.state(self.owner)
                self.nfa.edges[state].append((*rest[0], follow(rest[1:])))
            return state

        for sequence in utf8_sequences(ranges):
            self.nfa.edges[start].append((*sequence[0], follow(sequence[1:])))
        return end

    def _ranges(self, kind: Any, argument: Any, flags: int) -> Ranges:
        """The characters that one item of a regular expression matches."""
        if kind is op.LITERAL:
            return _either_case(((argument, argument),), flags)
        if kind is op.NOT_LITERAL:
            return complement(_either_case(((argument, argument),), flags))
        if kind is op.ANY:
            return ((0, LAST),) if flags & re.DOTALL else complement(((10, 10),))
        if kind is op.CATEGORY:
            return matching(_CATEGORIES[argument])
        if kind is op.RANGE:
            return _either_case((argument,), flags)
        if kind is op.IN:
            negated = bool(argument) and argument[0][0] is op.NEGATE
            found = merged(pair for item in argument[negated:] for pair in self._ranges(item[0], item[1], flags))
            return complement(found) if negated else found
        raise UnsupportedPattern(self.name, f"{str(kind).lower()} is not supported")


def _either_case(ranges: Ranges, flags: int) -> Ranges:
    if not flags & re.IGNORECASE:
        return ranges
    cased = [case for low, high in ranges for code in range(low, min(high, 0x24F) + 1) for case in _cases(code)]
    return merged([*ranges, *((case, case) for case in cased)])


def _cases(code: int) -> list[int]:
    return [ord(case) for case in (chr(code).lower(), chr(code).upper()) if len(case) == 1]
