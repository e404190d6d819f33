"""`slim stats`: how many tokens a program has in each spelling, and what that saves.

Two baselines, because they answer different questions: the original is what a user pays today; the canonical form has the same
content (comments and docstrings kept or dropped alike) in plain layout, so that savings against it are the grammar's own.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Final, get_args

import typer

from slimgrammar.cli import options
from slimgrammar.cli.files import walk, write_atomically, write_out
from slimgrammar.cli.records import FOUND, Failed, Skipped, attempt_source, failed
from slimgrammar.cli.settings import Dialect, Settings, load_settings

EXAMPLES: Final = """\b
Examples:
  slim stats src
  slim stats app.py --vocab o200k_base --vocab qwen3
  slim stats src --comments drop --docstrings drop --json
  slim stats src --why --picture tokens.svg"""

BARE: Final = "canonical without docstrings"
FORMS: Final = ("original", "canonical", BARE, *get_args(Dialect))


@dataclass(frozen=True, slots=True)
class Measured:
    """The tokens of one file, by vocabulary and form; of many, when added up."""

    tokens: Counter[tuple[str, str]]
    characters: int = 0
    why: dict[tuple[str, str, str], float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StatsWork:
    """One file, counted in every form and vocabulary, and where its tokens go if `why`; a record whatever happens."""

    settings: Settings
    why: bool = False

    def __call__(self, path: Path) -> Measured | Skipped | Failed:
        """Read the file, spell it in each form, count."""
        return attempt_source(path, self._measured)

    def _measured(self, text: str) -> Measured:
        from slimgrammar.syntax.check import check

        check(text)  # encoding without proof takes some texts that are not Python
        forms = self._forms(text)
        why = self._why(forms) if self.why else {}
        return Measured(_tokens(forms, self.settings.vocab), len(text), why)

    def _forms(self, text: str) -> dict[str, str]:
        import slimgrammar

        comments, docstrings = self.settings.comments, self.settings.docstrings
        forms = {
            "original": text,
            "canonical": slimgrammar.canonical_text(text, comments=comments, docstrings="keep"),
            BARE: slimgrammar.canonical_text(text, comments=comments, docstrings="drop"),
        }
        for dialect in get_args(Dialect):
            forms[dialect] = slimgrammar.encode(text, dialect=dialect, comments=comments, docstrings=docstrings, verify=False)
        return forms

    def _why(self, forms: dict[str, str]) -> dict[tuple[str, str, str], float]:
        from slimgrammar.cli.stats_why import reasons

        dialects = get_args(Dialect)
        shown = {form: (forms[form], form if form in dialects else "python") for form in compared(self.settings)}
        return reasons(shown, self.settings.vocab)


def compared(settings: Settings) -> tuple[str, ...]:
    """The forms that have the same content, and the original."""
    return tuple(form for form in FORMS if form != ("canonical" if settings.docstrings == "drop" else BARE))


def _tokens(forms: dict[str, str], names: Iterable[str]) -> Counter[tuple[str, str]]:
    from slimgrammar.grammar import symbol_table
    from slimgrammar.vocab import count, count_with_symbols, load

    symbols = tuple(symbol_table())
    counted: Counter[tuple[str, str]] = Counter()
    for name in names:
        vocab = load(name)
        for form, text in forms.items():
            counted[name, form] = count_with_symbols(vocab, text, symbols) if form == "symbols" else count(vocab, text)
    return counted


def stats(
    paths: options.CheckPaths,
    *,
    vocab: Annotated[
        list[str] | None, typer.Option("--vocab", metavar="V", help="Vocabulary to count in; may be repeated [cl100k_base].")
    ] = None,
    comments: options.CommentsOption = None,
    docstrings: options.DocstringsOption = None,
    why: Annotated[bool, typer.Option("--why", help="Tell where the tokens go: identifiers, brackets, docstrings …")] = False,
    picture: Annotated[
        Path | None, typer.Option("--picture", metavar="OUT.svg", help="Draw where the tokens go; implies --why.")
    ] = None,
    workers: options.Workers = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Count tokens in every dialect, against the original and against the canonical form."""
    from slimgrammar.cli.batch import run, with_progress
    from slimgrammar.vocab import load

    settings = load_settings(Path.cwd(), comments=comments, docstrings=docstrings, vocab=tuple(vocab) if vocab else None)
    files = walk(paths)
    for name in settings.vocab:
        load(name)  # an unknown one ends the command here, and the workers inherit the loaded ones
    results = run(
        StatsWork(settings, why or picture is not None),
        files,
        workers=workers or os.cpu_count() or 1,
        failed=lambda path, error: failed(str(path), error),
    )
    total = _added_up(with_progress(results, len(files), "stats"))
    _show_json(total, settings) if as_json else _show_tables(total, settings)
    if picture is not None:
        from slimgrammar.cli.stats_why import picture as drawn

        write_atomically(picture, drawn(total.why, settings.vocab, compared(settings)).encode())
    if total.failures:
        raise typer.Exit(FOUND)


