"""JSONL, plain or compressed: the lines of a range of bytes, and rows written back with the author's own spelling.

A compressed file can be read only from its beginning. So each process keeps its file open and reads on from one range to the
next: it decompresses the file once, however many ranges it works on, which costs little beside the work on the rows.
"""

from __future__ import annotations

import codecs
import gzip
import io
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO, Any, BinaryIO, Final, cast

from slimgrammar.errors import MissingExtra
from slimgrammar.pipeline.datasets.durable import DatasetProblem
from slimgrammar.pipeline.datasets.plan import Job, Unit
from slimgrammar.pipeline.datasets.tally import Tally

LONGEST: Final = 1 << 28
CHUNK: Final = 1 << 20
SUFFIXES: Final = {"none": ".jsonl", "gz": ".jsonl.gz", "zst": ".jsonl.zst"}


def suffix(path: Path, compress: str | None) -> str:
    """How the names of parts end: as `compress` says, else as that of the input."""
    return SUFFIXES[compress] if compress else ".jsonl" + (path.suffix if path.suffix in (".gz", ".zst") else "")


@cache
def _zstandard() -> Any:
    try:
        import zstandard
    except ImportError:
        raise MissingExtra("zstandard", "datasets") from None
    return zstandard


def opened(path: Path) -> BinaryIO:
    """The content of a file, decompressed as its name says."""
    if path.suffix == ".gz":
        return cast("BinaryIO", gzip.open(path))
    if path.suffix == ".zst":
        reader = _zstandard().ZstdDecompressor().stream_reader(path.open("rb"), read_across_frames=True, closefd=True)
        return io.BufferedReader(reader, CHUNK)
    return path.open("rb")


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Turn what a broken file raises into one error that names it."""
    broken: tuple[type[Exception], ...] = (EOFError, gzip.BadGzipFile, zlib.error)
    if path.suffix == ".zst":
        broken = (_zstandard().ZstdError,)
    try:
        yield
    except broken as error:
        raise DatasetProblem(f"{path}: {error}") from None


def length(path: Path) -> int:
    """How many bytes the decompressed file has. What is compressed has to be read through for that."""
    if path.suffix not in (".gz", ".zst"):
        return path.stat().st_size
    total = 0
    with _readable(path), opened(path) as stream:
        while chunk := stream.read(CHUNK):
            total += len(chunk)
    return total


class Lines:
    """The lines of a file, range after range."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stream = opened(path)
        self._at = 0
        self._done = 0

    def within(self, start: int, end: int) -> Iterator[tuple[int, bytes]]:
        """The lines that begin in a range of bytes, each with its offset.

        Raises:
            DatasetProblem: the file is broken, or a line too long.
        """
        with _readable(self.path):
            if start < self._done:  # behind us
                self._stream.close()
                self._stream, self._at = opened(self.path), 0
            self._skip_to(start)
            self._done = end
            while self._at < end:
                offset, line = self._at, self._line()
                if not line:
                    break
                yield offset, line.removeprefix(codecs.BOM_UTF8) if offset == 0 else line

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def _skip_to(self, start: int) -> None:
        """Go to the first line that begins at `start` or behind it. We stand at the beginning of a line."""
        if self._at >= start:
            return
        if self.path.suffix in (".gz", ".zst"):
            while self._at < start - 1 and (chunk := self._stream.read(min(CHUNK, start - 1 - self._at))):
                self._at += len(chunk)
        else:
            self._at = self._stream.seek(start - 1)
        self._line()  # the rest of the line before; only its line end, where one begins at `start`

    def _line(self) -> bytes:
        line = self._stream.readline(LONGEST)
        if len(line) == LONGEST:
            raise DatasetProblem(f"{self.path}: the line at byte {self._at} is longer than {LONGEST} bytes")
        self._at += len(line)
        return line


