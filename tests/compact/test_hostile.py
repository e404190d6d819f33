"""Huge and hostile input: a right answer or a refusal with a place; never another exception, never a hang."""

from __future__ import annotations

import pytest

import slimgrammar as slim
from slimgrammar.errors import SyntaxProblem

DEEP = 100_000
LONG = 10_000
MANY = 1_000

REFUSED = {
    "nested parentheses": "(" * DEEP + "1" + ")" * DEEP,
    "open brackets": "([{" * DEEP,
    "closing brackets": ")" * DEEP,
    "a long sum": "x = " + "+".join(["a"] * DEEP),
    "a long chain of calls": "x" + "()" * DEEP,
    "many signs": "x = " + "-" * DEEP + "1",
    "many lambdas": "x = " + "lambda:" * DEEP + "1",
    "deep indentation": "".join(" " * depth + "if x:\n" for depth in range(200)) + " " * 200 + "pass\n",
    "open f-strings": "x = f'{'\n" * LONG,
    "nested open f-strings": "f'{" * DEEP,
    "nested f-strings": "x = " + "f'{" * DEEP + "1" + "}'" * DEEP,
    "nested format specifications": "x = f'{a" + ":{a" * DEEP + "}" * DEEP + "}'",
    "open quotes": "'\n" * LONG,
    "open type parameters": "def f[" * DEEP,
    "open except": "except (a, " * DEEP,
    "the word match": "match " * DEEP,
    "open match": "match(a\n" * LONG,
    "tabs": "\t" * DEEP + "x",
    "NULs": "x\0" * DEEP,
    "half a surrogate pair": "x = '\ud800'\n",
    "half a surrogate pair in a name": "x\udc80 = 1\n",
    "UTF-16 read as Latin-1": "x = 1\n".encode("utf-16").decode("latin-1"),
    "Python 2": 'print "a"\n' * MANY,
}
TAKEN = {
    "adjacent strings": "x = (" + "'a' " * MANY + ")\n",
    "adjacent strings in both quotes": "x = (" + "'a' \"b'\" " * MANY + ")\n",
    "adjacent bytes": "x = (" + "b'a\\x00' " * MANY + ")\n",
    "adjacent f-strings": "x = (" + "f'{a}' " * MANY + ")\n",
    "one long line": "x = [" + ",".join(map(str, range(LONG))) + "]\n",
    "a long name": "a" * DEEP + "\n",
    "a long number": "x = 0x" + "f" * DEEP + "\n",
    "a long string": "x = '" + "\\\\" * DEEP + "'\n",
    "many statements in a line": "x=1;" * MANY + "\n",
    "continuations": "x = 1" + " + \\\n 1" * MANY + "\n",
    "only continuations": "x = \\\n" + "\\\n" * MANY + "1\n",
    "continuations at the end": "x" + " \\\n" * MANY + "\n",
    "form feeds": "\f\n" * MANY + "x\n\fif x:\n    \f  y\n" * 1,
    "empty lines": "\n" * LONG,
    "comments in brackets": "f(\n" + "a, # c\n" * MANY + ")\n",
    "comments at odd columns": "if x:\n y\n" + "  # c\n # d\n" * MANY,
    "elif": "if x: pass\n" + "elif y: pass\n" * MANY,
    "groups of groups": "x = [" + "((((a)))), " * MANY + "]\n",
    "nested f-strings in many lines": "x = f'{a['b']}'\n" * MANY,
    "many nested fields": "x = f'" + "{a['b']}" * MANY + "'\n",
    "fifty f-strings in one another": "x = " + "f'{" * 50 + "1" + "}'" * 50 + "\n",
    "ninety-nine blocks": "".join(" " * depth + "if x:\n" for depth in range(99)) + " " * 99 + "pass\n",
    "no last line end": "if x:\n    y",
    "blanks at the end": "x = 1" + " " * LONG,
}


@pytest.mark.parametrize("dialect", slim.DIALECTS)
@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_a_place(name: str, dialect: str) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        slim.encode(REFUSED[name], dialect=dialect)
    assert caught.value.line >= 1
    assert caught.value.column >= 1


@pytest.mark.parametrize("dialect", slim.DIALECTS)
@pytest.mark.parametrize("name", TAKEN)
def test_it_survives(name: str, dialect: str) -> None:
    """By our own proof: `ast.dump`, which the checker of the other tests uses, recurses too deep in some."""
    source = TAKEN[name]
    slim.prove(source, dialect)
    assert slim.decode(slim.encode(source, dialect=dialect), dialect=dialect, like=source) == source


@pytest.mark.parametrize("dialect", ["compact", "symbols"])
@pytest.mark.parametrize("name", [*REFUSED, *TAKEN])
def test_read_as_an_encoded_text_it_is_refused_or_a_program(name: str, dialect: str) -> None:
    text = {**REFUSED, **TAKEN}[name]
    try:
        slim.decode(text, dialect=dialect)
    except SyntaxProblem as problem:
        line, column = problem.line, problem.column
    else:
        return
    assert line >= 1
    assert column >= 1
