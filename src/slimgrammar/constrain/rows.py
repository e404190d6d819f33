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
from slimgrammar.constrain.walk import Ints, Walk
from slimgrammar.vocab.base import UnknownToken, Vocabulary

NOTHING: Final = 0
# A group of more tokens takes less room as bits than as a list.
_MANY: Final = 3000
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
        self._walk: Walk | None = None
        self._begun: dict[tuple[int, int], Ints] = {}

    def restore(self, rests: list[Rest], rows: dict[int, Row]) -> None:
        """Take over what another object has worked out for the same lexicon and tokens."""
        self.rests[:] = rests
        self._numbers = {rest: number for number, rest in enumerate(rests)}
        self.rows = rows

    def complete(self) -> None:
        """Work out all rows, and let go of what only working them out needs."""
        for state in range(len(self.lexicon.reach)):
            self.row(state)
        self._walk = None
        self._begun.clear()

    def row(self, state: int) -> Row:
        """What tokens do from a lexer state that is inside a lexeme."""
        known = self.rows.get(state)
        if known is None:
            self._walk = self._walk or Walk(self.tokens, self.lexicon.delta)
            known = self.rows[state] = self._grouped(self._walk, state, *self._read(self._walk, state))
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

    def _read(self, walk: Walk, state: int) -> tuple[Ints, Ints]:
        """The tokens whose first byte goes on a lexeme, by their positions, and the rest of each.

        What follows a first byte depends on the state after it only, to which many states come.
        """
        onward = [(byte, follower) for byte, follower in enumerate(self._delta[state]) if follower != DEAD]
        missing = walk.starting([begun[0] for begun in onward if begun not in self._begun])
        rests = self._rests_of(walk, missing, *walk.read(state, missing))
        parts, used = [], 0
        for begun in onward:
            known = self._begun.get(begun)
            if known is None:
                known = rests[used : used + walk.count(begun[0])]
                used += len(known)
                if walk.comers[begun] > 1:
                    self._begun[begun] = known.copy()
            parts.append(known)
        touched = walk.starting([byte for byte, _ in onward])
        return touched, np.concatenate(parts) if parts else rests

    def _rests_of(self, walk: Walk, touched: Ints, stops: Ints, states: Ints) -> Ints:
        """The rest of each of these tokens."""
        found = np.zeros(len(touched), dtype=np.int32)
        whole = stops == walk.lengths[touched]
        ends = np.zeros(len(self.lexicon.reach), dtype=np.int32)
        for state in np.flatnonzero(np.bincount(states[whole], minlength=1)).tolist():
            ends[state] = self.end(state)
        found[whole] = ends[states[whole]]
        cut = np.flatnonzero(~whole)
        numbers = walk.order[touched[cut]].tolist()
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

    def _grouped(self, walk: Walk, state: int, touched: Ints, found: Ints) -> Row:
        order = walk.order[touched]
        counts = np.bincount(found, minlength=len(self.rests))
        counts[NOTHING] = 0
        groups = np.flatnonzero(counts)
        number = np.zeros(len(self.rests), dtype=np.int32)
        number[groups] = np.arange(len(groups))
        many = counts > _MANY
        large = {int(number[rest]): self._packed(order[found == rest]) for rest in np.flatnonzero(many)}
        small = (found != NOTHING) & ~many[found]
        ends = self.lexicon.delta[state] == DEAD
        fresh = self._first_bytes(walk, ends)
        numbers: list[int] = groups.tolist()
        by_blank = self._by_blank(state, numbers)
        return Row(numbers, large, order[small], number[found[small]].astype(np.uint16), fresh, by_blank)

    def _first_bytes(self, walk: Walk, chosen: NDArray[np.bool_]) -> Bits:
        """The tokens whose first byte is chosen, as bits; equal choices share theirs."""
        key = chosen.tobytes()
        known = self._shared.get(key)
        if known is None:
            known = self._shared[key] = self._packed(walk.order[walk.starting(np.flatnonzero(chosen).tolist())])
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
