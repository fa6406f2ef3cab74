"""A guard over one worker process: time limit per attempt, a fresh worker after a death, and what is tried next."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Set
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import msgspec
from msgspec.structs import replace

import evitable
from evitable.errors import UserError
from evitable.flows.attempts import Attempt
from evitable.flows.costs import with_all_costs
from evitable.flows.stages import NOT_CHECKED, PaperKeys, PaperOutcome, PaperStages
from evitable.flows.worker import RUN_PID, Frame, Highlight, Highlighted, Request
from evitable.records import Issue, Notice, Paper

LOG = "workers.log"
"""Where workers write what only a developer needs, in `outputs/.cache`."""
_START_LIMIT = 120.0
"""Seconds that a worker may take to load its models on a busy machine."""

_SECOND_ENGINE = frozenset(
    {
        "pdf-damaged",
        "pdf-no-pages",
        "pdf-scanned",  # the engine may not know the letters of its fonts
        "unexpected",
        "out-of-memory",
        "worker-died",
        "timed-out",
    }
)
"""What the other engine might not share. Not in it: what is no fault of an engine, such as a password or a limit."""
_COSTLY = frozenset({"out-of-memory", "worker-died", "timed-out"})


class Guard:
    """Sends papers to one worker process. Use as a context manager; the worker ends with it."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._stages = PaperStages(frame.config(), frame.last)
        self._process: subprocess.Popen[bytes] | None = None
        self._scratch: tempfile.TemporaryDirectory[str] | None = None
        self._starting = threading.Lock()
        self._beginning: threading.Thread | None = None
        self._killed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self.kill()
        self._end()

    def begin(self) -> None:
        """Start the worker without waiting for its models; what stands in its way is told with the first paper."""

        def start() -> None:
            with suppress(UserError):
                self._start()

        self._beginning = threading.Thread(target=start, daemon=True)
        self._beginning.start()

    def code(self, paper: Paper, keys: PaperKeys) -> PaperOutcome:
        """Have one paper read, in another way where the first one fails.

        A worker that hangs or dies costs that attempt only. Each attempt has `time_limit`, so that a paper which hangs
        both engines costs twice that; OCR has a limit of its own.

        Args:
            paper: The paper.
            keys: Of its results without OCR.

        Raises:
            UserError: The worker cannot start or cannot write its results.
        """
        first = self._attempt(Request(paper=paper), keys)
        outcome, tried = first, [first]
        if _failed_with(first, _SECOND_ENGINE):
            second = self._attempt(Request(paper=paper, attempt="second", before=first.issue), keys)
            outcome, tried = _after_second(first, second), [first, second]
        if self._frame.settings.ocr and _is_scan(outcome, tried):
            tried.append(self._attempt(Request(paper=paper, attempt="ocr"), keys))
            outcome = _after_ocr(outcome, tried[-1])
        return self._without_check(with_all_costs(outcome, tried))

    def highlight(self, request: Highlight) -> Issue | None:
        """Have the highlighted copy of one paper written; give what went wrong, or None.

        Raises:
            UserError: The worker cannot start or cannot write the copy.
        """
        line, exit_code = self._exchange(request, self._frame.settings.time_limit)
        if line:
            return msgspec.json.decode(line, type=Highlighted).issue
        why = "took too long" if exit_code is None else f"broke down (exit {exit_code})"
        return Issue(
            code="highlight-failed",
            stage="export",
            paper=request.paper.path,
            message=f"No highlighted copy was made: the program that marks PDFs {why}.",
            hint="The tables are complete without it. Print the PDF to a new PDF, if you want a highlighted copy.",
        )

    def kill(self) -> None:
        """End the worker and all that it started at once, whatever it is doing; there will be no other."""
        with self._starting:
            self._killed = True
            process = self._process
        if process is not None:
            kill_group(process)
            process.wait()
        if self._scratch is not None:
            self._scratch.cleanup()

    def _attempt(self, request: Request, keys: PaperKeys) -> PaperOutcome:
        """Have one attempt made, by a fresh worker where there is none."""
        self._ready()
        start = time.perf_counter()
        line, exit_code = self._exchange(request, self._limit(request.attempt))
        if not line:
            return self._lost(request, keys, exit_code, time.perf_counter() - start)
        outcome = msgspec.json.decode(line, type=PaperOutcome)
        if outcome.issue is not None and outcome.issue.code == "out-of-memory":
            self._end()  # what is left of its memory is in pieces
        return outcome

    def _exchange(self, request: Request | Highlight, seconds: float) -> tuple[bytes, int | None]:
        """Send a request and give the answer; where it is empty, the exit code of the worker, or None if time ran out.

        Raises:
            UserError: The worker cannot start, or says what a person has to mend.
        """
        self._ready()
        line, timed_out = self._ask(msgspec.json.encode(request) + b"\n", seconds)
        exit_code = self._end() if timed_out or not line else 0
        if line.startswith(b'{"error"'):
            self._end()
            raise _told(line)
        return line, None if timed_out else exit_code

    def _ready(self) -> None:
        """Start a worker where there is none."""
        if self._beginning is not None:
            self._beginning.join()
            self._beginning = None
        if self._process is not None and self._process.poll() is not None:
            self._end()  # it died while idle; this paper is not to blame
        if self._process is None and not self._killed:
            self._start()

    def _limit(self, attempt: Attempt) -> int:
        settings = self._frame.settings
        return settings.ocr_time_limit if attempt == "ocr" else settings.time_limit

    def _lost(self, request: Request, keys: PaperKeys, exit_code: int | None, seconds: float) -> PaperOutcome:
        """Give the outcome of an attempt that ended without an answer; no exit code means that time ran out.

        All its time is put down to the stage that it did not come through.
        """
        paper, ocr = request.paper, request.attempt == "ocr"
        keys = self._stages.keys(paper, ocr=True) if ocr else keys
        if exit_code is not None:
            code, hint = "worker-died", "Print the PDF to a new PDF, and try again."
            message = f"The program that reads PDFs broke down on this paper (exit {exit_code})."
        else:
            code, what, limit = "timed-out", "Its OCR" if ocr else "The paper", self._limit(request.attempt)
            message = f"{what} took longer than {limit} seconds and was given up."
            name = "ocr_time_limit" if ocr else "time_limit"
            hint = f"Raise {name} in review.toml, or print the PDF to a new PDF."
        stage = self._stages.next_stage(keys)
        issue = Issue(code=code, stage=stage, paper=paper.path, message=message, hint=hint)
        spent: dict[str, float] = {stage: round(seconds, 4)}
        return self._stages.with_notices(PaperOutcome(path=paper.path, keys=keys, issue=issue, seconds=spent))

    def _without_check(self, outcome: PaperOutcome) -> PaperOutcome:
        """Give a paper whose quotes could not be compared with the PDF: it is coded all the same, and that is told."""
        fault, document = outcome.issue, self._stages.document(outcome.keys)
        if fault is None or fault.stage != "check" or document is None:
            return outcome
        notice = Notice(
            code=NOT_CHECKED,
            message=f"Its quotes could not be compared with the PDF's own text. {fault.message}",
            hint="Compare quotes with the page before you use them.",
        )
        return replace(outcome, issue=None, first_page=document.metadata, notices=(*document.notices, notice))

    def _start(self) -> None:
        self._scratch = tempfile.TemporaryDirectory(prefix="evitable-", ignore_cleanup_errors=True)
        environment = worker_environment() | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), self._scratch.name)
        with _log(self._frame) as log, self._starting:
            if self._killed:
                return
            self._process = subprocess.Popen(
                [sys.executable, "-m", "evitable.flows.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=environment,
                start_new_session=True,  # a group of its own, so that what it starts can be ended with it
            )
        line, _ = self._ask(msgspec.json.encode(self._frame) + b"\n", _START_LIMIT)
        if not line.startswith(b'{"ready"') and not self._killed:
            self._end()
            raise _told(line)

    def _ask(self, line: bytes, seconds: float) -> tuple[bytes, bool]:
        """Send a line and wait for the answer; give the answer (empty if the worker ended) and whether time ran out."""
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            return b"", False
        fired = threading.Event()

        def give_up() -> None:
            fired.set()
            kill_group(process)

        timer = threading.Timer(seconds, give_up)
        timer.start()
        try:
            process.stdin.write(line)
            process.stdin.flush()
            return process.stdout.readline(), fired.is_set()
        except OSError:
            return b"", fired.is_set()
        finally:
            timer.cancel()

    def _end(self) -> int:
        """End the worker and what it left behind, and give its exit code."""
        process, self._process = self._process, None
        if process is None:
            return 0
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=5)
        kill_group(process)
        if self._scratch is not None:
            self._scratch.cleanup()
        return process.wait()


