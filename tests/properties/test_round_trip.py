"""The contract of every dialect, on programs nobody wrote."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

import slimgrammar as slim

from ..round_trip import KEPT, check
from .strategies import generated, mutated

DIALECTS = st.sampled_from(slim.DIALECTS)
KEEPS = st.sampled_from(KEPT)


@given(generated(), DIALECTS, KEEPS, KEEPS)
def test_generated_programs(source: str, dialect: str, comments: str, docstrings: str) -> None:
    check(source, dialect, comments=comments, docstrings=docstrings)


@given(mutated(), DIALECTS, KEEPS, KEEPS)
def test_real_programs_in_other_clothes(source: str, dialect: str, comments: str, docstrings: str) -> None:
    check(source, dialect, comments=comments, docstrings=docstrings)


@given(mutated() | generated())
def test_line_ends_and_marks_do_not_matter(source: str) -> None:
    encoded = slim.encode(source)
    assert slim.encode("\ufeff" + source.replace("\n", "\r\n")) == encoded
    assert slim.encode(source.replace("\n", "\r")) == encoded
