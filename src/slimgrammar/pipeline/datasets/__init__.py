"""Data sets in fewer tokens, before a model trains on them: see docs/datasets.md.

`convert` is the one function from text to row; the runner and the adapters for other engines call it.
"""

from slimgrammar.pipeline.datasets.durable import DatasetProblem
from slimgrammar.pipeline.datasets.options import COLUMNS, Options, Row, encoding_version
from slimgrammar.pipeline.datasets.plan import Job
from slimgrammar.pipeline.datasets.rows import convert
from slimgrammar.pipeline.datasets.runner import Died, Run, process
from slimgrammar.pipeline.datasets.tally import Counts, RowRefused

__all__ = [
    "COLUMNS",
    "Counts",
    "DatasetProblem",
    "Died",
    "Job",
    "Options",
    "Row",
    "RowRefused",
    "Run",
    "convert",
    "encoding_version",
    "process",
]
