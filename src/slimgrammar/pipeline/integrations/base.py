"""What the integrations share: the options of `compress_messages`, chosen once and checked before the first prompt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from slimgrammar.pipeline.messages import ROLES, Compressed, Legend, Unparsable, compress_messages


@dataclass(frozen=True, slots=True)
class PromptOptions:
    """How prompts are made smaller; each field is that option of `compress_messages`.

    Making one checks it, so that a wrong name or a missing extra is found at once and not by the first prompt.

    >>> PromptOptions(dialect="perl")
    Traceback (most recent call last):
    slimgrammar.compact.api.UnknownOption: unknown dialect 'perl': one of python, compact, symbols
    """

    max_tokens: int | None = None
    vocab: str = "o200k_base"
    dialect: str = "compact"
    roles: tuple[str, ...] = ROLES
    legend: Legend = "auto"
    unparsable: Unparsable = "keep"

    def __post_init__(self) -> None:
        self.compress([])

    def compress(self, messages: Sequence[Any]) -> Compressed:
        """`compress_messages` with these options."""
        return compress_messages(messages, **asdict(self))