def check_column(path: Path, column: str) -> None:
    """Meet a misspelled column at the first row.

    Raises:
        DatasetProblem: the first row has no such column, or is no JSON object.
    """
    lines = Lines(path)
    first = next((line for _, line in lines.within(0, LONGEST) if line.strip()), None)
    lines.close()
    if first is None:
        return
    row, error = parse(first)
    if row is None:
        raise DatasetProblem(f"{path}: the first line is no row: {error}")
    if column not in row:
        raise DatasetProblem(f"{path}: no column {column!r} in the first row, which has {', '.join(map(repr, row))}")


def parse(line: bytes) -> tuple[dict[str, Any] | None, str]:
    """The row in a line; None and what is wrong with it, where there is none.

    >>> parse(b'{"text": "x = 1"}')
    ({'text': 'x = 1'}, '')
    >>> parse(b"[1]")
    (None, 'a row is a JSON object, and this is list')
    """
    try:
        row = json.loads(line.decode())
    except (ValueError, RecursionError) as error:
        return None, f"not JSON: {error}"
    if not isinstance(row, dict):
        return None, f"a row is a JSON object, and this is {type(row).__name__}"
    return row, ""


def spelled(value: dict[str, Any]) -> bytes:
    """A row as one line of JSON, without the line end."""
    try:
        return json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # a lone surrogate, which JSON can escape
        return json.dumps(value).encode()


def extended(line: bytes, row: dict[str, Any], columns: dict[str, Any]) -> bytes:
    """The line of a row with `columns` added: what it holds already stays spelled as it is, numbers above all.

    >>> extended(b'{"a": 1.10}', {"a": 1.1}, {"b": 2})
    b'{"a": 1.10, "b": 2}'
    >>> extended(b'{"a": 1.10, "b": 1}', {"a": 1.1, "b": 1}, {"b": 2})
    b'{"a": 1.1, "b": 2}'
    """
    if not row or not columns.keys().isdisjoint(row):
        return spelled(row | columns)
    return line.strip()[:-1].rstrip() + b", " + spelled(columns)[1:]


_open: dict[Path, Lines] = {}


def lines_of(unit: Unit) -> Iterator[tuple[str, bytes]]:
    """The place and the bytes of each line of a unit that is not blank, by this process's reader: it has one file open."""
    if unit.path not in _open:
        release()
        _open[unit.path] = Lines(unit.path)
    try:
        for offset, line in _open[unit.path].within(unit.start, unit.end):
            if line.strip():
                yield f"{unit.path}: byte {offset}", line
    except BaseException:
        release()  # the reader stands somewhere in the middle
        raise


def release() -> None:
    """Close the file that this process keeps open."""
    for lines in _open.values():
        lines.close()
    _open.clear()


def write_part(unit: Unit, job: Job, tally: Tally, file: IO[bytes], ending: str) -> None:
    """Convert the rows of a range of lines into `file`."""
    write_rows(_converted(unit, job, tally), file, ending)


def _converted(unit: Unit, job: Job, tally: Tally) -> Iterator[bytes]:
    for where, line in lines_of(unit):
        row, error = parse(line)
        if row is None:
            done = tally.reject(where, "bad_row", line.decode("utf-8", "replace").rstrip("\r\n"), error)
            row = {}
        else:
            language = row.get(job.language_column) if job.language_column else None
            done = tally.convert(where, row.get(job.column), language=language, made=row)
        if done is not None:
            columns = done.columns(job.options, job.into)
            if done.text is None and job.into in row:  # no text to put there, and what is there may be data
                columns[job.into] = row[job.into]
            yield extended(line, row, columns)


def write_rows(rows: Iterator[bytes], file: IO[bytes], ending: str) -> None:
    """Write lines, compressed as `ending` says; equal rows give equal bytes."""
    with _compressed(file, ending) as stream:
        for row in rows:
            stream.write(row + b"\n")


@contextmanager
def _compressed(file: IO[bytes], ending: str) -> Iterator[Any]:
    if ending.endswith(".gz"):
        with gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:  # no name and no time, or no two runs would be alike
            yield packed
    elif ending.endswith(".zst"):
        with _zstandard().ZstdCompressor(3).stream_writer(file, closefd=False) as packed:
            yield packed
    else:
        yield file
