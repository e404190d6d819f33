"""Processes in which prompts are compressed, so that an event loop neither waits for them nor dies with them."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from functools import partial
from typing import Final

import anyio
from anyio import to_process

from slimgrammar.pipeline.integrations.base import PromptOptions
from slimgrammar.pipeline.integrations.bodies import Outcome, compress_body

LOG: Final = logging.getLogger("slimgrammar.proxy")
_SAMPLE: Final = b'{"messages": [{"role": "user", "content": "```python\\nx = 1\\n```\\n"}]}'


class Workers:
    """So many processes, by default one per core; those that die are replaced. To be made inside an event loop."""

    def __init__(self, number: int | None = None, *, patience: float = 20.0) -> None:
        self.patience = patience  # seconds that one prompt may take, once it is its turn
        self._number = number or os.cpu_count() or 1
        self._turns = anyio.Semaphore(self._number)
        self._limiter = anyio.CapacityLimiter(self._number)

    async def start(self, options: PromptOptions) -> None:
        """Start all processes and have each load what compressing needs: the first prompt shall not wait for that."""
        async with anyio.create_task_group() as group:
            for _ in range(self._number):
                group.start_soon(self.run, partial(compress_body, _SAMPLE, "messages", options))

    async def run(self, work: Callable[[], Outcome]) -> Outcome | None:
        """What `work` gives in another process; None where it fails or takes too long. Cancelling it ends the process."""
        async with self._turns:
            try:
                with anyio.fail_after(self.patience):
                    return await to_process.run_sync(work, cancellable=True, limiter=self._limiter)
            except Exception as error:  # whatever it is, a server goes on
                LOG.warning("a prompt could not be compressed: %s", type(error).__name__)
                return None
