"""The texts and predictions behind the published run, as its cache holds them."""

from __future__ import annotations

from functools import cached_property
from typing import TypeVar

import msgspec

from evitable.errors import UserError
from evitable.records import (
    Document,
    PaperCoding,
    Passage,
    Passages,
    PublishedPaper,
    PublishedPapers,
    QuoteChecks,
    QuoteMatch,
    Record,
    decode,
)
from evitable.settings import Settings
from evitable.store.cache import Cache
from evitable.store.places import cache_place
from evitable.store.workspace import Workspace, read_bytes

R = TypeVar("R", bound=Record)

PAPERS_FILE = "papers.json"
"""Which papers the published run has, and where their texts are; in `outputs/`."""


class Published:
    """The papers of the published run: their passages, predictions and texts, read when they are asked for."""

    def __init__(self, record: PublishedPapers, cache: Cache) -> None:
        self.record = record
        self._cache = cache

    @property
    def papers(self) -> tuple[PublishedPaper, ...]:
        """The papers, in the study table's order."""
        return self.record.papers

    @cached_property
    def by_id(self) -> dict[str, PublishedPaper]:
        """The papers by id."""
        return {paper.paper_id: paper for paper in self.papers}

    def passages(self, paper_id: str) -> tuple[Passage, ...]:
        """Give the passages of a paper, in order.

        Raises:
            UserError: They are not there any more.
        """
        return self._get("segment", paper_id, Passages).passages

    def coding(self, paper_id: str) -> PaperCoding:
        """Give the machine's predictions of a paper.

        Raises:
            UserError: They are not there any more.
        """
        return self._get("classify", paper_id, PaperCoding)

    def matches(self, paper_id: str) -> dict[str, QuoteMatch]:
        """Give how the quotes of a paper were found on its pages, by passage id; none where that was not checked."""
        checks = self._cache.get("check", self.by_id[paper_id].keys["check"], QuoteChecks)
        return checks.matches if checks else {}

    def document(self, paper_id: str) -> Document:
        """Give the text of a paper.

        Raises:
            UserError: It is not there any more.
        """
        return self._get("extract", paper_id, Document)

    def _get(self, stage: str, paper_id: str, kind: type[R]) -> R:
        paper = self.by_id[paper_id]
        found = self._cache.get(stage, paper.keys[stage], kind)
        if found is None:
            raise UserError(
                f"The text of {paper.path} is not in the cache any more.",
                "Run `evitable run`: what is missing is made again.",
            )
        return found


def open_published(workspace: Workspace, settings: Settings) -> Published:
    """Open the papers of the published run.

    Raises:
        UserError: Nothing is published yet, or by an older version of the program.
    """
    path = workspace.outputs / PAPERS_FILE
    if not path.exists():
        raise UserError("There is no published run to work on.", f"Run `evitable run {workspace.root.name}` first.")
    try:
        record = decode(read_bytes(path), PublishedPapers)
    except msgspec.DecodeError as error:
        raise UserError(f"{path} is damaged.", "Delete it, and run `evitable run`, which writes it again.") from error
    return Published(record, Cache(cache_place(workspace, settings)))
