"""A schedule in the foreground: Prefect's serve loop for one review."""

from __future__ import annotations

import asyncio
import datetime
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType
from uuid import UUID

from httpx import HTTPError
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectNotFound
from prefect.runner import Runner
from prefect.schedules import Cron, Interval, Schedule
from prefect.states import Crashed
from prefect.types.entrypoint import EntrypointType
from tzlocal import get_localzone_name

from evitable.errors import RunFailedError, UserError
from evitable.flows.rounds import UNDER_WAY, Rounds, runs_of
from evitable.flows.run_report import artifact_name
from evitable.flows.scheduled import review_on_schedule
from evitable.flows.server import check_running
from evitable.records import digest
from evitable.store import Workspace

_TICK = 2.0
"""Seconds between two rounds."""
_POLL = 5.0
"""Seconds between two looks of Prefect's serve loop for runs that are due."""
_END = 45.0
"""Seconds in which a run that is under way must have ended when the schedule ends."""


@dataclass(frozen=True)
class When:
    """When runs are made; exactly one is given.

    Attributes:
        every: Time between two runs.
        cron: A cron line, in this machine's time zone.
        watch: Seconds between two looks at the review's files; a run is made when they have changed.
    """

    every: datetime.timedelta | None = None
    cron: str | None = None
    watch: float | None = None


def serve_review(workspace: Workspace, when: When, say: Callable[[str], None]) -> None:
    """Make runs of a review, the first one at once, until the process is told to end.

    Args:
        workspace: The review.
        when: When runs are made.
        say: Prints one line for people.

    Raises:
        UserError: The cron line cannot be understood.
        RunFailedError: Prefect's server or its serve loop has ended.
    """
    deployment = deployment_of(workspace, when)
    with _told_to_end() as end, get_client(sync_client=True) as client:
        clear(client, deployment.full_name)
        with _serving(client, deployment) as (deployment_id, thread):
            rounds = Rounds(client, deployment_id, workspace, when.watch, say)
            rounds.start()
            while not end.wait(_TICK):
                check_running()
                if not thread.is_alive():
                    raise RunFailedError("Prefect's serve loop has ended.", "Start the schedule again.")
                rounds.go()
            say("Stopping ...")


def deployment_of(workspace: Workspace, when: When) -> RunnerDeployment:
    """Describe a review's deployment: one run at a time, others are refused.

    Raises:
        UserError: The cron line cannot be understood.
    """
    place = f"{socket.gethostname()}:{workspace.root}"  # a team's server may serve reviews of the same name
    return RunnerDeployment.from_flow(
        review_on_schedule,
        name=f"{artifact_name(workspace.root)}-{digest('', place)[:6]}",
        schedule=_schedule(when),
        parameters={"folder": str(workspace.root), "schedule": os.getpid()},
        concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW),
        description=f"Runs of the review in {workspace.root}, by `evitable schedule`.",
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


def _schedule(when: When) -> Schedule | None:
    if when.every is not None:
        return Interval(when.every)
    if when.cron is None:
        return None
    try:
        return Cron(when.cron, timezone=get_localzone_name() or "UTC")
    except ValueError as error:
        raise UserError(
            f'"{when.cron}" is no cron line that can be understood.',
            'It has five parts: minute, hour, day, month, weekday. "0 6 * * 1" is Mondays at six.',
        ) from error


@contextmanager
def _told_to_end() -> Iterator[threading.Event]:
    """Give what tells of Ctrl-C, a closed terminal, or the system's request to end; a second Ctrl-C ends at once."""
    end = threading.Event()

    def note(number: int, _frame: FrameType | None) -> None:
        end.set()
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)

    names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]
    before = {name: signal.signal(getattr(signal, name), note) for name in names}
    try:
        yield end
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)


def clear(client: SyncPrefectClient, name: str) -> None:
    """Take away what there is of a schedule that has ended, or was killed: its deployment, and runs that have no end.

    Args:
        client: Of Prefect's server.
        name: Full name of the deployment; there may be none.
    """
    with suppress(ObjectNotFound):
        deployment = client.read_deployment_by_name(name)
        for run in client.read_flow_runs(flow_run_filter=runs_of(deployment.id, UNDER_WAY)):
            client.set_flow_run_state(run.id, Crashed(message="It ended with its schedule."), force=True)
        client.delete_deployment(deployment.id)  # and with it the runs that have not begun


@contextmanager
def _serving(client: SyncPrefectClient, deployment: RunnerDeployment) -> Iterator[tuple[UUID, threading.Thread]]:
    """Let Prefect's serve loop go on in a thread while the block runs; no run, nor plan of one, is left at its end."""
    runner = Runner(name="evitable", limit=1, query_seconds=_POLL, prefetch_seconds=0, pause_on_shutdown=False)
    deployment_id = asyncio.run(runner.aadd_deployment(deployment))
    thread = threading.Thread(target=lambda: asyncio.run(runner.start()), name="prefect-serve", daemon=True)
    thread.start()
    while thread.is_alive() and not runner.started:
        time.sleep(0.05)
    try:
        yield deployment_id, thread
    finally:
        if thread.is_alive():
            with suppress(FutureTimeoutError, HTTPError):
                runner.execute_in_background(runner.astop).result(_END)
            thread.join(_END)
        with suppress(HTTPError):  # a server elsewhere may be gone
            clear(client, deployment.full_name)
