"""Aliases: fewer tokens, the same program, and names in strings and comments as they were."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

import slimgrammar as slim
from slimgrammar.compact import aliases
from slimgrammar.compact.api import canonical_stream
from slimgrammar.syntax.source import read_source
from slimgrammar.vocab import EMBEDDED, count, load

from ..conftest import CORPORA
from ..properties.strategies import generated

PROGRAM = '''
def calculate_interesting_value(some_parameter, other_parameter):
    """calculate_interesting_value of some_parameter."""
    # some_parameter stays here
    if some_parameter > other_parameter:
        return calculate_interesting_value(other_parameter, some_parameter)
    return getattr(some_parameter, "calculate_interesting_value"), f"{some_parameter}", A, self.some_parameter
'''
DIALECTS = ("compact", "symbols")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_names_become_short_and_come_back(dialect: str) -> None:
    text = slim.encode(PROGRAM, dialect=dialect, aliases="cl100k_base")
    first, _, body = text.partition("\n")
    assert first == "$C=some_parameter"  # the other names would cost more to declare than they save
    assert "'calculate_interesting_value'" in body
    assert "f'{some_parameter}'" in body
    assert "# some_parameter stays here" in body
    assert body.count("some_parameter") == 3
    assert slim.decode(text, dialect=dialect) == slim.decode(slim.encode(PROGRAM, dialect=dialect), dialect=dialect)
    assert slim.decode(text, dialect=dialect, like=PROGRAM) == PROGRAM


@pytest.mark.parametrize("vocab", EMBEDDED)
def test_aliases_never_cost_tokens(vocab: str) -> None:
    loaded = load(vocab)
    for path in sorted((CORPORA / "samples").glob("*.py"))[::5]:
        source = read_source(path, path.read_bytes()).text
        plain, aliased = slim.encode(source), slim.encode(source, aliases=loaded)
        assert count(loaded, aliased) < count(loaded, plain) or aliased == plain
    assert count(loaded, slim.encode(PROGRAM, aliases=loaded)) < count(loaded, slim.encode(PROGRAM))


@given(generated())
def test_generated_programs_come_back(source: str) -> None:
    doubled = source.replace("some_much_longer_name", "some_much_longer_name_indeed")
    text = slim.encode(doubled, aliases="o200k_base")  # proves itself
    assert slim.decode(text) == slim.decode(slim.encode(doubled))
    assert slim.encode(slim.decode(text), aliases="o200k_base") == text


@pytest.mark.parametrize("dialect", DIALECTS)
def test_positions_are_those_of_the_whole_text(dialect: str) -> None:
    text = slim.encode(PROGRAM, dialect=dialect, aliases="cl100k_base")
    positions = slim.position_map(PROGRAM, text, dialect)
    place = positions.to_encoded(PROGRAM.index("> other"))
    assert text[place] == ">"
    assert text[positions.to_encoded(PROGRAM.index("if some_parameter") + 3)] == "C"


def test_no_line_where_nothing_is_saved() -> None:
    assert slim.encode("x = some_parameter", aliases="cl100k_base") == "x=some_parameter"
    assert aliases.choose(canonical_stream("x = 1"), load("cl100k_base"), str) == {}


def test_valid_python_can_have_none() -> None:
    with pytest.raises(slim.UnknownOption, match="one of compact, symbols"):
        slim.encode("x", dialect="python", aliases="cl100k_base")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("$A=x B\nA", "1:6: 'B' declares no alias"),
        ("$A=x A=y\nA", "1:6: 'A=y' declares no alias"),
        ("$A=x B=x\nA", "1:6: 'B=x' declares no alias"),
        ("$A=1\nA", "1:2: 'A=1' declares no alias"),
        ("$A=x\nA(", "2:3: "),
    ],
)
def test_a_bad_declaration(text: str, place: str) -> None:
    for dialect in DIALECTS:
        with pytest.raises(slim.SyntaxProblem) as problem:
            slim.decode(text, dialect=dialect)
        assert str(problem.value).startswith(place)


def test_a_program_that_only_declares() -> None:
    assert slim.decode("$A=long_name") == ""


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from slimgrammar.cli.main import app

    monkeypatch.chdir(tmp_path)
    encoded = CliRunner().invoke(app, ["encode", "--aliases", "--vocab", "qwen3"], input=PROGRAM)
    assert encoded.exit_code == 0
    assert encoded.stdout == slim.encode(PROGRAM, aliases="qwen3")
    decoded = CliRunner().invoke(app, ["decode"], input=encoded.stdout)
    assert decoded.stdout == slim.decode(slim.encode(PROGRAM))
    assert CliRunner().invoke(app, ["encode", "--aliases", "-d", "python"], input=PROGRAM).exit_code == 2
