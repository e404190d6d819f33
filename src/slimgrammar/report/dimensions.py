"""From tokens to the dimensions that a report shows: compute, memory, time, energy, water, carbon, and money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from slimgrammar.report.formulas import H100, Range, accelerators_needed, busy_seconds, cache_bytes, forward_flops
from slimgrammar.report.models import Model, Price
from slimgrammar.report.site import Footprint, Site, reading, writing

Use = Literal["read", "written"]
USES: Final[tuple[Use, ...]] = ("read", "written")


class Dimension(NamedTuple):
    """A column of a report: what it measures, its unit, and whether it grows with the number of calls."""

    name: str
    title: str
    unit: str
    adds_up: bool


DIMENSIONS: Final = (
    Dimension("flops", "compute", "FLOP", True),
    Dimension("memory", "memory", "B", False),
    Dimension("time", "time", "s", False),
    Dimension("energy", "energy", "Wh", True),
    Dimension("water", "water", "L", True),
    Dimension("carbon", "carbon", "g CO2e", True),
    Dimension("money", "money", "$", True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What the figures are for.

    Attributes:
        model: who reads or writes.
        site: where it runs.
        price: what it costs, or None where no table says.
        calls: how often the code is read, or written.
    """

    model: Model
    site: Site
    price: Price | None
    calls: int = 1


def costs(tokens: int, use: Use, setting: Setting) -> dict[str, Range | None]:
    """What `tokens` cost in each of `DIMENSIONS`, in its unit; None where nothing published tells.

    Memory and time are those of one call, the rest those of all `setting.calls`.
    """
    model, site = setting.model, setting.site
    flops = forward_flops(tokens, model, site.active)
    footprint = _footprint(tokens, use, setting, flops)
    cache = cache_bytes(tokens, model)
    one: dict[str, Range | None] = {
        "flops": flops,
        "memory": None if cache is None else Range(cache, cache),
        "time": footprint.seconds,
        "energy": footprint.energy.times(1000.0),
        "water": footprint.water,
        "carbon": footprint.carbon.times(1000.0),
        "money": _money(tokens, use, setting.price),
    }
    calls = {dimension.name: setting.calls if dimension.adds_up else 1 for dimension in DIMENSIONS}
    return {name: None if value is None else value.times(calls[name]) for name, value in one.items()}


def _footprint(tokens: int, use: Use, setting: Setting, flops: Range) -> Footprint:
    if use == "written":
        return writing(tokens, setting.site)
    count = accelerators_needed(setting.site.total, H100)
    return reading(busy_seconds(flops, H100), setting.site, H100, count)


def _money(tokens: int, use: Use, price: Price | None) -> Range | None:
    if price is None:
        return None
    dollars = tokens * (price.input if use == "read" else price.output) / 1e6
    return Range(dollars, dollars)


def basis(dimension: str, use: Use, setting: Setting) -> tuple[str, str]:
    """How a column of `use` comes about: "computed" or "assumed", and by what."""
    estimated = setting.site.estimated
    shape = "" if setting.model.layers else "; attention left out: its shape is not published"
    parameters = "parameters estimated by ecologits" if estimated else "published parameters"
    how = "assumed" if estimated else "computed"
    if dimension == "flops":
        return how, f"2·N·n and attention (Kaplan et al. 2020), {parameters}{shape}"
    if dimension == "memory":
        formula = "keys and values of the largest window, 2 bytes each (Ainslie et al. 2023), published shape"
        return ("computed", formula) if setting.model.layers else ("unknown", "the shape of its attention is not published")
    if dimension == "money":
        price = setting.price
        seller = price.seller or "your table" if price else ""
        return (
            ("assumed", f"list price of {seller}, no discount for cached tokens")
            if price
            else ("unknown", "no price in the table")
        )
    if use == "written":
        return how, f"ecologits, for output tokens; {parameters}, region {setting.site.region}"
    return "assumed", _reading_basis(dimension, setting)


def _reading_basis(dimension: str, setting: Setting) -> str:
    low, high = H100.utilisation
    estimate = f"our prefill estimate: {100 * low:.0f}–{100 * high:.0f} % of an {H100.name}'s peak (Pope et al. 2022)"
    if dimension == "time":
        return f"{estimate}, on as many as hold the weights"
    return f"{estimate}, at its design power; server, data centre and electricity of {setting.site.region} as in ecologits"
