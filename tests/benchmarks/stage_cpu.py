"""CPU seconds by stage against pdfminer.six's own `extract_text` on the same files, in one process, as JSON.

`PYTHONPATH=tests python -m benchmarks.stage_cpu FOLDER` takes the PDFs below a folder through the stages, and gives
each to the peer too, now before and now after, so that both see the same noise of the machine. With `--peer` only the
peer reads them, in as many processes as a run has workers, for the cost of that as a whole.
"""

from __future__ import annotations

import io
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TypeVar

from pdfminer.high_level import extract_text

T = TypeVar("T")


class Stages:
    """The stages of a paper, with the CPU seconds that each has taken."""

    def __init__(self) -> None:
        from evitable.classify.attributes import AttributeFinder
        from evitable.flows.config import classifier_of, shipped_config
        from evitable.segment.sentences import sentence_pipeline

        config = shipped_config()
        self._nlp = sentence_pipeline()
        self._classifier = classifier_of(config)
        self._finder = AttributeFinder(config.codebook)
        self.seconds: Counter[str] = Counter()

    def read(self, data: bytes) -> None:
        """Take one paper through all stages."""
        from evitable.classify.paper import classify_paper
        from evitable.extract.check import check_quotes
        from evitable.extract.paper import extract_document
        from evitable.segment.passages import segment_document

        document = self._timed("extract", lambda: extract_document(data, "p"))
        passages = self._timed("segment", lambda: segment_document(document, self._nlp))
        title = document.metadata.title
        coding = self._timed(
            "classify", lambda: classify_paper(document, passages, title, self._classifier, self._finder)
        )
        self._timed("check", lambda: check_quotes(data, document, passages, coding))

    def peer(self, data: bytes) -> None:
        """Have the peer read it."""
        self._timed("extract_text", lambda: extract_text(io.BytesIO(data)))

    def _timed(self, name: str, work: Callable[[], T]) -> T:
        start = time.process_time()
        made = work()
        self.seconds[name] += time.process_time() - start
        return made


def main() -> int:
    """Measure, and print one JSON object."""
    paths = sorted(Path(sys.argv[1]).rglob("*.pdf"))
    if "--peer" in sys.argv:
        with ProcessPoolExecutor(os.cpu_count()) as processes:
            list(processes.map(extract_text, paths))
        return 0
    papers = [path.read_bytes() for path in paths]
    stages = Stages()
    for way in (stages.read, stages.peer):  # what is loaded at first use
        way(papers[0])
    stages.seconds.clear()
    for number, data in enumerate(papers):
        ways = (stages.read, stages.peer)
        for way in ways if number % 2 else reversed(ways):
            way(data)
    print(json.dumps({"papers": len(papers), **{name: round(took, 3) for name, took in stages.seconds.items()}}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
