"""`slim prompt`: the code in a prompt, or in a whole conversation, in fewer tokens."""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from slimgrammar.cli import options
from slimgrammar.cli.files import Job, Naming, plan, write_atomically, write_out
from slimgrammar.cli.records import FOUND, Failed, attempt
from slimgrammar.cli.settings import PROMPTS, load_settings

if TYPE_CHECKING:
    from slimgrammar.pipeline.messages import Compressed

EXAMPLES: Final = """\b
Examples:
  slim prompt question.md | llm
  slim prompt request.json --max-tokens 8000 -o smaller.json
  slim prompt request.json --diff"""

_UNSAID: Final = ("source", "text")  # a record names places, it does not repeat the code


@dataclass(frozen=True, slots=True)
class Prompt:
    """What was read: a text, or the messages of a conversation and the request around them."""

    text: str
    messages: list[Any]
    body: Any = None

    def written(self, done: Compressed) -> str:
        """The same form with the messages of `done`."""
        if done.messages is self.messages:
            return self.text
        if self.body is None:
            return str(done.messages[0]["content"])
        body = {**self.body, "messages": done.messages} if isinstance(self.body, dict) else done.messages
        return json.dumps(body, indent=2 if "\n" in self.text.strip() else None) + "\n"


def read_prompt(data: bytes) -> Prompt:
    """A prompt from a file's bytes: JSON that holds messages is a conversation, anything else one user's text.

    Raises:
        Unreadable: the bytes are not UTF-8.

    >>> read_prompt(b'{"model": "m", "messages": [{"role": "user", "content": "hi"}]}').messages
    [{'role': 'user', 'content': 'hi'}]
    """
    from slimgrammar.errors import Unreadable

    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"byte {error.start} is not UTF-8") from None
    body = _json(text)
    messages = body.get("messages") if isinstance(body, dict) else body
    if isinstance(messages, list) and messages and all(isinstance(each, dict) and _speaks(each) for each in messages):
        return Prompt(text, messages, body)
    return Prompt(text, [{"role": "user", "content": text}])


def _json(text: str) -> Any:
    if not text.lstrip().startswith(("[", "{")):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _speaks(message: dict[str, Any]) -> bool:
    return "role" in message or "type" in message


def prompt(
    path: Annotated[
        str | None,
        typer.Argument(metavar="[PATH|-]", help="A text, or JSON with messages; - or nothing: standard input."),
    ] = None,
    *,
    max_tokens: Annotated[
        int | None, typer.Option(metavar="N", min=0, help="The most tokens of all texts; prunes code where needed.")
    ] = None,
    vocab: Annotated[
        str | None, typer.Option(help="Whose tokens count: a name, or the path of a tokenizer.json [o200k_base].")
    ] = None,
    dialect: options.DialectOption = None,
    role: Annotated[
        list[str] | None, typer.Option(metavar="ROLE", help="Whose messages are touched; repeatable [user, tool].")
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(metavar="KIND", help="What is encoded; repeatable [all: python, other, listing, search, json, diff]."),
    ] = None,
    diff: Annotated[bool, typer.Option("--diff", help="Print what would change; exit code 1 if anything would.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a record: messages, blocks and token counts.")] = False,
    out: options.Out = None,
) -> None:
    """Write the code in a prompt in fewer tokens; all else stays as it is."""
    from slimgrammar.pipeline.encodings import KINDS
    from slimgrammar.pipeline.messages import ROLES, compress_messages

    settings = load_settings(Path.cwd(), defaults=PROMPTS, dialect=dialect, vocab=(vocab,) if vocab else None)
    if path and Path(path).is_dir():
        raise typer.BadParameter(f"{path} is a folder: give a file, or - for standard input", param_hint="'PATH'")
    (job,) = plan([path] if path else [], out, Naming((), str))

    def work() -> tuple[Prompt, Compressed]:
        given = read_prompt(job.read())
        roles = tuple(role or ROLES)
        return given, compress_messages(
            given.messages,
            max_tokens=max_tokens,
            vocab=settings.vocab[0],
            dialect=settings.dialect,
            roles=roles,
            kinds=tuple(kind or KINDS),
            answers="python",  # what becomes of the prompt is not ours to see
        )

    result = attempt(work, job.name)
    if isinstance(result, Failed):
        print(result, file=sys.stderr)
        raise typer.Exit(result.code)
    given, done = result
    shown = _record(given, done) if as_json else "".join(_differences(given, done)) if diff else given.written(done)
    _deliver(job, shown.encode("utf-8", "surrogatepass"))
    if sys.stderr.isatty():
        print(_summary(done), file=sys.stderr)
    if diff and done.messages is not given.messages:
        raise typer.Exit(FOUND)


def _deliver(job: Job, data: bytes) -> None:
    if job.out is None:
        write_out(data)
    else:
        write_atomically(job.out, data, parents=job.mirrored)


def _summary(done: Compressed) -> str:
    saved = done.tokens_before - done.tokens_after
    share = saved / done.tokens_before if done.tokens_before else 0.0
    blocks = ", ".join(
        f"{sum(block.status == status for block in done.blocks)} {status}" for status in ("encoded", "pruned", "kept")
    )
    return f"{done.tokens_before} → {done.tokens_after} tokens of {done.vocab} (-{share:.1%}); blocks: {blocks}"


def _record(given: Prompt, done: Compressed) -> str:
    blocks = [{key: value for key, value in asdict(block).items() if key not in _UNSAID} for block in done.blocks]
    shown = {
        "tokens_before": done.tokens_before,
        "tokens_after": done.tokens_after,
        "vocab": done.vocab,
        "dialect": done.dialect,
        "lossless": done.lossless,
        "legend": done.legend,
        "blocks": blocks,
    }
    shown |= {"text": given.written(done)} if given.body is None else {"messages": done.messages}
    return json.dumps(shown) + "\n"


def _differences(given: Prompt, done: Compressed) -> Iterator[str]:
    """A unified diff of each text that changed."""
    from slimgrammar.pipeline.texts import texts

    for before, after in zip(_changed(given.messages, done.messages), _changed(done.messages, given.messages), strict=True):
        for old, new in zip(texts([before[1]]), texts([after[1]]), strict=True):
            names = f"message {before[0]}", f"message {before[0]}, compressed"
            yield from difflib.unified_diff(_ended(old.content), _ended(new.content), *names)


def _changed(messages: Sequence[Any], others: Sequence[Any]) -> list[tuple[int, Any]]:
    rows = enumerate(zip(messages, others, strict=True))
    return [(index, message) for index, (message, other) in rows if message is not other]


def _ended(text: str) -> list[str]:
    return [f"{line}\n" for line in text.removesuffix("\n").split("\n")]
