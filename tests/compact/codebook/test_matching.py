"""The matcher saves as much as an obvious search over all places and templates."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slimgrammar.compact.codebook.book import BadCodebook, Codebook, Shorthand
from slimgrammar.compact.codebook.corpus import UNITS
from slimgrammar.compact.codebook.matching import Matcher
from slimgrammar.compact.codebook.template import Template, parse

from .test_expansion import FRAGMENTS, SYMBOLS, TEMPLATES, weights

MORE = [
    "a",
    "__",
    "init__(",
    "é=",
    "‹1›",
    "a=b",
    "_a.",
    "self.x",
    "\0",
    "日",
    "=日本",
    "日(",
    "(é",
    "\U0001f980",
    "\ue000",
    "\ud800",
]
OWN = [*TEMPLATES[:-3], "=日", "日(‹1›", "\0x"]
texts = st.lists(st.sampled_from([each for each in [*FRAGMENTS, *MORE] if set(each).isdisjoint(f"{SYMBOLS}¤")]), max_size=25)


def pattern(template: Template) -> re.Pattern[str]:
    """A regular expression for what a template stands for; each hole takes a whole word."""
    parts, known = [re.escape(template.literals[0])], 0
    for hole, literal in zip(template.holes, template.literals[1:], strict=True):
        word = r"(\w+)" if hole == known else rf"\{hole + 1}"
        known = max(known, hole + 1)
        parts.append(rf"(?<!\w){word}(?!\w){re.escape(literal)}")
    return re.compile("".join(parts))


def most(text: str, templates: list[Template], saves: tuple[float, ...]) -> float:
    """What may be saved at the most."""
    places = {0, *(found.end() for found in UNITS.finditer(text))}
    values = [0.0] * (len(text) + 1)
    patterns = [pattern(template) for template in templates]
    for at in range(len(text) - 1, -1, -1):
        values[at] = values[at + 1]
        if at in places:
            found = [(saved, each.match(text, at)) for saved, each in zip(saves, patterns, strict=True)]
            ends = [saved + values[match.end()] for saved, match in found if match and match.end() in places]
            values[at] = max([values[at], *ends])
    return values[0]


@given(texts.map("".join), weights)
def test_nothing_saves_more(text: str, saves: tuple[float, ...]) -> None:
    templates = [parse(template) for template in OWN]
    saved = Matcher(templates, list(SYMBOLS), saves, "¤").shorten(text)[1]
    assert saved == pytest.approx(most(text, templates, saves))


def test_uses_say_what_goes_and_which_words_stay_behind() -> None:
    matcher = Matcher([parse("‹1›=‹2›.‹1›")], ["§"], [2.0], "¤")
    uses = matcher.uses("f(x=self.x)")
    assert [(use.entry, use.start, use.end, use.words) for use in uses] == [(0, 3, 10, ["self"])]
    assert matcher.shorten("f(x=self.x y=self.y z)")[0] == "f(x§ self  y§ self  z)"


def test_places_are_those_of_the_text_and_not_of_its_bytes() -> None:
    matcher = Matcher([parse("‹1›=self.‹1›"), parse("é日")], ["§", "¶"], [2.0, 2.0], "¤")
    uses = matcher.uses("\U0001f980 日é=self.日é é日")
    assert [(use.entry, use.start, use.end, use.words) for use in uses] == [(0, 4, 12, []), (1, 13, 15, [])]
    assert matcher.shorten("\U0001f980 日é=self.日é é日")[0] == "\U0001f980 日é§ ¶"


def test_too_long_codebooks_are_refused() -> None:
    with pytest.raises(BadCodebook, match="bytes"):
        Codebook("compact", "v", (Shorthand("§", "x" * 1_200_000, 1.0),), "¤")
