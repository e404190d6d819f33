"""A job on a Ray cluster of two worker processes, one of which is killed at work: python ray_job.py EXAMPLE IN OUT.

Runs the docs' example, then converts the rows of IN, a JSONL file, and writes them to OUT with the process that made each.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import ray

from slimgrammar.pipeline.datasets.batches import MapRows
from slimgrammar.pipeline.datasets.ray import SlimActor

example, source, out = map(Path, sys.argv[1:])
killed = out.with_suffix(".killed")
ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
exec(example.read_text(encoding="utf-8"), {})


class Killed(SlimActor):
    """The actor, whose process dies the first time that it meets a row, after it has converted others."""

    def __call__(self, batch: Any) -> Any:
        """Convert a batch."""
        if 31 in batch["id"].to_pylist() and not killed.exists():
            killed.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        made = super().__call__(batch)
        return made.append_column("process", [[os.getpid()] * made.num_rows])


rows = [json.loads(line) for line in source.read_bytes().splitlines()]
made = ray.data.from_items(rows, override_num_blocks=12).map_batches(
    Killed,
    fn_constructor_kwargs={"rows": MapRows(language_column="lang")},
    batch_format="pyarrow",
    batch_size=4,
    compute=ray.data.ActorPoolStrategy(size=2),
)
out.write_text(json.dumps(made.take_all()), encoding="utf-8")
