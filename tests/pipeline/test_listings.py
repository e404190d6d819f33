"""Line numbers: read in any tool's style, written short, and true."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import slimgrammar as slim
from slimgrammar.pipeline import listings

CODE = '''import os, sys


class Stack:
    """Last in, first out.

    7 lines of text,
        and more.
    """

    def __init__(self, items=None):
        self.items = list(
            items or [],
        )

    def pop(self):
        if self.items: return self.items.pop()
        raise IndexError("""nothing
    here""")
'''
STYLES = {"cat": "{:6d}\t", "arrow": "{:6d}→", "bar": "{:4d} | ", "colon": "{:>5}: ", "narrow": "{}\t"}


def shown(code: str, style: str = "cat", first: int = 1) -> str:
    lines = code.removesuffix("\n").split("\n")
    return "".join(f"{STYLES[style].format(number)}{line}\n" for number, line in enumerate(lines, start=first))


def result(text: str, path: str = "stack.py") -> list[dict[str, object]]:
    """A conversation with a tool's result that is this text."""
    call = {"id": "1", "type": "function", "function": {"name": "view", "arguments": json.dumps({"path": path})}}
    return [{"role": "assistant", "tool_calls": [call]}, {"role": "tool", "tool_call_id": "1", "content": text}]


@pytest.mark.parametrize("style", STYLES)
def test_styles(style: str) -> None:
    read = listings.read(shown(CODE, style, 95))
    assert read is not None
    assert read.code == CODE
    assert read.numbers == tuple(range(95, 95 + CODE.count("\n")))


@pytest.mark.parametrize(
    "text", ["1\ta\n2\tb\n", "1\ta\n2\tb\n4\tc\n", "1\ta\n2\tb\nc\n", "a\n1\tb\n2\tc\n3\td\n", "x\n", "", "1. a\n2. b\n3. c\n"]
)
def test_no_listings(text: str) -> None:
    assert listings.read(text) is None


def test_each_number_stands_before_its_line() -> None:
    done = slim.compress_messages(result(shown(CODE, first=40)))
    (block,) = done.blocks
    assert (block.kind, block.language, block.dialect) == ("listing", "python", "compact")
    made = listings.read_short(block.text)
    assert made is not None
    assert made.code == slim.encode(CODE) + "\n"
    starts = {
        line.split(".")[0].split("(")[0]: number for number, line in zip(made.numbers, made.code.split("\n"), strict=False)
    }
    assert starts["import os sys"] == 40
    assert starts["7 lines of text,"] == 46
    assert starts["raise IndexError"] == 57
    assert made.numbers[-3] == 58
    assert done.restore(f"```python\n{block.text}```\n") == f"```python\n{CODE}```\n"


def test_an_answer_with_numbers_is_restored_without_them() -> None:
    done = slim.compress_messages(result(shown(CODE)))
    edited = slim.encode("def pop(self):\n    if self.items: return self.items.pop(0)\n    return None\n").split("\n")
    numbered = "".join(f"{16 + at} {line}\n" if line else "\n" for at, line in enumerate(edited))
    answer = f"```python\n{numbered}```\n"
    assert done.restore(answer) == (
        "```python\ndef pop(self):\n    if self.items:\n        return self.items.pop(0)\n    return None\n```\n"
    )


def test_lines_out_of_a_file() -> None:
    lines = CODE.split("\n")
    part = "\n".join([*lines[11:16], "    def more(self,", "             x):"]) + "\n"  # from within one method into the next
    done = slim.compress_messages(result(shown(part, first=12)))
    (block,) = done.blocks
    assert block.text.startswith("12         .items=list(items or[])\n")
    assert block.text.endswith("17     def more(self,\n18              x):\n")
    assert done.restore(f"```python\n{block.text}```\n") == f"```python\n{part}```\n"


def test_a_listing_among_prose() -> None:
    text = f"Here is the result of `cat -n`:\n{shown(CODE)}\nReview complete."
    done = slim.compress_messages([{"role": "tool", "content": text}], legend="never")
    content = done.messages[0]["content"]
    assert content.startswith("Here is the result of `cat -n`:\n1 import os sys\n")
    assert content.endswith("\n\nReview complete.")
    assert [block.kind for block in done.blocks] == ["listing"]


def test_lists_in_prose_are_no_listings() -> None:
    for text in ("1: one\n2: two\n3: three\n", "1| a\n2| b\n3| c\n", "1. a\n2. b\n3. c\n"):
        messages = [{"role": "user", "content": text}]
        assert slim.compress_messages(messages).messages is messages


def test_other_texts_keep_their_lines() -> None:
    done = slim.compress_messages(result(shown("# Title\n\n- one\n- two\n    code\n"), "notes.md"))
    assert done.messages[1]["content"] == "1 # Title\n3 - one\n4 - two\n5     code\n"


@given(st.lists(st.text("a1 \t#\r\u2028é", max_size=6), min_size=3, max_size=12), st.integers(1, 99_000))
def test_any_lines(lines: list[str], first: int) -> None:
    code = "".join(f"{line}\n" for line in lines)
    text = "".join(f"{number:6d}\t{line}\n" for number, line in enumerate(lines, start=first))
    read = listings.read(text)
    assert read is not None
    assert read.code == code
    again = listings.read_short(listings.shortened(read))
    kept = [line for line in lines if line.strip()]
    assert (again is None) == (len(kept) < 2)
    assert again is None or again.code == "".join(f"{line}\n" for line in kept)
