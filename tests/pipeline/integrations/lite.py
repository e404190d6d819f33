"""LiteLLM, imported so that it neither asks the network nor changes this process's environment."""

from __future__ import annotations

import asyncio
import gc

import pytest

with pytest.MonkeyPatch.context() as patch:  # it asks the network for prices, and tells tiktoken where to look
    patch.setenv("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    patch.setenv("TIKTOKEN_CACHE_DIR", "")
    litellm = pytest.importorskip("litellm", reason="needs slimgrammar[litellm]")

# It keeps clients of event loops that are over, and its types are not all to pydantic's liking.
quiet = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning", "ignore:.*`ReadOnly` qualifier:UserWarning"
)


def forget() -> None:
    """Have it let go of its callbacks and clients now, while the tests that made them ignore what is said about those."""
    litellm.callbacks = []
    asyncio.run(litellm.close_litellm_async_clients())
    litellm.in_memory_llm_clients_cache.flush_cache()
    gc.collect()
