"""Mining: what recurs in several texts is found, spelled in one token, and saves what is said on other texts."""

from __future__ import annotations

import pytest

import slimgrammar as slim
from slimgrammar.compact.codebook.book import from_json
from slimgrammar.compact.codebook.corpus import UNITS
from slimgrammar.compact.codebook.expansion import expand, shorten
from slimgrammar.compact.codebook.mining import count_tokens, mine
from slimgrammar.compact.codebook.spellings import TooFewSpellings, new_symbols, spellings
from slimgrammar.vocab import count, load

from ...round_trip import assert_same_program

VOCAB = load("cl100k_base")


def program(number: int) -> str:
    """A program whose names are its own, and whose idioms are everyone's."""
    name = f"value_{number}"
    return f"""
class Store{number}:
    def __init__(self, {name}, other{number}):
        self.{name} = {name}
        self.other{number} = other{number}

    def first(self):
        for i in range(len(self.{name})):
            if self.{name}[i] is not None:
                return make{number}({name}=self.{name}, other{number}=other{number})
        raise NotImplementedError("first")

if __name__ == "__main__":
    Store{number}.main()
"""


@pytest.fixture(scope="module", params=["symbols", "compact", "python"])
def mined(request: pytest.FixtureRequest) -> tuple[str, str]:
    dialect = request.param
    texts = [slim.encode(program(number), dialect=dialect) for number in range(40)]
    return dialect, mine(texts[:30], vocab=VOCAB, dialect=dialect, k=12, held_out=texts[30:]).to_json()


def test_it_saves_on_other_texts_and_comes_back(mined: tuple[str, str]) -> None:
    dialect, written = mined
    book = from_json(written)
    source = program(77)
    plain = slim.encode(source, dialect=dialect)
    text = slim.encode(source, dialect=dialect, codebook=book)
    assert count_tokens(VOCAB, text, book) < 0.7 * count_tokens(VOCAB, plain)
    assert expand(text, book) == plain
    assert_same_program(source, slim.decode(text, dialect=dialect, codebook=book))
    assert slim.decode(text, dialect=dialect, codebook=book, like=source) == source
    spans = slim.position_map(source, text, dialect, codebook=book)
    assert spans.to_source(len(text)) == len(source)


def test_its_figures_are_counted(mined: tuple[str, str]) -> None:
    dialect, written = mined
    book = from_json(written)
    texts = [slim.encode(program(number), dialect=dialect) for number in range(30, 40)]
    figures = book.mined["held_out"]
    assert figures["tokens"] == sum(count_tokens(VOCAB, text) for text in texts)
    assert figures["shortened"] == sum(count_tokens(VOCAB, shorten(text, book), book) for text in texts)
    assert figures["saved"] > 0.3


def test_holes_are_found(mined: tuple[str, str]) -> None:
    assert any("‹1›" in entry.text for entry in from_json(mined[1]).shorthands)


def test_what_one_text_alone_repeats_is_left() -> None:
    texts = ["alone_here(1)\n" * 400, "x=1", "y=2"]
    assert mine(texts, vocab=VOCAB, dialect="compact", k=5).shorthands == ()


def test_what_one_source_alone_repeats_is_left() -> None:
    """Twelve programs of one source have idioms together; those of another dozen share only the language."""
    texts = [slim.encode(program(number)) for number in range(12)]
    others = [f"other_{number}=[{number}]" for number in range(12)]
    own = mine([*texts, *others], vocab=VOCAB, dialect="compact", k=8)
    together = mine([*texts, *others], vocab=VOCAB, dialect="compact", k=8, sources=["one"] * 12 + [str(n) for n in range(12)])
    assert any("NotImplementedError" in entry.text for entry in own.shorthands)
    assert not any("NotImplementedError" in entry.text for entry in together.shorthands)


def test_no_run_is_longer_than_asked_for() -> None:
    texts = [slim.encode(program(number)) for number in range(12)]
    short = mine(texts, vocab=VOCAB, dialect="compact", k=20, longest=3).shorthands
    assert all(len(UNITS.findall(entry.text)) <= 3 for entry in short if "‹" not in entry.text)
    assert any(len(entry.text) > 12 for entry in mine(texts, vocab=VOCAB, dialect="compact", k=20).shorthands)


def test_the_same_corpus_gives_the_same_codebook() -> None:
    texts = [slim.encode(program(number)) for number in range(12)]
    assert mine(texts, vocab=VOCAB, dialect="compact", k=8).hash == mine(texts, vocab=VOCAB, dialect="compact", k=8).hash


def test_texts_that_the_vocabulary_rewrites_are_left_out() -> None:
    texts = [slim.encode(program(number) + ("x = 'e\u0301'\n" if number % 4 == 0 else "")) for number in range(12)]
    assert mine(texts, vocab=load("qwen3"), dialect="compact", k=4).shorthands


@pytest.mark.parametrize(("dialect", "first"), [("compact", spellings(VOCAB, 1)), ("symbols", new_symbols(1))])
def test_what_shorthands_stand_for_spells_none_of_them(dialect: str, first: str) -> None:
    texts = [slim.encode(program(number) + f"print('{first}', file=out)\n", dialect=dialect) for number in range(12)]
    book = mine(texts, vocab=VOCAB, dialect=dialect, k=12)
    assert any(first in entry.text for entry in book.shorthands)
    assert expand(shorten(texts[0], book), book) == texts[0]


def test_an_empty_corpus_gives_an_empty_codebook() -> None:
    assert mine([], vocab=VOCAB, dialect="compact", k=8).shorthands == ()


@pytest.mark.parametrize("name", ["cl100k_base", "o200k_base", "llama3", "qwen3"])
def test_spellings_are_one_token_each(name: str) -> None:
    vocab = load(name)
    found = spellings(vocab, 1030)
    assert len(set(found)) == 1030
    assert all(count(vocab, f"x{character}x") == 3 for character in found)
    with pytest.raises(TooFewSpellings):
        spellings(vocab, 70_000)
