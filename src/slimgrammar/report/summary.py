"""The report itself: tokens of every form, and what they cost when they are read and when they are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from slimgrammar.report.dimensions import DIMENSIONS, USES, Setting, Use, basis, costs
from slimgrammar.report.figures import saved
from slimgrammar.report.forms import Form
from slimgrammar.report.formulas import Range


@dataclass(frozen=True, slots=True)
class Row:
    """One form: its tokens, and its costs by use and dimension. What pruning leaves is only read, never written."""

    form: Form
    tokens: int
    costs: dict[Use, dict[str, Range | None]]


@dataclass(frozen=True, slots=True)
class Counts:
    """What was read: whose tokens were counted, how many files, how many of them no Python, and characters of the others."""

    vocab: str
    files: int
    not_python: int
    characters: int


@dataclass(frozen=True, slots=True)
class Summary:
    """All forms of all files.

    Attributes:
        rows: a row a form, the original first.
        setting: what the costs are for.
        counts: what was read.
    """

    rows: list[Row]
    setting: Setting
    counts: Counts

    def saved(self, row: Row) -> float:
        """Percent of the original's tokens that a row has not."""
        return saved(row.tokens, self.rows[0].tokens)

    def to_json(self) -> dict[str, Any]:
        """Everything, in plain values; ranges as [low, high]."""
        return {
            **asdict(self.counts),
            "model": self.setting.model.name,
            "calls": self.setting.calls,
            "region": self.setting.site.region,
            "dimensions": {dimension.name: self._dimension(dimension.name, dimension.unit) for dimension in DIMENSIONS},
            "forms": [self._row(row) for row in self.rows],
        }

    def _dimension(self, name: str, unit: str) -> dict[str, Any]:
        bases: dict[str, Any] = {
            use: dict(zip(("basis", "source"), basis(name, use, self.setting), strict=True)) for use in USES
        }
        return {"unit": unit, **bases}

    def _row(self, row: Row) -> dict[str, Any]:
        saving = round(self.saved(row), 2)
        found: dict[str, Any] = {use: row.costs[use] for use in row.costs}
        return {"name": row.form.name, "kind": row.form.kind, "tokens": row.tokens, "saved": saving, **found}


def summarise(tokens: Mapping[str, int], forms: list[Form], setting: Setting, counts: Counts) -> Summary:
    """The report on `tokens`, counted by the names of `forms`."""
    rows = []
    for form in forms:
        uses = USES[:1] if form.kind == "pruned" else USES
        number = tokens.get(form.name, 0)
        rows.append(Row(form, number, {use: costs(number, use, setting) for use in uses}))
    return Summary(rows, setting, counts)
