"""Quality filters: thresholds read from TOML, applied to a text, with the reason in words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from slimgrammar.pipeline.curate.options import BadCuration

MEASURES: Final[Mapping[str, Callable[[str], float]]] = {
    "characters": len,
    "lines": lambda text: text.count("\n") + (not text.endswith("\n")),
    "longest_line": lambda text: max(map(len, text.split("\n"))),
    "mean_line": lambda text: (len(text) - text.count("\n")) / (text.count("\n") + (not text.endswith("\n"))),
    "letters": lambda text: sum(map(str.isalpha, text)) / max(1, len(text)),
}
_KEYS: Final = frozenset(
    "name source languages except measure above below matches longest share pattern within_lines within_characters".split()
)


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter; the comment at the top of `grammars/curate.toml` says what its keys mean.

    Attributes:
        name: the reason that a dropped row gets.
        source: where the threshold was published.
        only: the languages that it is for; empty for all.
        exceptions: the languages that it is not for.
        fault: what is wrong with a text; "" where nothing is.
    """

    name: str
    source: str
    only: frozenset[str]
    exceptions: frozenset[str]
    fault: Callable[[str], str]

    def applies(self, language: str) -> bool:
        """Whether texts in a language are judged."""
        return language not in self.exceptions and (not self.only or language in self.only)


@cache
def read_filters(text: str) -> tuple[Filter, ...]:
    """The filters of a TOML file.

    Args:
        text: the file's text; "" holds none.

    Raises:
        BadCuration: the file is no TOML, or a filter has unknown or missing keys.

    >>> [found.name for found in read_filters('filter = [{name = "long", measure = "characters", above = 3, source = "ours"}]')]
    ['long']
    """
    try:
        tables = tomllib.loads(text).get("filter", [])
    except tomllib.TOMLDecodeError as error:
        raise BadCuration(f"filters: {error}") from None
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise BadCuration("filters: expected tables [[filter]]")
    return tuple(map(_filter, tables))


def fault(filters: tuple[Filter, ...], text: str, language: str) -> tuple[str, str] | None:
    """The first filter that a text does not pass, and what it found; None where it passes all.

    >>> filters = read_filters('filter = [{name = "long", measure = "characters", above = 3, source = "ours"}]')
    >>> fault(filters, "x = 1", "python")
    ('long', 'characters is 5, above 3')
    """
    for one in filters:
        if one.applies(language):
            found = one.fault(text)
            if found:
                return one.name, found
    return None


def _filter(table: dict[str, Any]) -> Filter:
    name = str(table.get("name"))
    unknown = table.keys() - _KEYS
    if unknown or "name" not in table or "source" not in table:
        wrong = f"unknown {', '.join(sorted(unknown))}" if unknown else "it needs a name and a source"
        raise BadCuration(f"filters: {name}: {wrong}")
    try:
        found = _fault_of(table)
    except (KeyError, TypeError, re.error) as error:
        raise BadCuration(f"filters: {name}: {type(error).__name__}: {error}") from None
    only, exceptions = (frozenset(table.get(key, ())) for key in ("languages", "except"))
    return Filter(name, str(table["source"]), only, exceptions, found)


def _fault_of(table: dict[str, Any]) -> Callable[[str], str]:
    if "measure" in table:
        return _beyond(table["measure"], table.get("above", float("inf")), table.get("below", float("-inf")))
    if "matches" in table:
        return _too_much(tuple(map(re.compile, table["matches"])), table["longest"], table["share"])
    return _said(re.compile(table["pattern"], re.I | re.M), table.get("within_lines"), table.get("within_characters"))


def _beyond(name: str, above: float, below: float) -> Callable[[str], str]:
    measure = MEASURES[name]

    def found(text: str) -> str:
        value = measure(text) if text else 0
        if below <= value <= above:
            return ""
        side = f"above {above:g}" if value > above else f"below {below:g}"
        return f"{name} is {value:.6g}, {side}"

    return found


def _too_much(patterns: tuple[re.Pattern[str], ...], longest: int, share: float) -> Callable[[str], str]:
    def found(text: str) -> str:
        matched = 0
        for pattern in patterns:
            for match in pattern.finditer(text):
                length = match.end() - match.start()
                matched += length
                if length > longest:
                    return f"{length} characters of encoded data at character {match.start()}"
        return f"{matched / len(text):.0%} of the text is encoded data" if matched > share * len(text) else ""

    return found


def _said(pattern: re.Pattern[str], lines: int | None, characters: int | None) -> Callable[[str], str]:
    def found(text: str) -> str:
        head = text[:characters]
        if lines is not None:
            head = "\n".join(head[: 1000 * lines].split("\n", lines)[:lines])
        match = pattern.search(head)
        return f"it says {match[0]!r}" if match else ""

    return found
