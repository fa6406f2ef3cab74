"""Processes on this machine, as /proc lists them: who started whom, and who is still alive."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

HAS_PROC = Path("/proc/self/stat").exists()


def _state(pid: int) -> tuple[str, int] | None:
    """Give the state of a process and its parent; None if there is no such process."""
    try:
        state, parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:
        return None
    return state, int(parent)


def started_by(pid: int) -> set[int]:
    """Give the processes that a process started, and those that these started."""
    parents = {int(folder.name): _state(int(folder.name)) for folder in Path("/proc").glob("[0-9]*")}
    found = {pid}
    while True:
        more = {child for child, state in parents.items() if state is not None and state[1] in found}
        if more <= found:
            return found - {pid}
        found |= more


def workers_of(pid: int) -> set[int]:
    """Give the workers that a run has started."""
    return {child for child in started_by(pid) if b"evitable.flows.worker" in _command(child)}


def alive(pids: Iterable[int], *, within: float = 5) -> set[int]:
    """Give the processes that are still at work after some seconds."""
    end = time.monotonic() + within
    while left := {pid for pid in pids if (_state(pid) or "Z")[0] not in {"Z", "X"}}:
        if time.monotonic() > end:
            break
        time.sleep(0.05)
    return left


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
