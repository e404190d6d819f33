"""`slim grammar verify`: the rules hold, and a mutated rule, encoder or symbol is caught."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from slimgrammar import grammar
from slimgrammar.rules import Form, Rule, rules
from slimgrammar.rules.checks import Checker, decoded_or_nothing, encoded
from slimgrammar.rules.instances import bounded, filled, fillers
from slimgrammar.rules.model import BadRule, condition, kinds
from slimgrammar.rules.trees import tree
from slimgrammar.rules.verify import check_symbols, verify

BY_NAME = {rule.name: rule for rule in rules()}


def test_every_rule_holds() -> None:
    report = verify()
    assert report.faults == []
    assert report.rules == len(rules()) + len(grammar.symbol_table())
    assert report.applied > 7000


def faults(rule: Rule, *, off: frozenset[str] = frozenset()) -> Iterator[str]:
    """What verification finds in one rule, literals and switches aside."""
    checker = Checker(off)
    return (fault.message for form in rule.forms for fault in checker.check(rule, form, bounded(form)))


def mutants() -> Iterator[tuple[str, Rule]]:
    """Every rule with one thing wrong: a right side, or a condition that is left out, turned round or shifted by a level."""
    for rule in rules():
        for at, form in enumerate(rule.forms):
            for name, mutant in mutated(form):
                yield f"{rule.name}-{at}-{name}", replace(rule, forms=(mutant,))


def mutated(form: Form) -> Iterator[tuple[str, Form]]:
    if form.rewrites and "compact" in form.spelled:
        yield "longer", replace(form, spelled={"compact": form.spelled["compact"].rstrip("\n") + "+1"})
    for hole, text in form.when.items():
        others = {name: clause for name, clause in form.when.items() if name != hole}
        yield f"no condition on {hole}", replace(form, when=others)
        kind = next((kind for kind in ("number", "name") if form.rewrites and takes(form, hole, kind)), "")
        if kind:
            yield f"{hole} no {kind}", replace(form, when={**form.when, hole: f"{text}; not {kind}"})
        if text.startswith("at least "):
            for step in (-1, 1):
                shifted = next_level(text, step)
                if shifted:
                    yield f"{hole} {shifted}", replace(form, when={**form.when, hole: shifted})


def takes(form: Form, hole: str, kind: str) -> bool:
    """Whether the form applies to some program that has a filler of the kind in the hole, and names in the others."""
    name = next(filler for filler in fillers() if filler.kind == "name")
    instances = [filled(form, {**dict.fromkeys(form.holes, name), hole: filler}) for filler in fillers() if filler.kind == kind]
    return any(instance.applies and tree(instance.python) for instance in instances)


def next_level(text: str, step: int) -> str:
    """The condition with its level one up or down, "" where no filler is of the level that makes the difference."""
    names = list(grammar.precedence().levels)
    first, *rest = text.split("; ")
    at = names.index(first.removeprefix("at least "))
    if not 0 <= at + step < len(names) or not any(kind.level == max(at + 1, at + step + 1) - 1 for kind in kinds()):
        return ""
    return "; ".join([f"at least {names[at + step]}", *rest])


@pytest.mark.parametrize("mutant", [pytest.param(rule, id=name) for name, rule in mutants()])
def test_a_mutated_rule_is_caught(mutant: Rule) -> None:
    assert next(faults(mutant), "") != ""


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.name) for rule in rules() if not rule.fixed])
def test_an_encoder_without_a_rule_is_caught(rule: Rule) -> None:
    assert next(faults(rule, off=frozenset((rule.name,))), "") != ""


def test_a_wrong_precedence_is_caught() -> None:
    form = next(form for form in BY_NAME["precedence"].forms if form.python == "x-(⟨a⟩)")
    wrong = replace(form, when={"a": "at least sum"})
    message = " ".join(faults(replace(BY_NAME["precedence"], forms=(wrong,))))
    assert "'x-(a+b)' is another program than the right side 'x-a+b'" in message


def test_two_programs_with_one_spelling_are_an_ambiguity() -> None:
    checker = Checker()
    rule, form = BY_NAME["self_attribute"], BY_NAME["self_attribute"].forms[0]
    assert list(checker.check(rule, form, bounded(form))) == []
    assert checker.spellings.clash("compact", ".x=a", "another meaning", "other") == "self_attribute"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"symbols": "\ue001"}, "another symbol has the same symbols"),
        ({"symbols": "x"}, "is no private-use character"),
        ({"python": "x"}, "with the symbol on"),
        ({"compact": "\nimport"}, "and not its run"),
    ],
)
def test_a_mutated_symbol_is_caught(change: dict[str, str], message: str) -> None:
    entries = grammar.table("symbols.toml")["symbol"]
    assert list(check_symbols(entries)) == []
    found = " ".join(map(str, check_symbols([{**entries[0], **change}, *entries[1:]])))
    assert message in found


@pytest.mark.parametrize("text", ["at least nothing", "is unheard", "starts x", "x", ""])
def test_a_condition_without_meaning(text: str) -> None:
    with pytest.raises(BadRule, match="no meaning"):
        condition(text)


def test_every_switchable_rule_is_named_by_the_encoder() -> None:
    """Switched off together, they give back nearly the canonical form."""
    off = frozenset(rule.name for rule in rules() if not rule.fixed)
    source = "class A():\n    def f(self, a):\n        x = (self.b, 0xF, 'a' \"b\\x41\",)\n        return (a)\n"
    text = encoded(source, "compact", off)
    assert text == "class A():\ndef f(self,a):\nx=(self.b,0xF,'a'\"b\\x41\",)\nreturn(a)\n\n"
    assert decoded_or_nothing(text, "compact").split() == source.split()
