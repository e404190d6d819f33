"""What `compress_messages` promises, on all prompts in corpora/prompts and on small ones."""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unidiff.patch import PatchSet

import slimgrammar as slim
from slimgrammar.pipeline import legend as legends
from slimgrammar.pipeline import listings, markdown
from slimgrammar.pipeline.blocks import Block
from slimgrammar.pipeline.budget import OverBudget
from slimgrammar.pipeline.markdown import fences, replace
from slimgrammar.pipeline.searches import grouped, ungrouped
from slimgrammar.pipeline.spots import spots
from slimgrammar.pipeline.texts import texts
from slimgrammar.vocab import count, load

PROMPTS = sorted((Path(__file__).parents[2] / "corpora" / "prompts").glob("*.json"))
CODE = '''class Stack:
    """Last in, first out."""

    def __init__(self, items=None):
        self.items = list(items or [])

    def pop(self, default=None):
        # as a list does
        try:
            return self.items.pop()
        except IndexError:
            return default
'''
ENCODED = slim.encode(CODE) + "\n"


def fenced(code: str, tag: str = "python") -> str:
    return f"```{tag}\n{code}```\n"


def user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


def compress(content: Any, **options: Any) -> slim.Compressed:
    return slim.compress_messages([user(content)], **options)


@pytest.fixture(params=PROMPTS, ids=[path.stem for path in PROMPTS])
def prompt(request: pytest.FixtureRequest) -> list[Any]:
    messages: list[Any] = json.loads(request.param.read_text(encoding="utf-8"))
    return messages


def test_there_are_prompts() -> None:
    assert len(PROMPTS) >= 30


def test_prompts_get_smaller_and_stay_as_they_are_outside_of_code(prompt: list[Any]) -> None:
    before = copy.deepcopy(prompt)
    done = slim.compress_messages(prompt)
    assert prompt == before
    assert done.tokens_after < done.tokens_before
    assert done.lossless
    for old, new in zip(texts(prompt), texts(done.messages), strict=True):
        assert (old.path, old.role) == (new.path, new.role)
        found = {(spot.start, spot.end): spot for spot in spots(old)}
        mine = [block for block in done.blocks if block.message == old.message and block.status == "encoded"]
        mine = [block for block in mine if block.source == getattr(found.get((block.start, block.end)), "code", None)]
        changes = [(each.start, each.end, found[each.start, each.end].filled(each.text)) for each in mine]
        head = new.content.removesuffix(replace(old.content, changes))
        assert new.content == head + replace(old.content, changes)
        assert head in ("", legends.legend("compact"), legends.marks(), legends.legend("compact") + legends.marks())


def test_the_counts_are_those_of_the_messages(prompt: list[Any]) -> None:
    vocab = load("o200k_base")
    done = slim.compress_messages(prompt)
    change = sum(count(vocab, text.content) for text in texts(done.messages)) - sum(
        count(vocab, text.content) for text in texts(prompt)
    )
    assert done.tokens_after - done.tokens_before == change
    blocks = sum(block.tokens_after - block.tokens_before for block in done.blocks)
    assert change == blocks + count(vocab, done.legend)


def test_every_encoded_block_comes_back(prompt: list[Any]) -> None:
    done = slim.compress_messages(prompt)
    encoded = [block for block in done.blocks if block.status == "encoded"]
    assert encoded
    for block in encoded:
        check_way_back(done, block)


def check_way_back(done: slim.Compressed, block: Block) -> None:
    """Programs come back byte for byte; of listings the code does, and each number stands before the line that it numbers."""
    if block.kind in ("python", "other"):
        assert done.restore(fenced(block.text, block.language)) == fenced(block.source, block.language)
    elif block.kind == "listing":
        check_listing(done, block)
    elif block.kind == "search":
        assert ungrouped(block.text) == block.source
    elif block.kind == "diff":
        assert [str(patch) for patch in PatchSet(block.text)] == [_without_info(patch) for patch in PatchSet(block.source)]
    else:
        assert _values(block.text, done) == _values(block.source, done)


