"""Budgets, pins, queries, whole statements, and what a `Pruned` says of itself."""

import ast
from pathlib import Path

import pytest

from slimgrammar.errors import SlimError
from slimgrammar.prune import BadBudget, Pruned, UnknownMethod, language_of, prune
from slimgrammar.prune.program import Program
from slimgrammar.vocab import count, load

O200K = load("o200k_base")
PYTHON = (Path(__file__).with_name("samples") / "sample.py").read_text()
BUDGETED = ("slim", "slimcode", "dietcode", "skeleton", "punctuation", "first", "random")


def check(pruned: Pruned, limit: int) -> None:
    """What must hold of every result."""
    assert pruned.tokens == count(O200K, pruned.text) <= limit
    at = 0
    for piece in pruned.map:
        assert piece.out >= at
        assert pruned.text[piece.out : piece.out + piece.length] == pruned.source[piece.start : piece.start + piece.length]
        at = piece.out + piece.length
    starts = [piece.start for piece in pruned.map]
    assert starts == sorted(starts)
    for span in pruned.kept:
        assert 0 <= span.start < span.end <= len(pruned.source)
    for loss in pruned.dropped:
        assert loss.reason
        assert loss.start < loss.end


@pytest.mark.parametrize("method", BUDGETED)
@pytest.mark.parametrize("valid", [False, True])
def test_budgets_hold_and_results_nest(sample: Path, method: str, valid: bool) -> None:
    text, language = sample.read_text(), language_of(sample)
    before = count(O200K, text)
    smaller: set[int] = set()
    for keep in (0.02, 0.1, 0.3, 0.5, 0.7, 0.9):
        result = prune(text, language, keep=keep, method=method, valid=valid)
        check(result, int(before * keep))
        if not valid:
            assert result.tokens >= int(before * keep) - 12
        covered = {at for span in result.kept for at in range(span.start, span.end) if not text[at].isspace()}
        assert smaller <= covered
        smaller = covered


@pytest.mark.parametrize("keep", [0.05, 0.2, 0.4, 0.6, 0.8, 0.95])
def test_whole_statements_parse(sample: Path, keep: float) -> None:
    language = language_of(sample)
    for method in ("slim", "random", "first"):
        result = prune(sample.read_text(), language, keep=keep, method=method, valid=True)
        assert not Program(result.text, language).has_errors, result.text
        if language.name == "python":
            ast.parse(result.text)


def test_a_program_that_fits_is_unchanged(sample: Path) -> None:
    text = sample.read_text()
    for options in ({"keep": 1.0}, {"max_tokens": 10**6}):
        result = prune(text, language_of(sample), **options)
        assert result.text == text
        assert result.dropped == ()
        assert [(span.start, span.end) for span in result.kept] == [(0, len(text))]


def test_max_tokens_and_keep_together() -> None:
    assert prune(PYTHON, keep=0.9, max_tokens=20).tokens <= 20
    assert prune(PYTHON, keep=0.01, max_tokens=500).tokens <= count(O200K, PYTHON) * 0.01
    assert prune(PYTHON, max_tokens=0).text == ""


def test_every_vocabulary_counts_its_own() -> None:
    for name in ("cl100k_base", "llama3", "qwen3"):
        result = prune(PYTHON, max_tokens=60, vocab=name)
        assert 50 <= count(load(name), result.text) <= 60


def test_pins_stay_as_they_are() -> None:
    body = PYTHON[PYTHON.index("def total") : PYTHON.index("\n\n\n@log.traced")]
    for valid in (False, True):
        result = prune(PYTHON, keep=0.5, pins=["total", "RATES"], valid=valid)
        assert body in result.text
        assert 'RATES = {"books": Decimal("0.07"), "food": Decimal("0.05")}' in result.text
    with pytest.raises(BadBudget, match=r"pinned parts alone take \d+ tokens, and the budget is 10"):
        prune(PYTHON, max_tokens=10, pins=["total"])


def test_pragmas_pin() -> None:
    code = "a = first(1)\nb = second(2)  # slim: keep\nc = third(3)\n# slim: keep\nfor x in c:\n    use(x)\nd = 4\n"
    result = prune(code, max_tokens=40)
    assert "b = second(2)  # slim: keep" in result.text
    assert "for x in c:\n    use(x)" in result.text


def test_pins_reach_decorators_and_methods() -> None:
    result = prune(PYTHON, keep=0.7, pins=["reserve", "__init__"])
    assert "@log.traced\nasync def reserve(store, order, retries=3):" in result.text
    assert "    def __init__(self, article: str, left: int = 0) -> None:\n        super()" in result.text


def test_a_query_steers() -> None:
    plain = prune(PYTHON, keep=0.06)
    steered = prune(PYTHON, keep=0.06, query="releasing locks and audits")
    assert "release" not in plain.text
    for word in ("audit", "release", "lock"):
        assert word in steered.text


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "no natural size"),
        ({"keep": 0}, "above 0 and up to 1, not 0"),
        ({"keep": 1.5}, "not 1.5"),
        ({"keep": float("nan")}, "not nan"),
        ({"max_tokens": -1}, "cannot be negative"),
    ],
)
def test_senseless_budgets(options: dict[str, float], message: str) -> None:
    with pytest.raises(BadBudget, match=message):
        prune(PYTHON, **options)  # type: ignore[arg-type]


def test_unknown_method() -> None:
    with pytest.raises(UnknownMethod, match="expected one of slim, slimcode"):
        prune(PYTHON, keep=0.5, method="magic")


def test_lone_surrogates_are_refused() -> None:
    with pytest.raises(SlimError, match="surrogate"):
        prune("x = '\ud800'", keep=0.5)


@pytest.mark.parametrize(
    "code", ["def f(:\n  return ((", "}}}}", "class", "if x {", "\x00\x01", "'''", "/*", "@@@ ((((", "é" * 50]
)
def test_broken_code_is_pruned_all_the_same(sample: Path, code: str) -> None:
    language = language_of(sample)
    for method in ("slim", "slimcode", "dietcode", "skeleton"):
        for valid in (False, True):
            check(prune(code, language, keep=0.5, method=method, valid=valid), count(O200K, code))


def test_an_empty_program() -> None:
    result = prune("", keep=0.5)
    assert (result.text, result.tokens, result.kept, result.map) == ("", 0, (), ())
