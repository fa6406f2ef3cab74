"""Predictions to the tables of a review: studies, codings, synthesis, evidence map."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec
import pandas as pd

from evitable.aggregate.quotes import quote_issues
from evitable.codebook import Code, Codebook
from evitable.records import (
    Cell,
    CodeCount,
    Coding,
    Evidence,
    EvidenceRow,
    Issue,
    MapCell,
    Paper,
    PaperCoding,
    Passage,
    Prediction,
    QuoteChecks,
    QuoteMatch,
    Record,
    Reference,
    digest,
)

AGGREGATE_VERSION = 3
"""Raised by hand whenever the output of this stage changes."""

QUOTES_A_CODE = 5
_CONFIRMED = frozenset({"accepted", "corrected"})

_ORGANISATION = re.compile(
    r"\b(organi[sz]ation|ministry|council|universit|department|institut|association|foundation|commission|agency|committee|"
    r"government|network|office|cent(re|er)|bank|nations|society|trust|group|union|authority|fund|UK|USA)",
    re.IGNORECASE,
)


class CodedPaper(Record, frozen=True, kw_only=True):
    """One paper with its passages, what was said of them, and how its quotes were found again: this stage's input."""

    paper: Paper
    passages: tuple[Passage, ...]
    coding: PaperCoding
    checks: QuoteChecks | None = None

    def match_of(self, key: str) -> QuoteMatch | None:
        """Give how a quote was found, by passage id or `Attribute.key`; None where it was not checked."""
        return self.checks.matches.get(key) if self.checks else None


def aggregate_evidence(
    papers: Sequence[CodedPaper], codebook: Codebook, *, min_passages: int = 1, issues: Sequence[Issue] = ()
) -> Evidence:
    """Build all tables of the review.

    What the machine is unsure of, and what a paper only mentions of other work, is in the list of codings and counts
    nowhere else.

    Args:
        papers: Coded papers, in any order.
        codebook: Dimensions and codes, in the order in which tables show them.
        min_passages: Passages that must carry a code before the study's cell counts it.
        issues: What went wrong before, to be shown with the tables.

    Returns:
        Evidence whose order does not depend on the order of the papers. No papers give empty tables and a map of zeros.
    """
    ordered = sorted(papers, key=lambda item: (_sort_key(item.paper), item.paper.id))
    keys = _study_keys([item.paper for item in ordered])
    codings = tuple(coding for item in ordered for coding in _codings(item, codebook))
    counted = tuple(coding for coding in codings if coding.counted)
    by_study: dict[str, list[Coding]] = defaultdict(list)
    for coding in codings:
        by_study[coding.study_id].append(coding)
    studies = tuple(
        _row(item, keys[item.paper.id], by_study[_study_id(item.paper)], codebook, min_passages) for item in ordered
    )
    doubts = [
        issue
        for item, study in zip(ordered, studies, strict=True)
        for issue in quote_issues(item.paper.path, by_study[study.study_id], study.attributes)
    ]
    return Evidence(
        studies=studies,
        codings=codings,
        counts=_counts(studies, counted, codebook),
        map_dimensions=tuple(dimension.name for dimension in codebook.dimension if dimension.mapped),
        map=_map(studies, counted, codebook),
        issues=tuple(
            sorted((*issues, *doubts), key=lambda issue: (issue.paper, issue.stage, issue.code, issue.message))
        ),
    )


def _study_id(paper: Paper) -> str:
    return digest("s", paper.id)


def _sort_key(paper: Paper) -> tuple[str, int, str]:
    reference = paper.reference or Reference()
    return (_plain(_lead(paper)), reference.year or 0, _plain(reference.title))


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(c))


def _lead(paper: Paper) -> str:
    """Give the name by which a study is called: its first author's family name or organisation, or else its file."""
    reference = paper.reference or Reference()
    if reference.authors:
        author = reference.authors[0]
        if "," in author:
            return author.partition(",")[0].strip()
        return author if _ORGANISATION.search(author) or len(author.split()) > 3 else author.split()[-1]
    return paper.path.rpartition("/")[2].removesuffix(".pdf")


def _study_keys(papers: Sequence[Paper]) -> dict[str, str]:
    """Give each paper a short key such as `Moeller 2018`; equal ones get letters: 2018a, 2018b."""
    groups: dict[str, list[Paper]] = defaultdict(list)
    for paper in papers:
        year = (paper.reference or Reference()).year
        known = bool((paper.reference or Reference()).authors)
        groups[f"{_lead(paper)} {year or 'n.d.'}" if known else _lead(paper)].append(paper)
    keys: dict[str, str] = {}
    for key, same in groups.items():
        for index, paper in enumerate(same):
            keys[paper.id] = key if len(same) == 1 else f"{key}{'' if key[-1].isdigit() else '-'}{_letters(index)}"
    return keys


def _letters(index: int) -> str:
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def _codings(item: CodedPaper, codebook: Codebook) -> list[Coding]:
    """Resolve a paper's predictions, in the passages' and then the codebook's order."""
    order = {code.name: index for index, code in enumerate(codebook.code)}
    by_passage: dict[str, list[Prediction]] = defaultdict(list)
    for prediction in item.coding.predictions:
        by_passage[prediction.passage_id].append(prediction)
    return [
        _coding(item, passage, prediction)
        for passage in item.passages
        for prediction in sorted(by_passage[passage.id], key=lambda prediction: order[prediction.code])
    ]


