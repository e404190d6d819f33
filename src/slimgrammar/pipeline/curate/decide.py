"""The second pass: which rows stay, and in which order; in one process, from the measures of all.

Filters come in the order of the report: what a row is by itself first, so that no bad row takes a good one's place; then exact
duplicates, near ones, and the subset. It holds about 100 bytes a row; signatures and words stay on the disk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from slimgrammar.pipeline.curate.diversity import most_diverse
from slimgrammar.pipeline.curate.duplicates import exact_duplicates, near_duplicates
from slimgrammar.pipeline.curate.filters import read_filters
from slimgrammar.pipeline.curate.measuring import MEASURED, array_path, save_array
from slimgrammar.pipeline.curate.options import Choice, Curation
from slimgrammar.pipeline.curate.sketches import Hashes
from slimgrammar.pipeline.datasets.durable import read_json, write_json
from slimgrammar.pipeline.datasets.parts import Folder
from slimgrammar.pipeline.datasets.plan import share_of

Ints = NDArray[np.int64]
DECIDED: Final = "decided"
EXACT, NEAR, LEFT_OUT = "exact_duplicate", "near_duplicate", "left_out"
BY_ITSELF: Final = 1
REASONS: Final = ("", "by itself", EXACT, NEAR, LEFT_OUT)
DECISION: Final = np.dtype([("rank", "<i8"), ("of", "<i8"), ("reason", "u1")])
SOURCES: Final = {
    "syntax": "Python's own parser; tree-sitter's for other languages",
    EXACT: "equal texts, of which the first stays",
    NEAR: "5-grams of words, MinHash, LSH: SantaCoder (arXiv:2301.03988, 3.2)",
    LEFT_OUT: "greedy cover of words: Kirchhoff and Bilmes, EMNLP 2014",
}


class Store:
    """The measures of all rows, by the number of the row in the whole data set."""

    def __init__(self, folder: Folder, units: int) -> None:
        """Read the records; the rest is read where it is needed."""
        self._folder = folder
        records = [np.load(array_path(folder, number, "rows")) for number in range(units)]
        self.records = np.concatenate(records)
        self.firsts = np.cumsum([0, *map(len, records)], dtype=np.int64)
        self._array = lru_cache(64)(self._mapped)

    def _mapped(self, unit: int, name: str) -> NDArray[Any]:
        found: NDArray[Any] = np.load(array_path(self._folder, unit, name), mmap_mode="r")
        return found

    def _place(self, row: int) -> tuple[int, int]:
        unit = int(np.searchsorted(self.firsts, row, "right")) - 1
        return unit, row - int(self.firsts[unit])

    def sketch(self, row: int) -> Hashes:
        """The signature of a row."""
        unit, place = self._place(row)
        found: Hashes = self._array(unit, "sketches")[place]
        return found

    def band(self, start: int, end: int) -> Hashes:
        """Some columns of all rows' signatures."""
        found = np.empty((len(self.records), end - start), np.uint32)
        for unit, (first, last) in enumerate(zip(self.firsts[:-1], self.firsts[1:], strict=True)):
            found[first:last] = self._array(unit, "sketches")[:, start:end]
        return found

    def words(self, row: int) -> Hashes:
        """The sample of a row's words."""
        unit, place = self._place(row)
        ends = self._array(unit, "ends")
        found: Hashes = self._array(unit, "words")[int(ends[place - 1]) if place else 0 : int(ends[place])]
        return found


def decide(folder: Folder, units: int, job: Curation) -> dict[str, Any]:
    """Decide, unless that is done.

    Args:
        folder: the output folder, with the measures.
        units: how many units were measured.
        job: what is asked for.

    Returns:
        The report: rows and tokens before and after, what each filter did, and how the output is cut into parts.
    """
    held: dict[str, Any] | None = read_json(folder.note(DECIDED, 0))
    if held is not None:
        return held
    store = Store(folder, units)
    decisions = np.zeros(len(store.records), DECISION)
    decisions["rank"], decisions["of"] = -1, -1
    decisions["reason"][store.records["dropped"]] = BY_ITSELF
    _repeated(store, decisions, job.options)
    if job.options.share is not None:
        _sample(store, decisions, job.options.share)
    order = _order(store, decisions) if job.options.order == "simple-first" else _left(decisions)
    decisions["rank"][order] = np.arange(len(order))
    report = _report(folder, store, decisions, job)
    report["cuts"] = _cuts(store.records["bytes"][order], job)
    for name, array in (("rows", decisions), ("firsts", store.firsts), ("order", order)):
        save_array(decided_path(folder, name), array, folder.aside)
    write_json(folder.note(DECIDED, 0), report, folder.aside)
    return report


