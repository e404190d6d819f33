"""Parser stacks that share their lower parts, and what one more terminal does to them.

A stack is a number: its top state and the stack below stand in lists, so that a hundred thousand of them are next to nothing to
the garbage collector. Equal pushes give the same number, so whatever was found out about a stack is found again. Most answers
depend on the upper states alone; so every answer says how far down it looked: its *floor*, the height of the highest state that
it did not look at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from slimgrammar.constrain.lexicon import Lexicon
from slimgrammar.constrain.tables import END, Tables

if TYPE_CHECKING:
    from slimgrammar.constrain.buckets import Result
    from slimgrammar.constrain.packing import Bits

Width = tuple[int, int]
# CPython's tokenizer refuses more.
MOST_INDENTS: Final = 100
# With more, a text goes on in a new set of stacks and the old one is dropped: some fifty megabytes.
_MOST_STACKS: Final = 100_000

# A stack's number; several where a text has several readings.
Stack = int
Nodes = tuple[Stack, ...]
# A step of a token: terminals of a lexeme that ends, the mode that reads on, what follows, and the blank text before the next
# line's first lexeme where the lexeme is a line end (None elsewhere).
Step = tuple[int, int, int, bytes | None]
# What a text does after some point: the terminals that its last, unfinished lexeme can become, or else steps to choose from.
Rest = tuple[int, tuple[Step, ...]]


class Parser:
    """What all stacks of a grammar share.

    Attributes:
        tables: the grammar's tables.
        lexicon: its lexer.
        openers: terminals that open a bracket, as bits.
        closers: terminals that close one.
        indent: the terminal of a deeper line, or -1.
        dedent: the terminal of the end of a block, or -1.
        end: the terminal of the end of the text.
        every: all terminals, as bits.
        rests: the rests that steps refer to by number.
        shift_bits: state → the terminals that it shifts, as bits.
    """

    def __init__(
        self, tables: Tables, lexicon: Lexicon, *, openers: int = 0, closers: int = 0, indent: int = -1, dedent: int = -1
    ) -> None:
        self.tables, self.lexicon = tables, lexicon
        self.openers, self.closers, self.indent, self.dedent = openers, closers, indent, dedent
        self.end = tables.numbers[END]
        self.every = (1 << len(tables.names)) - 1
        self.rests: list[Rest] = []
        self.shift_bits = [sum(1 << terminal for terminal in row) for row in tables.shifts]

    def wanted_by(self, becoming: int) -> int:
        """The terminals that a lexeme which can become some terminals may be for the parser: a comment stands for a line end."""
        return becoming | self.lexicon.line_ends if becoming & self.lexicon.ignored else becoming

    def useful(self, becoming: int, offered: int, *, inside: bool) -> bool:
        """Whether a lexeme that can become some terminals is of use where others are offered, in a bracket or not."""
        if becoming & self.lexicon.ignored & ~self.lexicon.comments:
            return True
        return bool(self.wanted_by(becoming) & (offered | self.lexicon.skipped if inside else offered))


class Stacks:
    """A set of stacks, each known by its number.

    Attributes:
        parser: what they share with the stacks of other sets.
        state: stack → the state on top.
        below: stack → the stack without it, or -1.
        height: stack → how many states it has.
        inside: stack → whether a bracket is open.
        widths: stack → the widths of the indented blocks around, outermost first.
        places: stack → its top state and `inside` in one number.
        most: with more stacks than this, a text should move to a new set.
        results: what buckets.py found out about stacks of this set,
        masks: and masks.py.
    """

    def __init__(self, parser: Parser) -> None:
        self.parser = parser
        self.state: list[int] = []
        self.below: list[Stack] = []
        self.height: list[int] = []
        self.inside: list[bool] = []
        self.widths: list[tuple[Width, ...]] = []
        self.places: list[int] = []
        self.most = _MOST_STACKS
        self.results: dict[int, Result] = {}
        self.masks: dict[tuple[Stack, int, bytes, bool], Bits] = {}
        self._states, self._terminals = len(parser.tables.shifts), len(parser.tables.names)
        self._bottoms: dict[int, Stack] = {}
        self._pushed: dict[int, Stack] = {}
        self._blocks: dict[tuple[Stack, tuple[Width, ...]], Stack] = {}
        self._shifted: dict[int, tuple[Nodes, int]] = {}
        self._opened_at: dict[Stack, int] = {}
        self._verdicts: dict[int, bool] = {}

    def __len__(self) -> int:
        return len(self.state)

    def bottom(self, start: str) -> Stack:
        """The stack on which a start symbol begins."""
        return self._bottom(self.parser.tables.starts[start])

    def _bottom(self, state: int) -> Stack:
        known = self._bottoms.get(state)
        if known is None:
            widths = ((0, 0),) if self.parser.lexicon.newline >= 0 else ()
            known = self._bottoms[state] = self._new(state, -1, False, widths)
        return known

    def _new(self, state: int, below: Stack, inside: bool, widths: tuple[Width, ...]) -> Stack:
        self.state.append(state)
        self.below.append(below)
        self.height.append(self.height[below] + 1 if below >= 0 else 1)
        self.inside.append(inside)
        self.widths.append(widths)
        self.places.append(state * 2 + inside)
        return len(self.state) - 1

    def push(self, stack: Stack, state: int) -> Stack:
        """The stack with one more state."""
        key = stack * self._states + state
        known = self._pushed.get(key)
        if known is None:
            parser, widths, inside, opened_at = self.parser, self.widths[stack], self.inside[stack], -1
            entered = parser.tables.entered_by[state]
            if entered >= 0:
                if entered == parser.dedent:
                    widths = widths[:-1]
                elif parser.openers >> entered & 1:
                    inside = True
                elif parser.closers >> entered & 1:
                    inside, opened_at = self._outside(stack)
            known = self._pushed[key] = self._new(state, stack, inside, widths)
            if opened_at >= 0:
                self._opened_at[known] = opened_at
        return known

    def _outside(self, stack: Stack) -> tuple[bool, int]:
        """Whether a bracket is open around the one that closes on a stack, and down to what height one has to look for it."""
        parser, depth, node = self.parser, 1, stack
        while depth and node >= 0:
            before = parser.tables.entered_by[self.state[node]]
            if before >= 0:
                depth += (parser.closers >> before & 1) - (parser.openers >> before & 1)
            node = self.below[node]
        return (self.inside[node], self.height[node] - 1) if node >= 0 else (False, 0)

    def push_block(self, stack: Stack, widths: tuple[Width, ...]) -> Stack:
        """The stack with the beginning of a block."""
        known = self._blocks.get((stack, widths))
        if known is None:
            state = self.parser.tables.shifts[self.state[stack]][self.parser.indent]
            known = self._blocks[stack, widths] = self._new(state, stack, self.inside[stack], widths)
        return known

    def moved(self, stack: Stack, target: Stacks) -> Stack:
        """The same stack in another set."""
        path: list[Stack] = []
        while stack >= 0:
            path.append(stack)
            stack = self.below[stack]
        found = target._bottom(self.state[path.pop()])
        for part in reversed(path):
            begins = self.parser.tables.entered_by[self.state[part]] == self.parser.indent >= 0
            found = target.push_block(found, self.widths[part]) if begins else target.push(found, self.state[part])
        target.most = max(target.most, 4 * target.height[found])
        return found

    def _reductions(self, stack: Stack, asked_for: int) -> list[tuple[Stack, int, int]]:
        """The stacks after each reduction that some terminals ask for: (stack, terminals that ask, floor)."""
        found = []
        tables = self.parser.tables
        for nonterminal, count, asked in tables.reductions[self.state[stack]]:
            asked &= asked_for
            if asked:
                base = stack
                for _ in range(count):
                    base = self.below[base]
                reduced = self.push(base, tables.gotos[self.state[base]][nonterminal])
                found.append((reduced, asked, self.height[base] - 1))
        return found

    def shift(self, stack: Stack, terminal: int) -> tuple[Nodes, int]:
        """The stacks after a terminal, and the floor."""
        key = stack * self._terminals + terminal
        known = self._shifted.get(key)
        if known is None:
            found: list[Stack] = []
            floor = self.height[stack] - 1
            queue = [stack]
            for top in queue:
                state = self.parser.tables.shifts[self.state[top]].get(terminal)
                if state is not None:
                    found.append(self.push(top, state))
                for reduced, _, lowest in self._reductions(top, 1 << terminal):
                    floor = min(floor, lowest)
                    if reduced not in queue:
                        queue.append(reduced)
            known = self._shifted[key] = (tuple(found), floor)
        return known

    def offered(self, stack: Stack, wanted: int) -> tuple[int, int]:
        """Which of some terminals a stack can take next, as bits, and the floor."""
        bits, floor = 0, self.height[stack] - 1
        queue = [(stack, wanted)]
        for top, asked_for in queue:
            bits |= self.parser.shift_bits[self.state[top]] & asked_for
            for reduced, asked, lowest in self._reductions(top, asked_for & ~bits):
                floor = min(floor, lowest)
                if (reduced, asked) not in queue:
                    queue.append((reduced, asked))
        return bits, floor

    def verdict(self, stack: Stack, rest: int) -> bool:
        """Whether a text that goes on as `rest` can be completed on a stack."""
        key = rest << 32 | stack
        known = self._verdicts.get(key)
        if known is None:
            becoming, steps = self.parser.rests[rest]
            known = bool(becoming) and self.unfinished(stack, becoming)
            known = self._verdicts[key] = known or any(self._step(stack, step) for step in steps)
        return known

    def unfinished(self, stack: Stack, becoming: int) -> bool:
        """Whether a stack has a use for a lexeme that can become one of some terminals."""
        offered, _ = self.offered(stack, self.parser.wanted_by(becoming))
        return self.parser.useful(becoming, offered, inside=self.inside[stack])

    def _step(self, stack: Stack, step: Step) -> bool:
        terminals, mode, rest, blank = step
        modes = self.parser.lexicon.parser_mode
        nodes, _ = self.take(stack, terminals, blank)
        return any(modes[self.state[after]] == mode and self.verdict(after, rest) for after in nodes)

    def take(self, stack: Stack, terminals: int, blank: bytes | None) -> tuple[Nodes, int]:
        """The stacks after a lexeme, and the floor, which is 0 after a line end that counts.

        Args:
            stack: the stack before it.
            terminals: what the lexeme may be, as bits.
            blank: for a line end, the blank text before the next line's first lexeme.
        """
        lexicon, floor = self.parser.lexicon, self.height[stack]
        if terminals & lexicon.ignored:
            return (stack,), floor
        found: Nodes = ()
        while terminals:
            terminal = (terminals & -terminals).bit_length() - 1
            terminals &= terminals - 1
            nodes, lowest = self.shift(stack, terminal)
            if nodes and blank is not None and terminal == lexicon.newline:
                nodes, lowest = self.laid_out(nodes, width(blank)), 0
            elif nodes and self.parser.closers >> terminal & 1:
                lowest = min(lowest, *(self._opened_at.get(after, lowest) for after in nodes))
            elif not nodes and self.inside[stack] and lexicon.skipped >> terminal & 1:
                nodes = (stack,)
            floor = min(floor, lowest)
            found += nodes
        return found, floor

    def laid_out(self, nodes: Nodes, new: Width) -> Nodes:
        """The stacks after a line end, when the next line begins at width `new`: indented, dedented, or as they are."""
        found: list[Stack] = []
        for start in nodes:
            queue = [start]
            for node in queue:
                last = self.widths[node][-1]
                if last == new:
                    found.append(node)
                elif last[0] < new[0] and last[1] < new[1]:
                    found += self._indented(node, new) if node == start else ()
                elif last[0] > new[0] and last[1] > new[1]:
                    queue += self.shift(node, self.parser.dedent)[0]
        return tuple(found)

    def _indented(self, stack: Stack, new: Width) -> list[Stack]:
        widths = (*self.widths[stack], new)
        if len(widths) > MOST_INDENTS:
            return []
        return [self.push_block(self.below[after], widths) for after in self.shift(stack, self.parser.indent)[0]]

    def finishes(self, stack: Stack, *, at_line_end: bool) -> bool:
        """Whether the text may end on this stack; with layout, a line end is implied unless it stands at one."""
        parser, newline = self.parser, self.parser.lexicon.newline
        queue = [stack]
        if newline >= 0 and not at_line_end:
            queue += self.shift(stack, newline)[0]
        for top in queue:
            if self.shift(top, parser.end)[0]:
                return True
            if parser.dedent >= 0 and len(self.widths[top]) > 1:
                queue += self.shift(top, parser.dedent)[0]
        return False


def width(blank: bytes) -> Width:
    """The column that blank text at the start of a line reaches, with tabs to multiples of 8, and with tabs as one column.

    CPython wants both to agree on what is deeper.

    >>> width(b"  "), width(b"\\t ")
    ((2, 2), (9, 2))
    """
    column = other = 0
    for byte in blank:
        if byte == 0x20:
            column, other = column + 1, other + 1
        elif byte == 0x09:
            column, other = (column // 8 + 1) * 8, other + 1
        else:
            column = other = 0
    return column, other
