"""`slim pack` and `slim unpack`: a repository as one text for a model, and its files back."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from slimgrammar.cli import options
from slimgrammar.cli.files import write_atomically, write_out
from slimgrammar.cli.records import FOUND, STDIN, Failed, attempt
from slimgrammar.cli.settings import PROMPTS, load_settings

if TYPE_CHECKING:
    from slimgrammar.pipeline.pack import Pack

PACK_EXAMPLES: Final = """\b
Examples:
  slim pack . -o repository.txt
  slim pack src --exclude 'tests/' --max-tokens 50000 | llm
  slim pack . --tree"""

UNPACK_EXAMPLES: Final = """\b
Examples:
  slim pack . -o all.txt --map all.map
  slim unpack all.txt -o folder --map all.map"""

_LARGEST_SHOWN: Final = 5


def pack(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="A repository, or any folder.", exists=True, file_okay=False)
    ],
    *,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="The text [standard output].")] = None,
    map_file: Annotated[
        Path | None, typer.Option("--map", metavar="FILE", help="Also write what gives every byte back to FILE.")
    ] = None,
    max_tokens: Annotated[
        int | None, typer.Option(metavar="N", min=0, help="Write nothing, and exit with 1, if the text has more tokens.")
    ] = None,
    include: Annotated[list[str] | None, typer.Option(metavar="PATTERN", help="Only such files, as in .gitignore.")] = None,
    exclude: Annotated[list[str] | None, typer.Option(metavar="PATTERN", help="No such files, as in .gitignore.")] = None,
    vocab: Annotated[
        str | None, typer.Option(help="Whose tokens count: a name, or the path of a tokenizer.json [o200k_base].")
    ] = None,
    dialect: options.DialectOption = None,
    tree: Annotated[bool, typer.Option("--tree", help="Print only the tree with each file's tokens.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a record of files and tokens instead of the text.")] = False,
) -> None:
    """Write a repository as one text, its Python in fewer tokens; what .gitignore names is left out."""
    settings = load_settings(Path.cwd(), defaults=PROMPTS, dialect=dialect, vocab=(vocab,) if vocab else None)
    for path in (out, map_file):
        if path is not None and path.is_dir():
            raise typer.BadParameter(f"{path} is a folder: name a file", param_hint="'-o'")

    def work() -> Pack:
        from slimgrammar.pipeline import pack as packing
        from slimgrammar.vocab import load

        files = _files(folder, include or [], exclude or [], {path.resolve() for path in (out, map_file) if path})
        return packing.pack(folder.resolve().name, files, dialect=settings.dialect, vocab=load(settings.vocab[0]))

    made = attempt(work, str(folder))
    if isinstance(made, Failed):
        print(made, file=sys.stderr)
        raise typer.Exit(made.code)
    if max_tokens is not None and made.tokens > max_tokens:
        print(_too_many(made, folder, max_tokens), file=sys.stderr)
        raise typer.Exit(FOUND)
    _deliver(made, out, map_file, shown=_record(made) if as_json else f"{made.tree()}\n" if tree else "")


def _files(folder: Path, include: list[str], exclude: list[str], ours: set[Path]) -> Iterator[tuple[str, bytes]]:
    """The files to pack, without those that this command writes."""
    from slimgrammar.pipeline.trees import tracked

    for path in tracked(folder, only=include, without=exclude):
        if (folder / path).resolve() not in ours:
            yield path, (folder / path).read_bytes()


def _deliver(made: Pack, out: Path | None, map_file: Path | None, *, shown: str) -> None:
    """Write the map and the text, or what is `shown` instead of it on standard output."""
    if map_file is not None:
        from slimgrammar.pipeline.unpack import layout_map

        write_atomically(map_file, layout_map(made.entries).encode())
    text = made.text.encode("utf-8", "surrogatepass")
    if out is not None:
        write_atomically(out, text)
    if shown or out is None:
        write_out(shown.encode("utf-8", "surrogatepass") if shown else text)
    if sys.stderr.isatty():
        print(f"{len(made.shown)} files, {made.tokens_before} → {made.tokens} tokens of {made.vocab.name}", file=sys.stderr)


def _record(made: Pack) -> str:
    files = [
        {
            "path": entry.path,
            "packed": entry.text is not None,
            "dialect": entry.dialect,
            "tokens_before": entry.tokens_before,
            "tokens_after": entry.tokens_after,
            "reason": entry.reason,
        }
        for entry in made.entries
    ]
    shown = {"tokens_before": made.tokens_before, "tokens_after": made.tokens, "vocab": made.vocab.name, "files": files}
    return json.dumps(shown) + "\n"


def _too_many(made: Pack, folder: Path, limit: int) -> str:
    largest = sorted(made.shown, key=lambda entry: -entry.tokens_after)[:_LARGEST_SHOWN]
    told = ", ".join(f"{entry.path} {entry.tokens_after}" for entry in largest)
    return f"{folder}: {made.tokens} tokens, {limit} allowed; the largest files: {told}"


def unpack(
    path: Annotated[str, typer.Argument(metavar="FILE|-", help="What `slim pack` wrote; -: standard input.")],
    *,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FOLDER", help="Where the files go.")],
    map_file: Annotated[
        Path | None,
        typer.Option("--map", metavar="FILE", help="The map: the author's layout, and every byte that is unedited."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over files that are there.")] = False,
) -> None:
    """Write the files of a packed repository; nothing is written unless all of them can be."""

    def work() -> dict[Path, bytes]:
        from slimgrammar.pipeline.unpack import unpack as unpacked

        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        layout = map_file.read_text(encoding="utf-8") if map_file else None
        files = unpacked(_text(data), layout=layout)
        return {_target(out, name, force=force): content for name, content in files.items()}

    targets = attempt(work, STDIN if path == "-" else path)
    if isinstance(targets, Failed):
        print(targets, file=sys.stderr)
        raise typer.Exit(targets.code)
    for target, content in targets.items():
        write_atomically(target, content, parents=True)
    if sys.stderr.isatty():
        print(f"{len(targets)} files written", file=sys.stderr)


def _text(data: bytes) -> str:
    from slimgrammar.errors import Unreadable

    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"byte {error.start} is not UTF-8") from None


def _target(folder: Path, name: str, *, force: bool) -> Path:
    """Where a file goes: inside the folder, through no symbolic link, over no file unless that is meant."""
    from slimgrammar.errors import Unreadable

    target = folder / name
    for place in (target, *target.parents):
        if place == folder:
            break
        if place.is_symlink():
            raise Unreadable(f"{place} is a symbolic link: nothing is written through it")
        if place != target and place.exists() and not place.is_dir():
            raise Unreadable(f"{place} is a file, and {name} needs a folder there")
    if target.is_dir():
        raise Unreadable(f"{target} is a folder")
    if target.exists() and not force:
        raise Unreadable(f"{target} is there already: --force writes over it")
    return target
