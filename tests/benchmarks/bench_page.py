"""How long the review page takes to answer: `PYTHONPATH=tests python -m benchmarks.bench_page [PAPERS] [PASSAGES]`.

Serves a made-up review within this process (500 papers of 60 passages, unless told otherwise) and asks for each kind of
page. Milliseconds of the server; the median and the slowest of several requests.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from evitable.web.pictures import Pictures
from support.at_the_page import Opened, Person, accept
from support.page import made_review

_TIMES = 15
_QUEUES = ("uncertain", "useful", "study", "reading", "code", "sample", "blind", "conflicts", "orphans")


def measured(ask: Callable[[int], object], times: int = _TIMES) -> tuple[float, float]:
    """Give the median and the slowest of several requests, in milliseconds."""
    found = []
    for number in range(times):
        start = time.perf_counter()
        ask(number)
        found.append(1000 * (time.perf_counter() - start))
    return statistics.median(found), max(found)


def main() -> int:
    """Measure, and print a table."""
    papers, passages = (int(text) for text in (*sys.argv[1:3], "500", "60")[:2])
    with tempfile.TemporaryDirectory() as folder, Pictures(children=1) as pictures:
        workspace = made_review(Path(folder) / "review", papers, passages)
        start = time.perf_counter()
        page = Opened(workspace, pictures)
        took = 1000 * (time.perf_counter() - start)
        print(f"{'start':<22}{took:>8.0f} ms, once: {papers} papers, {papers * passages} passages")
        ada = Person(page, "ada")
        places = page.addresses()
        kinds: dict[str, Callable[[int], object]] = {
            "front page": lambda _: ada.get("/"),
            "passage": lambda number: ada.get(places[number * 37 % len(places)] + "?queue=uncertain"),
            "decision": lambda number: ada.decide(places[number * 60 % len(places)], accept()),
            **{f"queue {name}": lambda _, name=name: ada.get(f"/queue/{name}") for name in _QUEUES},  # type: ignore[misc]
        }
        for name, ask in kinds.items():
            middle, slowest = measured(ask)
            print(f"{name:<22}{middle:>8.0f} ms   slowest {slowest:>6.0f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
