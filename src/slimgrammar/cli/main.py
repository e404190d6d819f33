"""`slim`: the commands, and the one place where an error becomes a message and an exit code.

Each command's function imports what it needs when it runs: `slim --help` must not pay for encoders and vocabularies.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from slimgrammar.cli import (
    bench,
    check,
    codec,
    corpus_commands,
    curate,
    dataset,
    grammar_commands,
    graph,
    mcp,
    mine,
    pack,
    prompt,
    proxy,
    prune,
    report,
    serve,
    stats,
)
from slimgrammar.cli.records import FOUND, failed
from slimgrammar.cli.settings import BadSettings

INTERRUPTED = 130


class Guarded(TyperGroup):
    """A group of commands that ends in a message, never in a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that `ctx` names."""
        try:
            return super().invoke(ctx)
        except (typer.Exit, typer.Abort, typer.BadParameter):
            raise
        except KeyboardInterrupt:
            print("slim: interrupted", file=sys.stderr)
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            _forget_stdout()
            raise typer.Exit(FOUND) from None
        except Exception as error:
            if type(error).__module__.startswith("typer."):  # usage errors of typer's own
                raise
            record = failed(_subject(error), error)
            print(record, file=sys.stderr)
            raise typer.Exit(record.code) from None


def _subject(error: Exception) -> str:
    """What a message about `error` begins with."""
    if isinstance(error, BadSettings):
        return str(error.path)
    return str(error.filename) if isinstance(error, OSError) and error.filename is not None else "slim"


def _forget_stdout() -> None:
    """Point standard output nowhere: its reader has gone, and Python's last flush would complain."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


app = typer.Typer(
    name="slim",
    cls=Guarded,
    help="Python in fewer tokens, and back, exactly.",
    no_args_is_help=True,
    # Plain help: rich's takes three times as long to print and cuts messages into boxes.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("encode", epilog=codec.ENCODE_EXAMPLES)(codec.encode)
app.command("decode", epilog=codec.DECODE_EXAMPLES)(codec.decode)
app.command("check", epilog=check.EXAMPLES)(check.check)
app.command("stats", epilog=stats.EXAMPLES)(stats.stats)
app.command("mine", epilog=mine.EXAMPLES)(mine.mine)
app.command("prune", epilog=prune.EXAMPLES)(prune.prune)
app.command("prompt", epilog=prompt.EXAMPLES)(prompt.prompt)
app.command("mcp", epilog=mcp.EXAMPLES)(mcp.mcp)
app.command("proxy", epilog=proxy.EXAMPLES)(proxy.proxy)
app.command("pack", epilog=pack.PACK_EXAMPLES)(pack.pack)
app.command("unpack", epilog=pack.UNPACK_EXAMPLES)(pack.unpack)
app.command("graph", epilog=graph.EXAMPLES)(graph.graph)
app.command("report", epilog=report.EXAMPLES)(report.report)
app.command("bench", epilog=bench.EXAMPLES)(bench.bench)
app.command("serve", epilog=serve.EXAMPLES)(serve.serve)
app.add_typer(corpus_commands.app, name="corpus")
dataset.app.command("curate", epilog=curate.EXAMPLES)(curate.curate)
app.add_typer(dataset.app, name="dataset")
app.add_typer(grammar_commands.app, name="grammar")


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            print(f"slim {version('slimgrammar')}")
        except PackageNotFoundError:
            print("slim (not installed)")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


def run() -> None:
    """The entry point of the `slim` command."""
    app(prog_name="slim")
