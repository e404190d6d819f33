"""Golden cases: what each rule of the grammar writes. `cases/*.txt` hold a source, then what a dialect makes of it.

A line `# compact`, `# python` or `# decoded` (what `decode` prints) starts each part; a first line `# options: docstrings=drop`
sets options. Cases in one file are separated by a line of `=`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import slimgrammar as slim

_PART = re.compile(r"^# (compact|python|decoded)\n", re.MULTILINE)
_OPTION = re.compile(r"(\w+)=(\w+)")


def cases() -> list[tuple[str, str, str, str, dict[str, str]]]:
    """Name, source, part, expected text, options of each case."""
    found = []
    for path in sorted(Path(__file__).with_name("cases").glob("*.txt")):
        for number, case in enumerate(re.split(r"^=+\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE), 1):
            first, _, rest = case.partition("\n")
            options = dict(_OPTION.findall(first)) if first.startswith("# options:") else {}
            source, *parts = _PART.split(rest if options else case)
            found += [
                (f"{path.stem}-{number}-{part}", source, part, text, options)
                for part, text in zip(parts[::2], parts[1::2], strict=True)
            ]
    return found


@pytest.mark.parametrize(("source", "part", "expected", "options"), [pytest.param(*case[1:], id=case[0]) for case in cases()])
def test_case(source: str, part: str, expected: str, options: dict[str, str]) -> None:
    if part == "decoded":
        assert slim.decode(slim.encode(source, **options)) == expected  # type: ignore[arg-type]
    else:
        assert slim.encode(source, dialect=part, **options).rstrip("\n") == expected.rstrip("\n")  # type: ignore[arg-type]
