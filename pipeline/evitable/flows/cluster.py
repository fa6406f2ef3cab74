"""Dask: a cluster of worker processes on this machine, or one that is there, behind Prefect's own task runner."""

from __future__ import annotations

import ipaddress
import logging
import os
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from prefect.settings import PREFECT_API_URL

from evitable.errors import RunFailedError, UserError
from evitable.settings import Settings

if TYPE_CHECKING:  # an extra that need not be installed
    from prefect_dask.task_runners import DaskTaskRunner

_NO_CTRL_C = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
"""What each worker process does first: Ctrl-C is for the run, which ends its workers itself."""
_PATIENCE = 60
"""Seconds that are waited for the first worker of a cluster."""


def dask_runner(settings: Settings) -> DaskTaskRunner:
    """Give what runs Prefect's tasks on Dask.

    Raises:
        UserError: Dask is not installed, or the workers could not reach Prefect's server.
    """
    try:
        import dask  # noqa: PLC0415 - an extra
        from prefect_dask.task_runners import DaskTaskRunner  # noqa: PLC0415
    except ImportError as error:
        raise UserError(
            'Dask is not installed, which runner = "dask" in review.toml asks for.',
            'Install it with: pip install "evitable[dask]"',
        ) from error
    _check_server(settings.dask_address)
    for name in [*logging.root.manager.loggerDict]:  # they tell at length what is told in plain words here
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)
    if settings.dask_address:
        return DaskTaskRunner(address=_checked(settings.dask_address))
    dask.config.set({"distributed.scheduler.allowed-failures": 1})  # then papers are tried one by one
    return DaskTaskRunner(
        cluster_kwargs={
            "n_workers": settings.workers or os.cpu_count() or 1,
            "threads_per_worker": 1,
            "processes": True,
            "host": "127.0.0.1",
            "dashboard_address": None,
            "memory_limit": 0,  # papers are read by processes of their own, which have their limit
            "silence_logs": logging.CRITICAL,
            "preload": [_NO_CTRL_C],
        }
    )


def _checked(address: str) -> str:
    from distributed.comm.addressing import parse_address  # noqa: PLC0415 - an extra
    from distributed.comm.registry import get_backend  # noqa: PLC0415

    try:
        get_backend(parse_address(address)[0])
    except ValueError as error:
        raise UserError(
            f'"dask_address" in review.toml is {address}, which Dask cannot read.',
            "Write it as the scheduler prints it, such as tcp://host:8786.",
        ) from error
    return address


def connect(runner: DaskTaskRunner) -> None:
    """Start or reach the cluster, and wait for its first worker.

    Raises:
        UserError: It cannot be reached, or has no workers.
    """
    address = runner.address or "this machine"
    try:
        client = runner.client
    except (OSError, ValueError, TimeoutError) as error:
        raise UserError(
            f"The Dask scheduler at {address} cannot be reached.",
            "Start it with `dask scheduler`, or correct dask_address in review.toml, such as tcp://host:8786.",
        ) from error
    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
    except TimeoutError as error:
        raise UserError(
            f"The Dask scheduler at {address} has no workers.", f"Start some with `dask worker {address}`."
        ) from error


def cluster_size(runner: DaskTaskRunner) -> int:
    """Give how many batches the workers can take at a time, as the scheduler knows it now.

    Raises:
        RunFailedError: The scheduler is lost.
    """
    client: Any = runner.client
    try:
        return int(sum(client.nthreads().values()))
    except (OSError, TimeoutError) as error:
        raise lost_cluster() from error


def lost_cluster() -> RunFailedError:
    """Say that the scheduler is lost."""
    return RunFailedError(
        "The connection to the Dask scheduler was lost.",
        "See that the scheduler runs, and run again: papers that are done are not done again.",
    )


def _check_server(dask_address: str) -> None:
    """See that the workers can reach Prefect's server."""
    server = PREFECT_API_URL.value() or ""
    if not server:
        raise UserError(
            "Workers of Dask need a Prefect server, and none is there.",
            "Use `evitable run`, which starts one, or set PREFECT_API_URL to the address of your own.",
        )
    if dask_address and not _is_here(dask_address) and _is_here(server):
        raise UserError(
            f"The workers of {dask_address} cannot reach Prefect's server, which listens on this machine alone.",
            "Start one that they can reach (`prefect server start --host 0.0.0.0`), and set PREFECT_API_URL to it.",
        )


def _is_here(address: str) -> bool:
    """Tell whether an address is of this machine alone."""
    host = urlsplit(address if "://" in address else f"tcp://{address}").hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name
        return False
