"""Batches handed out and read: some at a time, lost ones again, and plain words where a cluster cannot be used."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace
from prefect.settings import PREFECT_API_URL, temporary_settings

from evitable.errors import RunFailedError, UserError
from evitable.flows import runners
from evitable.flows.cluster import dask_runner
from evitable.flows.config import run_config
from evitable.flows.guard import Guard
from evitable.flows.pool import GuardPool, batches, begin_workers, close_all_pools, pool_for
from evitable.flows.progress import PaperProgress
from evitable.flows.stages import PaperOutcome, PaperStages
from evitable.flows.worker import Frame, check_program, frame
from evitable.records import Paper, paper_id
from evitable.settings import Settings
from evitable.store import Workspace

Answer = list[PaperOutcome] | BaseException
HERE = "http://127.0.0.1:4200/api"


def paper(number: int) -> Paper:
    sha = f"{number:064x}"
    return Paper(id=paper_id(sha), path=f"{number:03}.pdf", sha256=sha)


class Ended:
    """What a task runner gives for a batch, which ended at once."""

    def __init__(self, answer: Answer | None) -> None:
        self.wrapped_future: Future[None] = Future()
        if answer is None:
            self.wrapped_future.cancel()
        else:
            self.wrapped_future.set_result(None)
        self._answer = answer

    def result(self, *, raise_on_failure: bool) -> Answer | None:
        assert not raise_on_failure
        return self._answer

    def add_done_callback(self, call: Callable[[Ended], None]) -> None:
        call(self)


class Cluster:
    """Stands for a task runner: notes what it is given, and answers as it is told."""

    def __init__(self, answer: Callable[[tuple[Paper, ...]], Answer | None]) -> None:
        self.given: list[list[str]] = []
        self._answer = answer

    def submit(self, task: object, parameters: dict[str, object]) -> Ended:
        papers = parameters["papers"]
        assert isinstance(papers, tuple)
        self.given.append([one.path for one in papers])
        return Ended(self._answer(papers))


@pytest.fixture
def job(tmp_path: Path) -> Frame:
    workspace = Workspace(tmp_path)
    return frame(run_config(workspace), workspace.corpus, "check")


def run(job: Frame, cluster: Cluster, count: int, monkeypatch: pytest.MonkeyPatch) -> list[PaperOutcome]:
    """Have papers done by a cluster of one worker."""

    @contextmanager
    def running(_: Settings) -> Iterator[tuple[Cluster, Callable[[], int]]]:
        yield cluster, lambda: 1

    monkeypatch.setattr(runners, "_running", running)
    with PaperProgress(count) as progress:
        return runners.run_batches([paper(number) for number in range(count)], job, Settings(), progress)


def done(job: Frame, papers: tuple[Paper, ...]) -> list[PaperOutcome]:
    stages = PaperStages(job.config())
    return [PaperOutcome(path=one.path, keys=stages.keys(one)) for one in papers]


@pytest.mark.parametrize(
    ("papers", "workers", "sizes"),
    [(0, 2, []), (1, 2, [1]), (9, 2, [2, 2, 2, 2, 1]), (50, 2, [7] * 7 + [1]), (1000, 1, [25] * 40), (5, 64, [1] * 5)],
)
def test_batches_are_small_enough_that_none_waits_long(papers: int, workers: int, sizes: list[int]) -> None:
    assert [len(batch) for batch in batches([paper(number) for number in range(papers)], workers)] == sizes


def test_outcomes_come_in_the_order_of_the_papers(job: Frame, monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = Cluster(lambda papers: done(job, papers)[::-1])
    outcomes = run(job, cluster, 9, monkeypatch)
    assert [outcome.path for outcome in outcomes] == [f"{number:03}.pdf" for number in range(9)]
    assert [len(batch) for batch in cluster.given] == [3, 3, 3]


def test_a_lost_batch_is_done_again_paper_by_paper_and_one_lost_again_fails(
    job: Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(papers: tuple[Paper, ...]) -> Answer:
        return ChildProcessError("gone") if paper(4) in papers else done(job, papers)

    cluster = Cluster(answer)
    outcomes = run(job, cluster, 9, monkeypatch)
    assert [len(batch) for batch in cluster.given] == [3, 3, 3, 1, 1, 1]
    assert len(outcomes) == 9
    [failed] = [outcome for outcome in outcomes if outcome.issue]
    assert failed.issue is not None
    assert (failed.path, failed.issue.code, failed.issue.stage) == ("004.pdf", "worker-died", "extract")


def test_what_a_person_can_mend_ends_the_run_at_once(job: Frame, monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = Cluster(lambda _: UserError("The disk is full.", "Make room."))
    with pytest.raises(UserError, match="The disk is full"):
        run(job, cluster, 9, monkeypatch)


def test_a_cluster_that_is_lost_is_told(job: Frame, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RunFailedError, match="connection to the Dask scheduler was lost"):
        run(job, Cluster(lambda _: None), 9, monkeypatch)


def test_no_more_batches_are_under_way_than_the_workers_can_soon_take(
    job: Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting: list[tuple[Ended, Callable[[Ended], None]]] = []
    most = 0

    def later(self: Ended, call: Callable[[Ended], None]) -> None:
        waiting.append((self, call))

    take = runners._Dispatch._next

    def next_one(self: runners._Dispatch) -> object:
        nonlocal most
        most = max(most, len(waiting))
        ended, call = waiting.pop(0)
        call(ended)
        return take(self)

    monkeypatch.setattr(Ended, "add_done_callback", later)
    monkeypatch.setattr(runners._Dispatch, "_next", next_one)
    assert len(run(job, Cluster(lambda papers: done(job, papers)), 40, monkeypatch)) == 40
    assert most == 3


def test_a_worker_with_other_versions_is_refused(job: Frame) -> None:
    check_program(job, job.config())
    with pytest.raises(UserError, match="other versions"):
        check_program(replace(job, program="another"), job.config())


def test_readers_that_have_nothing_to_do_end_after_a_while(job: Frame, monkeypatch: pytest.MonkeyPatch) -> None:
    killed: list[Guard] = []

    def kill(guard: Guard) -> None:
        killed.append(guard)

    monkeypatch.setattr(Guard, "kill", kill)
    pool = GuardPool(rest=0.05)
    with pool.lease(job) as first:
        time.sleep(0.2)
        assert killed == []
    with pool.lease(job) as again:
        assert again is first
    end = time.monotonic() + 10
    while not killed and time.monotonic() < end:
        time.sleep(0.01)
    assert killed == [first]
    with pool.lease(job) as other:
        assert other is not first
    pool.close()
    assert killed == [first, other]


def test_workers_that_were_begun_are_lent_to_the_job_that_they_were_begun_for_and_to_no_other(
    job: Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Guard] = []

    def begin(guard: Guard) -> None:
        begun.append(guard)

    monkeypatch.setattr(Guard, "begin", begin)
    begin_workers(job, 2)
    assert len(begun) == 2
    other = pool_for(replace(job, last="extract"))
    pool = pool_for(job)
    assert pool is not other
    with pool.lease(job) as one, pool.lease(job) as two, pool.lease(job) as three:
        assert [one, two] == begun
        assert three not in begun
        assert pool_for(job) is not pool
    close_all_pools()


@pytest.mark.slow
def test_a_worker_that_was_begun_is_the_one_that_reads_and_ends_with_its_pool(job: Frame) -> None:
    begin_workers(job, 1)
    pool = pool_for(job)
    with pool.lease(job) as guard:
        outcome = guard.code(paper(1), PaperStages(job.config()).keys(paper(1)))
    assert outcome.issue is not None
    assert outcome.issue.code == "file-unreadable"
    process = guard._process
    assert process is not None
    assert process.poll() is None
    close_all_pools()
    assert process.poll() is not None
    guard._end()


@pytest.mark.slow
def test_why_a_worker_that_was_begun_could_not_start_is_told_with_the_first_paper(job: Frame) -> None:
    job = replace(job, settings=replace(job.settings, memory_limit=1))
    begin_workers(job, 1)
    with pool_for(job).lease(job) as guard, pytest.raises(UserError, match="could not start"):
        guard.code(paper(1), PaperStages(job.config()).keys(paper(1)))
    close_all_pools()


@pytest.mark.slow
def test_a_worker_that_is_ended_while_it_begins_leaves_nothing(job: Frame) -> None:
    begin_workers(job, 1)
    pool = pool_for(job)
    guard = pool._idle[0][1]
    end = time.monotonic() + 20
    while guard._process is None and time.monotonic() < end:
        time.sleep(0.005)
    process = guard._process
    assert process is not None
    close_all_pools()
    assert process.poll() is not None
    assert guard._beginning is not None
    guard._beginning.join(10)
    assert not guard._beginning.is_alive()
    guard._end()


@pytest.mark.parametrize(
    ("address", "server", "words"),
    [
        ("", "", "need a Prefect server"),
        ("tcp://10.0.0.7:8786", HERE, "listens on this machine alone"),
        ("scheduler:8786", "http://localhost:4200/api", "listens on this machine alone"),
        ("nothing://127.0.0.1:8786", HERE, "cannot read"),
    ],
)
def test_a_cluster_that_cannot_work_is_refused_with_the_mend(address: str, server: str, words: str) -> None:
    pytest.importorskip("prefect_dask")
    with temporary_settings(updates={PREFECT_API_URL: server or None}), pytest.raises(UserError, match=words) as told:
        dask_runner(Settings(runner="dask", dask_address=address))
    assert told.value.hint


@pytest.mark.parametrize(
    ("address", "server"),
    [("", HERE), ("tcp://127.0.0.1:8786", HERE), ("tcp://10.0.0.7:8786", "http://10.0.0.9:4200/api")],
)
def test_a_cluster_that_can_work_is_used(address: str, server: str) -> None:
    pytest.importorskip("prefect_dask")
    with temporary_settings(updates={PREFECT_API_URL: server}):
        assert (dask_runner(Settings(runner="dask", dask_address=address)).address or "") == address
