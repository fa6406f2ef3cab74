"""The report in Chromium: `PYTHONPATH=tests .venv/bin/python -m benchmarks.bench_report`.

Prints how long it takes to make the page, its size, how long a fresh browser takes until the page answers (script at
its end, study table filled), and how long search, filter, sorting, a row and a cell take until the next frame is drawn:
medians of five. Passages are as long as those of real papers. Exits with 1 where a limit is missed.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import msgspec
from playwright.sync_api import Playwright, sync_playwright
from rich.console import Console
from rich.table import Table

from evitable.export.report import report
from evitable.export.review import Review
from support.browser import ARGUMENTS, chromium
from support.review import big_review

ROUNDS = 5
OPEN = 2000
"""Milliseconds until the page answers (issue 5)."""
ACT = 150
"""Milliseconds in which a person calls an answer instant."""
FIRST = "search in all quotes, the first time"
LONGER = 300
"""Milliseconds for it: all quotes are read once. Whoever ticks the box before typing has them read meanwhile."""
MORE = " Staff said that it took weeks until the neighbours trusted it, and “a naïve plan” was dropped — twice."

_NAVIGATION = """() => {
  const at = (kind, name) => performance.getEntriesByType(kind).find((entry) => !name || entry.name === name);
  const navigation = at("navigation");
  return {
    "first paint": at("paint", "first-contentful-paint").startTime,
    "page answers": at("mark", "ready").startTime,
    "DOMContentLoaded": navigation.domContentLoadedEventEnd,
  };
}"""
_ACTION = """async (address) => {
  const drawn = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  await drawn();
  const start = performance.now();
  const changed = new Promise((done) => addEventListener("hashchange", done, { once: true }));
  location.hash = address;
  await changed;
  await drawn();
  return performance.now() - start;
}"""


def long_passages(review: Review) -> Review:
    """Make each passage some 800 characters long."""
    codings = tuple(
        msgspec.structs.replace(coding, quote=coding.quote + MORE * 5) for coding in review.evidence.codings
    )
    evidence = msgspec.structs.replace(review.evidence, codings=codings)
    return Review(evidence, review.codebook, review.run, review.title, review.model, review.sources)


def actions(review: Review) -> dict[str, str]:
    """Give what a reviewer does most, each as an address of the page: a state is reached the same way by hand."""
    codes = [code.name for code in review.codebook.code]
    fullest = max(review.evidence.map, key=lambda cell: cell.studies, default=None)
    return {
        "search for a word that few have": "#studies?q=author00099",
        "search for a word that all have": "#studies?q=author",
        "filter by a code": f"#studies?d.{review.codebook.code[0].dimension}={codes[0]}",
        "filter by years, not verified": "#studies?from=2000&to=2010&unverified=1",
        "sort by study, downwards": "#studies?sort=-key",
        "sort by passages of a dimension": f"#studies?sort=-d.{review.codebook.dimension[0].name}",
        "back to no filter": "#studies?sort=key",
        FIRST: "#studies?q=naive&quotes=1",
        "search in all quotes, then": "#studies?q=neighbours+weeks&quotes=1",
        "open a row": f"#study/{review.evidence.studies[3].study_id}",
        "open the fullest cell": "#cell/" + "+".join(fullest.codes if fullest else codes[:1]),
        "open all quotes of a code": f"#cell/{codes[0]}",
    }


def measure(playwright: Playwright, file: Path, wanted: Mapping[str, str]) -> dict[str, float]:
    """Open the page in a fresh browser and go through the states once."""
    browser = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.goto(file.as_uri(), wait_until="load")
    found = {name: float(value) for name, value in page.evaluate(_NAVIGATION).items()}
    page.locator("#studies").scroll_into_view_if_needed()
    for name, address in wanted.items():
        found[name] = float(page.evaluate(_ACTION, address))
    browser.close()
    return found


def main() -> int:
    """Measure, print, compare with the limits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--studies", type=int, default=500)
    parser.add_argument("--codings", type=int, default=20_800)
    options = parser.parse_args()
    review = long_passages(big_review(options.studies, options.codings))
    start = time.perf_counter()
    [(name, data)] = list(report(review))
    made = time.perf_counter() - start
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / name
        file.write_bytes(data)
        rounds = [measure(playwright, file, actions(review)) for _ in range(ROUNDS)]
    console = Console()
    console.print(
        f"{len(review.evidence.studies):,} studies, {len(review.evidence.codings):,} codings: {made:.2f} s to make, "
        f"{len(data) / 1e6:.1f} MB"
    )
    table = Table("", "median, ms", "worst, ms", "limit, ms")
    missed = 0
    for key in rounds[0]:
        times = [found[key] for found in rounds]
        limit = {"first paint": OPEN, "page answers": OPEN, "DOMContentLoaded": OPEN, FIRST: LONGER}.get(key, ACT)
        missed += statistics.median(times) > limit
        table.add_row(key, f"{statistics.median(times):.0f}", f"{max(times):.0f}", str(limit))
    console.print(table)
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
