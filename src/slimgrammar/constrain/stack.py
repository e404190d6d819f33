"""Parser stacks that share their lower parts, and what one more terminal does to them.

A stack is a number: its top state and the stack below stand in lists, so that a hundred thousand of them are next to nothing to
the garbage collector. Equal pushes give the same number, so whatever was found out about a stack is found again. Most answers
depend on the upper states alone; so every answer says how far down it looked: its *floor*, the height of the highest state that
it did not look at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from slimgrammar.constrain.parser import BRACKETED, INSIDE, LINE, OUTSIDE, Moves, Parser, Reduction, Step

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


class Stacks:
    """A set of stacks, each known by its number.

    Attributes:
        parser: what they share with the stacks of other sets.
        state: stack → the state on top.
        below: stack → the stack without it, or -1.
        height: stack → how many states it has.
        bracketed: stack → whether a bracket is open, and what was skipped in it last.
        plain: stack → the same stack with nothing skipped.
        widths: stack → the widths of the indented blocks around, outermost first.
        places: stack → its top state and `bracketed` in one number.
        most: with more stacks than this, a text should move to a new set.
        results: what buckets.py found out about stacks of this set,
        masks: and masks.py.
    """

    def __init__(self, parser: Parser) -> None:
        self.parser = parser
        self.state: list[int] = []
        self.below: list[Stack] = []
        self.height: list[int] = []
        self.bracketed: list[int] = []
        self.plain: list[Stack] = []
        self.widths: list[tuple[Width, ...]] = []
        self.places: list[int] = []
        self.most = _MOST_STACKS
        self.results: dict[int, Result] = {}
        self.masks: dict[tuple[Stack, int, bytes, bool], Bits] = {}
        self._states, self._terminals = len(parser.tables.shifts), len(parser.tables.names)
        self._bottoms: dict[int, Stack] = {}
        self._pushed: dict[int, Stack] = {}
        self._turned: dict[tuple[Stack, int], Stack] = {}
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
            known = self._bottoms[state] = self._new(state, -1, OUTSIDE, widths)
        return known

    def _new(self, state: int, below: Stack, bracketed: int, widths: tuple[Width, ...]) -> Stack:
        self.state.append(state)
        self.below.append(below)
        self.height.append(self.height[below] + 1 if below >= 0 else 1)
        self.bracketed.append(bracketed)
        self.widths.append(widths)
        self.places.append(state * len(BRACKETED) + bracketed)
        self.plain.append(len(self.state) - 1)
        return len(self.state) - 1

    def turned(self, stack: Stack, bracketed: int) -> Stack:
        """The stack after something that brackets skip."""
        plain = self.plain[stack]
        if bracketed == self.bracketed[plain]:
            return plain
        known = self._turned.get((plain, bracketed))
        if known is None:
            known = self._new(self.state[plain], self.below[plain], bracketed, self.widths[plain])
            self._turned[plain, bracketed], self.plain[known] = known, plain
        return known

    def push(self, stack: Stack, state: int) -> Stack:
        """The stack with one more state."""
        stack = self.plain[stack]
        key = stack * self._states + state
        known = self._pushed.get(key)
        if known is None:
            parser, widths, bracketed, opened_at = self.parser, self.widths[stack], self.bracketed[stack], -1
            entered = parser.tables.entered_by[state]
            if entered >= 0:
                if entered == parser.dedent:
                    widths = widths[:-1]
                elif parser.openers >> entered & 1:
                    bracketed = INSIDE
                elif parser.closers >> entered & 1:
                    bracketed, opened_at = self._outside(stack)
            known = self._pushed[key] = self._new(state, stack, bracketed, widths)
            if opened_at >= 0:
                self._opened_at[known] = opened_at
        return known

    def _outside(self, stack: Stack) -> tuple[int, int]:
        """Whether a bracket is open around the one that closes on a stack, and down to what height one has to look for it."""
        parser, depth, node = self.parser, 1, stack
        while depth and node >= 0:
            before = parser.tables.entered_by[self.state[node]]
            if before >= 0:
                depth += (parser.closers >> before & 1) - (parser.openers >> before & 1)
            node = self.below[node]
        return (self.bracketed[node], self.height[node] - 1) if node >= 0 else (OUTSIDE, 0)

    def push_block(self, stack: Stack, widths: tuple[Width, ...]) -> Stack:
        """The stack with the beginning of a block."""
        known = self._blocks.get((stack, widths))
        if known is None:
            state = self.parser.tables.shifts[self.state[stack]][self.parser.indent]
            known = self._blocks[stack, widths] = self._new(state, stack, self.bracketed[stack], widths)
        return known

    def moved(self, stack: Stack, target: Stacks) -> Stack:
        """The same stack in another set."""
        path: list[Stack] = []
        bracketed = self.bracketed[stack]
        while stack >= 0:
            path.append(stack)
            stack = self.below[stack]
        found = target._bottom(self.state[path.pop()])
        for part in reversed(path):
            begins = self.parser.tables.entered_by[self.state[part]] == self.parser.indent >= 0
            found = target.push_block(found, self.widths[part]) if begins else target.push(found, self.state[part])
        target.most = max(target.most, 4 * target.height[found])
        return target.turned(found, bracketed)

    def _moves(self, stack: Stack) -> Moves:
        """What can be done on a stack."""
        below = self.below[stack]
        under = self.state[below] if below >= 0 else -1
        return self.parser.moves(under, self.state[stack])

    def _via(self, stack: Stack, state: int) -> Stack:
        """The stack with another state on top, to which reductions of one symbol lead."""
        return stack if state == self.state[stack] else self.push(self.below[stack], state)

    def _reduced(self, stack: Stack, reduction: Reduction) -> tuple[Stack, int]:
        """The stack after a reduction, and the floor."""
        state, nonterminal, count, _ = reduction
        base = stack if count else self._via(stack, state)
        for _ in range(count):
            base = self.below[base]
        target = self.parser.tables.gotos[self.state[base]][nonterminal]
        return self.push(base, target), self.height[base] - 1

    def shift(self, stack: Stack, terminal: int) -> tuple[Nodes, int]:
        """The stacks after a terminal, and the floor."""
        key = stack * self._terminals + terminal
        known = self._shifted.get(key)
        if known is None:
            found: list[Stack] = []
            floor = self.height[stack] - 1
            queue = [stack]
            for top in queue:
                moves = self._moves(top)
                if moves.units >> terminal & 1:
                    floor = min(floor, self.height[top] - 2)
                for state, bits in moves.shifts:
                    if bits >> terminal & 1:
                        found.append(self.push(self._via(top, state), self.parser.tables.shifts[state][terminal]))
                for reduction in moves.reductions:
                    if reduction[3] >> terminal & 1:
                        reduced, lowest = self._reduced(top, reduction)
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
            moves = self._moves(top)
            if moves.units & asked_for:
                floor = min(floor, self.height[top] - 2)
            bits |= moves.offered & asked_for
            for reduction in moves.reductions:
                asked = reduction[3] & asked_for & ~bits
                if asked:
                    reduced, lowest = self._reduced(top, reduction)
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
        return self.parser.useful(becoming, offered, bracketed=self.bracketed[stack])

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
        lexicon, floor, bracketed = self.parser.lexicon, self.height[stack], self.bracketed[stack]
        if terminals & lexicon.ignored:
            return (stack,), floor
        found: Nodes = ()
        while terminals:
            terminal = (terminals & -terminals).bit_length() - 1
            terminals &= terminals - 1
            nodes, lowest = self.shift(stack, terminal) if bracketed < LINE else ((), floor)
            if nodes and blank is not None and terminal == lexicon.newline:
                nodes, lowest = self.laid_out(nodes, width(blank)), 0
            elif nodes and self.parser.closers >> terminal & 1:
                lowest = min(lowest, *(self._opened_at.get(after, lowest) for after in nodes))
            elif not nodes and terminal in self.parser.skips[bracketed]:
                nodes = (self.turned(stack, self.parser.skips[bracketed][terminal]),)
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
