"""Runs of `slim dataset` that are killed at random moments and started again: do they come to the bytes of a run left alone?"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import slimgrammar

PATIENCE = 600


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the kills.

    Attributes:
        kills: runs that were killed.
        whole: runs that came to their end, the ones to compare with included.
        identical: whether all of these left the same files with the same bytes, notes included.
    """

    kills: int
    whole: int
    identical: bool


def start(arguments: Sequence[str], source: Path, out: Path) -> subprocess.Popen[bytes]:
    """`slim dataset` in a session of its own, so that all its processes can be killed at once."""
    command = [sys.executable, "-m", "slimgrammar", "dataset", *arguments, str(source), str(out), "--workers", "2"]
    home = str(Path(slimgrammar.__file__).parents[1])
    paths = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
    environment = os.environ | {"PYTHONPATH": paths}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)


def everything(out: Path) -> dict[str, bytes]:
    """All files of an output folder, the notes beside the data included."""
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def survive(arguments: Sequence[str], source: Path, folder: Path, *, kills: int, seed: str) -> Outcome:
    """Kill runs at random moments, start each again until it ends, and compare.

    Args:
        arguments: of `slim dataset`: "encode", "prune", "curate" …, and options.
        source: the data set.
        folder: where the outputs go.
        kills: how many runs to kill.
        seed: draws the moments.

    Raises:
        RuntimeError: a run that was not killed failed.
    """
    began = time.monotonic()
    _finished(start(arguments, source, folder / "whole"))
    lasted = time.monotonic() - began
    expected = everything(folder / "whole")
    moments, out = random.Random(seed), folder / "killed"
    done, whole, identical = 0, 1, True
    while True:
        run = start(arguments, source, out)
        if done < kills and _killed(run, moments, lasted):
            done += 1
            continue
        _finished(run)
        whole += 1
        identical = identical and everything(out) == expected
        shutil.rmtree(out)  # and once more from the beginning, until there were enough
        if done == kills:
            return Outcome(done, whole, identical)


def _finished(run: subprocess.Popen[bytes]) -> None:
    _, errors = run.communicate(timeout=PATIENCE)
    if run.returncode != 0:
        raise RuntimeError(errors.decode())


def _killed(run: subprocess.Popen[bytes], moments: random.Random, lasted: float) -> bool:
    """Kill a run at a random moment of the time that a whole one takes; False where it ended before that."""
    try:
        run.wait(timeout=moments.uniform(0.1, 1) * lasted)
    except subprocess.TimeoutExpired:
        # Now and then only the parent: its workers must notice, and not stand in the way of the next run.
        (os.kill if moments.random() < 0.3 else os.killpg)(run.pid, signal.SIGKILL)
        run.communicate(timeout=PATIENCE)
        return True
    return False
