"""What `rules.toml` says: rules, their forms, the kinds that fill the forms' holes, and the conditions on them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from slimgrammar import grammar
from slimgrammar.errors import SlimError

HOLE: Final = re.compile(r"⟨(\w+)⟩")
_SIDES: Final = frozenset(("python", "spelled", "compact", "only"))


class BadRule(SlimError):
    """`rules.toml` says something that has no meaning."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A syntactic kind that may fill a hole.

    Attributes:
        name: what conditions call it.
        level: how tight it binds (`precedence.toml`); 0 is no expression.
        texts: what it looks like.
    """

    name: str
    level: int
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filler:
    """A text of some kind."""

    text: str
    kind: str
    level: int


Condition = Callable[[Filler], bool]


@dataclass(frozen=True, slots=True)
class Form:
    """One way to see a rule at work.

    Attributes:
        python: the left side.
        spelled: the right side by dialect.
        when: hole → the condition on what fills it.
    """

    python: str
    spelled: Mapping[str, str]
    when: Mapping[str, str]

    @property
    def holes(self) -> tuple[str, ...]:
        """The names of the holes of the left side."""
        return tuple(dict.fromkeys(HOLE.findall(self.python)))

    @property
    def rewrites(self) -> bool:
        """Whether any dialect spells it otherwise than the left side does."""
        return any(side != self.python for side in self.spelled.values())

    def applies(self, fillers: Mapping[str, Filler]) -> bool:
        """Whether the rule is used where these fill the holes."""
        return all(condition(text)(fillers[hole]) for hole, text in self.when.items())


@dataclass(frozen=True, slots=True)
class Rule:
    """A rewrite of the grammar.

    Attributes:
        name: what code and messages call it.
        meaning: what it does.
        dialects: where it is used.
        fixed: why it cannot be switched off; "" where it can.
        literals: the literals that it respells, "" for none.
        forms: the rewrite itself.
    """

    name: str
    meaning: str
    dialects: tuple[str, ...]
    fixed: str
    literals: str
    forms: tuple[Form, ...]


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, in the order of the file.

    >>> next(rule.meaning for rule in rules() if rule.name == "class_parentheses")
    'no parentheses behind a class without bases'
    """
    return tuple(_rule(entry) for entry in grammar.table("rules.toml")["rule"])


def _rule(entry: Mapping[str, Any]) -> Rule:
    dialects = tuple(entry["dialects"])
    return Rule(
        name=entry["name"],
        meaning=entry["meaning"],
        dialects=dialects,
        fixed=entry.get("fixed", ""),
        literals=entry.get("literals", ""),
        forms=tuple(_form(form, dialects) for form in entry["forms"]),
    )


def _form(entry: Mapping[str, str], dialects: tuple[str, ...]) -> Form:
    used = [dialect for dialect in dialects if dialect in ("python", "compact") and dialect == entry.get("only", dialect)]
    form = Form(
        entry["python"],
        {dialect: entry.get(dialect, entry["spelled"]) if dialect != "python" else entry["spelled"] for dialect in used},
        {name: text for name, text in entry.items() if name not in _SIDES},
    )
    if not set(form.when) <= set(form.holes):
        raise BadRule(f"rules.toml: {form.python!r} has no hole {', '.join(set(form.when) - set(form.holes))}")
    return form


@cache
def kinds() -> tuple[Kind, ...]:
    """All kinds that may fill a hole."""
    levels = grammar.precedence().levels
    return tuple(
        Kind(name, levels.get(entry["level"], 0), tuple(entry["texts"]))
        for name, entry in grammar.table("rules.toml")["kinds"].items()
    )


@cache
def condition(text: str) -> Condition:
    """What the text of a condition asks of a filler.

    Raises:
        BadRule: a clause, class or level is unknown.

    >>> condition("at least sum; starts word")(Filler("a*b", "product", 12))
    True
    """
    clauses = [_clause(*clause.strip().partition(" ")[::2]) for clause in text.split(";")]
    return lambda filler: all(clause(filler) for clause in clauses)


def _clause(verb: str, rest: str) -> Condition:
    """One clause of a condition."""
    names = frozenset(rest.split(", "))
    if verb == "at" and rest.startswith("least "):
        levels = grammar.precedence().levels
        least = levels.get(rest.removeprefix("least "))
        if least is not None:
            return lambda filler: filler.level >= least
    elif verb in ("is", "not") and names <= {kind.name for kind in kinds()}:
        return lambda filler: (filler.kind in names) == (verb == "is")
    elif verb in ("starts", "ends"):
        pattern = grammar.table("rules.toml")["classes"].get(rest)
        if pattern is not None:
            found = re.compile(rf"\A{pattern}" if verb == "starts" else rf"{pattern}\Z")
            return lambda filler: found.search(filler.text) is not None
    raise BadRule(f"rules.toml: the clause '{verb} {rest}' has no meaning")
