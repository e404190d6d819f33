"""`compress_messages`: a conversation with its code in fewer tokens, and the way back for the answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from slimgrammar.compact.api import DIALECTS, UnknownOption
from slimgrammar.errors import SyntaxProblem
from slimgrammar.pipeline.answers import AnswerRestorer
from slimgrammar.pipeline.blocks import Block, Terms
from slimgrammar.pipeline.conversation import Conversation
from slimgrammar.pipeline.encodings import KINDS, Program, encoding
from slimgrammar.pipeline.fitting import fit
from slimgrammar.pipeline.legend import Answers
from slimgrammar.pipeline.originals import Originals
from slimgrammar.pipeline.tags import PYTHON
from slimgrammar.vocab import load

if TYPE_CHECKING:
    from slimgrammar.vocab.load import Spec

Legend = Literal["auto", "never"]
Unparsable = Literal["keep", "refuse"]
ROLES: Final = ("user", "tool")


@dataclass(frozen=True)
class Compressed:
    """What `compress_messages` gives.

    Attributes:
        messages: the messages to send; the very object that was given where nothing changed, and so for each message.
        blocks: what was done with each piece of code, in order.
        tokens_before: the tokens of all texts and tool calls in the messages that were given.
        tokens_after: those of `messages`, the legend counted.
        vocab: the name of the vocabulary that counted.
        dialect: how encoded code is spelled.
        legend: what was added so that a model can read the code, "" where nothing was.
    """

    messages: Sequence[Any]
    blocks: tuple[Block, ...]
    tokens_before: int
    tokens_after: int
    vocab: str
    dialect: str
    legend: str = ""
    _programs: tuple[Program, ...] = field(default=(), repr=False)

    @property
    def lossless(self) -> bool:
        """Whether no code was pruned."""
        return all(block.status != "pruned" for block in self.blocks)

    @cached_property
    def _originals(self) -> Originals:
        return Originals(self._programs, self.dialect)

    def restore(self, answer: str) -> str:
        """An answer with the encoded code in its Python fences as Python, laid out as the code in the conversation is.

        So are programs in other languages that have no formatting. Prose and code that is Python already stay as they are.
        """
        return "".join(self.restore_stream([answer]))

    def restore_code(self, code: str, language: str = "python") -> str:
        """A piece of code without a fence, as in the arguments of a tool call that the answer makes, as `restore` writes it."""
        restored = self._originals.restored(code, language)
        return code if restored is None else restored

    def restore_stream(self, pieces: Iterable[str]) -> Iterator[str]:
        """`restore` for an answer that comes in pieces: text passes at once, a fence when it is closed."""
        restorer = self.restorer()
        for piece in pieces:
            if shown := restorer.feed(piece):
                yield shown
        if shown := restorer.close():
            yield shown

    def restorer(self) -> AnswerRestorer:
        """An object that is fed an answer's pieces one by one, for event-driven callers."""
        return AnswerRestorer(self._originals)


def compress_messages(  # noqa: PLR0913 - options, keyword-only
    messages: Sequence[Any],
    *,
    max_tokens: int | None = None,
    vocab: Spec = "o200k_base",
    dialect: str = "compact",
    roles: Iterable[str] = ROLES,
    kinds: Iterable[str] = KINDS,
    legend: Legend = "auto",
    answers: Answers = "any",
    unparsable: Unparsable = "keep",
) -> Compressed:
    """The messages of a conversation with the code in them in fewer tokens.

    Code is what stands in Markdown fences or between tags, a text that as a whole is a program, a listing with line numbers, or
    what tools return in other known shapes (`kinds`). It is written in fewer tokens; nothing is lost by it, and each piece is
    encoded the same whatever stands around it.
    Only where a budget asks for more is code pruned, in all languages that `slimgrammar.prune` knows, what has least to do with
    the last user message most. All else stays as it is, byte for byte.

    Args:
        messages: as OpenAI's or Anthropic's APIs take them: mappings whose content is a string or a list of parts.
        max_tokens: the most tokens that all texts and tool calls together may have; None for no pruning.
        vocab: whose tokens count, as in `slimgrammar.vocab.load`.
        dialect: how Python is spelled: "compact", "python" (still Python) or "symbols" (for a model trained on it).
        roles: whose messages are touched; a tool's results, also those inside a user message, have the role "tool".
        legend: "auto" puts a few words on how to read the code before the message from which on they have paid for themselves;
            "never" leaves that to the caller.
        answers: what the legend lets a model answer in: "any" for answers that `restore` reads, "python" where nobody restores.
        kinds: what may be encoded, some of "python", "other" (programs in other languages), "listing" (code with line numbers),
            "search" (what grep found), "json" and "diff".
        unparsable: what happens to Python code that does not parse: "keep" it as it is or "refuse" the messages.

    Returns:
        The messages, what was done with each piece of code, and `restore` for the answer.

    Raises:
        OverBudget: the budget cannot be met even without any code.
        SyntaxProblem: Python code does not parse, and `unparsable` is "refuse".
        UnknownOption, UnknownVocabulary: there is none of this name.
        MissingExtra: markdown-it-py is not installed, or what pruning needs.

    >>> code = "def add(self, a, b):\\n    if a is None:\\n        return b\\n    return self.value + a + b\\n"
    >>> done = compress_messages([{"role": "user", "content": f"Explain:\\n```python\\n{code}```\\n"}])
    >>> print(done.messages[0]["content"])
    Explain:
    ```python
    def.add(a b):
    if a is None return b
    return.value+a+b
    <BLANKLINE>
    ```
    <BLANKLINE>
    >>> done.tokens_before > done.tokens_after, done.blocks[0].status
    (True, 'encoded')
    >>> done.restore("Shorter:\\n```python\\ndef.add(a b):return.value+(a or 0)+b\\n```\\n")
    'Shorter:\\n```python\\ndef add(self, a, b):\\n    return self.value + (a or 0) + b\\n```\\n'
    """
    if dialect not in DIALECTS:
        raise UnknownOption("dialect", dialect, DIALECTS)
    given = {"legend": (legend, Legend), "answers": (answers, Answers), "unparsable": (unparsable, Unparsable)}
    for option, (value, known) in given.items():
        if value not in get_args(known):
            raise UnknownOption(option, value, get_args(known))
    chosen = frozenset(kinds)
    for kind in sorted(chosen):
        if kind not in KINDS:
            raise UnknownOption("kind", kind, KINDS)
    counter = load(vocab)
    talk = Conversation(messages, Terms(counter, dialect, chosen), frozenset(roles), answers)
    if unparsable == "refuse":
        _refuse_unparsable(talk)
    if legend == "auto":
        talk.place_legend()
    if max_tokens is not None:
        fit(talk, max_tokens)
    contents = talk.contents()
    return Compressed(
        talk.messages(contents),
        tuple(talk.blocks),
        talk.tokens_before,
        talk.tokens(contents),
        counter.name,
        dialect,
        talk.legend,
        tuple(talk.programs()),
    )


def _refuse_unparsable(talk: Conversation) -> None:
    for block in talk.blocks:
        problem = encoding(block.source, block.language, talk.dialect).problem if block.language == PYTHON else None
        if problem is not None:
            raise SyntaxProblem(f"message {block.message}: {problem.message}", problem.line, problem.column, problem.text)