def check_listing(done: slim.Compressed, block: Block) -> None:
    source, made = listings.read(block.source), listings.read_short(block.text)
    assert source is not None
    assert made is not None
    lines = dict(zip(source.numbers, source.code.split("\n"), strict=False))
    for number, line in zip(made.numbers, made.code.split("\n"), strict=False):
        assert not line or _letters(line)[:1] == _letters(lines[number])[:1]
    if block.dialect:
        assert done.restore(fenced(block.text)) == fenced(source.code)


def _letters(line: str) -> list[str]:
    """The words of a line but for those that the compact grammar implies."""
    return [word for word in re.findall(r"\w+", line) if word not in ("self", "import")]


def _without_info(patch: Any) -> str:
    patch.patch_info = None
    return str(patch)


def _values(text: str, done: slim.Compressed) -> Any:
    """A JSON text's value, encoded programs in it restored."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(each) for key, each in value.items()}
        if isinstance(value, list):
            return [plain(each) for each in value]
        if isinstance(value, str) and "\n" in value:
            if grouped(ungrouped(value)) == value:
                value = ungrouped(value)
            listing = listings.read(value)
            code = listing.code if listing else f"{value}\n"
            for language in ("python", "go", "typescript"):
                (fence,) = fences(done.restore(fenced(code, language)))
                code = fence.code
            return code.rstrip("\n")
        return value

    return plain(json.loads(text))


@given(st.sampled_from(PROMPTS), st.floats(0.02, 1.0))
@settings(max_examples=120)
def test_any_budget_is_met(path: Path, share: float) -> None:
    """Or refused before anything is sent, with the least that would do: prose of users and systems is never cut."""
    pytest.importorskip("tree_sitter_java", reason="needs slimgrammar[prune]")
    messages = json.loads(path.read_text(encoding="utf-8"))
    whole = slim.compress_messages(messages)
    limit = int(whole.tokens_before * share)
    try:
        done = slim.compress_messages(messages, max_tokens=limit)
    except OverBudget as over:
        needed = over.needed
    else:
        needed = limit
    assert needed >= limit
    done = slim.compress_messages(messages, max_tokens=needed)
    limit = needed
    assert done.tokens_after <= limit
    assert done.lossless == (whole.tokens_after <= limit)
    vocab = load("o200k_base")
    assert sum(count(vocab, text.content) for text in texts(done.messages)) <= limit


def test_a_turn_more_changes_nothing_before_it(prompt: list[Any]) -> None:
    whole = slim.compress_messages(prompt)
    for length in range(1, len(prompt)):
        part = slim.compress_messages(prompt[:length])
        assert part.messages == whole.messages[:length]


def test_nothing_to_do_gives_the_very_same_object() -> None:
    messages = [user("Hello"), {"role": "assistant", "content": fenced(CODE)}, user(fenced("x\n")), user(None), "odd", 3]
    done = slim.compress_messages(messages)
    assert done.messages is messages
    assert done.tokens_before == done.tokens_after
    assert slim.compress_messages([]).messages == []


def test_what_does_not_change_is_the_very_same_object() -> None:
    image = {"type": "image_url", "image_url": {"url": "data:,"}}
    messages = [user("Hello"), user([image, {"type": "text", "text": fenced(CODE), "cache_control": {"type": "ephemeral"}}])]
    done = slim.compress_messages(messages)
    assert done.messages[0] is messages[0]
    assert done.messages[1]["content"][0] is image
    assert done.messages[1]["content"][1]["cache_control"] is messages[1]["content"][1]["cache_control"]


@pytest.mark.parametrize("tag", ["python", "py", "Python title=x.py", "{.python}", "src/stack.py", "12:40:src/stack.py"])
def test_tags_that_mean_python(tag: str) -> None:
    done = compress(f"Look:\n{fenced(CODE, tag)}", legend="never")
    assert done.messages[0]["content"] == f"Look:\n{fenced(ENCODED, tag)}"


@pytest.mark.parametrize("tag", ["", "text", "pycon", "java", "json", "bash"])
def test_tags_that_do_not(tag: str) -> None:
    assert compress(fenced(CODE, tag)).blocks[0].status == "kept"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (fenced("def f(:\n"), "1:7"),
        (fenced("x\n"), "would not get smaller"),
        (f"```python\n{CODE}", "its fence is not closed"),
        (f"> ```python\n> {CODE}".replace("\n    ", "\n>    ", 1), "its fence is not closed"),
        (fenced("x\0 = 1\n"), "its lines are irregular"),
    ],
)
def test_blocks_that_are_left_alone(text: str, reason: str) -> None:
    done = compress(text)
    assert [block.status for block in done.blocks] == ["kept"]
    assert done.blocks[0].reason.startswith(reason)


def test_a_line_that_would_end_the_fence() -> None:
    code = 'def f(self):\n    """Text.\n\n    ```\n    """\n    return self.x, self.y\n'
    text = f"Before\n\n```python\n{code}```\n"
    done = compress(text)
    assert done.messages == [user(text)]
    longer = compress(f"````python\n{code}````\n", legend="never")
    assert longer.blocks[0].status == "encoded"
    assert [fence.code for fence in fences(longer.messages[0]["content"])] == [longer.blocks[0].text]


def test_fences_in_lists_and_quotations() -> None:
    code = CODE.replace("\n\n", "\n")
    inside = "".join(f"   > {line}\n" for line in fenced(code).splitlines())
    done = compress(f"1. Look:\n\n{inside}\nEnd", legend="never")
    content = done.messages[0]["content"]
    assert content.startswith("1. Look:\n\n   > ```python\n   > class Stack:\n")
    assert content.endswith("   > ```\n\nEnd")
    assert fences(content)[0].code == slim.encode(code) + "\n"


