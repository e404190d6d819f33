"""`slim corpus fetch`: bring the public packages that the manifests name."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from slimgrammar.cli.files import write_out
from slimgrammar.cli.records import Failed, attempt

MANIFEST: Final = Path("corpora/manifests/packages.txt")

EXAMPLES: Final = """\b
Examples:
  slim corpus fetch
  slim corpus fetch requests attrs
  slim check $(slim corpus fetch --manifest my-packages.txt)"""

app = typer.Typer(name="corpus", help="Public packages to test and measure on.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _group() -> None:
    """Keep `fetch` a word of its own, though it is the only command so far."""


@app.command("fetch", epilog=EXAMPLES)
def fetch(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAMES…]", help="Packages of the manifest [all].")] = None,
    manifest: Annotated[Path, typer.Option(metavar="FILE", help="List of packages, versions and hashes.")] = MANIFEST,
) -> None:
    """Download the packages of a manifest, check their hashes, unpack them into the cache, and print their folders."""
    if not manifest.is_file():
        raise typer.BadParameter(f"no manifest at {manifest}", param_hint="'--manifest'")
    from slimgrammar.cli import corpus

    fetched = attempt(lambda: corpus.fetch(manifest, names=names or None, progress=_show), str(manifest))
    if isinstance(fetched, Failed):
        print(fetched, file=sys.stderr)
        raise typer.Exit(fetched.code)
    write_out("".join(f"{package.folder}\n" for package in fetched).encode("utf-8", "surrogateescape"))


def _show(name: str, number: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"[{number}/{total}] {name}", file=sys.stderr)
