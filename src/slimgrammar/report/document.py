"""The page of a report: one file that needs no network, put together from the parts in page/ and the facts.

Texts come as blocks of base64 behind the script, one element each, and are unpacked when they are looked at. Everything else
is one JSON object. Both are escaped here, once: nothing that a source holds can end an element.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any, Final

from slimgrammar.compact.categories import CATEGORIES
from slimgrammar.report.dimensions import DIMENSIONS, USES, basis
from slimgrammar.report.figures import shown
from slimgrammar.report.forms import NOTES, Form
from slimgrammar.report.showing import Shown
from slimgrammar.report.summary import Row, Summary
from slimgrammar.report.tables import TITLES, grouped_bases

_PAGE: Final = Path(__file__).parent / "page"
_SCRIPTS: Final = ("data.js", "pane.js", "charts.js", "viewer.js")
_START: Final = "compact"  # the form that is shown first
_SCOPE: Final = "Tokens are measured. Memory and time are of one reading or writing, all else of all."


def page(summary: Summary, programs: Sequence[Shown], title: str = "slim report") -> str:
    """A page of HTML that shows a report and the programs that it is about."""
    facts = _facts(summary, programs)
    blocks = _blocks(programs, facts["views"])
    return assemble("report", title=title, lede=_lede(summary), facts=facts, blocks=blocks)


def assemble(name: str, *, title: str, lede: str, facts: dict[str, Any], blocks: Iterable[str] = ()) -> str:
    """The page called `name`: its own HTML and script among the parts that all pages share.

    Args:
        name: "report" or "playground".
        title: what the browser calls it.
        lede: HTML of the line at its top.
        facts: what its script reads.
        blocks: elements that hold texts, see `blocks.block`.
    """
    script = "".join(_part(part) for part in (*_SCRIPTS, f"{name}.js"))
    script = f'"use strict";\n(() => {{\n{script}}})();\n'
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    connect = "; connect-src 'self'" if name == "playground" else ""
    parts = {
        "policy": f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'{connect}",
        "title": escape(title),
        "style": _part("page.css"),
        "lede": lede,
        "main": _part(f"{name}.html"),
        "facts": json_in_html(facts),
        "script": script,
        "blocks": "\n".join(blocks),
    }
    return "".join(parts[piece] if at % 2 else piece for at, piece in enumerate(_split(_part("page.html"))))


def _part(name: str) -> str:
    return (_PAGE / name).read_text(encoding="utf-8")


def _split(template: str) -> list[str]:
    """Text and names by turns: `a{{b}}c` is ["a", "b", "c"]; what is put in is never looked at for more."""
    pieces: list[str] = []
    for piece in template.split("{{"):
        pieces.extend(piece.split("}}", 1))
    return pieces


def json_in_html(value: object) -> str:
    """JSON that may stand inside a script element: no `<` is left that could end it.

    >>> json_in_html("</script>")
    '"\\\\u003c/script>"'
    """
    return json.dumps(value, ensure_ascii=True).replace("<", "\\u003c")


def _lede(summary: Summary) -> str:
    original = summary.rows[0]
    best = next((row for row in summary.rows if row.form.name == _START), original)
    counts = summary.counts
    return (
        f"<strong>{original.tokens:,} → {best.tokens:,}</strong> tokens of {escape(counts.vocab)} in the compact form, "
        f"{summary.saved(best):.1f} % saved: {counts.files:,} files, {counts.characters:,} characters"
    )


def _facts(summary: Summary, programs: Sequence[Shown]) -> dict[str, Any]:
    setting = summary.setting
    views = [row.form.name for row in summary.rows if row.form.kind != "canonical"]
    times = "once" if setting.calls == 1 else f"{setting.calls:,} times"
    return {
        "forms": [_form(row, summary) for row in summary.rows],
        "views": views,
        "start": _START,
        "categories": CATEGORIES,
        "shares": {name: _shares(programs, name) for name in views},
        "dimensions": [_dimension(dimension.name, dimension.title, summary) for dimension in DIMENSIONS],
        "titles": TITLES,
        "bases": grouped_bases(setting),
        "scope": _SCOPE,
        "setting": f"{setting.model.name}, electricity of {setting.site.region}, {times}",
        "files": _files(programs, views),
    }


def _files(programs: Sequence[Shown], views: Sequence[str]) -> list[dict[str, Any]]:
    """Names without the folders that all share, and tokens in the order of `views`."""
    folders = [Path(program.name).parent for program in programs]
    comparable = len(programs) > 1 and len({folder.is_absolute() for folder in folders}) == 1
    shared = os.path.commonpath(folders) if comparable else ""
    return [
        {
            "name": os.path.relpath(program.name, shared) if shared else program.name,
            "tokens": [program.tokens[name] for name in views],
        }
        for program in programs
    ]


def _form(row: Row, summary: Summary) -> dict[str, Any]:
    units = {dimension.name: dimension.unit for dimension in DIMENSIONS}
    costs = {
        use: {name: {"value": value, "shown": shown(value, units[name])} for name, value in found.items()}
        for use, found in row.costs.items()
    }
    return {"name": row.form.name, "tokens": row.tokens, "note": note(row.form), "costs": costs}


def note(form: Form) -> str:
    """What a form is, in a few words."""
    return NOTES.get(form.name) or f"what the method {form.spelled_by} of slim prune leaves"


def _dimension(name: str, title: str, summary: Summary) -> dict[str, Any]:
    return {"name": name, "title": title, "bases": {use: basis(name, use, summary.setting) for use in USES}}


def _shares(programs: Sequence[Shown], form: str) -> list[float]:
    columns = zip(*(shown.views[form].by_category for shown in programs), strict=True)
    return [round(sum(column), 2) for column in columns] or [0.0] * len(CATEGORIES)


def _blocks(programs: Sequence[Shown], views: Sequence[str]) -> Iterable[str]:
    for place, program in enumerate(programs):
        for at, name in enumerate(views):
            yield f'<script type="text/plain" id="b{place}-{at}">{program.views[name].block}</script>'
