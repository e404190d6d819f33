"""What a shorthand stands for: literal text with holes, each hole a word.

Templates are written with `‹1›`, `‹2›` … for the holes: `‹1›=self.‹1›` is a word, `=self.` and the same word again. A template
that begins with a hole leaves that word where it stands, and the shorthand's symbol follows it; the words of the other holes
follow the symbol, each behind a blank, and one more blank where a word or a blank comes next:

    x=self.x            x⟦S⟧
    for i in range(n):  ⟦S⟧ i n
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

OPENING: Final = "‹"
CLOSING: Final = "›"
_HOLE: Final = re.compile(rf"{OPENING}([1-9]){CLOSING}")
_WORD: Final = re.compile(r"\w")


class BadTemplate(ValueError):
    """A template that could not be told apart from the text around it; the message says why."""


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed template.

    Attributes:
        literals: the text before, between and behind the holes; one more than there are holes.
        holes: the number of the word that each hole holds, from 0 in order of first use.
    """

    literals: tuple[str, ...]
    holes: tuple[int, ...]

    @property
    def leads(self) -> bool:
        """Whether it begins with a hole."""
        return bool(self.holes) and not self.literals[0]

    @property
    def words(self) -> int:
        """How many different words its holes hold."""
        return max(self.holes, default=-1) + 1

    @property
    def trailing(self) -> int:
        """How many words stand behind the symbol."""
        return self.words - 1 if self.leads else self.words

    def fill(self, words: list[str]) -> str:
        """The text with a word in each hole; a leading hole's own word is left out, since it stands before the symbol.

        >>> parse("‹1›=self.‹1›").fill(["x"])
        '=self.x'
        """
        out = [self.literals[0]]
        for at, hole in enumerate(self.holes):
            if at or not self.leads:
                out.append(words[hole])
            out.append(self.literals[at + 1])
        return "".join(out)


def parse(text: str) -> Template:
    """A template from its written form.

    Raises:
        BadTemplate: a hole touches a word or another hole, or the holes are not numbered in order, or there is no literal text.

    >>> parse("for ‹1› in range(‹2›):").literals
    ('for ', ' in range(', '):')
    """
    parts = _HOLE.split(text)
    literals, numbers = tuple(parts[::2]), tuple(int(number) - 1 for number in parts[1::2])
    known = 0
    for number in numbers:
        if number > known:
            raise BadTemplate(f"{text!r}: the first use of hole {number + 1} must follow that of hole {number}")
        known = max(known, number + 1)
    if not any(literals):
        raise BadTemplate(f"{text!r} has no text of its own")
    for before, after in pairwise(literals):
        if _WORD.match(before[-1:]) or _WORD.match(after[:1]):
            raise BadTemplate(f"{text!r}: a hole must not touch a word")
    if any(not literal for literal in literals[1:-1]):
        raise BadTemplate(f"{text!r}: two holes must not touch")
    return Template(literals, numbers)
