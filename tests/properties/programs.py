"""Programs from a grammar: token lists that are Python, or nearly so.

A program is a list of words; NEWLINE, INDENT and DEDENT stand for themselves, and `layout` turns them into text.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

NEWLINE: Final = "NEWLINE"
INDENT: Final = "INDENT"
DEDENT: Final = "DEDENT"

NAMES: Final = (
    *(
        "a",
        "b",
        "x",
        "self",
        "cls",
        "_",
        "f",
        "rb",
        "match",
        "case",
        "type",
        "print",
        "é",
        "変数",
        "name_2",
        "pass_",
        "ifx",
        "inf",
    ),
    *("some_much_longer_name", "e1", "__class__", "async_", "Self", "def_", "u", "j", "O"),
)
NUMBERS: Final = (
    *(
        "0",
        "1",
        "10",
        "1_000",
        "0xFF",
        "0XFFFF_FFFFF",
        "0b101",
        "0o17",
        "1.5",
        ".5",
        "5.",
        "1e5",
        "1E-05",
        "1j",
        "1.5J",
        "00",
        "1_0.0_1e1_0",
    ),
    *("0.0", "0.50", "100000000000000000000000", "0e0", "1e400"),
)
_UNITS: Final = (
    *(
        "a",
        "b c",
        "1",
        "  ",
        "#",
        "$",
        "?",
        "|",
        "%s",
        "é",
        "🙂",
        "{{",
        "}}",
        "self",
        "\\n",
        "\\\\",
        "\\x41",
        "\\0",
        "\\07",
        "\\u00e9",
        "\\N{EM DASH}",
    ),
    *("\\'", '\\"', "'", '"', "\\\n", "\t", "\\t", ", ", ".", "\n", "\\d", "\\{{", "\u2028", "\x0b", "\\U0001F642"),
)
_DEEP: Final = 30
_OFTEN: Final = 0.5
_CHAIN: Final = 0.85  # of rules that only pass on to the next, as an operator's do
_EVEN: Final = frozenset(("atom", "small", "compound", "op", "compare", "closed"))


@cache
def rules() -> dict[str, list[list[str]]]:
    """The grammar: each rule's alternatives, each a list of words."""
    text = Path(__file__).with_name("python.grammar").read_text(encoding="utf-8")
    found: dict[str, list[list[str]]] = {}
    for line in text.splitlines():
        if line and line[0] != "#":
            name, _, body = line.partition(": ")
            # a `|` in quotes is an operator
            found[name] = [alternative.split() for alternative in re.split(r" \| (?!' )", body.replace("'|'", "'OR'"))]
    return found


@cache
def heights() -> dict[str, int]:
    """How deep each rule goes at least."""
    found: dict[str, int] = {}
    while len(found) < len(rules()):
        for name, alternatives in rules().items():
            known = [_height(alternative, found) for alternative in alternatives]
            best = min((height for height in known if height is not None), default=None)
            if best is not None:
                found.setdefault(name, best + 1)
    return found


def _height(alternative: list[str], known: dict[str, int]) -> int | None:
    below = [known.get(word) if word in rules() else 0 for word in alternative]
    return None if None in below else max((height for height in below if height is not None), default=0)


def program(chance: Random, rule: str = "program", *, deep: int = _DEEP) -> list[str]:
    """The words of a random program, or of any other rule."""
    words: list[str] = []
    pending: list[tuple[str, int]] = [(rule, 0)]
    while pending:
        symbol, depth = pending.pop()
        if symbol in rules():
            pending.extend((word, depth + 1) for word in reversed(_chosen(symbol, chance, depth, deep)))
        else:
            words.append(_word(symbol, chance))
    return words


def _chosen(rule: str, chance: Random, depth: int, deep: int) -> list[str]:
    alternatives = rules()[rule]
    if depth >= deep:
        return _shortest(rule)
    if len(alternatives) == 1 or (rule not in _EVEN and chance.random() < (_CHAIN if len(alternatives[0]) == 1 else _OFTEN)):
        return alternatives[0]
    return chance.choice(alternatives if rule in _EVEN else alternatives[1:])


@cache
def _shortest(rule: str) -> list[str]:
    return min(rules()[rule], key=lambda words: _height(words, heights()) or 0)


def _word(symbol: str, chance: Random) -> str:
    if symbol[0] == "'":
        return symbol[1:-1].replace("OR", "|")
    makers = {"NAME": _name, "NUMBER": _number, "STRING": _string, "BYTES": _bytes, "FSTRING": _fstring, "TSTRING": _tstring}
    return makers[symbol](chance) if symbol in makers else symbol


def _name(chance: Random) -> str:
    return chance.choice(NAMES)


def _number(chance: Random) -> str:
    return chance.choice(NUMBERS)


def _string(chance: Random) -> str:
    return _literal(chance, chance.choice(("", "", "", "", "r", "R", "u", "U")), _UNITS)


def _bytes(chance: Random) -> str:
    units = [unit for unit in _UNITS if unit.isascii() and unit not in ("\\u00e9", "\\N{EM DASH}", "\\U0001F642")]
    return _literal(chance, chance.choice(("b", "B", "rb", "bR", "Rb")), units)


def _literal(chance: Random, prefix: str, units: list[str] | tuple[str, ...]) -> str:
    """A literal of random pieces, quoted as it must be."""
    quote = chance.choice(("'", '"', "'", '"', "'''", '"""'))
    body = "".join(chance.choice(units) for _ in range(chance.choice((0, 1, 1, 2, 3, 6))))
    if len(quote) == 1:
        body = re.sub(r"(\\.)|\n", lambda match: match.group(1) or "", body, flags=re.DOTALL)
    body = re.sub(r"(\\.)|" + quote[0], lambda match: match.group(1) or "", body, flags=re.DOTALL)
    return f"{prefix}{quote}{body}{quote}"


def _fstring(chance: Random) -> str:
    return _formatted(chance, chance.choice(("f", "f", "F", "rf", "fR")))


def _tstring(chance: Random) -> str:
    return _formatted(chance, chance.choice(("t", "T", "rt", "tR")))


def _formatted(chance: Random, prefix: str) -> str:
    """An f-string or t-string; one in ten nests what only Python 3.12 allows."""
    quote = chance.choice(("'", '"', "'''", '"""'))
    newer = chance.random() < 0.1
    parts: list[str] = []
    for _ in range(chance.randrange(4)):
        if chance.random() < 0.5:
            parts.append(chance.choice(("a", " ", "{{", "}}", "#", "é", "\\n", "$", "%")))
            continue
        words = program(chance, "expr", deep=12)
        field = " ".join(words)
        if not newer and (quote[0] in field or "\\" in field or "#" in field or "\n" in field):
            field = "x.y[0]"
        shown, conversion = chance.choice(("", "", "", "=", " = ")), chance.choice(("", "", "!r", "!s", "!a"))
        spec = chance.choice(("", "", ":", ":>10", ":{width}", ":.{x!r}f", ":%H:%M"))
        parts.append(f"{{{' ' * field.startswith('{')}{field}{' ' * field.endswith('}')}{shown}{conversion}{spec}}}")
    return f"{prefix}{quote}{''.join(parts)}{quote}"