@contextmanager
def _log(frame: Frame) -> Iterator[BinaryIO | None]:
    """Open the file that workers write to; none on a machine that has no such folder, where they write to its log."""
    folder = Path(frame.logs or frame.cache)
    if not folder.is_dir():
        yield None
        return
    with (folder / LOG).open("ab") as log:
        yield log


def _failed_with(outcome: PaperOutcome, codes: Set[str]) -> bool:
    """Tell whether a paper was not read, for one of these reasons; what fails later is no matter of engines."""
    return outcome.issue is not None and outcome.issue.stage == "extract" and outcome.issue.code in codes


def _is_scan(outcome: PaperOutcome, tried: list[PaperOutcome]) -> bool:
    """Tell whether pages of a paper are pictures, as far as the attempts could tell."""
    if outcome.issue is not None and any(_failed_with(one, {"pdf-scanned"}) for one in tried):
        return True
    return any(notice.code == "pages-without-text" for notice in outcome.notices)


def _after_second(first: PaperOutcome, second: PaperOutcome) -> PaperOutcome:
    """Choose between two attempts: the second if it read the paper, else the first, whose fault is to be mended."""
    fault = first.issue
    if fault is None or second.issue is None or second.issue.stage != "extract":
        return second
    if fault.code in _COSTLY:
        message = f"{fault.message.removesuffix('.')}, and the second engine failed too."
        return replace(first, issue=replace(fault, message=message))
    return first


