"""Exports: other engines give the verdicts that ours gives, on the same texts."""

from __future__ import annotations

from typing import Any

import pytest

import slimgrammar as slim
from slimgrammar.constrain.export import FORMATS, export
from slimgrammar.constrain.grammar_mask import byte_mask
from slimgrammar.constrain.specification import GrammarProblem, read
from slimgrammar.errors import SyntaxProblem

TEXTS = {
    "json": [
        "{}",
        '{"a": [1, -2.5e3, true, null, "x\\n\\u00e9"]}',
        " [ ] ",
        '"é/"',
        "0",
        "{",
        "[1,]",
        "{'a': 1}",
        "01",
        '"\\x"',
        "nul",
        "",
        "[1 2]",
        '"\n"',
    ],
    "sql": [
        "SELECT a, b.c FROM t WHERE x = 'it''s' ORDER BY 1 DESC",
        "select count(*) from t group by a having count(*) > 2;",
        "INSERT INTO t (a) VALUES (1), (NULL)",
        "UPDATE t SET a = 1 WHERE b IN (SELECT 1)",
        "CREATE TABLE t (id int PRIMARY KEY)",
        "SELECT",
        "SELECT FROM t",
        "INSERT t VALUES (1)",
        "SELECT a FROM t WHERE",
        "DROP t",
        "SELECT 'a",
        "",
    ],
    "slim": [
        "",
        "x=1",
        "def.f(a b=1):return a",
        "if x:\n y=2\n z=3\n\nelse:pass",
        "from os import path",
        "?x:\n|1:pass\n",
        "a.b(c d=e)[1:]",
        'x="é" "b"',
        "x=f'{a}'",
        "class A:x=1",
        "x=(# one\n1\n# two\n  2)#three",
        "f(a# one\n b=[\n])",
        "def f(a#b\n):return{#c\n\n}",
        "def f(a#b\n):return{\n #c\n}",
        "f(\na)",
        "f(a,\n\n#c\n b)",
        "f(#a\n#b\n c)",
        "x=[1#a\n #b\n ,#c\n\n2]",
        "x=012",
        "x=(# one)",
        "x=(1)\n# out\n#side",
        "x=1#(\n2)",
        "x\n=1",
        "x=",
        "def f",
        "if x",
        "x=(1",
        "x y=",
        "'a",
        "1x",
    ],
}


def ours(name: str, text: str) -> bool:
    mask = byte_mask(name)
    try:
        mask.advance_text(text)
    except SyntaxProblem:
        return False
    return mask.is_complete()


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_the_exported_lark_reads_as_ours(name: str) -> None:
    assert read(name, export(name, "lark")).starts == ("start",)


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_llguidance_agrees(name: str) -> None:
    llguidance = pytest.importorskip("llguidance")
    grammar = llguidance.grammar_from("lark", export(name, "lark"))
    tokenizer = llguidance.LLTokenizer("byte")
    for text in TEXTS[name]:
        # Our reading of compact text adds a line end.
        data = (text + "\n" if name == "slim" else text).encode()
        matcher = llguidance.LLMatcher(tokenizer, grammar)
        assert not matcher.is_error(), matcher.get_error()
        taken = matcher.try_consume_tokens(list(data)) == len(data)
        assert (taken and matcher.is_accepting()) == ours(name, text), text


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_xgrammar_agrees(name: str) -> None:
    xgrammar = pytest.importorskip("xgrammar")
    info = xgrammar.TokenizerInfo([bytes([byte]) for byte in range(1, 256)], stop_token_ids=[0])
    compiled: Any = xgrammar.GrammarCompiler(info).compile_grammar(xgrammar.Grammar.from_ebnf(export(name, "ebnf")))
    for text in TEXTS[name]:
        matcher = xgrammar.GrammarMatcher(compiled, terminate_without_stop_token=True)
        accepted = matcher.accept_string(text + "\n" if name == "slim" else text) if text or name == "slim" else True
        complete = (
            accepted and matcher.is_completed() if hasattr(matcher, "is_completed") else accepted and matcher.is_terminated()
        )
        # Without a lexer, `def f` may be the names `de`, `f` and `f`: in compact text words that touch are a list.
        assert complete == ours(name, text) or (name == "slim" and complete), text


def test_what_cannot_be_exported() -> None:
    with pytest.raises(GrammarProblem, match="indentation"):
        export("python", "lark")
    with pytest.raises(GrammarProblem, match="lark, gbnf, ebnf"):
        export("json", "yacc")
    assert FORMATS == ("lark", "gbnf", "ebnf")
    assert slim.mask is not None
