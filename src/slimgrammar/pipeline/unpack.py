"""The files out of a packed text: Python decoded, in the author's layout where a map holds it; hostile paths are refused."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PureWindowsPath
from typing import Any, Final
from xml.etree import ElementTree

from slimgrammar.compact.api import DIALECTS, decode
from slimgrammar.errors import SlimError, SyntaxProblem, Unreadable
from slimgrammar.pipeline.pack import CLOSING, NO_LINE_END, OPENING, Entry
from slimgrammar.syntax.source import python_bytes, read_source

_TAG: Final = re.compile(r"<(file\d*) [^<]*>")
_LARGEST: Final = 1 << 30  # bytes that a map may unfold to
_FORBIDDEN: Final = ("", ".", "..")


class BadPack(SyntaxProblem):
    """A text that is no packed repository, or holds a file that cannot be written."""


class BadMap(SlimError, ValueError):
    """A file that is no map of a packed repository."""


@dataclass(frozen=True, slots=True)
class _Block:
    """One file in a packed text: where it begins (1-based), its attributes, its content."""

    line: int
    attributes: Mapping[str, str]
    content: str


def layout_map(entries: Iterable[Entry]) -> str:
    """What `unpack` needs to give back every byte, as JSON: each file as it was, and a checksum of what was packed of it."""
    files = {entry.path: _remembered(entry) for entry in entries if entry.text is not None}
    return json.dumps({"version": 1, "files": files}, indent=0) + "\n"


def _remembered(entry: Entry) -> dict[str, str]:
    text = (entry.text or "").encode("utf-8", "surrogatepass")
    return {
        "packed": hashlib.sha256(text).hexdigest(),
        "original": base64.b64encode(zlib.compress(entry.data, 9)).decode(),
    }


def unpack(text: str, *, layout: str | None = None) -> dict[str, bytes]:
    """The files of a packed text, by their paths.

    Args:
        text: what `pack` wrote, perhaps edited since.
        layout: what `layout_map` wrote: a file that is as it was packed then comes back byte for byte, an edited Python file in
            its author's layout.

    Raises:
        BadPack: the text is no packed repository, a file does not decode, or a path leads out of the folder.
        BadMap: `layout` is no map.

    >>> unpack('<files>\\n<file path="a.py" dialect="compact">\\ndef f(a b):return a\\n\\n</file>\\n</files>\\n')
    {'a.py': b'def f(a, b):\\n    return a\\n'}
    """
    known = _read_map(layout) if layout is not None else {}
    found: dict[str, bytes] = {}
    folders: set[str] = set()
    for block in _blocks(text):
        path = _safe(block)
        parts = path.split("/")
        above = {"/".join(parts[:depth]) for depth in range(1, len(parts))}
        if path in found or path in folders or above & found.keys():
            raise BadPack(f"{path} is there twice, or a file and a folder", block.line, 1)
        folders |= above
        found[path] = _content(block, path, known.get(path))
    return found


def _blocks(text: str) -> list[_Block]:
    lines = text.split("\n")
    try:
        at = lines.index(OPENING) + 1
    except ValueError:
        raise BadPack(f"no packed repository: it has no line {OPENING}", 1, 1) from None
    found = []
    ends = _closings(lines)
    while at < len(lines) and lines[at] != CLOSING:
        if not lines[at].strip():
            at += 1
            continue
        tag = _TAG.fullmatch(lines[at].rstrip())
        attributes = _attributes(lines[at].rstrip()) if tag else None
        if tag is None or attributes is None or "path" not in attributes:
            raise BadPack('expected <file path="…"> or </files>', at + 1, 1, lines[at][:200])
        following = ends.get(tag[1], [])
        while following and following[-1] <= at:
            following.pop()
        if not following:
            raise BadPack(f"no line </{tag[1]}> ends this file", at + 1, 1, lines[at][:200])
        end = following[-1]
        content = "".join(f"{line}\n" for line in lines[at + 1 : end])
        found.append(_Block(at + 1, attributes, content))
        at = end + 1
    if at >= len(lines):
        raise BadPack(f"the text ends before {CLOSING}", len(lines), 1)
    return found


def _closings(lines: list[str]) -> dict[str, list[int]]:
    """The lines that close each tag, the last first."""
    found: dict[str, list[int]] = {}
    for at in range(len(lines) - 1, -1, -1):
        if lines[at].startswith("</file") and lines[at].endswith(">"):
            found.setdefault(lines[at][2:-1], []).append(at)
    return found


def _attributes(line: str) -> dict[str, str] | None:
    try:
        return dict(ElementTree.fromstring(f"{line[:-1]}/>").attrib)
    except ElementTree.ParseError:
        return None


def _safe(block: _Block) -> str:
    """The path of a file, if it stays inside of the folder and out of git's own."""
    path = block.attributes["path"]
    parts = path.split("/")
    windows = PureWindowsPath(path)
    outside = path.startswith("/") or windows.drive or windows.root or ".." in windows.parts
    if outside or any(part in _FORBIDDEN for part in parts) or any(ord(mark) < 32 for mark in path):
        raise BadPack(f"the path {path!r} leads out of the folder, or is none", block.line, 1)
    if any(part.rstrip(". ").lower() == ".git" for part in re.split(r"[/\\]", path)):
        raise BadPack(f"the path {path!r} is git's own", block.line, 1)
    return path


def _content(block: _Block, path: str, remembered: tuple[str, bytes] | None) -> bytes:
    """The bytes of a file."""
    dialect = block.attributes.get("dialect", "")
    text = block.content.removesuffix("\n") if block.attributes.get("newline") == NO_LINE_END else block.content
    raw = text.encode("utf-8", "surrogatepass")
    if remembered and hashlib.sha256(raw).hexdigest() == remembered[0]:
        return remembered[1]
    if not dialect:
        return raw
    if dialect not in DIALECTS:
        raise BadPack(f"{path}: unknown dialect {dialect!r}", block.line, 1)
    try:
        like = read_source(None, remembered[1]) if remembered else None
        decoded = decode(text.removesuffix("\n"), dialect=dialect, like=like.text if like else None)
        return like.to_bytes(decoded) if like else python_bytes(decoded)
    except SyntaxProblem as problem:
        raise BadPack(f"{path}: {problem.message}", block.line + problem.line, problem.column, problem.text) from None
    except SlimError as error:
        raise BadPack(f"{path}: {error}", block.line, 1) from None


def _read_map(layout: str) -> dict[str, tuple[str, bytes]]:
    """By a file's path, the checksum of what was packed and the file as it was."""
    try:
        files: dict[str, Any] = json.loads(layout)["files"]
        left = _LARGEST
        found = {}
        for path, each in files.items():
            data = _unfolded(base64.b64decode(each["original"], validate=True), left)
            left -= len(data)
            found[path] = (str(each["packed"]), data)
        return found
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error, zlib.error, RecursionError) as error:
        raise BadMap(f"it is no map of a packed repository: {error}") from None


def _unfolded(data: bytes, limit: int) -> bytes:
    unfolder = zlib.decompressobj()
    made = unfolder.decompress(data, max(1, limit))
    if not unfolder.eof:
        raise Unreadable("it unfolds to more than a gibibyte, or is cut off")
    return made
