"""From coded papers to published tables: match, aggregate, export, publish, and the run's record."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import NamedTuple

import msgspec

from evitable import __version__
from evitable.aggregate import AGGREGATE_VERSION, CodedPaper, aggregate_evidence
from evitable.classify import CLASSIFY_VERSION
from evitable.errors import RunFailedError
from evitable.export import EXPORT_VERSION, export_evidence
from evitable.extract import CHECK_VERSION, EXTRACT_VERSION
from evitable.flows.config import RunConfig
from evitable.flows.corpus import Corpus, match_papers
from evitable.flows.stages import PaperOutcome, PaperStages
from evitable.records import Evidence, Issue, PaperTiming, Reference, RunIdentity, RunRecord, digest, encode
from evitable.segment import SEGMENT_VERSION
from evitable.store import Workspace, publish, write_bytes

RUN_FILE = "run.json"
ISSUES_FILE = "issues.csv"
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
)


_LIMITS = ("max_pages", "max_objects", "max_characters")
_SHAPING = ("title", "extractor", *_LIMITS, "ocr", "ocr_language", "nlp", "min_passages")
"""Settings that shape results."""


class Built(NamedTuple):
    """All that a run publishes: tables, files by name, and what decided them."""

    evidence: Evidence
    files: dict[str, bytes]
    identity: RunIdentity


def build_evidence(corpus: Corpus, config: RunConfig, outcomes: Sequence[PaperOutcome], stages: PaperStages) -> Built:
    """Put the papers' results together.

    Args:
        corpus: As scanned.
        config: Settings, codebook, model.
        outcomes: One per paper, in any order.
        stages: Gives the results of an outcome.

    Returns:
        Tables and files; equal inputs give equal bytes, whatever the order of the outcomes.
    """
    by_path = {outcome.path: outcome for outcome in outcomes}
    results = {
        path: found for path, outcome in by_path.items() if outcome.issue is None and (found := stages.results(outcome))
    }
    first_pages = {path: by_path[path].first_page or Reference() for path in results}
    papers, unmatched = match_papers(corpus, first_pages)
    coded = [
        CodedPaper(
            paper=paper,
            passages=results[paper.path][0].passages,
            coding=results[paper.path][1],
            checks=stages.checks(by_path[paper.path]),
        )
        for paper in papers
    ]
    unread = [_issue_of(paper.path, by_path) for paper in corpus.papers if paper.path not in results]
    evidence = aggregate_evidence(
        coded,
        config.codebook,
        min_passages=config.settings.min_passages,
        issues=[*corpus.issues, *unmatched, *unread, *_noticed(outcomes)],
    )
    identity = run_identity(corpus, config)
    return Built(evidence, export_evidence(evidence, config.codebook, identity, config.settings.title), identity)


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


def run_identity(corpus: Corpus, config: RunConfig) -> RunIdentity:
    """Give what decides a run's results; its id is a digest of it, so that equal runs have equal ids."""
    settings = {name: getattr(config.settings, name) for name in _SHAPING}
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
    )
    return msgspec.structs.replace(parts, id=digest("n", encode(parts)))


def check_evidence(built: Built, corpus: Corpus, config: RunConfig, workspace: Workspace) -> None:
    """Refuse to publish a run in which too few papers could be read; the list of issues is written all the same.

    Raises:
        RunFailedError: Says how many papers failed, and where to look.
    """
    read = len(built.evidence.studies)
    if read >= config.settings.min_papers:
        return
    write_bytes(workspace.outputs / ISSUES_FILE, built.files[ISSUES_FILE])
    raise RunFailedError(
        f"Only {read} of {len(corpus.papers)} papers could be read and coded, so that nothing was published.",
        f"See {workspace.outputs / ISSUES_FILE} for what went wrong with each.",
    )


def publish_evidence(
    built: Built, corpus: Corpus, outcomes: Sequence[PaperOutcome], workspace: Workspace, started: str, seconds: float
) -> RunRecord:
    """Put the run's files in place of the last run's, its record last."""
    evidence = built.evidence
    record = RunRecord(
        identity=built.identity,
        counts={
            "papers": len(corpus.papers),
            "studies": len(evidence.studies),
            "papers_not_read": len(corpus.papers) - len(evidence.studies),
            "passages": sum(study.passages for study in evidence.studies),
            "passages_coded": sum(study.coded for study in evidence.studies),
            "codings": sum(not coding.unsure for coding in evidence.codings),
            "codings_mentions": sum(not coding.unsure and coding.basis == "mention" for coding in evidence.codings),
            "codings_unsure": sum(coding.unsure for coding in evidence.codings),
            "issues": len(evidence.issues),
            "papers_from_cache": sum("check" in outcome.cached for outcome in outcomes),
        },
        started=started,
        seconds=round(seconds, 2),
        papers=tuple(
            PaperTiming(path=outcome.path, seconds=outcome.seconds, cached=outcome.cached)
            for outcome in sorted(outcomes, key=lambda outcome: outcome.path)
        ),
        outputs={name: hashlib.sha256(data).hexdigest() for name, data in sorted(built.files.items())},
    )
    publish(workspace.outputs, built.files, (RUN_FILE, encode(record)))
    return record
