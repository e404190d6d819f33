"""The results as a picture: what each method saves, how fast it is, and its energy beside that of the model (matplotlib)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from slimgrammar.bench.methods import CONTENTS
from slimgrammar.bench.results import Json
from slimgrammar.errors import MissingExtra

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# By whether the page is dark: the ink, and what tells corpora and kinds of work apart
_INK: Final = {False: "#1d2430", True: "#e8eaee"}
_COLORS: Final = {False: ("#0f766e", "#d97706", "#6d5bd0"), True: ("#4fd1bd", "#f2a94b", "#a99bf5")}
_STYLE: Final = {
    "svg.hashsalt": "slim",
    "lines.linewidth": 1.4,
    "font.size": 9,
    "axes.spines.right": False,
    "axes.spines.top": False,
}
_INKED: Final = ("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color")
_ROW: Final = 0.21  # inches
_WIDTH: Final = 11.0
_LEGEND: Final = 0.3


def drawn(results: Json, *, to: str = "svg", dark: bool = False) -> bytes:
    """The picture's bytes; the same results give the same bytes.

    Args:
        results: those of `run.benchmark`.
        to: "svg" or "png".
        dark: for a dark page.

    Raises:
        MissingExtra: matplotlib is not installed.
    """
    try:
        import matplotlib as mpl
        from matplotlib import rcsetup
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingExtra("matplotlib", "bench") from None
    style: Any = {**_STYLE, **dict.fromkeys(_INKED, _INK[dark]), "axes.prop_cycle": rcsetup.cycler(color=_COLORS[dark])}
    with mpl.rc_context(style):
        rows = _rows(results)
        height = 1.2 + _ROW * max(8, len(rows))
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        figure.get_layout_engine().set(rect=(0, 0, 1, 1 - _LEGEND / height))  # type: ignore[union-attr, call-arg]
        _fill(figure, results, rows)
        out = io.BytesIO()
        metadata = {"Date": None} if to == "svg" else {"Software": None}
        figure.savefig(out, format=to, transparent=to == "svg", dpi=160, metadata=metadata)
    return out.getvalue()


def _rows(results: Json) -> list[tuple[str, str]]:
    """A row a method, by content and name, and an empty one with its title before each content."""
    corpora = sorted(results["corpora"], key=lambda corpus: -len(corpus["methods"]))  # codebooks stand in one of them only
    keys = dict.fromkeys((row["content"], row["name"]) for corpus in corpora for row in corpus["methods"])
    found: list[tuple[str, str]] = []
    for content in CONTENTS:
        own = [key for key in keys if key[0] == content]
        found += [(content, ""), *own] if own else []
    return found


def _fill(figure: Figure, results: Json, rows: Sequence[tuple[str, str]]) -> None:
    saving, speed, energy = figure.subplots(1, 3, sharey=True, width_ratios=(1.25, 1, 1))
    places = {key: -place for place, key in enumerate(rows)}
    corpora = results["corpora"]
    for at, corpus in enumerate(corpora):
        shift = 0.6 * ((at + 0.5) / len(corpora) - 0.5)
        _savings(saving, corpus, places, shift, at)
        _speeds(speed, corpus, places, shift, at)
    if corpora:
        _energies(energy, corpora[0], places)
    saving.set_yticks(list(places.values()), [name or CONTENTS[content].title for content, name in rows])
    for label, (_, name) in zip(saving.get_yticklabels(), rows, strict=True):
        label.set_fontweight("normal" if name else "bold")
    saving.set_xlabel(f"tokens saved, % (bars: {results['level']:.0%})")
    speed.set_xlabel("speed here, MB/s")
    energy.set_xlabel(f"energy a file, mWh ({corpora[0]['name'] if corpora else ''})")
    for axes in (saving, speed, energy):
        axes.grid(axis="x", alpha=0.2)
        axes.tick_params(axis="y", length=0)
    for axes in (saving, energy):
        legend = axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=3, frameon=False, handletextpad=0.2)
        legend.set_in_layout(False)  # it may be wider than its axes


def _savings(axes: Axes, corpus: Json, places: dict[tuple[str, str], int], shift: float, at: int) -> None:
    rows = [row for row in corpus["methods"] if not row["is_baseline"]]
    values = [row["saved"][0] for row in rows]
    errors = [[row["saved"][0] - row["saved"][1] for row in rows], [row["saved"][2] - row["saved"][0] for row in rows]]
    heights = [places[row["content"], row["name"]] - shift for row in rows]
    axes.errorbar(values, heights, xerr=errors, fmt="o", ms=3.5, color=f"C{at}", label=corpus["name"])


def _speeds(axes: Axes, corpus: Json, places: dict[tuple[str, str], int], shift: float, at: int) -> None:
    rows = [row for row in corpus["methods"] if row["kind"] != "original" and row["here"]["megabytes_per_second"]]
    heights = [places[row["content"], row["name"]] - shift for row in rows]
    speeds = [row["here"]["megabytes_per_second"] for row in rows]
    axes.plot(speeds, heights, "o", ms=3.5, color=f"C{at}")
    axes.set_xscale("log")


def _energies(axes: Axes, corpus: Json, places: dict[tuple[str, str], int]) -> None:
    """A model's ranges as lines, and the method itself as a point."""
    for color, use, label in (("C1", "read", "model reads"), ("C2", "written", "model writes")):
        rows = [row for row in corpus["methods"] if "energy" in row.get(use, {})]
        low, high = (np.array([1000 * row[use]["energy"]["cost"][end] for row in rows]) for end in (0, 1))
        heights = [places[row["content"], row["name"]] for row in rows]
        axes.errorbar((low + high) / 2, heights, xerr=(high - low) / 2, fmt="s", ms=3, lw=3, color=color, label=label)
    rows = [row for row in corpus["methods"] if row["kind"] != "original" and row["here"]["energy"]]
    heights = [places[row["content"], row["name"]] for row in rows]
    axes.plot([1000 * row["here"]["energy"] for row in rows], heights, "o", ms=3.5, color="C0", label="the method")
    axes.set_xscale("log")
