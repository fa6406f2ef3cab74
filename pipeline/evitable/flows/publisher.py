"""The child process that turns a run's results into its published files: what it takes of memory ends with it.

Run as `python -m evitable.flows.publisher`. It reads one request, and answers with one JSON line. Killed at any moment
it leaves the last published run in force.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from evitable.errors import EvitableError, RunFailedError, UserError
from evitable.export import KINDS
from evitable.flows.corpus import Corpus
from evitable.flows.costs import Usage
from evitable.flows.evidence import LostResultsError
from evitable.flows.guard import kill_group, worker_environment
from evitable.flows.logs import about, json_logs, set_up_logging
from evitable.flows.stages import PaperOutcome
from evitable.flows.worker import Frame, end_with_the_run
from evitable.records import Record
from evitable.store import open_workspace


class Begun(Record, frozen=True, kw_only=True):
    """How far a run has come before it is published.

    Attributes:
        started: UTC time in ISO form at which it began.
        seconds: What it has taken so far.
        phases: Wall seconds of its parts so far.
        used: CPU and memory of its main process so far.
    """

    started: str
    seconds: float
    phases: dict[str, float]
    used: Usage


class Publication(Record, frozen=True, kw_only=True):
    """What is to be published.

    Attributes:
        root: The review's folder.
        frame: Settings, codebook, model.
        corpus: The papers, as the run found them.
        outcomes: What became of each.
        begun: How far the run has come.
        known: What each JSON line of a log carries; a publisher that was begun early does not know it yet.
    """

    root: str
    frame: Frame
    corpus: Corpus
    outcomes: tuple[PaperOutcome, ...]
    begun: Begun
    known: dict[str, Any]


class Published(Record, frozen=True, kw_only=True):
    """What became of it.

    Attributes:
        lost: Paths of papers whose results are not there any more, or damaged; nothing was published then.
        error: What went wrong, in words; empty if nothing did.
        hint: What to do about it.
        failed: Whether the run as a whole may not be published, rather than something that a person can mend.
    """

    lost: tuple[str, ...] = ()
    error: str = ""
    hint: str = ""
    failed: bool = False


_RUNNING: set[subprocess.Popen[bytes]] = set()
_WAITING: list[subprocess.Popen[bytes]] = []


def begin_publisher(kinds: Sequence[str]) -> None:
    """Have a publisher load what it needs for kinds of files, while there is something else to do before."""
    _WAITING.append(_started(kinds))


def end_publishers() -> None:
    """End the publishers of this process; the last published run stays in force."""
    while _WAITING:
        _end(_WAITING.pop())
    for process in tuple(_RUNNING):
        kill_group(process)


def publish_apart(publication: Publication) -> tuple[str, ...]:
    """Publish in a child process.

    Returns:
        Paths of papers that have to be done again, since their results are lost; empty once all is published.

    Raises:
        UserError: A person can mend it; the last run stays in force.
        RunFailedError: The run may not be published.
    """
    with _child() as process:
        out, _ = process.communicate(msgspec.json.encode(publication))
    try:
        done = msgspec.json.decode(out, type=Published)
    except msgspec.DecodeError as error:
        raise RunFailedError(
            f"The program that writes tables and report ended before it was done (exit {process.returncode}).",
            "Run again: papers that are done are not done again. If it stays, the machine may have too little memory.",
        ) from error
    if done.error:
        raise (RunFailedError if done.failed else UserError)(done.error, done.hint)
    return done.lost


def _started(kinds: Sequence[str] = ()) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(  # noqa: S603 - names of kinds, from the list of them
        [sys.executable, "-m", "evitable.flows.publisher", *kinds],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=worker_environment(),
        start_new_session=True,  # a group of its own, so that what it starts can be ended with it
    )
    _RUNNING.add(process)
    return process


@contextmanager
def _child() -> Iterator[subprocess.Popen[bytes]]:
    process = _WAITING.pop() if _WAITING else _started()
    if process.poll() is not None:  # it has died while it waited
        _end(process)
        process = _started()
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a publisher if it has not ended, and close its pipes."""
    _RUNNING.discard(process)
    if process.poll() is None:
        kill_group(process)
    process.communicate()


def main() -> int:
    """Read the request, publish, answer."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # a stray print of a library must not reach the pipe
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run, which ends this process itself
    end_with_the_run()
    set_up_logging(json=json_logs())
    for kind in KINDS:
        if kind.name in sys.argv[1:] and kind.exporter:
            kind.load()
    request = sys.stdin.buffer.read()
    if request:  # else the run has ended without anything to publish
        answers.write(msgspec.json.encode(_answer(request)))
    return 0


def _answer(request: bytes) -> Published:
    from evitable.flows.publishing import publish_run  # noqa: PLC0415 - the parent needs none of it

    publication = msgspec.json.decode(request, type=Publication)
    about(**publication.known)
    try:
        publish_run(
            open_workspace(Path(publication.root)),
            publication.frame.config(),
            publication.corpus,
            publication.outcomes,
            publication.begun,
        )
    except LostResultsError as error:
        return Published(lost=error.paths)
    except (UserError, RunFailedError) as error:
        return Published(error=error.message, hint=error.hint, failed=isinstance(error, RunFailedError))
    except EvitableError as error:
        return Published(error=str(error), failed=True)
    return Published()


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # to give back a gigabyte record by record takes as long as to publish it
