"""The Prefect flows: `review` does the whole main job; `extract`, `code` and `evidence` can be run alone."""

from __future__ import annotations

import datetime
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from prefect import Flow, flow, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from evitable.errors import RunFailedError
from evitable.flows.config import RunConfig, run_config
from evitable.flows.corpus import Corpus, scan_corpus
from evitable.flows.evidence import check_evidence, review_of_run
from evitable.flows.interrupt import ending_at_interrupt
from evitable.flows.ocr import how_to_install, missing_packages
from evitable.flows.pool import GuardPool, batches
from evitable.flows.progress import PaperProgress
from evitable.flows.publishing import Run, check_kinds, publish_run
from evitable.flows.stages import PaperOutcome, PaperStages, Stage
from evitable.flows.worker import Frame, frame
from evitable.records import Paper, RunRecord
from evitable.store import Workspace, open_workspace, writable


@task(name="code-batch", task_run_name="batch-{number:04d}", cache_policy=NO_CACHE, persist_result=False, retries=1)
def code_batch(
    number: int,  # noqa: ARG001 - it names the task run
    papers: tuple[Paper, ...],
    job: Frame,
    pool: GuardPool,
    progress: PaperProgress,
) -> list[PaperOutcome]:
    """Take one batch of papers through the stages; a paper that fails is an outcome, not an error."""
    with pool.lease(job) as guard:
        stages = PaperStages(job.config(), job.last)
        return [_counted(guard.code(paper, stages.keys(paper)), pool, progress) for paper in papers if not pool.closed]


def _counted(outcome: PaperOutcome, pool: GuardPool, progress: PaperProgress) -> PaperOutcome:
    if not pool.closed:  # else the run was stopped, and the paper is not to blame
        progress.advance(outcome.path, outcome.issue.message if outcome.issue else "")
    return outcome


@task(name="build-and-publish", cache_policy=NO_CACHE, persist_result=False)
def publish_tables(
    workspace: Workspace, corpus: Corpus, config: RunConfig, outcomes: list[PaperOutcome], started: tuple[str, float]
) -> RunRecord:
    """Aggregate, export and publish."""
    found = review_of_run(corpus, config, outcomes, PaperStages(config))
    check_evidence(found, corpus, config, workspace)
    sys.stderr.write("Writing tables, report and figures ...\n")
    return publish_run(Run(found, corpus, outcomes), workspace, config, started)


@flow(name="review", validate_parameters=False, persist_result=False)
def review(folder: str) -> RunRecord:
    """Do the whole main job: read and code what is new, build the tables, publish them.

    Args:
        folder: The review's folder.

    Raises:
        UserError: Something that a person can mend.
        RunFailedError: Too few papers could be read; the last published run stays in force.
    """
    started = (datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"), time.perf_counter())
    workspace, config, corpus = _open(folder)
    outcomes = _code_papers(workspace, config, corpus, "check")
    return publish_tables(workspace, corpus, config, outcomes, started)


@flow(name="extract", validate_parameters=False, persist_result=False)
def extract(folder: str) -> list[PaperOutcome]:
    """Read what is new, and nothing else."""
    workspace, config, corpus = _open(folder)
    return _code_papers(workspace, config, corpus, "extract")


@flow(name="code", validate_parameters=False, persist_result=False)
def code(folder: str) -> list[PaperOutcome]:
    """Read and code what is new, without building the tables."""
    workspace, config, corpus = _open(folder)
    return _code_papers(workspace, config, corpus, "check")


@flow(name="evidence", validate_parameters=False, persist_result=False)
def evidence(folder: str) -> RunRecord:
    """Build the tables from papers that are coded already; the others are listed as not coded yet."""
    started = (datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"), time.perf_counter())
    workspace, config, corpus = _open(folder)
    stages = PaperStages(config)
    outcomes = [outcome for paper in corpus.papers if (outcome := stages.look_up(paper)) is not None]
    return publish_tables(workspace, corpus, config, outcomes, started)


FLOWS: dict[str, Flow[[str], Any]] = {"review": review, "extract": extract, "code": code, "evidence": evidence}


def run_flow(name: str, folder: Path) -> Any:
    """Run one of the flows on this machine, and give what it gives.

    The heartbeat is switched off: on a short local run it does nothing but hold up the end by a second.
    """
    workers = open_workspace(folder).settings().workers or os.cpu_count() or 1
    runner = cast("TaskRunner[PrefectFuture[Any]]", ThreadPoolTaskRunner(max_workers=workers))
    with temporary_settings(updates={PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        try:
            with ending_at_interrupt():
                return FLOWS[name].with_options(task_runner=runner)(str(folder))
        except RuntimeError as error:  # what Prefect raises when its temporary server does not come up
            raise RunFailedError(
                f"Prefect could not run the flow: {(str(error) or type(error).__name__).splitlines()[0]}.",
                "Run again when the machine is less busy; if it stays, delete outputs/.prefect and run again.",
            ) from error


def _open(folder: str) -> tuple[Workspace, RunConfig, Corpus]:
    workspace = open_workspace(Path(folder))
    config = run_config(workspace)
    check_kinds(config.settings.exports, '"exports" in review.toml')  # before hours of work, not after
    corpus = scan_corpus(workspace.corpus)
    writable(workspace.cache)
    return workspace, config, corpus


def _code_papers(workspace: Workspace, config: RunConfig, corpus: Corpus, last: Stage) -> list[PaperOutcome]:
    """Take all papers to a stage: what is in the cache is found, the rest goes to the workers in batches."""
    stages = PaperStages(config, last)
    there = [
        outcome
        for paper in corpus.papers
        if (outcome := stages.look_up(paper)) is not None and not stages.waits_for_ocr(paper, outcome)
    ]
    known = {outcome.path for outcome in there}
    new = [paper for paper in corpus.papers if paper.path not in known]
    sys.stderr.write(f"{len(corpus.papers)} papers, {len(there)} done before, {len(new)} to do.\n")
    if config.settings.ocr and (packages := missing_packages(config.settings.ocr_language)):
        sys.stderr.write(f"Scanned papers cannot be read yet. {how_to_install(packages)}\n")
    if not new:
        return there
    with PaperProgress(len(corpus.papers), there=len(there)) as progress:
        return there + _run_batches(new, frame(config, workspace.corpus, last), config.settings.workers, progress)


def _run_batches(papers: Sequence[Paper], job: Frame, workers: int, progress: PaperProgress) -> list[PaperOutcome]:
    pool = GuardPool()
    try:
        futures = [
            code_batch.submit(number, batch, job, pool, progress)
            for number, batch in enumerate(batches(papers, workers or os.cpu_count() or 1), start=1)
        ]
        return [outcome for future in futures for outcome in future.result()]
    finally:
        pool.close()
