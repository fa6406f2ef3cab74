"""Predictions to the tables of a review: studies, codings, synthesis, evidence map."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from evitable.aggregate.decided import decision_issues
from evitable.aggregate.maps import codes_of_passages, evidence_map, matrices
from evitable.aggregate.naming import sort_key, study_keys
from evitable.aggregate.prisma import Counted, prisma
from evitable.aggregate.prisma_previous import previous_counts
from evitable.aggregate.quotes import quote_issues
from evitable.aggregate.rule import carries, flips
from evitable.aggregate.studies import CodedPaper, CodedStudy, join_papers
from evitable.aggregate.synthesis import descriptives, strongest, synthesis
from evitable.codebook import Code, Codebook
from evitable.decide.codings import codings_of
from evitable.records import (
    Attribute,
    Cell,
    Coding,
    Evidence,
    EvidenceRow,
    Issue,
    PrismaSettings,
    Record,
    Reference,
    RollUp,
    Snapshot,
)
from evitable.settings import StudyPapers

AGGREGATE_VERSION = 5
"""Raised by hand whenever the output of this stage changes."""


class Counting(Record, frozen=True, kw_only=True):
    """How a review counts.

    Attributes:
        rule: By which passages roll up into a study's cell.
        joined: Papers that report one study.
        prisma: What people counted before the papers came into the corpus.
        not_retrieved: Reference records without a PDF; None where there is no reference file.
        not_readable: PDFs that could not be read.
        previous: The run that was published as the review's previous version, if there is one.
    """

    rule: RollUp = RollUp()
    joined: tuple[StudyPapers, ...] = ()
    prisma: PrismaSettings = PrismaSettings()
    not_retrieved: int | None = None
    not_readable: int = 0
    previous: Snapshot | None = None


def aggregate_evidence(
    papers: Sequence[CodedPaper], codebook: Codebook, counting: Counting | None = None, *, issues: Sequence[Issue] = ()
) -> Evidence:
    """Build all tables of the review.

    What the machine is unsure of, and what a paper only mentions of other work, is in the list of codings and counts
    nowhere else.

    Args:
        papers: Coded papers, in any order.
        codebook: Dimensions and codes, in the order in which tables show them.
        counting: How the review counts; each paper a study, and any passage enough, where it is not given.
        issues: What went wrong before, to be shown with the tables.

    Returns:
        Evidence whose order does not depend on the order of the papers. No papers give empty tables and a map of zeros.
    """
    how = counting or Counting()
    joined, unknown = join_papers(papers, how.joined)
    ordered = sorted(joined, key=lambda study: (sort_key(study.papers[0].paper), study.id))
    keys = study_keys({study.id: (study.papers[0].paper, study.key) for study in ordered})
    codings = tuple(coding for study in ordered for item in study.papers for coding in _codings(item, study, codebook))
    by_cell: dict[tuple[str, str], list[Coding]] = defaultdict(list)
    for coding in codings:
        by_cell[coding.study_id, coding.code].append(coding)
    studies = tuple(_row(study, keys[study.id], by_cell, codebook, how.rule) for study in ordered)
    carried = {(study.study_id, cell.code) for study in studies for cell in study.cells}
    counted = [coding for coding in codings if coding.counted and (coding.study_id, coding.code) in carried]
    counts, families = synthesis(studies, counted, codebook)
    passages = codes_of_passages(counted)
    names, cells = evidence_map(studies, passages, codebook)
    previous = previous_counts(how.previous, studies) if how.previous else None
    flow = prisma(how.prisma, Counted(len(studies), len(papers), how.not_retrieved, how.not_readable, previous))
    return Evidence(
        studies=studies,
        codings=codings,
        rule=how.rule,
        flips=flips(by_cell, [study.study_id for study in studies], codebook, how.rule),
        counts=counts,
        families=families,
        map_dimensions=names,
        map=cells,
        matrices=matrices(studies, passages, codebook),
        descriptives=descriptives(studies, codebook),
        prisma=flow,
        issues=sorted_issues((*issues, *unknown, *_doubts(ordered, codings, codebook), *_sums(flow.faults))),
    )


def sorted_issues(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """Sort issues by paper, stage and code."""
    return tuple(sorted(issues, key=lambda issue: (issue.paper, issue.stage, issue.code, issue.message)))


def _sums(faults: Iterable[str]) -> list[Issue]:
    hint = "Correct the numbers under [prisma] in review.toml, or say in the review's text why they cannot add up."
    return [
        Issue(code="prisma-sums", stage="aggregate", paper="review.toml", message=fault, hint=hint) for fault in faults
    ]


def _doubts(studies: Sequence[CodedStudy], codings: Sequence[Coding], codebook: Codebook) -> list[Issue]:
    """Name the quotes that were not found again as they are, and the decisions that fit no more, paper by paper."""
    names = {code.name for code in codebook.code}
    by_paper: dict[str, list[Coding]] = defaultdict(list)
    for coding in codings:
        by_paper[coding.paper_id].append(coding)
    return [
        issue
        for study in studies
        for item in study.papers
        for issue in (
            *quote_issues(item.paper.path, by_paper[item.paper.id], _attributes([item])),
            *decision_issues(item.paper.path, item.decided, names),
        )
    ]


def _codings(item: CodedPaper, study: CodedStudy, codebook: Codebook) -> list[Coding]:
    """Merge what machine and people say of a paper, in the passages' and then the codebook's order."""
    matches = item.checks.matches if item.checks else {}
    return codings_of(item.coding, item.passages, item.decided, codebook, matches, study.id)


def _row(
    study: CodedStudy,
    key: str,
    by_cell: Mapping[tuple[str, str], Sequence[Coding]],
    codebook: Codebook,
    rule: RollUp,
) -> EvidenceRow:
    mine = {code.name: by_cell.get((study.id, code.name), ()) for code in codebook.code}
    mentions = {
        name: sum(coding.basis == "mention" and coding.given for coding in codings) for name, codings in mine.items()
    }
    given = {coding.passage_id for codings in mine.values() for coding in codings if coding.given}
    return EvidenceRow(
        study_id=study.id,
        key=key,
        files=tuple(item.paper.path for item in study.papers),
        paper_ids=tuple(item.paper.id for item in study.papers),
        reference=study.papers[0].paper.reference or Reference(),
        attributes=_attributes(study.papers),
        passages=sum(len(item.passages) for item in study.papers),
        coded=len(given),
        cells=tuple(_cell(code, mine[code.name]) for code in codebook.code if carries(mine[code.name], rule)),
        mentions={name: count for name, count in mentions.items() if count},
    )


def _attributes(papers: Sequence[CodedPaper]) -> tuple[Attribute, ...]:
    """Give the attributes of a study's papers, each value once, with the first paper's quote."""
    found: dict[tuple[str, str], Attribute] = {}
    for item in papers:
        for attribute in item.coding.attributes:
            checked = msgspec.structs.replace(attribute, match=item.match_of(attribute.key))
            found.setdefault((attribute.name, attribute.value), checked)
    return tuple(found.values())


def _cell(code: Code, codings: Sequence[Coding]) -> Cell:
    counted = [coding for coding in codings if coding.counted]
    ways = [coding.polarity for coding in counted]
    return Cell(
        code=code.name,
        passages=len(counted),
        verified=sum(coding.verified for coding in counted),
        polarity=(ways.count("facilitates"), ways.count("hinders"), ways.count("mixed")),
        strongest=strongest(counted).id,
    )
