"""`decode(like=…)`: the author's layout comes back, and an edit touches only what it changed."""

from __future__ import annotations

import pytest

import slimgrammar as slim
from slimgrammar.compact.canonical import canonicalise
from slimgrammar.compact.restore.alignment import align
from slimgrammar.compact.restore.records import Record, holds_docstring, records
from slimgrammar.errors import SyntaxProblem
from slimgrammar.syntax.lexer import lex

ORIGINAL = '''#!/usr/bin/env python
"""Docs."""

import os,   sys      # two


def  f( a,b ):   # why
    """Adds."""
    # before
    return (a
            +  b)     # after


class C( object ):
\tx = 1 ; y = 2

\tdef m(self): return self.x   # short
# the end
'''
EDITS = [
    ("import os,   sys      # two", "import os", "import os"),
    ("a\n            +  b", "a - b", "return a - b"),
    ("x = 1 ; y = 2", "x = 3\n\ty = 2", "x = 3"),
    ("return self.x ", "return 7 ", "return 7"),
    ("def  f( a,b )", "def f(a, c)", "def f(a, c):"),
]


def restored(edited: str, like: str, **options: str) -> str:
    return slim.decode(slim.encode(edited, **options), like=like)  # type: ignore[arg-type]


@pytest.mark.parametrize("comments", ["keep", "drop"])
@pytest.mark.parametrize("docstrings", ["keep", "drop"])
def test_an_unchanged_program_comes_back_byte_for_byte(comments: str, docstrings: str) -> None:
    assert restored(ORIGINAL, ORIGINAL, comments=comments, docstrings=docstrings) == ORIGINAL


@pytest.mark.parametrize(("old", "new", "printed"), EDITS)
def test_an_edit_touches_its_own_lines(old: str, new: str, printed: str) -> None:
    edited = ORIGINAL.replace(old, new)
    result = restored(edited, ORIGINAL)
    assert slim.encode(result) == slim.encode(edited)
    assert printed in result
    changed = set(ORIGINAL.splitlines()) - set(result.splitlines())
    assert all(line in ORIGINAL[ORIGINAL.index(old) - 20 :] for line in changed)
    assert len(changed) <= old.count("\n") + 1


def test_a_new_statement_gets_the_indentation_of_its_block() -> None:
    edited = ORIGINAL.replace("\tx = 1", "\tz = 0\n\tx = 1")
    assert "\n\tz = 0\n\tx = 1 ; y = 2\n" in restored(edited, ORIGINAL)


def test_a_statement_that_goes_takes_its_lines_along() -> None:
    edited = ORIGINAL.replace("import os,   sys      # two\n", "")
    assert restored(edited, ORIGINAL) == ORIGINAL.replace("\nimport os,   sys      # two\n", "")


def test_a_block_that_moves_keeps_its_lines() -> None:
    edited = "def g():\n  if x :\n    a( 1,2 )   # one\n    b = [ 3 ]\n".replace("  if x :\n", "  while y:\n    if x :\n", 1)
    original = "def g():\n  if x :\n    a( 1,2 )   # one\n    b = [ 3 ]\n"
    wanted = "def g():\n  while y:\n    if x :\n      a( 1,2 )   # one\n      b = [ 3 ]\n"
    edited = wanted
    assert restored(edited, original) == wanted


def test_a_form_feed_above_a_line_that_moves_stays_above_it() -> None:
    assert (
        restored("if a:\n    if b:\n        x  =  1\n", "if b:\n\f\n    x  =  1\n") == "if a:\n    if b:\n\f\n        x  =  1\n"
    )


def test_no_last_line_end_stays_none() -> None:
    assert restored("x  =  1\ny  =  3", "x  =  1\ny  =  2") == "x  =  1\ny = 3"


def test_an_original_that_is_no_python_is_refused_at_its_place() -> None:
    with pytest.raises(SyntaxProblem) as caught:
        slim.decode("x=1", like="y = 1\nz = (")
    assert caught.value.line == 2


def test_records_are_aligned_in_order() -> None:
    def cut(text: str) -> list[Record]:
        return records(canonicalise(lex(text)))

    old, new = cut("a\nb\nc\nb\nd\n"), cut("a\nc\nx\nb\nd\n")
    assert align(old, new) == [0, 2, -1, 3, 4]
    assert align([], new) == [-1] * 5
    assert align(old, []) == []


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("'doc'\n", True),
        ("x = 1\n'no'\n", False),
        ("def f():\n    # c\n    'doc'\n", True),
        ("if x:\n    'no'\n", False),
        ("f'no'\n", False),
        ("'no'()\n", False),
        ("('doc')\n", True),
        ("async def f(): 'doc'\n", True),
    ],
)
def test_docstrings_are_known(text: str, holds: bool) -> None:
    assert holds_docstring(records(canonicalise(lex(text)))) == holds
