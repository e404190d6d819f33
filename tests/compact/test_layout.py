"""What `decode` prints: blanks as PEP 8 has them, empty lines around definitions, and the styles of installed formatters."""

from __future__ import annotations

import sys

import pytest

import slimgrammar as slim
from slimgrammar.compact.styles import UnknownStyle, style
from slimgrammar.errors import MissingExtra, SlimError


@pytest.mark.parametrize(
    "text",
    [
        "x = -a + ~b * c**-d\n",
        "f(*a, **b, c=-1, d=lambda *e, **f: e[-1])\n",
        "x[a:b, ::c, 1:]\n",
        "x: int = 1\n",
        "def f(a: int = 1, *, b=2, c: d = {e: f}, **g) -> h:\n    return a\n",
        "print(a if b else not c, d is not e)\n",
        "x = yield\n",
        "@a.b(1)\n@c\ndef f():\n    pass\n\n\nx = 1\n",
        "class A:\n    x = 1\n\n    def f(self):\n        pass\n\n    def g(self):\n        pass\n\n    y = 2\n",
        "if a:\n    b\nelif c:\n    d\nelse:\n    e\nf\n",
        "def f():\n    def g():\n        pass\n\n    return g\n\n\nf()\n",
        "async def f():\n    async with a:\n        pass\n    async for b in c:\n        pass\n    return d\n",
        "# one\nx = 1  # two\n# three\n",
        "a = 1.0 + 0.5 + 5e3\n",
        "a @= b\nc = d @ e\n",
        "x = {**a, 'b': c}\n",
        "from . import a\nfrom ..b import c\nimport d.e as f\n",
        "assert isinstance(a, b), c\n",
        "x = a[b](c)[d].e\n",
        "x = (yield a)\n",
        "del a, b\n",
    ],
)
def test_it_is_printed_as_it_is_written_by_hand(text: str) -> None:
    assert slim.decode(slim.encode(text)) == text


@pytest.mark.parametrize("name", ["black", "ruff"])
def test_formatters_agree_with_a_formatted_text(name: str) -> None:
    pytest.importorskip("black")
    text = 'def f(a, b):\n    return [a, "b"]\n'
    assert slim.decode(slim.encode(text), style=name) == text


def test_an_unknown_style_names_the_known_ones() -> None:
    with pytest.raises(UnknownStyle, match="plain, black, ruff"):
        style("x", "yapf")


def test_a_missing_formatter_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "black", None)
    with pytest.raises(MissingExtra, match=r"slimgrammar\[black\]"):
        style("x", "black")


def test_a_formatter_s_refusal_is_ours() -> None:
    pytest.importorskip("black")
    with pytest.raises(SlimError, match="black: "):
        style("x = (", "black")
