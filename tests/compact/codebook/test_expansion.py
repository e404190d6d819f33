"""Shortening and expanding are inverse, whatever the text and the codebook; wrong codebooks are refused."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

import slimgrammar as slim
from slimgrammar.compact.codebook.book import BadCodebook, Codebook, OtherCodebook, Shorthand
from slimgrammar.compact.codebook.expansion import contracted, expand, pieces, shorten, shorten_counted
from slimgrammar.errors import SyntaxProblem, UnknownSymbol

SYMBOLS = "\U000f0000\U000f0001文\U000f0003字\U000f0005\U000f0006\U000f0007"
TEMPLATES = [
    " is not None",
    "‹1›=self.‹1›",
    "for ‹1› in range(‹2›):",
    "‹1›=‹1›",
    "=self._",
    "‹1› in ‹2›",
    "\n‹1›.‹2›=‹2›",
    "(‹1›",
]
FRAGMENTS = [
    *SYMBOLS,
    *[
        "¤",
        "!",
        "x",
        "_",
        "__a",
        "self",
        " ",
        "=",
        ".",
        "for ",
        "in ",
        " in ",
        "range(",
        "\n",
        "(",
        "):",
        "é",
        "9",
        "\u0301",
        "is not None",
    ],
    *["x=self.x", "for i in range(n):", "a=a", "‹1›"],
]


def book(saves: tuple[float, ...] = (9.0,) * len(TEMPLATES), escape: str = "¤", alphabet: str = "") -> Codebook:
    rows = [Shorthand(symbol, text, saved) for symbol, text, saved in zip(SYMBOLS, TEMPLATES, saves, strict=True)]
    return Codebook("compact", "cl100k_base", tuple(rows), escape, alphabet)


texts = st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join) | st.text(max_size=30)
weights = st.tuples(*[st.floats(0.1, 40).map(lambda saved: round(saved, 2)) for _ in TEMPLATES])


@given(texts, weights)
def test_every_text_comes_back(text: str, saves: tuple[float, ...]) -> None:
    chosen = book(saves)
    if text.startswith((chosen.signature, "!")):  # no dialect's text begins so
        return
    shortened = shorten(text, chosen)
    assert expand(shortened, chosen) == text
    assert shorten(expand(shortened, chosen), chosen) == shortened


@given(texts)
def test_damaged_texts_expand_or_are_refused(text: str) -> None:
    chosen = book()
    with suppress(UnknownSymbol):
        expanded = expand(chosen.signature + text, chosen)
        assert "¤" in text or set(SYMBOLS).isdisjoint(expanded)


def test_what_saves_most_together_is_written() -> None:
    """`x=self.x` by one shorthand of three tokens, and not by two others that start before it or inside."""
    shortened, used = shorten_counted("for i in range(n):\na.b=b", book((2, 3, 5, 1, 2, 1, 3, 1)))
    assert (shortened[1:], [TEMPLATES[entry] for entry in used]) == (
        f"{SYMBOLS[2]} i n{SYMBOLS[6]} a b",
        [TEMPLATES[2], TEMPLATES[6]],
    )


def test_nothing_is_written_where_the_signature_costs_more() -> None:
    assert shorten("a=a", book((0.5,) * len(TEMPLATES))) == "a=a"


def test_a_text_without_signature_is_as_it_was() -> None:
    assert expand("x文", book()) == "x文"


@pytest.mark.parametrize("text", ["!pip install x\nx=1", "!=3", "!", "!é", "!é=1"])
def test_what_only_begins_like_a_signature_is_judged_as_a_program(text: str) -> None:
    assert expand(text, None) == expand(text, book()) == text
    with pytest.raises(SyntaxProblem):
        slim.decode(text)


def test_other_codebooks_are_refused() -> None:
    one, other = book(), book((8.0,) * len(TEMPLATES))
    shortened = shorten("for i in range(n):pass", one)
    for given_book in (other, None):
        with pytest.raises(OtherCodebook, match="written with a codebook"):
            expand(shortened, given_book)


def test_offsets_lead_to_the_shorthand() -> None:
    chosen = book()
    shortened = shorten("if x is not None:return 1", chosen)
    contract = contracted(shortened, chosen)
    assert [contract(at) for at in (0, 4, 5, 15, 16, 99)] == [1, 5, 5, 5, 6, len(shortened)]
    assert "".join(piece for piece, _, _ in pieces(shortened, chosen)) == "if x is not None:return 1"


@pytest.mark.parametrize("text", [SYMBOLS[1] + "=", SYMBOLS[2] + " i", SYMBOLS[2] + "x"])
def test_a_shorthand_without_its_words_is_refused_in_its_place(text: str) -> None:
    chosen = book()
    with pytest.raises(UnknownSymbol, match="word") as refused:
        expand(f"{chosen.signature}a\n {text}", chosen)
    assert (refused.value.line, refused.value.column) == (2, 2)


@pytest.mark.parametrize(
    ("symbols", "template", "escape"),
    [("ab", "x", "¤"), ("§", "a‹1›", "¤"), ("§", "x", "§"), ("§", "a§b", "¤"), ("§", "x", "")],
)
def test_broken_codebooks(symbols: str, template: str, escape: str) -> None:
    with pytest.raises(BadCodebook):
        Codebook("compact", "v", (Shorthand(symbols, template, 1.0),), escape)


def test_threads_may_share_a_codebook() -> None:
    several = [f"for i in range({name}):\n{name}.x=x\ng(y=self.y)\n" * 20 for name in "abcd"]
    expected = [shorten(text, book()) for text in several]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda text: shorten(text, book()), several * 10))
    finally:
        sys.setswitchinterval(interval)
    assert found == expected * 10
