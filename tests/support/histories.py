"""Made-up runs for the history of a review."""

from __future__ import annotations

import msgspec

from evitable.records import CellState, PublishedRun, RunPaper, Snapshot, StudyState
from evitable.store import History
from support.runs import new_identity


def new_study(study_id: str, quote: str = "They met – at last – in 東京.", cells: int = 1) -> StudyState:
    """Make a study of one paper."""
    paper = RunPaper(paper_id=f"p{study_id}", path=f"Ahn 2019/{study_id}.pdf")
    cell = CellState(
        dimension="phase",
        code="design",
        passages=2,
        verified=1,
        polarity=(1, 0, 1),
        best=0.875,
        quote=quote,
        pages="3–4",
    )
    every = tuple(msgspec.structs.replace(cell, code=f"design{number}") for number in range(cells))
    return StudyState(study_id=study_id, key=f"Ahn {study_id}", papers=(paper,), cells=every)


def new_snapshot(number: int, *studies: StudyState) -> Snapshot:
    """Make a run of these studies."""
    run = PublishedRun(
        number=number,
        identity=new_identity(),
        started="2026-03-01T10:00:00+00:00",
        seconds=1.5,
        counts={"studies": len(studies)},
    )
    return Snapshot(run=run, studies=tuple(sorted(studies, key=lambda study: study.study_id)))


def publish_snapshot(history: History, snapshot: Snapshot, token: str = "") -> None:
    """Publish a run that has no files."""
    with history.publishing(snapshot, token or f"token {snapshot.run.number}"):
        pass
