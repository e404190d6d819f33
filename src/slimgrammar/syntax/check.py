"""Is a text Python? The host's own parser says so; syntax newer than the host is first rewritten for it (`newer`).

Python 3.8 to 3.14 is accepted on every host; Python 2 is not.
"""

from __future__ import annotations

import ast
import symtable
import warnings

from slimgrammar.errors import SyntaxProblem, place
from slimgrammar.syntax.newer import Lowered, lower


def check(source: str) -> bool:
    """Refuses a text that is not Python.

    Args:
        source: the text, with `\\n` line ends.

    Returns:
        Whether the host's own `ast` can parse it; False for syntax newer than the host.

    Raises:
        SyntaxProblem: it is not Python (3.8 to 3.14); line and column say where.
    """
    nul = source.find("\0")
    if nul >= 0:
        raise SyntaxProblem("source holds a NUL byte", *place(source, nul))
    problem = _judge(source)
    if problem is None:
        return True
    lowered = lower(source)
    if not lowered.edits:
        raise problem
    later = _judge(lowered.text)
    if later is None:
        return False
    # Where the host read on beyond the newer syntax, what it says there is the fault; of f-strings it does not know the column.
    raise max(problem, _moved(later, source, lowered), key=lambda fault: (fault.line, "f-string" not in fault.message))


def _moved(problem: SyntaxProblem, source: str, lowered: Lowered) -> SyntaxProblem:
    """A problem of the rewritten program, at its place in the source."""
    lines = lowered.text.split("\n")
    line = min(problem.line, len(lines))
    offset = sum(len(text) + 1 for text in lines[: line - 1]) + min(problem.column - 1, len(lines[line - 1]))
    return SyntaxProblem(problem.message, *place(source, lowered.source_offset(offset)))


def _judge(source: str) -> SyntaxProblem | None:
    """What the host's parser has against a text."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _host_parses(source)
    except SyntaxError as error:
        return _problem(source, error)
    except (RecursionError, MemoryError):
        return SyntaxProblem("nested too deeply for Python's parser", 1, 1)
    except UnicodeEncodeError as error:
        return SyntaxProblem("half of a surrogate pair, which no file can hold", *place(source, error.start))
    except (ValueError, OverflowError) as error:
        return SyntaxProblem(str(error), 1, 1)
    return None


def _host_parses(source: str) -> None:
    """Parses with the host; its symbol table is the fastest way to, but refuses some trees that `ast` accepts."""
    try:
        symtable.symtable(source, "<source>", "exec")
    except SyntaxError:
        ast.parse(source)


def _problem(source: str, error: SyntaxError) -> SyntaxProblem:
    """The host's error as ours; its column may be missing."""
    line = max(error.lineno or 1, 1)
    lines = source.split("\n")
    text = lines[line - 1] if line <= len(lines) else ""
    return SyntaxProblem(error.msg or "invalid syntax", line, max(error.offset or 1, 1), text)
