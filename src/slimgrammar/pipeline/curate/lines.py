"""Kept rows as lines of JSON: written as a part, or in the order of their ranks for parts to be merged from.

OUT/.slim/runs/00007             the lines of a unit
OUT/.slim/runs/00007.ends.npy    where each ends
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO

import numpy as np

from slimgrammar.pipeline.curate.measuring import save_array
from slimgrammar.pipeline.curate.options import Curation
from slimgrammar.pipeline.curate.raws import Raw, raws
from slimgrammar.pipeline.datasets.durable import whole
from slimgrammar.pipeline.datasets.jsonl import write_rows
from slimgrammar.pipeline.datasets.plan import Kind, Unit

# Of a run: its path, the first row and the one behind the last, and the rows' ranks
Slice = tuple[Path, int, int, Sequence[int]]
Reject = Callable[[int, Raw], None]


def kept_rows(kind: Kind, unit: Unit, job: Curation, ranks: Sequence[int], reject: Reject) -> list[bytes]:
    """The lines of a unit that stay, by rank.

    Args:
        kind: "jsonl" or "source".
        unit: where to read.
        job: what was asked for.
        ranks: of each row; -1 where it is dropped.
        reject: gets the number in the unit, and the row, of those that are dropped.
    """
    kept: list[tuple[int, bytes]] = []
    for number, raw in enumerate(raws(kind, unit, job)):
        if ranks[number] < 0:
            reject(number, raw)
        else:
            kept.append((ranks[number], raw.line))
    return [line for _, line in sorted(kept)]


def write_part(lines: Sequence[bytes], file: IO[bytes], ending: str, job: Curation) -> None:
    """Write lines as a part."""
    write_rows(iter(lines), file, ending)


def write_run(lines: Sequence[bytes], path: Path, aside: Path) -> None:
    """Write lines for `merged`."""
    with whole(path, aside) as file:
        file.writelines(lines)
    save_array(path.with_suffix(".ends.npy"), np.cumsum([len(line) for line in lines], dtype=np.int64), aside)


def merged(slices: Sequence[Slice]) -> list[bytes]:
    """The lines of slices of runs, by rank."""
    ranked = [pair for path, start, stop, ranks in slices for pair in zip(ranks, _slice(path, start, stop), strict=True)]
    return [line for _, line in sorted(ranked)]


def _slice(path: Path, start: int, stop: int) -> Iterator[bytes]:
    ends = np.load(path.with_suffix(".ends.npy"), mmap_mode="r")
    begin = int(ends[start - 1]) if start else 0
    with path.open("rb") as file:
        file.seek(begin)
        for end in ends[start:stop].tolist():
            yield file.read(end - begin)
            begin = end
