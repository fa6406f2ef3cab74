"""Words and addresses that every part of the report shares: plain data for the templates, which hold no rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TypeVar
from urllib.parse import quote as quote_address
from urllib.parse import urlencode

from evitable.export import doubts
from evitable.export.review import Review
from evitable.records import Coding, QuoteMatch, Span

T = TypeVar("T")
_PLACE = attrgetter("start", "end")
NOT_FOUND = "-"
"""Stands in addresses for a value that was not found."""


@dataclass(frozen=True, slots=True)
class QuoteView:
    """A quote for the page.

    Attributes:
        study: Short name of the study.
        address: Where the study is in this page.
        place: Page and section, in words.
        facts: Polarity, basis and status, in words.
        doubt: What the check of the quote found wrong; empty where nothing is.
        pieces: Its words in order, each with whether it carried the code.
    """

    study: str
    address: str
    place: str
    facts: str
    doubt: str
    pieces: tuple[tuple[str, bool], ...]


class Lookup:
    """Codes, studies and codings by name and id: the one place that knows how they refer to each other."""

    def __init__(self, review: Review) -> None:
        self.book = review.codebook
        self.evidence = review.evidence
        self.codes = {code.name: index for index, code in enumerate(self.book.code)}
        self.titles = {code.name: code.title for code in self.book.code}
        self.attributes = {attribute.name: index for index, attribute in enumerate(self.book.attribute)}
        self.values: dict[str, set[str]] = {name: set() for name in self.attributes}
        for row in self.evidence.descriptives:
            self.values.setdefault(row.name, set()).add(row.value)
        self.keys = {study.study_id: study.key for study in self.evidence.studies}
        self.codings = {coding.id: coding for coding in self.evidence.codings}

    def counted_as(self, name: str, value: str) -> str:
        """Give the value by which the descriptives count a study: of `31 interviews` that is `interviews`."""
        known = self.values[name]
        return value if value in known else max((end for end in known if value.endswith(end)), key=len, default=value)

    def quote(self, coding: Coding) -> QuoteView:
        """Show one coding with its quote."""
        facts = [coding.polarity or "", "unsure" if coding.unsure else coding.basis, coding.status]
        return QuoteView(
            study=self.keys[coding.study_id],
            address=study_address(coding.study_id),
            place=" · ".join(word for word in (page_of(coding) or "page not known", section_of(coding)) if word),
            facts=" · ".join(fact for fact in facts if fact),
            doubt=doubt_of(coding.match),
            pieces=pieces(coding.quote, coding.words),
        )


def cell_address(codes: Iterable[str], **only: str) -> str:
    """Give the address, inside the page, of the quotes of the studies that carry all of these codes."""
    return "#cell/" + "+".join(codes) + ("?" + urlencode(only) if only else "")


def study_address(study_id: str) -> str:
    """Give the address of a study's row, opened."""
    return "#study/" + quote_address(study_id, safe="")


def filter_address(fields: Mapping[str, str]) -> str:
    """Give the address of the study table under a filter; names of fields are those of the form."""
    return "#studies?" + urlencode(fields)


def doi_address(doi: str) -> str:
    """Give the web address of a DOI; empty for what is none."""
    return "https://doi.org/" + quote_address(doi) if doi.startswith("10.") else ""


def section_of(coding: Coding) -> str:
    """Give the headings above a quote, or the kind of its section where it has none; empty where neither says more."""
    return " › ".join(coding.section) or coding.section_kind.removeprefix("other")


def doubt_of(match: QuoteMatch | None) -> str:
    """Say what the check of a quote found wrong; empty where the quote stands on its page, or was not checked."""
    return doubts.doubt_of(match) if match else ""


def page_of(coding: Coding) -> str:
    """Name the printed pages of a quote, with the page of the PDF where it is another; empty where none is known."""
    indices = tuple(map(str, coding.pages))
    printed = pages_text(coding.page_labels or indices)
    if not indices or not coding.page_labels or coding.page_labels == indices:
        return printed
    return f"{printed} (PDF {_range(indices)})"


def pages_text(labels: Sequence[str]) -> str:
    """Give page labels in words: `p. 203`, `pp. 203–204`; empty for none."""
    if not labels:
        return ""
    return f"{'p.' if len(labels) == 1 else 'pp.'} {_range(labels)}"


def _range(labels: Sequence[str]) -> str:
    return labels[0] if len(labels) == 1 else f"{labels[0]}–{labels[-1]}"


def pieces(text: str, words: Iterable[Span]) -> tuple[tuple[str, bool], ...]:
    """Cut a quote into (words, marked) pieces that join to the quote; of overlapping spans the first counts."""
    found, at = [], 0
    for span in apart(words, len(text)):
        found += [(text[at : span.start], False), (text[span.start : span.end], True)]
        at = span.end
    return tuple(piece for piece in (*found, (text[at:], False)) if piece[0])


def apart(words: Iterable[Span], length: int) -> list[Span]:
    """Give the spans within a text of some length, in order; of overlapping spans the first counts."""
    found, at = [], 0
    for span in sorted(words, key=_PLACE):
        if at <= span.start < span.end <= length:
            found.append(span)
            at = span.end
    return found


def by_family(rows: Iterable[tuple[str, T]]) -> tuple[tuple[str, tuple[T, ...]], ...]:
    """Group rows by their family, in the order in which families first occur."""
    groups: dict[str, list[T]] = {}
    for family, row in rows:
        groups.setdefault(family, []).append(row)
    return tuple((family, tuple(members)) for family, members in groups.items())
