"""A review that is quickly made, and a browser without a screen that looks at it."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
from starlette.types import ASGIApp

from evitable.codebook import default_codebook
from evitable.records import (
    Document,
    PaperCoding,
    Passage,
    Place,
    Prediction,
    Span,
    paper_id,
    passage_id,
)
from evitable.store import Workspace, open_workspace
from support.decisions import document_of
from support.results import Result, publish_results


class Visitor:
    """Asks an application as a browser at one address would.

    Args:
        app: The application.
        origin: The address, without a slash at its end.
    """

    def __init__(self, app: ASGIApp, origin: str) -> None:
        self.app = app
        self.origin = origin
        self.cookies = httpx.Cookies()

    def get(self, path: str, headers: Any = None) -> httpx.Response:
        """Ask for a page."""
        return self.request("GET", path, headers=headers)

    def request(self, method: str, path: str, headers: Any = None, **more: Any) -> httpx.Response:
        """Ask for anything; redirects are not followed."""

        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=("127.0.0.1", 50_000))
            async with httpx.AsyncClient(transport=transport, base_url=self.origin, cookies=self.cookies) as client:
                answer = await client.request(method, path, headers=headers, **more)
                self.cookies = client.cookies
                return answer

        return asyncio.run(asked())


BOOK = default_codebook()
GIVEN, DOUBTED = BOOK.codes_of(BOOK.dimension[-1].name)[:2]
"""Codes that the machine gives, or is unsure of; both may facilitate or hinder."""
OTHER = BOOK.codes_of(BOOK.dimension[0].name)[0]
"""A code that the machine never gives."""
PROBABILITY = 0.7319
"""Of what the machine gives: a number that stands nowhere else."""
MODEL = "m-of-the-test"


def made_review(folder: Path, papers: int = 2, length: int = 6, *, number: int = 1) -> Workspace:
    """Make a review of papers that no PDF is behind, and publish it, as a run would have.

    Of each six passages the machine gives a code to the first three, and is unsure of another one on the first two.

    Args:
        folder: Made if need be.
        papers: Studies, of one paper each.
        length: Passages of each.
        number: Of the run.
    """
    (folder / "corpus").mkdir(parents=True, exist_ok=True)
    (folder / "outputs").mkdir(exist_ok=True)
    (folder / "review.toml").write_text('title = "Meetings of groups"\n', encoding="utf-8")
    workspace = open_workspace(folder)
    results = []
    for at in range(1, papers + 1):
        sha = hashlib.sha256(str(at).encode()).hexdigest()
        document = document_of(paper_id(sha), _paragraphs(at, length))
        passages = tuple(_passages(document))
        said = tuple(one for place, passage in enumerate(passages) for one in _said(place, passage))
        coding = PaperCoding(paper_id=document.paper_id, predictions=said)
        path, study = f"group-{at}.pdf", f"Group {at}"
        results.append(Result(document.paper_id, path, f"s{at}", study, passages, coding, document, sha))
    publish_results(workspace, results, run=f"run-{number}", codebook_version=BOOK.digest, model_id=MODEL)
    return workspace


def _paragraphs(paper: int, length: int) -> list[list[str]]:
    """Give the paragraphs of each page, six to a page."""
    made = [
        f"Meeting {at} of group {paper} began on time, and those who had come said what they had hoped for & feared."
        for at in range(1, length + 1)
    ]
    return [made[at : at + 6] for at in range(0, length, 6)]


def _passages(document: Document) -> Iterator[Passage]:
    for block in document.blocks:
        text = document.text[block.start : block.end]
        [line] = block.lines
        yield Passage(
            id=passage_id(document.paper_id, text, 0),
            paper_id=document.paper_id,
            start=block.start,
            end=block.end,
            text=text,
            section=("Findings",),
            section_kind="findings",
            places=(Place(page=line.page, box=line.box),),
            page_labels=(str(100 + line.page),),
        )


def _said(at: int, passage: Passage) -> Iterator[Prediction]:
    usual = Prediction(
        passage_id=passage.id,
        dimension=GIVEN.dimension,
        code=GIVEN.name,
        probability=PROBABILITY,
        polarity="facilitates",
        words=(Span(start=0, end=7, text=passage.text[:7]),),
        model_id=MODEL,
        codebook_version=BOOK.digest,
    )
    if at % 6 < 3:
        yield usual
    if at % 6 < 2:
        yield msgspec.structs.replace(
            usual, code=DOUBTED.name, probability=0.3 + at / 10_000, unsure=True, words=(), polarity=None
        )
