"""Prefect's settings, which must stand before its first import: all state inside the workspace, no telemetry, quiet."""

from __future__ import annotations

import os
from pathlib import Path


def prepare_prefect(home: Path) -> None:
    """Set Prefect's environment. What the user has set already stays, but telemetry is always off.

    Args:
        home: Absolute folder for Prefect's database and settings.
    """
    home.mkdir(parents=True, exist_ok=True)
    os.environ["DO_NOT_TRACK"] = "1"
    os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
    defaults = {
        "PREFECT_HOME": str(home),
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_LOGGING_SERVER_LEVEL": "CRITICAL",
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",  # the default of 20 s is too short on a busy machine
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "100",
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "100",
        "PREFECT_SERVER_SERVICES_TRIGGERS_READ_BATCH_SIZE": "100",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
    local = {"127.0.0.1", "localhost"}
    for name in ("NO_PROXY", "no_proxy"):  # a proxy must not swallow the local server
        hosts = [host for host in os.environ.get(name, "").split(",") if host]
        os.environ[name] = ",".join([*hosts, *sorted(local - set(hosts))])
