"""`slim stats --why`: where a program's tokens go in each spelling, by category, as a table and as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Final

from slimgrammar.compact.categories import CATEGORIES, parts
from slimgrammar.vocab import load
from slimgrammar.vocab.shares import shares

if TYPE_CHECKING:
    from rich.table import Table

Why = dict[tuple[str, str, str], float]
"""Tokens by vocabulary, form and category."""

BLANKS: Final = "blanks"
_WIDTH: Final = 720  # of the longest bar, in pixels
_LEFT: Final = 210
_BAR: Final = 26
_GAP: Final = 10
_COLUMN: Final = 150  # of the legend
# Words are blue, marks green, layout grey, text warm: what a grammar can save stands apart from what it cannot.
_COLOURS: Final = {
    **{"identifiers": "#4e79a7", "keywords": "#7fa6cf", "numbers": "#b3cde8"},
    **{"operators": "#2f7d5b", "brackets": "#59a97f", "commas": "#8ccaa5", "colons": "#bfe3cc"},
    **{"newlines": "#7d7d7d", "indentation": "#a9a9a9", "blanks": "#d2d2d2"},
    **{"strings": "#e8a33d", "docstrings": "#f0c274", "comments": "#f5dfb3", "symbols": "#b0619e"},
}


def reasons(forms: Mapping[str, tuple[str, str]], names: Sequence[str]) -> Why:
    """Where the tokens of one program go.

    Args:
        forms: by name, the program's text and the dialect that it is in.
        names: the vocabularies.
    """
    found: Why = {}
    for form, (text, dialect) in forms.items():
        stretches = parts(text, dialect)
        for name in names:
            for category, tokens in shares(load(name), text, stretches, other=BLANKS).items():
                found[name, form, category] = tokens
    return found


def as_json(why: Why, names: Sequence[str], forms: Sequence[str]) -> dict[str, dict[str, dict[str, float]]]:
    """The same by vocabulary, form and category, to a tenth of a token."""
    return {
        name: {form: {category: round(why.get((name, form, category), 0), 1) for category in CATEGORIES} for form in forms}
        for name in names
    }


def table(why: Why, name: str, forms: Sequence[str]) -> Table:
    """A row a category, a column a form; each cell is tokens and their share of the first form's."""
    from rich.table import Table

    whole = sum(tokens for (vocab, form, _), tokens in why.items() if vocab == name and form == forms[0])
    shown = Table(title=f"{name}: where the tokens go, and percent of the {forms[0]}'s", title_justify="left")
    shown.add_column("category", no_wrap=True)
    for form in forms:
        shown.add_column(form, justify="right", no_wrap=True)
    for category in CATEGORIES:
        cells = [why.get((name, form, category), 0.0) for form in forms]
        if any(cells):
            shown.add_row(category, *(f"{cell:,.0f} {100 * cell / whole:5.1f}" for cell in cells))
    return shown


def picture(why: Why, names: Sequence[str], forms: Sequence[str]) -> str:
    """An SVG picture: for each vocabulary a bar a form, as long as it has tokens, in the colours of the categories."""
    longest = max((_total(why, name, form) for name in names for form in forms), default=0) or 1
    body: list[str] = []
    top = 16
    for name in names:
        body.append(f'<text x="16" y="{top + 14}" font-weight="bold">{escape(name)}: tokens</text>')
        top += 26
        for form in forms:
            body += _bar(why, name, form, top, _WIDTH / longest)
            top += _BAR + _GAP
        top += 14
    used = [category for category in CATEGORIES if any(key[2] == category for key in why)]
    body += _legend(used, top)
    width = _LEFT + _WIDTH + 110
    height = top + 24 * -(-len(used) * _COLUMN // (width - 32)) + 16
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    style = 'font-family="system-ui, sans-serif" font-size="13" fill="#222"'
    return "\n".join([f'{head} {style}>\n<rect width="100%" height="100%" fill="white"/>', *body, "</svg>\n"])


def _total(why: Why, name: str, form: str) -> float:
    return sum(why.get((name, form, category), 0) for category in CATEGORIES)


def _bar(why: Why, name: str, form: str, top: int, scale: float) -> list[str]:
    """One bar with its name on the left and its tokens on the right; wide pieces carry their share."""
    total, left = _total(why, name, form), float(_LEFT)
    drawn = [f'<text x="{_LEFT - 10}" y="{top + 18}" text-anchor="end">{escape(form)}</text>']
    for category in CATEGORIES:
        tokens = why.get((name, form, category), 0)
        width = tokens * scale
        if width:
            title = f"<title>{category}: {tokens:,.0f} tokens, {100 * tokens / total:.1f} %</title>"
            place = f'x="{left:.1f}" y="{top}" width="{width:.1f}" height="{_BAR}"'
            drawn.append(f'<rect {place} fill="{_COLOURS[category]}">{title}</rect>')
        if width > 36:
            middle = f'x="{left + width / 2:.1f}" y="{top + 18}"'
            drawn.append(f'<text {middle} text-anchor="middle" font-size="11">{100 * tokens / total:.0f} %</text>')
        left += width
    return [*drawn, f'<text x="{left + 8:.1f}" y="{top + 18}">{total:,.0f}</text>']


def _legend(categories: Sequence[str], top: int) -> list[str]:
    """A coloured square and a name for each category."""
    columns = (_LEFT + _WIDTH + 110 - 32) // _COLUMN
    drawn = []
    for number, category in enumerate(categories):
        left, high = 16 + number % columns * _COLUMN, top + number // columns * 24
        drawn.append(f'<rect x="{left}" y="{high}" width="14" height="14" fill="{_COLOURS[category]}"/>')
        drawn.append(f'<text x="{left + 20}" y="{high + 12}">{category}</text>')
    return drawn
