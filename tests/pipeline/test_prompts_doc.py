"""docs/prompts.md shows what really happens."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

TEXT = (Path(__file__).parents[2] / "docs" / "prompts.md").read_text(encoding="utf-8")


def test_the_example() -> None:
    block = TEXT[TEXT.index(">>> import") : TEXT.index("\n`done.restore_stream")].removesuffix("````\n")
    example = doctest.DocTestParser().get_doctest(block, {}, "prompts.md", "prompts.md", 0)
    assert len(example.examples) >= 6
    assert doctest.DocTestRunner().run(example).failed == 0


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", TEXT):
        assert (Path(__file__).parents[2] / "docs" / target).exists(), target
