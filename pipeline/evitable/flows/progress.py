"""What a person sees while a run goes on: papers done, of how many, what failed."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

_PLAIN_SECONDS = 5.0
"""On a terminal-less output, a line at most this often."""


class PaperProgress:
    """Counts papers on standard error: a bar on a terminal, a line now and then elsewhere. Safe to use from threads."""

    def __init__(self, total: int, *, there: int = 0, marking: bool = False) -> None:
        self._total = total
        self._done_so, self._not_so = ("papers marked", "not marked") if marking else ("papers", "not read")
        self._done = there
        self._failed = 0
        self._lock = threading.Lock()
        self._last = time.monotonic()
        self._console = Console(stderr=True, highlight=False)
        self._bar: Progress | None = None
        if self._console.is_terminal:
            self._bar = Progress(
                SpinnerColumn(),
                TextColumn("Marking papers" if marking else "Reading and coding papers"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[note]}"),
                TimeRemainingColumn(),
                console=self._console,
                transient=True,
            )

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
            self._task = self._bar.add_task("papers", total=self._total, completed=self._done, note="")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def advance(self, path: str, fault: str = "") -> None:
        """Count one paper; a fault is printed on a line of its own."""
        with self._lock:
            self._done += 1
            self._failed += bool(fault)
            if fault:
                self._print(f"  {self._not_so}: {path}: {fault}")
            if self._bar is not None:
                self._bar.update(
                    self._task,
                    completed=self._done,
                    note=f"{self._failed} failed" if self._failed else path.rpartition("/")[2],
                )
            elif self._done == self._total or time.monotonic() - self._last > _PLAIN_SECONDS:
                self._last = time.monotonic()
                failed = f", {self._failed} failed" if self._failed else ""
                self._print(f"  {self._done} of {self._total} {self._done_so}{failed}")

    def _print(self, text: str) -> None:
        if self._bar is not None:
            self._bar.console.print(text, markup=False)
        else:
            sys.stderr.write(text + "\n")
            sys.stderr.flush()
