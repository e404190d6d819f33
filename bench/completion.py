"""A search for a completion of a program's beginning, to tell whether one exists; `ast` has the last word."""

from __future__ import annotations

import ast
import heapq
import re
import warnings
from typing import Final

from slimgrammar.constrain.engine import Engine, Place
from slimgrammar.constrain.grammar_mask import GrammarMask
from slimgrammar.errors import SlimError
from slimgrammar.syntax.check import check

# What may close or continue anything: operands, brackets, quotes, the ends of escapes and numbers, keywords' companions.
_PIECES: Final = (
    b")",
    b"]",
    b"}",
    b"'",
    b'"',
    b"'''",
    b'"""',
    b"\n",
    b"x",
    b" x",
    b":",
    b": pass\n",
    b" pass",
    b"0",
    b"1",
    b".",
    b"=x",
    b"=0",
    b",",
    b" in x",
    b" else x",
    b" import x",
    b" as x",
    b" not x",
    b" is x",
    b" for x in x",
    b"\n    pass\n",
    b"\n pass\n",
    b"()",
    b"0000",
    b"00000",
    b"00000000",
    b"{DASH}",
    b"DASH}",
    b"}'",
    b'}"',
    b"!r}",
    b" ",
    b"case x:\n",
    b"\n case x: pass\n",
    b"except: pass\n",
    b"finally: pass\n",
    b"def f(): pass\n",
    b"/",
    b"x=0",
    b" if x",
    b" lambda: x",
    b"j",
    b"x'",
    b"else",
    b"lse x",
    b"n x",
    b"or x",
    b"nd x",
    b"r x",
    b"f x",
    b"s x",
    b"ot in x",
    b">x",
)
# What may complete a character, of which every byte but the first is one of these.
_LATER_BYTES: Final = tuple(bytes((byte,)) for byte in range(0x80, 0xC0))
_MOST_STEPS: Final = 600
_MOST_PROGRAMS: Final = 12


class Completer:
    """Completes beginnings of modules."""

    def __init__(self, mask: GrammarMask) -> None:
        self.engine: Engine = mask._engine

    def dead_end(self, text: bytes) -> str:
        """Why no completion was found; "" where one was."""
        start = self.engine.feed(self.engine.start("module"), text)
        if start is None:
            return "the mask itself refuses it"
        begun = re.search(rb"[\xc2-\xf4][\x80-\xbf]{0,2}$", text)
        pieces = [*(_LATER_BYTES if begun else ()), *_PIECES, *_lines(text)]
        queue: list[tuple[int, int, int, bytes, Place]] = [(0, 0, 0, b"", start)]
        seen = {start}
        reason, programs, number = "no completion within the search", 0, 0
        for _ in range(_MOST_STEPS):
            if not queue:
                break
            _, _, used, added, place = heapq.heappop(queue)
            if self.engine.complete(place):
                programs += 1
                reason = problem(text + added)
                if not reason or programs >= _MOST_PROGRAMS:
                    return reason
            for piece in pieces:
                after = self.engine.feed(place, piece)
                if after is not None and after not in seen:
                    seen.add(after)
                    number += 1
                    cost = after.stacks.height[after.nodes[0]] * 2 + 3 * used
                    heapq.heappush(queue, (cost, number, used + 1, added + piece, after))
        return reason


def _lines(text: bytes) -> list[bytes]:
    """Lines at the widths that the last lines of a text have, and one deeper."""
    found = dict.fromkeys(re.findall(rb"^([ \t\f]*)[^ \t\f\n]", b"\n".join(text.split(b"\n")[-40:]), re.MULTILINE))
    indents = list(found)[-6:]
    last = text[text.rfind(b"\n") + 1 :]
    more = [
        b"\n" + indent + line
        for indent in indents
        for line in (b"x\n", b"except: pass\n", b"def f(): pass\n", b"case x: pass\n")
    ]
    if not last.strip():
        more += [b" x\n", b" pass\n"]
    deeper = [b"\n" + indent + blank for indent in indents for blank in (b" ", b"    ", b"\t")]
    return more + [line + statement for line in deeper for statement in (b"x\n", b"case x: pass\n")]


def problem(program: bytes) -> str:
    """What is wrong with a program; "" where it is one, for this Python or for a newer one."""
    try:
        text = program.decode()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except UnicodeDecodeError:
        return "not UTF-8"
    except (SyntaxError, ValueError) as fault:
        try:
            check(text)
        except (SlimError, RecursionError):
            return re.sub(r"'[^']*'|[0-9]+|\(.*", "…", str(fault))
    except MemoryError:
        return "too deep for this Python"
    return ""
