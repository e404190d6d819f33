"""`slim grammar`: export, check and try grammars for masks; `grammar_rules` has what is about our own grammar's rules."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from slimgrammar.cli import grammar_rules
from slimgrammar.cli.files import write_out
from slimgrammar.cli.records import FOUND

EXPORT_EXAMPLES: Final = """\b
Examples:
  slim grammar export slim --to lark > slim.lark
  slim grammar export json --to gbnf
  slim grammar check my.lark
  slim grammar test python src/*.py"""

app = typer.Typer(
    name="grammar", help="Grammars: check, try, export, verify, ablate.", no_args_is_help=True, rich_markup_mode=None
)
app.command("verify", epilog=grammar_rules.VERIFY_EXAMPLES)(grammar_rules.verify)
app.command("ablate", epilog=grammar_rules.ABLATE_EXAMPLES)(grammar_rules.ablate)


@app.command("export", epilog=EXPORT_EXAMPLES)
def export(
    name: Annotated[str, typer.Argument(metavar="NAME|FILE", help="slim, json, sql, or a Lark file.")],
    to: Annotated[str, typer.Option(metavar="FORMAT", help="lark, gbnf or ebnf.")],
    start: Annotated[str, typer.Option(metavar="RULE", help="Start symbol [the first rule].")] = "",
) -> None:
    """Print a grammar for another engine: Lark for llguidance, GBNF (which xgrammar calls EBNF) for xgrammar and llama.cpp."""
    from slimgrammar.constrain import export as exporting

    write_out(exporting.export(name, to, start=start).encode())


@app.command("check")
def check(
    name: Annotated[str, typer.Argument(metavar="NAME|FILE", help="A shipped grammar or a Lark file.")],
    as_json: Annotated[bool, typer.Option("--json", help="Findings as JSON.")] = False,
) -> None:
    """Say what is doubtful about a grammar: conflicts, rules that nothing reaches, terminals that hide others."""
    from slimgrammar.constrain import inspection

    found = inspection.findings(name)
    if as_json:
        print(json.dumps([{"kind": finding.kind, "message": finding.message} for finding in found]))
    else:
        for finding in found:
            print(f"{finding.kind}: {finding.message}")
        print(f"{name}: {len(found)} findings", file=sys.stderr)
    if any(finding.grave for finding in found):
        raise typer.Exit(FOUND)


@app.command("test")
def try_files(
    name: Annotated[str, typer.Argument(metavar="NAME|FILE", help="A shipped grammar or a Lark file.")],
    files: Annotated[list[Path], typer.Argument(metavar="FILES…", help="Texts that should be of the grammar.")],
    start: Annotated[str, typer.Option(metavar="RULE", help="Start symbol [the first rule].")] = "",
) -> None:
    """Tell which files are whole texts of a grammar, and where the others leave it."""
    from slimgrammar.constrain.grammar_mask import byte_mask
    from slimgrammar.errors import SyntaxProblem

    mask = byte_mask(name, start=start)
    bad = 0
    for path in files:
        mask.reset()
        try:
            mask.advance_text(path.read_bytes())
        except SyntaxProblem as problem:
            bad += 1
            print(f"{path}:{problem}", file=sys.stderr)
            continue
        if not mask.is_complete():
            bad += 1
            print(f"{path}: the text ends too early", file=sys.stderr)
    print(f"{len(files)} files, {len(files) - bad} texts of {name}")
    if bad:
        raise typer.Exit(FOUND)
