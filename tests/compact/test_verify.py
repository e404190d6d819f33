"""Verification is sound: of a decoded program that was corrupted in many small ways, it takes none that is another program."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

import slimgrammar as slim
from slimgrammar.compact.verify import prove, verify
from slimgrammar.errors import NotReversible
from slimgrammar.syntax.lexer import scan
from slimgrammar.syntax.newer import lower

from ..conftest import CORPORA
from ..round_trip import parses, tree

SAMPLES = sorted((CORPORA / "samples").rglob("*.py"))
INSERTED = " \n\t\f\\()[]{},;:=.#'\"@*+-~!1_a0b"
WORDS = (
    "pass",
    "not ",
    "f",
    "r",
    "b",
    "await ",
    "async ",
    "lambda: ",
    "yield ",
    "\n    ",
    "\n",
    "*",
    "1",
    "x",
    "type ",
    "[T]",
    ",)",
)


def corrupted(text: str, chance: random.Random) -> str:
    """The text with one small fault."""
    at, size = chance.randrange(len(text) + 1), chance.choice((1, 1, 1, 2, 4))
    kind = chance.randrange(6)
    if kind == 0:
        return text[:at] + text[at + size :]
    if kind == 1:
        return text[:at] + chance.choice(INSERTED) + text[at:]
    if kind == 2:
        return text[:at] + chance.choice(INSERTED) + text[at + 1 :]
    tokens = scan(text)
    token, start = chance.choice(tokens)
    end = start + len(token)
    if kind == 3:
        return text[:start] + text[end:]
    if kind == 4:
        return text[:start] + chance.choice(WORDS) + text[start:]
    other, begin = chance.choice(tokens)
    (token, start), (other, begin) = sorted(((token, start), (other, begin)), key=lambda pair: pair[1])
    return text[:start] + other + text[start + len(token) : begin] + token * (begin > start) + text[begin + len(other) :]


def accepts(source: str, decoded: str, *, host: bool) -> bool:
    try:
        verify(source, decoded, host=host)
    except NotReversible:
        return False
    return True


def is_same(source: str, decoded: str, *, host: bool) -> bool:
    one, two = (source, decoded) if host else (lower(source).text, lower(decoded).text)
    return parses(two) and tree(one, typed=False) == tree(two, typed=False) and comments(source) == comments(decoded)


def comments(text: str) -> list[str]:
    return [token for token, _ in scan(text) if token.startswith("#")]


def corruptions(path: Path, count: int) -> Iterator[tuple[str, str, bool]]:
    yield from corrupt(slim.canonical_text(path.read_text(encoding="utf-8")), count, path.name)


def corrupt(source: str, count: int, seed: str) -> Iterator[tuple[str, str, bool]]:
    chance = random.Random(seed)
    host = parses(source)
    for _ in range(count):
        text = corrupted(source, chance)
        if chance.random() < 0.3:
            text = corrupted(text, chance)
        # what follows a continuation at the end is unseen; no dialect prints one
        if text != source and "\0" not in text and not text.rstrip().endswith("\\"):
            yield source, text, host


def readable(path: Path) -> bool:
    try:
        return len(path.read_text(encoding="utf-8")) > 20
    except ValueError:
        return False


@pytest.mark.parametrize("path", [path for path in SAMPLES if readable(path)], ids=lambda path: path.name)
def test_no_corruption_is_taken(path: Path) -> None:
    for source, text, host in corruptions(path, 40 if parses(path.read_text(encoding="utf-8")) else 300):
        if accepts(source, text, host=host):
            assert is_same(source, text, host=host), text


STRINGS = '''x = 'a' 'b', "c" \'d\' f"{x}" 'e'
z = """a
b""" 'c' "d\\
e" r"\\n"
w = f(b'a' b"b", "it's" "x", 'q"', '', "", """t""" "u", *"v" 'w')
def f():
    "doc" "string"
    return {'a': "b" 'c', "d" 'e': rb"f"}
'''


def test_no_corruption_of_strings_is_taken() -> None:
    assert parses(STRINGS)
    for source, text, host in corrupt(STRINGS, 4000, "strings"):
        if accepts(source, text, host=host):
            assert is_same(source, text, host=host), text
    verify(STRINGS, STRINGS.replace("'b', \"c\" 'd'", "'b', 'cd'").replace("\"v\" 'w'", '"vw"'))


@pytest.mark.parametrize(
    ("source", "decoded"),
    [
        ("type X[T] = f(g(a), b)\n", "type X[T] = f(g(a, b))\n"),
        ("type X = (a, (b,), c)\n", "type X = (a, (b, c))\n"),
        ("type X = b'a'\n", "type X = 'a'\n"),
        ("type X = r'\\n'\n", "type X = '\\n'\n"),
        ("def f[T: int](): pass\n", "def f[T: str](): pass\n"),
        ("def f[T](): pass\n", "def f(): pass\n"),
        ("def f[T](): pass\n", "def f[*T](): pass\n"),
        ("class A[T = int]: pass\n", "class A[T: int]: pass\n"),
        ("x = t'{a}'\n", "x = f'{a}'\n"),
        ("x = t'{a }'\n", "x = t'{a}'\n"),
        ("x = f'{a['b c']}'\n", "x = f'{a['b  c']}'\n"),
        ("x = f'{a['b']=}'\n", "x = f'{a['b'] =}'\n"),
        ("x = f'{a['b']!r}'\n", "x = f'{a['b']!s}'\n"),
        ("x = f'{a['b']:>{c}}'\n", "x = f'{a['b']:>{d}}'\n"),
        ("x = f'{a['b']}{{'\n", "x = f'{a['b']}\\x7b\\x7b'\n"),
        ("try: pass\nexcept A, B: pass\n", "try: pass\nexcept B, A: pass\n"),
        ("try: pass\nexcept A, B: pass\n", "try: pass\nexcept* A, B: pass\n"),
    ],
)
def test_newer_syntax_is_told_apart(source: str, decoded: str) -> None:
    assert accepts(source, source, host=False)
    assert not accepts(source, decoded, host=False)


@pytest.mark.parametrize(
    ("source", "decoded"),
    [
        ("type X[T] = (int)\n", "type X[T]=int\n"),
        ("x = f'{a['b']}' 'c'\n", "x = f'{a['b']}c'\n"),
        ('x = ("a" f"{b["c"]}")\n', "x = f'a{b[\"c\"]}'\n"),
        ("def f[T: (int), *Ts,](x,): return (x)\n", "def f[T: int, *Ts](x): return x\n"),
        ("class A[T](): pass\n", "class A[T]: pass\n"),
        ("try: pass\nexcept (A, B): pass\nx = t''\n", "try: pass\nexcept A, B: pass\nx = t''\n"),
    ],
)
def test_newer_syntax_spelled_otherwise_is_the_same(source: str, decoded: str) -> None:
    assert accepts(source, decoded, host=False)


@pytest.mark.parametrize(
    ("source", "decoded"),
    [
        ("# a\n'x'\ny\n", "'x'\n# a\ny\n"),
        ("x = [] # a\n[]\n", "x = []\n# a\n[]\n"),
        ("f(1) # type: int\n", "f(1) # type: str\n"),
        ("x = 1 # a\n", "x = 1\n"),
        ("if x:\n    y\nz\n", "if x:\n    y\n z\n"),
        ("if x:\n    y\nz\n", "if x:\n\ty\n        z\n"),
        ("def f():\n    x\n    y\n", "def f(): x\n    y\n"),
        ("x\ny\n", "x\n;y\n"),
        ("match x:\n    case 1: y\n", "match x:;\n    case 1: y\n"),
    ],
)
def test_layout_that_is_no_python_or_moves_a_comment_is_refused(source: str, decoded: str) -> None:
    assert not accepts(source, decoded, host=True)


def test_a_deep_tree_is_compared() -> None:
    """Python's own `ast.dump` recurses, and a sum of 2,000 terms is a tree of that depth."""
    prove(f"x = ({' + '.join(['(a)'] * 2000)})\n")
