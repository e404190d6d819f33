"""`slim encode` and `slim decode`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from slimgrammar.cli import options
from slimgrammar.cli.files import Job, decoded_naming, encoded_naming, plan, write_atomically, write_out
from slimgrammar.cli.records import Encoded, Failed, attempt, failed
from slimgrammar.cli.settings import Settings, load_settings

if TYPE_CHECKING:
    from slimgrammar.syntax.source import Source

Record = Encoded | Failed

ENCODE_EXAMPLES: Final = """\b
Examples:
  slim encode app.py > app.slim
  cat app.py | slim encode --comments drop --docstrings drop
  slim encode src -o packed --dialect symbols"""

DECODE_EXAMPLES: Final = """\b
Examples:
  slim decode app.slim
  slim decode edited.slim --like app.py -o app.py
  slim decode packed -o src --dialect symbols"""


@dataclass(frozen=True, slots=True)
class EncodeWork:
    """One file to its encoded form, under these options; a record whatever happens."""

    settings: Settings
    verify: bool = True
    with_map: bool = False
    aliases: str | None = None
    codebook: str | None = None

    def __call__(self, job: Job) -> Record:
        """Read, encode, and spell the result as bytes."""
        return attempt(lambda: self._encoded(job), job.name, self.settings.dialect)

    def _encoded(self, job: Job) -> Encoded:
        import slimgrammar
        from slimgrammar.syntax.source import python_bytes, read_source

        chosen = self.settings
        source = read_source(job.path, job.read()).text
        text = slimgrammar.encode(
            source,
            dialect=chosen.dialect,
            comments=chosen.comments,
            docstrings=chosen.docstrings,
            aliases=self.aliases,
            codebook=self.codebook,
            verify=self.verify,
        )
        spans = _position_map(source, text, chosen.dialect, self.codebook) if self.with_map else ""
        ended = text if text.endswith("\n") or not text else f"{text}\n"
        data = python_bytes(ended) if chosen.dialect == "python" else ended.encode()
        return Encoded(job.name, chosen.dialect, text, data, len(source), spans)


def _position_map(source: str, text: str, dialect: str, codebook: str | None) -> str:
    from slimgrammar.compact.codebook.book import load
    from slimgrammar.compact.positions import position_map

    book = None if codebook is None else load(codebook)
    return str(position_map(source, text, dialect, codebook=book).to_json())


@dataclass(frozen=True, slots=True)
class DecodeWork:
    """One encoded file back to Python, under these options; a record whatever happens."""

    settings: Settings
    original: Source | None = None
    codebook: str | None = None

    def __call__(self, job: Job) -> Record:
        """Read, decode, and spell the result as bytes, as the original does where there is one."""
        return attempt(lambda: self._decoded(job), job.name, self.settings.dialect)

    def _decoded(self, job: Job) -> Encoded:
        import slimgrammar
        from slimgrammar.syntax.source import python_bytes, read_source

        dialect = self.settings.dialect
        encoding = None if dialect == "python" else "utf-8"
        encoded = read_source(job.path, job.read(), encoding=encoding).text
        original = self.original
        like = original.text if original else None
        text = slimgrammar.decode(encoded, dialect=dialect, codebook=self.codebook, like=like, style=self.settings.style)
        data = original.to_bytes(text) if original else python_bytes(text)
        return Encoded(job.name, dialect, text, data, len(encoded))


def encode(
    paths: options.ConvertPaths = None,
    *,
    out: options.Out = None,
    dialect: options.DialectOption = None,
    comments: options.CommentsOption = None,
    docstrings: options.DocstringsOption = None,
    aliases: Annotated[
        bool, typer.Option("--aliases", help="Give long identifiers short names where that saves tokens; harder to read.")
    ] = False,
    vocab: Annotated[str | None, typer.Option(metavar="V", help="Vocabulary that --aliases counts in [cl100k_base].")] = None,
    codebook: options.CodebookOption = None,
    verify: Annotated[bool, typer.Option(help="Check that the input is Python and that the result decodes to it.")] = True,
    as_json: options.AsJson = False,
    map_file: Annotated[
        Path | None, typer.Option("--map", metavar="FILE", help="Write the position map, as JSON, to FILE.")
    ] = None,
) -> None:
    """Write Python in fewer tokens; `slim decode` gives the program back."""
    chosen = (vocab,) if vocab else None
    settings = load_settings(Path.cwd(), dialect=dialect, comments=comments, docstrings=docstrings, vocab=chosen)
    if aliases:
        from slimgrammar.vocab import load

        load(settings.vocab[0])  # an unknown one ends the command here, and the workers inherit the loaded one
    jobs = plan(paths or [], out, encoded_naming(settings.dialect), in_records=as_json)
    if map_file is not None and len(jobs) != 1:
        raise typer.BadParameter("a position map belongs to one file", param_hint="'--map'")
    _load(codebook)
    work = EncodeWork(settings, verify, map_file is not None, settings.vocab[0] if aliases else None, codebook)
    _convert(work, jobs, as_json=as_json, map_file=map_file)


def decode(
    paths: options.ConvertPaths = None,
    *,
    out: options.Out = None,
    dialect: options.DialectOption = None,
    codebook: options.CodebookOption = None,
    like: Annotated[
        Path | None, typer.Option(metavar="ORIGINAL", help="The original file: keep its layout, encoding and line ends.")
    ] = None,
    style: options.StyleOption = None,
    as_json: options.AsJson = False,
) -> None:
    """Print an encoded program as Python again."""
    settings = load_settings(Path.cwd(), dialect=dialect, style=style)
    jobs = plan(paths or [], out, decoded_naming(settings.dialect), in_records=as_json)
    if like is not None and len(jobs) != 1:
        raise typer.BadParameter("one original belongs to one encoded file", param_hint="'--like'")
    _load(codebook)
    _convert(DecodeWork(settings, _read_original(like) if like else None, codebook), jobs, as_json=as_json)


def _load(codebook: str | None) -> None:
    """Reads a codebook before the work begins: a wrong one ends the command here, and workers inherit it."""
    if codebook is not None:
        from slimgrammar.compact.codebook.book import load

        load(codebook)


def _read_original(path: Path) -> Source:
    from slimgrammar.syntax.source import read_source

    original = attempt(lambda: read_source(path, path.read_bytes()), str(path))
    if isinstance(original, Failed):
        print(original, file=sys.stderr)
        raise typer.Exit(original.code)
    return original


def _convert(work: Callable[[Job], Record], jobs: list[Job], *, as_json: bool, map_file: Path | None = None) -> None:
    """Do the jobs, deliver each result as it comes, and leave with the gravest exit code."""
    worst = 0
    for job, record in zip(jobs, _records(work, jobs), strict=True):
        if isinstance(record, Failed):
            print(record, file=sys.stderr)
            worst = max(worst, record.code)
        else:
            _deliver(job, record, map_file, quiet=as_json)
        if as_json:
            write_out(_as_json(job, record))
    if worst:
        raise typer.Exit(worst)


def _records(work: Callable[[Job], Record], jobs: list[Job]) -> Iterator[Record]:
    if len(jobs) == 1:  # standard input cannot be read by another process, and one file needs none
        return map(work, jobs)
    from slimgrammar.cli.batch import run, with_progress

    results = run(work, jobs, workers=os.cpu_count() or 1, failed=lambda job, error: failed(job.name, error))
    return with_progress(results, len(jobs), "files")


def _deliver(job: Job, record: Encoded, map_file: Path | None, *, quiet: bool) -> None:
    """Put a result where it belongs: its file, standard output, or (`quiet`) only the JSON record."""
    if map_file is not None:
        write_atomically(map_file, record.spans.encode())
    if job.out is not None:
        write_atomically(job.out, record.data, parents=job.mirrored)
    elif not quiet:
        write_out(record.data)


def _as_json(job: Job, record: Record) -> bytes:
    """The JSON line for one file."""
    shown: dict[str, object] = {"path": record.path, "dialect": record.dialect}
    if isinstance(record, Failed):
        shown |= {"error": record.message, "line": record.line, "column": record.column}
    else:
        shown |= {"text": record.text} if job.out is None else {"out": str(job.out)}
        shown |= {"characters_before": record.before, "characters_after": len(record.text)}
    return json.dumps(shown).encode() + b"\n"
