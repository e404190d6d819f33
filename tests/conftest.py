"""Where the samples stand, and how much hypothesis tries: HYPOTHESIS_PROFILE=long for an hour's worth."""

from __future__ import annotations

import os
from pathlib import Path

from hypothesis import HealthCheck, settings

CORPORA = Path(__file__).parents[1] / "corpora"

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much, HealthCheck.large_base_example]
settings.register_profile("quick", max_examples=250, deadline=None, suppress_health_check=_SLOW, derandomize=True)
settings.register_profile("long", max_examples=5000, deadline=None, suppress_health_check=_SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
