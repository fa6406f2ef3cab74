"""The files of a review, made by two processes side by side where the system can part one in two."""

from __future__ import annotations

import errno
import gc
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from evitable.errors import RunFailedError, UserError
from evitable.export import Review, export_review
from evitable.records import Record
from evitable.store import Staging

log = logging.getLogger(__name__)

LONGEST_FIRST = ("figures", "xlsx", "data", "csv", "qdpx", "jsonld", "html", "docx")
"""Kinds of files that take long, in this order: so two processes that take turns end at about the same time. Figures
take two seconds in a review of any size, the others grow with it."""


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
    if processes < 2 or len(names) < 2 or not hasattr(os, "fork"):
        seconds = _write(review, names, staged).seconds
    else:
        with _queue(names) as turns:
            seconds = _write_with_another(review, turns, staged)
    return {name: seconds[name] for name in names if name in seconds}


def _write_with_another(review: Review, turns: Iterator[str], staged: Staging) -> dict[str, float]:
    """Write files, kind by kind, while a process parted from this one does the same; each takes what is next."""
    answer = staged.folder / "second.json"
    sys.stderr.flush()
    gc.freeze()  # what both share is not to be copied because one of them counts it
    child = os.fork()
    if child == 0:
        _end_with(lambda: _write(review, turns, staged), answer)
    done = False
    try:
        made = _write(review, turns, staged)
        done = True
    finally:
        if not done:
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    second = _answered(answer)
    staged.adopt(second.hashes)
    return made.seconds | second.seconds


@contextmanager
def _queue(names: Sequence[str]) -> Iterator[Iterator[str]]:
    """Give names to whichever process asks next, each once: what is left is in a pipe, a byte for each name."""
    order = sorted(names, key=lambda name: LONGEST_FIRST.index(name) if name in LONGEST_FIRST else len(LONGEST_FIRST))
    end, start = os.pipe()
    try:
        os.write(start, bytes(range(len(order))))
    finally:
        os.close(start)
    try:
        yield (order[byte[0]] for byte in iter(lambda: os.read(end, 1), b""))
    finally:
        os.close(end)


def _write(review: Review, names: Iterable[str], staged: Staging) -> Made:
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
            log.exception("The second process that writes files has failed.")
        sys.stderr.flush()
        os._exit(code)


def _answered(answer: Path) -> Made:
    try:
        made = msgspec.json.decode(answer.read_bytes(), type=Made)
    except (OSError, msgspec.DecodeError) as error:
        raise RunFailedError(
            "A program that writes tables and report ended before it was done.",
            "Run again; if it stays, there may be too little memory: set workers = 1 in review.toml.",
        ) from error
    if made.errno:
        raise OSError(made.errno, made.error)
    if made.error:
        raise UserError(made.error, made.hint)
    return made
