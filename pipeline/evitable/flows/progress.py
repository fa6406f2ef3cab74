"""What a person sees while a run goes on: papers done, of how many, how fast, how long still, what failed."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import NamedTuple, Self

from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn
from rich.text import Text

from evitable.flows.logs import json_logs, tell, through
from evitable.flows.stages import PaperOutcome
from evitable.records import Issue

_QUIET_SECONDS = 10.0
"""Where there is no terminal, lines are at least this far apart."""
_QUIET_SHARE = 0.05
"""And this share of the papers, unless a minute has passed: a night's log stays readable."""
_PATIENCE = 60.0
_WINDOW = 60
"""Papers over which the rate is taken: papers differ, and so does a machine over a night."""
_SURE = 3
"""Papers from which a rate can be told."""


class Work(NamedTuple):
    """Words for what is done with papers."""

    doing: str
    done: str
    failed: str


CODING = Work("Reading and coding papers", "papers", "not read")
MARKING = Work("Marking papers", "papers marked", "not marked")


class Pace:
    """How fast papers get done, by those that were done last; papers that were there from the start do not count.

    Args:
        now: Reading of the clock at the start, in seconds.
    """

    def __init__(self, now: float) -> None:
        self._times = deque([now], maxlen=_WINDOW + 1)

    def count(self, now: float) -> None:
        """Count one paper."""
        self._times.append(now)

    def per_minute(self, now: float) -> float:
        """Give papers per minute; 0 where it cannot be told yet. It falls while none gets done."""
        papers = len(self._times) - 1
        passed = now - self._times[0]
        return papers / passed * 60 if papers >= _SURE and passed > 0 else 0.0

    def words(self, left: int, now: float) -> str:
        """Say the rate and the time left, in words; empty where it cannot be told yet."""
        rate = self.per_minute(now)
        if not rate:
            return ""
        return f"{_rate(rate)}, {time_left(left / rate)}" if left else _rate(rate)


def time_left(minutes: float) -> str:
    """Say a time in words, no more exactly than it can be known."""
    if minutes < 1:
        return "less than a minute left"
    if minutes < 90:
        return f"about {minutes:.0f} min left"
    if minutes < 36 * 60:
        return f"about {minutes / 60:.0f} h left"
    return f"about {minutes / 60 / 24:.0f} days left"


class PaperProgress:
    """Counts papers on standard error: a bar on a terminal, a line now and then elsewhere. Safe to use from threads.

    Where events are written as JSON, each paper is one, and there are neither bars nor lines.

    Args:
        total: Papers in all.
        there: How many of them were done before.
        work: What is done with them.
        clock: Gives seconds.
    """

    def __init__(
        self, total: int, *, there: int = 0, work: Work = CODING, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._total = total
        self._done = there
        self._failed = 0
        self._work = work
        self._clock = clock
        self._pace = Pace(clock())
        self._told = (clock(), there)
        self._lock = threading.Lock()
        self._stack = ExitStack()
        console = Console(stderr=True, highlight=False)
        self._bar = _Bar(console, work) if console.is_interactive and not json_logs() else None

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._stack.enter_context(through(self._bar.console))
            self._stack.enter_context(self._bar)
            self._bar.begin(self._total, self._done)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()
        if self._bar is not None and self._done == self._total:
            tell("progress", self._line(self._clock()))

    def coded(self, outcome: PaperOutcome) -> None:
        """Count a paper that was read and coded, or failed; machines are told what it cost."""
        costs = {"seconds": outcome.seconds, "megabytes": outcome.megabytes, "cached": outcome.cached}
        self._count("paper", outcome.path, outcome.issue, costs)

    def marked(self, path: str, issue: Issue | None) -> None:
        """Count a paper of which a highlighted copy was made, or could not be made."""
        self._count("marked", path, issue, {})

    def _count(self, event: str, path: str, issue: Issue | None, costs: Mapping[str, object]) -> None:
        with self._lock:
            self._done += 1
            self._failed += issue is not None
            if not json_logs():
                self._show(path, issue)
                return
            tell(
                event,
                f"{path}: {issue.message}" if issue else "",
                level=logging.INFO if issue is None else logging.WARNING,
                paper=path,
                stage=issue and issue.stage,
                issue=issue and issue.code,
                **costs,
                done=self._done,
                total=self._total,
                failed=self._failed,
            )

    def _show(self, path: str, issue: Issue | None) -> None:
        now = self._clock()
        self._pace.count(now)
        if issue is not None:
            tell("fault", f"  {self._work.failed}: {path}: {issue.message}")
        if self._bar is not None:
            self._bar.show(self._done, self._pace.words(self._total - self._done, now), self._faults(), path)
        elif self._is_time(now):
            self._told = (now, self._done)
            tell("progress", self._line(now))

    def _is_time(self, now: float) -> bool:
        """Tell whether a line is due where there is no terminal."""
        if self._done == self._total:
            return True
        seconds, papers = now - self._told[0], self._done - self._told[1]
        return seconds >= _PATIENCE or (seconds >= _QUIET_SECONDS and papers >= _QUIET_SHARE * self._total)

    def _line(self, now: float) -> str:
        done = f"  {self._done} of {self._total} {self._work.done}"
        parts = (done, self._pace.words(self._total - self._done, now), self._faults())
        return ", ".join(part for part in parts if part)

    def _faults(self) -> str:
        return f"{self._failed} {self._work.failed}" if self._failed else ""


class _Bar(Progress):
    """A bar, and below it how fast it goes and the paper that was done last; it goes when it ends."""

    def __init__(self, console: Console, work: Work) -> None:
        columns = (SpinnerColumn(), TextColumn(work.doing), BarColumn(bar_width=None), MofNCompleteColumn())
        self._below = ("", "", "")
        super().__init__(*columns, console=console, transient=True, expand=True)
        self._papers = TaskID(0)

    def begin(self, total: int, done: int) -> None:
        """Show the bar."""
        self._papers = self.add_task("papers", total=total, completed=done)

    def show(self, done: int, pace: str, faults: str, path: str) -> None:
        """Show how far the papers are."""
        self._below = (pace, faults, path)
        self.update(self._papers, completed=done)

    def get_renderables(self) -> Iterator[RenderableType]:
        """Give the bar and the line below it."""
        yield from super().get_renderables()
        pace, faults, path = self._below
        line = Text("  ", no_wrap=True, overflow="ellipsis")
        line.append(", ".join(part for part in (pace, faults) if part), style="bold" if faults else "")
        line.append(f"{'  ' if pace or faults else ''}{path.rpartition('/')[2]}", style="dim")
        yield line


def _rate(per_minute: float) -> str:
    return f"{per_minute:.0f} a minute" if per_minute >= 10 else f"{per_minute:.1f} a minute"
