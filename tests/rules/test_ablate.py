"""What a rule saves is the difference of two encodings that anyone can make, and every variant decodes."""

from __future__ import annotations

import pytest

import slimgrammar as slim
from slimgrammar.rules.ablate import CANONICAL, measure, savings, switchable
from slimgrammar.rules.checks import decoded, encoded
from slimgrammar.rules.trees import tree as meaning
from slimgrammar.syntax.source import read_source
from slimgrammar.vocab import count, count_with_symbols, load

from ..conftest import CORPORA

SOURCE = (
    "class A:\n    def f(self, first, buffer):\n        if (a):\n            return self.x, a\n        from m import n, o\n"
)
VOCABULARIES = ("cl100k_base", "o200k_base")


def test_savings_are_differences() -> None:
    tokens = measure(SOURCE, VOCABULARIES, ("compact",))
    found = {(saving.rule, saving.vocab): saving for saving in savings(tokens, VOCABULARIES, ("compact",))}
    every = frozenset(switchable("compact"))
    for vocab in VOCABULARIES:
        loaded = load(vocab)

        def size(off: frozenset[str], vocab: object = loaded) -> int:
            return count(vocab, encoded(SOURCE, "compact", off))  # type: ignore[arg-type]

        saving = found["implied_comma", vocab]
        assert saving.last == size(frozenset(("implied_comma",))) - size(frozenset()) > 0
        assert saving.alone == size(every) - size(every - {"implied_comma"}) > 0
        assert saving.baseline == tokens[vocab, CANONICAL, ""] == count(loaded, slim.canonical_text(SOURCE))
        assert saving.last_share == pytest.approx(100 * saving.last / saving.baseline)


def test_a_symbol_costs_a_new_token() -> None:
    tokens = measure(SOURCE, ("cl100k_base",), ("symbols",))
    found = {saving.rule: saving for saving in savings(tokens, ("cl100k_base",), ("symbols",))}
    assert {saving.symbols for saving in found.values()} == {1}
    symbols = tuple(slim.grammar.symbol_table())
    text = slim.encode(SOURCE, dialect="symbols")
    without = encoded(SOURCE, "symbols", frozenset(("symbol:from_line",)))
    vocab = load("cl100k_base")
    saved = count_with_symbols(vocab, without, symbols) - count_with_symbols(vocab, text, symbols)
    assert found["symbol:from_line"].last == saved > 0


@pytest.mark.parametrize("dialect", ["python", "compact", "symbols"])
def test_every_variant_decodes(dialect: str) -> None:
    for path in sorted((CORPORA / "samples").glob("*.py"))[::4]:
        source = slim.canonical_text(read_source(path, path.read_bytes()).text)
        tree = meaning(source)
        assert tree
        every = frozenset(switchable(dialect))
        for off in (every, *(frozenset((name,)) for name in every), *(every - {name} for name in every)):
            assert meaning(decoded(encoded(source, dialect, off), dialect)) == tree
