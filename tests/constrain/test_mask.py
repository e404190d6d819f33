"""The masks themselves: nothing true is masked, everything allowed can be taken, and a text can be taken back."""

from __future__ import annotations

import ast
import random
import warnings
from pathlib import Path

import numpy as np
import pytest

import slimgrammar as slim
from slimgrammar.constrain.engine import Engine
from slimgrammar.constrain.grammar_mask import GrammarMask, TokenNotAllowed
from slimgrammar.constrain.packing import unpack
from slimgrammar.constrain.specification import GrammarProblem
from slimgrammar.constrain.stack import Stacks
from slimgrammar.grammar import symbol_escape, symbol_table
from tests.conftest import CORPORA
from tests.constrain.conftest import SmallVocabulary

SAMPLES = sorted((CORPORA / "samples").rglob("*.py"))


def written(mask: GrammarMask, vocab: SmallVocabulary, text: str) -> None:
    """Write a text token by token, each of which the mask must allow."""
    tokens = vocab.encode(text)
    for number, token in enumerate(tokens):
        before = b"".join(map(vocab.decode_token, tokens[max(0, number - 8) : number]))
        allowed = mask.allowed()
        assert int(allowed[token // 32]) >> token % 32 & 1, (before, vocab.decode_token(token))
        mask.advance(token)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_no_token_of_a_sample_is_masked(path: Path, python: GrammarMask, small: SmallVocabulary) -> None:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        pytest.skip("not UTF-8: a mask is over UTF-8 text")
    if "\r" in text.replace("\r\n", ""):
        pytest.skip("a lone carriage return is no line end here")
    written(python, small, text)
    assert python.is_complete()


@pytest.mark.parametrize(
    "text", ["", "\n\n# nothing\n", "x", "if x:\n  y\nelse:\n\tz\n  ", "f'{x!r:>{w}}' + rb'\\x'", "0if 1else 2"]
)
def test_complete_programs(text: str, python: GrammarMask) -> None:
    if text:
        python.advance_text(text)
    assert python.is_complete()


@pytest.mark.parametrize(
    "text", ["if x:", "x = ", "(", "'", "f'{x", "def f():\n    x = [\n", "x = \\", "@a\n", "class A:\n", "async"]
)
def test_incomplete_programs(text: str, python: GrammarMask) -> None:
    python.advance_text(text)
    assert not python.is_complete()


@pytest.mark.parametrize(
    "text",
    [
        "x = = 1",
        "if x:\ny",
        "  x",
        "if x:\n  y\n z",
        "f() = 1",
        "a + 1 = 2",
        "f(a=1, b)",
        "def f(a=1, b)",
        "def f(*)",
        "x, y += 1",
        "a == not b",
        "await await b",
        "'\n",
        "b'é",
        "'\\x1g",
        "'\\N{}'",
        "1x",
        "0777 ",
        "1__0",
        "\x00",
        "“",
        "f'{}",
        "f'} ",
        "f'{lambda x",
        "import a,\n",
        "from a import (*",
        "'a' b'b'",
        "print 1",
        "x = yield = 1",
        "*a = 1 = 2",
        "for f() in",
        "del f()\n",
        "case x:\n  y",
        "try:\n  x\ny",
        "except:",
        "else ",
        "return = 1",
        "if x:\n\ty\n        z",
        "(\n)\n  x",
        "def f(a, *, **k)",
        "[*a for",
        "{a: b, c}",
        "match x:\n  y",
        "x: int: ",
        "(x, y): int",
        "t'a' 'b'",
        "not = 1",
        "raise x from\n",
    ],
)
def test_what_no_program_begins_with(text: str, python: GrammarMask) -> None:
    with pytest.raises(slim.SyntaxProblem):
        python.advance_text(text)
    # The oracle agrees: no continuation that closes what is open makes it a program.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises((SyntaxError, ValueError)):
            ast.parse(text + "\n")


def test_an_allowed_token_is_one_that_can_be_taken(small: SmallVocabulary, python: GrammarMask) -> None:
    chance = random.Random(4)
    taken = 0
    for _ in range(12):
        python.reset()
        for _ in range(60):
            allowed = unpack(python.allowed(), small.size)
            for token in range(small.size):
                assert python.accepts(token) == bool(allowed[token]), small.decode_token(token)
            choices = np.flatnonzero(allowed)
            python.advance(int(chance.choice(list(choices))))
            taken += 1
    assert taken == 12 * 60


def test_taking_back(python: GrammarMask, small: SmallVocabulary) -> None:
    for token in small.encode("if x:\n    foo("):
        python.advance(token)
    before = python.allowed().copy()
    twin = python.copy()
    for token in small.encode("1)\n"):
        python.advance(token)
    python.rollback(len(small.encode("1)\n")))
    assert (python.allowed() == before).all()
    assert (twin.allowed() == before).all()
    with pytest.raises(ValueError, match="take back"):
        python.rollback(10_000)


def test_a_refused_token_changes_nothing(python: GrammarMask, small: SmallVocabulary) -> None:
    python.advance_text("x = (")
    with pytest.raises(TokenNotAllowed, match="'='"):
        python.advance(small.encode("=")[0])
    assert python.accepts(small.encode(")")[0])
    for token in (-1, small.size, small.size - 1):
        assert not python.accepts(token)


def test_the_fault_in_a_prefix_has_its_place(small: SmallVocabulary) -> None:
    with pytest.raises(slim.SyntaxProblem) as caught:
        slim.mask("python", small, prefix="é = 1\ny = = 2\n")
    assert (caught.value.line, caught.value.column) == (2, 5)


def test_forced(small: SmallVocabulary) -> None:
    mask = slim.mask("json", small, prefix='{"a": tru')
    assert mask.forced_bytes() == b"e"
    assert [small.decode_token(token) for token in mask.forced()] == [b"e"]
    mask.advance_text("e")
    assert mask.forced() == []
    assert mask.forced_token() == -1


@pytest.mark.parametrize(
    ("start", "text", "complete", "final"),
    [
        ("statement", "x = 1\n", True, True),
        ("statement", "if x:\n  y\n", True, False),
        ("star_expressions", "a, *b", True, False),
        ("body", "\n    return 1\n", True, False),
        ("function", "@a\nasync def f(): pass\n", True, True),
        ("function", "def f", False, False),
    ],
)
def test_start_symbols(start: str, text: str, complete: bool, final: bool, small: SmallVocabulary) -> None:
    mask = slim.mask("python", small, start=start, prefix=text)
    assert (mask.is_complete(), mask.is_final()) == (complete, final)


def test_a_body_does_not_go_on_outside(small: SmallVocabulary) -> None:
    mask = slim.mask("python", small, start="body", prefix="\n    return 1\n")
    assert not mask.accepts(small.encode("x")[0])
    assert mask.accepts(small.encode("    ")[0])


def test_deep_nesting_and_long_texts(python: GrammarMask, small: SmallVocabulary) -> None:
    python.advance_text("x = " + "(" * 10_000)
    assert python.accepts(small.encode(")")[0])
    python.advance_text("1" + ")" * 10_000 + "\n")
    assert python.is_complete()
    python.advance_text("x = [1, 2]\n" * 20_000)
    assert python.is_complete()


def test_a_text_that_outgrows_its_stacks_goes_on_in_new_ones(small: SmallVocabulary, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "class A:\n    def f(self, x=[1, (2)]):\n        if x:\n            return {x: [y for y in (x)]}\n" * 3
    tokens = small.encode(text)
    wide, narrow = slim.mask("python", small), slim.mask("python", small)
    sets = set()
    for token in tokens:
        with monkeypatch.context() as patch:
            patch.setattr(Stacks, "__len__", lambda _: 1 << 60)
            narrow.advance(token)
        wide.advance(token)
        sets.add(narrow._place.stacks)
        assert (narrow.allowed() == wide.allowed()).all()
    assert len(sets) == len(tokens)
    narrow.rollback(len(tokens))
    assert narrow.accepts(tokens[0])


def test_trees_that_are_dropped_grow_anew(small: SmallVocabulary, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "def f(x):\n    return {x: [y(z[1:2], *a) for y in (x, 3)]}\n"
    mask = slim.mask("python", small)
    masks: list[list[bytes]] = []
    for most in (500_000, 40):
        monkeypatch.setattr("slimgrammar.constrain.buckets._MOST_STEPS", most)
        mask = GrammarMask(Engine(mask._engine.compiled, small.tokens), "module")
        masks.append([])
        for token in small.encode(text):
            masks[-1].append(mask.allowed().tobytes())
            mask.advance(token)
    assert masks[0] == masks[1]


def test_random_tokens_do_no_harm(small: SmallVocabulary, python: GrammarMask) -> None:
    chance = random.Random(8)
    python.advance_text("x = " + "f(a, [b for b in (" * 300)
    refused = 0
    for _ in range(600):
        before, token = python.allowed(), chance.randrange(small.size)
        try:
            python.advance(token)
        except TokenNotAllowed:
            refused += 1
            assert (python.allowed() == before).all()
        else:
            assert int(before[token // 32]) >> token % 32 & 1
    assert 0 < refused < 600


def test_the_cache_gives_the_same_masks(small: SmallVocabulary, own_cache: Path) -> None:
    from slimgrammar.constrain import grammar_mask

    first = slim.mask("json", small, prefix="[1")
    assert list(own_cache.glob("*.pickle"))
    for broken in (False, True):
        grammar_mask._engine.cache_clear()
        if broken:
            for file in own_cache.glob("*.pickle"):
                file.write_bytes(b"broken")
        assert (slim.mask("json", small, prefix="[1").allowed() == first.allowed()).all()


def test_own_grammars(small: SmallVocabulary, tmp_path: Path) -> None:
    path = tmp_path / "pairs.lark"
    path.write_text(
        'start: pair+\npair: CNAME "=" (SIGNED_NUMBER | ESCAPED_STRING)\n'
        "%import common.CNAME\n%import common.SIGNED_NUMBER\n%import common.ESCAPED_STRING\n%import common.WS\n%ignore WS\n"
    )
    mask = slim.mask(path, small, prefix='a = "x\\"y" b=-1.5 c = "" ')
    assert mask.is_complete()
    assert not mask.accepts(small.encode("=")[0])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("start: a | b\na: X\nb: X\nX: /x/", r"reduce/reduce conflict at \$END: a: X; b: X"),
        ("start: X\nX: /x*/", "X matches the empty text|zero-width"),
        ("start: X\nX: /x(?=y)/", "terminal X"),
        ("start: missing", "missing"),
        ("//! nonsense: X\nstart: X\nX: /x/", "nonsense"),
        ("start: X\nX: /(x/", "missing|unterminated"),
    ],
)
def test_bad_grammars(text: str, message: str, small: SmallVocabulary, tmp_path: Path) -> None:
    path = tmp_path / "bad.lark"
    path.write_text(text)
    with pytest.raises((GrammarProblem, slim.SlimError), match=message):
        slim.mask(path, small)


def test_no_such_grammar(small: SmallVocabulary) -> None:
    with pytest.raises(GrammarProblem, match="python"):
        slim.mask("cobol", small)
    with pytest.raises(GrammarProblem, match="nowhere"):
        slim.mask("python", small, start="nowhere")


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_no_token_of_a_compact_sample_is_masked(path: Path) -> None:
    if "py31" in str(path.parent):
        pytest.skip("newer than some hosts")
    for dialect, grammar in (("compact", "slim"), ("symbols", "symbols")):
        vocab = SmallVocabulary(more=grammar_marks())
        try:
            text = slim.encode(path.read_bytes().decode("utf-8-sig"), dialect=dialect)
        except (UnicodeDecodeError, slim.SlimError):
            pytest.skip("not UTF-8")
        mask = slim.mask(grammar, vocab)
        written(mask, vocab, text)
        assert mask.is_complete()


def test_symbols_of_the_programs_own_are_escaped() -> None:
    text = slim.encode("x = '\ue000' + '\uf8ff\ue001'  # \ue002", dialect="symbols")
    assert text.count(symbol_escape()) > 3
    for more in (grammar_marks(), (*grammar_marks(), symbol_escape(), "'" + symbol_escape())):
        vocab = SmallVocabulary(more=more)
        mask = slim.mask("symbols", vocab)
        written(mask, vocab, text)
        assert mask.is_complete()
        assert slim.mask("symbols", vocab, prefix=text).is_complete()
    for prefix, escaped in (("x='", False), ("x='" + symbol_escape(), True), ("x='" + symbol_escape() * 2, False)):
        mask = slim.mask("symbols", vocab, prefix=prefix)
        token = vocab.encode("\ue000")[0]
        assert mask.accepts(token) == bool(int(mask.allowed()[token // 32]) >> token % 32 & 1) == escaped, prefix


def grammar_marks() -> tuple[str, ...]:
    """The symbols, which a tokenizer has as single tokens."""
    return tuple(symbol_table())
