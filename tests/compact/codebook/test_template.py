"""Templates: what they stand for, and those that cannot be told apart from the text around them."""

from __future__ import annotations

import pytest

from slimgrammar.compact.codebook.template import BadTemplate, parse


def test_holes_and_literals() -> None:
    template = parse("for ‹1› in range(len(‹2›)):‹1›=")
    assert template.literals == ("for ", " in range(len(", ")):", "=")
    assert (template.holes, template.words, template.trailing, template.leads) == ((0, 1, 0), 2, 2, False)
    assert template.fill(["i", "xs"]) == "for i in range(len(xs)):i="


def test_a_leading_hole_stays_where_it_stands() -> None:
    template = parse("‹1›=‹2›.‹1›")
    assert (template.leads, template.trailing) == (True, 1)
    assert template.fill(["a", "b"]) == "=b.a"


@pytest.mark.parametrize("text", ["", "‹1›", "a‹1›", "‹1›b", "(‹1›‹2›)", "(‹2›)", "‹1›_=", "(‹1›.‹3›)"])
def test_refused(text: str) -> None:
    with pytest.raises(BadTemplate):
        parse(text)