def test_crlf() -> None:
    done = compress(f"Look:\n{fenced(CODE)}".replace("\n", "\r\n"), legend="never")
    content = done.messages[0]["content"]
    assert content.replace("\r\n", "\n") == f"Look:\n{fenced(ENCODED)}"
    assert content.count("\n") == content.count("\r\n")


def test_a_whole_file_as_a_tools_result() -> None:
    for message in ({"role": "tool", "tool_call_id": "1", "content": CODE}, {"type": "function_call_output", "output": CODE}):
        done = slim.compress_messages([message], legend="never")
        (text,) = texts(done.messages)
        assert text.content == ENCODED


@pytest.mark.parametrize(
    "content", ["ok", "[1,2]", '{"a":[1,2]}', '["x = 1\\n"]', "x = 1\n", "the class of an import", "", " \n"]
)
def test_results_that_are_no_files(content: str) -> None:
    messages = [{"role": "tool", "content": content}]
    assert slim.compress_messages(messages).messages is messages


def test_a_file_in_another_language_is_no_python() -> None:
    call = {"id": "1", "type": "function", "function": {"name": "read", "arguments": json.dumps({"path": "setup.cfg"})}}
    messages = [{"role": "assistant", "tool_calls": [call]}, {"role": "tool", "tool_call_id": "1", "content": CODE}]
    done = slim.compress_messages(messages)
    assert done.messages is messages
    assert done.blocks[0].language == "cfg"


def test_roles() -> None:
    messages = [{"role": role, "content": fenced(CODE)} for role in ("system", "user", "assistant", "tool")]
    assert [block.message for block in slim.compress_messages(messages).blocks] == [1, 3]
    assert [block.message for block in slim.compress_messages(messages, roles=["assistant"]).blocks] == [2]


