"""What the properties are tried on: programs from the grammar, and real ones in other clothes."""

from __future__ import annotations

from hypothesis import assume
from hypothesis import strategies as st

from slimgrammar.errors import SyntaxProblem
from slimgrammar.syntax.check import check

from . import layout, programs, real

WILD = st.sampled_from((0.0, 0.1, 0.3, 0.6))


def assume_python(text: str) -> str:
    """The text, or an end of this try where it is no Python."""
    try:
        check(text)
    except SyntaxProblem:
        assume(False)
    return text


@st.composite
def generated(draw: st.DrawFn, *, comments: bool = True) -> str:
    """A program from the grammar, in any layout."""
    chance = draw(st.randoms(use_true_random=True))
    words = programs.program(chance)
    return assume_python(layout.lay_out(words, chance, wild=draw(WILD), comments=comments))


@st.composite
def mutated(draw: st.DrawFn, *, comments: bool = True) -> str:
    """Statements of the standard library, recombined, changed, in any layout."""
    chance = draw(st.randoms(use_true_random=True))
    words = real.recombined(chance)
    return assume_python(layout.lay_out(words, chance, wild=draw(WILD), comments=comments))


def any_program(*, comments: bool = True) -> st.SearchStrategy[str]:
    """Either of the two."""
    return generated(comments=comments) | mutated(comments=comments)