def decided_path(folder: Folder, name: str) -> Path:
    """The file of one array of the decisions."""
    return folder.note(DECIDED, 0).with_suffix(f".{name}.npy")


def _left(decisions: NDArray[Any]) -> Ints:
    return np.flatnonzero(decisions["reason"] == 0)


def _repeated(store: Store, decisions: NDArray[Any], choice: Choice) -> None:
    """Drop rows that repeat earlier ones."""
    if choice.exact:
        rows = _left(decisions)
        _drop(decisions, rows, exact_duplicates(store.records["digest"], rows), EXACT)
    if choice.near is not None:
        rows = _left(decisions)
        _drop(decisions, rows, near_duplicates(store.band, store.sketch, rows, choice.near), NEAR)


def _drop(decisions: NDArray[Any], rows: Ints, first: Ints, reason: str) -> None:
    again = first != rows
    decisions["of"][rows[again]] = first[again]
    decisions["reason"][rows[again]] = REASONS.index(reason)


def _sample(store: Store, decisions: NDArray[Any], share: float) -> None:
    """Keep the most diverse rows of a share of the tokens."""
    rows = _left(decisions)
    tokens = store.records["tokens"][rows].astype(np.int64)
    chosen = most_diverse(store.words, rows, tokens, int(share * int(tokens.sum())))
    decisions["reason"][rows[~chosen]] = REASONS.index(LEFT_OUT)


def _order(store: Store, decisions: NDArray[Any]) -> Ints:
    """The rows that stay, simple ones first; unmeasured ones last, and shorter ones first among equals."""
    rows = _left(decisions)
    records = store.records[rows]
    return rows[np.lexsort((rows, records["tokens"], records["difficulty"]))]


def _cuts(sizes: NDArray[Any], job: Curation) -> list[int]:
    """Where the parts of an ordered output begin and end, as ranks, so that each has about as many bytes as asked for."""
    ends = np.cumsum(sizes, dtype=np.int64)
    total = int(ends[-1]) if len(ends) else 0
    share = share_of(total, job)
    begins = np.flatnonzero(np.diff(ends // share, prepend=0)) if len(ends) else np.zeros(0, np.int64)
    return [0, *(int(begin) for begin in begins if begin), len(sizes)]


def _report(folder: Folder, store: Store, decisions: NDArray[Any], job: Curation) -> dict[str, Any]:
    tokens = store.records["tokens"].astype(np.int64)
    rows: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    for unit, first in enumerate(store.firsts[:-1].tolist()):
        for place, (reason, _) in (read_json(folder.note(MEASURED, unit)) or {}).items():
            rows[reason] += 1
            lost[reason] += int(tokens[first + int(place)])
    for code, reason in enumerate(REASONS[BY_ITSELF + 1 :], BY_ITSELF + 1):
        found = decisions["reason"] == code
        rows[reason], lost[reason] = int(found.sum()), int(tokens[found].sum())
    kept = _left(decisions)
    return {
        "rows": len(decisions),
        "written": len(kept),
        "tokens_before": int(tokens.sum()),
        "tokens_after": int(tokens[kept].sum()),
        "filters": [
            {"name": name, "rows": rows[name], "tokens": lost[name], "source": source} for name, source in _names(job, rows)
        ],
    }


def _names(job: Curation, met: Counter[str]) -> Sequence[tuple[str, str]]:
    """The filters of a run in order, each with its source: those that can be met, those asked for, and those of whole sets."""
    choice = job.options
    sources = {"syntax": SOURCES["syntax"]} if choice.syntax else {}
    for one in read_filters(choice.filters):
        sources[one.name] = f"{sources[one.name]}; {one.source}" if one.name in sources else one.source
    asked = ((EXACT, choice.exact), (NEAR, choice.near is not None), (LEFT_OUT, choice.share is not None))
    last = {name: SOURCES[name] for name, wanted in asked if wanted}
    unusable = {name: "no text to judge" for name in sorted(met) if met[name] and name not in sources and name not in REASONS}
    return [*unusable.items(), *sources.items(), *last.items()]
