"""Syntax newer than the host: rewritten without loss, judged as its own grammar says, faults at their places in the source."""

from __future__ import annotations

import ast
import sys

import pytest

from slimgrammar.errors import SyntaxProblem
from slimgrammar.syntax.check import check
from slimgrammar.syntax.newer import lower

VALID = [
    "type X = int\n",
    "type X[T] = list[T]; y = 1\n",
    "if x: type X=int\n",
    "type type = type\n",
    "type X = lambda: (yield)\n",
    "type X[T: (int, str) = int, *Ts = *tuple[int], **P = [int]] = T\n",
    "type \\\n X = int\n",
    "type = 1; type(x); type[x]; type.y\n",
    "def f[T](): pass\n",
    "def f[T](x, /, *y, z: int = 1, **k) -> T: return x\n",
    "def f[T: lambda a, b: a = lambda c=1: c](): pass\n",
    "def f[\n    T,  # one\n    # alone\n    *Ts,\n](x): pass\n",
    "class A[T]: pass\n",
    "class A[T](): pass\n",
    "class A[T](B, metaclass=C): pass\n",
    "async def f[T](): pass\n",
    "try: pass\nexcept A, B: pass\n",
    "try: pass\nexcept A, (lambda: B)(): pass\n",
    "try: pass\nexcept* A, B,: pass\n",
    "x = f'{a['b']}'\n",
    "x = f'{f'{f'{1}'}'}'\n",
    "x = f'{'\\n'.join(a)}'\n",
    "x = f'''{\n'''a'''  # why\n}'''\n",
    "x = f'{\na['b']\n}'\n",
    "x = f'{a['b']!r:>{w['c']}}' 'd' rf'\\{x}'\n",
    "x = f'{a['b'] = }{{}}'\n",
    "x = f'{(lambda x: x['a'])}'\n",
    "x = f'{x:{y['a']}\\N{EM DASH}}'\n",
    "x = t'{a}' t'b' rt'\\d{c!r:d}'\n",
    "x = t'a'\n",
]
INVALID = [
    "x: type X = 1\n",
    "type X = a, b\n",
    "type X = y = 3\n",
    "type X = *a\n",
    "type X = a := b\n",
    "type X = yield\n",
    "type X = a for b in c\n",
    "type X = a from b\n",
    "type X[] = int\n",
    "type X[T\n",
    "type x.y = int\n",
    "type None = int\n",
    "def f[](x): pass\n",
    "def f[T](/): pass\n",
    "def f[1 + 1](x): pass\n",
    "def f[T](, x): pass\n",
    "def f[*T: int](): pass\n",
    "def f[T, , U](): pass\n",
    "def f[T: a := b](): pass\n",
    "def f[T]: pass\n",
    "class A[*]: pass\n",
    "class A[T](/): pass\n",
    "try: pass\nexcept A, *B: pass\n",
    "try: pass\nexcept A := B, C: pass\n",
    "try: pass\nexcept A, B as c: pass\n",
    "x = t'{'\n",
    "x = t'{}'\n",
    "x = t'{a!z}'\n",
    "x = t'{a b}'\n",
    "x = t'}'\n",
    "x = t'\\N{no such}'\n",
    "x = t'' ''\n",
    "x = t'' f''\n",
    "x = b'' t''\n",
    "x = f'{a['b'}'\n",
    "x = f'{a['b']\n",
    "x = f'{# c}'\n",
    "x = f'{'\n" * 3,
    "print f'{a['b']}'\n",
    "f'{a['b']}' = 1\n",
    "f'{a['b']}': int\n",
    "del f'{a['b']}'\n",
    "f(t'a'=1)\n",
    "match x:\n    case f'{a['b']}': pass\n",
    "import t'a'\n",
    "x = rt'a' rtr'b'\n",
]


@pytest.mark.parametrize("source", VALID)
def test_it_is_taken(source: str) -> None:
    check(source)
    ast.parse(lower(source).text)


@pytest.mark.parametrize("source", INVALID)
def test_it_is_refused(source: str) -> None:
    with pytest.raises(SyntaxProblem):
        check(source)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="the host parses these itself")
@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("type X = int\ny = = 1\n", (2, 5)),
        ("def f[T](x): pass\n\nx = f'{a['b']}'; z = (1\n", (3, 22)),
        ("x = f'{a['b']}' + 1 2\n", (1, 21)),
        ("def f[T](x): pass\n\n\ndef g(x, x y): pass\n", (4, 12)),
    ],
)
def test_a_fault_behind_newer_syntax_has_its_own_place(source: str, place: tuple[int, int]) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        check(source)
    assert (caught.value.line, caught.value.column) == place


def test_offsets_lead_back() -> None:
    source = "def f[T](x): pass\ny = t'{a}' + b\n"
    lowered = lower(source)
    for word in ("f", "x): pass", "y =", "+ b"):
        assert lowered.source_offset(lowered.text.index(word)) == source.index(word)
    assert lowered.source_offset(len(lowered.text)) == len(source)


def test_older_programs_stay_as_they_are() -> None:
    source = "try: pass\nexcept (A, B): pass\nx = 'a' 'b'\ntype = type(x)\n"
    assert lower(source).text == source
