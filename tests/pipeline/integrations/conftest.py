"""A model's API for the tests, and a prompt with code in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest.importorskip("uvicorn", reason="needs slimgrammar[proxy]")

from .model_server import ModelServer, served


@pytest.fixture(scope="session")
def _model() -> Iterator[ModelServer]:
    model = ModelServer()
    with served(model.app()) as model.url:
        yield model


@pytest.fixture
def model(_model: ModelServer) -> ModelServer:
    """The server, as if it had not been asked anything yet."""
    _model.seen.clear()
    _model.gone.clear()
    return _model


@pytest.fixture(scope="session")
def proxy_url(_model: ModelServer) -> Iterator[str]:
    """A proxy in front of it that takes bodies of up to 1 MiB."""
    from slimgrammar.pipeline.integrations.proxy import application

    with served(application(_model.url, max_body=1 << 20), server_header=False, date_header=False) as url:
        yield url
