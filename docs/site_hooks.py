"""What the documentation site makes itself: the reference of grammars/ and of the commands, benchmarks, the list of decisions.

mkdocs calls `on_config` and `on_files`; see mkdocs.yml. Nothing is written to the disk.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]
_SECTION = re.compile(r"^// ---- (.+)$", re.MULTILINE)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Complete the navigation: generated pages, decisions, and whatever page stands in no list."""
    sys.path.insert(0, str(ROOT / "src"))  # the tree's own modules, whatever is installed
    nav: list[Any] = config.nav or []
    reference = next(entry["Reference"] for entry in nav if isinstance(entry, dict) and "Reference" in entry)
    reference += [f"reference/{name}" for name in generated()]
    nav.append({"Decisions": [f"decisions/{path.name}" for path in sorted((ROOT / "docs" / "decisions").glob("*.md"))]})
    listed = set(_pages(nav))
    docs = ROOT / "docs"
    others = sorted(path.relative_to(docs).as_posix() for path in docs.rglob("*.md"))
    if more := [page for page in others if page not in listed]:
        nav.append({"More": more})
    return config


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the generated pages."""
    for name, text in generated().items():
        files.append(File.generated(config, f"reference/{name}", content=text))
    for name, picture in _plots().items():
        files.append(File.generated(config, f"assets/{name}", content=picture))
    return files


def _pages(nav: Any) -> Iterator[str]:
    if isinstance(nav, str):
        yield nav
    else:
        for entry in nav.values() if isinstance(nav, dict) else nav:
            yield from _pages(entry)


def generated() -> dict[str, str]:
    """Name → Markdown of every page that is made."""
    grammars = sorted((ROOT / "grammars").glob("*.lark"), key=lambda path: (path.stem != "slim", path.stem))
    pages = {f"grammar-{path.stem}.md": _grammar_page(path) for path in grammars}
    pages |= {"symbols.md": _symbols_page(), "languages.md": _languages_page(), "benchmark.md": _benchmark_page()}
    return {"cli.md": _commands_page(), **pages}


def _grammar_page(path: Path) -> str:
    """A Lark file by its sections."""
    text = path.read_text(encoding="utf-8")
    heading, *sections = _SECTION.split(text)
    parts = [f"# Grammar: {path.stem}\n\nFrom `grammars/{path.name}`, which the code reads.\n", _fenced(heading, "text")]
    for title, body in zip(sections[::2], sections[1::2], strict=True):
        parts.append(f"## {title}\n\n{_fenced(body, 'text')}")
    return "\n".join(parts)


def _symbols_page() -> str:
    """The marks and symbols of the compact grammar, as tables."""
    from slimgrammar import grammar

    marks = [(f"`{keyword}`", _code(mark)) for keyword, mark in grammar.soft_keywords().items()]
    symbols = [(f"U+{ord(symbol):04X}", _code(text)) for symbol, text in grammar.symbol_table().items()]
    return f"""# Marks and symbols

From `grammars/symbols.toml`. Where a soft keyword starts a statement, the compact grammar writes a mark:

{_table(("keyword", "mark"), marks)}

The `symbols` dialect writes a character for each of these runs (⏎ is a line end), which a tokenizer learns as one token:

{_table(("symbol", "stands for"), symbols)}
"""


def _code(text: str) -> str:
    shown = text.replace("\n", "⏎")
    return f"`{shown}`" if shown else ""


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _languages_page() -> str:
    """The languages that are pruned, and what their queries name."""
    from slimgrammar.prune.languages import languages, query_texts

    rows = []
    captures: defaultdict[str, set[str]] = defaultdict(set)
    for name, known in sorted(languages().items()):
        suffixes = " ".join(f"`{suffix}`" for suffix in known.suffixes)
        rows.append((name, suffixes, _code(known.module), _code(known.comment), _code(known.hole)))
        for capture in re.findall(r"@([\w.]+)", "".join(query_texts(name))):
            captures[capture].add(name)
    named = [(_code(f"@{capture}"), ", ".join(sorted(where))) for capture, where in sorted(captures.items())]
    return f"""# Languages

From `grammars/prune/`: what `slim prune` reads. [Pruning](../prune.md) says what the captures mean.

{_table(("language", "files", "parser", "comment", "hole"), rows)}

## Captures

{_table(("capture", "languages that name it"), named)}
"""


def _results() -> Any:
    return json.loads((ROOT / "docs" / "assets" / "bench.json").read_text(encoding="utf-8"))


def _plots() -> dict[str, bytes]:
    """The benchmark's picture, for light pages and for dark ones."""
    from slimgrammar.bench.plot import drawn

    return {f"bench-{name}.svg": drawn(_results(), dark=name == "dark") for name in ("light", "dark")}


def _benchmark_page() -> str:
    """The tables and the picture of `slim bench`."""
    from slimgrammar.bench import tables

    results = _results()
    pictures = [
        f"![What methods save, and what they take](../assets/bench-{name}.svg#only-{name})" for name in ("light", "dark")
    ]
    parts = [f"## {table.title}\n\n{tables.as_html(table)}\n\n" for table in tables.tables(results)]
    notes = "\n".join(f"- {note}" for note in tables.notes(results))
    return f"""---
hide: [toc]
---

# All methods in six dimensions

Made from what `slim bench --json docs/assets/bench.json` wrote; [benchmarks](../benchmarks.md) says how.
{tables.heading(results)}.

{"".join(pictures)}

{"".join(parts)}
## How the figures come about

{notes}
"""


def _commands_page() -> str:
    """What `--help` prints, of every command."""
    from typer.main import get_command

    from slimgrammar.cli.main import app

    parts = ["# Commands\n\nWhat `slim COMMAND --help` prints.\n"]
    for name, command in _commands("slim", get_command(app)):
        context = command.make_context(name, [], resilient_parsing=True)
        parts.append(f"## {name}\n\n{_fenced(command.get_help(context), 'text')}")
    return "\n".join(parts)


def _commands(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    if not hasattr(command, "commands"):
        yield name, command
        return
    for child in sorted(command.commands):
        yield from _commands(f"{name} {child}", command.commands[child])


def _fenced(text: str, language: str) -> str:
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    return f"{fence}{language}\n{text.strip(chr(10))}\n{fence}\n"
