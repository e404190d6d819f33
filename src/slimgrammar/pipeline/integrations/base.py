"""What the integrations share: the options of `compress_messages`, chosen once, and prompts as libraries take them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from slimgrammar.pipeline.encodings import KINDS
from slimgrammar.pipeline.legend import Answers
from slimgrammar.pipeline.messages import ROLES, Compressed, Legend, Unparsable, compress_messages


@dataclass(frozen=True, slots=True)
class PromptOptions:
    """How prompts are made smaller; each field is that option of `compress_messages`.

    `answers` that are left open are "any" where an integration restores them, and "python" elsewhere.

    Making one checks it, so that a wrong name or a missing extra is found at once and not by the first prompt.

    >>> PromptOptions(dialect="perl")
    Traceback (most recent call last):
    slimgrammar.compact.api.UnknownOption: unknown dialect 'perl': one of python, compact, symbols
    """

    max_tokens: int | None = None
    vocab: str = "o200k_base"
    dialect: str = "compact"
    roles: tuple[str, ...] = ROLES
    kinds: tuple[str, ...] = KINDS
    legend: Legend = "auto"
    answers: Answers | None = None
    unparsable: Unparsable = "keep"

    def __post_init__(self) -> None:
        self.compress([])

    def compress(self, messages: Sequence[Any]) -> Compressed:
        """`compress_messages` with these options."""
        return compress_messages(messages, **asdict(self) | {"answers": self.answers or "python"})

    def restoring(self, restore: bool) -> PromptOptions:
        """These options for an integration that restores answers, or does not."""
        return replace(self, answers="any") if restore and self.answers is None else self

    def smaller(self, prompt: Any) -> tuple[Compressed | None, Any]:
        """A prompt as libraries take it: messages, some of them maybe an SDK's own objects, or a bare text.

        Returns:
            What was done, None where the prompt is none of these; and what to send in its place, the very same object where
            nothing changed.
        """
        if isinstance(prompt, str):
            done = self.compress([{"role": "user", "content": prompt}])
            return done, done.messages[0]["content"]
        if not isinstance(prompt, Iterable):
            return None, prompt
        messages = prompt if isinstance(prompt, Sequence) else list(prompt)
        plain = [each.model_dump(exclude_unset=True) if hasattr(each, "model_dump") else each for each in messages]
        done = self.compress(plain)
        if done.messages is plain:
            return done, messages
        pairs = zip(messages, plain, done.messages, strict=True)
        return done, [message if made is before else made for message, before, made in pairs]
