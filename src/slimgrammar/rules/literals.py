"""Do the rules that respell literals keep every value? All numbers and strings up to a bound, each spelled in many ways."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Final

from slimgrammar.compact.stream import ALL_RULES
from slimgrammar.errors import SlimError
from slimgrammar.rules.checks import Fault, decoded, encoded
from slimgrammar.rules.trees import tree

_INTEGERS: Final = ("0xFF", "0XfF", "0x1_0", "0b1_0", "0B1", "0o17", "0O7", "0xFFFFFFFF", "0x_f", "1_000_000", "0xF" + "0" * 30)
_WHOLE: Final = ("", "0", "00", "10", "1_0", "123456789")
_FRACTION: Final = ("", ".", ".0", ".50", ".5", ".0_5")
_EXPONENT: Final = ("", "e0", "E+05", "e-05", "e5_0")
_PREFIXES: Final = ("", "r", "b", "Rb", "u", "f", "fr")
_QUOTES: Final = ("'", '"', "'''", '"""')
_UNITS: Final = (
    *("a", " ", "1", "'", '"', "{", "}", "{{", "{x}", "é", "\n", "\\\n", "\\\\", "\\'", '\\"', "\\n", "\\t", "\\0", "\\12"),
    *("\\x41", "\\x27", "\\xe9", "\\u00e9", "\\u0301", "\\U0001F642", "\\N{BULLET}", "\\{"),
)
_STRIDE: Final = 11  # the quick check takes one literal in so many


def literals(kind: str) -> Iterator[str]:
    """All literals of a kind up to the bound, and some that are none.

    Args:
        kind: "number", "string", or "strings" for adjacent ones.
    """
    if kind == "number":
        yield from _INTEGERS
        for parts in product(_WHOLE, _FRACTION, _EXPONENT, ("", "j", "J")):
            yield "".join(parts)
    elif kind == "string":
        bodies = [*_UNITS, *map("".join, product(_UNITS, repeat=2)), *(f"{unit}{_lines(unit)}" for unit in _UNITS), ""]
        for prefix, quote, body in product(_PREFIXES, _QUOTES, bodies):
            yield f"{prefix}{quote}{body}{quote}"
    else:
        single = [f"{prefix}{quote}{body}{quote}" for prefix in _PREFIXES for quote in _QUOTES[:2] for body in _UNITS]
        yield from map(" ".join, product(single, ("'a'", '"\'"', "'1'", "f'{x}'", "b'b'", "r'c'", "'\\1'")))


def _lines(unit: str) -> str:
    """A body with so many line ends that it may be unfolded."""
    return f"\\n{unit}b\\n" * 3


def check_literals(kind: str, rules: list[str], *, whole: bool, off: frozenset[str] = ALL_RULES) -> Iterator[Fault]:
    """What does not hold of a kind of literal, with all rules and with each of those named switched off.

    Args:
        kind: as for `literals`.
        rules: the rules that respell this kind.
        whole: try all, and not one in eleven.
        off: rules that the encoder is made to leave out.
    """
    for literal in list(literals(kind))[:: 1 if whole else _STRIDE]:
        source = f"x={literal}"
        meaning = tree(source)
        for less in (off, *(off | {name} for name in rules)) if meaning else ():
            fault = _fault(source, meaning, less, stable=less == off)
            if fault:
                yield Fault(rules[0] if less == off else next(iter(less - off)), fault)


def _fault(source: str, meaning: str, off: frozenset[str], *, stable: bool) -> str:
    """What is wrong with the encoding of a program that holds one literal, "" for nothing."""
    try:
        text = encoded(source, "compact", off)
        back = decoded(text, "compact")
    except SlimError as error:
        return f"{source!r} does not come back: {error}"
    if tree(back) != meaning:
        return f"{source!r} is spelled {text!r} and comes back as {back!r}"
    if stable and encoded(back, "compact", off) != text:
        return f"{source!r} is spelled {text!r}, and decoded and encoded again otherwise"
    return f"{source!r} is spelled {text!r}, which is longer" if len(text) > len(source) else ""
