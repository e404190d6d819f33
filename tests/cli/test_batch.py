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


class Dying:
    """Work that dies at some items: always, or the first time only, as where two were too much for the memory."""

    def __init__(self, folder: Path, *, always: tuple[int, ...] = (), once: tuple[int, ...] = ()) -> None:
        self.folder, self.always, self.once = folder, always, once

    def __call__(self, item: int) -> tuple[int, int]:
        """The item and the process that worked on it."""
        mark = self.folder / str(item)
        if item in self.always or (item in self.once and not mark.exists()):
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(0.02)
        return item, os.getpid()


def died(item: int, error: BaseException) -> tuple[int, int]:
    assert isinstance(error, WorkerDeathError)
    return item, 0


@pytest.mark.parametrize(
    ("always", "once", "lost"), [((), (3,), []), ((3,), (), [3]), ((0, 19), (), [0, 19]), ((4, 5), (6, 12), [4, 5])]
)
def test_a_death_costs_its_item_and_no_process(
    tmp_path: Path, always: tuple[int, ...], once: tuple[int, ...], lost: list[int]
) -> None:
    results = list(run(Dying(tmp_path, always=always, once=once), range(20), workers=2, failed=died))
    assert [item for item, _ in results] == list(range(20)), "in order, none twice"
    assert [item for item, process in results if not process] == lost
    assert len({process for _, process in results[14:19]}) == 2, "both processes are at work again"
