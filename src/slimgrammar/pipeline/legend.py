"""What a model is told about the code in front of it, where that is worth its tokens."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final, Literal

from slimgrammar.grammar import soft_keywords

Answers = Literal["any", "python"]
SHORTENED: Final = "(Code here is shortened: what tells least is left out.)\n\n"
_COMPACT: Final = (
    "(Compact Python: a blank line ends a block; commas, colons, `self`, `import` after `from x` and `in` after `for x` are "
    "implied: `def.f(a b):.x=a`. {answer}.)\n\n"
)
_WORDS: Final = re.compile(r"""(?:(['"])[^'"\\\s]+\1\s*,\s*){2}['"]""")
_ANSWER: Final[dict[Answers, str]] = {"any": "Answer so or in Python", "python": "Answer in Python"}


def legend(dialect: str, answers: Answers = "any") -> str:
    """How to read a dialect, "" where a reader needs no help: `python` is Python, and `symbols` is for models trained on it.

    Args:
        dialect: how code is spelled.
        answers: what the model may answer in: "any" where its answer is restored, "python" where nobody does that.

    >>> legend("python"), legend("compact")[:16]
    ('', '(Compact Python:')
    """
    return _COMPACT.format(answer=_ANSWER[answers]) if dialect == "compact" else ""


@cache
def marks() -> str:
    """What the marks for soft keywords and lists of words mean; many programs hold none, so it stands apart.

    >>> marks()
    "(Here ? | % are match case type, and $'a b c' is 'a','b','c'.)\\n\\n"
    """
    words, signs = (" ".join(each) for each in zip(*soft_keywords().items(), strict=True))
    return f"(Here {signs} are {words}, and $'a b c' is 'a','b','c'.)\n\n"


def may_need_marks(source: str) -> bool:
    """Whether a program may hold a statement that begins with a soft keyword, or a list of words.

    >>> [may_need_marks(source) for source in ("match x:\\n", "x = re.match(y)\\n", "x = ['a', 'b', 'c']\\n", "f('a', 'b')\\n")]
    [True, False, True, False]
    """
    return bool(_soft_keyword().search(source) or _WORDS.search(source))


@cache
def _soft_keyword() -> re.Pattern[str]:
    """What finds a soft keyword where a statement begins."""
    return re.compile(rf"^[\s\d]*(?:{'|'.join(soft_keywords())})\s", re.MULTILINE)


def pays_at(savings: Iterable[int], cost: int) -> int:
    """The index of the text from which on the legend has paid for itself, -1 where it never does.

    Only what stands before a text decides: a conversation that grows keeps its beginning, and a provider's cache of it.

    >>> pays_at([40, 0, 50], 60)
    2
    """
    total = 0
    for index, saved in enumerate(savings):
        total += saved
        if total > cost:
            return index
    return -1
