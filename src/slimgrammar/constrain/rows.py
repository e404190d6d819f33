"""A vocabulary read by a lexer: for each lexer state, what every token of the vocabulary does from there.

What a token does is a *rest*: the lexemes that end in it, in order, and what its last, unfinished lexeme can become. Tokens with
the same rest are one group, of which there are some thousands among 150,000 tokens; the parser judges groups only. After a lexeme ends, the
text that is left starts the next one whatever went before, so rests are shared by all states.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from slimgrammar.constrain.lexer import DEAD
from slimgrammar.constrain.lexicon import NEWLINE_BYTE, Lexicon
from slimgrammar.constrain.stack import Rest, Step
from slimgrammar.vocab.base import UnknownToken, Vocabulary

Ints = NDArray[np.int32]
NOTHING: Final = 0
_UNKNOWN: Final = -2
_TOO_LONG: Final = 4096
_SPECIAL: Final = re.compile(rb"<.+>|\[.+\]", re.DOTALL)


@dataclass(frozen=True, eq=False)
class Row:
    """What tokens do from one lexer state.

    Attributes:
        groups: the rests that occur; the first is `NOTHING`, for tokens that do not fit.
        group_of: token → index into `groups`.
        by_blank: where the state is inside a line end, blank text that a token adds to it → the groups of those tokens; else empty.
    """

    groups: list[int]
    group_of: NDArray[np.uint16] | Ints
    by_blank: dict[bytes | None, list[int]]


def token_bytes(vocab: Vocabulary, *, special: frozenset[int] = frozenset()) -> list[bytes]:
    """The bytes of every token id; b"" for unused ids and for special tokens, which spell no text.

    Args:
        vocab: a vocabulary.
        special: ids of further tokens that must never be allowed.
    """
    found = []
    for token in range(vocab.size):
        try:
            spelling = b"" if token in special else vocab.decode_token(token)
        except UnknownToken:
            spelling = b""
        if _SPECIAL.fullmatch(spelling) and _is_special(vocab, token, spelling):
            spelling = b""
        found.append(spelling)
    return found


def _is_special(vocab: Vocabulary, token: int, spelling: bytes) -> bool:
    """Whether a token is not what its own spelling, as plain text, becomes."""
    try:
        return vocab.encode(spelling.decode()) != [token]
    except UnicodeDecodeError:
        return False


class Rows:
    """The rows of a vocabulary, each worked out when it is first asked for."""

    def __init__(self, lexicon: Lexicon, tokens: list[bytes], rests: list[Rest]) -> None:
        """Index the tokens.

        Args:
            lexicon: the automaton that reads them.
            tokens: the bytes of each token id, b"" for one that is never allowed.
            rests: where new rests are put; shared with the parser.
        """
        self.lexicon, self.tokens, self.rests = lexicon, tokens, rests
        self.rows: dict[int, Row] = {}
        if not rests:
            rests.append((0, ()))
        self._numbers: dict[Rest, int] = {rest: number for number, rest in enumerate(rests)}
        self._ends: dict[int, int] = {}
        self._scanned: dict[tuple[int, bytes], int] = {}
        self._delta = lexicon.delta.tolist()
        self._flat = np.ascontiguousarray(lexicon.delta.reshape(-1))
        order = sorted((number for number, token in enumerate(tokens) if token), key=lambda number: tokens[number])
        self._order = np.array(order, dtype=np.int32)
        self._blob = np.frombuffer(b"".join(tokens[number] for number in order) or b"\0", dtype=np.uint8)
        lengths = np.array([len(tokens[number]) for number in order], dtype=np.int32)
        self._offsets = (np.cumsum(lengths) - lengths).astype(np.int32)
        self._lengths = lengths
        first = self._blob[self._offsets] if len(order) else np.zeros(0, dtype=np.uint8)
        self._first = np.searchsorted(first, np.arange(257)).astype(np.int32)
        # For each mode, the rest of every whole token read from the mode's start; most tokens are, in most states.
        self._fresh: dict[int, Ints] = {}

    def row(self, state: int) -> Row:
        """What every token does from a lexer state."""
        known = self.rows.get(state)
        if known is None:
            known = self.rows[state] = self._row(state)
        return known

    def end(self, state: int) -> int:
        """The rest of a text that stops in a lexer state."""
        known = self._ends.get(state)
        if known is None:
            steps: tuple[Step, ...] = ()
            if self.lexicon.resume[state] != DEAD:
                after = self.end(self.lexicon.resume[state])
                steps = ((self.lexicon.lexeme[state], self.lexicon.mode[state], after, None),)
            known = self._ends[state] = self._number((self.lexicon.reach[state], steps))
        return known

    def _number(self, rest: Rest) -> int:
        number = self._numbers.get(rest)
        if number is None:
            number = self._numbers[rest] = len(self.rests)
            self.rests.append(rest)
        return number

    def _row(self, state: int) -> Row:
        stops, states = self._walk(state)
        found = self._rests_of(state, stops, states)
        return self._grouped(state, found)

    def _walk(self, start: int) -> tuple[Ints, Ints]:
        """For each token in byte order: how many bytes the lexeme takes, and the state after them."""
        count = len(self._order)
        stops = np.zeros(count, dtype=np.int32)
        states = np.full(count, start, dtype=np.int32)
        live = np.flatnonzero(self.lexicon.delta[start] != DEAD)
        spans = [np.arange(self._first[byte], self._first[byte + 1], dtype=np.int32) for byte in live]
        active = np.concatenate(spans) if spans else np.zeros(0, dtype=np.int32)
        step = 0
        while len(active):
            reached = self._flat[states[active] * 256 + self._blob[self._offsets[active] + step]]
            going = reached != DEAD
            active = active[going]
            states[active] = reached[going]
            step += 1
            stops[active] = step
            active = active[self._lengths[active] > step]
        return stops, states

    def _rests_of(self, start: int, stops: Ints, states: Ints) -> Ints:
        """The rest of each token, in byte order."""
        found = np.zeros(len(stops), dtype=np.int32)
        whole = stops == self._lengths
        ends = np.zeros(len(self.lexicon.reach), dtype=np.int32)
        for state in np.unique(states[whole]).tolist():
            ends[state] = self.end(state)
        found[whole] = ends[states[whole]]
        untouched = np.flatnonzero(stops == 0)
        if len(untouched):
            found[untouched] = self._untouched(start)[untouched]
        for at in np.flatnonzero(~whole & (stops > 0)).tolist():
            token, stop = self.tokens[self._order[at]], int(stops[at])
            found[at] = self._ended(int(states[at]), token[:stop], token[stop:], begun_before=True)
        return found

    def _untouched(self, state: int) -> Ints:
        """The rests of all tokens if a lexeme ends before them."""
        lexicon = self.lexicon
        terminals = lexicon.lexeme[state]
        if not terminals:
            return np.zeros(len(self._order), dtype=np.int32)
        if lexicon.resume[state] != DEAD:
            stops, states = self._walk(lexicon.resume[state])
            choices = [(lexicon.mode[state], self._rests_of(lexicon.resume[state], stops, states))]
        else:
            choices = [(mode, self._fresh_rests(mode)) for mode in self._modes_after(state, terminals)]
        blank = b"" if lexicon.in_newline[state] and lexicon.newline >= 0 else None
        pattern = np.stack([rests for _, rests in choices])
        different, inverse = np.unique(pattern, axis=1, return_inverse=True) if len(choices) > 1 else _unique(pattern[0])
        made = [
            self._stepped(terminals, [(mode, int(rest)) for (mode, _), rest in zip(choices, column, strict=True)], blank)
            for column in different.T
        ]
        return np.array(made, dtype=np.int32)[inverse.reshape(-1)]

    def _fresh_rests(self, mode: int) -> Ints:
        known = self._fresh.get(mode)
        if known is None:
            scanned = [self._scan(mode, self.tokens[token]) for token in self._order.tolist()]
            known = self._fresh[mode] = np.array(scanned, dtype=np.int32)
        return known

    def _modes_after(self, state: int, terminals: int) -> tuple[int, ...]:
        """The modes that may read on after a lexeme of `state`."""
        own = self.lexicon.mode[state]
        if terminals & self.lexicon.ignored:
            return (own,)
        found = {own} if terminals & self.lexicon.skipped else set()
        for terminal, modes in enumerate(self.lexicon.after):
            if terminals >> terminal & 1:
                found.update(modes)
        return tuple(sorted(found))

    def _scan(self, mode: int, text: bytes) -> int:
        """The rest of a text that starts a lexeme."""
        return self._scan_from(self.lexicon.starts[mode], text, begun_before=False)

    def _scan_from(self, start: int, text: bytes, *, begun_before: bool) -> int:
        key = (start, text)
        known = self._scanned.get(key)
        if known is not None:
            return known
        state, delta = start, self._delta
        for at, byte in enumerate(text):
            reached = delta[state][byte]
            if reached == DEAD:
                rest = self._ended(state, text[:at], text[at:], begun_before=begun_before)
                break
            state = reached
        else:
            rest = self.end(state)
        self._scanned[key] = rest
        return rest

    def _ended(self, state: int, lexeme: bytes, left: bytes, *, begun_before: bool) -> int:
        """The rest of a text whose first lexeme ends, or its part in this token does."""
        lexicon = self.lexicon
        terminals = lexicon.lexeme[state]
        if not terminals or len(left) > _TOO_LONG:
            return NOTHING
        if lexicon.resume[state] != DEAD:
            choices = [(lexicon.mode[state], self._scan_from(lexicon.resume[state], left, begun_before=True))]
        elif not lexeme and not begun_before:
            return NOTHING
        else:
            choices = [(mode, self._scan(mode, left)) for mode in self._modes_after(state, terminals)]
        blank = None
        if lexicon.newline >= 0 and lexicon.in_newline[state]:
            line = lexeme.rfind(b"\n")
            # A relative one, without the line end that began it, is completed by the text before the token.
            blank = lexeme[line:] if line >= 0 else lexeme
        return self._stepped(terminals, choices, blank)

    def _stepped(self, terminals: int, choices: list[tuple[int, int]], blank: bytes | None) -> int:
        steps = tuple((terminals, mode, rest, blank) for mode, rest in choices if rest != NOTHING)
        return self._number((0, steps)) if steps else NOTHING

    def _grouped(self, state: int, found: Ints) -> Row:
        present = np.zeros(len(self.rests), dtype=bool)
        present[found] = True
        present[NOTHING] = True
        groups = np.flatnonzero(present)
        index = np.zeros(len(self.rests), dtype=np.int32)
        index[groups] = np.arange(len(groups))
        narrow = np.uint16 if len(groups) < 1 << 16 else np.int32
        group_of = np.zeros(len(self.tokens), dtype=narrow)
        group_of[self._order] = index[found].astype(narrow)
        numbers = groups.tolist()
        return Row(numbers, group_of, self._by_blank(state, numbers))

    def _by_blank(self, state: int, groups: list[int]) -> dict[bytes | None, list[int]]:
        if self.lexicon.newline < 0 or not self.lexicon.in_newline[state]:
            return {}
        found: dict[bytes | None, list[int]] = {}
        for index, rest in enumerate(groups):
            if index:
                becoming, steps = self.rests[rest]
                found.setdefault(None if becoming else steps[0][3], []).append(index)
        return found


def _unique(values: Ints) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    different, inverse = np.unique(values, return_inverse=True)
    return different.reshape(1, -1), inverse


def ends_line(blank: bytes) -> bool:
    """Whether blank text holds the line end that began it, and so says the whole width of the next line.

    >>> ends_line(b"\\n  "), ends_line(b"  ")
    (True, False)
    """
    return blank[:1] == bytes((NEWLINE_BYTE,))
