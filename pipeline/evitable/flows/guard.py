"""A guard over one worker process: time limit per paper, and a fresh worker after a death."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

import evitable
from evitable.errors import UserError
from evitable.flows.stages import PaperKeys, PaperOutcome
from evitable.flows.worker import Frame
from evitable.records import Issue, Paper

LOG = "workers.log"
"""Where workers write what only a developer needs, in the cache's folder."""
_START_LIMIT = 120.0
"""Seconds that a worker may take to load its models on a busy machine."""


class Guard:
    """Sends papers to one worker process. Use as a context manager; the worker ends with it."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def code(self, paper: Paper, keys: PaperKeys) -> PaperOutcome:
        """Have one paper read; a worker that hangs or dies costs that paper only.

        Raises:
            UserError: The worker cannot start or cannot write its results.
        """
        if self._process is not None and self._process.poll() is not None:
            self._end()  # it died while idle; this paper is not to blame
        if self._process is None:
            self._process = self._start()
        limit = self._frame.settings.time_limit
        line, timed_out = self._ask(msgspec.json.encode(paper) + b"\n", limit)
        if line:
            if line.startswith(b'{"error"'):
                self._end()
                raise _told(line)
            return msgspec.json.decode(line, type=PaperOutcome)
        code = self._end()
        if timed_out:
            return _lost(
                paper,
                keys,
                "timed-out",
                f"The paper took longer than {limit} seconds and was given up.",
                "Raise time_limit in review.toml, or print the PDF to a new PDF.",
            )
        return _lost(
            paper,
            keys,
            "worker-died",
            f"The program that reads PDFs broke down on this paper (exit {code}).",
            "Print the PDF to a new PDF, and try again.",
        )

    def kill(self) -> None:
        """End the worker at once, whatever it is doing."""
        process = self._process
        if process is not None:
            process.kill()
            process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        environment = dict(os.environ)
        source = str(Path(evitable.__file__).parents[1])
        environment["PYTHONPATH"] = os.pathsep.join(
            part for part in (source, environment.get("PYTHONPATH", "")) if part
        )
        environment.update(
            dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        )  # workers share the cores
        with (Path(self._frame.cache) / LOG).open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "evitable.flows.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=environment,
            )
        self._process = process
        line, _ = self._ask(msgspec.json.encode(self._frame) + b"\n", _START_LIMIT)
        if line.startswith(b'{"ready"'):
            return process
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
            process.kill()

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
        """End the worker, and give its exit code."""
        process, self._process = self._process, None
        if process is None:
            return 0
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue
        try:
            return process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()


def _told(line: bytes) -> UserError:
    told = msgspec.json.decode(line) if line.startswith(b'{"error"') else {}
    return UserError(
        told.get("error") or "The program that reads papers could not start.",
        told.get("hint") or "Raise memory_limit in review.toml, or install Evitable again.",
    )


def _lost(paper: Paper, keys: PaperKeys, code: str, message: str, hint: str) -> PaperOutcome:
    return PaperOutcome(
        path=paper.path,
        keys=keys,
        issue=Issue(code=code, stage="extract", paper=paper.path, message=message, hint=hint),
    )


_POOLS: list[GuardPool] = []


def close_all_pools() -> None:
    """End the workers of all pools of this process."""
    while _POOLS:
        _POOLS[-1].close()


class GuardPool:
    """Workers that are kept between batches, so that models load once per worker and not once per batch."""

    def __init__(self) -> None:
        self._idle: list[tuple[bytes, Guard]] = []
        self._busy: list[Guard] = []
        self._lock = threading.Lock()
        self.closed = False
        _POOLS.append(self)

    @contextmanager
    def lease(self, frame: Frame) -> Iterator[Guard]:
        """Lend a guard for one batch."""
        key = msgspec.json.encode(frame)
        with self._lock:
            index = next((i for i, (other, _) in enumerate(self._idle) if other == key), None)
            guard = Guard(frame) if index is None else self._idle.pop(index)[1]
            self._busy.append(guard)
        try:
            yield guard
        finally:
            with self._lock:
                self._busy.remove(guard)
                self._idle.append((key, guard))

    def close(self) -> None:
        """End all workers, also those that are at work: what they have not finished is done in the next run."""
        with self._lock:
            self.closed = True
            if self in _POOLS:
                _POOLS.remove(self)
            idle, self._idle = self._idle, []
            busy = list(self._busy)
        for guard in (*busy, *(guard for _, guard in idle)):
            guard.kill()


def batches(papers: Sequence[Paper], workers: int, most: int = 25) -> list[tuple[Paper, ...]]:
    """Cut papers into batches: about two per worker, and no more than 25 papers each."""
    size = max(1, min(most, -(-len(papers) // (2 * workers))))
    return [tuple(papers[start : start + size]) for start in range(0, len(papers), size)]
