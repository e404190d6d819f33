"""A vocabulary read by a lexer: for each lexer state, what every token of the vocabulary does from there.

What a token does is a *rest*: the lexemes that end in it, in order, and what its last, unfinished lexeme can become. Tokens
with the same rest are one group, of which there are some thousands among 150,000 tokens; the parser judges groups only. After a
lexeme ends, the text that is left starts the next one whatever went before, so rests are shared by all states.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from slimgrammar.constrain.lexer import DEAD
from slimgrammar.constrain.lexicon import NEWLINE_BYTE, Lexicon
from slimgrammar.constrain.packing import Bits, pack
from slimgrammar.constrain.parser import Rest, Step
from slimgrammar.vocab.base import UnknownToken, Vocabulary

Ints = NDArray[np.int32]
NOTHING: Final = 0
# A group of more tokens takes less room as bits than as a list.
_MANY: Final = 3000
# A state that more bytes than these leave as it is, is passed at once, if it is one of the most frequent kinds.
_MOST_BYTES: Final = 100
_MOST_LOOPS: Final = 16
_SPECIAL: Final = re.compile(rb"<.+>|\[.+\]", re.DOTALL)


@dataclass(frozen=True, eq=False)
class Row:
    """What tokens do from one lexer state, in groups of tokens that do the same.

    Tokens whose first byte ends the lexeme are left out where the state is inside one: whatever the lexeme, they then do what
    they do as fresh text.

    Attributes:
        groups: the rest of each group.
        large: for groups of many tokens, the tokens as bits.
        tokens: the tokens of all other groups,
        group_of: and the group of each.
        fresh: tokens that are left out, as bits.
        by_blank: where the state is inside a line end, blank text that a token adds before it ends it → groups; None for tokens
            that do not end it. Empty elsewhere.
    """

    groups: list[int]
    large: dict[int, Bits]
    tokens: Ints
    group_of: NDArray[np.uint16]
    fresh: Bits
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


class _Index:
    """The tokens in byte order, to be walked all at once."""

    def __init__(self, tokens: list[bytes]) -> None:
        order = sorted((number for number, token in enumerate(tokens) if token), key=lambda number: tokens[number])
        self.order = np.array(order, dtype=np.int32)
        self.blob = np.frombuffer(b"".join(tokens[number] for number in order) or b"\0", dtype=np.uint8)
        self.lengths = np.array([len(tokens[number]) for number in order], dtype=np.int32)
        self.offsets = (np.cumsum(self.lengths) - self.lengths).astype(np.int32)
        self.ends = self.offsets + self.lengths
        # Where the tokens of each first byte begin.
        self.first = np.searchsorted(self.blob[self.offsets], np.arange(257)).astype(np.int32)

    def starting(self, first_bytes: NDArray[np.intp]) -> Ints:
        """Positions of the tokens that start with one of some bytes."""
        spans = [np.arange(self.first[byte], self.first[byte + 1], dtype=np.int32) for byte in first_bytes]
        return np.concatenate(spans) if spans else np.zeros(0, dtype=np.int32)


class _Loops:
    """States that most bytes leave as they are, as in strings and comments, and how far a text goes in them at once."""

    def __init__(self, delta: NDArray[np.int32], blob: NDArray[np.uint8]) -> None:
        own = delta == np.arange(len(delta))[:, None]
        many = np.flatnonzero(own.sum(axis=1) > _MOST_BYTES)
        kinds, of_state = np.unique(own[many], axis=0, return_inverse=True)
        used = np.argsort(np.bincount(of_state.reshape(-1), minlength=len(kinds)))[::-1][:_MOST_LOOPS]
        # The last row, for all other states, does not move.
        rank = np.full(len(kinds) + 1, len(used), dtype=np.int8)
        rank[used] = np.arange(len(used))
        self.kind = np.full(len(delta), len(used), dtype=np.int8)
        self.kind[many] = rank[of_state.reshape(-1)]
        here = np.arange(len(blob), dtype=np.int32)
        stops = [np.where(kinds[kind][blob], len(blob), here) for kind in used]
        self.onward = np.stack([*(np.minimum.accumulate(stop[::-1])[::-1] for stop in stops), here]).astype(np.int32)


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
        self._shared: dict[bytes, Bits] = {}
        self._modes: dict[int, tuple[int, ...]] = {}
        self._scanned: dict[tuple[int, bytes], int] = {}
        self._delta: list[list[int]] = lexicon.delta.tolist()
        self._index: _Index | None = None
        self._loops: _Loops | None = None

    def restore(self, rests: list[Rest], rows: dict[int, Row]) -> None:
        """Take over what another object has worked out for the same lexicon and tokens."""
        self.rests[:] = rests
        self._numbers = {rest: number for number, rest in enumerate(rests)}
        self.rows = rows

    def complete(self) -> None:
        """Work out all rows."""
        for state in range(len(self.lexicon.reach)):
            self.row(state)

    def row(self, state: int) -> Row:
        """What tokens do from a lexer state that is inside a lexeme."""
        known = self.rows.get(state)
        if known is None:
            if self._index is None or self._loops is None:
                self._index = _Index(self.tokens)
                self._loops = _Loops(self.lexicon.delta, self._index.blob)
            touched, stops, states = self._walk(self._index, self._loops, state)
            found = self._rests_of(self._index, touched, stops, states)
            known = self.rows[state] = self._grouped(self._index, touched, found, state)
        return known

    def fresh(self, mode: int) -> Row:
        """What all tokens do at the start of a lexeme."""
        return self.row(self.lexicon.starts[mode])

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

    def _walk(self, index: _Index, loops: _Loops, start: int) -> tuple[Ints, Ints, Ints]:
        """The tokens whose first byte goes on a lexeme; for each, how many bytes the lexeme takes, and the state after them."""
        flat = self.lexicon.delta.reshape(-1)
        touched = index.starting(np.flatnonzero(self.lexicon.delta[start] != DEAD))
        states = np.full(len(touched), start, dtype=np.int32)
        at, ends = index.offsets[touched], index.ends[touched]
        stops = at.copy()
        active = np.arange(len(touched), dtype=np.int32)
        state, end = states, ends
        while len(active):
            at = np.minimum(loops.onward[loops.kind[state], at], end)
            stops[active] = at
            going = at < end
            active, at, end, state = active[going], at[going], end[going], state[going]
            state = flat[state * 256 + index.blob[at]]
            going = state != DEAD
            active, at, end, state = active[going], at[going] + 1, end[going], state[going]
            stops[active], states[active] = at, state
        return touched, stops - index.offsets[touched], states

    def _rests_of(self, index: _Index, touched: Ints, stops: Ints, states: Ints) -> Ints:
        """The rest of each of these tokens."""
        found = np.zeros(len(touched), dtype=np.int32)
        whole = stops == index.lengths[touched]
        ends = np.zeros(len(self.lexicon.reach), dtype=np.int32)
        for state in np.flatnonzero(np.bincount(states[whole], minlength=1)).tolist():
            ends[state] = self.end(state)
        found[whole] = ends[states[whole]]
        cut = np.flatnonzero(~whole)
        numbers = index.order[touched[cut]].tolist()
        for at, number, state, stop in zip(cut.tolist(), numbers, states[cut].tolist(), stops[cut].tolist(), strict=True):
            token = self.tokens[number]
            found[at] = self._ended(state, token[:stop], token[stop:])
        return found

    def modes_after(self, state: int) -> tuple[int, ...]:
        """The modes that may read on after the lexeme of a state."""
        known = self._modes.get(state)
        if known is None:
            known = self._modes[state] = self._modes_after(state, self.lexicon.lexeme[state])
        return known

    def _modes_after(self, state: int, terminals: int) -> tuple[int, ...]:
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
        return self._scan_from(self.lexicon.starts[mode], text)

    def _scan_from(self, start: int, text: bytes) -> int:
        key = (start, text)
        known = self._scanned.get(key)
        if known is not None:
            return known
        state, delta = start, self._delta
        for at, byte in enumerate(text):
            reached = delta[state][byte]
            if reached == DEAD:
                rest = self._ended(state, text[:at], text[at:])
                break
            state = reached
        else:
            rest = self.end(state)
        self._scanned[key] = rest
        return rest

    def _ended(self, state: int, lexeme: bytes, left: bytes) -> int:
        """The rest of a text whose first lexeme ends, or its part in this token does."""
        lexicon = self.lexicon
        terminals = lexicon.lexeme[state]
        if not terminals:
            return NOTHING
        if lexicon.resume[state] != DEAD:
            choices = [(lexicon.mode[state], self._scan_from(lexicon.resume[state], left))]
        else:
            choices = [(mode, self._scan(mode, left)) for mode in self.modes_after(state)]
        blank = None
        if lexicon.newline >= 0 and lexicon.in_newline[state]:
            line = lexeme.rfind(b"\n")
            # A relative one, without the line end that began it, is completed by the text before the token.
            blank = lexeme[line:] if line >= 0 else lexeme
        return self._stepped(terminals, choices, blank)

    def _stepped(self, terminals: int, choices: list[tuple[int, int]], blank: bytes | None) -> int:
        steps = tuple((terminals, mode, rest, blank) for mode, rest in choices if rest != NOTHING)
        return self._number((0, steps)) if steps else NOTHING

    def _grouped(self, index: _Index, touched: Ints, found: Ints, state: int) -> Row:
        order = index.order[touched]
        counts = np.bincount(found, minlength=len(self.rests))
        counts[NOTHING] = 0
        groups = np.flatnonzero(counts)
        number = np.zeros(len(self.rests), dtype=np.int32)
        number[groups] = np.arange(len(groups))
        many = counts > _MANY
        large = {int(number[rest]): self._packed(order[found == rest]) for rest in np.flatnonzero(many)}
        small = (found != NOTHING) & ~many[found]
        ends = self.lexicon.delta[state] == DEAD
        fresh = self._first_bytes(index, ends)
        numbers: list[int] = groups.tolist()
        by_blank = self._by_blank(state, numbers)
        return Row(numbers, large, order[small], number[found[small]].astype(np.uint16), fresh, by_blank)

    def _first_bytes(self, index: _Index, chosen: NDArray[np.bool_]) -> Bits:
        """The tokens whose first byte is chosen, as bits; equal choices share theirs."""
        key = chosen.tobytes()
        known = self._shared.get(key)
        if known is None:
            known = self._shared[key] = self._packed(index.order[index.starting(np.flatnonzero(chosen))])
        return known

    def _packed(self, tokens: Ints) -> Bits:
        """Tokens as bits."""
        chosen = np.zeros(len(self.tokens), dtype=bool)
        chosen[tokens] = True
        return pack(chosen)

    def _by_blank(self, state: int, groups: list[int]) -> dict[bytes | None, list[int]]:
        if self.lexicon.newline < 0 or not self.lexicon.in_newline[state]:
            return {}
        found: dict[bytes | None, list[int]] = {}
        for index, rest in enumerate(groups):
            becoming, steps = self.rests[rest]
            found.setdefault(None if becoming else steps[0][3], []).append(index)
        return found


def ends_line(blank: bytes) -> bool:
    """Whether blank text holds the line end that began it, and so says the whole width of the next line.

    >>> ends_line(b"\\n  "), ends_line(b"  ")
    (True, False)
    """
    return blank[:1] == bytes((NEWLINE_BYTE,))
