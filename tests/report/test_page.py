"""The page in a real browser: what it shows, how it answers to mouse, keys and search, and that 5 MB are no burden."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from page import READING, scrolled

from slimgrammar import encode, position_map
from slimgrammar.compact.categories import CATEGORIES
from slimgrammar.report.blocks import block
from slimgrammar.report.boundaries import token_ends
from slimgrammar.report.document import page as page_of
from slimgrammar.report.showing import Shown, View, show
from slimgrammar.vocab import load
from tests.report.conftest import HOSTILE, OPTIONS, opened, summary_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LEFT = ".side:not(.files) .pane >> nth=0"
RIGHT = ".side:not(.files) .pane >> nth=1"
NAMES = ("original", "python", "compact", "symbols", "slim, half kept")
SIMPLE = "def mean(values, default=0):\n    return sum(values) / len(values) if values else default\n"


@pytest.fixture
def report(browser: Browser, hostile: Shown, tmp_path: Path) -> Iterator[Page]:
    """The page of two programs, open; it must neither fail nor ask anything of a network."""
    simple = show("simple.py", SIMPLE, OPTIONS, load("o200k_base"))
    path = tmp_path / "report.html"
    path.write_text(page_of(summary_of([hostile, simple]), [hostile, simple]), encoding="utf-8")
    page = opened(browser, path, viewport={"width": 1300, "height": 900})
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: faults.append(request.url))
    yield page
    assert not faults
    page.context.close()


def text_of(page: Page, pane: str) -> str:
    """What a pane shows, its long lines put together again."""
    rows = page.locator(f"{pane} >> .row").evaluate_all("rows => rows.map(row => [row.dataset.line, row.textContent])")
    return "".join(f"\n{text}" if line else text for line, text in rows).removeprefix("\n")


def test_both_texts_stand_there_as_they_are(report: Page) -> None:
    assert text_of(report, LEFT).rstrip() == HOSTILE.rstrip()
    assert text_of(report, RIGHT) == encode(HOSTILE)
    assert report.title() == "slim report"
    assert report.locator("img").count() == 0


def test_every_token_has_a_piece_of_its_own(report: Page) -> None:
    ends = token_ends(load("o200k_base"), HOSTILE)
    assert ends is not None
    starts = {int(piece.get_attribute("data-at") or -1) for piece in report.locator(f"{LEFT} >> .row span").all()}
    beyond = HOSTILE.index("😀")  # offsets are the same up to there
    assert {0, *ends[ends < beyond].tolist()} <= starts


def test_pointing_at_a_token_marks_where_it_comes_from(report: Page) -> None:
    report.locator(f"{RIGHT} >> .row span", has_text="total").first.hover()
    assert report.locator(f"{LEFT} >> .pick").first.inner_text() in "self.total"
    assert "comes from line 13" in report.locator(".inspector").inner_text()


def test_what_the_grammar_implies_is_said_to_be(report: Page) -> None:
    report.locator(f"{LEFT} >> .row span", has_text=re.compile(r"^ \($")).first.hover()  # around a tuple
    assert "the grammar implies it" in report.locator(".inspector").inner_text()
    assert report.locator(f"{RIGHT} >> .pick").count() == 0


def test_pruning_shows_what_went_and_why(report: Page) -> None:
    report.get_by_role("radio", name="slim, half kept").click()
    gone = report.locator(f"{LEFT} >> .gone", has_text="=").first
    gone.wait_for()
    gone.hover()
    assert "dropped as punctuation" in report.locator(".inspector").inner_text()
    assert report.get_by_role("button", name="written").is_disabled()


def test_walking_by_keys_is_told_to_screen_readers(report: Page) -> None:
    report.locator(LEFT).focus()
    report.keyboard.press("ArrowRight")
    report.keyboard.press("ArrowRight")
    inspector = report.locator(".inspector")
    assert inspector.get_attribute("aria-live") == "polite"
    assert inspector.inner_text().startswith("Token 2 of original")
    for _ in range(2):  # the first line takes two rows
        report.keyboard.press("ArrowDown")
    assert "line 2" in inspector.inner_text()
    assert report.locator(LEFT).get_attribute("aria-label", timeout=1000) == f"original, {tokens_in(HOSTILE)} tokens"


def tokens_in(text: str) -> int:
    return len(load("o200k_base").encode(text))


def test_forms_are_chosen_by_keys(report: Page) -> None:
    report.locator('#forms [aria-checked="true"]').focus()
    report.keyboard.press("ArrowDown")
    assert report.locator('#forms [aria-checked="true"] span').first.inner_text() == "symbols"
    report.get_by_role("region", name="symbols,").wait_for()


def test_search_counts_and_goes_on_in_the_next_file(report: Page) -> None:
    search = report.get_by_label("Search the code")
    report.keyboard.press("/")
    assert search.evaluate("box => box === document.activeElement")
    search.fill("VALUES")
    report.locator(".list button", has_text="4×").wait_for()  # the other file
    assert report.locator(".hits").inner_text() == "0 hits"
    search.press("Enter")
    report.get_by_text("1 of 4").wait_for()
    report.locator(f"{LEFT} >> .hit").nth(3).wait_for()  # drawn with the next frame
    assert report.locator(f"{LEFT} >> .hit").count() >= 4
    search.fill("😀")
    assert report.locator(".list button").count() >= 1


def test_costs_and_their_bases_are_there(report: Page) -> None:
    report.get_by_role("button", name="written").click()
    assert report.locator("#dimensions .dimension").count() == 7
    report.locator("summary").click()
    assert "ecologits, for output tokens" in report.locator("#figures").inner_text()
    assert report.locator("#figures table").count() == 2
    for table in report.locator("#figures .scroll").all():  # they scroll sideways, so keys must reach them
        table.focus()
        assert table.evaluate("box => box === document.activeElement")


def test_light_and_dark(report: Page) -> None:
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    light = report.evaluate(ground)
    report.get_by_role("button", name="Dark").click()
    assert report.evaluate(ground) != light


def test_a_phone_needs_no_sideways_scrolling(report: Page) -> None:
    report.set_viewport_size({"width": 390, "height": 800})
    assert report.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_page_begins_at_its_top(browser: Browser, hostile: Shown, tmp_path: Path) -> None:
    """However far down the largest file stands in the list of files."""
    small = show("small.py", SIMPLE, OPTIONS, load("o200k_base"))
    programs = [*[small] * 80, hostile]
    path = tmp_path / "many.html"
    path.write_text(page_of(summary_of(programs), programs), encoding="utf-8")
    page = opened(browser, path, viewport={"width": 1300, "height": 700})
    assert page.evaluate("scrollY") == 0
    current = page.locator('.list [aria-current="true"]')
    assert current.evaluate("box => box.offsetTop - box.parentNode.offsetTop - box.parentNode.scrollTop") > 0
    assert current.evaluate("box => box.parentNode.scrollTop") > 0
    page.context.close()


def test_a_page_without_programs(browser: Browser, hostile: Shown, tmp_path: Path) -> None:
    path = tmp_path / "empty.html"
    path.write_text(page_of(summary_of([hostile]), []), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    page.get_by_text("no Python was found").wait_for()
    page.close()


def enlarged(source: str, times: int) -> Shown:
    """A program of `times` copies of `source`, from the parts of one: encoding 5 MB would take the test too long."""
    vocab = load("o200k_base")
    encoded = f"{encode(source)}\n"
    spans = np.array(position_map(source, encoded, "compact").spans)
    copies = np.arange(times)[:, None, None]
    sizes = np.array([len(source), len(source), len(encoded), len(encoded)])
    views = {}
    for name, text in (("original", source), ("compact", encoded)):
        ends = token_ends(vocab, text)
        assert ends is not None
        many = (ends + np.arange(times)[:, None] * len(text)).ravel()
        tiled = (spans + copies * sizes).reshape(-1, 4) if name == "compact" else None
        views[name] = View(len(many), [1.0] * len(CATEGORIES), block(text * times, many, spans=tiled))
    every = {
        name: views.get(name, views["original"]) for name in ("original", "python", "compact", "symbols", "slim, half kept")
    }
    tokens = {**{name: view.tokens for name, view in every.items()}, "canonical": 1, "canonical, no docstrings": 1}
    return Shown("huge.py", tokens, every)


def test_five_megabytes(browser: Browser, tmp_path: Path) -> None:
    source = HOSTILE * 100
    huge = enlarged(source, 5_000_000 // len(source) + 1)
    path = tmp_path / "huge.html"
    path.write_text(page_of(summary_of([huge]), [huge]), encoding="utf-8")
    page = opened(browser, path, viewport={"width": 1300, "height": 900})
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    assert paint < 2000
    pane = page.locator(LEFT)
    pane.hover()
    lines = HOSTILE.count("\n") * 100 * (5_000_000 // len(source) + 1)
    pane.evaluate("box => { box.scrollTop = box.scrollHeight; }")
    page.locator(f'{LEFT} >> .row[data-line="{lines}"]').wait_for()
    assert page.locator(".row").count() < 300
    page.locator(f"{RIGHT} >> .row span", has_text="total").first.wait_for()  # it has followed
    assert page.locator(RIGHT).evaluate("box => box.scrollTop / box.scrollHeight") > 0.9
    found = scrolled(page, pane, READING)
    assert found["frames"] > 20, found  # of 120: other work may share the machine
    assert found["layouts a frame"] < 3, found
    assert page.locator(".row").count() < 300
    page.context.close()


def test_a_line_of_many_thousands(browser: Browser, tmp_path: Path) -> None:
    long = show("long.py", f"x = '{'many words, ' * 30_000}'\n", OPTIONS, load("o200k_base"))
    path = tmp_path / "long.html"
    path.write_text(page_of(summary_of([long]), [long]), encoding="utf-8")
    page = opened(browser, path, viewport={"width": 1300, "height": 900})
    assert page.locator(".row").count() < 300
    page.context.close()
