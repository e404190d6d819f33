"""The rules beyond the bound: fillers that hold fillers, by hypothesis."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from slimgrammar.rules import Form, Rule, rules
from slimgrammar.rules.checks import check_beyond
from slimgrammar.rules.instances import beyond

FORMS = [(rule, form) for rule in rules() for form in rule.forms if form.holes]


@given(st.sampled_from(FORMS), st.randoms(use_true_random=False), st.integers(1, 4))
def test_rules_hold_beyond_the_bound(chosen: tuple[Rule, Form], chance: Random, depth: int) -> None:
    rule, form = chosen
    instance = beyond(form, chance, depth=depth)
    assert list(check_beyond(rule, instance)) == []
