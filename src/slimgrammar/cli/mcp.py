"""`slim mcp`: serve a folder's Python files to an agent."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from slimgrammar.cli import options
from slimgrammar.cli.files import write_atomically
from slimgrammar.cli.settings import PROMPTS, load_settings

EXAMPLES: Final = """\b
Examples:
  claude mcp add slim -- slim mcp .
  slim mcp ~/project --dialect python"""


def mcp(
    root: Annotated[Path, typer.Argument(metavar="[FOLDER]", exists=True, file_okay=False, help="What may be read.")] = Path(),
    *,
    dialect: options.DialectOption = None,
    vocab: Annotated[
        str | None, typer.Option(help="Whose tokens count: a name, or the path of a tokenizer.json [o200k_base].")
    ] = None,
) -> None:
    """Serve a folder's Python files to an agent, over the Model Context Protocol at standard input and output."""
    from slimgrammar.pipeline.integrations.mcp import server
    from slimgrammar.pipeline.integrations.workspace import Workspace
    from slimgrammar.vocab import load

    settings = load_settings(root, defaults=PROMPTS, dialect=dialect, vocab=(vocab,) if vocab else None)
    load(settings.vocab[0])  # a wrong name is to be found now

    def write(path: Path, data: bytes) -> None:
        write_atomically(path, data, parents=True)

    server(Workspace(root, write, settings.dialect, settings.vocab[0])).run("stdio")
