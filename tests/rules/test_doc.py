"""docs/grammar.md tells of every rule, and its examples run."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

from slimgrammar.rules import Rule, rules

PAGE = Path(__file__).parents[2] / "docs" / "grammar.md"


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.name) for rule in rules()])
def test_every_rule_is_told_of(rule: Rule) -> None:
    mark = " \\*" if rule.fixed else ""
    assert f"\n| `{rule.name}`{mark} | {rule.meaning} |" in PAGE.read_text(encoding="utf-8")


def test_the_examples_run() -> None:
    found = doctest.testfile(str(PAGE), module_relative=False)
    assert found.attempted >= 4
    assert found.failed == 0
