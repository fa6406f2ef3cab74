"""CPU and memory of the outputs of a big review: `PYTHONPATH=tests python -m benchmarks.bench_export 1000 104000`.

The review is made up, with about 100 words a quote, and each measurement is taken in a process of its own that has read
the finished tables from a file. Memory is the peak of the process above what it held before, so with the records in it.
Names of kinds behind the numbers measure these kinds alone.
"""

from __future__ import annotations

import ctypes
import gc
import itertools
import math
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from evitable.export import KINDS
from evitable.export.review import Review
from evitable.records import Coding, Document, Evidence, Passage, Reference
from support.review import big_review, small_review

ROOT = Path(__file__).parents[2]
EXPORTERS = {kind.name: kind for kind in KINDS if kind.exporter}
LIMITS = {"xlsx": (15.0, 60.0)}
"""CPU seconds and megabytes for 100,000 codings."""
_BETWEEN = "\n\n"


@dataclass(frozen=True)
class Texts:
    """The papers' texts: their quotes, one below the other."""

    quotes: dict[str, dict[str, str]]

    def document(self, paper_id: str) -> Document | None:
        text = _BETWEEN.join(self.quotes[paper_id].values())
        return Document(
            paper_id=paper_id, text=text, pages=(), blocks=(), metadata=Reference(), extractor="benchmark 1"
        )

    def passages(self, paper_id: str) -> tuple[Passage, ...]:
        return ()


def quotes_of(evidence: Evidence) -> dict[str, dict[str, str]]:
    """Give the quotes of each paper by passage, in order."""
    quotes: dict[str, dict[str, str]] = defaultdict(dict)
    for coding in evidence.codings:
        quotes[coding.paper_id].setdefault(coding.passage_id, coding.quote)
    return quotes


def make(path: Path, studies: int, codings: int) -> None:
    """Write the evidence of a big review to a file."""
    evidence = big_review(studies, codings).evidence
    chance = random.Random(1)
    # As in English, a word is the rarer the farther back it stands (Zipf), and rare words are longer.
    words = ["".join(chance.choices("etaoinshrdlucmfw", k=2 + rank.bit_length() // 2)) for rank in range(1, 20_001)]
    often = list(itertools.accumulate(1 / rank for rank in range(1, 20_001)))
    quotes = {
        paper: {
            passage: " ".join(chance.choices(words, cum_weights=often, k=chance.randint(40, 160))) for passage in mine
        }
        for paper, mine in quotes_of(evidence).items()
    }
    changed = tuple(_placed(evidence, quotes))
    path.write_bytes(msgspec.msgpack.encode(msgspec.structs.replace(evidence, codings=changed)))


def _placed(evidence: Evidence, quotes: dict[str, dict[str, str]]) -> Iterator[Coding]:
    """Give the codings with other quotes, at their places in the papers' texts."""
    starts = {
        passage: start
        for mine in quotes.values()
        for passage, start in zip(
            mine, itertools.accumulate((len(quote) + len(_BETWEEN) for quote in mine.values()), initial=0), strict=False
        )
    }
    for coding in evidence.codings:
        quote, start = quotes[coding.paper_id][coding.passage_id], starts[coding.passage_id]
        yield msgspec.structs.replace(
            coding, quote=quote, start=start, end=start + len(quote), section=("Findings", "How it went")
        )


def measure(path: str | Path, exporter: str) -> int:
    """Print CPU seconds, megabytes above the records, and megabytes of the files; 1 where a limit is broken."""
    small = small_review()
    evidence = msgspec.msgpack.decode(Path(path).read_bytes(), type=Evidence)
    review = Review(evidence, small.codebook, small.run, "Big", small.model, Texts(quotes_of(evidence)))
    export = EXPORTERS[exporter].load()
    list(export(small))  # libraries are loaded
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak is counted from here
    before, start = _memory("VmRSS"), time.process_time()
    size = sum(len(contents) for _, contents in export(review))
    seconds, above = time.process_time() - start, _memory("VmHWM") - before
    print(f"{exporter}: {len(evidence.codings):,} codings of {len(evidence.studies):,} studies")
    print(f"{seconds:.1f} s, {above:.1f} MB above the {before:.0f} MB with the records, {size / 1e6:.1f} MB written")
    most_seconds, most_memory = LIMITS.get(exporter, (math.inf, math.inf))
    return int(seconds > most_seconds or above > most_memory)


def _memory(what: str) -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what)) / 1024


def main() -> int:
    """Measure exporters, each in a fresh process."""
    studies, codings = (int(number) for number in (*sys.argv[1:3], *("1000", "104000")[len(sys.argv[1:3]) :]))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "evidence.msgpack"
        make(path, studies, codings)
        failed = [exporter for exporter in sys.argv[3:] or EXPORTERS if _run(path, exporter)]
    if failed:
        print("over the limit:", *failed)
    return int(bool(failed))


def _run(path: Path, exporter: str) -> int:
    """Measure in a fresh process."""
    code = f"import sys; from benchmarks.bench_export import measure; sys.exit(measure({str(path)!r}, {exporter!r}))"
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT / "tests", check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
