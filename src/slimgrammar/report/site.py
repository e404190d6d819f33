"""Where a model runs, by ecologits: parameters where they are estimated, data centre, electricity, and what writing costs.

ecologits counts written tokens only. What reading costs is ours: the accelerator's busy time (formulas) at its design power,
with ecologits' figures for the server around it, the data centre and the electricity, so that both halves of the report fit
together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from slimgrammar.errors import MissingExtra, SlimError
from slimgrammar.report.formulas import Accelerator, Range
from slimgrammar.report.models import Model

if TYPE_CHECKING:
    from ecologits.model_repository import Model as EcologitsModel

_JOULES_A_KWH: Final = 3.6e6
_HOST: Final = "huggingface_hub"  # whose data centre stands in for open models: ecologits' for hosted open models


class UnknownRegion(SlimError, ValueError):
    """ecologits has no electricity mix for this region."""


class Footprint(NamedTuple):
    """Energy in kWh, water in litres, carbon in kg CO2e, and time in seconds."""

    energy: Range
    water: Range
    carbon: Range
    seconds: Range


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A model in a data centre.

    Attributes:
        active, total: its parameters, in billions.
        estimated: whether ecologits estimates them.
        region: ISO 3166-1 alpha-3 code of the electricity.
        pue: power usage effectiveness: the data centre's energy by that of its machines.
        wue: litres of water that the data centre itself takes, a kWh of its machines.
        mix_water, mix_carbon: litres and kg CO2e a kWh of electricity.
        speed: tokens written a second where ecologits knows it, else None.
    """

    active: Range
    total: Range
    estimated: bool
    region: str
    pue: Range
    wue: Range
    mix_water: float
    mix_carbon: float
    speed: float | None


def site_of(model: Model, region: str | None = None) -> Site:
    """Where `model` runs.

    Args:
        model: the model.
        region: ISO 3166-1 alpha-3 code ("FRA"), or "WOR" for the world's mean; by default where its provider is.

    Raises:
        MissingExtra: ecologits is not installed.
        UnknownRegion: it knows no such region.
    """
    try:
        from ecologits.electricity_mix_repository import electricity_mixes
        from ecologits.tracers.utils import PROVIDER_CONFIG_MAP
    except ImportError:
        raise MissingExtra("ecologits", "report") from None
    config = PROVIDER_CONFIG_MAP[model.ecologits[0] if model.ecologits else _HOST]
    region = region or config.datacenter_location
    mix = electricity_mixes.find_electricity_mix(zone=region)
    if mix is None:
        known = ", ".join(sorted(zone.zone for zone in electricity_mixes.list_electricity_mixes()))
        raise UnknownRegion(f"unknown region {region!r}: one of {known}")
    found = _estimate(model) if model.ecologits else None
    return Site(
        active=_parameters(found, "active") if found else _both(model.active or model.total),
        total=_parameters(found, "total") if found else _both(model.total),
        estimated=found is not None,
        region=region,
        pue=_range(config.datacenter_pue),
        wue=_range(config.datacenter_wue),
        mix_water=mix.wue,
        mix_carbon=mix.gwp,
        speed=found.deployment.tps if found and found.deployment else None,
    )


def _estimate(model: Model) -> EcologitsModel:
    from ecologits.model_repository import models

    provider, name = model.ecologits
    found = models.find_model(provider=provider, model_name=name)
    if found is None:
        raise SlimError(f"ecologits knows no model {name!r} of {provider}: give its parameters in a file for --models")
    return found


def _parameters(found: EcologitsModel, which: str) -> Range:
    parameters = found.architecture.parameters
    return _range(getattr(parameters, which, parameters))


def _range(value: Any) -> Range:
    """A number or one of ecologits' ranges."""
    return Range(value.min, value.max) if hasattr(value, "min") else _both(float(value))


def _both(value: float) -> Range:
    return Range(value, value)


def reading(seconds: Range, site: Site, accelerator: Accelerator, count: Range) -> Footprint:
    """What reading costs, from the busy `seconds` of one accelerator (in all), shared by `count` of them.

    Not ecologits' model: the accelerator at its design power, an eighth of ecologits' server for each, busy with this alone.
    """
    from ecologits.impacts import llm

    watts = accelerator.watts + 1000.0 * llm.SERVER_POWER / llm.SERVER_GPUS
    machines = seconds.times(watts / _JOULES_A_KWH)
    embodied = llm.SERVER_EMBODIED_IMPACT_GWP / llm.SERVER_GPUS + llm.GPU_EMBODIED_IMPACT_GWP
    energy = machines.times(site.pue)
    return Footprint(
        energy=energy,
        water=machines.times(site.wue.plus(site.pue.times(site.mix_water))),
        carbon=energy.times(site.mix_carbon).plus(seconds.times(embodied / llm.HARDWARE_LIFESPAN)),
        seconds=Range(seconds.low / count.high, seconds.high / count.low),
    )


def writing(tokens: int, site: Site) -> Footprint:
    """What writing costs, by ecologits' own model of output tokens."""
    low, high = (_written(tokens, site, active, total) for active, total in zip(site.active, site.total, strict=True))
    return Footprint(*(Range(first.low, last.high) for first, last in zip(low, high, strict=True)))


def _written(tokens: int, site: Site, active: float, total: float) -> Footprint:
    from ecologits.impacts.llm import compute_llm_impacts_dag
    from ecologits.utils.range_value import RangeValue

    found = compute_llm_impacts_dag(
        model_active_parameter_count=active,
        model_total_parameter_count=total,
        output_token_count=tokens,
        request_latency=float("inf"),
        if_electricity_mix_adpe=0.0,
        if_electricity_mix_pe=0.0,
        if_electricity_mix_gwp=site.mix_carbon,
        if_electricity_mix_wue=site.mix_water,
        datacenter_pue=RangeValue(min=site.pue.low, max=site.pue.high),
        datacenter_wue=RangeValue(min=site.wue.low, max=site.wue.high),
        tps=site.speed,
    )
    carbon = _range(found["request_usage_gwp"]).plus(_range(found["request_embodied_gwp"]))
    energy, water = _range(found["request_energy"]), _range(found["request_usage_wcf"])
    return Footprint(energy, water, carbon, _range(found["generation_latency"]))