def _coding(item: CodedPaper, passage: Passage, prediction: Prediction) -> Coding:
    return Coding(
        id=digest("e", passage.id, prediction.code),
        study_id=_study_id(item.paper),
        paper_id=item.paper.id,
        passage_id=passage.id,
        dimension=prediction.dimension,
        code=prediction.code,
        probability=prediction.probability,
        polarity=prediction.polarity,
        unsure=prediction.unsure,
        basis=prediction.basis,
        words=prediction.words,
        status="machine",
        coder=prediction.model_id,
        quote=passage.text,
        section=passage.section,
        section_kind=passage.section_kind,
        pages=passage.pages,
        page_labels=passage.page_labels,
        match=item.match_of(passage.id),
    )


def _row(item: CodedPaper, key: str, codings: Sequence[Coding], codebook: Codebook, min_passages: int) -> EvidenceRow:
    by_code: dict[str, list[Coding]] = defaultdict(list)
    mentioned: dict[str, int] = defaultdict(int)
    for coding in codings:
        if coding.counted:
            by_code[coding.code].append(coding)
        elif not coding.unsure:
            mentioned[coding.code] += 1
    cells = tuple(_cell(code, by_code[code.name]) for code in codebook.code if len(by_code[code.name]) >= min_passages)
    return EvidenceRow(
        study_id=_study_id(item.paper),
        key=key,
        files=(item.paper.path,),
        reference=item.paper.reference or Reference(),
        attributes=tuple(msgspec.structs.replace(a, match=item.match_of(a.key)) for a in item.coding.attributes),
        passages=len(item.passages),
        coded=len({coding.passage_id for coding in codings if not coding.unsure}),
        cells=cells,
        mentions={code.name: mentioned[code.name] for code in codebook.code if mentioned[code.name]},
    )


def _cell(code: Code, codings: Sequence[Coding]) -> Cell:
    ways = [coding.polarity for coding in codings]
    return Cell(
        code=code.name,
        passages=len(codings),
        verified=sum(coding.status in _CONFIRMED for coding in codings),
        polarity=(ways.count("facilitates"), ways.count("hinders"), ways.count("mixed")),
        strongest=_strongest(codings)[0].id,
    )


def _strongest(codings: Iterable[Coding]) -> list[Coding]:
    return sorted(codings, key=lambda coding: (-coding.probability, coding.id))


def _counts(studies: Sequence[EvidenceRow], codings: Sequence[Coding], codebook: Codebook) -> tuple[CodeCount, ...]:
    """Count over all studies, code by code; only codings that a study's cell counts."""
    counted = {(study.study_id, cell.code) for study in studies for cell in study.cells}
    coded = sum(bool(study.cells) for study in studies)
    rows = []
    for code in codebook.code:
        carrying = sum((study.study_id, code.name) in counted for study in studies)
        mine = [coding for coding in codings if coding.code == code.name and (coding.study_id, code.name) in counted]
        ways = [coding.polarity for coding in mine]
        rows.append(
            CodeCount(
                dimension=code.dimension,
                family=code.family,
                code=code.name,
                studies=carrying,
                share=round(carrying / coded, 4) if coded else 0.0,
                passages=len(mine),
                facilitates=ways.count("facilitates"),
                hinders=ways.count("hinders"),
                mixed=ways.count("mixed"),
                quotes=_best_quotes(mine),
            )
        )
    return tuple(rows)


def _best_quotes(codings: Sequence[Coding]) -> tuple[str, ...]:
    """Give the strongest codings, each from another study."""
    best: dict[str, Coding] = {}
    for coding in _strongest(codings):
        best.setdefault(coding.study_id, coding)
    return tuple(coding.id for coding in _strongest(best.values())[:QUOTES_A_CODE])


def _map(studies: Sequence[EvidenceRow], codings: Sequence[Coding], codebook: Codebook) -> tuple[MapCell, ...]:
    """Cross the mapped dimensions: every combination, also the empty ones."""
    names = [dimension.name for dimension in codebook.dimension if dimension.mapped]
    axes = [[code.name for code in codebook.codes_of(name)] for name in names]
    carried = {study.study_id: {cell.code for cell in study.cells} for study in studies}
    passages = _passages_by_combination(codings, names, carried)
    cells = []
    for codes in itertools.product(*axes):
        ids = tuple(study.study_id for study in studies if carried[study.study_id].issuperset(codes))
        cells.append(MapCell(codes=codes, studies=len(ids), passages=passages.get(codes, 0), study_ids=ids))
    return tuple(cells)


def _passages_by_combination(
    codings: Sequence[Coding], names: Sequence[str], carried: Mapping[str, set[str]]
) -> dict[tuple[str, ...], int]:
    """Count passages that carry one code of each mapped dimension at once."""
    rows = [(c.passage_id, c.dimension, c.code) for c in codings if c.code in carried[c.study_id]]
    frame = pd.DataFrame(rows, columns=["passage", "dimension", "code"]).drop_duplicates()
    crossed: pd.DataFrame | None = None
    for name in names:
        one = frame.loc[frame["dimension"] == name, ["passage", "code"]].rename(columns={"code": name})
        crossed = one if crossed is None else crossed.merge(one, on="passage")
    if crossed is None or crossed.empty:
        return {}
    counts = crossed.groupby(list(names), sort=True).size()
    return {(key if isinstance(key, tuple) else (str(key),)): int(count) for key, count in counts.items()}
