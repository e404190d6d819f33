"""Bytes of a Python file ⇄ its text: coding lines (PEP 263), byte order marks and line ends, and the way back.

Everything behind this module sees text with `\\n` line ends and no mark. Python reads `\\r\\n` and `\\r` as line ends too, even
inside strings, so nothing of the program is lost; `Source.to_bytes` puts the file's own form back.
"""

from __future__ import annotations

import codecs
import re
import tokenize
from dataclasses import dataclass, field
from pathlib import Path

from slimgrammar.errors import SyntaxProblem, place

_LINE_END = re.compile(r"\r\n?|\n")
_LINE_END_BYTES = re.compile(rb"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a file, and how the file spelled it.

    Attributes:
        text: the text with `\\n` line ends and no byte order mark.
        encoding: the codec of the file.
        bom: whether the file began with a UTF-8 byte order mark.
        newline: the most frequent line end of the file.
        path: the file, or None for standard input.
    """

    text: str
    encoding: str = "utf-8"
    bom: bool = False
    newline: str = "\n"
    path: Path | None = None
    data: bytes | None = field(default=None, repr=False, compare=False)

    def to_bytes(self, text: str) -> bytes:
        """`text` (with `\\n` line ends) in this file's encoding, mark and line ends.

        Text that is equal to the file's own gives the file's own bytes, even where its line ends are mixed.

        >>> Source("x = 1\\n", newline="\\r\\n", bom=True).to_bytes("y\\n")
        b'\\xef\\xbb\\xbfy\\r\\n'
        """
        if self.data is not None and text == self.text:
            return self.data
        mark = codecs.BOM_UTF8 if self.bom else b""
        return mark + _encoded(text, self.encoding, self.newline)


def read_source(path: Path | None, data: bytes, *, encoding: str | None = None) -> Source:
    """The text of a Python file of content `data`; `path` is where it came from, None for standard input.

    The encoding is what the file's mark or coding line says, else UTF-8; a given `encoding` overrules them.

    Raises:
        SyntaxProblem: unknown encoding, bytes that it cannot decode, or a NUL byte, each at its place.

    >>> read_source(None, b"# coding: latin-1\\r\\nx = '\\xe9'\\r\\n").newline
    '\\r\\n'
    """
    bom = data.startswith(codecs.BOM_UTF8)
    body = data[len(codecs.BOM_UTF8) :] if bom else data
    _refuse_wide(data)
    codec = encoding or _file_encoding(data)
    decoded = _decoded(body, codec)
    newline = _dominant_newline(decoded)
    text = decoded if "\r" not in decoded else _LINE_END.sub("\n", decoded)
    if "\0" in text:
        line, column, shown = place(text, text.index("\0"))
        raise SyntaxProblem("source holds a NUL byte", line, column, shown.replace("\0", " "))
    return Source(text, codec, bom, newline, path, data)


def python_bytes(text: str) -> bytes:
    """The bytes of a Python file that holds `text`: in the encoding that its own coding line names, else UTF-8.

    >>> python_bytes("# coding: latin-1\\nx = 'é'\\n")
    b"# coding: latin-1\\nx = '\\xe9'\\n"
    """
    return _encoded(text, _file_encoding(text.encode("utf-8", "surrogatepass")), "\n")


def _file_encoding(data: bytes) -> str:
    """The codec that the file's mark or coding line names; "utf-8" where there is none."""
    lines = _first_lines(data)
    feed = iter(lines)
    try:
        name, _ = tokenize.detect_encoding(lambda: next(feed, b""))
    except SyntaxError as error:
        body = data.removeprefix(codecs.BOM_UTF8)
        problem = _bad_place(body, "utf-8")
        # detect_encoding says the same of undecodable bytes in the first two lines and of a codec that does not exist.
        if problem is not None and problem.line <= 2 and "unknown encoding" not in str(error):
            raise problem from None
        message = str(error.msg).replace(
            "encoding problem: utf-8", "the file's byte order mark says UTF-8, its coding line does not"
        )
        raise _coding_problem(message, lines) from None
    if name == "utf-8-sig":
        return "utf-8"
    if not _is_ascii_compatible(name):
        raise _coding_problem(f"encoding {name} cannot be used for Python source", lines)
    return name


def _first_lines(data: bytes) -> list[bytes]:
    """The first two lines, ended by `\\n` whatever ended them: detect_encoding knows no lone `\\r`."""
    lines: list[bytes] = []
    start = 0
    while len(lines) < 2 and start < len(data):
        end = _LINE_END_BYTES.search(data, start)
        lines.append(data[start : end.start()] + b"\n" if end else data[start:])
        start = end.end() if end else len(data)
    return lines


def _coding_problem(message: str, lines: list[bytes]) -> SyntaxProblem:
    """A fault of the coding line: it stands where `coding` is written."""
    for number, line in enumerate(lines, 1):
        found = re.search(rb"coding[:=]", line)
        if found:
            shown = line.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace").rstrip("\n")
            return SyntaxProblem(message, number, max(1, shown.find("coding") + 1), shown)
    return SyntaxProblem(message, 1, 1)


def _is_ascii_compatible(encoding: str) -> bool:
    """Whether a coding line means itself in `encoding`: not so in UTF-16, and not in codecs that are no text encodings."""
    try:
        return "# coding: x='".encode(encoding) == b"# coding: x='"
    except (LookupError, ValueError):
        return False


def _refuse_wide(data: bytes) -> None:
    for mark, name in ((codecs.BOM_UTF16_LE, "UTF-16"), (codecs.BOM_UTF16_BE, "UTF-16")):
        if data.startswith(mark):
            raise SyntaxProblem(f"file is {name}; Python source must be UTF-8 or have a coding line", 1, 1)


def _decoded(body: bytes, encoding: str) -> str:
    try:
        return body.decode(encoding)
    except (ValueError, LookupError):
        problem = _bad_place(body, encoding)
    raise problem or SyntaxProblem(f"file cannot be decoded as {encoding}", 1, 1)


def _bad_place(body: bytes, encoding: str) -> SyntaxProblem | None:
    """The first bytes of `body` that `encoding` cannot decode, or None."""
    try:
        body.decode(encoding)
    except UnicodeDecodeError as error:
        before = _LINE_END.sub("\n", body[: error.start].decode(encoding, "replace"))
        end = _LINE_END_BYTES.search(body, error.start)
        rest = body[error.start : end.start() if end else len(body)].decode(encoding, "replace")
        line, column, text = place(before + rest, len(before))
        declared = "" if encoding != "utf-8" else "; a file that is not UTF-8 needs a coding line"
        return SyntaxProblem(f"byte 0x{body[error.start]:02x} is not valid {encoding}{declared}", line, column, text)
    return None


def _encoded(text: str, encoding: str, newline: str) -> bytes:
    spelled = text if newline == "\n" else text.replace("\n", newline)
    try:
        return spelled.encode(encoding)
    except UnicodeEncodeError:
        for offset, character in enumerate(text):
            if not _can_spell(character, encoding):
                message = f"{character!a} cannot be written in {encoding}; change the coding line to utf-8"
                raise SyntaxProblem(message, *place(text, offset)) from None
        raise SyntaxProblem(f"text cannot be written in {encoding}", 1, 1) from None


def _can_spell(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _dominant_newline(text: str) -> str:
    """The most frequent line end; `\\n` before `\\r\\n` before `\\r` where they tie."""
    if "\r" not in text:
        return "\n"
    windows = text.count("\r\n")
    counts = {"\n": text.count("\n") - windows, "\r\n": windows, "\r": text.count("\r") - windows}
    return max(counts, key=counts.__getitem__)
