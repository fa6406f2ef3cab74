"""The Prefect flows: `review` does the whole main job; `extract`, `code` and `evidence` can be run alone."""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from httpx import HTTPError
from prefect import Flow, flow, task
from prefect.cache_policies import NO_CACHE
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

from evitable.errors import RunFailedError
from evitable.flows.artifacts import show_published
from evitable.flows.config import RunConfig, run_config
from evitable.flows.corpus import Corpus, scan_review
from evitable.flows.costs import Phases, Usage, usage
from evitable.flows.holding import holding
from evitable.flows.interrupt import ending_at_interrupt
from evitable.flows.logs import about, known, tell
from evitable.flows.ocr import how_to_install, missing_packages
from evitable.flows.planning import nothing_new, plan_counts, plan_run
from evitable.flows.progress import PaperProgress
from evitable.flows.publisher import Begun, Publication, publish_apart
from evitable.flows.publishing import check_kinds
from evitable.flows.runners import run_batches
from evitable.flows.stages import PaperOutcome, PaperStages, Stage
from evitable.flows.worker import Frame, frame
from evitable.records import Paper, RunRecord
from evitable.store import Workspace, last_run, open_workspace, writable
from evitable.store.places import corpus_place


@task(name="build-and-publish", cache_policy=NO_CACHE, persist_result=False)
def publish_tables(job: Job, outcomes: Sequence[PaperOutcome]) -> RunRecord | None:
    """Aggregate, export and publish in a child process; papers whose results were lost are done again first."""
    tell("publish", "Writing tables, report and figures ...")
    lost = publish_apart(job.publication(outcomes))
    if lost:
        tell("lost", f"Results of {len(lost)} papers are damaged or gone, and are made again.", papers=lost)
        again = job.code([paper for paper in job.corpus.papers if paper.path in lost])
        outcomes = [*(outcome for outcome in outcomes if outcome.path not in lost), *again]
        publish_apart(job.publication(outcomes))
    record = last_run(job.workspace)
    if record is not None:
        tell("published", run=record.number, counts=record.counts, seconds=record.seconds, files=len(record.outputs))
        show_published(job.workspace, job.config, record)
    return record


@flow(name="review", validate_parameters=False, persist_result=False)
def review(folder: str, *, retry: bool = False) -> RunRecord | None:
    """Do the whole main job: read and code what is new, build the tables, publish them.

    Args:
        folder: The review's folder.
        retry: Whether papers that failed before are tried again.

    Returns:
        The record of the run; None if nothing is new, and the last run stays in force.

    Raises:
        UserError: Something that a person can mend.
        RunFailedError: Too few papers could be read; the last published run stays in force.
    """
    with _job(folder, "evitable run") as job:
        with job.phases("plan"):
            last = last_run(job.workspace)
            plan = plan_run(job.corpus, job.config, job.workspace, last, retry=retry)
        about(run=last.number + 1 if last else 1)
        tell("plan", **plan_counts(plan), reasons=plan.reasons)
        outcomes = [*plan.there, *job.code(plan.todo, there=len(plan.there))]
        if nothing_new(plan, last, outcomes):
            tell("unchanged", run=last.number if last else None)
            return None
        return publish_tables(job, outcomes)


@flow(name="extract", validate_parameters=False, persist_result=False)
def extract(folder: str, *, retry: bool = False) -> list[PaperOutcome]:
    """Read what is new, and nothing else."""
    with _job(folder, "evitable run --only extract", "extract") as job:
        return _done(job, retry=retry)


@flow(name="code", validate_parameters=False, persist_result=False)
def code(folder: str, *, retry: bool = False) -> list[PaperOutcome]:
    """Read and code what is new, without building the tables."""
    with _job(folder, "evitable run --only code") as job:
        return _done(job, retry=retry)


@flow(name="evidence", validate_parameters=False, persist_result=False)
def evidence(folder: str, *, retry: bool = False) -> RunRecord | None:  # noqa: ARG001 - flows are called alike
    """Build the tables from papers that are coded already; the others are listed as not coded yet."""
    with _job(folder, "evitable run --only evidence") as job:
        found = PaperStages(job.config).outcomes(job.corpus.papers).values()
        return publish_tables(job, [outcome for outcome in found if outcome is not None])


