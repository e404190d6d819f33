"""Parser stacks as linked nodes that are shared, and what one more terminal does to them.

A node is a stack: its top state and the node below. Equal pushes give the same node, so whatever was found out about a stack is
kept on its node and found again. A stack may also be *open*: only its upper part is known. Asked for more, it answers that it
needs to see further down; this is what lets one mask serve every stack with the same upper part.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from slimgrammar.constrain.lexicon import Lexicon
from slimgrammar.constrain.tables import END, Tables

NO: Final = 0
YES: Final = 1
# The answer depends on states below the known part of the stack,
DEEPER: Final = 2
# or on the widths of the indented blocks around, which an open stack does not hold.
LAYOUT: Final = 3

Width = tuple[int, int]
# CPython's tokenizer refuses more.
MOST_INDENTS: Final = 100
# With more, new texts begin on new stacks and the old ones are dropped.
_MOST_NODES: Final = 200_000


class Node:
    """A stack of parser states.

    Attributes:
        state: the state on top.
        parent: the stack below, None at the bottom.
        inside: whether a bracket is open; None where that depends on what is below an open stack.
        widths: the widths of the indented blocks around, outermost first; None in an open stack.
    """

    __slots__ = ("inside", "kids", "offers", "parent", "shifted", "state", "verdicts", "widths")

    def __init__(self, state: int, parent: Node | None, inside: bool | None, widths: tuple[Width, ...] | None) -> None:
        self.state, self.parent, self.inside, self.widths = state, parent, inside, widths
        self.kids: dict[tuple[int, tuple[Width, ...] | None], Node] = {}
        self.shifted: dict[int, tuple[tuple[Node, ...], bool]] = {}
        self.offers: tuple[int, int] | None = None
        self.verdicts: dict[int, int] = {}


Nodes = tuple[Node, ...]
# A step of a token: terminals of a lexeme that ends, the mode that reads on, what follows, and the blank text before the next
# line's first lexeme where the lexeme is a line end (None elsewhere).
Step = tuple[int, int, int, bytes | None]
# What a text does after some point: the terminals that its last, unfinished lexeme can become, or else steps to choose from.
Rest = tuple[int, tuple[Step, ...]]


@dataclass
class Parser:
    """Moves on stacks.

    Attributes:
        tables: the grammar's tables.
        lexicon: its lexer.
        openers: terminals that open a bracket, as bits.
        closers: terminals that close one.
        indent: the terminal of a deeper line, or -1.
        dedent: the terminal of the end of a block, or -1.
    """

    tables: Tables
    lexicon: Lexicon
    openers: int = 0
    closers: int = 0
    indent: int = -1
    dedent: int = -1
    rests: list[Rest] = field(default_factory=list)
    pushes: int = 0
    _bottoms: dict[str, Node] = field(default_factory=dict)
    _open: dict[tuple[int, bool | None], Node] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.end = self.tables.numbers[END]
        self._shift_bits = [sum(1 << terminal for terminal in row) for row in self.tables.shifts]

    def bottom(self, start: str) -> Node:
        """The stack on which a start symbol begins; the same one every time, so that what is known of its kids is kept."""
        if self.pushes > _MOST_NODES:
            self.pushes = 0
            self._bottoms.clear()
            self._open.clear()
        known = self._bottoms.get(start)
        if known is None:
            widths = ((0, 0),) if self.lexicon.newline >= 0 else ()
            known = self._bottoms[start] = Node(self.tables.starts[start], None, False, widths)
        return known

    def push(self, node: Node, state: int, widths: tuple[Width, ...] | None = None) -> Node:
        """The stack with one more state; `widths` are those of a new indented block."""
        key = (state, widths)
        kid = node.kids.get(key)
        if kid is None:
            entered = self.tables.entered_by[state]
            if widths is None:
                widths = node.widths[:-1] if entered == self.dedent >= 0 and node.widths else node.widths
            self.pushes += 1
            kid = node.kids[key] = Node(state, node, self._inside(node, entered), widths)
        return kid

    def _inside(self, below: Node, entered: int) -> bool | None:
        if entered < 0:
            return below.inside
        if self.openers >> entered & 1:
            return True
        if not self.closers >> entered & 1:
            return below.inside
        depth, node = 1, below
        while True:
            before = self.tables.entered_by[node.state]
            if before >= 0 and self.openers >> before & 1:
                depth -= 1
            elif before >= 0 and self.closers >> before & 1:
                depth += 1
            if node.parent is None:
                return None if node.widths is None else False
            node = node.parent
            if depth == 0:
                return node.inside

    def open_stack(self, node: Node, depth: int) -> Node:
        """The open stack of the uppermost `depth` states of `node`."""
        upper: list[Node] = []
        below: Node | None = node
        while below is not None and len(upper) < depth:
            upper.append(below)
            below = below.parent
        last = upper.pop()
        key = (last.state, last.inside)
        known = self._open.get(key)
        if known is None:
            known = self._open[key] = Node(last.state, None, last.inside, None)
        for entry in reversed(upper):
            # Base entries are kept apart by what the real stack knows of brackets.
            place = (-1 - entry.state * 2 - bool(entry.inside), None)
            kid = known.kids.get(place)
            if kid is None:
                kid = known.kids[place] = Node(entry.state, known, entry.inside, None)
            known = kid
        return known

    def _reduced(self, node: Node, nonterminal: str, count: int) -> Node | None:
        """The stack after a reduction, or None where an open stack ends before."""
        below: Node | None = node
        for _ in range(count):
            below = below.parent if below is not None else None
        return None if below is None else self.push(below, self.tables.gotos[below.state][nonterminal])

    def shift(self, node: Node, terminal: int) -> tuple[Nodes, bool]:
        """The stacks after a terminal, and whether there may be more below an open stack."""
        known = node.shifted.get(terminal)
        if known is not None:
            return known
        found: list[Node] = []
        deeper = False
        queue = [node]
        for stack in queue:
            state = self.tables.shifts[stack.state].get(terminal)
            if state is not None:
                found.append(self.push(stack, state))
            for nonterminal, count, asked in self.tables.reductions[stack.state]:
                if asked >> terminal & 1:
                    reduced = self._reduced(stack, nonterminal, count)
                    if reduced is None:
                        deeper = True
                    elif reduced not in queue:
                        queue.append(reduced)
        result = node.shifted[terminal] = (tuple(found), deeper)
        return result

    def offers(self, node: Node) -> tuple[int, int]:
        """The terminals that a stack can take next, and those for which an open stack must be seen deeper, as bits."""
        known = node.offers
        if known is not None:
            return known
        node.offers = (0, 0)  # a nullable rule that only repeats itself adds nothing
        sure, deeper = self._shift_bits[node.state], 0
        for nonterminal, count, asked in self.tables.reductions[node.state]:
            reduced = self._reduced(node, nonterminal, count)
            if reduced is None:
                deeper |= asked
            else:
                more_sure, more_deeper = self.offers(reduced)
                sure |= more_sure & asked
                deeper |= more_deeper & asked
        node.offers = (sure, deeper & ~sure)
        return node.offers

    def verdict(self, node: Node, rest: int) -> int:
        """Whether a text that goes on as `rest` can be completed on a stack: `YES`, `NO`, `DEEPER` or `LAYOUT`."""
        known = node.verdicts.get(rest)
        if known is not None:
            return known
        becoming, steps = self.rests[rest]
        answer = self.unfinished(node, becoming) if becoming else NO
        for step in steps:
            if answer == YES:
                break
            found = self._step(node, step)
            answer = found if answer == NO or found == YES or (found == DEEPER and answer == LAYOUT) else answer
        node.verdicts[rest] = answer
        return answer

    def unfinished(self, node: Node, becoming: int) -> int:
        """Whether a stack has a use for a lexeme that can become one of some terminals."""
        if becoming & self.lexicon.ignored:
            if becoming & self.lexicon.ignored & ~self.lexicon.comments:
                return YES
            becoming |= self.lexicon.line_ends
        sure, deeper = self.offers(node)
        if becoming & sure:
            return YES
        if becoming & self.lexicon.skipped and node.inside is not False:
            return YES if node.inside else DEEPER
        return DEEPER if becoming & deeper else NO

    def _step(self, node: Node, step: Step) -> int:
        terminals, mode, rest, blank = step
        nodes, doubt = self.take(node, terminals, blank)
        answer = doubt
        for after in nodes:
            if self.lexicon.parser_mode[after.state] != mode:
                continue
            found = self.verdict(after, rest)
            if found == YES:
                return YES
            answer = found if answer == NO or found == DEEPER else answer
        return answer

    def take(self, node: Node, terminals: int, blank: bytes | None) -> tuple[Nodes, int]:
        """The stacks after a lexeme, and `DEEPER` or `LAYOUT` where there may be more.

        Args:
            node: the stack before it.
            terminals: what the lexeme may be, as bits.
            blank: for a line end, the blank text before the next line's first lexeme.
        """
        if terminals & self.lexicon.ignored:
            return (node,), NO
        found: tuple[Node, ...] = ()
        doubt = NO
        remaining = terminals
        while remaining:
            terminal = (remaining & -remaining).bit_length() - 1
            remaining &= remaining - 1
            nodes, deeper = self.shift(node, terminal)
            if deeper:
                doubt = DEEPER
            if nodes and blank is not None and terminal == self.lexicon.newline:
                if node.widths is None:
                    return (), DEEPER if deeper else LAYOUT
                nodes = self.laid_out(nodes, width(blank))
            elif not nodes and not deeper and self.lexicon.skipped >> terminal & 1 and node.inside is not False:
                if node.inside is None:
                    doubt = DEEPER
                else:
                    nodes = (node,)
            found += nodes
        return found, doubt

    def laid_out(self, nodes: Nodes, new: Width) -> Nodes:
        """The stacks after a line end, when the next line begins at width `new`: indented, dedented, or as they are."""
        found: list[Node] = []
        for start in nodes:
            queue = [start]
            for node in queue:
                last = (node.widths or ((0, 0),))[-1]
                if last == new:
                    found.append(node)
                elif last[0] < new[0] and last[1] < new[1]:
                    found += self._indented(node, new) if node is start else ()
                elif last[0] > new[0] and last[1] > new[1]:
                    queue += self.shift(node, self.dedent)[0]
        return tuple(found)

    def _indented(self, node: Node, new: Width) -> list[Node]:
        widths = (*(node.widths or ()), new)
        if len(widths) > MOST_INDENTS:
            return []
        parents = [after.parent for after in self.shift(node, self.indent)[0]]
        return [
            self.push(below, self.tables.shifts[below.state][self.indent], widths) for below in parents if below is not None
        ]

    def finishes(self, node: Node, *, at_line_end: bool) -> bool:
        """Whether the text may end on this stack; with layout, a line end is implied unless it stands at one."""
        queue = [node]
        if self.lexicon.newline >= 0 and not at_line_end:
            queue += self.shift(node, self.lexicon.newline)[0]
        for stack in queue:
            if self.shift(stack, self.end)[0]:
                return True
            if self.dedent >= 0 and stack.widths and len(stack.widths) > 1:
                queue += self.shift(stack, self.dedent)[0]
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
