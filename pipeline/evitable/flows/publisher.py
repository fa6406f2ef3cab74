"""The child process that turns a run's results into its published files: what it takes of memory ends with it.

Run as `python -m evitable.flows.publisher`. It reads one request, and answers with one JSON line. Killed at any moment
it leaves the last published run in force.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

import msgspec

from evitable.errors import EvitableError, RunFailedError, UserError
from evitable.export import KINDS, NAMES
from evitable.flows.corpus import Corpus
from evitable.flows.costs import Usage
from evitable.flows.evidence import LostResultsError
from evitable.flows.guard import kill_group, worker_environment
from evitable.flows.logs import about, json_logs, set_up_logging
from evitable.flows.stages import PaperOutcome, PaperStages
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


class Ahead(Record, frozen=True, kw_only=True):
    """What a publisher can load while papers are still being read.

    Attributes:
        frame: Settings, codebook, model.
        outcomes: What became of the papers that are done already.
    """

    frame: Frame
    outcomes: tuple[PaperOutcome, ...]


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


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A publisher that was begun early, and the thread that tells it what it can load."""

    process: subprocess.Popen[bytes]
    told: Thread


_RUNNING: set[subprocess.Popen[bytes]] = set()
_WAITING: list[_Waiting] = []
_AHEAD = "ahead"


def begin_publisher(ahead: Ahead) -> None:
    """Have a publisher load libraries and results while there is something else to do before."""
    process = _started(_AHEAD)
    told = Thread(target=_tell, args=(process, msgspec.json.encode(ahead)), daemon=True)  # it takes a second to listen
    told.start()
    _WAITING.append(_Waiting(process, told))


def end_publishers() -> None:
    """End the publishers of this process; the last published run stays in force."""
    while _WAITING:
        waiting = _WAITING.pop()
        kill_group(waiting.process)
        _end(_told(waiting))
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


def _started(*arguments: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(  # noqa: S603 - no word of a user
        [sys.executable, "-m", "evitable.flows.publisher", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=worker_environment(),
        start_new_session=True,  # a group of its own, so that what it starts can be ended with it
    )
    _RUNNING.add(process)
    return process


def _told(waiting: _Waiting) -> subprocess.Popen[bytes]:
    """Give a publisher's process once nobody else writes to it."""
    waiting.told.join()
    return waiting.process


def _tell(process: subprocess.Popen[bytes], ahead: bytes) -> None:
    if process.stdin:  # a pipe, as it was started
        with suppress(OSError):  # it has died while it waited
            process.stdin.write(ahead + b"\n")
            process.stdin.flush()


@contextmanager
def _child() -> Iterator[subprocess.Popen[bytes]]:
    process = _told(_WAITING.pop()) if _WAITING else _started()
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
    stages, frame = _loaded(sys.stdin.buffer.readline()) if _AHEAD in sys.argv else (None, None)
    request = sys.stdin.buffer.read()
    if request:  # else the run has ended without anything to publish
        publication = msgspec.json.decode(request, type=Publication)
        held = stages if publication.frame == frame else None
        answers.write(msgspec.json.encode(_answer(publication, held)))
    return 0


def _loaded(line: bytes) -> tuple[PaperStages | None, Frame | None]:
    """Load libraries and results; nothing where the run has ended before it told which."""
    if not line:
        return None, None
    from evitable.flows.publishing import all_kept  # noqa: PLC0415

    ahead = msgspec.json.decode(line, type=Ahead)
    try:
        config = ahead.frame.config()
        for kind in KINDS:
            if kind.exporter and kind.name in (config.settings.exports or NAMES):
                kind.load()
        stages = PaperStages(config)
        with all_kept():
            stages.hold(ahead.outcomes)
    except UserError:  # will be told when it stands in the way of publishing
        return None, None
    return stages, ahead.frame


def _answer(publication: Publication, held: PaperStages | None) -> Published:
    from evitable.flows.publishing import publish_run  # noqa: PLC0415 - the parent needs none of it

    config = publication.frame.config()
    about(**publication.known)
    try:
        publish_run(
            open_workspace(Path(publication.root)),
            config,
            publication.corpus,
            publication.outcomes,
            publication.begun,
            held or PaperStages(config),
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
