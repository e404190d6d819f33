"""The options that several commands share, spelled once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from slimgrammar.cli.settings import Dialect, Keep, Style

ConvertPaths = Annotated[
    list[str] | None, typer.Argument(metavar="[PATH…|-]", help="Files or folders; - or nothing: standard input.")
]
CheckPaths = Annotated[list[Path], typer.Argument(metavar="PATHS…", help="Files, or folders whose *.py and *.pyi are read.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", metavar="OUT", help="Output file; a folder for several inputs.")]
CodebookOption = Annotated[
    str | None,
    typer.Option("--codebook", metavar="FILE|NAME", help="Shorthands on top of the dialect: a file, or a shipped one."),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON record per file on standard output.")]
DialectOption = Annotated[Dialect | None, typer.Option("--dialect", "-d", help="How the program is spelled [compact].")]
CommentsOption = Annotated[Keep | None, typer.Option("--comments", help="Keep or drop comments [keep].")]
DocstringsOption = Annotated[Keep | None, typer.Option("--docstrings", help="Keep or drop docstrings [keep].")]
StyleOption = Annotated[Style | None, typer.Option("--style", help="Layout of the printed Python [plain].")]
Workers = Annotated[int | None, typer.Option("--workers", min=1, metavar="N", help="Processes [one per core].")]
