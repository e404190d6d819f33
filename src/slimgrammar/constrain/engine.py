"""A grammar and a vocabulary, compiled: what all masks of the pair share, and how a text moves through it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from slimgrammar.constrain.lexer import DEAD
from slimgrammar.constrain.lexicon import NEWLINE_BYTE, Lexicon
from slimgrammar.constrain.masks import Masks
from slimgrammar.constrain.packing import Bits
from slimgrammar.constrain.parser import Parser
from slimgrammar.constrain.rows import Rows
from slimgrammar.constrain.stack import Nodes, Stacks, width
from slimgrammar.constrain.tables import Tables

if TYPE_CHECKING:
    from slimgrammar.constrain.specification import Specification

_BLANKS = frozenset(b" \t\f")


class Place(NamedTuple):
    """Where a text stands: the stacks below its last lexeme, which is not ended yet, and the lexer's state in that lexeme.

    Attributes:
        stacks: the set of the stacks.
        nodes: the parser's stacks, one per reading of the text.
        state: the lexer's state.
        blank: inside a line end, the blank text since.
        first: whether no lexeme has ended yet and the text counts as the beginning of a line.
        tail: in the `symbols` dialect, what an escape leaves open; symbols.py keeps it.
    """

    stacks: Stacks
    nodes: Nodes
    state: int
    blank: bytes = b""
    first: bool = False
    tail: bytes = b""


@dataclass(frozen=True)
class Compiled:
    """A grammar without a vocabulary.

    Attributes:
        name: what messages call it.
        roles: `//!` directive → names of terminals.
        tables: what the parser does.
        lexicon: what the lexer does.
    """

    name: str
    roles: dict[str, frozenset[str]]
    tables: Tables
    lexicon: Lexicon


def compile_grammar(specification: Specification) -> Compiled:
    """The tables and the lexer of a grammar.

    Raises:
        GrammarProblem: it is not LALR(1), or a terminal matches the empty text.
        UnsupportedPattern: a regular expression is more than an automaton can do.
    """
    from slimgrammar.constrain import lalr, lexicon

    tables = lalr.build(specification)
    return Compiled(specification.name, specification.roles, tables, lexicon.build(specification, tables))


class Engine:
    """Texts of a grammar, byte by byte, and masks over a vocabulary."""

    def __init__(self, compiled: Compiled, tokens: list[bytes]) -> None:
        """Join a compiled grammar and the bytes of each token id (b"" for one that is never allowed)."""
        self.compiled, self.tokens = compiled, tokens
        self.lexicon = lexicon = compiled.lexicon
        numbers, roles = compiled.tables.numbers, compiled.roles

        def bits(role: str) -> int:
            return sum(1 << numbers[name] for name in roles.get(role, ()))

        def only(role: str) -> int:
            return next((numbers[name] for name in roles.get(role, ())), -1)

        self.parser = Parser(
            compiled.tables,
            lexicon,
            openers=bits("open"),
            closers=bits("close"),
            indent=only("indent"),
            dedent=only("dedent"),
        )
        self.stacks = Stacks(self.parser)
        self.rows = Rows(lexicon, tokens, self.parser.rests)
        self.masks = Masks(self.parser, self.rows)
        self._delta: list[list[int]] = lexicon.delta.tolist()

    def start(self, symbol: str) -> Place:
        """The beginning of a text of a start symbol."""
        stacks = self._roomy()
        bottom = stacks.bottom(symbol)
        state = self.lexicon.starts[self.lexicon.parser_mode[stacks.state[bottom]]]
        if self.lexicon.newline < 0 or stacks.offered(bottom, 1 << self.lexicon.newline)[0]:
            return Place(stacks, (bottom,), state)
        # The first line is read as if a line end stood before it: its indentation counts.
        return Place(stacks, (bottom,), self._delta[state][NEWLINE_BYTE], b"", True)

    def _roomy(self) -> Stacks:
        """A set of stacks with room for more."""
        if len(self.stacks) > self.stacks.most:
            self.stacks = Stacks(self.parser)
        return self.stacks

    def feed(self, place: Place, text: bytes) -> Place | None:
        """The place after more text, or None where it cannot be completed any more."""
        stacks, nodes, state, blank, first, _ = place
        if len(stacks) > stacks.most:
            old, stacks = stacks, self._roomy()
            nodes = tuple(old.moved(node, stacks) for node in nodes)
        lexicon, delta = self.lexicon, self._delta
        for byte in text:
            reached = delta[state][byte]
            while reached == DEAD:
                if not lexicon.lexeme[state]:
                    return None
                nodes = self._ended(stacks, nodes, state, blank, first)
                if not nodes:
                    return None
                first, blank = False, b""
                state = lexicon.resume[state]
                if state == DEAD:
                    state = lexicon.starts[lexicon.parser_mode[stacks.state[nodes[0]]]]
                reached = delta[state][byte]
            state = reached
            if lexicon.in_newline[state]:
                blank = blank + bytes((byte,)) if byte in _BLANKS else b"" if byte == NEWLINE_BYTE else blank
        alive = self._alive(stacks, nodes, state, first)
        return Place(stacks, alive, state, blank, first) if alive else None

    def _alive(self, stacks: Stacks, nodes: Nodes, state: int, first: bool) -> Nodes:
        """The stacks that the unfinished lexeme suits."""
        if first:
            return nodes
        rest = self.rows.end(state)
        if len(nodes) == 1:
            return nodes if stacks.verdict(nodes[0], rest) else ()
        return tuple(node for node in nodes if stacks.verdict(node, rest))

    def _ended(self, stacks: Stacks, nodes: Nodes, state: int, blank: bytes, first: bool) -> Nodes:
        """The stacks after the lexeme of a state ends."""
        lexicon = self.lexicon
        if first:
            return stacks.laid_out(nodes, width(blank))
        terminals = lexicon.lexeme[state]
        layout = blank if lexicon.newline >= 0 and lexicon.in_newline[state] else None
        if len(nodes) == 1:
            return stacks.take(nodes[0], terminals, layout)[0]
        found = dict.fromkeys(after for node in nodes for after in stacks.take(node, terminals, layout)[0])
        return tuple(found)

    def allowed(self, place: Place) -> Bits:
        """The tokens that may come next, as bits; not to be written to."""
        return self.masks.bits(place.stacks, place.nodes, place.state, place.blank, first=place.first)

    def only_token(self, place: Place) -> int:
        """The one token that may come next, or -1 where there are several or none."""
        bits = self.allowed(place)
        words = np.flatnonzero(bits)
        if len(words) != 1:
            return -1
        word = int(bits[words[0]])
        return int(words[0]) * 32 + word.bit_length() - 1 if word & (word - 1) == 0 else -1

    def only_byte(self, place: Place) -> int:
        """The one byte that may come next, or -1 where there are several or none."""
        found = -1
        for byte in range(256):
            if self.feed(place, bytes((byte,))) is not None:
                if found >= 0:
                    return -1
                found = byte
        return found

    def can_grow(self, place: Place) -> bool:
        """Whether anything the parser sees can still be added: to the last lexeme, or after it."""
        stacks, nodes, state, _, first, _ = place
        lexicon, parser = self.lexicon, self.parser
        quiet = lexicon.ignored | (1 << lexicon.newline if lexicon.newline >= 0 else 0)
        after_all = parser.every & ~(1 << parser.end)
        if first:
            return any(stacks.offered(node, after_all)[0] for node in nodes)
        becoming = 0
        for target in set(self._delta[state]) - {DEAD}:
            becoming |= lexicon.reach[target]
        for node in nodes:
            if stacks.offered(node, becoming & ~quiet)[0]:
                return True
            for after in stacks.take(node, lexicon.lexeme[state], None)[0]:
                if stacks.offered(after, after_all & ~quiet)[0]:
                    return True
        return False

    def complete(self, place: Place) -> bool:
        """Whether the text may end here."""
        lexicon = self.lexicon
        if lexicon.newline < 0 and lexicon.line_ends:
            # Where line ends are terminals without layout, the text is read with one more.
            ended = self.feed(place, b"\n")
            if ended is None:
                return False
            place = ended
        stacks, nodes, state, _, first, _ = place
        if first or state in lexicon.starts:
            return any(stacks.finishes(node, at_line_end=True) for node in nodes)
        while state != DEAD:
            if lexicon.resume[state] == DEAD and not lexicon.ends[state]:
                return False
            terminals = lexicon.lexeme[state]
            nodes = tuple(after for node in nodes for after in stacks.take(node, terminals, None)[0])
            at_line_end = lexicon.newline >= 0 and terminals == 1 << lexicon.newline
            state = lexicon.resume[state]
        return any(stacks.finishes(node, at_line_end=at_line_end) for node in nodes)
