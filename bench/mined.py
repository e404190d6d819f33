"""Mined shorthands on files that they were not mined from: the dialects with a codebook, beside plain Python with as many.

The standard library is cut into two halves of its files, drawn by hash; each half's codebook is tried on the other, and the two
are added up. The packages are tried with a codebook of the whole standard library, in which a shorthand must save in several
modules. Code alone: no comments, no docstrings.
"""

from __future__ import annotations

import hashlib
import sysconfig
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from inputs import read_program

import slimgrammar
from slimgrammar.bench.peers import CANONICAL, canonical
from slimgrammar.cli.batch import raised, run, with_progress
from slimgrammar.compact.codebook.expansion import shorten
from slimgrammar.compact.codebook.mining import count_tokens, mine
from slimgrammar.vocab import load

FORMS = (CANONICAL, "compact", "symbols")
Texts = dict[str, str]


@dataclass(frozen=True, slots=True)
class Spelled:
    """One file's code in each form."""

    path: Path
    texts: Texts


@dataclass(frozen=True, slots=True)
class Task:
    """One codebook: mined from `corpus`, tried on `others`; texts are those of one form.

    `sources` says what each text of the corpus belongs to, where the others belong to none of those.
    """

    form: str
    vocabulary: str
    k: int
    name: str
    corpus: tuple[str, ...]
    others: tuple[str, ...]
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """What one form with one codebook size saved, in one vocabulary and corpus."""

    form: str
    vocabulary: str
    k: int
    name: str
    tokens: int


def spelled(path: Path) -> Spelled | None:
    """A file's code in each form; None where the host cannot parse it."""
    program = read_program(path)
    if program is None:
        return None
    texts = {
        form: slimgrammar.encode(program.text, dialect=form, comments="drop", docstrings="drop", verify=False)
        for form in FORMS
        if form != CANONICAL
    }
    return Spelled(path, {CANONICAL: canonical(program.text, docstrings="drop")} | texts)


def spell_all(files: Sequence[Path], *, workers: int, label: str) -> list[Spelled]:
    """All files in each form; what cannot be parsed is left out."""
    results = run(spelled, files, workers=workers, failed=lambda path, error: None)
    return [program for program in with_progress(results, len(files), label) if program]


def halves(programs: Sequence[Spelled]) -> tuple[list[Spelled], list[Spelled]]:
    """Two halves of a corpus, drawn by a hash of each program."""
    drawn = [hashlib.sha256(program.texts[CANONICAL].encode()).digest()[0] % 2 for program in programs]
    first, second = ([each for each, half in zip(programs, drawn, strict=True) if half == which] for which in (0, 1))
    return first, second


def tasks(
    stdlib: Sequence[Spelled], packages: Sequence[Spelled], sizes: Iterable[int], vocabularies: Iterable[str]
) -> Iterator[Task]:
    """Every codebook to mine."""
    first, second = halves(stdlib)
    trials: list[tuple[str, list[Spelled], list[Spelled], tuple[str, ...]]]
    trials = [("stdlib", first, second, ()), ("stdlib", second, first, ())]
    if packages:
        trials.append(("packages", list(stdlib), list(packages), tuple(map(_source, stdlib))))
    for vocabulary in vocabularies:
        for k in sizes:
            for form in FORMS:
                for name, corpus, others, sources in trials:
                    yield Task(form, vocabulary, k, name, _column(corpus, form), _column(others, form), sources)


def _source(program: Spelled) -> str:
    """The module or package of the standard library that a file belongs to; of any other file, its name."""
    home = Path(sysconfig.get_path("stdlib"))
    return program.path.relative_to(home).parts[0] if program.path.is_relative_to(home) else str(program.path)


def _column(programs: Sequence[Spelled], form: str) -> tuple[str, ...]:
    return tuple(program.texts[form] for program in programs)


def tried(task: Task) -> Row:
    """Mine, and count what the codebook saves elsewhere."""
    vocab = load(task.vocabulary)
    book = mine(task.corpus, vocab=vocab, dialect=task.form, k=task.k, sources=task.sources)
    return Row(
        task.form,
        task.vocabulary,
        task.k,
        task.name,
        sum(count_tokens(vocab, shorten(text, book), book) for text in task.others),
    )


def measure(
    stdlib: Sequence[Spelled], packages: Sequence[Spelled], *, sizes: Sequence[int], vocabularies: Sequence[str], workers: int
) -> list[Row]:
    """All rows, those without shorthands (k = 0) first."""
    rows = [
        Row(form, vocabulary, 0, name, sum(count_tokens(load(vocabulary), text) for text in _column(programs, form)))
        for vocabulary in vocabularies
        for form in FORMS
        for name, programs in (("stdlib", stdlib), ("packages", packages))
        if programs
    ]
    todo = list(tasks(stdlib, packages, sizes, vocabularies))
    return rows + list(with_progress(run(tried, todo, workers=workers, failed=raised), len(todo), "codebooks"))


def print_rows(rows: Sequence[Row]) -> None:
    """A table a vocabulary: forms and sizes down, corpora across; percent saved of plain Python's tokens."""
    names = list(dict.fromkeys(row.name for row in rows))
    for vocabulary in dict.fromkeys(row.vocabulary for row in rows):
        here = [row for row in rows if row.vocabulary == vocabulary]
        print(f"\n{vocabulary:24}" + "".join(f"{name:>22}" for name in names))
        for form in FORMS:
            for k in dict.fromkeys(row.k for row in here):
                label = f"{form} + {k}" if k else form
                print(f"{label:24}" + "".join(_cell(here, form, k, name) for name in names))


def _cell(rows: Sequence[Row], form: str, k: int, name: str) -> str:
    def total(form: str, k: int) -> int:
        return sum(row.tokens for row in rows if (row.form, row.k, row.name) == (form, k, name))

    baseline, tokens = total(CANONICAL, 0), total(form, k)
    return f"{tokens:>14,}{100 * (tokens / baseline - 1):+7.1f}%" if form != CANONICAL or k else f"{tokens:>14,}{'':8}"
