"""Processes that are killed at a chosen step of their work, or at once, as `kill -9` and power cuts do."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import sqlalchemy

KILLED = -signal.SIGKILL

_STEPS = {"open", "os.rename", "os.remove", "os.link", "os.mkdir", "os.rmdir", "shutil.copyfile"}


def parted(work: Callable[[], object]) -> int:
    """Start a copy of this process that does some work and then ends at once; give its id."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    except BaseException:  # noqa: BLE001 - a copy must never go on as the original
        traceback.print_exc()
    finally:
        os._exit(code)


def ended(child: int) -> int:
    """Wait for a process, and give its exit code; that of a signal is negative."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed_at(step: int, folder: Path, work: Callable[[], object]) -> bool:
    """Do some work in a copy of this process that is killed before a step; tell whether it was.

    Args:
        step: 0 for the first. Steps are what touches names and files below the folder, and commits.
        folder: Where the work writes.
        work: What is done.
    """
    code = ended(parted(lambda: _work_until(step, folder, work)))
    assert code in {0, KILLED}
    return code == KILLED


def _work_until(step: int, folder: Path, work: Callable[[], object]) -> None:
    left = [step]

    def count() -> None:
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1

    def see(event: str, arguments: tuple[object, ...]) -> None:
        if event in _STEPS and arguments and str(folder) in str(arguments[0]):
            count()

    def sync(_opened: int) -> None:
        count()  # a killed process loses nothing that is not synced yet; and the disk is spared

    commit = sqlalchemy.Connection.commit

    def counted_commit(connection: sqlalchemy.Connection) -> None:
        count()
        commit(connection)
        count()

    os.fsync = sync
    sqlalchemy.Connection.commit = counted_commit  # type: ignore[method-assign]
    sys.addaudithook(see)
    work()
