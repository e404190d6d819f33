"""Work in several processes: one that dies costs one item at most, and not the second process."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from slimgrammar.cli.batch import WorkerDeathError, run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills by signal")


COUNT, QUIET = 40, 20


class Dying:
    """Work that dies at some items: always, or the first time only, as where two were too much for the memory.

    From `QUIET` on nothing dies any more, and each even item waits half a second for the next one to begin.
    """

    def __init__(self, folder: Path, *, always: tuple[int, ...] = (), once: tuple[int, ...] = ()) -> None:
        self.folder, self.always, self.once = folder, always, once

    def __call__(self, item: int) -> str:
        """What became of the item."""
        mark = self.folder / str(item)
        first = not mark.exists()
        mark.touch()
        if item in self.always or (item in self.once and first):
            os.kill(os.getpid(), signal.SIGKILL)
        if item < QUIET or item % 2:
            return "done"
        patience = time.monotonic() + 0.5
        while time.monotonic() < patience:
            if (self.folder / str(item + 1)).exists():
                return "beside another"
            time.sleep(0.01)
        return "done"


def died(item: int, error: BaseException) -> str:
    assert isinstance(error, WorkerDeathError)
    return "died"


@pytest.mark.parametrize(("always", "once"), [((), (3,)), ((3,), ()), ((0, 19), ()), ((4, 5), ()), (tuple(range(6)), ())])
def test_a_death_costs_its_item_and_no_process(tmp_path: Path, always: tuple[int, ...], once: tuple[int, ...]) -> None:
    results = list(run(Dying(tmp_path, always=always, once=once), range(COUNT), workers=2, failed=died))
    assert [item for item, result in enumerate(results) if result == "died"] == list(always)
    assert len(results) == COUNT
    assert "beside another" in results, "a second process is at work again"
