"""From coded papers to the tables of a run: match, aggregate, and what decided them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version

import msgspec

from evitable import __version__
from evitable.aggregate import AGGREGATE_VERSION, CodedPaper, Counting, aggregate_evidence, sorted_issues
from evitable.classify import CLASSIFY_VERSION
from evitable.decide.disagreements import PaperAnswers, blind_codings, disagreements
from evitable.decide.resolving import by_paper, place_decisions, resolve
from evitable.errors import EvitableError, RunFailedError
from evitable.export import EXPORT_VERSION, ISSUES, Review, issue_file
from evitable.extract import CHECK_VERSION, EXTRACT_VERSION
from evitable.flows.config import RunConfig, model_summary
from evitable.flows.corpus import Corpus, match_papers
from evitable.flows.decided import decisions_version
from evitable.flows.ocr import ocr_state
from evitable.flows.stages import PaperOutcome, PaperStages, Results
from evitable.records import (
    Coding,
    Decision,
    Document,
    DocumentText,
    Issue,
    Paper,
    Reference,
    RunIdentity,
    Snapshot,
    digest,
    encode,
)
from evitable.segment import SEGMENT_VERSION
from evitable.store import Workspace, write_bytes

_LIBRARIES = (
    "pdfminer.six",
    "spacy",
    "scikit-learn",
    "pandas",
    "prefect",
    "xlsxwriter",
    "rispy",
    "bibtexparser",
    "pylatexenc",
    "rapidfuzz",
    "pypdfium2",
    "matplotlib",
    "pikepdf",
    "pyarrow",
    "python-docx",
    "lxml",
)

_LIMITS = ("max_pages", "max_objects", "max_characters")
_SHAPING = ("title", "extractor", *_LIMITS, "ocr", "ocr_language", "nlp", "roll_up", "study", "prisma")
"""Settings that shape results."""


@dataclass(frozen=True, slots=True)
class CachedSources:
    """The texts behind a run's evidence, read from the cache when they are wanted."""

    stages: PaperStages
    outcomes: dict[str, PaperOutcome]

    def document(self, paper_id: str) -> Document | None:
        """Give a paper as it was read; None where it is not there (any more)."""
        outcome = self.outcomes.get(paper_id)
        return None if outcome is None else self.stages.document(outcome.keys)

    def text(self, paper_id: str) -> DocumentText | None:
        """Give the text of a paper alone; None where it is not there (any more)."""
        outcome = self.outcomes.get(paper_id)
        return None if outcome is None else self.stages.text(outcome.keys)


class LostResultsError(EvitableError):
    """Results of papers are not there any more, or damaged.

    Args:
        paths: The papers.
    """

    def __init__(self, paths: tuple[str, ...]) -> None:
        super().__init__(f"The results of {len(paths)} papers are gone or damaged.")
        self.paths = paths


def review_of_run(
    corpus: Corpus,
    config: RunConfig,
    outcomes: Sequence[PaperOutcome],
    stages: PaperStages,
    previous: Snapshot | None = None,
    decisions: Sequence[Decision] = (),
) -> Review:
    """Put the papers' results together.

    Args:
        corpus: As scanned.
        config: Settings, codebook, model.
        outcomes: One per paper, in any order.
        stages: Gives the results of an outcome.
        previous: The run that was the previous version of the review, where there is one.
        decisions: All that people have decided.

    Returns:
        All that is exported; equal inputs give equal tables, whatever the order of the outcomes.

    Raises:
        LostResultsError: Results that an outcome tells of are not there any more, or damaged.
    """
    by_path = {outcome.path: outcome for outcome in outcomes}
    results = _results(outcomes, stages)
    first_pages = {path: by_path[path].first_page or Reference() for path in results}
    papers, unmatched = match_papers(corpus, first_pages)
    sources = CachedSources(stages, {paper.id: by_path[paper.path] for paper in papers})
    decided = by_paper(decisions)
    coded = [_coded(paper, results[paper.path], decided.get(paper.id, ()), sources) for paper in papers]
    unread = [_issue_of(paper.path, by_path) for paper in corpus.papers if paper.path not in results]
    missing = sum(issue.code == "reference-without-paper" for issue in unmatched)
    counting = _counting(config, missing if corpus.references else None, len(unread), previous)
    issues = [*corpus.issues, *unmatched, *unread, *_noticed(outcomes)]
    review = Review(
        evidence=aggregate_evidence(coded, config.codebook, counting, issues=issues),
        codebook=config.codebook,
        run=run_identity(corpus, config, decisions_version(decisions)),
        title=config.settings.title,
        model=model_summary(config),
        sources=sources,
    )
    return _with_agreement(review, coded, decided, sources)


def _counting(config: RunConfig, missing: int | None, unread: int, previous: Snapshot | None) -> Counting:
    return Counting(
        rule=config.settings.rule,
        joined=config.settings.study,
        prisma=config.settings.prisma,
        not_retrieved=missing,
        not_readable=unread,
        previous=previous,
    )


def _with_agreement(
    review: Review, coded: Sequence[CodedPaper], decided: Mapping[str, Sequence[Decision]], sources: CachedSources
) -> Review:
    """Add how people agree who coded blind; only papers with blind decisions are looked at."""
    blind = {paper: said for paper, said in decided.items() if any(one.blind for one in said)}
    items = {item.paper.id: item for item in coded if item.paper.id in blind}
    if not items:
        return review
    from evitable.decide.agreement import agreement  # noqa: PLC0415 - numpy, which a run without blind coding spares

    studies = {paper: study.study_id for study in review.evidence.studies for paper in study.paper_ids}
    papers = {
        paper: PaperAnswers(study, items[paper].passages, items[paper].coding.predictions, items[paper].decided)
        for paper, study in studies.items()
        if paper in items
    }
    placements = {
        paper: place_decisions(blind[paper], item.passages, partial(sources.document, paper))
        for paper, item in items.items()
    }
    found = blind_codings((one for said in blind.values() for one in said), placements)
    codes = [code.name for code in review.codebook.code]
    return replace(
        review,
        agreement=agreement(found, papers, codes, review.run.model_id),
        disagreements=disagreements(found, papers, codes),
    )


