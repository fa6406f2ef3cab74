"""The flow that a schedule or a team's Prefect server runs: `review`, whose end is said in plain words."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import Any

from prefect import State, flow
from prefect.runtime import flow_run
from prefect.states import Completed, Failed

from evitable.errors import EvitableError
from evitable.flows.lines import done_words, failed_words
from evitable.flows.review import review
from evitable.store import last_run, open_workspace


def _name() -> str:
    """Give a run its name in Prefect's pages: review and time."""
    return f"{Path(flow_run.parameters['folder']).name} {flow_run.scheduled_start_time:%Y-%m-%d %H:%M}"


@flow(name="review", flow_run_name=_name, validate_parameters=False, persist_result=False)
def review_on_schedule(folder: str, schedule: int = 0) -> State[Any]:
    """Read and code what is new in a review, build its tables and publish them; nothing, where nothing is new.

    Args:
        folder: The review's folder, absolute.
        schedule: The process that started this one, if the run is to end when that has gone.

    Returns:
        A state whose message says in plain words what was done, or what went wrong and what to do about it.
    """
    if schedule:
        threading.Thread(target=_end_with, args=(schedule,), daemon=True).start()
    try:
        before = last_run(open_workspace(Path(folder)))
        return Completed(message=done_words(before, review.fn(folder)))
    except EvitableError as error:
        return Failed(message=failed_words(error))


def _end_with(process: int) -> None:
    """End this process when the one that started it has gone; its workers watch it likewise."""
    while os.getppid() == process:
        time.sleep(1)
    os._exit(1)
