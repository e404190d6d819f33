"""`slim prune`: the parts of programs that tell most, in a budget of tokens."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import typer

from slimgrammar.cli import options
from slimgrammar.cli.files import Job, Naming, plan, write_atomically, write_out
from slimgrammar.cli.records import Failed, attempt, failed

if TYPE_CHECKING:
    from slimgrammar.prune import Language, Pruned

Show = Literal["text", "explain", "html"]

EXAMPLES: Final = """\b
Examples:
  slim prune app.py --keep 0.5
  slim prune src -o short --max-tokens 400 --pin main
  slim prune Main.java --keep 0.3 --query "parse the header" --explain
  slim prune app.py --method slice --criterion total --valid"""


@dataclass(frozen=True, slots=True)
class Shortened:
    """A file that went through: what is to be written, and its record for `--json`."""

    path: str
    data: bytes
    record: dict[str, object]


@dataclass(frozen=True, slots=True)
class PruneWork:
    """One file in fewer tokens; a record whatever happens."""

    asked: dict[str, Any]
    vocab: str
    language: str | None
    show: Show
    color: bool

    def __call__(self, job: Job) -> Shortened | Failed:
        """Read, prune, and spell the result as bytes."""
        return attempt(lambda: self._shortened(job), job.name)

    def _shortened(self, job: Job) -> Shortened:
        from slimgrammar.prune import Options, prune_with
        from slimgrammar.vocab import load

        text, known = read_program(job.path, self.language, job.read())
        pruned = prune_with(Options(**self.asked), text, known, load(self.vocab))
        shown = self._shown(pruned, job.name)
        data = (shown if shown.endswith("\n") or not shown else f"{shown}\n").encode("utf-8", "surrogatepass")
        return Shortened(job.name, data, _record(job.name, pruned))

    def _shown(self, pruned: Pruned, name: str) -> str:
        from slimgrammar.prune.explain import as_html, struck_through, summary

        if self.show == "html":
            return as_html(pruned, name)
        if self.show == "explain":
            return f"{struck_through(pruned, color=self.color)}\n{summary(pruned)}\n"
        return pruned.text


def read_program(path: Path | None, language: str | None, data: bytes | None = None) -> tuple[str, Language]:
    """The text of a program, and its language: the one that is named, else by the file's name.

    Raises:
        UnknownLanguage: neither tells a language.
        Unreadable, SyntaxProblem: the bytes are not text.
    """
    from slimgrammar.errors import Unreadable
    from slimgrammar.prune.languages import UnknownLanguage, language_of
    from slimgrammar.prune.languages import language as language_named
    from slimgrammar.syntax.source import read_source

    if language is None and path is None:
        raise UnknownLanguage("standard input has no name that tells its language: give --language")
    known = language_named(language) if language is not None else language_of(path or "")
    content = data if data is not None else sys.stdin.buffer.read() if path is None else path.read_bytes()
    if known.name == "python":  # has coding lines
        return read_source(path, content).text, known
    try:
        return content.decode("utf-8-sig"), known
    except UnicodeDecodeError as error:
        raise Unreadable(f"byte {error.start} is not UTF-8") from None


def _record(name: str, pruned: Pruned) -> dict[str, object]:
    return {
        "path": name,
        "language": pruned.language,
        "method": pruned.method,
        "vocab": pruned.vocab,
        "tokens_before": pruned.tokens_before,
        "tokens": pruned.tokens,
        "had_errors": pruned.had_errors,
        "text": pruned.text,
        "kept": [[span.start, span.end] for span in pruned.kept],
        "map": [[piece.out, piece.start, piece.length] for piece in pruned.map],
        "dropped": [[loss.start, loss.end, loss.reason] for loss in pruned.dropped],
    }


def prune(
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="[PATH…|-]", help="Files or folders; - or nothing: standard input.")
    ] = None,
    *,
    keep: Annotated[float | None, typer.Option(metavar="SHARE", help="The share of the tokens to keep, such as 0.5.")] = None,
    max_tokens: Annotated[int | None, typer.Option(metavar="N", min=0, help="The most tokens that a file may have.")] = None,
    method: Annotated[
        str, typer.Option("--method", "-m", help="How to choose; see docs/prune.md.", show_default=True)
    ] = "slim",
    language: Annotated[
        str | None, typer.Option("--language", "-l", help="What the files are written in [by their names].")
    ] = None,
    vocab: Annotated[
        str, typer.Option(help="Whose tokens count: a name, or the path of a tokenizer.json.", show_default=True)
    ] = "o200k_base",
    query: Annotated[str, typer.Option(metavar="TEXT", help="What the reader looks for: what matches is kept longer.")] = "",
    pin: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Keep the declarations of this name whole; repeatable.")
    ] = None,
    valid: Annotated[bool, typer.Option("--valid", help="Leave out whole statements only, so that the result parses.")] = False,
    dependences: Annotated[
        bool, typer.Option("--dependences", help="For --method slim: weigh what depends on a statement.")
    ] = False,
    criterion: Annotated[
        str | None, typer.Option(metavar="LINE|NAME", help="For --method slice: what the slice explains.")
    ] = None,
    body: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="For --method skeleton: a body to keep; repeatable.")
    ] = None,
    model: Annotated[str | None, typer.Option(metavar="FOLDER", help="For --method attention: a Hugging Face model.")] = None,
    seed: Annotated[int, typer.Option(help="For --method random.")] = 0,
    explain: Annotated[bool, typer.Option("--explain", help="Print the source, what went struck through.")] = False,
    html: Annotated[bool, typer.Option("--html", help="A page that shows what went, and why.")] = False,
    as_json: options.AsJson = False,
    out: options.Out = None,
) -> None:
    """Write programs in fewer tokens, for readers that need not get them back."""
    from slimgrammar.prune import languages, method_named
    from slimgrammar.vocab import load

    method_named(method)
    load(vocab)
    asked = {
        "keep": keep,
        "max_tokens": max_tokens,
        "method": method,
        "query": query,
        "pins": tuple(pin or ()),
        "valid": valid,
        "dependences": dependences,
        "seed": seed,
        "criterion": criterion,
        "bodies": tuple(body or ()),
        "model": model,
    }
    show: Show = "html" if html else "explain" if explain else "text"
    suffixes = tuple(suffix for known in languages().values() for suffix in known.suffixes)
    naming = Naming(suffixes, lambda name: f"{name}.html" if html else name)
    jobs = plan(paths or [], out, naming, in_records=as_json or explain)
    color = explain and out is None and sys.stdout.isatty() and "NO_COLOR" not in os.environ
    _convert(PruneWork(asked, vocab, language, show, color), jobs, as_json=as_json)


def _convert(work: PruneWork, jobs: list[Job], *, as_json: bool) -> None:
    """Do the jobs, deliver each result as it comes, and leave with the gravest exit code."""
    worst = 0
    for job, record in zip(jobs, _records(work, jobs), strict=True):
        if isinstance(record, Failed):
            print(record, file=sys.stderr)
            worst = max(worst, record.code)
            if as_json:
                _print_json({"path": record.path, "error": record.message, "line": record.line, "column": record.column})
            continue
        if job.out is not None:
            write_atomically(job.out, record.data, parents=job.mirrored)
        elif not as_json:
            write_out(record.data)
        if as_json:
            _print_json(record.record)
    if worst:
        raise typer.Exit(worst)


def _print_json(record: dict[str, object]) -> None:
    write_out(json.dumps(record).encode() + b"\n")


def _records(work: PruneWork, jobs: list[Job]) -> Iterator[Shortened | Failed]:
    if len(jobs) == 1:  # standard input cannot be read by another process, and one file needs none
        return map(work, jobs)
    from slimgrammar.cli.batch import run, with_progress

    results = run(work, jobs, workers=os.cpu_count() or 1, failed=lambda job, error: failed(job.name, error))
    return with_progress(results, len(jobs), "files")
