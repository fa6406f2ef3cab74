"""Prefect's settings and server, which stand before its first import: state in the review's folder, no telemetry."""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evitable.flows.database import copied, is_current, keep

_ALWAYS = {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
"""Both are needed: each switches off one half of Prefect's telemetry."""

_UNLESS_SET = {
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_SERVER_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    "PREFECT_CLI_PROMPT": "false",
    # One message at a time would cost the server four times as much per task, and lock its database.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_TRIGGERS_READ_BATCH_SIZE": "100",
    # Kinds of blocks, such as for cloud storage: nothing here uses them.
    "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
    "PREFECT_SERVER_MEMOIZE_BLOCK_AUTO_REGISTRATION": "false",
}

_TEMPORARY = {
    # What happens in a server that ends with its run is told to nobody, and sets nothing off.
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
    "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",  # it is the one that asks
}


def prepare_prefect(home: Path, *, lasting: bool = False) -> str:
    """Set Prefect's environment, and see that it has a server: the one that is named, or one in this process.

    What the user has set already stays, but telemetry is always off. With `PREFECT_API_URL` that server is used;
    without it one is started in a thread of this process, and ends with it. To be called before Prefect is imported.

    Args:
        home: Absolute folder for Prefect's database and settings.
        lasting: Whether a server of our own also plans runs and has its pages, as a schedule needs it.

    Returns:
        Address of the server's API.

    Raises:
        UserError: The server that is named does not answer, or lets nobody in.
        RunFailedError: The server of our own cannot be started.
    """
    set_environment(home)
    named = os.environ.get("PREFECT_API_URL")
    if not named and not lasting:
        os.environ.update(_TEMPORARY)
    with _imports_at_one_go():
        from evitable.flows.server import check_server, start_server  # noqa: PLC0415 - they import Prefect

        if named:
            return check_server(named)
        address = start_server(lasting=lasting)
    keep(home)
    return address


def end_prefect() -> None:
    """End the server of this process, if it has one; to be called when the last flow has ended, however it ended."""
    if "evitable.flows.server" in sys.modules:
        from evitable.flows.server import stop_server  # noqa: PLC0415

        stop_server()


def set_environment(home: Path) -> None:
    """Set Prefect's environment, for whatever imports it later, and for a server of our own where none is named."""
    home.mkdir(parents=True, exist_ok=True)
    os.environ.update(_ALWAYS)
    logging.getLogger("EventsWorker").setLevel(logging.ERROR)  # it warns that it is not done yet whenever a run ends
    logging.getLogger("docket").setLevel(
        logging.CRITICAL
    )  # the server's own chores, of which it logs nothing by itself
    for name, value in {"PREFECT_HOME": str(home), **_UNLESS_SET}.items():
        os.environ.setdefault(name, value)
    ours = os.environ["PREFECT_HOME"] == str(home)  # else it is a person's own, and left alone
    if ours and not os.environ.get("PREFECT_API_URL") and (is_current(home) or copied(home)):
        os.environ.setdefault("PREFECT_SERVER_DATABASE_MIGRATE_ON_START", "false")
    local = {"127.0.0.1", "localhost"}
    for name in ("NO_PROXY", "no_proxy"):  # a proxy must not swallow the local server
        hosts = [host for host in os.environ.get(name, "").split(",") if host]
        os.environ[name] = ",".join([*hosts, *sorted(local - set(hosts))])


@contextmanager
def _imports_at_one_go() -> Iterator[None]:
    """Look for no garbage while thousands of modules are imported, and never again among what they made.

    Without it a quarter of the time would go into that.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
