"""The record of a run: enough to repeat it."""

from __future__ import annotations

from typing import Any

import msgspec

from evitable.records.base import FORMAT, Record
from evitable.records.issue import Issue


class RunIdentity(Record, frozen=True, kw_only=True):
    """What decides a run's results, and nothing else; equal identities give equal outputs.

    Attributes:
        id: Digest of all below.
        evitable: Version of the program.
        stages: Version number of each stage.
        libraries: Versions of the libraries that shape the results.
        codebook: Name and version of the codebook.
        codebook_version: Digest of the codebook's content.
        model_id: The model.
        model_note: What the model is, in one sentence for people.
        papers: SHA-256 of each paper by path.
        references: SHA-256 of each reference file by name.
        settings: Settings in force that shape the results.
        decisions: How many decisions people had made, and a digest of them; empty for none.
    """

    id: str
    evitable: str
    stages: dict[str, int]
    libraries: dict[str, str]
    codebook: str
    codebook_version: str
    model_id: str
    model_note: str
    papers: dict[str, str]
    references: dict[str, str]
    settings: dict[str, Any]
    decisions: str = ""


class PaperTiming(Record, frozen=True, kw_only=True):
    """What one paper cost.

    Attributes:
        path: Of the paper.
        seconds: Wall time per stage; 0 for a result that was there.
        megabytes: Peak memory of the worker in each stage that ran; empty where the system does not tell.
        cached: Stages whose result was there.
        issue: Why it is not in the tables, or None.
    """

    path: str
    seconds: dict[str, float]
    megabytes: dict[str, float] = msgspec.field(default_factory=dict)
    cached: tuple[str, ...]
    issue: Issue | None = None


class StageCost(Record, frozen=True, kw_only=True):
    """What one stage cost over all papers of a run.

    Attributes:
        papers: Papers that went through it in this run, also those that failed there.
        cached: Papers whose result was there.
        seconds: Wall time of all of them together, over all workers.
        median: Seconds of the paper in the middle; 0 for no paper.
        longest: Seconds of the slowest paper; 0 for no paper.
        slowest: Path of that paper; empty for none.
        megabytes: Largest peak memory of a worker in this stage; 0 where the system does not tell.
        largest: Path of the paper with that peak; empty for none.
    """

    papers: int
    cached: int
    seconds: float
    median: float
    longest: float
    slowest: str
    megabytes: float
    largest: str


class RunCosts(Record, frozen=True, kw_only=True):
    """What a run cost. Clocks and memory are those of the machine, and differ from run to run.

    Attributes:
        phases: Wall seconds of each part of the run, in order; a part inside another one is not counted twice.
        exports: Wall seconds by kind of file. Two processes write them side by side, and what the kinds share is put
            down to the first, so that they do not add up to the phase.
        cpu_main: CPU seconds (user and system) of the processes that planned and published.
        cpu_workers: CPU seconds of the processes that they started and that have ended, which Prefect's temporary
            server has not; 0 where the system does not tell.
        megabytes_main: Peak memory of the main process; 0 where the system does not tell.
        megabytes_worker: Peak memory of the largest worker; 0 where the system does not tell, or none was needed.
        papers_done: Papers that were worked on and are in the tables.
        papers_cached: Papers of which nothing had to be done.
        papers_failed: Papers that are not in the tables, whether or not they were tried again.
        stages: Cost of each stage, in order.
    """

    phases: dict[str, float] = msgspec.field(default_factory=dict)
    exports: dict[str, float] = msgspec.field(default_factory=dict)
    cpu_main: float = 0.0
    cpu_workers: float = 0.0
    megabytes_main: float = 0.0
    megabytes_worker: float = 0.0
    papers_done: int = 0
    papers_cached: int = 0
    papers_failed: int = 0
    stages: dict[str, StageCost] = msgspec.field(default_factory=dict)


class IssueKind(Record, frozen=True, kw_only=True):
    """Issues of one kind.

    Attributes:
        code: Their code.
        count: How many there are.
        message: What they say; where they differ, what they begin with.
        hint: What to do about the first of them.
        first: The papers or files of the first of them, sorted.
    """

    code: str
    count: int
    message: str
    hint: str
    first: tuple[str, ...]


class RunRecord(Record, frozen=True, kw_only=True):
    """`outputs/run.json`: identity, counts, timings.

    Attributes:
        number: Of the run: 1 for the first of a review.
        identity: What decides the results.
        exports: Kinds of files that it wrote.
        counts: Papers found, coded, failed; passages; codings; issues.
        started: UTC time in ISO form.
        seconds: Wall time of the whole run.
        papers: Cost of each paper, by path.
        costs: Cost of the run as a whole.
        issues: What went wrong, by kind, the most frequent first; `issues.csv` has each of them.
        outputs: SHA-256 of each published file.
        highlighted: What decided each highlighted copy of a paper, by name: where it has not changed, the copy stays.
        export_issues: Papers of which no highlighted copy could be made.
    """

    number: int
    identity: RunIdentity
    exports: tuple[str, ...]
    counts: dict[str, int]
    started: str
    seconds: float
    papers: tuple[PaperTiming, ...]
    outputs: dict[str, str]
    costs: RunCosts = RunCosts()
    issues: tuple[IssueKind, ...] = ()
    highlighted: dict[str, str] = msgspec.field(default_factory=dict)
    export_issues: tuple[Issue, ...] = ()
    format: int = FORMAT


class PublishedPaper(Record, frozen=True, kw_only=True):
    """A paper of the published run, and where its results are.

    Attributes:
        paper_id: Id of the paper.
        path: Place below `corpus/` at that time.
        sha256: Of its bytes, in hexadecimal.
        study_id: The study that it belongs to.
        study: Short name of the study.
        keys: Cache keys of its results by stage.
    """

    paper_id: str
    path: str
    sha256: str
    study_id: str
    study: str
    keys: dict[str, str]


class PublishedPapers(Record, frozen=True, kw_only=True):
    """The papers of the published run that were read and coded: by it their texts are found again.

    Attributes:
        run_id: Id of what decided its results.
        title: Name of the review.
        codebook_version: Digest of the codebook in force.
        model_id: The model.
        papers: In the study table's order.
    """

    run_id: str
    title: str
    codebook_version: str
    model_id: str
    papers: tuple[PublishedPaper, ...]
    format: int = FORMAT
