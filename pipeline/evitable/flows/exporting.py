"""The files of a review, made by two processes side by side where the system can part one in two."""

from __future__ import annotations

import errno
import gc
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from evitable.errors import RunFailedError, UserError
from evitable.export import Review, export_review
from evitable.records import Record
from evitable.store import Staging

log = logging.getLogger(__name__)

SECOND = ("xlsx", "figures", "html")
"""Kinds of files that the second process makes: about half of the work."""


class Made(Record, frozen=True, kw_only=True):
    """What a process made: SHA-256 by name, and seconds by kind of file; or what stood in its way."""

    hashes: dict[str, str] = msgspec.field(default_factory=dict)
    seconds: dict[str, float] = msgspec.field(default_factory=dict)
    error: str = ""
    hint: str = ""
    errno: int = 0


def export_files(review: Review, names: Sequence[str], staged: Staging, *, processes: int = 2) -> dict[str, float]:
    """Write the files of a review among those that are to be published.

    Args:
        review: What is exported.
        names: Kinds of files that are wanted.
        staged: The files that are to be published.
        processes: 1 or more; with more than one, and where processes can be parted, two work side by side. It must
            then have no other threads.

    Returns:
        Wall seconds by kind of file, of either process.

    Raises:
        OSError: A file cannot be written.
    """
    there = [name for name in names if name in SECOND]
    here = [name for name in names if name not in SECOND]
    if processes < 2 or not there or not here or not hasattr(os, "fork"):
        return _write(review, names, staged).seconds
    answer = staged.folder / "second.json"
    sys.stderr.flush()
    gc.freeze()  # what both share is not to be copied because one of them counts it
    child = os.fork()
    if child == 0:
        _end_with(lambda: _write(review, there, staged), answer)
    done = False
    try:
        made = _write(review, here, staged)
        done = True
    finally:
        if not done:
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    second = _answered(answer)
    staged.adopt(second.hashes)
    seconds = made.seconds | second.seconds
    return {name: seconds[name] for name in names if name in seconds}


def _write(review: Review, names: Sequence[str], staged: Staging) -> Made:
    """Write files, kind by kind."""
    hashes: dict[str, str] = {}
    seconds: dict[str, float] = {}
    for kind in names:
        start = time.perf_counter()
        for name, content in export_review(review, (kind,)):
            staged.add(name, content)
            hashes[name] = staged.hashes[name]
            seconds[kind] = round(time.perf_counter() - start, 3)
    return Made(hashes=hashes, seconds=seconds)


def _end_with(work: Callable[[], Made], answer: Path) -> None:
    """Do the work of a parted process, leave its answer, and end it without what belongs to the other one."""
    code = 1
    try:
        try:
            made = work()
        except UserError as error:
            made = Made(error=error.message, hint=error.hint)
        except OSError as error:
            made = Made(error=error.strerror or str(error), errno=error.errno or errno.EIO)
        answer.write_bytes(msgspec.json.encode(made))
        code = 0
    finally:
        if code:
            log.exception("The process that writes the workbook has failed.")
        sys.stderr.flush()
        os._exit(code)


def _answered(answer: Path) -> Made:
    try:
        made = msgspec.json.decode(answer.read_bytes(), type=Made)
    except (OSError, msgspec.DecodeError) as error:
        raise RunFailedError(
            "The program that writes the workbook ended before it was done.",
            "Run again; if it stays, there may be too little memory: set workers = 1 in review.toml.",
        ) from error
    if made.errno:
        raise OSError(made.errno, made.error)
    if made.error:
        raise UserError(made.error, made.hint)
    return made