def _coded(
    paper: Paper,
    results: Results,
    decisions: Sequence[Decision],
    sources: CachedSources,
) -> CodedPaper:
    passages, coding, checks = results
    placements = place_decisions(decisions, passages.passages, partial(sources.document, paper.id)) if decisions else {}
    decided = resolve(decisions, placements)
    return CodedPaper(paper=paper, passages=passages.passages, coding=coding, checks=checks, decided=decided)


def _results(outcomes: Sequence[PaperOutcome], stages: PaperStages) -> dict[str, Results]:
    """Give the results of the papers that were read, by path."""
    read = [outcome for outcome in outcomes if outcome.issue is None]
    found = stages.all_results(read)
    lost = sorted(path for path, result in found.items() if result is None)
    if lost:
        raise LostResultsError(tuple(lost))
    return {path: result for path, result in found.items() if result is not None}


def with_issues(review: Review, issues: Sequence[Issue]) -> Review:
    """Add issues that came up while the review was exported."""
    evidence = review.evidence
    return replace(
        review, evidence=msgspec.structs.replace(evidence, issues=sorted_issues((*evidence.issues, *issues)))
    )


def _issue_of(path: str, outcomes: Mapping[str, PaperOutcome]) -> Issue:
    """Say why a paper is not in the tables."""
    outcome = outcomes.get(path)
    if outcome is not None and outcome.issue is not None:
        return outcome.issue
    message = "The paper has not been coded yet, or could not be read."
    return Issue(code="not-coded", stage="classify", paper=path, message=message, hint="Run `evitable run`.")


def _noticed(outcomes: Sequence[PaperOutcome]) -> list[Issue]:
    """Give what is to be known of the text of papers as issues of them."""
    return [
        Issue(code=notice.code, stage="extract", paper=outcome.path, message=notice.message, hint=notice.hint)
        for outcome in outcomes
        for notice in outcome.notices
    ]


def run_identity(corpus: Corpus, config: RunConfig, decisions: str = "") -> RunIdentity:
    """Give what decides a run's results; its id is a digest of it, so that equal runs have equal ids.

    Args:
        corpus: The papers.
        config: Settings, codebook, model.
        decisions: What people have decided, as `decisions_version` names it.
    """
    shaping = {name: getattr(config.settings, name) for name in _SHAPING}
    settings = msgspec.json.decode(msgspec.json.encode(shaping))  # as it comes back from a record
    if config.settings.ocr:
        settings["ocr_programs"] = ocr_state(config.settings.ocr_language)
    parts = RunIdentity(
        id="",
        evitable=__version__,
        stages={
            "extract": EXTRACT_VERSION,
            "segment": SEGMENT_VERSION,
            "classify": CLASSIFY_VERSION,
            "check": CHECK_VERSION,
            "aggregate": AGGREGATE_VERSION,
            "export": EXPORT_VERSION,
        },
        libraries={name: version(name) for name in _LIBRARIES},
        codebook=f"{config.codebook.name} {config.codebook.version}",
        codebook_version=config.codebook.digest,
        model_id=config.model_id,
        model_note=config.model_note,
        papers={paper.path: paper.sha256 for paper in corpus.papers},
        references=corpus.reference_hashes,
        settings=settings,
        decisions=decisions,
    )
    return msgspec.structs.replace(parts, id=digest("n", encode(parts)))


def check_evidence(review: Review, corpus: Corpus, config: RunConfig, workspace: Workspace) -> None:
    """Refuse to publish a run in which too few papers could be read; the list of issues is written all the same.

    Raises:
        RunFailedError: Says how many papers failed, and where to look.
    """
    there = review.read
    read = sum(paper.path in there for paper in corpus.papers)
    if read >= config.settings.min_papers:
        return
    for name, data in issue_file(review):
        write_bytes(workspace.outputs / name, data)
    raise RunFailedError(
        f"Only {read} of {len(corpus.papers)} papers could be read and coded, so that nothing was published.",
        f"See {workspace.outputs / ISSUES} for what went wrong with each.",
    )


def run_counts(review: Review, corpus: Corpus, outcomes: Sequence[PaperOutcome]) -> dict[str, int]:
    """Count what a run found, for its record and for the last lines that a person sees."""
    evidence = review.evidence
    return {
        "papers": len(corpus.papers),
        "studies": len(evidence.studies),
        "papers_not_read": len(corpus.papers) - len(review.read),
        "passages": sum(study.passages for study in evidence.studies),
        "passages_coded": sum(study.coded for study in evidence.studies),
        "codings": sum(coding.given for coding in evidence.codings),
        "codings_mentions": sum(coding.given and coding.basis == "mention" for coding in evidence.codings),
        "codings_unsure": sum(coding.unsure for coding in evidence.codings),
        **_decided_counts(evidence.codings),
        "issues": len(evidence.issues),
        "papers_from_cache": sum("check" in outcome.cached for outcome in outcomes),
    }


def _decided_counts(codings: Sequence[Coding]) -> dict[str, int]:
    """Count codings by what people made of them; nothing where nobody has decided anything."""
    counts = Counter(coding.status for coding in codings if coding.status != "machine")
    return {f"codings_{status}": count for status, count in sorted(counts.items())}
