"""How a review stands: what is published, what is new since, what is under way. It is looked at, and not touched."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from evitable.flows.config import RunConfig
from evitable.flows.corpus import Corpus
from evitable.flows.costs import slowest
from evitable.flows.ocr import ocr_state
from evitable.flows.planning import Plan
from evitable.records import IssueKind, PaperTiming, Record, RunCosts, RunIdentity, RunRecord
from evitable.store import Cache, Holder, Workspace, holder


class Published(Record, frozen=True, kw_only=True):
    """The run that is published.

    Attributes:
        number: Of the run.
        id: Digest of what decided its results.
        started: UTC time in ISO form.
        seconds: Wall time.
        counts: As in its record.
        costs: What it cost.
        slowest: The papers that took longest, the longest first.
        issues: What went wrong, by kind.
    """

    number: int
    id: str
    started: str
    seconds: float
    counts: dict[str, int]
    costs: RunCosts
    slowest: tuple[PaperTiming, ...]
    issues: tuple[IssueKind, ...]


class Since(Record, frozen=True, kw_only=True):
    """What is new since the published run.

    Attributes:
        reasons: Why the tables would be made anew, in words; empty where nothing has changed.
        papers_new: Paths of papers that it did not have, by content.
        papers_gone: Paths of papers that it had and that are gone.
        papers_renamed: Old and new path of papers that only moved.
        settings: Names of settings whose values have changed.
        libraries: Names of libraries whose versions have changed.
        todo: How many papers are to be read or coded.
        done: How many papers are done, and need not be done again.
        failed_before: How many of these failed, and would not be tried again.
    """

    reasons: tuple[str, ...]
    papers_new: tuple[str, ...]
    papers_gone: tuple[str, ...]
    papers_renamed: tuple[tuple[str, str], ...]
    settings: tuple[str, ...]
    libraries: tuple[str, ...]
    todo: int
    done: int
    failed_before: int


class Kept(Record, frozen=True, kw_only=True):
    """Results of one stage that are kept."""

    entries: int
    bytes: int


class Standing(Record, frozen=True, kw_only=True):
    """How a review stands.

    Attributes:
        title: Of the review.
        folder: Its folder.
        papers: Papers in the corpus, by content.
        references: Records of its reference files.
        codebook: Title and version of the codebook.
        model: What codes, in words.
        model_id: Its id.
        ocr: What reads scanned papers, in words; empty where they are not to be read.
        under_way: Who holds the review at this moment; None for nobody.
        published: The run that is published; None where nothing is.
        since: What is new since.
        cache: Where results are kept.
        kept: Results that are kept there, by stage; empty for a shared store, which is not searched.
    """

    title: str
    folder: str
    papers: int
    references: int
    codebook: str
    model: str
    model_id: str
    ocr: str
    under_way: Holder | None
    published: Published | None
    since: Since
    cache: str
    kept: dict[str, Kept]


def standing_of(
    workspace: Workspace, config: RunConfig, corpus: Corpus, last: RunRecord | None, plan: Plan
) -> Standing:
    """Put together how a review stands.

    Args:
        workspace: The review.
        config: Settings, codebook, model in force.
        corpus: As scanned.
        last: Record of the published run; None where there is none.
        plan: What a run would have to do.
    """
    settings = config.settings
    return Standing(
        title=settings.title,
        folder=str(workspace.root),
        papers=len(corpus.papers),
        references=len(corpus.references),
        codebook=f"{config.codebook.title}, version {config.codebook.version}",
        model=config.model_note,
        model_id=config.model_id,
        ocr=ocr_state(settings.ocr_language) if settings.ocr else "",
        under_way=holder(workspace),
        published=_published(last) if last else None,
        since=_since(last.identity if last else None, plan),
        cache=settings.cache or str(workspace.cache),
        kept=_kept(config),
    )


def _published(last: RunRecord) -> Published:
    return Published(
        number=last.number,
        id=last.identity.id,
        started=last.started,
        seconds=last.seconds,
        counts=last.counts,
        costs=last.costs,
        slowest=tuple(slowest(last.papers)),
        issues=last.issues,
    )


def _since(before: RunIdentity | None, plan: Plan) -> Since:
    now = plan.identity
    return Since(
        reasons=plan.reasons,
        papers_new=plan.new,
        papers_gone=plan.gone,
        papers_renamed=plan.renamed,
        settings=_differing(before.settings, now.settings) if before else (),
        libraries=_differing(before.libraries, now.libraries) if before else (),
        todo=len(plan.todo),
        done=len(plan.there),
        failed_before=len(plan.failed_before),
    )


def _differing(before: Mapping[str, object], now: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(sorted(name for name in {*before, *now} if before.get(name) != now.get(name)))


def _kept(config: RunConfig) -> dict[str, Kept]:
    if not isinstance(config.cache, Path):
        return {}
    return {stage: Kept(entries=size.entries, bytes=size.bytes) for stage, size in Cache(config.cache).sizes().items()}
