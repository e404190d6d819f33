"""Answers come back as Python in the author's layout, whole or streaming; what is not encoded stays as it is."""

from __future__ import annotations

import random

import pytest

import slimgrammar as slim

CODE = '''import os, sys


class Stack:
    """Last in, first out."""

    def __init__(self, items=None):
        self.items = list( items or [] )   # a copy

    def pop(self, default=None):
        # as a list does
        try:
            return self.items.pop()
        except IndexError:
            return default
'''
EDITED = CODE.replace("IndexError", "LookupError")


def fenced(code: str, tag: str = "python") -> str:
    return f"```{tag}\n{code}```\n"


@pytest.fixture(scope="module")
def done() -> slim.Compressed:
    return slim.compress_messages([{"role": "user", "content": f"Look:\n{fenced(CODE)}"}])


def test_an_edited_program_has_the_authors_layout(done: slim.Compressed) -> None:
    answer = f"Here:\n\n{fenced(slim.encode(EDITED) + chr(10))}\nDone."
    assert done.restore(answer) == f"Here:\n\n{fenced(EDITED)}\nDone."


def test_an_edited_method_has_the_authors_layout(done: slim.Compressed) -> None:
    encoded = "def.__init__(items=None):.items=list(items or[])# a copy\n"
    wanted = "def __init__(self, items=None):\n    self.items = list( items or [] )   # a copy\n"
    assert done.restore(fenced(encoded)) == fenced(wanted)


def test_empty_lines_at_the_end_may_be_missing(done: slim.Compressed) -> None:
    assert done.restore(fenced(slim.encode(EDITED).rstrip("\n") + "\n")) == fenced(EDITED)


def test_code_that_is_indented_as_a_whole() -> None:
    method = "".join(f"    {line}\n" if line else "\n" for line in CODE.split("\n")[:-1])
    done = slim.compress_messages([{"role": "user", "content": fenced(method)}])
    assert done.blocks[0].text == f"    {slim.encode(CODE)}\n"
    assert done.restore(fenced(done.blocks[0].text)) == fenced(method)
    edited = done.blocks[0].text.replace("IndexError", "LookupError")
    assert done.restore(fenced(edited)) == fenced(method.replace("IndexError", "LookupError"))
    assert done.restore(fenced(method)) == fenced(method)
    tabs = slim.compress_messages([{"role": "user", "content": fenced(method.replace("    ", "\t"))}])
    assert tabs.restore(fenced(tabs.blocks[0].text)) == fenced(method.replace("    ", "\t"))
    assert slim.compress_messages([{"role": "user", "content": fenced(method)}], dialect="python").lossless


def test_new_code_is_plain(done: slim.Compressed) -> None:
    assert done.restore(fenced("def g(a b):\nif a:return b\nprint(a b)\n")) == fenced(
        "def g(a, b):\n    if a:\n        return b\n    print(a, b)\n"
    )


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "No code at all",
        "Line\nends\r\n",
        fenced("def f( x ):\n      return x\n"),
        fenced("def f(x):\n    if x:\n        a\n    b b\n"),  # Python with a fault: its blocks must not be read otherwise
        fenced("    def f(self):\n        return 1\n"),
        fenced("def f(a b)\n"),
        fenced("pip install x\n", "bash"),
        fenced("a b\n", ""),
        "```python\ndef f(a b):return a\n",
        "`x` and ```y``` in a line\n",
        "~~~\n```python\ndef f(a b):return a\n```\n~~~\n",
    ],
)
def test_what_is_no_encoded_code_stays(done: slim.Compressed, answer: str) -> None:
    assert done.restore(answer) == answer


def test_fences_inside_lists_and_quotations(done: slim.Compressed) -> None:
    item, quoted = "1. One\n\n   ```py\n   {}\n   ```\n\n2. Two\n\n", "> ~~~python\n> {}\n> ~~~\n"
    answer = item.format("def f(a b):return a") + quoted.format("def f(a b):return a")
    assert done.restore(answer) == (
        item.format("def f(a, b):\n       return a") + quoted.format("def f(a, b):\n>     return a")
    )


ANSWERS = [
    f"Here:\n\n{fenced(slim.encode(EDITED) + chr(10))}\nand\n\n1. a list\n\n   ```py\n   x = f(a b)\n   ```\n2. more `code`\n\n"
    f"{fenced('f(a b)' + chr(10))}end",
    "".join(fenced(f"f(a {name})\n") for name in "bcdef"),
    "- " * 5 + "x\n```\nopen",
    "> ```python\n> f(a b)\noutside ```\n\n```python\nf(a c)\n```",
]


@pytest.mark.parametrize("answer", ANSWERS)
def test_streaming_gives_the_same(done: slim.Compressed, answer: str) -> None:
    whole = done.restore(answer)
    chance = random.Random(1)
    for size in (1, 2, 3, 7, 50):
        pieces = [answer[start : start + size] for start in range(0, len(answer), size)]
        assert "".join(done.restore_stream(pieces)) == whole
    cuts = sorted(chance.sample(range(len(answer)), min(9, len(answer))))
    assert "".join(done.restore_stream(answer[a:b] for a, b in zip([0, *cuts], [*cuts, None], strict=True))) == whole


def test_prose_is_not_held_back(done: slim.Compressed) -> None:
    restorer = done.restorer()
    assert restorer.feed("Hel") == "Hel"
    assert restorer.feed("lo\nYou") == "lo\nYou"
    assert restorer.feed(":\n``") == ":\n"
    assert restorer.feed("`python\nf(a b)\n") == ""
    assert restorer.feed("```\nand") == "```python\nf(a, b)\n```\nand"
    assert restorer.close() == ""


def test_long_answers_take_linear_time(done: slim.Compressed) -> None:
    answer = "word " * 20_000 + "\n" + "- item\n" * 20_000 + fenced("x = f(a b)\n" * 2000)
    assert "f(a, b)" in "".join(done.restore_stream(answer[start : start + 5] for start in range(0, len(answer), 5)))


def test_code_in_a_tool_calls_arguments(done: slim.Compressed) -> None:
    encoded = slim.encode("def __init__(self, items=None):\n    self.items = list(items or [])   # a copy\n")
    assert done.restore_code(encoded) == "def __init__(self, items=None):\n    self.items = list( items or [] )   # a copy\n"
    assert done.restore_code("    def f( self ):\n        pass\n") == "    def f( self ):\n        pass\n"
    assert done.restore_code("int  x;", "java") == "int  x;"


def test_the_python_dialect_comes_back_too() -> None:
    done = slim.compress_messages([{"role": "user", "content": fenced(CODE)}], dialect="python")
    assert done.blocks[0].status == "encoded"
    assert done.restore(fenced(done.blocks[0].text)) == fenced(CODE)
