"""What work costs on this machine, by codecarbon: savings should be seen beside it."""

from __future__ import annotations

import logging
import time
import warnings
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

from slimgrammar.compact.api import encode
from slimgrammar.errors import MissingExtra, SlimError
from slimgrammar.report.figures import shown
from slimgrammar.report.formulas import Range
from slimgrammar.syntax.source import read_source

_QUIET: Final[dict[str, Any]] = {"save_to_file": False, "save_to_api": False, "log_level": "critical"}


class Energy(NamedTuple):
    """What some work took.

    Attributes:
        watt_hours: of the whole machine, while it lasted.
        seconds: how long it lasted.
        basis: "measured" where the processor counts its energy (RAPL), else "computed".
        source: by what.
    """

    watt_hours: float
    seconds: float
    basis: str
    source: str

    @property
    def watts(self) -> float:
        """The mean power; 0 for work too short to tell."""
        return 3600 * self.watt_hours / self.seconds if self.seconds else 0.0


def energy_of(work: Callable[[], object]) -> Energy:
    """The energy that `work` takes; whatever else the machine does meanwhile is counted too.

    Raises:
        MissingExtra: codecarbon is not installed.
        SlimError: it cannot measure on this machine.
    """
    try:
        from codecarbon import OfflineEmissionsTracker
        from codecarbon.core.cpu import is_rapl_available
    except ImportError:
        raise MissingExtra("codecarbon", "report") from None
    logging.getLogger("codecarbon").setLevel(logging.CRITICAL)  # it speaks before it reads `log_level`
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of its own imports are not ours to show
        tracker = OfflineEmissionsTracker(country_iso_code="USA", allow_multiple_runs=True, **_QUIET)
        tracker.start()
        start = time.perf_counter()
        work()
        seconds = time.perf_counter() - start
        tracker.stop()
    found = getattr(tracker, "final_emissions_data", None)
    if found is None:  # it swallows its own errors
        raise SlimError("codecarbon could not measure on this machine")
    counted = bool(is_rapl_available())
    source = "codecarbon, RAPL" if counted else "codecarbon, from the processor's design power: it counts no energy here"
    return Energy(1000.0 * float(found.energy_consumed), seconds, "measured" if counted else "computed", source)


def measure_encoding(files: Iterable[Path]) -> dict[str, float | str]:
    """Energy of encoding `files` once, in the compact dialect, proofs and all.

    Returns:
        "energy" in Wh; "basis" and "source" as in `Energy`; "shown".

    Raises:
        MissingExtra: codecarbon is not installed.
    """
    found = energy_of(lambda: _encode(files))
    energy = Range(found.watt_hours, found.watt_hours)
    return {"energy": found.watt_hours, "basis": found.basis, "source": found.source, "shown": shown(energy, "Wh")}


def _encode(files: Iterable[Path]) -> None:
    for path in files:
        with suppress(SlimError, OSError):  # what is no program costs next to nothing, and the report itself says so
            encode(read_source(path, path.read_bytes()).text)
