"""The first pass: one row, and what has to be known of it to decide; all rows of a unit, in compact files.

OUT/.slim/measured/00007.rows.npy       a record a row
OUT/.slim/measured/00007.sketches.npy   a MinHash a row, zeros for rows that are dropped already
OUT/.slim/measured/00007.words.npy      samples of words, one row's behind the other's; `.ends.npy` says where each ends
OUT/.slim/measured/00007                why rows are dropped; written last: with it, the unit is done
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from slimgrammar.errors import MissingExtra, SlimError, SyntaxProblem
from slimgrammar.pipeline.curate.difficulty import difficulty, error_share
from slimgrammar.pipeline.curate.filters import fault, read_filters
from slimgrammar.pipeline.curate.options import Choice, Curation
from slimgrammar.pipeline.curate.raws import Raw, raws
from slimgrammar.pipeline.curate.sketches import PERMUTATIONS, Hashes, sketch, word_sample, words_of
from slimgrammar.pipeline.datasets.durable import read_json, whole, write_json
from slimgrammar.pipeline.datasets.options import PYTHON
from slimgrammar.pipeline.datasets.parts import Folder, module_of
from slimgrammar.pipeline.datasets.plan import Kind, Unit
from slimgrammar.pipeline.datasets.rows import known_language
from slimgrammar.pipeline.datasets.tally import Counts, note_place

MEASURED: Final = "measured"
ROW: Final = np.dtype(
    [("digest", "<u8", 2), ("tokens", "<u4"), ("bytes", "<u4"), ("difficulty", "<f4"), ("dropped", "?")], align=False
)
ERRORS: Final = 0.05  # of a text, that other parsers than Python's may not understand: macros are no syntax errors


@dataclass(frozen=True, slots=True)
class Measured:
    """What is known of one row.

    Attributes:
        reason: why it is dropped; "" where it is not, yet.
        detail: the same in words.
        tokens: of its text.
        size: of its text in bytes.
        difficulty: see `difficulty`; infinite where we do not know the language.
        digest: of its text.
        sketch: the MinHash of its text.
        words: a sample of its words.
    """

    reason: str = ""
    detail: str = ""
    tokens: int = 0
    size: int = 0
    difficulty: float = float("inf")
    digest: bytes = bytes(16)
    sketch: Hashes = field(default_factory=lambda: np.zeros(PERMUTATIONS, np.uint32))
    words: Hashes = field(default_factory=lambda: np.zeros(0, np.uint32))


def measure(choice: Choice, text: object, language: object = None) -> Measured:
    """Judge one text by itself, and measure it.

    Args:
        choice: what is asked for.
        text: the row's text; anything but a string is dropped.
        language: what the row says its language is; None where it does not.

    Returns:
        The measures, whatever happened.

    Raises:
        MissingExtra: a package that every row needs is not installed.

    >>> measure(Choice(), "x = (").detail
    "1:5: '(' was never closed"
    >>> measure(Choice(), "name = other\\n").reason
    ''
    """
    if not isinstance(text, str):
        return Measured("no_text", f"the text column holds {'nothing' if text is None else type(text).__name__}")
    if len(text) > choice.max_characters:
        return Measured("too_large", f"{len(text)} characters, and {choice.max_characters} are allowed")
    try:
        return _judged(choice, text, language)
    except MissingExtra:
        raise
    except (RecursionError, MemoryError):
        return Measured("too_large", "nested too deeply, or too large for the memory")
    except Exception as error:  # the boundary: one strange row must not end a run over a million
        return Measured("failed", f"internal error, please report it: {type(error).__name__}: {error}")


def _judged(choice: Choice, text: str, language: object) -> Measured:
    given = language.strip().lower() if isinstance(language, str) and language.strip() else choice.language
    data = text.encode("utf-8", "surrogatepass")
    tokens = _tokens(choice.vocab, text)
    problem = _syntax_problem(text, given) if choice.syntax else ""
    found = ("syntax", problem) if problem else fault(read_filters(choice.filters), text, given)
    if found is not None:
        return Measured(*found, tokens=tokens, size=len(data))
    words = words_of(text)
    return Measured(
        tokens=tokens,
        size=len(data),
        difficulty=_difficulty(text, given) if choice.order == "simple-first" else float("inf"),
        digest=hashlib.blake2b(data, digest_size=16).digest(),
        sketch=sketch(words) if choice.near is not None else np.zeros(PERMUTATIONS, np.uint32),
        words=word_sample(words) if choice.share is not None else np.zeros(0, np.uint32),
    )


def _syntax_problem(text: str, language: str) -> str:
    """What is wrong with a program; "" where nothing is, or where we do not know the language."""
    if language in PYTHON:
        from slimgrammar.syntax.check import check

        try:
            check(text.replace("\r\n", "\n").replace("\r", "\n"))
        except SyntaxProblem as problem:
            return str(problem)
        return ""
    known = known_language(language)
    share = error_share(text, known.parse(text)) if known else 0.0
    return f"{share:.0%} of the text are syntax errors" if share > ERRORS else ""


def _difficulty(text: str, language: str) -> float:
    known = known_language("python" if language in PYTHON else language)
    return difficulty(text, known, known.parse(text)) if known else float("inf")


def _tokens(vocab: str, text: str) -> int:
    from slimgrammar.vocab import count

    try:
        return count(_vocabulary(vocab), text)
    except SlimError:  # half of a surrogate pair: no tokenizer takes it
        return 0


@cache
def _vocabulary(name: str) -> Any:
    from slimgrammar.vocab import load

    return load(name)


@dataclass(frozen=True, slots=True)
class MeasureWork:
    """Measures units; a picklable function.

    Attributes:
        folder: where the measures go.
        kind: what the input is.
        job: what is asked for.
    """

    folder: Folder
    kind: Kind
    job: Curation

    def __call__(self, unit: Unit) -> Counts:
        """Measure the rows of a unit, unless that is done.

        Raises:
            DatasetProblem: its input cannot be read.
        """
        note = self.folder.note
        if not note(MEASURED, unit.number).exists():
            fatal = frozenset(read_json(note("died", unit.number)) or ())
            place = os.open(note("place", unit.number), os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o666)
            try:
                rows = [self._one(number, raw, fatal, place) for number, raw in enumerate(raws(self.kind, unit, self.job))]
            finally:
                os.close(place)
            _save(self.folder, unit.number, rows)
            note("place", unit.number).unlink(missing_ok=True)
        return Counts()

    def release(self) -> None:
        """Close what this process keeps open."""
        module_of(self.kind).release()

    def _one(self, number: int, raw: Raw, fatal: frozenset[int], place: int) -> Measured:
        if raw.status:
            return Measured(raw.status, raw.error)
        if number in fatal:
            return Measured("died", "the process that worked on this row died")
        note_place(place, number)
        return measure(self.job.options, raw.text, raw.language)


def _save(folder: Folder, number: int, rows: Sequence[Measured]) -> None:
    records = np.zeros(len(rows), ROW)
    records["digest"] = np.frombuffer(b"".join(row.digest for row in rows), "<u8").reshape(-1, 2)
    for name, values in (("tokens", [row.tokens for row in rows]), ("bytes", [row.size for row in rows])):
        records[name] = values
    records["difficulty"], records["dropped"] = [row.difficulty for row in rows], [bool(row.reason) for row in rows]
    none: Hashes = np.zeros(0, np.uint32)
    arrays: dict[str, NDArray[Any]] = {
        "rows": records,
        "sketches": np.array([row.sketch for row in rows], np.uint32).reshape(-1, PERMUTATIONS),
        "words": np.concatenate([none, *(row.words for row in rows)]),
        "ends": np.cumsum([len(row.words) for row in rows], dtype=np.int64),
    }
    for name, array in arrays.items():
        save_array(array_path(folder, number, name), array, folder.aside)
    reasons = {place: [row.reason, row.detail] for place, row in enumerate(rows) if row.reason}
    write_json(folder.note(MEASURED, number), reasons, folder.aside)


def array_path(folder: Folder, number: int, name: str) -> Path:
    """The file of one array of a unit."""
    return folder.note(MEASURED, number).with_suffix(f".{name}.npy")


def save_array(path: Path, array: NDArray[Any], aside: Path) -> None:
    """Write an array, whole or not at all."""
    with whole(path, aside) as file:
        np.save(file, array)
