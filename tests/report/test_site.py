"""What reading and writing cost: writing as ecologits itself says, reading never by its figure for written tokens."""

from __future__ import annotations

import pytest
from ecologits.tracers.utils import llm_impacts

from slimgrammar.report.dimensions import DIMENSIONS, Setting, basis, costs
from slimgrammar.report.formulas import H100, Range
from slimgrammar.report.models import model_named, models, prices
from slimgrammar.report.site import UnknownRegion, reading, site_of, writing

NO_WAIT = float("inf")


@pytest.mark.parametrize("name", ["gpt-4o", "claude-sonnet-4-6", "gemini-2-5-pro"])
def test_writing_is_what_ecologits_says(name: str) -> None:
    model = model_named(name)
    provider, theirs_name = model.ecologits
    theirs = llm_impacts(provider, theirs_name, 100_000, NO_WAIT, "FRA")
    ours = writing(100_000, site_of(model, "FRA"))
    for found, expected in ((ours.energy, theirs.energy), (ours.water, theirs.wcf), (ours.carbon, theirs.gwp)):
        assert expected is not None
        value = expected.value
        # They add the time to the first token, which is not the writing's
        assert found.low == pytest.approx(getattr(value, "min", value), rel=0.01)
        assert found.high == pytest.approx(getattr(value, "max", value), rel=0.01)


def test_reading_by_hand() -> None:
    site = site_of(model_named("llama-3-1-8b"), "FRA")
    found = reading(Range(3600, 3600), site, H100, Range(2, 2))  # an hour of one accelerator, shared by two
    assert found.energy.low == pytest.approx(0.85 * site.pue.low)  # 700 W and an eighth of 1.2 kW
    assert found.seconds == Range(1800, 1800)
    embodied = 3600 * (5700 / 8 + 273) / (3 * 365 * 24 * 3600)
    assert found.carbon.high == pytest.approx(found.energy.high * site.mix_carbon + embodied)
    assert found.water.low == pytest.approx(0.85 * (site.wue.low + site.pue.low * site.mix_water))


@pytest.mark.parametrize("name", models())
def test_reading_costs_less_than_writing(name: str) -> None:
    model = model_named(name)
    setting = Setting(model=model, site=site_of(model), price=prices().get(name), calls=3)
    read, written = costs(5000, "read", setting), costs(5000, "written", setting)
    for dimension in ("time", "energy", "water", "carbon"):
        fewer, more = read[dimension], written[dimension]
        assert fewer is not None
        assert more is not None
        assert 0 < fewer.low <= fewer.high < more.high


def test_calls_multiply_what_adds_up() -> None:
    model = model_named("llama-3-1-8b")
    once, often = (costs(700, "read", Setting(model=model, site=site_of(model), price=None, calls=n)) for n in (1, 8))
    for dimension in DIMENSIONS[:-1]:
        low, high = once[dimension.name], often[dimension.name]
        assert low is not None
        assert high is not None
        assert high.low == pytest.approx(low.low * (8 if dimension.adds_up else 1))
    assert once["money"] is None


def test_what_is_not_known_is_said_not_to_be() -> None:
    model = model_named("gpt-4o")
    setting = Setting(model=model, site=site_of(model), price=None)
    assert costs(10, "read", setting)["memory"] is None
    assert basis("memory", "read", setting)[0] == basis("money", "read", setting)[0] == "unknown"
    assert basis("flops", "read", setting)[0] == "assumed"
    assert "our prefill estimate" in basis("energy", "read", setting)[1]
    assert "ecologits, for output tokens" in basis("energy", "written", setting)[1]


def test_an_unknown_region_names_the_known_ones() -> None:
    with pytest.raises(UnknownRegion, match="FRA"):
        site_of(model_named("gpt-4o"), "Atlantis")
