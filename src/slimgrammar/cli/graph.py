"""`slim graph`: a program's control flow, dependences or syntax tree, as DOT, JSON or a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from slimgrammar.cli.files import write_atomically, write_out

Kind = Literal["cfg", "pdg", "ast"]
Form = Literal["dot", "json", "svg"]

EXAMPLES: Final = """\b
Examples:
  slim graph app.py --kind cfg
  slim graph Main.java --kind pdg --function main --format svg -o main.svg"""


def graph(
    path: Annotated[str, typer.Argument(metavar="FILE|-", help="A program; - is standard input, with --language.")],
    *,
    kind: Annotated[
        Kind, typer.Option("--kind", "-k", help="Control flow, program dependence, or the syntax tree.", show_default=True)
    ] = "cfg",
    form: Annotated[Form, typer.Option("--format", "-f", help="How to write it.", show_default=True)] = "dot",
    function: Annotated[str | None, typer.Option(metavar="NAME", help="Only the functions of this name.")] = None,
    language: Annotated[str | None, typer.Option("--language", "-l", help="What it is written in [by the name].")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="OUT", help="Output file.")] = None,
) -> None:
    """Show how the statements of a program depend on one another."""
    from slimgrammar.cli.prune import read_program
    from slimgrammar.prune.graphs.export import graph_of, written
    from slimgrammar.prune.program import Program

    text, known = read_program(None if path == "-" else Path(path), language)
    found = graph_of(Program(text, known), kind, function)
    if function is not None and not found:
        raise typer.BadParameter(f"{path} has no function {function!r}", param_hint="'--function'")
    data = written(found, form).encode("utf-8", "backslashreplace")
    if out is None:
        write_out(data)
    else:
        write_atomically(out, data)
