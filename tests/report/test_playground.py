"""The playground: its answers, what it refuses, and the page live in a browser."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

import slimgrammar
from slimgrammar.report.forms import Options, tokens_of
from slimgrammar.report.playground import MOST_BYTES, MOST_CHARACTERS, application
from slimgrammar.vocab import load

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CODE = "def mean(values):\n    return sum(values) / len(values)  # 😀\n"
ASKED = {"code": CODE, "form": "compact", "vocab": "llama3", "keep": 0.5, "comments": "keep", "docstrings": "keep"}


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(application(), base_url="http://127.0.0.1")


def test_an_answer_counts_what_the_library_counts(client: TestClient) -> None:
    found = client.post("/show", json=ASKED).json()
    assert found["tokens"] == tokens_of(CODE, Options(methods=()), load("llama3"))
    assert found["name"] == "compact"
    assert sum(found["shares"][1]) == pytest.approx(found["tokens"]["compact"])


@pytest.mark.parametrize("form", ["python", "symbols", "slim", "skeleton"])
def test_every_kind_of_form(form: str, client: TestClient) -> None:
    reply = client.post("/show", json=ASKED | {"form": form, "comments": "drop"})
    assert reply.status_code == 200
    assert reply.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("change", "status", "message"),
    [
        ({"code": "def f(:\n"}, 422, "1:"),
        ({"code": "x = '\ud800'"}, 422, "surrogate"),
        ({"code": "(" * 5000}, 422, ""),
        ({"code": "x" * (MOST_CHARACTERS + 1)}, 422, "at most"),
        ({"code": "é" * MOST_BYTES}, 413, "at most"),
        ({"code": None}, 422, "at most"),
        ({"form": "canonical"}, 422, "unknown form"),
        ({"form": "attention"}, 422, "unknown form"),
        ({"form": ""}, 422, "unknown form"),
        ({"form": ["slim"]}, 422, "unknown form"),
        ({"vocab": "/etc/passwd"}, 422, "unknown vocabulary"),
        ({"vocab": ["llama3"]}, 422, "unknown vocabulary"),
        ({"keep": 0}, 422, "keep is a share"),
        ({"keep": "0.5"}, 422, "keep is a share"),
    ],
)
def test_refusals(change: dict[str, Any], status: int, message: str, client: TestClient) -> None:
    reply = client.post("/show", content=json.dumps(ASKED | change), headers={"content-type": "application/json"})
    assert reply.status_code == status
    assert message in reply.json()["error"]


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff", b"[" * 100_000, b"null"])
def test_what_is_no_question(body: bytes, client: TestClient) -> None:
    assert client.post("/show", content=body, headers={"content-type": "application/json"}).status_code == 422


def test_other_sites_cannot_reach_it(client: TestClient) -> None:
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400
    assert client.post("/show", content=json.dumps(ASKED), headers={"content-type": "text/plain"}).status_code == 415
    assert (
        "access-control-allow-origin" not in client.post("/show", json=ASKED, headers={"origin": "http://evil.example"}).headers
    )


@pytest.fixture
def address() -> Iterator[str]:
    """`slim serve` as a user runs it."""
    home = str(Path(slimgrammar.__file__).parents[1])
    command = [sys.executable, "-m", "slimgrammar", "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": home}) as process:
        assert process.stderr is not None
        found = re.search(r"http://[\d.:]+", process.stderr.readline())
        assert found is not None
        yield found[0]
        process.terminate()


def test_live(browser: Browser, address: str) -> None:
    page = browser.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.set_default_timeout(10_000)
    page.goto(address)
    page.get_by_role("region", name="compact, 63 tokens").wait_for()
    page.get_by_label("Python code").fill(CODE)
    before = len(load("o200k_base").encode(CODE))
    page.get_by_role("region", name=f"original, {before} tokens").wait_for()
    page.locator("#form").select_option("slim")
    page.get_by_role("region", name=f"slim, half kept, {before // 2} tokens").wait_for()
    page.get_by_label("Python code").fill("def f(:\n")
    page.locator(".problem", has_text="1:").wait_for()
    assert not faults
    page.close()


def test_a_port_that_is_taken_is_said_to_be(address: str) -> None:
    port = address.rpartition(":")[2]
    home = str(Path(slimgrammar.__file__).parents[1])
    command = [sys.executable, "-m", "slimgrammar", "serve", "--port", port]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": home}, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith(f"port {port}: ")
