"""From the results of a run to its published files, all of a run or some of them again."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import msgspec

from evitable.aggregate import compare, snapshot_of
from evitable.errors import UserError
from evitable.export import HIGHLIGHTED, NAMES, Review, issue_file
from evitable.flows.config import RunConfig, run_config
from evitable.flows.corpus import Corpus, scan_review
from evitable.flows.costs import Phases, issue_kinds, run_costs, usage
from evitable.flows.decided import decisions_version, read_decisions
from evitable.flows.evidence import (
    LostResultsError,
    check_evidence,
    review_of_run,
    run_counts,
    run_identity,
    with_issues,
)
from evitable.flows.exporting import export_files
from evitable.flows.highlights import NO_HIGHLIGHTS, Highlights, highlight_papers
from evitable.flows.holding import holding
from evitable.flows.publisher import Begun
from evitable.flows.stages import PaperOutcome, PaperStages
from evitable.records import (
    PaperTiming,
    PublishedPaper,
    PublishedPapers,
    PublishedRun,
    RunCosts,
    RunRecord,
    Snapshot,
    encode,
)
from evitable.settings import workers_of
from evitable.store import History, Staging, Workspace, last_run, open_history, publish, staging
from evitable.store.published import PAPERS_FILE


def check_kinds(names: Sequence[str], where: str) -> tuple[str, ...]:
    """Give the kinds of files that are wanted; all of them for no name.

    Raises:
        UserError: There is no such kind.
    """
    for name in names:
        if name not in NAMES:
            raise UserError(f'{where} names the kind of file "{name}".', f"There are: {', '.join(NAMES)}.")
    return tuple(names) or NAMES


def publish_run(
    workspace: Workspace,
    config: RunConfig,
    corpus: Corpus,
    outcomes: Sequence[PaperOutcome],
    begun: Begun,
    stages: PaperStages,
) -> RunRecord:
    """Build the tables of a run, export them, and put its files in place of the last run's.

    Args:
        workspace: The review; the caller holds it.
        config: Settings, codebook, model.
        corpus: The papers.
        outcomes: What became of each.
        begun: How far the run has come.
        stages: Gives the results of the papers.

    Raises:
        LostResultsError: Results are not there any more, or damaged; the papers have to be done again.
        RunFailedError: Too few papers could be read.
        UserError: The outputs cannot be written; the last run stays in force.
    """
    clock, phases = time.perf_counter() - begun.seconds, Phases(begun.phases)
    names = check_kinds(config.settings.exports, '"exports" in review.toml')
    history = open_history(workspace, config.settings.store)
    last = last_run(workspace)
    with phases("aggregate"), all_kept():
        decisions, previous = read_decisions(workspace, config), previous_run(config, history)
        review = review_of_run(corpus, config, outcomes, stages, previous, decisions)
    check_evidence(review, corpus, config, workspace)
    with phases("highlight"):
        marked = _marked(review, names, workspace, config, corpus, outcomes)
    review = with_issues(review, marked.issues)
    with phases("compare"):
        seconds = round(time.perf_counter() - clock, 2)
        review, now = _compared(review, history, begun.started, seconds, run_counts(review, corpus, outcomes))
    with staging(workspace.outputs) as staged:
        with phases("export"):
            exported = export_files(review, names, staged, processes=workers_of(config.settings))
            _add_rest(review, marked, staged)
            staged.add(PAPERS_FILE, encode(_published_papers(review, corpus, outcomes)))
        costs = msgspec.structs.replace(_costs(outcomes, phases, begun), exports=exported)
        record = _record(review, now.run, names, costs, marked, outcomes)
        outputs = dict(sorted({**staged.hashes, **marked.kept}.items()))
        record = msgspec.structs.replace(record, seconds=round(time.perf_counter() - clock, 2), outputs=outputs)
        with phases("publish"):  # told to the log alone: the record is written before this is over
            replaced = last.outputs if last else ()
            publish(workspace.outputs, staged, record, replaced, history.publishing(now, staged.token))
    return record


def _published_papers(review: Review, corpus: Corpus, outcomes: Sequence[PaperOutcome]) -> PublishedPapers:
    """Tell where the texts of the papers are, for those who work on the published run."""
    keys = {outcome.path: msgspec.structs.asdict(outcome.keys) for outcome in outcomes}
    shas = {paper.path: paper.sha256 for paper in corpus.papers}
    return PublishedPapers(
        run_id=review.run.id,
        title=review.title,
        codebook_version=review.run.codebook_version,
        model_id=review.run.model_id,
        papers=tuple(
            PublishedPaper(
                paper_id=paper_id,
                path=path,
                sha256=shas[path],
                study_id=study.study_id,
                study=study.key,
                keys=keys[path],
            )
            for study in review.evidence.studies
            for paper_id, path in zip(study.paper_ids, study.files, strict=True)
        ),
    )


def _record(
    review: Review,
    run: PublishedRun,
    names: tuple[str, ...],
    costs: RunCosts,
    marked: Highlights,
    outcomes: Sequence[PaperOutcome],
) -> RunRecord:
    """Begin the record of a run; its files are still to come."""
    return RunRecord(
        number=run.number,
        identity=review.run,
        exports=names,
        counts=run.counts,
        started=run.started,
        seconds=run.seconds,
        papers=_timings(outcomes),
        outputs={},
        costs=costs,
        issues=issue_kinds(review.evidence.issues),
        highlighted=marked.keys,
        export_issues=marked.issues,
    )


def _compared(
    review: Review, history: History, started: str, seconds: float, counts: dict[str, int]
) -> tuple[Review, Snapshot]:
    """Give a run its number, and compare it with the last one."""
    before = history.last()
    number = before.number + 1 if before else 1
    run = PublishedRun(number=number, identity=review.run, started=started, seconds=seconds, counts=counts)
    now = snapshot_of(review.evidence, run)
    changes = compare(history.snapshot(before.number) if before else None, now, _codes(review))
    cells = {f"cells_{change}": count for change, count in changes.counted().items()}
    run = msgspec.structs.replace(run, counts=counts | cells)
    return replace(review, changes=changes), msgspec.structs.replace(now, run=run)


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
    with holding(workspace, config, "evitable export"):
        corpus = scan_review(workspace, config.settings)
        last = last_run(workspace)
        if last is None:
            raise UserError("Nothing has been published yet.", "Run `evitable run` first.")
        with all_kept():
            review, outcomes = _published(workspace, config, corpus, last)
        marked = _marked(review, wanted, workspace, config, corpus, outcomes)
        issues = marked.issues if HIGHLIGHTED.name in wanted else last.export_issues
        review = with_issues(review, issues)
        with staging(workspace.outputs) as staged:
            export_files(review, wanted, staged, processes=workers_of(config.settings))
            _add_rest(review, marked, staged)
            if not (workspace.outputs / PAPERS_FILE).is_file():  # is of no kind, but is one of the run's files
                staged.add(PAPERS_FILE, encode(_published_papers(review, corpus, outcomes)))
            record = msgspec.structs.replace(
                last,
                outputs=dict(sorted({**last.outputs, **staged.hashes}.items())),
                highlighted={**last.highlighted, **marked.keys},
            )
            written = sorted({*staged.hashes, *marked.kept})
            publish(workspace.outputs, staged, record)
    return tuple(written)


def previous_run(config: RunConfig, history: History) -> Snapshot | None:
    """Give the run that was the previous version of the review, where the settings name one.

    Raises:
        UserError: There is no such run.
    """
    number = config.settings.prisma.previous_run
    if number is None:
        return None
    found = history.snapshot(number)
    if found is None:
        there = ", ".join(str(run.number) for run in history.runs()) or "none yet"
        raise UserError(
            f'There is no run {number}, which "previous_run" under [prisma] in review.toml names.',
            f"Published runs: {there}.",
        )
    return found


def _published(
    workspace: Workspace, config: RunConfig, corpus: Corpus, last: RunRecord
) -> tuple[Review, list[PaperOutcome]]:
    """Give the published run as it was."""
    stages = PaperStages(config)
    outcomes = [outcome for outcome in stages.outcomes(corpus.papers).values() if outcome is not None]
    changed = UserError(
        "Papers, decisions, settings, codebook or program have changed since the last run.",
        "Run `evitable run` first; `evitable status` says what is new.",
    )
    decisions = read_decisions(workspace, config)
    if last.identity.id != run_identity(corpus, config, decisions_version(decisions)).id or len(outcomes) < len(
        corpus.papers
    ):
        raise changed
    history = open_history(workspace, config.settings.store)
    try:
        review = review_of_run(corpus, config, outcomes, stages, previous_run(config, history), decisions)
    except LostResultsError as error:
        raise changed from error
    now = history.snapshot(last.number)
    changes = compare(history.snapshot(last.number - 1), now, _codes(review)) if now else None
    return replace(review, changes=changes), outcomes


def _codes(review: Review) -> tuple[str, ...]:
    return tuple(code.name for code in review.codebook.code)


def _marked(
    review: Review,
    names: Sequence[str],
    workspace: Workspace,
    config: RunConfig,
    corpus: Corpus,
    outcomes: Sequence[PaperOutcome],
) -> Highlights:
    if HIGHLIGHTED.name not in names:
        return NO_HIGHLIGHTS
    return highlight_papers(review, workspace, config, corpus, outcomes)


def _add_rest(review: Review, marked: Highlights, staged: Staging) -> None:
    """Add what is written whatever kinds are wanted, and the copies that are new."""
    for name, data in issue_file(review):
        staged.add(name, data)
    for name, path in marked.made.items():
        staged.add(name, path)


def _timings(outcomes: Sequence[PaperOutcome]) -> tuple[PaperTiming, ...]:
    return tuple(
        PaperTiming(
            path=outcome.path,
            seconds=outcome.seconds,
            megabytes=outcome.megabytes,
            cached=outcome.cached,
            issue=outcome.issue,
        )
        for outcome in sorted(outcomes, key=lambda outcome: outcome.path)
    )


def _costs(outcomes: Sequence[PaperOutcome], phases: Phases, begun: Begun) -> RunCosts:
    """Sum up what the run cost: in its main process, in this one, and in all that they started."""
    both = begun.used.and_then(usage())
    return run_costs(outcomes, phases.seconds, msgspec.structs.replace(both, megabytes=begun.used.megabytes))


@contextmanager
def all_kept() -> Iterator[None]:
    """Never look for garbage among millions of new records, now or later: it takes as long as loading them."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
