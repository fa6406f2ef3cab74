"""The results of a published run, as the cache and the list of papers have them, without a run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from evitable.records import (
    Document,
    PaperCoding,
    Passage,
    Passages,
    PublishedPaper,
    PublishedPapers,
    QuoteChecks,
    Record,
    digest,
    encode,
)
from evitable.store import Cache, Workspace
from evitable.store.published import PAPERS_FILE


class Result(NamedTuple):
    """What a run has of one paper: a study of its own.

    Attributes:
        paper_id: The paper.
        path: Its file.
        study_id: The study.
        study: Its short name.
        passages: In order.
        coding: What the machine says, where anything asks for that.
        document: Its text, where anything asks for that.
        sha256: Of the file.
    """

    paper_id: str
    path: str
    study_id: str
    study: str
    passages: tuple[Passage, ...]
    coding: PaperCoding | None = None
    document: Document | None = None
    sha256: str = "0"


def publish_results(
    workspace: Workspace,
    results: Iterable[Result],
    *,
    run: str = "run-1",
    title: str = "Meetings of groups",
    codebook_version: str = "c1",
    model_id: str = "m1",
) -> None:
    """Leave what a published run leaves for those who work on it."""
    cache, listed = Cache(workspace.cache), []
    for result in results:
        name = result.paper_id
        records: dict[str, Record | None] = {
            "extract": result.document,
            "segment": Passages(paper_id=name, passages=result.passages),
            "classify": result.coding,
            "check": QuoteChecks(paper_id=name, matches={}),
        }
        there = {stage: record for stage, record in records.items() if record is not None}
        keys = {stage: digest("k", encode(record)) for stage, record in there.items()}
        for stage, record in there.items():
            cache.put(stage, keys[stage], record)
        listed.append(
            PublishedPaper(
                paper_id=name,
                path=result.path,
                sha256=result.sha256,
                study_id=result.study_id,
                study=result.study,
                keys=keys,
            )
        )
    published = PublishedPapers(
        run_id=run, title=title, codebook_version=codebook_version, model_id=model_id, papers=tuple(listed)
    )
    workspace.outputs.mkdir(exist_ok=True)
    (workspace.outputs / PAPERS_FILE).write_bytes(encode(published))
