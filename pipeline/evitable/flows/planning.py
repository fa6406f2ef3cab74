"""What a run has to do, and why: found from the papers, the settings and what is kept, before anything is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from typing import NamedTuple

from evitable.export import NAMES
from evitable.flows.config import RunConfig, run_config
from evitable.flows.corpus import Corpus, scan_review
from evitable.flows.decided import decisions_version, glance_at_decisions
from evitable.flows.evidence import run_identity
from evitable.flows.holding import holding
from evitable.flows.stages import PaperOutcome, PaperStages, Stage
from evitable.records import Paper, PaperTiming, Record, RunIdentity, RunRecord
from evitable.store import Workspace, last_run

_SETTINGS: dict[Stage, tuple[str, ...]] = {
    "extract": ("extractor", "max_pages", "max_objects", "max_characters", "ocr", "ocr_language"),
    "segment": ("nlp",),
    "classify": (),
    "check": (),
}
_LIBRARIES: dict[Stage, tuple[str, ...]] = {
    "extract": ("pdfminer.six", "pypdfium2"),
    "segment": ("spacy",),
    "classify": (),
    "check": ("pypdfium2", "rapidfuzz"),
}
_WORK: dict[Stage, str] = {
    "extract": "to be read and coded",
    "segment": "to be cut into passages and coded",
    "classify": "to be coded",
    "check": "quotes to be checked",
}


FILES_MISSING = "files of the last run are missing"
"""A reason for which no run is needed: an export writes them again."""


class Step(Record, frozen=True, kw_only=True):
    """What is to be done with one paper.

    Attributes:
        path: The paper.
        work: What is to be done, in words.
        why: Why, in words.
    """

    path: str
    work: str
    why: str


class Plan(NamedTuple):
    """What a run has to do.

    Attributes:
        identity: What will decide its results.
        there: What became of the papers that need not be done again.
        todo: The papers that are to be done.
        steps: What is to be done with each of these, and why.
        new: Paths of papers that the last run did not have, by content.
        gone: Paths of papers that it had and that are gone.
        renamed: Old and new path of those that only moved.
        reasons: Why the tables are to be made anew; empty where the published ones stand, unless a paper that is to be
            done fails, or succeeds, as it did not before.
    """

    identity: RunIdentity
    there: tuple[PaperOutcome, ...]
    todo: tuple[Paper, ...]
    steps: tuple[Step, ...]
    new: tuple[str, ...]
    gone: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    reasons: tuple[str, ...]

    @property
    def failed_before(self) -> tuple[PaperOutcome, ...]:
        """Papers that failed before and are not tried again."""
        return tuple(outcome for outcome in self.there if outcome.issue is not None)


def plan_run(
    corpus: Corpus, config: RunConfig, workspace: Workspace, last: RunRecord | None, *, retry: bool = False
) -> Plan:
    """Find what a run has to do.

    Args:
        corpus: As scanned.
        config: Settings, codebook, model.
        workspace: Where the last run's files should be.
        last: Record of the published run; None where there is none.
        retry: Whether papers that failed before are tried again.
    """
    stages = PaperStages(config)
    identity = run_identity(corpus, config, decisions_version(glance_at_decisions(workspace, config)))
    found = stages.outcomes(corpus.papers, failed=not retry)
    todo = tuple(paper for paper in corpus.papers if found[paper.path] is None)
    before = _by_content(last.identity.papers) if last else {}
    now = _by_content(identity.papers)
    new = sorted(path for sha, path in now.items() if sha not in before)
    gone = sorted(path for sha, path in before.items() if sha not in now)
    renamed = sorted((before[sha], path) for sha, path in now.items() if sha in before and before[sha] != path)
    return Plan(
        identity=identity,
        there=tuple(outcome for outcome in found.values() if outcome is not None),
        todo=todo,
        steps=tuple(_step(paper, stages, last, identity, before) for paper in todo),
        new=tuple(new),
        gone=tuple(gone),
        renamed=tuple(renamed),
        reasons=_reasons(last, identity, config, workspace),
    )


def look_ahead(workspace: Workspace, *, retry: bool = False, changing: bool = True) -> tuple[RunConfig, Plan]:
    """Find what a run of a review would have to do, before anything is started.

    Args:
        workspace: The review.
        retry: Whether papers that failed before are tried again.
        changing: Whether outputs that a killed run left in between may be put in order first; a look changes nothing.

    Raises:
        UserError: Something that a person can mend.
    """
    config = run_config(workspace)
    corpus = scan_review(workspace, config.settings)
    with holding(workspace, config, "evitable run") if changing else nullcontext():
        return config, plan_run(corpus, config, workspace, last_run(workspace), retry=retry)


def plan_lines(plan: Plan, last: RunRecord | None, most: int = 20) -> list[str]:
    """Say what would be done and why, in lines for people.

    Args:
        plan: The plan.
        last: The published run's record, or None.
        most: Papers that are named under each reason; of more, their number.
    """
    done = len(plan.there) - len(plan.failed_before)
    lines = [f"{done + len(plan.failed_before) + len(plan.todo)} papers: {done} up to date, {len(plan.todo)} to do."]
    for (work, why), count in Counter((step.work, step.why) for step in plan.steps).items():
        names = [step.path for step in plan.steps if (step.work, step.why) == (work, why)]
        lines += [f"  {count} {work}: {why}", *_named(names, most)]
    if plan.failed_before:
        count = len(plan.failed_before)
        lines.append(f"  {count} could not be read before, and will not be tried again (try them with --retry):")
        lines += _named([f"{o.path}: {o.issue.message}" for o in plan.failed_before if o.issue], most)
    if plan.gone:
        lines += [f"  {len(plan.gone)} gone from the corpus, and will leave the tables:", *_named(plan.gone, most)]
    if plan.renamed:
        names = [f"{old} is now {new}" for old, new in plan.renamed]
        lines += [f"  {len(plan.renamed)} moved or renamed; nothing to be done with them:", *_named(names, most)]
    if plan.reasons:
        number = last.number + 1 if last else 1
        return [*lines, f"Then the tables would be made and published as run {number}: {'; '.join(plan.reasons)}."]
    number = last.number if last else 0
    if plan.todo:
        return [*lines, f"The tables of run {number} would stand, unless more or fewer papers can be read this time."]
    return [*lines, f"Nothing new since run {number}: the tables are up to date."]


def plan_counts(plan: Plan) -> dict[str, int]:
    """Count what a plan holds, for programs."""
    return {
        "papers": len(plan.there) + len(plan.todo),
        "there": len(plan.there),
        "todo": len(plan.todo),
        "failed_before": len(plan.failed_before),
        "new": len(plan.new),
        "gone": len(plan.gone),
        "renamed": len(plan.renamed),
    }


def nothing_new(plan: Plan, last: RunRecord | None, outcomes: Sequence[PaperOutcome]) -> bool:
    """Tell whether the published tables stand, now that all papers are done.

    Args:
        plan: What was to be done.
        last: Record of the published run, or None.
        outcomes: What became of all papers.
    """
    if last is None or plan.reasons:
        return False
    return _failures(outcomes) == _failures(last.papers)


def _failures(papers: Iterable[PaperOutcome | PaperTiming]) -> dict[str, str]:
    return {paper.path: paper.issue.code for paper in papers if paper.issue is not None}


def _by_content(papers: dict[str, str]) -> dict[str, str]:
    return {sha: path for path, sha in papers.items()}


def _named(names: Sequence[str], most: int) -> list[str]:
    more = [f"      and {len(names) - most} more"] if len(names) > most else []
    return [f"      {name}" for name in names[:most]] + more


def _step(
    paper: Paper, stages: PaperStages, last: RunRecord | None, identity: RunIdentity, before: dict[str, str]
) -> Step:
    stage = stages.next_stage(stages.keys(paper))
    if last is None or paper.sha256 not in before:
        why = "new paper" if stage == "extract" else "new paper, done in part before"
    else:
        why = (
            ", ".join(stage_differences(last.identity, identity, stage)) or "no result of it is kept, or it is damaged"
        )
    return Step(path=paper.path, work=_WORK[stage], why=why)


def stage_differences(before: RunIdentity, now: RunIdentity, stage: Stage) -> list[str]:
    """Say what differs between two runs that decides the results of a stage."""
    found = [f'new setting "{name}"' for name in _SETTINGS[stage] if before.settings.get(name) != now.settings[name]]
    found += [
        f"new version of {name}" for name in _LIBRARIES[stage] if before.libraries.get(name) != now.libraries[name]
    ]
    if before.stages.get(stage) != now.stages[stage]:
        found.append("new version of the program")
    if stage == "classify":
        found += ["new codebook"] * (before.codebook_version != now.codebook_version)
        found += ["new model"] * (before.model_id != now.model_id)
        found += ["new references"] * (before.references != now.references)
    return found


def _reasons(last: RunRecord | None, now: RunIdentity, config: RunConfig, workspace: Workspace) -> tuple[str, ...]:
    """Say why the tables are to be made anew."""
    if last is None:
        return ("nothing has been published yet",)
    before = last.identity
    reasons = [
        ("papers came, left or moved", before.papers != now.papers),
        ("new decisions", before.decisions != now.decisions),
        ("new codebook", before.codebook_version != now.codebook_version),
        ("new model", before.model_id != now.model_id),
        ("new references", before.references != now.references),
        ("new settings", before.settings != now.settings),
        ("new version of the program", _program(before) != _program(now)),
        ("other kinds of files are wanted", last.exports != (config.settings.exports or NAMES)),
        (FILES_MISSING, not all((workspace.outputs / name).is_file() for name in last.outputs)),
    ]
    return tuple(reason for reason, holds in reasons if holds)


def _program(identity: RunIdentity) -> tuple[object, ...]:
    return identity.evitable, identity.stages, identity.libraries, identity.model_note
