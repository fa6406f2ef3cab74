"""From the tables of a run to its published files, all of a run or some of them again."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec

from evitable.errors import UserError
from evitable.export import HIGHLIGHTED, KINDS, NAMES, Review, export_review, issue_file
from evitable.flows.config import RunConfig, run_config
from evitable.flows.corpus import Corpus, scan_corpus
from evitable.flows.evidence import review_of_run, run_counts, run_identity, with_issues
from evitable.flows.highlights import NO_HIGHLIGHTS, highlight_papers
from evitable.flows.stages import PaperOutcome, PaperStages
from evitable.records import PaperTiming, RunRecord
from evitable.store import Workspace, last_run, publish


class Run(NamedTuple):
    """What a run found: the tables, the papers, and what became of each."""

    review: Review
    corpus: Corpus
    outcomes: Sequence[PaperOutcome]


def check_kinds(names: Sequence[str], where: str) -> tuple[str, ...]:
    """Give the kinds of files that are wanted; all of them for no name.

    Raises:
        UserError: There is no such kind.
    """
    for name in names:
        if name not in NAMES:
            raise UserError(f'{where} names the kind of file "{name}".', f"There are: {', '.join(NAMES)}.")
    return tuple(names) or NAMES


def publish_run(run: Run, workspace: Workspace, config: RunConfig, started: tuple[str, float]) -> RunRecord:
    """Export a run and put its files in place of the last run's.

    Args:
        run: What it found.
        workspace: Where it is published.
        config: Its settings.
        started: UTC time in ISO form at which it began, and the clock's reading then.

    Raises:
        UserError: The outputs cannot be written; the last run stays in force.
    """
    names = check_kinds(config.settings.exports, '"exports" in review.toml')
    last = last_run(workspace)
    files = _Files(run, workspace, config, names)
    papers = tuple(
        PaperTiming(path=outcome.path, seconds=outcome.seconds, cached=outcome.cached, issue=outcome.issue)
        for outcome in sorted(run.outcomes, key=lambda outcome: outcome.path)
    )

    def record(outputs: dict[str, str]) -> RunRecord:
        return RunRecord(
            number=last.number + 1 if last else 1,
            identity=run.review.run,
            exports=names,
            counts=run_counts(files.review, run.corpus, run.outcomes),
            started=started[0],
            seconds=round(time.perf_counter() - started[1], 2),
            papers=papers,
            outputs=dict(sorted({**outputs, **files.marked.kept}.items())),
            highlighted=files.marked.keys,
            export_issues=files.marked.issues,
        )

    return publish(workspace.outputs, files, record, before=last.outputs if last else ())


def export_again(workspace: Workspace, names: Sequence[str]) -> tuple[str, ...]:
    """Write some kinds of files of the published run again, from its cached results; the other files stay.

    Args:
        workspace: The review.
        names: Kinds of files; none for all.

    Returns:
        Names below `outputs/` of the files of these kinds, sorted.

    Raises:
        UserError: Nothing is published, or papers, settings, codebook or program are not those of the published run.
    """
    wanted = check_kinds(names, "--only")
    config = run_config(workspace)
    corpus = scan_corpus(workspace.corpus)
    last = last_run(workspace)
    if last is None:
        raise UserError("Nothing has been published yet.", "Run `evitable run` first.")
    outcomes = _outcomes_again(corpus, PaperStages(config), last)
    if last.identity.id != run_identity(corpus, config).id or len(outcomes) < len(corpus.papers):
        raise UserError(
            "Papers, settings, codebook or program have changed since the last run.",
            "Run `evitable run` first; `evitable status` says what is new.",
        )
    review = review_of_run(corpus, config, outcomes, PaperStages(config))
    if HIGHLIGHTED.name not in wanted:
        review = with_issues(review, last.export_issues)
    run = Run(review, corpus, outcomes)
    files = _Files(run, workspace, config, wanted)
    written: list[str] = []

    def record(outputs: dict[str, str]) -> RunRecord:
        written.extend(sorted({*outputs, *files.marked.kept}))
        marks = {**last.highlighted, **files.marked.keys}
        return msgspec.structs.replace(
            last, outputs=dict(sorted({**last.outputs, **outputs}.items())), highlighted=marks
        )

    publish(workspace.outputs, files, record)
    return tuple(written)


class _Files:
    """All files of a run, one after another, while worker processes mark the papers beside it.

    What cannot be marked becomes an issue; the files that show issues are then made once more.

    Attributes:
        review: With all issues, once the files have been gone through.
        marked: The highlighted copies, likewise.
    """

    def __init__(self, run: Run, workspace: Workspace, config: RunConfig, names: Sequence[str]) -> None:
        self.review = run.review
        self.marked = NO_HIGHLIGHTS
        self._mark = partial(highlight_papers, run.review, workspace, config, run.corpus, run.outcomes)
        self._names = names

    def __iter__(self) -> Iterator[tuple[str, bytes | Path]]:
        with ThreadPoolExecutor(1) as thread:
            marking = thread.submit(self._mark) if HIGHLIGHTED.name in self._names else None
            yield from export_review(self.review, self._names)
            self.marked = marking.result() if marking else NO_HIGHLIGHTS
        self.review = with_issues(self.review, self.marked.issues)
        if self.marked.issues:
            shown = [kind.name for kind in KINDS if kind.issues and kind.name in self._names]
            yield from export_review(self.review, shown)
        yield from issue_file(self.review)
        yield from self.marked.made.items()


def _outcomes_again(corpus: Corpus, stages: PaperStages, last: RunRecord) -> list[PaperOutcome]:
    """Give the outcomes of the published run: from the cache, or the issue that its record names."""
    issues = {paper.path: paper.issue for paper in last.papers if paper.issue is not None}
    found = ((paper, stages.look_up(paper)) for paper in corpus.papers)
    outcomes = [
        outcome or PaperOutcome(path=paper.path, keys=stages.keys(paper), issue=issues.get(paper.path))
        for paper, outcome in found
    ]
    return [outcome for outcome in outcomes if outcome.first_page is not None or outcome.issue is not None]
