"""What a run is made of: its options, its input files, and the parts that they are cut into.

The cut depends on the input alone, never on the number of processes, so that every run over it gives the same files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

from slimgrammar.pipeline.datasets.durable import DatasetProblem
from slimgrammar.pipeline.datasets.options import Options
from slimgrammar.pipeline.datasets.tally import OnError

Kind = Literal["jsonl", "parquet", "source"]
Read = Literal["auto", "data", "source"]
JSONL: Final = (".jsonl", ".jsonl.gz", ".jsonl.zst", ".ndjson", ".ndjson.gz", ".ndjson.zst")
PARQUET: Final = (".parquet",)
SMALLEST: Final = 1 << 18
LARGEST: Final = 1 << 26
PARTS: Final = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """Where the rows of a run are, and how it is cut into parts.

    Attributes:
        column: the column that holds the text.
        language_column: the column that tells a row's language; None where all are in one.
        read: "data" (JSONL, Parquet) or "source" files of a folder; "auto" takes what is there.
        compress: of JSONL output: "none", "gz" or "zst"; None for that of the input.
        part_bytes: the size of a part's input; None for a 128th of the whole, at least 256 KiB and at most 64 MiB.
    """

    column: str = "text"
    language_column: str | None = None
    read: Read = "auto"
    compress: str | None = None
    part_bytes: int | None = None

    @property
    def suffixes(self) -> tuple[str, ...]:
        """How the names of source files end that are rows."""
        return known_suffixes()

    def to_json(self) -> dict[str, Any]:
        """As a flat JSON object."""
        shown = asdict(self)
        return {**shown.pop("options", {}), **shown}


@dataclass(frozen=True, slots=True)
class Job(Input):
    """What a run that converts rows was asked for.

    Attributes:
        options: what is done to each row; its language is that of rows that do not tell theirs.
        into: the column that gets the converted text.
        on_error: "keep" rows that fail, with their error; "drop" them; or "fail" at the first.
    """

    options: Options = field(default_factory=Options)
    into: str = "slim_text"
    on_error: OnError = "keep"

    @property
    def suffixes(self) -> tuple[str, ...]:
        """How the names of source files end, of those that the operation can work on."""
        if self.options.operation == "prune":
            return known_suffixes()
        return (".py", ".pyi") if self.options.operation == "encode" else ()  # `slim decode` decodes folders of files


def known_suffixes() -> tuple[str, ...]:
    """The suffixes of all languages that we know."""
    from slimgrammar.prune import languages

    return tuple(suffix for known in languages().values() for suffix in known.suffixes)


@dataclass(frozen=True, slots=True)
class Unit:
    """The input of one part.

    Attributes:
        number: its place among the parts.
        path: the file it lies in, or, of source, the folder.
        start: the first byte (JSONL: of the text inside the compression), row (Parquet), or nothing.
        end: the first one behind it.
        group: the row group, of Parquet.
        files: the files, of source.
        size: about how many bytes these are.
    """

    number: int
    path: Path
    start: int = 0
    end: int = 0
    group: int = 0
    files: tuple[str, ...] = ()
    size: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """A run, cut into parts.

    Attributes:
        kind: what the input is.
        suffix: how the names of the parts end.
        units: the parts' inputs, in order.
    """

    kind: Kind
    suffix: str
    units: tuple[Unit, ...]


def find_inputs(source: Path, job: Input) -> tuple[Kind, list[Path]]:
    """What kind of data `source` holds, and its files, in order.

    Raises:
        FileNotFoundError: it is not there.
        DatasetProblem: it holds nothing that can be read, or several kinds.
    """
    if not source.is_dir():
        source.stat()
        kind = _kind_of(source)
        if kind is None:
            raise DatasetProblem(f"{source}: expected a folder, or a file named *{', *'.join((*JSONL, *PARQUET))}")
        return kind, [source]
    found: dict[Kind, list[Path]] = {"jsonl": [], "parquet": [], "source": []}
    suffixes = job.suffixes
    for path in _walk(source):
        kind = _kind_of(path) or ("source" if path.name.endswith(suffixes) else None)
        if kind is not None and (job.read == "auto" or (kind == "source") == (job.read == "source")):
            found[kind].append(path)
    kinds = [kind for kind, paths in found.items() if paths]
    if len(kinds) != 1:
        held = f"both {' and '.join(kinds)} files: say which with --read" if kinds else "no JSONL, Parquet or source files"
        raise DatasetProblem(f"{source}: the folder holds {held}")
    return kinds[0], found[kinds[0]]


def _kind_of(path: Path) -> Kind | None:
    return "jsonl" if path.name.endswith(JSONL) else "parquet" if path.name.endswith(PARQUET) else None


def _walk(folder: Path) -> Iterator[Path]:
    """The files under a folder in the order of their names; hidden ones are left out, as data set loaders do."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "__pycache__")):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _walk(path)
        elif path.is_file():
            yield path


def fingerprints(source: Path, paths: Sequence[Path]) -> list[list[Any]]:
    """Name, size and time of change of each input: a resumed run must find them unchanged."""
    top = source if source.is_dir() else source.parent
    found = []
    for path in paths:
        status = path.stat()
        found.append([path.relative_to(top).as_posix(), status.st_size, status.st_mtime_ns])
    return found


def plan(source: Path, kind: Kind, paths: Sequence[Path], job: Input) -> Plan:
    """Cut the input into parts.

    Raises:
        DatasetProblem: a file cannot be read, or has no such column.
        MissingExtra: a package that reads it is not installed.
    """
    if kind == "jsonl":
        from slimgrammar.pipeline.datasets import jsonl

        jsonl.check_column(paths[0], job.column)
        sizes = [jsonl.length(path) for path in paths]
        share = share_of(sum(sizes), job)
        cuts: Iterator[Unit] = (
            Unit(0, path, start, min(start + share, size), size=min(share, size - start))
            for path, size in zip(paths, sizes, strict=True)
            for start in range(0, size, share)
        )
        return Plan(kind, jsonl.suffix(paths[0], job.compress), _numbered(cuts))
    if job.compress is not None and kind == "parquet":
        raise DatasetProblem("--compress is for JSONL: Parquet compresses by itself")
    if kind == "parquet":
        from slimgrammar.pipeline.datasets import parquet

        sizes = parquet.check(paths, job.column, job.language_column)
        share = share_of(sum(sizes), job)
        return Plan(kind, ".parquet", _numbered(unit for path in paths for unit in parquet.units(path, share)))
    from slimgrammar.pipeline.datasets import jsonl, sources

    total = sum(path.stat().st_size for path in paths)
    return Plan(kind, jsonl.suffix(Path(), job.compress), _numbered(sources.units(source, paths, share_of(total, job))))


def share_of(total: int, job: Input) -> int:
    """How many bytes of input a part has, of `total`."""
    return job.part_bytes or min(max(total // PARTS, SMALLEST), LARGEST)


def _numbered(units: Iterator[Unit]) -> tuple[Unit, ...]:
    return tuple(replace(unit, number=number) for number, unit in enumerate(units))