@dataclass(slots=True)
class Total:
    """All files together."""

    tokens: Counter[tuple[str, str]]
    files: int = 0
    characters: int = 0
    not_python: int = 0
    failures: int = 0
    why: dict[tuple[str, str, str], float] = field(default_factory=dict)


def _added_up(results: Iterable[Measured | Skipped | Failed]) -> Total:
    total = Total(Counter())
    for result in results:
        total.files += 1
        if isinstance(result, Measured):
            total.tokens.update(result.tokens)
            total.characters += result.characters
            for key, tokens in result.why.items():
                total.why[key] = total.why.get(key, 0) + tokens
        elif isinstance(result, Skipped):
            total.not_python += 1
        else:
            total.failures += 1
            print(result, file=sys.stderr)
    return total


def _rows(total: Total, settings: Settings, vocab: str) -> list[tuple[str, int, float, float]]:
    """Form, tokens, percent saved against the original and against the canonical form of the same content."""
    from slimgrammar.report.figures import saved

    baseline = "canonical" if settings.docstrings == "keep" else BARE
    rows = []
    for form in FORMS:
        tokens = total.tokens[vocab, form]
        against = [saved(tokens, total.tokens[vocab, base]) for base in ("original", baseline)]
        rows.append((form, tokens, against[0], against[1]))
    return rows


def _show_json(total: Total, settings: Settings) -> None:
    vocabularies = {}
    for vocab in settings.vocab:
        rows = _rows(total, settings, vocab)
        vocabularies[vocab] = {
            form: {"tokens": tokens, "saved_original": round(original, 2), "saved_canonical": round(canonical, 2)}
            for form, tokens, original, canonical in rows
        }
    shown = {
        "files": total.files,
        "not_python": total.not_python,
        "failed": total.failures,
        "characters": total.characters,
        "comments": settings.comments,
        "docstrings": settings.docstrings,
        "vocabularies": vocabularies,
    }
    if total.why:
        from slimgrammar.cli import stats_why

        shown["why"] = stats_why.as_json(total.why, settings.vocab, compared(settings))
    write_out(json.dumps(shown).encode() + b"\n")


def _show_tables(total: Total, settings: Settings) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    skipped = f", {total.not_python} not Python" if total.not_python else ""
    console.print(f"{total.files} files{skipped}, {total.characters:,} characters")
    against = "canonical" if settings.docstrings == "keep" else BARE
    console.print(f"comments: {settings.comments}, docstrings: {settings.docstrings}; the last column is against: {against}")
    for vocab in settings.vocab:
        table = Table(title=vocab, title_justify="left")
        table.add_column("form", no_wrap=True)
        for heading in ("tokens", "% off original", "% off canonical"):
            table.add_column(heading, justify="right")
        for form, tokens, original, canonical in _rows(total, settings, vocab):
            table.add_row(form, f"{tokens:,}", f"{original:.1f}", f"{canonical:.1f}")
        console.print(table)
        if total.why:
            from slimgrammar.cli import stats_why

            console.print(stats_why.table(total.why, vocab, compared(settings)))
