"""One schedule of a review at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from evitable.errors import UserError
from evitable.store import Workspace, writable

LOCK_FILE = ".schedule.lock"
"""In `outputs/`: held by the review's schedule, and set free by its end, however it ends."""


@contextmanager
def alone(workspace: Workspace) -> Iterator[None]:
    """See that there is no other schedule of a review while the block runs.

    Raises:
        UserError: There is one; or nothing can be written into `outputs/`.
    """
    writable(workspace.outputs)
    lock = FileLock(workspace.outputs / LOCK_FILE)
    try:
        lock.acquire(blocking=False)
    except Timeout as error:
        raise UserError(
            "A schedule of this review goes on already.", "Stop it with Ctrl-C where it runs, or leave it alone."
        ) from error
    try:
        yield
    finally:
        lock.release()
