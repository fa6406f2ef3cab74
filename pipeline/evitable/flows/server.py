"""Prefect's server: the one that `PREFECT_API_URL` names, or one in a thread of this process, which ends with it.

Prefect would start a child process for it, with an interpreter of its own: that takes twice the time, and a run that is
killed leaves it behind.
"""

from __future__ import annotations

import gc
import os
import secrets
import socket
import threading
import time
from typing import TYPE_CHECKING, NamedTuple

from evitable.errors import RunFailedError, UserError

if TYPE_CHECKING:
    import uvicorn

HOST = "127.0.0.1"
_PATIENCE = 180.0
"""Seconds until the server must have started; the first start makes its database."""
_PATIENCE_AT_END = 5.0
"""Seconds that it has to end."""


class _Server(NamedTuple):
    """The server of this process, of which there is at most one."""

    server: uvicorn.Server
    thread: threading.Thread
    lasting: bool


_RUNNING: list[_Server] = []


def check_server(address: str) -> str:
    """See that a server answers, and give its address again.

    Raises:
        UserError: It does not answer, or lets nobody in.
    """
    from httpx import HTTPError, HTTPStatusError  # noqa: PLC0415 - heavy
    from prefect.client.orchestration import get_client  # noqa: PLC0415

    try:
        with get_client(sync_client=True) as client:
            client.api_version()
    except HTTPStatusError as error:
        raise UserError(
            f"The Prefect server at {address} answers with error {error.response.status_code}.",
            "Check PREFECT_API_URL, which ends in /api, and PREFECT_API_AUTH_STRING if the server asks for it.",
        ) from error
    except (HTTPError, RuntimeError, ValueError) as error:
        raise UserError(
            f"The Prefect server at {address} does not answer.",
            "Start it, or correct PREFECT_API_URL; without PREFECT_API_URL no server is needed.",
        ) from error
    return address


def is_temporary() -> bool:
    """Tell whether this process has a server of its own that nobody can look at: what is shown there is lost."""
    return any(not running.lasting for running in _RUNNING)


def check_running() -> None:
    """See that the server of this process, if it has one, still runs.

    Raises:
        RunFailedError: It has ended.
    """
    if not all(running.thread.is_alive() for running in _RUNNING):
        raise RunFailedError("Prefect's server has ended.", "Start the schedule again.")


def start_server(*, lasting: bool) -> str:
    """Start a server on a free port of this machine, for this process and those that it starts.

    Prefect must not have been imported yet. A second call gives the address of the server that is there.

    Args:
        lasting: Whether it plans runs and has pages to look at. Otherwise nobody but this process can use it.

    Returns:
        Address of its API.

    Raises:
        RunFailedError: It does not start.
    """
    if _RUNNING:
        return os.environ["PREFECT_API_URL"]
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # without the protocol, slow
    listening.bind((HOST, 0))
    origin = f"http://{HOST}:{listening.getsockname()[1]}"
    os.environ["PREFECT_API_URL"] = f"{origin}/api"
    os.environ["PREFECT_UI_ENABLED"] = str(lasting).lower()
    if lasting:
        _for_people(origin)
    else:
        os.environ["PREFECT_SERVER_API_AUTH_STRING"] = os.environ["PREFECT_API_AUTH_STRING"] = secrets.token_hex()
    _RUNNING.append(_run(listening, lasting=lasting))
    return os.environ["PREFECT_API_URL"]


def stop_server() -> None:
    """End the server of this process, if it has one, once it has heard what there is to tell it.

    To be called before the interpreter ends: what the server works with is gone by then.
    """
    from prefect.events.worker import EventsWorker  # noqa: PLC0415 - heavy

    while _RUNNING:
        EventsWorker.drain_all(timeout=_PATIENCE_AT_END)
        running = _RUNNING.pop()
        running.server.should_exit = True
        running.thread.join(_PATIENCE_AT_END)


def _for_people(origin: str) -> None:
    """Let no other page that is open in the same browser use the server, and keep its pages' files with its state."""
    os.environ.setdefault("PREFECT_SERVER_CORS_ALLOWED_ORIGINS", origin)
    os.environ.setdefault("PREFECT_UI_STATIC_DIRECTORY", os.path.join(os.environ["PREFECT_HOME"], "pages"))  # noqa: PTH118


def _run(listening: socket.socket, *, lasting: bool) -> _Server:
    import uvicorn  # noqa: PLC0415 - heavy
    from prefect.server.api.server import create_app  # noqa: PLC0415

    gc.freeze()  # it looks for garbage itself, which among the modules of so much code costs a quarter of a second
    config = uvicorn.Config(
        create_app(ephemeral=not lasting, final=True),
        lifespan="on",
        log_config=None,
        log_level="critical",
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],), name="prefect-server", daemon=True)
    thread.start()
    end = time.monotonic() + _PATIENCE
    while not server.started:
        if not thread.is_alive() or time.monotonic() > end:
            raise RunFailedError(
                "Prefect's server does not start.",
                f"Delete the folder {os.environ['PREFECT_HOME']}, which holds nothing but its records, and run again.",
            )
        time.sleep(0.005)
    return _Server(server, thread, lasting)
