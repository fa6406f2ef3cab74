"""What a run cost: time of its phases, CPU, memory, and sums over papers."""

from __future__ import annotations

import os
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import takewhile
from typing import Protocol, TypeVar, get_args

from msgspec.structs import replace

from evitable.flows.logs import tell
from evitable.flows.memory import peak_megabytes
from evitable.flows.stages import PaperOutcome, Stage
from evitable.records import Issue, IssueKind, Record, RunCosts, StageCost

_TELLING = 20
"""Characters from which the beginning of a message says what it is about."""


class PaperCost(Protocol):
    """What is read of a paper's outcome: a `PaperOutcome` has it, and a `PaperTiming` too."""

    @property
    def path(self) -> str: ...  # noqa: D102
    @property
    def seconds(self) -> dict[str, float]: ...  # noqa: D102
    @property
    def megabytes(self) -> dict[str, float]: ...  # noqa: D102
    @property
    def cached(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def issue(self) -> Issue | None: ...  # noqa: D102


P = TypeVar("P", bound=PaperCost)


class Usage(Record, frozen=True, kw_only=True):
    """What a process and its ended children have used so far; can be sent to another process.

    Attributes:
        cpu_main: CPU seconds, user and system.
        cpu_workers: CPU seconds of children that have ended; 0 where the system does not tell.
        megabytes: Peak memory; 0 where the system does not tell.
    """

    cpu_main: float = 0.0
    cpu_workers: float = 0.0
    megabytes: float = 0.0

    def and_then(self, other: Usage) -> Usage:
        """Add what another process used, which is not a child of this one that has ended."""
        return Usage(
            cpu_main=self.cpu_main + other.cpu_main,
            cpu_workers=self.cpu_workers + other.cpu_workers,
            megabytes=max(self.megabytes, other.megabytes),
        )

    def since(self, before: Usage) -> Usage:
        """Take away what had been used before; the peak stays."""
        return Usage(
            cpu_main=self.cpu_main - before.cpu_main,
            cpu_workers=self.cpu_workers - before.cpu_workers,
            megabytes=self.megabytes,
        )


class Phases:
    """A stopwatch with a name for each part of a run: `with phases("scan"): ...`. For one thread.

    A part that runs within another one is counted for itself only, so that all parts add up to no more than the whole.
    A name that comes again is added to.

    Args:
        before: Seconds by name, of parts that are over.
    """

    def __init__(self, before: Mapping[str, float] | None = None) -> None:
        self._seconds = dict(before or {})
        self._inner = 0.0

    @property
    def seconds(self) -> dict[str, float]:
        """Wall seconds by name, in the order in which the parts began."""
        return {name: round(seconds, 3) for name, seconds in self._seconds.items()}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Take the time of a part."""
        self._seconds.setdefault(name, 0.0)
        outer, self._inner = self._inner, 0.0
        start = time.perf_counter()
        try:
            yield
        finally:
            took = time.perf_counter() - start
            self.add(name, took - self._inner)
            self._inner = outer + took

    def add(self, name: str, seconds: float) -> None:
        """Add a part whose time was taken elsewhere, as in another thread or process."""
        self._seconds[name] = self._seconds.get(name, 0.0) + seconds
        tell("phase", phase=name, seconds=round(seconds, 3))


def usage() -> Usage:
    """Give what this process and its ended children have used so far."""
    times = os.times()
    return Usage(
        cpu_main=times.user + times.system,
        cpu_workers=times.children_user + times.children_system,
        megabytes=peak_megabytes(),
    )


def run_costs(papers: Sequence[PaperCost], phases: Mapping[str, float], used: Usage) -> RunCosts:
    """Sum up what a run cost.

    Args:
        papers: One per paper, in any order; none gives zeros.
        phases: Wall seconds of each part of the run.
        used: CPU and memory.
    """
    failed = sum(paper.issue is not None for paper in papers)
    done = sum(paper.issue is None and _worked_on(paper) for paper in papers)
    return RunCosts(
        phases=dict(phases),
        cpu_main=round(used.cpu_main, 2),
        cpu_workers=round(used.cpu_workers, 2),
        megabytes_main=round(used.megabytes, 1),
        megabytes_worker=max((peak for paper in papers for peak in paper.megabytes.values()), default=0.0),
        papers_done=done,
        papers_cached=len(papers) - done - failed,
        papers_failed=failed,
        stages={stage: stage_cost(papers, stage) for stage in get_args(Stage)},
    )


def stage_cost(papers: Sequence[PaperCost], stage: str) -> StageCost:
    """Sum up what one stage cost; of two papers that cost the same, the first by path is named."""
    ran = sorted((-paper.seconds[stage], paper.path) for paper in papers if _ran(paper, stage))
    peaks = sorted((-paper.megabytes[stage], paper.path) for paper in papers if stage in paper.megabytes)
    seconds = [-negative for negative, _ in ran]
    return StageCost(
        papers=len(ran),
        cached=sum(stage in paper.cached for paper in papers),
        seconds=round(sum(seconds), 3),
        median=round(statistics.median(seconds), 4) if seconds else 0.0,
        longest=seconds[0] if seconds else 0.0,
        slowest=ran[0][1] if ran else "",
        megabytes=-peaks[0][0] if peaks else 0.0,
        largest=peaks[0][1] if peaks else "",
    )


def with_all_costs(outcome: PaperOutcome, attempts: Sequence[PaperOutcome]) -> PaperOutcome:
    """Give what became of a paper with what all attempts at it cost: their seconds added up, the largest peaks."""
    seconds: dict[str, float] = {}
    megabytes: dict[str, float] = {}
    for attempt in attempts:
        for stage, took in attempt.seconds.items():
            seconds[stage] = round(seconds.get(stage, 0.0) + took, 4)
        for stage, peak in attempt.megabytes.items():
            megabytes[stage] = max(megabytes.get(stage, 0.0), peak)
    cached = tuple(stage for stage in outcome.cached if not seconds.get(stage))
    return replace(outcome, seconds=seconds, megabytes=megabytes, cached=cached)


def issue_kinds(issues: Sequence[Issue], most: int = 3) -> tuple[IssueKind, ...]:
    """Count issues by kind, the most frequent kind first; of each, up to `most` papers are named."""
    by_code: dict[str, list[Issue]] = defaultdict(list)
    for issue in sorted(issues, key=lambda issue: (issue.paper, issue.message)):
        by_code[issue.code].append(issue)
    kinds = [
        IssueKind(
            code=code,
            count=len(alike),
            message=_in_common([issue.message for issue in alike]),
            hint=alike[0].hint,
            first=tuple(issue.paper for issue in alike[:most]),
        )
        for code, alike in by_code.items()
    ]
    return tuple(sorted(kinds, key=lambda kind: (-kind.count, kind.code)))


def slowest(papers: Sequence[P], most: int = 5) -> list[P]:
    """Give the papers that took longest, the longest first; none that took no time."""
    worked = [paper for paper in papers if sum(paper.seconds.values()) > 0]
    return sorted(worked, key=lambda paper: (-sum(paper.seconds.values()), paper.path))[:most]


def _in_common(messages: Sequence[str]) -> str:
    """Give what messages begin with, in whole words; where that says too little, the first message."""
    columns = zip(*(message.split(" ") for message in messages), strict=False)
    words = " ".join(column[0] for column in takewhile(lambda column: len(set(column)) == 1, columns))
    if words == messages[0]:
        return words
    return f"{words} …" if len(words) >= _TELLING else messages[0]


def _ran(paper: PaperCost, stage: str) -> bool:
    return stage in paper.seconds and stage not in paper.cached


def _worked_on(paper: PaperCost) -> bool:
    return any(_ran(paper, stage) for stage in paper.seconds)
