"""`slim mine`: a codebook of shorthands from one's own code."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from slimgrammar.cli import options
from slimgrammar.cli.files import walk, write_atomically, write_out
from slimgrammar.cli.records import Failed, Skipped, attempt_source, failed
from slimgrammar.cli.settings import Settings, load_settings
from slimgrammar.errors import MissingExtra

EXAMPLES: Final = """\b
Examples:
  slim mine src -k 100 -o codebook.json
  slim mine src -k 256 --vocab qwen3 --dialect compact -o codebook.json
  slim encode app.py --dialect symbols --codebook codebook.json"""


@dataclass(frozen=True, slots=True)
class MineWork:
    """One file to its text in the dialect; a record where that fails."""

    settings: Settings

    def __call__(self, path: Path) -> str | Skipped | Failed:
        """Read the file and spell it."""
        return attempt_source(path, self._spelled)

    def _spelled(self, source: str) -> str:
        import slimgrammar
        from slimgrammar.syntax.check import check

        check(source)  # encoding without proof takes some texts that are not Python
        chosen = self.settings
        return slimgrammar.encode(
            source, dialect=chosen.dialect, comments=chosen.comments, docstrings=chosen.docstrings, verify=False
        )


def mine(
    paths: options.CheckPaths,
    *,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="The codebook's file [standard output].")
    ] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=60_000, metavar="K", help="How many shorthands.")] = 256,
    vocab: Annotated[
        str | None, typer.Option(metavar="V", help="Vocabulary whose tokens are to be saved [cl100k_base].")
    ] = None,
    dialect: options.DialectOption = None,
    comments: options.CommentsOption = None,
    docstrings: options.DocstringsOption = None,
    held_out: Annotated[
        float, typer.Option(min=0, max=0.9, metavar="SHARE", help="Share of the files to measure on and not to mine from.")
    ] = 0.1,
    megabytes: Annotated[
        float | None, typer.Option(min=0, metavar="MB", help="Mine from so much encoded text at most, drawn evenly [all].")
    ] = None,
    workers: options.Workers = None,
) -> None:
    """Learn the shorthands that save most tokens in one's own code, beyond a dialect.

    Comments and docstrings are left out unless `--comments keep` or `--docstrings keep` asks for them; `--dialect symbols` (the
    default here) spells shorthands as new symbols, the others as characters that are one token of the vocabulary already.
    """
    settings = load_settings(
        Path.cwd(),
        dialect=dialect or "symbols",
        comments=comments or "drop",
        docstrings=docstrings or "drop",
        vocab=(vocab,) if vocab else None,
    )
    texts = _texts(walk(paths), settings, workers or os.cpu_count() or 1)
    corpus, rest = split(texts.values(), held_out)
    book = _mined(sample(corpus, megabytes), rest, settings, k)
    if out is None:
        write_out(book.to_json().encode())
    else:
        write_atomically(out, book.to_json().encode())
    _report(book)


def _texts(files: Sequence[Path], settings: Settings, workers: int) -> dict[str, str]:
    """The text of each file, by its path; what is no Python is left out and named on standard error."""
    from slimgrammar.cli.batch import run, with_progress

    results = run(MineWork(settings), files, workers=workers, failed=lambda path, error: failed(str(path), error))
    texts: dict[str, str] = {}
    worst = 0
    for path, result in zip(files, with_progress(results, len(files), "files"), strict=True):
        if isinstance(result, str):
            texts[str(path)] = result
        elif isinstance(result, Failed):
            print(result, file=sys.stderr)
            worst = max(worst, result.code)
    if not texts:
        print("slim: no Python to mine from", file=sys.stderr)
        raise typer.Exit(worst or 2)
    return texts


def split(texts: Iterable[str], held_out: float) -> tuple[list[str], list[str]]:
    """Texts to mine from and texts to measure on, by a hash of each text: the same in every run and every folder."""
    corpus: list[str] = []
    rest: list[str] = []
    for text in dict.fromkeys(texts):
        drawn = int.from_bytes(_digest(text)[:4]) / 2**32
        (rest if drawn < held_out else corpus).append(text)
    return (corpus, rest) if corpus else (rest, [])


def sample(texts: list[str], megabytes: float | None) -> list[str]:
    """Up to `megabytes` of texts, drawn by their hashes: as even as chance, and the same in every run."""
    if megabytes is None:
        return texts
    drawn: list[str] = []
    size = 0.0
    for text in sorted(texts, key=_digest):
        if size >= megabytes * 1e6:
            break
        drawn.append(text)
        size += len(text)
    return drawn


def _digest(text: str) -> bytes:
    import hashlib  # it loads OpenSSL, and `slim --help` needs none

    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _mined(corpus: Sequence[str], rest: Sequence[str], settings: Settings, k: int) -> Any:
    try:
        from slimgrammar.compact.codebook.mining import mine as mine_book
    except ModuleNotFoundError as missing:
        if missing.name != "numpy":
            raise
        raise MissingExtra("numpy", "codebook") from None
    from slimgrammar.vocab import load

    return mine_book(
        corpus, vocab=load(settings.vocab[0]), dialect=settings.dialect, k=k, held_out=rest, say=partial(_say, len(corpus))
    )


def _say(texts: int, stage: str) -> None:
    if sys.stderr.isatty():
        print(f"{texts} texts: {stage} …", file=sys.stderr)


def _report(book: Any) -> None:
    """What the codebook saves, on standard error."""
    lines: Iterable[tuple[str, dict[str, Any]]] = ((name, book.mined[name]) for name in ("corpus", "held_out"))
    print(f"{len(book.shorthands)} shorthands for {book.vocabulary}, {book.hash[:12]}", file=sys.stderr)
    for name, figures in lines:
        if figures["tokens"]:
            shown = name.replace("_", " ")
            print(
                f"{shown}: {figures['tokens']:,} tokens became {figures['shortened']:,}, {100 * figures['saved']:.1f} % fewer",
                file=sys.stderr,
            )
