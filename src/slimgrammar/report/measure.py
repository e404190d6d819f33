"""What encoding itself costs on this machine, by codecarbon: savings should be seen beside it."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from slimgrammar.compact.api import encode
from slimgrammar.errors import MissingExtra, SlimError
from slimgrammar.report.figures import shown
from slimgrammar.report.formulas import Range
from slimgrammar.syntax.source import read_source

_QUIET: Final[dict[str, Any]] = {"save_to_file": False, "save_to_api": False, "log_level": "critical"}


def measure_encoding(files: Iterable[Path]) -> dict[str, float | str]:
    """Energy of encoding `files` once, in the compact dialect, proofs and all.

    Returns:
        "energy" in Wh; "basis" is "measured" where the processor counts its energy (RAPL), else "computed"; "source"; "shown".

    Raises:
        MissingExtra: codecarbon is not installed.
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
        for path in files:
            _encode(path)
        tracker.stop()
    found = getattr(tracker, "final_emissions_data", None)
    if found is None:  # it swallows its own errors
        raise SlimError("codecarbon could not measure on this machine")
    energy = 1000.0 * float(found.energy_consumed)
    counted = bool(is_rapl_available())
    source = "codecarbon, RAPL" if counted else "codecarbon, from the processor's design power: it counts no energy here"
    return {
        "energy": energy,
        "basis": "measured" if counted else "computed",
        "source": source,
        "shown": shown(Range(energy, energy), "Wh"),
    }


def _encode(path: Path) -> None:
    try:
        encode(read_source(path, path.read_bytes()).text)
    except (SlimError, OSError):
        return  # what is no program costs next to nothing, and the report itself says so
