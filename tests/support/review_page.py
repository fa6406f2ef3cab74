"""A small published review with made-up papers, and the real page over it in a process of its own."""

from __future__ import annotations

import hashlib
import queue
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from evitable.codebook import Code, default_codebook
from evitable.extract.paper import extract_document
from evitable.records import (
    Decision,
    PaperCoding,
    Passage,
    Prediction,
    Span,
    paper_id,
)
from evitable.segment.passages import segment_document
from evitable.segment.sentences import sentence_pipeline
from evitable.settings import Settings
from evitable.store import open_workspace
from evitable.store.decisions import open_decisions
from evitable.store.published import open_published
from support.papers import paper_pdf
from support.prose import PARAGRAPHS
from support.results import Result, publish_results

HOSTILE = (
    "One member wrote on the wall <img src=x onerror=\"document.title='broken'\"> and below it "
    "<script>document.title='broken'</script> and nobody of the group could say what either of the two lines meant."
)
"""A paragraph of a paper that would run in a browser if it were not escaped."""
MODEL = "m-of-the-test"
PROBABILITY = 0.7319
"""Of the first machine's code of each passage: a number that stands nowhere else."""
BOOK = default_codebook()
FIRST, SECOND = (BOOK.codes_of(dimension.name)[0] for dimension in (BOOK.dimension[0], BOOK.dimension[-1]))
"""Codes that the machine gives by turns; the second has a polarity."""
OTHER = BOOK.codes_of(BOOK.dimension[-1].name)[2]
"""A code that the machine never gives."""


class Served:
    """The page as it is served, by a process of its own.

    Attributes:
        folder: Of the review.
        said: What the process has printed, line by line.
    """

    def __init__(self, folder: Path, process: subprocess.Popen[str]) -> None:
        self.folder = folder
        self.said: list[str] = []
        self._process = process
        self._addresses: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self._first = self.invitation()
        self._addresses.put(self._first)

    @property
    def origin(self) -> str:
        """Give the address without any path."""
        return "/".join(self._first.split("/")[:3])

    def invitation(self) -> str:
        """Give an address with a token that nobody has used: each opens one browser."""
        with suppress(queue.Empty):
            if address := self._addresses.get(timeout=30):
                return address
        raise RuntimeError("the page gave no address:\n" + "".join(self.said))

    def decisions(self) -> tuple[Decision, ...]:
        """Give all decisions on the disk, in order."""
        return open_decisions(open_workspace(self.folder)).read()

    def _read(self) -> None:
        for line in self._process.stdout or ():
            self.said.append(line)
            if found := re.search(r"http://\S+", line):
                self._addresses.put(found[0].rstrip(".,"))
        self._addresses.put("")  # it has ended


def paragraphs(paper: int, number: int) -> list[str]:
    """Make so many paragraphs, no two alike in the whole review."""
    made = [
        f"Meeting {at + 1} of group {paper} began on time. {PARAGRAPHS[(at + paper) % len(PARAGRAPHS)]}"
        for at in range(number)
    ]
    return [*made[:1], HOSTILE, *made[1:]] if paper == 1 else made


def published_review(folder: Path, *, papers: int = 3, length: int = 24, coded: bool = True, number: int = 1) -> None:
    """Make a review and publish it, as a run would have.

    Args:
        folder: Made if need be.
        papers: Studies, of one paper each.
        length: Paragraphs of each paper; the first paper has the hostile one besides.
        coded: Whether the machine says anything: two of three passages carry a code, every second of these another one
            of which it is unsure.
        number: Of the run.
    """
    (folder / "corpus").mkdir(parents=True, exist_ok=True)
    (folder / "outputs").mkdir(exist_ok=True)
    (folder / "review.toml").write_text('title = "Meetings of groups"\n', encoding="utf-8")
    papers_made = [_paper(at, length, coded) for at in range(1, papers + 1)]
    for pdf, result in papers_made:
        (folder / "corpus" / result.path).write_bytes(pdf)
    results = [result for _, result in papers_made]
    publish_results(open_workspace(folder), results, run=f"run-{number}", codebook_version=BOOK.digest, model_id=MODEL)


def _paper(at: int, length: int, coded: bool) -> tuple[bytes, Result]:
    """Give the file of a paper, and what a run has of it."""
    pdf = paper_pdf(paragraphs(at, length))
    sha = hashlib.sha256(pdf).hexdigest()
    document = extract_document(pdf, paper_id(sha))
    passages = segment_document(document, sentence_pipeline())
    said = [one for number, passage in enumerate(passages) for one in _said(number, passage)] if coded else []
    coding = PaperCoding(paper_id=document.paper_id, predictions=tuple(said))
    path, study = f"group-{at}.pdf", f"Group {at}"
    return pdf, Result(document.paper_id, path, f"sgroup{at}", study, passages, coding, document, sha)


def _said(number: int, passage: Passage) -> Iterator[Prediction]:
    if number % 3 == 0:
        return
    words = Span(start=0, end=7, text=passage.text[:7])
    yield _prediction(passage, FIRST, PROBABILITY, words=words)
    if number % 2:
        yield _prediction(passage, SECOND, 0.3 + number / 1000, unsure=True)


def _prediction(
    passage: Passage, code: Code, probability: float, *, words: Span | None = None, unsure: bool = False
) -> Prediction:
    return Prediction(
        passage_id=passage.id,
        dimension=code.dimension,
        code=code.name,
        probability=probability,
        polarity="facilitates" if BOOK.has_polarity(code.name) else None,
        unsure=unsure,
        words=(words,) if words else (),
        model_id=MODEL,
        codebook_version=BOOK.digest,
    )


def free_port() -> int:
    """Give a port on which nothing listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def served(folder: Path, *arguments: str) -> Iterator[Served]:
    """Serve a review by `evitable review` until the block ends."""
    command = [sys.executable, "-m", "evitable", "review", str(folder), "--no-browser", *arguments]
    with subprocess.Popen(
        [*command, "--port", str(free_port())], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield Served(folder, process)
        finally:
            process.terminate()
            process.wait(timeout=10)


def passages_of(folder: Path) -> list[Passage]:
    """Give all passages of a review, in order."""
    published = open_published(open_workspace(folder), Settings())
    return [passage for paper in published.papers for passage in published.passages(paper.paper_id)]


def decided(folder: Path, *decisions: Decision) -> None:
    """Add decisions to a review's log, as somebody in another program would."""
    open_decisions(open_workspace(folder)).add(decisions)


def outlines(decisions: Sequence[Decision]) -> list[tuple[str, str, str]]:
    """Give who decided what on which code, in order."""
    return [(one.coder, one.verdict, one.code) for one in decisions]
