"""Does a form hold? Each instance is encoded and decoded, and compared with what the rule says and with Python's own parser."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from slimgrammar.compact import api, layout, reading, reference, symbols
from slimgrammar.compact.stream import ALL_RULES
from slimgrammar.errors import SlimError, SyntaxProblem
from slimgrammar.rules.instances import Instance
from slimgrammar.rules.model import Form, Rule
from slimgrammar.rules.trees import tree
from slimgrammar.syntax.lexer import lex

BLANKS: Final = "blanks"
_REFERENCE_EVERY: Final = 20  # the reference decoder is slow: it reads one right side in so many


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not hold.

    Attributes:
        rule: the rule's name, "" where it is about all of them.
        message: what is wrong, and with which program.
    """

    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.message}" if self.rule else self.message


@dataclass(slots=True)
class Spellings:
    """All encoded texts seen so far, by dialect, and what each of them means: two meanings are an ambiguity."""

    meanings: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    def clash(self, dialect: str, text: str, meaning: str, rule: str) -> str:
        """The rule whose instance has the same spelling and another meaning, "" for none."""
        other, by = self.meanings.setdefault((dialect, text), (meaning, rule))
        return by if other != meaning else ""


@dataclass(slots=True)
class Checker:
    """Checks forms; counts what it tried.

    Attributes:
        off: rules that the encoder is made to leave out: a fault of its own, for tests.
        tried: instances that are Python.
        applied: those for which the rule's conditions hold.
        possible: those for which they do not, though the right side would decode to the same program: what a rule leaves.
    """

    off: frozenset[str] = ALL_RULES
    tried: int = 0
    applied: int = 0
    possible: int = 0
    spellings: Spellings = field(default_factory=Spellings)

    def check(self, rule: Rule, form: Form, instances: Iterable[Instance]) -> Iterator[Fault]:
        """What does not hold of a form."""
        applied = 0
        for instance in instances:
            meaning = tree(instance.python)
            if meaning:
                self.tried += 1
                applied += instance.applies
                for dialect in instance.spelled:
                    yield from self._check_one(rule, instance, dialect, meaning)
        self.applied += applied
        if not applied:
            yield Fault(rule.name, f"its conditions never hold for {form.python!r}")

    def _check_one(self, rule: Rule, instance: Instance, dialect: str, meaning: str) -> Iterator[Fault]:
        shown = f"{dialect}: {instance.python!r}"
        try:
            text = encoded(instance.python, dialect, self.off)
            back = decoded(text, dialect)
        except SlimError as error:
            yield Fault(rule.name, f"{shown} does not come back: {error}")
            return
        if tree(back) != meaning:
            yield Fault(rule.name, f"{shown} is spelled {text!r} and comes back as {back!r}")
        elif encoded(back, dialect, self.off) != text:
            yield Fault(rule.name, f"{shown} is spelled {text!r}, and decoded and encoded again otherwise")
        if dialect == "compact" and symbols.to_compact(encoded(instance.python, "symbols", self.off)) != text:
            yield Fault(rule.name, f"symbols: {instance.python!r} is not {text!r} with symbols")
        yield from self._check_side(rule, instance, dialect, meaning, text)
        clash = self.spellings.clash(dialect, text, meaning, rule.name)
        if clash:
            yield Fault(rule.name, f"{shown} is spelled {text!r}, which another program of rule {clash} is")

    def _check_side(self, rule: Rule, instance: Instance, dialect: str, meaning: str, text: str) -> Iterator[Fault]:
        """Compares the right side with what the encoder wrote."""
        side = instance.spelled[dialect]
        same = alike(side, text, dialect, exact=rule.name == BLANKS)
        shown = f"{dialect}: {instance.python!r}"
        if not instance.applies:
            if same and not alike(instance.python, text, dialect, exact=False):
                yield Fault(rule.name, f"{shown} is spelled {text!r}, though the rule's conditions do not hold")
            self.possible += not same and tree(decoded_or_nothing(side, dialect)) == meaning
            return
        if not same:
            yield Fault(rule.name, f"{shown} is spelled {text!r}, and by the rule {side!r}")
        if side != text and tree(decoded_or_nothing(side, dialect)) != meaning:
            yield Fault(rule.name, f"{shown} is another program than the right side {side!r}")
        elif dialect == "compact" and self.applied % _REFERENCE_EVERY == 0 and not same_by_reference(side):
            yield Fault(rule.name, f"slim.lark reads {side!r} otherwise")


def check_beyond(rule: Rule, instance: Instance) -> Iterator[Fault]:
    """What does not hold of an instance whose fillers no dialect need spell as they stand."""
    meaning = tree(instance.python)
    for dialect, side in instance.spelled.items() if meaning else ():
        shown = f"{dialect}: {instance.python!r}"
        try:
            text = encoded(instance.python, dialect)
            back = decoded(text, dialect)
            if tree(back) != meaning:
                yield Fault(rule.name, f"{shown} is spelled {text!r} and comes back as {back!r}")
            if instance.applies and encoded(decoded(side, dialect), dialect) != text:
                yield Fault(rule.name, f"{shown} is spelled {text!r}, and its right side {side!r} otherwise")
        except SlimError as error:
            yield Fault(rule.name, f"{shown} or its right side {side!r} cannot be read: {error}")


def check_switch(rule: Rule, instances: Iterable[Instance], *, every: int) -> Iterator[Fault]:
    """What does not hold of a rule once it is switched off: that must change something, and every reader take the result.

    Args:
        rule: the rule.
        instances: of its forms.
        every: check one in so many, and those before the first that changes.
    """
    off = frozenset((rule.name,))
    differs = False
    for number, instance in enumerate(instances):
        meaning = tree(instance.python) if number % every == 0 or not differs else ""
        for dialect in instance.spelled if meaning else ():
            text = encoded(instance.python, dialect, off)
            differs = differs or text != encoded(instance.python, dialect)
            back = decoded_or_nothing(text, dialect)
            if tree(back) != meaning:
                yield Fault(rule.name, f"{dialect}: switched off, {instance.python!r} becomes {text!r} and {back!r}")
            elif encoded(back, dialect, off) != text:
                yield Fault(rule.name, f"{dialect}: switched off, {text!r} decodes to what is encoded otherwise")
    if not differs:
        yield Fault(rule.name, "switched off, it changes nothing")


def encoded(source: str, dialect: str, off: frozenset[str] = ALL_RULES) -> str:
    """A program in a dialect, without the rules that are `off`."""
    return api.write(api.canonical_stream(source, off=off), dialect, off=off)


def decoded(text: str, dialect: str) -> str:
    """The program of an encoded text."""
    return text if dialect == "python" else layout.print_plain(api.read(text, dialect))


def decoded_or_nothing(text: str, dialect: str) -> str:
    """The program of an encoded text; what is no Python where it has none."""
    try:
        return decoded(text, dialect)
    except SyntaxProblem as problem:
        return f"! {problem.message}"


def alike(one: str, two: str, dialect: str, *, exact: bool) -> bool:
    """Whether two encoded texts are the same, blanks between their tokens aside unless `exact`."""
    if exact:
        return one == two
    cut = lex if dialect == "python" else reading.lex_compact
    return cut(one.rstrip("\n")) == cut(two.rstrip("\n"))


def same_by_reference(text: str) -> bool:
    """Whether the grammar file's own decoder reads a compact text as the fast one does."""
    try:
        return reference.read(text) == reading.read(text)
    except SyntaxProblem:
        return False