def test_the_legend_comes_once_and_only_when_it_pays() -> None:
    once = compress(fenced(CODE))
    assert once.legend == ""
    many = slim.compress_messages([user(fenced(CODE)) for _ in range(9)])
    assert many.legend == legends.legend("compact")
    assert sum(message["content"].count(many.legend) for message in many.messages) == 1
    assert many.messages[0]["content"] == once.messages[0]["content"]
    assert many.tokens_after < many.tokens_before
    assert slim.compress_messages([user(fenced(CODE)) for _ in range(9)], dialect="python").legend == ""


def test_the_legend_says_what_answers_may_be_written_in() -> None:
    talk = [user(fenced(CODE)) for _ in range(9)]
    free, bound = (slim.compress_messages(talk, answers=answers) for answers in ("any", "python"))
    assert free.legend.endswith("Answer so or in Python.)\n\n")
    assert bound.legend == free.legend.replace("Answer so or in Python", "Answer in Python")
    assert [message["content"].replace(bound.legend, free.legend) for message in bound.messages] == [
        message["content"] for message in free.messages
    ]
    assert bound.tokens_after < free.tokens_after


def test_marks_are_explained_where_they_are_first_met() -> None:
    matching = "def f(self, x):\n    match x:\n        case 1:\n            return self.a, self.b\n"
    plain = [user(fenced(CODE)) for _ in range(9)]
    assert slim.compress_messages(plain).legend == legends.legend("compact")
    done = slim.compress_messages([*plain, user(fenced(matching))])
    assert done.messages[-1]["content"].startswith(legends.marks())
    assert done.legend == legends.legend("compact") + legends.marks()
    early = slim.compress_messages([user(fenced(matching)), *plain])
    assert not early.messages[0]["content"].startswith(legends.marks())
    assert sum(message["content"].count(legends.legend("compact") + legends.marks()) for message in early.messages) == 1
    assert slim.compress_messages([*plain, user(fenced(matching))], legend="never").legend == ""


def test_a_block_is_encoded_the_same_whatever_stands_around_it() -> None:
    alone = compress(fenced(CODE), legend="never").blocks[0]
    among = compress(f"a\n\n{fenced('import os, sys' + chr(10))}b\n{fenced(CODE)}c", legend="never").blocks[-1]
    assert (alone.text, alone.tokens_after) == (among.text, among.tokens_after)


def test_a_budget_that_cannot_be_met() -> None:
    pytest.importorskip("tree_sitter_java", reason="needs slimgrammar[prune]")
    with pytest.raises(slim.SlimError, match="cannot be met") as raised:
        compress("word " * 100 + f"\n\n{fenced(CODE)}", max_tokens=50)
    assert raised.value.needed > 100  # type: ignore[attr-defined]
    needed = raised.value.needed  # type: ignore[attr-defined]
    assert compress("word " * 100 + f"\n\n{fenced(CODE)}", max_tokens=needed).tokens_after <= needed


def test_relevance_to_the_last_user_message() -> None:
    pytest.importorskip("tree_sitter_java", reason="needs slimgrammar[prune]")
    parser = "def parse_header(line):\n    name, value = line.split(':')\n    return name.strip(), value.strip()\n" * 4
    drawer = "def draw_circle(x, y, radius):\n    canvas.oval(x - radius, y - radius, radius)\n    return canvas\n" * 4
    for asked, wanted in (("Why does parsing a header fail?", 0), ("The circle is drawn too large.", 1)):
        messages = [user(fenced(parser)), user(fenced(drawer)), user(asked)]
        done = slim.compress_messages(messages, max_tokens=110)
        left = [block.tokens_after / block.tokens_before for block in done.blocks]
        assert left[wanted] > 1.5 * left[1 - wanted]


def test_other_languages_are_pruned() -> None:
    java = "class A {\n  int f(int x) {\n    return x * x + 1;\n  }\n}\n" * 8
    pytest.importorskip("tree_sitter_java", reason="needs slimgrammar[prune]")
    done = compress(f"Shorten `f`.\n{fenced(java, 'java')}", max_tokens=100)
    assert done.blocks[0].status == "pruned"
    assert done.messages[0]["content"].startswith(legends.SHORTENED)


