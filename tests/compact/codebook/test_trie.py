"""A trie's packed rows hold the templates that were put in, and nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from slimgrammar.compact.codebook.alphabet import Alphabet
from slimgrammar.compact.codebook.template import Template
from slimgrammar.compact.codebook.trie import ROOT, Trie

LETTERS = "ab_9 .=é日\N{CANDLE}\U0001f980\ud800\0\xff"
literals = st.text(LETTERS, min_size=1, max_size=6)


def entry(trie: Trie, text: str) -> int | None:
    """The template that is complete at the end of a text, if one is."""
    node = ROOT
    for column in text.encode("utf-8", "surrogatepass").translate(trie.columns):
        if node >= trie.leaves or trie.owners[node + column] != column:
            return None
        node = ord(trie.cells[node + column])
    if node >= trie.leaves:
        return int(node - trie.leaves)
    return ord(trie.entries[node - trie.notable]) - 1 if node >= trie.notable else -1


@given(st.lists(literals, unique=True, max_size=60), st.lists(literals, max_size=20))
def test_a_trie_holds_what_was_put_in(texts: list[str], others: list[str]) -> None:
    trie = Trie([Template((text,), ()) for text in texts], Alphabet("§", "¤"))
    assert [entry(trie, text) for text in texts] == list(range(len(texts)))
    assert all(entry(trie, other) in {None, -1} for other in others if other not in texts)


def test_rows_fit_between_one_another() -> None:
    texts = [f"{first}{second}{third}" for first in "abcdefgh" for second in "ijklm" for third in "nop"]
    trie = Trie([Template((text,), ()) for text in texts], Alphabet("§", "¤"))
    assert [entry(trie, text) for text in texts] == list(range(len(texts)))
    assert trie.leaves <= 8 + 8 * 5 + 8 * 5 * 3, "more numbers than cells in use"
