"""The table of what words tell, and that `slim` heeds it."""

from slimgrammar.prune import prune
from slimgrammar.prune.methods.telling import table, telling


def test_the_table_is_sorted_and_sane() -> None:
    words = list(table())
    assert len(words) > 2000
    assert words == sorted(words)
    assert all(-6 < told < 6 and 0 <= rarity < 12 for told, rarity in table().values())


def test_forms_of_one_word_tell_the_same() -> None:
    assert telling("Graphs").key == telling("graph").key == telling("_graph").key
    assert telling("graphs").telling == telling("graph").telling > 1


def test_unknown_words_are_rare_and_neutral() -> None:
    found = telling("zyzzyva")
    assert found.telling == 0
    assert found.rarity >= telling("graph").rarity > telling("self").rarity


def test_slim_keeps_the_word_that_tells() -> None:
    code = "def visit(a, b):\n    isinstance(a, b)\n    graph(a, b)\n"
    assert "graph" in prune(code, max_tokens=4).text
    assert "isinstance" not in prune(code, max_tokens=4).text