def test_unparsable_code_can_be_refused() -> None:
    with pytest.raises(slim.SyntaxProblem, match="message 0") as raised:
        compress(f"a\n{fenced('x = 1' + chr(10) + 'def f(:' + chr(10))}", unparsable="refuse")
    assert raised.value.line == 2
    assert compress(fenced("int f(){", "c"), unparsable="refuse").blocks[0].status == "kept"


def test_options_that_nobody_knows() -> None:
    for options in (
        {"dialect": "klingon"},
        {"legend": "maybe"},
        {"answers": "perl"},
        {"unparsable": "mend"},
        {"vocab": "none"},
    ):
        with pytest.raises(slim.SlimError):
            compress("hi", **options)


def test_hostile_input() -> None:
    nasty = [
        "(" * 100_000,
        "```\n" * 20_000,
        ">" * 50_000,
        "- " * 20_000,
        "```python\n" + "(" * 100_000 + "\n```",
        "\r" * 10_000,
    ]
    for text in nasty:
        messages = [user(text)]
        assert slim.compress_messages(messages).messages is messages
    with pytest.raises(slim.Unreadable):
        compress("\ud800")


def test_importing_slimgrammar_loads_no_pipeline() -> None:
    code = "import sys, slimgrammar; print(*(name for name in sys.modules if 'pipeline' in name or 'markdown' in name))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_environment())
    assert done.stdout.strip() == ""


def _environment() -> dict[str, str]:
    import os

    return os.environ | {"PYTHONPATH": str(Path(slim.__file__).parents[1])}


def test_a_tools_result_in_another_language_is_known_by_its_file() -> None:
    pytest.importorskip("tree_sitter_java", reason="needs slimgrammar[prune]")
    java = "class A {\n  int f(int x) {\n    return x * x + 1;\n  }\n}\n" * 8
    call = {"type": "tool_use", "id": "t1", "name": "view", "input": {"file_path": "src/A.java", "why": "to see it"}}
    result = {"type": "tool_result", "tool_use_id": "t1", "content": [{"type": "text", "text": java}]}
    messages = [user("What does f do?"), {"role": "assistant", "content": [call]}, user([result])]
    assert slim.compress_messages(messages, kinds=["python"]).messages is messages
    whole = slim.compress_messages(messages)
    assert [(block.language, block.kind) for block in whole.blocks] == [("java", "other")]
    assert "\nreturn x*x+1;\n" in str(texts(whole.messages)[1].content)
    done = slim.compress_messages(messages, max_tokens=120)
    assert [(block.language, block.status) for block in done.blocks] == [("java", "pruned")]
    assert done.tokens_after <= 120
    assert done.messages[1] is messages[1]


def test_empty_code_after_pruning_leaves_a_text() -> None:
    pytest.importorskip("tree_sitter_java", reason="needs slimgrammar[prune]")
    messages = [{"role": "tool", "content": CODE}]
    assert slim.compress_messages(messages, max_tokens=1).messages == [{"role": "tool", "content": "…"}]


@pytest.mark.parametrize(
    ("package", "options"), [("markdown_it", {}), ("unidiff", {"max_tokens": 20}), ("numpy", {"max_tokens": 20})]
)
def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, package: str, options: dict[str, Any]) -> None:
    markdown._parser.cache_clear()
    forgotten = "slimgrammar.prune" if package == "numpy" else package
    for name in [name for name in sys.modules if f"{name}.".startswith(f"{forgotten}.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    diff = "--- a\n+++ b\n@@ -1,3 +1,3 @@\n a\n-b\n+c\n d\n"
    with pytest.raises(slim.MissingExtra, match=r"pip install 'slimgrammar\[(pipeline|prune)\]'"):
        compress(fenced(CODE) + fenced(diff, "diff"), **options)
