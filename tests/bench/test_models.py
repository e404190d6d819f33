"""What models.toml says of a dense model and of a mixture of experts is what transformers counts."""

from __future__ import annotations

import pytest
from models import SHAPES, counted

from slimgrammar.report.models import models


@pytest.mark.parametrize("name", ["qwen3-8b", "qwen3-30b-a3b"])
def test_parameters(name: str) -> None:
    model = models()[name]
    total, active = counted(model, SHAPES[name])
    assert model.total == pytest.approx(total, abs=0.0051)
    assert (model.active or model.total) == pytest.approx(active, abs=0.0051)


def test_every_open_model_can_be_counted() -> None:
    assert set(SHAPES) == {name for name, model in models().items() if model.layers}
