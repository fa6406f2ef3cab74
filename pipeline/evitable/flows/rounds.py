"""What a schedule does while it goes on: says how runs ended, has failed ones tried again, looks at the files."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from httpx import HTTPError
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.states import Scheduled

from evitable.errors import UserError
from evitable.flows.lines import clock, ended_line
from evitable.flows.watching import Watch, look_at
from evitable.store import Workspace

ENDED = (StateType.COMPLETED, StateType.FAILED, StateType.CRASHED, StateType.CANCELLED)
UNDER_WAY = (StateType.PENDING, StateType.RUNNING, StateType.CANCELLING, StateType.PAUSED)
_RETRIES = (30.0, 120.0)
"""Seconds until a run that failed is tried again, and then once more."""


@dataclass
class Rounds:
    """Goes round while a schedule lasts: over the runs that have ended, and over the review's files.

    Attributes:
        client: Of Prefect's server.
        deployment: Id of the review's deployment there.
        workspace: The review.
        watch_every: Seconds between two looks at the files; None where they are not watched.
        say: Prints one line for people.
    """

    client: SyncPrefectClient
    deployment: UUID
    workspace: Workspace
    watch_every: float | None
    say: Callable[[str], None]
    _told: set[UUID] = field(default_factory=set)
    _failures: int = 0
    _trouble: str = ""
    _watch: Watch = field(default_factory=Watch)
    _next_look: float = 0.0

    def start(self) -> None:
        """Have the first run made."""
        self._run_in(0)

    def go(self) -> None:
        """Go round once; what cannot be reached for a while is said once, and waited for."""
        trouble = ""
        try:
            self._tell()
            if self.watch_every is not None and time.monotonic() >= self._next_look:
                self._next_look = time.monotonic() + self.watch_every
                self._look_at_files()
        except HTTPError:
            trouble = "The Prefect server does not answer."
        except UserError as error:
            trouble = str(error)
        if trouble and trouble != self._trouble:
            self.say(f"{clock(now())} {trouble} Waiting.")
        self._trouble = trouble

    def _tell(self) -> None:
        for run in reversed(self._runs(ENDED, FlowRunSort.END_TIME_DESC, 20)):
            if run.id not in self._told:
                self._told.add(run.id)
                message = run.state.message if run.state else None
                kind = run.state_type.value if run.state_type else ""
                self.say(ended_line(run.end_time or now(), kind, message or "", self._what_next(run)))

    def _look_at_files(self) -> None:
        look = look_at(self.workspace)
        waiting = (StateType.SCHEDULED, *UNDER_WAY)
        if self._watch.changed(look) and not self._runs(waiting, FlowRunSort.EXPECTED_START_TIME_ASC, 1):
            self._run_in(0)
            self._watch.taken(look)

    def _what_next(self, run: FlowRun) -> str:
        """Say when the next run is, and have one that failed tried again if that comes before it."""
        coming = self._runs([StateType.SCHEDULED], FlowRunSort.EXPECTED_START_TIME_ASC, 1)
        planned = coming[0].expected_start_time if coming else None
        if run.state_type is StateType.COMPLETED:
            self._failures = 0
        elif run.state_type is not StateType.CANCELLED and self._failures < len(_RETRIES):
            delay = _RETRIES[self._failures]
            if planned is None or planned > now() + datetime.timedelta(seconds=delay):
                self._failures += 1
                self._run_in(delay)
                return f"will be tried again in {delay:.0f} s"
        if planned is not None:
            return f"next run {clock(planned)}"
        return "next run when files change" if self.watch_every is not None else ""

    def _run_in(self, seconds: float) -> None:
        state: State[Any] = Scheduled(scheduled_time=now() + datetime.timedelta(seconds=seconds))
        self.client.create_flow_run_from_deployment(self.deployment, state=state)

    def _runs(self, states: Sequence[StateType], order: FlowRunSort, most: int) -> list[FlowRun]:
        return self.client.read_flow_runs(flow_run_filter=runs_of(self.deployment, states), sort=order, limit=most)


def runs_of(deployment: UUID, states: Sequence[StateType]) -> FlowRunFilter:
    """Ask for the runs of a deployment that are in one of these states."""
    return FlowRunFilter(
        deployment_id=FlowRunFilterDeploymentId(any_=[deployment]),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(states))),
    )


def now() -> datetime.datetime:
    """Give the time, with its zone."""
    return datetime.datetime.now(datetime.UTC)
