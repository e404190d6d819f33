"""A canonical stream → the author's own text, as far as the author wrote it (`decode --like`).

The wanted stream and the original's are cut into records: simple statements, headers of blocks, comment lines. The records are
aligned; a logical line of the original whose records all stand in the wanted stream is copied byte for byte, moved to another
column where its block moved, and all other records are printed in the style of `layout`. Layout between two lines belongs to
the second one. Comments and docstrings that an encoding dropped come back with the lines around them.

The result is read again: where it is not the wanted program, the top-level statement at fault is printed anew, at last
everything. So a wrong guess costs layout, never meaning.
"""

from __future__ import annotations

from typing import Final

from slimgrammar.compact.builder import StructureError
from slimgrammar.compact.canonical import Canonicaliser, canonicalise
from slimgrammar.compact.layout import print_plain
from slimgrammar.compact.restore.original import Original
from slimgrammar.compact.restore.records import holds_docstring, records
from slimgrammar.compact.restore.restorer import Restorer
from slimgrammar.errors import SyntaxProblem, place
from slimgrammar.syntax.lexer import lex, scan

_REPAIRS: Final = 6  # statements printed anew before the whole program is


def _fault(text: str, wanted: list[str], keeps: tuple[bool, bool]) -> int:
    """The offset at which `text` leaves the wanted program, -1 where it does not."""
    reader = Canonicaliser(lex(text), *keeps)
    try:
        stream = reader.run()
    except StructureError as error:
        return scan(text)[error.index][1]
    if stream == wanted:
        return -1
    at = next((n for n, (one, two) in enumerate(zip(stream, wanted, strict=False)) if one != two), len(wanted))
    return scan(text)[reader.origins[at]][1] if at < len(stream) else len(text)


def restore(stream: list[str], original: str) -> str:
    """The program of a canonical stream in the layout of `original`, from which it was encoded and perhaps edited.

    Unchanged statements keep their text byte for byte. Comments or docstrings of which the stream holds none were dropped when
    it was encoded: they come back with the statements beside them.

    Raises:
        SyntaxProblem: `original` is no Python program.

    >>> restore(["x", "=", "1", "\\n", "z", "=", "3", "\\n"], "x   = (1) # one\\ny = 2\\n\\nz = 0x3\\n")
    'x   = (1) # one\\n\\nz = 0x3\\n'
    """
    tokens = lex(original)
    full = _read(tokens, original)
    if full == stream:
        return original
    wanted = canonicalise(lex(print_plain(stream)))
    if full == wanted:
        return original
    found = records(wanted)
    keeps = (
        any(map(_is_comment, wanted)) or not any(map(_is_comment, full)),
        holds_docstring(found) or not holds_docstring(records(full)),
    )
    reader = Canonicaliser(tokens, *keeps)
    read = reader.run()
    # behind a dropped docstring a second string looks like one
    if read == wanted or canonicalise(tokens, keep_comments=keeps[0], keep_docstrings=False) == wanted:
        return original
    return _restore(Restorer(Original(original, reader, read), found), wanted)


def _read(tokens: list[str], original: str) -> list[str]:
    """The original's canonical stream with comments and docstrings."""
    try:
        return canonicalise(tokens)
    except StructureError as error:
        raise SyntaxProblem(error.message, *place(original, scan(original)[error.index][1])) from None


def _is_comment(item: str) -> bool:
    return item[0] == "#" or item[:2] == "\n#"


def _restore(restorer: Restorer, wanted: list[str]) -> str:
    """Prints until the result is the wanted program."""
    for _ in range(_REPAIRS):
        text = restorer.run()
        offset = _fault(text, wanted, restorer.original.keeps)
        if offset < 0:
            return text
        restorer.force(offset)
    return print_plain(wanted)


__all__ = ["restore"]
