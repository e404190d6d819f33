"""How the page of `slim report --html` bears 5 MB of source: its size, first paint, and frames while it is scrolled.

    python bench/page.py [--megabytes 5] [--one-file]

The standard library of the running interpreter, sampled, as many files or joined into one. Needs slimgrammar[report],
playwright and a Chromium on the path. Times are of a headless browser without a graphics card, on this machine.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import inputs

from slimgrammar.report.dimensions import Setting
from slimgrammar.report.document import page
from slimgrammar.report.forms import Options, forms
from slimgrammar.report.models import model_named, prices
from slimgrammar.report.showing import Shown, show
from slimgrammar.report.site import site_of
from slimgrammar.report.summary import Counts, summarise
from slimgrammar.vocab import load

MODEL = model_named("llama-3-1-8b")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync")
# Scrolls for two seconds at so many pixels a second, and gives the milliseconds between frames.
SCROLL = """([box, speed]) => new Promise(done => {
  const frames = [], start = performance.now(); let before = start;
  const step = now => {
    frames.push(now - before); before = now;
    box.scrollTop = speed * (now - start) / 1000;
    if (now - start < 2000) requestAnimationFrame(step); else done(frames.slice(1));
  };
  requestAnimationFrame(step);
})"""
READING = 3000  # pixels a second: a hand on a wheel


def programs(megabytes: float, *, one_file: bool) -> list[Shown]:
    found = inputs.read_programs(inputs.sample(inputs.stdlib_files(), megabytes=megabytes, seed=1))
    texts = {program.path.name: program.text for program in found if not one_file or "from __future__" not in program.text}
    if one_file:
        texts = {"one.py": "\n".join(texts.values())}
    vocab, options = load(MODEL.vocab), Options(methods=("slim",))
    return [show(name, text, options, vocab) for name, text in texts.items()]


def page_of(shown: list[Shown]) -> str:
    options = Options(methods=("slim",))
    tokens = {form.name: sum(program.tokens[form.name] for program in shown) for form in forms(options)}
    setting = Setting(model=MODEL, site=site_of(MODEL), price=prices().get(MODEL.name))
    return page(summarise(tokens, forms(options), setting, Counts(MODEL.vocab, len(shown), 0, 0)), shown)


def measure(path: Path, screenshot: Path | None = None) -> dict[str, float]:
    from playwright.sync_api import sync_playwright

    browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser_path is None:
        sys.exit("no Chromium on the path")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=list(FLAGS))
        opened = browser.new_page(viewport={"width": 1400, "height": 900})
        start = time.perf_counter()
        opened.goto(path.as_uri())
        opened.wait_for_selector(".row span")
        code_after = 1000 * (time.perf_counter() - start)
        paint = opened.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
        pane = opened.locator(".side:not(.files) .pane").first
        pane.hover()
        whole = pane.evaluate("box => box.scrollHeight / 2")
        paces = {"reading": scrolled(opened, pane, READING), "top to bottom": scrolled(opened, pane, whole)}
        rows = opened.locator(".row").count()
        if screenshot is not None:
            opened.screenshot(path=screenshot)
        browser.close()
    return {
        "first paint, ms": paint,
        "code in sight after, ms": code_after,
        **{f"{name}: {what}": value for name, found in paces.items() for what, value in found.items()},
        "rows in the document": rows,
    }


def scrolled(opened: Any, pane: Any, speed: float) -> dict[str, float]:
    """Frames of two seconds of scrolling, and the processor time of the page's main thread for each."""
    session = opened.context.new_cdp_session(opened)
    session.send("Performance.setTimeDomain", {"timeDomain": "threadTicks"})
    session.send("Performance.enable")
    before = metrics(session)
    frames: list[float] = opened.evaluate(SCROLL, [pane.element_handle(), speed])
    after = metrics(session)
    session.detach()
    return {
        "frames": len(frames),
        "median ms": statistics.median(frames),
        "95th percentile ms": statistics.quantiles(frames, n=20)[-1],
        "longest ms": max(frames),
        "work a frame ms": 1000 * (after["TaskDuration"] - before["TaskDuration"]) / len(frames),
        "layouts a frame": (after["LayoutCount"] - before["LayoutCount"]) / len(frames),
    }


def metrics(session: Any) -> dict[str, float]:
    """What the browser has counted so far."""
    return {metric["name"]: float(metric["value"]) for metric in session.send("Performance.getMetrics")["metrics"]}


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--megabytes", type=float, default=5.0, metavar="N", help="of source")
    parser.add_argument("--one-file", action="store_true", help="all of it in one file")
    parser.add_argument("--screenshot", type=Path, metavar="PNG", help="what the browser shows in the end")
    options = parser.parse_args(arguments)
    start = time.perf_counter()
    html = page_of(programs(options.megabytes, one_file=options.one_file))
    built = time.perf_counter() - start
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.html"
        path.write_text(html, encoding="utf-8")
        found = measure(path, options.screenshot)
    print(f"{'page, MB':33} {len(html) / 1e6:8.1f}")
    print(f"{'built in, s':33} {built:8.1f}")
    for name, value in found.items():
        print(f"{name:33} {value:8.1f}")


if __name__ == "__main__":
    main()
