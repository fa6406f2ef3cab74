"""A command as a person would type it, and what it costs: wall time, CPU and memory, with all that it starts."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from support.processes import started_by

_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_MEGA = 1e6


class Cost(NamedTuple):
    """What a command cost.

    Attributes:
        wall: Seconds.
        cpu: User and system seconds of the command and of all that it started and waited for.
        cpu_seen: The same as seen from outside, also of what it did not wait for; the last moments of each are missed.
        main: Peak resident megabytes of the command's own process.
        largest: Of the largest process that it started.
        tree: Most of all of them together at one time; what they share is counted more than once.
        processes: How many there were.
        out: What it said.
    """

    wall: float
    cpu: float
    cpu_seen: float
    main: float
    largest: float
    tree: float
    processes: int
    out: str

    def figures(self) -> dict[str, float]:
        """Give the figures for a record."""
        return {name: round(value, 3) for name, value in self._asdict().items() if name != "out"}


class CommandFailedError(Exception):
    """A command that was measured did not end well; its figures would mean nothing."""


def watched(
    command: Sequence[str | Path], *, environment: Mapping[str, str] | None = None, log: Path | None = None
) -> Cost:
    """Run a command and measure it.

    Args:
        command: Program and arguments.
        environment: Of the command, beside that of this process.
        log: File for what it says on stderr.

    Raises:
        CommandFailedError: It did not end with 0.
    """
    with (log or Path(os.devnull)).open("ab") as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command],
            stdout=subprocess.PIPE,
            stderr=errors,
            env={**os.environ, **(environment or {})},
        )
        watcher = _Watcher(process.pid)
        watcher.start()
        assert process.stdout is not None
        out = process.stdout.read().decode()
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        watcher.stop()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise CommandFailedError(f"{command} ended with {process.returncode}: {out} (log: {log})")
    cpu = used.ru_utime + used.ru_stime
    return Cost(wall, cpu, watcher.cpu, watcher.main, watcher.largest, watcher.tree, len(watcher.seen), out)


def evitable(*arguments: str | Path, log: Path | None = None) -> Cost:
    """Run a command of the program and measure it."""
    return watched([sys.executable, "-m", "evitable", *arguments], log=log)


@dataclass
class _Seen:
    """A process: its CPU seconds so far, and its peak of resident megabytes."""

    cpu: float = 0.0
    peak: float = 0.0


@dataclass
class _Watcher(threading.Thread):
    """Looks at a process and at all that it started, every 50 ms; for new ones every fifth time."""

    pid: int
    seen: dict[int, _Seen] = field(default_factory=dict)
    tree: float = 0.0

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self._over = threading.Event()

    def __hash__(self) -> int:  # threads are kept in sets
        return id(self)

    def run(self) -> None:
        turn = 0
        while not self._over.wait(0.05):
            if turn % 5 == 0:
                for pid in (self.pid, *started_by(self.pid)):
                    self.seen.setdefault(pid, _Seen())
            turn += 1
            self.tree = max(self.tree, sum(self._look(pid) for pid in self.seen))

    def stop(self) -> None:
        self._over.set()
        self.join()

    @property
    def main(self) -> float:
        return self.seen[self.pid].peak if self.pid in self.seen else 0.0

    @property
    def largest(self) -> float:
        return max((one.peak for pid, one in self.seen.items() if pid != self.pid), default=0.0)

    @property
    def cpu(self) -> float:
        return sum(one.cpu for one in self.seen.values())

    def _look(self, pid: int) -> float:
        """Note CPU and memory of a process, and give the memory that it has now; 0 if it is no more."""
        with suppress(OSError, IndexError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            now = int(fields[21]) * _PAGE / _MEGA
            one = self.seen[pid]
            one.cpu = max(one.cpu, (int(fields[11]) + int(fields[12])) / _TICK)
            one.peak = max(one.peak, now)
            return now
        return 0.0
