"""Processes that die or take too long cost one prompt its compression, and nothing else."""

from __future__ import annotations

import os
import time
from functools import partial
from typing import Any

import anyio
import pytest

from slimgrammar.pipeline.integrations.base import PromptOptions
from slimgrammar.pipeline.integrations.bodies import compress_body
from slimgrammar.pipeline.integrations.workers import Workers


@pytest.mark.parametrize(
    "work", [partial(os._exit, 1), partial(time.sleep, 60), partial(int, "x")], ids=["dies", "hangs", "fails"]
)
def test_a_prompt_without_an_outcome(work: Any) -> None:
    async def run() -> None:
        workers = Workers(1, patience=0.5)
        with anyio.fail_after(30):
            assert await workers.run(work) is None
            workers.patience = 20.0
            outcome = await workers.run(partial(compress_body, b'{"messages": "hi"}', "messages", PromptOptions()))
        assert outcome is not None
        assert (outcome.body, outcome.refused) == (None, "")

    anyio.run(run)