_BEGAN: ContextVar[float | None] = ContextVar("began", default=None)
FLOWS: dict[str, Flow[..., Any]] = {"review": review, "extract": extract, "code": code, "evidence": evidence}


def run_flow(name: str, folder: Path, *, retry: bool = False, began: float | None = None) -> Any:
    """Run one of the flows on this machine, and give what it gives.

    The heartbeat is switched off: on a short local run it does nothing but hold up the end by a second.

    Args:
        name: Of the flow.
        folder: The review's folder.
        retry: Whether papers that failed before are tried again.
        began: Reading of `time.perf_counter` when the program began; what it took since then is part of the run.
    """
    _BEGAN.set(began)
    with temporary_settings(updates={PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        try:
            with ending_at_interrupt():
                return FLOWS[name](str(folder), retry=retry)
        except (RuntimeError, HTTPError) as error:  # Prefect's server has not come up, or has gone
            raise RunFailedError(
                f"Prefect could not run the flow: {(str(error) or type(error).__name__).splitlines()[0]}.",
                "Run again when the machine is less busy; if it stays, delete outputs/.prefect and run again.",
            ) from error


@dataclass(frozen=True, slots=True)
class Job:
    """What a run works on, while it holds the review."""

    workspace: Workspace
    config: RunConfig
    corpus: Corpus
    last: Stage
    started: str
    clock: float
    phases: Phases
    before: Usage

    @property
    def frame(self) -> Frame:
        """What workers need besides the papers."""
        return frame(self.config, corpus_place(self.workspace, self.config.settings), self.last)

    def code(self, papers: Sequence[Paper], there: int = 0) -> list[PaperOutcome]:
        """Take papers to the last stage; `there` says how many others are done already."""
        settings = self.config.settings
        total, todo = len(papers) + there, len(papers)
        tell("code", f"{total} papers, {there} done before, {todo} to do.", papers=total, there=there, todo=todo)
        if settings.ocr and (packages := missing_packages(settings.ocr_language)):
            tell("ocr", f"Scanned papers cannot be read yet. {how_to_install(packages)}")
        if not papers:
            return []
        with self.phases("code"), PaperProgress(len(papers) + there, there=there) as progress:
            return run_batches(papers, self.frame, settings, progress)

    def publication(self, outcomes: Sequence[PaperOutcome]) -> Publication:
        """Give what the publisher needs."""
        return Publication(
            root=str(self.workspace.root),
            frame=self.frame,
            corpus=self.corpus,
            outcomes=tuple(outcomes),
            begun=Begun(
                started=self.started,
                seconds=time.perf_counter() - self.clock,
                phases=self.phases.seconds,
                used=usage().since(self.before),
            ),
            known=known(),
        )


@contextmanager
def _job(folder: str, command: str, last: Stage = "check") -> Iterator[Job]:
    """Open a review and hold it while a run works on it."""
    started = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    phases, now, began = Phases(), time.perf_counter(), _BEGAN.get()
    clock, before = (now, usage()) if began is None else (began, Usage())
    phases.add("start", now - clock)
    workspace = open_workspace(Path(folder))
    config = run_config(workspace)
    about(review=workspace.root.name, run=None)
    tell("start", command=command, title=config.settings.title, codebook=config.codebook.title, model=config.model_id)
    check_kinds(config.settings.exports, '"exports" in review.toml')  # before hours of work, not after
    with holding(workspace, config, command):
        with phases("scan"):
            corpus = scan_review(workspace, config.settings)
        writable(workspace.cache)
        yield Job(workspace, config, corpus, last, started, clock, phases, before)


def _done(job: Job, *, retry: bool) -> list[PaperOutcome]:
    """Take all papers to the job's last stage."""
    stages = PaperStages(job.config, job.last)
    found = stages.outcomes(job.corpus.papers, failed=not retry)
    there = [outcome for outcome in found.values() if outcome is not None]
    return there + job.code([paper for paper in job.corpus.papers if found[paper.path] is None], there=len(there))
