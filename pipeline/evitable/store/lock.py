"""One run at a time: who works on a review holds its lock, and says who it is."""

from __future__ import annotations

import atexit
import contextlib
import datetime
import os
import socket
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from evitable.errors import UserError
from evitable.records import Record, decode, encode
from evitable.store.workspace import Workspace, writable, write_bytes

LOCK_FILE = ".lock"
"""What is locked, in `outputs/`: an empty file that stays. The lock is the operating system's, and ends with its
process, however that ends."""

HOLDER_FILE = ".holder.json"
"""Who holds the lock, in `outputs/`."""

_PATIENCE = 0.5
"""Seconds that are waited for a lock, so that a look at who holds it never turns a run away."""


class Holder(Record, frozen=True, kw_only=True):
    """Who holds the lock of a review.

    Attributes:
        pid: The process.
        host: Name of the machine that it runs on.
        command: As a person would type it, such as `evitable run`.
        started: UTC time in ISO form. It is for people: nothing is judged by it, since clocks jump.
    """

    pid: int
    host: str
    command: str
    started: str


@contextmanager
def hold(workspace: Workspace, command: str) -> Iterator[Holder | None]:
    """Hold a review while the block runs: no other process, and no other thread, may hold it then.

    The processes that the block starts do not hold it, and do not keep it when this one is killed.

    Args:
        workspace: The review.
        command: What holds it, as a person would type it.

    Yields:
        Who held it before and was ended abruptly; None if the last one ended in good order.

    Raises:
        UserError: It is held; says by whom. Or nothing can be written into `outputs/`.
    """
    writable(workspace.outputs)
    path = workspace.outputs / HOLDER_FILE
    lock = _lock(workspace)
    _take(lock, workspace)
    with contextlib.ExitStack() as stack:
        stack.callback(lock.release)
        died = _read(path)
        write_bytes(path, encode(_myself(command)))
        clear = partial(_clear, path, os.getpid())
        stack.callback(clear)
        atexit.register(clear)  # a run that Ctrl-C stops ends in good order too
        stack.callback(atexit.unregister, clear)
        yield died


def holder(workspace: Workspace) -> Holder | None:
    """Tell who holds a review at this moment; None if nobody does, or it cannot be told."""
    if not (workspace.outputs / LOCK_FILE).exists():
        return None
    lock = _lock(workspace)
    try:
        with _quiet():
            lock.acquire(blocking=False)
    except Timeout:
        return _read(workspace.outputs / HOLDER_FILE)
    except OSError:
        return None
    lock.release()
    return None


def _lock(workspace: Workspace) -> FileLock:
    # One object for each call: two threads of one process then exclude each other as two processes do.
    return FileLock(workspace.outputs / LOCK_FILE, thread_local=False)


def _take(lock: FileLock, workspace: Workspace) -> None:
    try:
        with _quiet():
            lock.acquire(timeout=_PATIENCE)
    except Timeout as error:
        raise _held(_read(workspace.outputs / HOLDER_FILE), workspace) from error
    except OSError as error:
        raise UserError(
            f"{workspace.outputs / LOCK_FILE} cannot be locked ({error.strerror}).",
            "Change the permissions of that file and its folder, or delete the file if no run is going on.",
        ) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Say nothing where the disk knows no locks: filelock then keeps a marker file instead."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="flock not supported")
        yield


def _held(by: Holder | None, workspace: Workspace) -> UserError:
    hint = "Wait until it has ended, then run again."
    if by is None:
        return UserError(f"Another run holds the review in {workspace.root}.", hint)
    if by.host != socket.gethostname():
        hint += (
            f" If nothing of the kind runs on {by.host} any more, this disk does not tell when a process has ended: "
            f"make sure, then delete {workspace.outputs / LOCK_FILE} and {workspace.outputs / HOLDER_FILE} by hand."
        )
    since = by.started.replace("T", " ").removesuffix("+00:00")
    return UserError(
        f"Another run holds this review: process {by.pid} on {by.host}, `{by.command}`, since {since} UTC.", hint
    )


def _myself(command: str) -> Holder:
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    return Holder(pid=os.getpid(), host=socket.gethostname(), command=command, started=now)


def _read(path: Path) -> Holder | None:
    try:
        return decode(path.read_bytes(), Holder)
    except (OSError, msgspec.DecodeError):
        return None


def _clear(path: Path, owner: int) -> None:
    """Take the holder's record away, if this is the process that wrote it and not a copy of it."""
    if os.getpid() == owner:
        with contextlib.suppress(OSError):
            path.unlink()
