"""Damaged encoded texts: each is refused with a place, or decodes to a program that is Python; nothing else happens."""

from __future__ import annotations

import re
from random import Random

from hypothesis import given
from hypothesis import strategies as st

import slimgrammar as slim
from slimgrammar.errors import SyntaxProblem
from slimgrammar.syntax.check import check

from ..round_trip import assert_same_program
from .strategies import any_program

_PIECES = (
    "",
    " ",
    "\n",
    "\n\n",
    "\\",
    "\\#",
    "$#",
    '\\"',
    '"',
    "'",
    "#",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":",
    ",",
    ".",
    "=",
    "?",
    "|",
    "%",
)
_MORE = (
    "self",
    "def.",
    "from",
    "import",
    "lambda",
    "else",
    "x",
    "1",
    "\t",
    "\f",
    "é",
    "\ue000",
    "\ue022",
    "\uf8ff",
    "\udc80",
    ";",
    "f'{'",
    "@",
)


def damaged(text: str, chance: Random) -> str:
    """The text cut off, or with a few pieces exchanged."""
    if chance.random() < 0.3:
        return text[: chance.randrange(len(text) + 1)]
    for _ in range(chance.choice((1, 1, 2, 4))):
        at, size = chance.randrange(len(text) + 1), chance.choice((0, 0, 1, 1, 3, 20))
        text = text[:at] + chance.choice(_PIECES + _MORE) + text[at + size :]
    return text


@given(any_program(), st.sampled_from(slim.DIALECTS), st.randoms(use_true_random=True))
def test_a_damaged_text_is_refused_or_is_a_program(source: str, dialect: str, chance: Random) -> None:
    text = damaged(slim.encode(source, dialect=dialect), chance)
    try:
        decoded = slim.decode(text, dialect=dialect)
    except SyntaxProblem as problem:
        fault = problem
    else:
        check(decoded)
        assert_same_program(decoded, slim.decode(slim.encode(decoded, dialect=dialect), dialect=dialect))
        return
    assert 1 <= fault.line <= text.count("\n") + 1
    assert fault.column >= 1


@given(
    st.text(alphabet=st.sampled_from("ab1 \n\t()[]{}:,.='\"#\\$?|%@*-;fr\ue000\ue001\udc80é"), max_size=60),
    st.sampled_from(slim.DIALECTS),
)
def test_any_text_is_refused_or_is_a_program(text: str, dialect: str) -> None:
    try:
        decoded = slim.decode(text, dialect=dialect)
    except SyntaxProblem:
        return
    check(decoded)


@given(any_program(), st.randoms(use_true_random=True))
def test_damaged_python_is_refused_or_encoded(source: str, chance: Random) -> None:
    text = re.sub("[\ue000-\uf8ff\udc80]", "", damaged(source, chance))
    try:
        encoded = slim.encode(text)
    except SyntaxProblem:
        return
    check(slim.decode(encoded))
