"""Elements cover the text; the query's categories land where they should; samples parse cleanly."""

import time
from pathlib import Path

import numpy as np
import pytest

from slimgrammar.prune.elements import COMMENT, KEYWORD, NAME, STRING, SYMBOL
from slimgrammar.prune.languages import UnknownLanguage, language, language_of, languages, stand_in
from slimgrammar.prune.places import CALL, SIGNATURE, STRUCTURE
from slimgrammar.prune.program import Program


def read(path: Path) -> Program:
    return Program(path.read_text(), language_of(path))


def rebuilt(program: Program) -> str:
    return "".join((program.gaps + program.texts).tolist())


def test_every_language_has_a_sample() -> None:
    names = {language_of(path).name for path in Path(__file__).with_name("samples").iterdir()}
    assert names == set(languages())


def test_sample_parses_and_its_elements_are_its_text(sample: Path) -> None:
    program = read(sample)
    assert not program.has_errors
    assert rebuilt(program) == program.text
    for text, start in zip(program.texts.tolist(), program.starts.tolist(), strict=True):
        assert program.text.startswith(text, start)


def test_all_categories_occur(sample: Path) -> None:
    program = read(sample)
    for flag in (SIGNATURE, STRUCTURE, CALL):
        assert (program.flags & flag > 0).any()
    for kind in (NAME, KEYWORD, SYMBOL, STRING, COMMENT):
        assert (program.kinds == kind).any()
    kinds = {statement.kind for statement in program.statements}
    assert {"function", "return", "import"} <= kinds or sample.suffix in (".ts",)
    assert program.definition_starts
    assert program.call_starts


@pytest.mark.parametrize(
    ("name", "kind", "flags"),
    [
        ("total", NAME, SIGNATURE),
        ("enumerate", NAME, STRUCTURE | CALL),
        ("negative", STRING, None),
        ("tax", COMMENT, None),
        ("continue", KEYWORD, 0),
    ],
)
def test_python_places(name: str, kind: int, flags: int | None) -> None:
    program = read(Path(__file__).with_name("samples") / "sample.py")
    at = int(np.flatnonzero(program.texts == name)[0])
    assert program.kinds[at] == kind
    if flags is not None:
        assert program.flags[at] & (SIGNATURE | STRUCTURE | CALL) == flags


def test_statements_nest() -> None:
    program = Program("def f():\n    if a:\n        b()\n", language("python"))
    assert [(statement.kind, statement.parent) for statement in program.statements] == [
        ("function", -1),
        ("if", 0),
        ("expression", 1),
    ]


@pytest.mark.parametrize("text", ["", " ", "\n", "\n\n  x", "x\r\ny\r\n", "π = 'é🎉' # ü\n", "\0", "a\u2028b", "  \t", "\f\nx"])
def test_odd_texts(text: str) -> None:
    for known in languages().values():
        assert rebuilt(Program(text, known)) == text


def test_stand_in_keeps_offsets() -> None:
    text = "größe = '→🎉'  # ß"
    assert len(stand_in(text)) == len(text)
    program = Program(text, language("python"))
    assert program.texts[0] == "größe"
    assert program.kinds[0] == NAME


def test_unknown_languages() -> None:
    with pytest.raises(UnknownLanguage, match="expected one of python, java"):
        language("cobol")
    with pytest.raises(UnknownLanguage, match=r"\*\.cob"):
        language_of("x.cob")


@pytest.mark.parametrize(
    "text",
    [
        "_" * 300_000,
        "a" + "_" * 300_000 + "b",
        " " * 300_000 + "x",
        "A" * 300_000,
        "1e" * 150_000,
        "aB" * 50_000,
        "([{" * 40_000,
        "+ " * 60_000 + "x",
    ],
)
def test_long_runs_are_split_in_linear_time(text: str) -> None:
    start = time.process_time()
    assert rebuilt(Program(text, language("python"))) == text
    assert time.process_time() - start < 5


def test_a_long_run_of_marks_hides_nothing_after_it() -> None:
    for text, name in (
        ("# " + "=" * 9000 + "\nx = 1\n", "python"),
        ("/*" + "=" * 9000 + "*/ int x;", "c"),
        ("int x" + ";" * 9000, "c"),
    ):
        program = Program(text, language(name))
        assert not program.has_errors
        assert rebuilt(program) == text
        assert program.kinds[program.texts == "x"].tolist() == [NAME]


def test_returns_and_depths_agree_with_the_statements(sample: Path) -> None:
    program = read(sample)
    assert program.returning.tolist() == [statement.kind == "return" for statement in program.statements]
    depths: list[int] = []
    for statement in program.statements:
        depths.append(depths[statement.parent] + 1 if statement.parent >= 0 else 1)
    assert program.depths.tolist() == depths


def test_a_wrapped_return_is_one() -> None:
    program = Program("function f() { { return 1; } g(); }", language("javascript"))
    assert [statement.kind for statement in program.statements] == ["function", "return", "return", "expression"]
    assert program.returning.tolist() == [False, True, True, False]
