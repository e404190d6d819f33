"""Which rows of a data set are worth learning from, and in which order: see docs/datasets.md.

`measure` judges one row by itself; `curate` does it for a data set, with duplicates, diversity and order.
"""

from importlib.util import find_spec

from slimgrammar.errors import MissingExtra

if find_spec("datasketch") is None:  # asked first: its extra brings the parsers too
    raise MissingExtra("datasketch", "curate")

from slimgrammar.pipeline.curate.measuring import Measured, measure
from slimgrammar.pipeline.curate.options import BadCuration, Choice, Curation
from slimgrammar.pipeline.curate.run import CurationRun, curate, write_dropped

__all__ = ["BadCuration", "Choice", "Curation", "CurationRun", "Measured", "curate", "measure", "write_dropped"]