def _after_ocr(outcome: PaperOutcome, ocr: PaperOutcome) -> PaperOutcome:
    """Give what OCR read; if it failed, what was there before, with what stood in its way."""
    fault = ocr.issue
    if fault is None or fault.stage != "extract":
        return ocr

    def told(told: Issue | Notice) -> dict[str, str]:
        return {"message": f"{told.message} {fault.message}", "hint": fault.hint}

    issue = outcome.issue
    if issue is not None and issue.code == "pdf-scanned":
        issue = replace(issue, **told(issue))
    notices = (replace(n, **told(n)) if n.code == "pages-without-text" else n for n in outcome.notices)
    return replace(outcome, issue=issue, notices=tuple(notices))


def worker_environment() -> dict[str, str]:
    """Give the environment of a child process: this one's, with this package to be found, and one thread each."""
    source = str(Path(evitable.__file__).parents[1])
    paths = os.pathsep.join(part for part in (source, os.environ.get("PYTHONPATH", "")) if part)
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**os.environ, "PYTHONPATH": paths, RUN_PID: str(os.getpid()), **threads}


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """End a process that leads a group of its own, and all that it started; one that has ended already is let be."""
    with suppress(ProcessLookupError, PermissionError):  # they have ended
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:  # Windows
            process.kill()


def _told(line: bytes) -> UserError:
    told = msgspec.json.decode(line) if line.startswith(b'{"error"') else {}
    return UserError(
        told.get("error") or "The program that reads papers could not start.",
        told.get("hint") or "Raise memory_limit in review.toml, or install Evitable again.",
    )
