"""A prompt that gets smaller, and what of it a model should see."""

from __future__ import annotations

from typing import Any, Final

import slimgrammar

CODE: Final = """\
class Stack:
    def __init__(self, items=None):
        self.items = list(items or [])

    def pop(self, default=None):
        try:
            return self.items.pop()   # the last one
        except IndexError:
            return default

    def push(self, item, *, twice=False):
        self.items.append(item)
        if twice:
            self.items.append(item)
        return self
"""
COMPACT: Final = "".join(slimgrammar.encode(CODE).splitlines(keepends=True)[:3])
QUESTION: Final = f"Explain:\n\n```python\n{CODE}```\n"
LONG: Final[list[Any]] = [{"role": "user", "content": 5 * QUESTION}]  # so much that the legend pays
PROSE: Final[list[Any]] = [{"role": "user", "content": "hi"}]


def question(**message: Any) -> list[Any]:
    """A conversation of one question with code in it."""
    return [{"role": "system", "content": "Be brief."}, {"role": "user", "content": QUESTION, **message}]
