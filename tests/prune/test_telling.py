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


def test_unknown_words_are_rare_and_tell_little() -> None:
    found = telling("zyzzyva")
    assert telling("isinstance").telling < found.telling < 0
    assert found.rarity >= telling("graph").rarity > telling("self").rarity


def test_slim_keeps_the_word_that_tells() -> None:
    code = "def visit(a, b):\n    isinstance(a, b)\n    graph(a, b)\n"
    assert "graph" in prune(code, max_tokens=4).text
    assert "isinstance" not in prune(code, max_tokens=4).text


def test_slim_keeps_what_a_function_comes_back_to() -> None:
    once = "def visit(a):\n    apple = a\n    orange = a\n    a.close()\n"
    again = once.replace("a.close()", "orange.close()")
    kept = [prune(code, max_tokens=3).text for code in (once, again)]
    assert "orange" not in kept[0]
    assert "orange" in kept[1]


def test_slim_repeats_no_small_word_of_a_name() -> None:
    code = "def get_price(order):\n    get(order)\n    return price\n"
    kept = prune(code, max_tokens=6).text
    assert kept.count("price") == 2
    assert kept.count("get") == 1


def test_slim_keeps_the_bracket_that_opens() -> None:
    kept = prune("def price(order):\n    return order.price(order)\n", max_tokens=6).text
    assert kept.count("(") > kept.count(")")
