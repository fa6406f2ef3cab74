"""How well coders agree, and on what they do not, laid out for the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten

from evitable.decide.disagreements import Disagreement
from evitable.export.clean import percent
from evitable.export.report.words import Lookup, pages_text, study_address
from evitable.export.tables.agreement import (
    ALL_CODES,
    agreement_notes,
    figure_words,
    given_codes,
    polarity_words,
    rough_notes,
    sample_words,
    second_coder,
)
from evitable.records import Agreement, CodeAgreement

_BEGIN = 100
"""Characters of a quote that is folded away."""
_ROWS = 100
"""Disagreements that the page shows, open ones first; all are in the workbook and in `evidence-disagreements.csv`."""


@dataclass(frozen=True, slots=True)
class CodeView:
    """How two coders agree on one code: its title, numbers of passages, figures as (value, interval) in words."""

    title: str
    both: int
    first_only: int
    second_only: int
    neither: int
    raw: tuple[str, str]
    kappa: tuple[str, str]
    alpha: tuple[str, str]
    prevalence: str


@dataclass(frozen=True, slots=True)
class PairView:
    """How two coders agree.

    Attributes:
        first: Name of the first coder.
        second: Name of the second, or the machine.
        sample: On how many passages of how many studies.
        overall: The mean over the codes that either gave; None where neither gave any.
        codes: The codes that either gave.
        unused: Titles of those that neither gave.
    """

    first: str
    second: str
    sample: str
    overall: CodeView | None
    codes: tuple[CodeView, ...]
    unused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DisagreementView:
    """One code on one passage on which people do not agree."""

    study: str
    address: str
    place: str
    quote: str
    begin: str
    code: str
    yes: str
    no: str
    unsure: str
    polarity: str
    machine: str
    outcome: str
    settled_by: str


@dataclass(frozen=True, slots=True)
class AgreementView:
    """All of it: how to read it, each two coders, disagreements that are shown, how many there are, and are open."""

    notes: tuple[str, ...]
    pairs: tuple[PairView, ...]
    disagreements: tuple[DisagreementView, ...]
    total: int
    open: int
    double: bool


def agreement_view(
    agreement: Sequence[Agreement], disagreements: Sequence[Disagreement], lookup: Lookup
) -> AgreementView | None:
    """Lay out how coders agree; None where nobody has coded blind."""
    if not agreement:
        return None
    shown = sorted(disagreements, key=lambda one: one.outcome != "open")[:_ROWS]
    return AgreementView(
        notes=(*agreement_notes(agreement), *rough_notes(agreement)),
        pairs=tuple(_pair(pair, lookup) for pair in agreement),
        disagreements=tuple(_disagreement(one, lookup) for one in shown),
        total=len(disagreements),
        open=sum(one.outcome == "open" for one in disagreements),
        double=any(not pair.machine for pair in agreement),
    )


def _pair(pair: Agreement, lookup: Lookup) -> PairView:
    used, never = given_codes(pair)
    return PairView(
        first=pair.first,
        second=second_coder(pair),
        sample=sample_words(pair),
        overall=_code(pair.overall, ALL_CODES) if used else None,
        codes=tuple(_code(one, lookup.titles[one.code]) for one in used),
        unused=tuple(lookup.titles[code] for code in never),
    )


def _code(one: CodeAgreement, title: str) -> CodeView:
    return CodeView(
        title=title,
        both=one.both,
        first_only=one.first_only,
        second_only=one.second_only,
        neither=one.neither,
        raw=figure_words(one.raw),
        kappa=figure_words(one.kappa),
        alpha=figure_words(one.alpha),
        prevalence=f"{percent(one.prevalence)} %",
    )


def _disagreement(one: Disagreement, lookup: Lookup) -> DisagreementView:
    labels = one.page_labels or tuple(map(str, one.pages))
    return DisagreementView(
        study=lookup.keys[one.study_id],
        address=study_address(one.study_id),
        place=pages_text(labels) or "page not known",
        quote=one.quote,
        begin=shorten(one.quote, _BEGIN, placeholder=" …") or "no words",
        code=lookup.titles[one.code],
        yes=", ".join(one.yes),
        no=", ".join(one.no),
        unsure=", ".join(one.unsure),
        polarity=polarity_words(one),
        machine=one.machine or "",
        outcome=one.outcome,
        settled_by=", ".join(one.settled_by),
    )
