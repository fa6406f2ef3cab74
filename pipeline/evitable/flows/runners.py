"""Where papers are read and coded: in batches, by threads of this process or by the workers of a Dask cluster."""

from __future__ import annotations

import logging
import os
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple, cast

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from evitable.errors import UserError
from evitable.flows.cluster import cluster_size, connect, dask_runner, lost_cluster
from evitable.flows.guard import Guard
from evitable.flows.pool import GuardPool, batches, pool_for
from evitable.flows.progress import PaperProgress
from evitable.flows.stages import PaperOutcome, PaperStages
from evitable.flows.worker import Frame, check_program
from evitable.records import Issue, Paper, digest, encode
from evitable.settings import Settings

log = logging.getLogger(__name__)
Runner = TaskRunner[PrefectFuture[Any]]

_WINDOW = 3
"""Batches per worker that are handed out at a time; what is not handed out costs a scheduler nothing."""
_IDLE_SECONDS = 60.0
"""On a cluster: time after which the models of a run that sends no more papers leave the memory."""


@task(name="code-batch", task_run_name="batch-{number:04d}", cache_policy=NO_CACHE, persist_result=False)
def code_batch(number: int, papers: tuple[Paper, ...], job: Frame) -> list[PaperOutcome]:  # noqa: ARG001 - named by it
    """Take one batch of papers through the stages, in whatever process; a paper that fails is an outcome, no error.

    The results go to the cache; what is given back is small.

    Raises:
        UserError: Something that a person can mend stands in the way of all papers.
    """
    here, config = _here(job), job.config()
    check_program(job, config)
    stages = PaperStages(config, job.last)
    with here.pool.lease(job) as guard:
        found = (_coded(paper, guard, stages, here) for paper in papers if not here.pool.closed)
        return [outcome for outcome in found if outcome is not None]


def run_batches(papers: Sequence[Paper], job: Frame, settings: Settings, progress: PaperProgress) -> list[PaperOutcome]:
    """Have papers read and coded, where the settings say; call it in a flow.

    A batch that is lost with its worker is done again paper by paper; a paper that is lost once more fails.

    Returns:
        What became of each paper, in their order.

    Raises:
        UserError: Something that a person can mend stands in the way of all papers.
        RunFailedError: The cluster is lost; papers that are done are not done again in the next run.
    """
    here = _RUNS[_key(job)] = _Here(pool_for(job), progress)
    with closing(here.pool), _running(settings) as (runner, size):
        try:
            return _Dispatch(runner, job, here, size).all(papers)
        except BaseException:  # the runner waits for its threads, and these for what the workers answer
            here.pool.close()
            raise


@contextmanager
def _running(settings: Settings) -> Iterator[tuple[Runner, Callable[[], int]]]:
    """Give what runs Prefect's tasks where the settings say, and how many workers there are now."""
    if settings.runner == "dask":
        with dask_runner(settings) as dask:
            connect(dask)
            yield cast("Runner", dask), lambda: cluster_size(dask)
    else:
        workers = settings.workers or os.cpu_count() or 1
        threads = cast("Runner", ThreadPoolTaskRunner(max_workers=workers))
        with threads:
            yield threads, lambda: workers


@dataclass
class _Here:
    """What this process has for a run: its workers, and where a person looks, if this is the process of the run."""

    pool: GuardPool
    progress: PaperProgress | None = None
    told: set[str] = field(default_factory=set)

    def tell(self, outcome: PaperOutcome) -> None:
        """Count a paper, once."""
        if self.progress is not None and outcome.path not in self.told and not self.pool.closed:
            self.told.add(outcome.path)
            self.progress.coded(outcome)


_RUNS: dict[str, _Here] = {}
_ADDING = threading.Lock()


def _here(job: Frame) -> _Here:
    with _ADDING:
        key = _key(job)
        if key not in _RUNS:  # this is a worker of a cluster
            _RUNS[key] = _Here(GuardPool(rest=_IDLE_SECONDS))
        return _RUNS[key]


def _key(job: Frame) -> str:
    return digest("j", encode(job))


def _coded(paper: Paper, guard: Guard, stages: PaperStages, here: _Here) -> PaperOutcome | None:
    """Have one paper coded, and keep what became of it; None where the run was stopped: the paper is not to blame."""
    outcome = guard.code(paper, stages.keys(paper))
    if here.pool.closed:
        return None
    stages.keep(paper, outcome)
    here.tell(outcome)
    return outcome


class _Batch(NamedTuple):
    papers: tuple[Paper, ...]
    again: bool = False


class _Dispatch:
    """Hands out batches, some at a time, and reads what becomes of them."""

    def __init__(self, runner: Runner, job: Frame, here: _Here, size: Callable[[], int]) -> None:
        self._runner = runner
        self._job = job
        self._here = here
        self._size = size
        self._number = 0
        self._under_way: dict[PrefectFuture[Any], _Batch] = {}
        self._ended: queue.SimpleQueue[PrefectFuture[Any]] = queue.SimpleQueue()

    def all(self, papers: Sequence[Paper]) -> list[PaperOutcome]:
        """Have all papers done, and give their outcomes in their order."""
        todo = deque(_Batch(batch) for batch in batches(papers, self._size()))
        found: dict[str, PaperOutcome] = {}
        while todo or self._under_way:
            while todo and len(self._under_way) < _WINDOW * max(1, self._size()):
                self._submit(todo.popleft())
            batch, outcomes = self._next()
            if outcomes is None and not batch.again:
                todo.extendleft(_Batch((paper,), again=True) for paper in reversed(batch.papers))
            for outcome in self._lost(batch) if outcomes is None and batch.again else outcomes or ():
                found[outcome.path] = outcome
                self._here.tell(outcome)
        return [found[paper.path] for paper in papers if paper.path in found]

    def _submit(self, batch: _Batch) -> None:
        self._number += 1
        parameters = {"number": self._number, "papers": batch.papers, "job": self._job}
        future = self._runner.submit(code_batch, parameters)
        self._under_way[future] = batch
        future.add_done_callback(self._ended.put)

    def _next(self) -> tuple[_Batch, list[PaperOutcome] | None]:
        """Wait for a batch, and give what came of it; None where it was lost.

        Nothing keeps its future after that: as long as one is kept, Dask does the batch again when its worker dies.
        """
        future = self._ended.get()
        return self._under_way.pop(future), _read(future)

    def _lost(self, batch: _Batch) -> list[PaperOutcome]:
        """Give up papers that were lost twice with what worked on them."""
        stages = PaperStages(self._job.config(), self._job.last)
        outcomes = []
        for paper in batch.papers:
            keys = stages.keys(paper)
            issue = Issue(
                code="worker-died",
                stage=stages.next_stage(keys),
                paper=paper.path,
                message="The worker that was to read this paper was lost twice.",
                hint="Run again; if it happens again, look whether the worker's machine runs out of memory.",
            )
            outcomes.append(PaperOutcome(path=paper.path, keys=keys, issue=issue))
        return outcomes


def _read(future: PrefectFuture[Any]) -> list[PaperOutcome] | None:
    """Read what a batch gave; None where it was lost.

    Raises:
        UserError: A person has to mend something first.
        RunFailedError: The cluster itself is lost.
    """
    held: Any = future.wrapped_future  # type: ignore[attr-defined] # of both runners
    if held.cancelled():
        raise lost_cluster()
    result = held.exception() or future.result(raise_on_failure=False)
    if isinstance(result, UserError):
        raise result
    if isinstance(result, BaseException):
        log.warning("A worker was lost (%s).", type(result).__name__)
        return None
    return cast("list[PaperOutcome]", result)
