"""`slim bench`: all methods and their peers, in tokens, six dimensions and money, as tables, JSON and a plot."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeVar

import typer

from slimgrammar.cli.corpus_commands import MANIFEST
from slimgrammar.cli.files import PYTHON, walk, write_atomically
from slimgrammar.errors import SlimError

if TYPE_CHECKING:
    from slimgrammar.bench.run import Options, Sources
    from slimgrammar.report.dimensions import Setting

Item = TypeVar("Item")
Result = TypeVar("Result")
Part = Literal["texts", "masks"]

EXAMPLES: Final = """\b
Examples:
  slim bench --small
  slim bench --json results.json --plot results.svg
  slim bench src --model gpt-5-1 --region FRA
  slim bench --from results.json"""
SAMPLES: Final = Path("corpora/samples")
MEGABYTES: Final = 2.0
SMALL_MEGABYTES: Final = 0.1
# What `--small` takes less of
_LESS: Final[dict[str, Any]] = {
    "mask_texts": 3,
    "mask_tokens": 100,
    "seconds": 3.0,
    "fresh": False,
    "slow": False,
    "calibration": 0.5,
}


def bench(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[PATHS…]", help="Your own code, instead of packages and standard library.")
    ] = None,
    *,
    small: Annotated[bool, typer.Option("--small", help="A minute's worth, without a network.")] = False,
    only: Annotated[Part | None, typer.Option("--only", help="Texts, or masks and forced tokens [both].")] = None,
    model: Annotated[str, typer.Option("--model", "-m", help="Who reads and writes; see docs/report.md.")] = "llama-3-1-8b",
    region: Annotated[
        str | None, typer.Option(metavar="R", help="Whose electricity: FRA, USA, WOR … [the provider's].")
    ] = None,
    megabytes: Annotated[
        float | None, typer.Option(min=0, metavar="N", help="Sample of each corpus [2]; 0 is all of it.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Of samples and intervals.")] = 0,
    manifest: Annotated[Path, typer.Option(metavar="FILE", help="The packages, as for slim corpus.")] = MANIFEST,
    grammar: Annotated[
        list[str] | None, typer.Option(metavar="G", help="Whose masks; repeatable [python, slim, json].")
    ] = None,
    out: Annotated[Path | None, typer.Option("--json", metavar="OUT", help="Write the results as JSON.")] = None,
    plot: Annotated[Path | None, typer.Option(metavar="OUT", help="Draw them, as .svg or .png (needs matplotlib).")] = None,
    earlier: Annotated[Path | None, typer.Option("--from", metavar="JSON", help="Show the results of an earlier run.")] = None,
) -> None:
    """Measure every method beside its peers: tokens, what they cost a model in six dimensions, what the methods take here."""
    picture = _picture(plot)
    if earlier is not None:
        results = _read(earlier)
    else:
        setting = _setting(model, region)
        sources = _sources(paths or [], small=small, manifest=manifest, megabytes=megabytes, seed=seed)
        results = _rounded(_measured(setting, sources, small=small, only=only, grammars=grammar, seed=seed))
    if out is not None:
        write_atomically(out, (json.dumps(results, indent=1, ensure_ascii=False) + "\n").encode(), parents=True)
    if picture is not None and plot is not None:
        write_atomically(plot, picture(results), parents=True)
    from slimgrammar.bench.tables import print_tables

    print_tables(results)


def _picture(path: Path | None) -> Callable[[dict[str, Any]], bytes] | None:
    """What draws results; a suffix or a package that will not do is refused before the work begins."""
    if path is None:
        return None
    from slimgrammar.bench.plot import drawn

    if path.suffix not in (".svg", ".png"):
        raise typer.BadParameter(f"a plot is a .svg or a .png, and not {path}", param_hint="'--plot'")
    return partial(drawn, to=path.suffix[1:])


def _read(path: Path) -> dict[str, Any]:
    from slimgrammar.bench.run import FORMAT

    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if found["benchmark"] == FORMAT:
            return found
    except (ValueError, KeyError, TypeError):
        pass
    raise SlimError(f"{path} holds no results of this version's slim bench --json")


def _rounded(value: Any) -> Any:
    """Results with as many digits as they may have; more are noise, and make files that nobody can compare."""
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return [_rounded(item) for item in value] if isinstance(value, list | tuple) else value


def _setting(model: str, region: str | None) -> Setting:
    from slimgrammar.report.dimensions import Setting
    from slimgrammar.report.models import model_named, prices
    from slimgrammar.report.site import site_of

    known = model_named(model)
    return Setting(model=known, site=site_of(known, region), price=prices().get(model))


def _sources(paths: list[Path], *, small: bool, manifest: Path, megabytes: float | None, seed: int) -> list[Sources]:
    """The corpora: the user's own, or a few files that are there anyway, or pinned packages and the standard library."""
    from platform import python_version

    from slimgrammar.bench.run import Sources
    from slimgrammar.cli.bench_files import packages, sample, stdlib_files

    amount = (SMALL_MEGABYTES if small else MEGABYTES) if megabytes is None else megabytes
    drawn = partial(sample, megabytes=amount or None, seed=seed)
    note = f"{amount:g} MB drawn at random, seed {seed}" if amount else "all of it"
    if paths:
        return [Sources(name="files", note=note, files=drawn(walk(paths, PYTHON)))]
    library = Sources(name="stdlib", note=f"Python {python_version()}, {note}", files=drawn(stdlib_files()))
    if small:
        samples = walk([SAMPLES], PYTHON) if SAMPLES.is_dir() else []
        return [*([Sources(name="samples", note=str(SAMPLES), files=samples)] if samples else []), library]
    if not manifest.is_file():
        hint = f"no manifest at {manifest}: run it in a checkout, give paths of your own, or --small"
        raise typer.BadParameter(hint, param_hint="'--manifest'")
    files = [path for package in packages(manifest) for path in package.files]
    pinned = Sources(name="packages", note=f"{manifest}, {note}", files=drawn(files), codebooks=False)
    return [pinned, library]


def _measured(
    setting: Setting, sources: Sequence[Sources], *, small: bool, only: Part | None, grammars: list[str] | None, seed: int
) -> dict[str, Any]:
    from slimgrammar.bench.masks import GRAMMARS
    from slimgrammar.bench.run import PARTS, Options, benchmark

    chosen = tuple(grammars or GRAMMARS)
    if unknown := [name for name in chosen if name not in GRAMMARS]:
        raise typer.BadParameter(f"{unknown[0]!r} is none of {', '.join(GRAMMARS)}", param_hint="'--grammar'")
    parts = (only,) if only else PARTS
    options: Options = Options(setting=setting, parts=parts, grammars=chosen, seed=seed, **(_LESS if small else {}))
    return benchmark(sources, options, _apart)


def _apart(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    *,
    failed: Callable[[Item, BaseException], Result],
    label: str,
) -> Iterator[Result]:
    """Each item in a process of its own, one after the other, so that none disturbs another's times."""
    from slimgrammar.cli.batch import run, with_progress

    results = (result for item in items for result in run(work, [item], workers=1, failed=failed))
    return with_progress(results, len(items), label)
