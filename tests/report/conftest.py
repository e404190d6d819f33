"""A browser where there is one, and a report with its page, made once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from slimgrammar.report.dimensions import Setting
from slimgrammar.report.forms import Options, forms
from slimgrammar.report.models import model_named, prices
from slimgrammar.report.showing import Shown, show
from slimgrammar.report.site import site_of
from slimgrammar.report.summary import Counts, Summary, summarise
from slimgrammar.vocab import load

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

OPTIONS = Options(methods=("slim",))
# What a hostile program may hold: ends of elements, comments and templates of HTML, and characters of every width
HOSTILE = '''"""</script><script>document.title = "owned"</script><!-- {{facts}} -->"""
import os, sys


def greet(name, mark="</style>"):  # <img src=x onerror=alert(1)>
    """Says hello: 😀 é 汉字."""
    text = "hello, " + name + mark
    return (text, os.sep)


class Counter:
    def add(self, amount=1):
        self.total = self.total + amount
        return self.total
'''
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


def summary_of(programs: list[Shown], model: str = "llama-3-1-8b") -> Summary:
    """A report on `programs`."""
    known = model_named(model)
    setting = Setting(model=known, site=site_of(known, "FRA"), price=prices()[model], calls=10)
    tokens = {form.name: sum(program.tokens[form.name] for program in programs) for form in forms(OPTIONS)}
    return summarise(tokens, forms(OPTIONS), setting, Counts(known.vocab, len(programs), 0, 1000 * len(programs)))


@pytest.fixture(scope="session")
def hostile() -> Shown:
    """The hostile program, shown."""
    return show("hostile </script>.py", HOSTILE, OPTIONS, load("o200k_base"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium; where there is none the test is skipped. Its event loop runs as long as it is there: for a file."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("no Chromium on this machine")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield opened
        opened.close()


def opened(browser: Browser, path: Path, **options: object) -> Page:
    """A page of the browser on a file; whatever it would load from elsewhere, and any error, fails the test at `close`."""
    page = browser.new_context(**options).new_page()  # type: ignore[arg-type]
    page.goto(path.as_uri())
    page.wait_for_selector(".row span")
    return page
