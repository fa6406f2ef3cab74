"""The study table and its filters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evitable.codebook import Code
from evitable.export.report.words import NOT_FOUND, Lookup, by_family, doi_address, study_address
from evitable.records import Cell, EvidenceRow

_AUTHORS = 4
_OPTIONS = 200
"""A list to choose from that is longer than this is no help; the search finds such values."""


@dataclass(frozen=True, slots=True)
class StudyView:
    """One row: `attributes` follow the codebook; `codes` are (title, passages, signs) by dimension."""

    address: str
    row: EvidenceRow
    authors: str
    doi: str
    attributes: tuple[str, ...]
    codes: tuple[tuple[tuple[str, int, str], ...], ...]
    counted: int
    verified: int


@dataclass(frozen=True, slots=True)
class FilterView:
    """A list to filter by: name of its field, what it is, and groups of (value, words, studies)."""

    name: str
    title: str
    groups: tuple[tuple[str, tuple[tuple[str, str, int], ...]], ...]


def study_view(row: EvidenceRow, lookup: Lookup) -> StudyView:
    """Lay out one study."""
    cells = {cell.code: cell for cell in row.cells}
    return StudyView(
        address=study_address(row.study_id),
        row=row,
        authors=_authors(row.reference.authors),
        doi=doi_address(row.reference.doi),
        attributes=tuple("; ".join(values_of(row, name)) for name in lookup.attributes),
        codes=tuple(_carried(lookup.book.codes_of(d.name), cells) for d in lookup.book.dimension),
        counted=sum(cell.passages for cell in row.cells),
        verified=sum(cell.verified for cell in row.cells),
    )


def values_of(row: EvidenceRow, name: str) -> tuple[str, ...]:
    """Give a study's values of one attribute, each once."""
    return tuple(dict.fromkeys(attribute.value for attribute in row.attributes if attribute.name == name))


def _authors(names: Sequence[str]) -> str:
    more = f"; and {len(names) - _AUTHORS} more" if len(names) > _AUTHORS else ""
    return "; ".join(names[:_AUTHORS]) + more


def _carried(codes: Sequence[Code], cells: dict[str, Cell]) -> tuple[tuple[str, int, str], ...]:
    return tuple(
        (code.title, cells[code.name].passages, _signs(cells[code.name])) for code in codes if code.name in cells
    )


def _signs(cell: Cell) -> str:
    """Say which way the passages went: `+3 −1 ±1`."""
    return " ".join(f"{sign}{count}" for sign, count in zip("+−±", cell.polarity, strict=True) if count)


def filters(lookup: Lookup) -> tuple[FilterView, ...]:
    """Give a list for each dimension, for journals, and for each attribute whose values can be chosen from."""
    studies = {count.code: count.studies for count in lookup.evidence.counts}
    views = []
    for dimension in lookup.book.dimension:
        options = [(c.family, (c.name, c.title, studies.get(c.name, 0))) for c in lookup.book.codes_of(dimension.name)]
        views.append(FilterView(f"d.{dimension.name}", dimension.title, by_family(options)))
    attributes = [(f"a.{attribute.name}", attribute.name, attribute.title) for attribute in lookup.book.attribute]
    for field, name, title in (*attributes, ("journal", "journal", "Journal")):
        rows = [row for row in lookup.evidence.descriptives if row.name == name]
        if any(row.value for row in rows) and len(rows) <= _OPTIONS:
            values = tuple((row.value or NOT_FOUND, row.value or "not found", row.studies) for row in rows)
            views.append(FilterView(field, title, (("", values),)))
    return tuple(views)
