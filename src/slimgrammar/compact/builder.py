"""What the two readers share: a canonical stream that grows, its blocks, and where each item came from."""

from __future__ import annotations

from typing import Final

from slimgrammar.compact.stream import CLOSE, NEWLINE, OPEN, OPEN_ONE, OPEN_SIMPLE

# What a block holds so far: a compound statement or a comment line; simple statements, one with a comment; no comment at all.
COMPLEX: Final = 0
COMMENTED: Final = 1
SIMPLE: Final = 2


class StructureError(Exception):
    """The tokens are no program; `index` is the token at which that shows."""

    def __init__(self, message: str, index: int) -> None:
        self.message = message
        self.index = index
        super().__init__(message)


class StreamBuilder:
    """A canonical stream under construction; `origins[i]` is the index of the token that `out[i]` came from."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.origins: list[int] = []
        self.index: int = 0
        self.start: int = 0  # where the statement being read starts in `out`
        # Blocks, outermost first: index of the opener, statements so far, what they are.
        self.openers: list[int] = [-1]
        self.counts: list[int] = [0]
        self.shapes: list[int] = [COMPLEX]

    def emit(self, token: str) -> None:
        """Appends one item and where it came from."""
        self.out.append(token)
        self.origins.append(self.index)

    def shape(self, at_most: int) -> None:
        """Notes what the innermost block holds."""
        if self.shapes[-1] > at_most:
            self.shapes[-1] = at_most

    def push_block(self) -> None:
        """Opens a block; `pop_block` corrects its opener."""
        self.counts[-1] += 1
        self.shapes[-1] = COMPLEX
        self.openers.append(len(self.out))
        self.counts.append(0)
        self.shapes.append(COMPLEX if self.out[-1][0] == "#" else SIMPLE)
        self.emit(OPEN)
        self.start = len(self.out)

    def pop_block(self) -> None:
        """Closes the innermost block and writes into its opener what it turned out to hold."""
        if self.counts[-1] == 0:  # its docstring was dropped, and that was all
            self.emit("pass")
            self.emit(NEWLINE)
            self.counts[-1] = 1
        self.emit(CLOSE)
        self.start = len(self.out)
        opener, count, shape = self.openers.pop(), self.counts.pop(), self.shapes.pop()
        if shape != COMPLEX and count == 1:
            self.out[opener] = OPEN_ONE
        elif shape == SIMPLE:
            self.out[opener] = OPEN_SIMPLE

    def close_statement(self) -> None:
        """Ends the statement at the end of `out`."""
        self.counts[-1] += 1
        self.emit(NEWLINE)
        self.start = len(self.out)
