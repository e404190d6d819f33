"""The options that the commands of `slim dataset` share, declared once: where rows are, where they go, and how."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import MISSING, dataclass, fields
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints

import typer

from slimgrammar.cli import options

In = Annotated[Path, typer.Argument(metavar="IN", help="A JSONL (.gz, .zst) or Parquet file, or a folder.", exists=True)]
Out = Annotated[Path, typer.Argument(metavar="OUT", help="The folder for the results.")]
TextColumn = Annotated[str, typer.Option("--column", metavar="NAME", help="The column that holds the text.")]
ResultColumn = Annotated[
    str, typer.Option("--into", metavar="NAME", help="The column for the result; may be that of the text.")
]
LanguageColumn = Annotated[
    str | None, typer.Option(metavar="NAME", help="The column that tells a row's language [all are in one].")
]
Vocab = Annotated[str | None, typer.Option(metavar="V", help="Whose tokens are counted [cl100k_base].")]
OnErrorOption = Annotated[
    Literal["keep", "drop", "fail"], typer.Option(help="What becomes of rows that fail; kept ones tell their error.")
]
ReadOption = Annotated[
    Literal["auto", "data", "source"], typer.Option(help="What to read in a folder: data files or source files.")
]
Compress = Annotated[Literal["none", "gz", "zst"] | None, typer.Option(help="How JSONL results are compressed [as the input].")]
PartSize = Annotated[
    float | None, typer.Option("--part-mb", metavar="MB", min=0.001, help="Input per part [a 128th, from 0.25 to 64].")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print what came of it as one JSON object.")]
Force = Annotated[bool, typer.Option("--force", help="Throw away what an earlier run left in OUT.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """What a command was told of the data set; each field is one of its options."""

    source: In
    out: Out
    column: TextColumn = "text"
    into: ResultColumn = "slim_text"
    language_column: LanguageColumn = None
    on_error: OnErrorOption = "keep"
    read: ReadOption = "auto"
    compress: Compress = None
    part_mb: PartSize = None
    workers: options.Workers = None
    force: Force = False
    as_json: AsJson = False

    @property
    def part_bytes(self) -> int | None:
        """Bytes of `--part-mb`."""
        return None if self.part_mb is None else int(self.part_mb * (1 << 20))


def with_places(
    run: Callable[[Any, Places], None], *, without: Iterable[str] = (), **defaults: Any
) -> Callable[[Callable[..., Any]], Callable[..., None]]:
    """A decorator that makes a command of what chooses its own options: it gets the shared ones too.

    Args:
        run: what the command does with what was chosen, and with the shared options.
        without: the shared options that it does not have; they keep their defaults.
        defaults: those that differ here.
    """
    hidden = frozenset(without)

    def command_of(choose: Callable[..., Any]) -> Callable[..., None]:
        own = signature(choose, eval_str=True).parameters
        source, out, *shared = (each for each in _parameters(defaults) if each.name not in hidden)

        @wraps(choose)
        def command(**given: Any) -> None:
            chosen = choose(**{name: given.pop(name) for name in own})
            run(chosen, Places(**defaults | given))

        told = Signature([source, out, *own.values(), *shared])
        command.__signature__ = told  # type: ignore[attr-defined]  # what typer reads
        command.__annotations__ = {name: each.annotation for name, each in told.parameters.items()}
        return command

    return command_of


def _parameters(defaults: dict[str, Any]) -> Iterable[Parameter]:
    """The fields of `Places` as parameters of a function; those without a default are arguments."""
    hints = get_type_hints(Places, include_extras=True)
    for field in fields(Places):
        default = defaults.get(field.name, Parameter.empty if field.default is MISSING else field.default)
        kind = Parameter.POSITIONAL_OR_KEYWORD if default is Parameter.empty else Parameter.KEYWORD_ONLY
        yield Parameter(field.name, kind, default=default, annotation=hints[field.name])
