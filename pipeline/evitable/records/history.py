"""What is kept of each published run, and what one run changed of another."""

from __future__ import annotations

from typing import Literal

import msgspec

from evitable.records.base import FORMAT, Record
from evitable.records.run import RunIdentity

Change = Literal["new", "changed", "lost", "unchanged"]
Cause = Literal[
    "first run",
    "new paper",
    "paper removed",
    "papers of the study changed",
    "decision",
    "new codebook",
    "new model",
    "new settings",
    "new references",
    "new version of the program",
]
"""Why a cell is not what it was. Of a study whose papers are the same, all that differs between the runs is named."""


class PublishedRun(Record, frozen=True, kw_only=True):
    """One published run, in short.

    Attributes:
        number: 1 for the first run of a review; one more for each that was published since.
        identity: What decided its results; the papers are in the studies.
        started: UTC time in ISO form, by the clock of the machine; order is by number, since clocks jump.
        seconds: Wall time.
        counts: As in the run's record.
    """

    number: int
    identity: RunIdentity
    started: str
    seconds: float
    counts: dict[str, int]


class RunPaper(Record, frozen=True, kw_only=True):
    """A paper of a published study: id and path at that time."""

    paper_id: str
    path: str


class CellState(Record, frozen=True, kw_only=True):
    """One coded cell of a published study table.

    Attributes:
        dimension: Dimension of the code.
        code: Name of the code.
        passages: Passages that count.
        verified: How many of them a person had confirmed.
        polarity: Passages by polarity: facilitates, hinders, mixed.
        best: Probability of the strongest quote.
        quote: The strongest quote.
        pages: Printed pages that it stands on, as one text.
    """

    dimension: str
    code: str
    passages: int
    verified: int
    polarity: tuple[int, int, int]
    best: float
    quote: str
    pages: str


class StudyState(Record, frozen=True, kw_only=True):
    """One published study with its coded cells, in the codebook's order.

    `decisions` holds, by code, a digest of the latest decisions on its codings; codes without any are left out.
    """

    study_id: str
    key: str
    papers: tuple[RunPaper, ...]
    cells: tuple[CellState, ...]
    decisions: dict[str, str] = msgspec.field(default_factory=dict)
    format: int = FORMAT


class Snapshot(Record, frozen=True, kw_only=True):
    """The study table of a published run: studies by id."""

    run: PublishedRun
    studies: tuple[StudyState, ...]


class CellChange(Record, frozen=True, kw_only=True):
    """What became of one cell between two runs.

    Attributes:
        study_id: The study.
        study: Its short name: that of the later run, or of the earlier one where it is gone.
        dimension: Dimension of the code.
        code: Name of the code.
        change: New, changed, lost or unchanged.
        causes: Why; empty where nothing changed.
        before: The cell in the earlier run; None for a new one.
        after: The cell in the later run; None for a lost one.
    """

    study_id: str
    study: str
    dimension: str
    code: str
    change: Change
    causes: tuple[Cause, ...]
    before: CellState | None
    after: CellState | None


class Changes(Record, frozen=True, kw_only=True):
    """What a run changed since another one.

    Attributes:
        before: Number of the earlier run; None where there was none.
        before_started: When that one was started; empty where there was none.
        after: Number of the later run.
        causes: What differs between the two runs as a whole, apart from papers; empty if nothing does.
        papers_new: Paths of papers that came in, sorted.
        papers_gone: Paths of papers that left, sorted.
        papers_renamed: Old and new path of papers that only moved, sorted.
        studies_new: Keys of studies that came in, in the study table's order.
        studies_gone: Keys of studies that left.
        cells: In the study table's order and then the codebook's, lost studies last; unchanged ones too.
    """

    before: int | None
    before_started: str
    after: int
    causes: tuple[Cause, ...]
    papers_new: tuple[str, ...]
    papers_gone: tuple[str, ...]
    papers_renamed: tuple[tuple[str, str], ...]
    studies_new: tuple[str, ...]
    studies_gone: tuple[str, ...]
    cells: tuple[CellChange, ...]

    def counted(self) -> dict[Change, int]:
        """Count the cells by what became of them."""
        counts: dict[Change, int] = {"new": 0, "changed": 0, "lost": 0, "unchanged": 0}
        for cell in self.cells:
            counts[cell.change] += 1
        return counts
