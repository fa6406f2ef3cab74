"""What the HTML report shows, as plain data: the template that fills the page holds no rules."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar, get_args
from urllib.parse import quote as quote_address

from evitable.codebook import Code, Codebook, Dimension
from evitable.records import CodeCount, Coding, Evidence, EvidenceRow, MapCell, Polarity, QuoteMatch, Span

_STEPS = 5
_AUTHORS = 6
_QUOTES = 3

T = TypeVar("T")


@dataclass(frozen=True)
class QuoteView:
    """A quote for the page: `pieces` are its words in order, each with whether it carried the code.

    `doubt` says what the check of the quote found wrong; it is empty where nothing is.
    """

    study: str
    section: str
    page: str
    codes: str
    status: str
    doubt: str
    pieces: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class CellView:
    """One cell of the map: place in `Evidence.map` (-1 where it has none), numbers, shade (0 to 5), codes in words."""

    index: int
    studies: int
    passages: int
    step: int
    about: str


@dataclass(frozen=True)
class MapTable:
    """One table of the map: `groups` are (family, rows), a row is (title, cells)."""

    title: str
    groups: tuple[tuple[str, tuple[tuple[str, tuple[CellView, ...]], ...]], ...]


@dataclass(frozen=True)
class MapView:
    """The evidence map: dimensions that run across and down, its tables, and the shades with their ranges."""

    over: str
    down: str
    columns: tuple[str, ...]
    tables: tuple[MapTable, ...]
    legend: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class CarriedView:
    """One code of one study in the studies table."""

    index: int
    title: str
    passages: int
    verified: int


@dataclass(frozen=True)
class StudyView:
    """One study: `attributes` and `carried` follow the codebook; `sources` are (name, value, quote, page, doubt)."""

    index: int
    row: EvidenceRow
    authors: str
    address: str
    attributes: tuple[str, ...]
    sources: tuple[tuple[str, str, str, str, str], ...]
    carried: tuple[tuple[CarriedView, ...], ...]
    codes: str
    quotes: tuple[QuoteView, ...]


@dataclass(frozen=True)
class CodeView:
    """One row of the synthesis: `ways` counts by polarity, empty in dimensions without."""

    index: int
    code: Code
    count: CodeCount
    percent: str
    ways: tuple[int, ...]
    quotes: tuple[QuoteView, ...]


@dataclass(frozen=True)
class DimensionView:
    """One dimension of the synthesis: `groups` are (family, rows)."""

    dimension: Dimension
    ways: tuple[str, ...]
    groups: tuple[tuple[str, tuple[CodeView, ...]], ...]


class Lookup:
    """Codes, studies and codings by name and id: the one place that knows how they refer to each other."""

    def __init__(self, evidence: Evidence, codebook: Codebook) -> None:
        self.book = codebook
        self.codes = {code.name: index for index, code in enumerate(codebook.code)}
        self.titles = {code.name: code.title for code in codebook.code}
        self.studies = {study.study_id: index for index, study in enumerate(evidence.studies)}
        self.keys = {study.study_id: study.key for study in evidence.studies}
        self.codings = {coding.id: coding for coding in evidence.codings}

    def quote(self, codings: Sequence[Coding]) -> QuoteView:
        """Show one passage with the codes that it carries; all codings are of this passage."""
        first = codings[0]
        return QuoteView(
            study=self.keys[first.study_id],
            section=section_of(first),
            page=page_of(first.page_labels or tuple(map(str, first.pages))),
            codes="; ".join(self._named(coding) for coding in codings),
            status=first.status,
            doubt=doubt_of(first.match),
            pieces=_pieces(first.quote, [span for coding in codings for span in coding.words]),
        )

    def _named(self, coding: Coding) -> str:
        way = f", {coding.polarity}" if coding.polarity else ""
        basis = ", unsure" if coding.unsure else f", {coding.basis}"
        return f"{self.titles[coding.code]}{way} ({coding.probability:.2f}{basis}, {coding.status})"


def map_view(evidence: Evidence, lookup: Lookup) -> MapView | None:
    """Lay out the map: the first dimension runs across, the last one down, and those between give one table each."""
    book = lookup.book
    axes = [book.codes_of(name) for name in evidence.map_dimensions]
    if not axes:
        return None
    names = [book.dimension_of(name).title for name in evidence.map_dimensions]
    most = max((cell.studies for cell in evidence.map), default=0)
    cells = {cell.codes: _cell(index, cell, most, lookup) for index, cell in enumerate(evidence.map)}
    across: list[tuple[Code, ...]] = [(code,) for code in axes[0]] if len(axes) > 1 else [()]
    tables = []
    for between in itertools.product(*axes[1:-1]):
        rows = [
            (code.family, (code.title, tuple(_at(cells, (*column, *between, code)) for column in across)))
            for code in axes[-1]
        ]
        titles = [f"{name}: {code.title}" for name, code in zip(names[1:-1], between, strict=True)]
        tables.append(MapTable(", ".join(titles), _by_family(rows)))
    return MapView(
        over=names[0] if len(axes) > 1 else "",
        down=names[-1],
        columns=tuple(column[0].title if column else "Studies" for column in across),
        tables=tuple(tables),
        legend=_legend(most),
    )


def _cell(index: int, cell: MapCell, most: int, lookup: Lookup) -> CellView:
    about = ", ".join(lookup.titles[code] for code in cell.codes)
    return CellView(index, cell.studies, cell.passages, _step(cell.studies, most), about)


def _at(cells: dict[tuple[str, ...], CellView], codes: Sequence[Code]) -> CellView:
    empty = CellView(-1, 0, 0, 0, ", ".join(code.title for code in codes))
    return cells.get(tuple(code.name for code in codes), empty)


def _step(count: int, most: int) -> int:
    # Few studies stay light: one study is never the darkest shade.
    return math.ceil(_STEPS * count / max(most, _STEPS)) if count else 0


def _legend(most: int) -> tuple[tuple[int, str], ...]:
    ranges = [(step, list(counts)) for step, counts in itertools.groupby(range(most + 1), lambda n: _step(n, most))]
    return tuple((step, f"{n[0]}–{n[-1]}" if len(n) > 1 else str(n[0])) for step, n in ranges)


def _by_family(rows: Iterable[tuple[str, T]]) -> tuple[tuple[str, tuple[T, ...]], ...]:
    groups: dict[str, list[T]] = {}
    for family, row in rows:
        groups.setdefault(family, []).append(row)
    return tuple((family, tuple(members)) for family, members in groups.items())


def study_view(row: EvidenceRow, lookup: Lookup) -> StudyView:
    """Lay out one study; of its strongest quotes, those from the same passage stand together."""
    book = lookup.book
    cells = {cell.code: cell for cell in row.cells}
    carried = tuple(
        tuple(
            CarriedView(lookup.codes[name], lookup.titles[name], cells[name].passages, cells[name].verified)
            for name in (code.name for code in book.codes_of(dimension.name))
            if name in cells
        )
        for dimension in book.dimension
    )
    values = {a.name: [b.value for b in row.attributes if b.name == a.name] for a in row.attributes}
    titles = {attribute.name: attribute.title for attribute in book.attribute}
    passages: dict[str, list[Coding]] = {}
    for cell in row.cells:
        coding = lookup.codings[cell.strongest]
        passages.setdefault(coding.passage_id, []).append(coding)
    return StudyView(
        index=lookup.studies[row.study_id],
        row=row,
        authors=_authors(row.reference.authors),
        address="https://doi.org/" + quote_address(row.reference.doi) if row.reference.doi.startswith("10.") else "",
        attributes=tuple(", ".join(values.get(name, ())) for name in titles),
        sources=tuple(
            (titles.get(a.name, a.name), a.value, a.quote, page_of((str(a.page),) if a.page else ()), doubt_of(a.match))
            for a in row.attributes
        ),
        carried=carried,
        codes=" ".join(str(lookup.codes[name]) for name in cells),
        quotes=tuple(lookup.quote(codings) for codings in passages.values()),
    )


def _authors(names: Sequence[str]) -> str:
    more = f"; and {len(names) - _AUTHORS} more" if len(names) > _AUTHORS else ""
    return "; ".join(names[:_AUTHORS]) + more


def synthesis_view(evidence: Evidence, lookup: Lookup) -> list[DimensionView]:
    """Lay out the counts by dimension, in the codebook's order."""
    views = []
    for dimension in lookup.book.dimension:
        counts = [count for count in evidence.counts if count.dimension == dimension.name]
        rows = [(count.family, _code(count, lookup, polarity=dimension.polarity)) for count in counts]
        views.append(DimensionView(dimension, get_args(Polarity) if dimension.polarity else (), _by_family(rows)))
    return views


def _code(count: CodeCount, lookup: Lookup, *, polarity: bool) -> CodeView:
    return CodeView(
        index=lookup.codes[count.code],
        code=lookup.book.by_name[count.code],
        count=count,
        percent=f"{100 * count.share:.0f}",
        ways=(count.facilitates, count.hinders, count.mixed) if polarity else (),
        quotes=tuple(lookup.quote([lookup.codings[coding]]) for coding in count.quotes[:_QUOTES]),
    )


def section_of(coding: Coding) -> str:
    """Give the headings above a quote, or the kind of its section where it has none."""
    return " › ".join(coding.section) or coding.section_kind


def doubt_of(match: QuoteMatch | None) -> str:
    """Say what the check of a quote found wrong; empty where the quote stands on its page, or was not checked."""
    return {"fuzzy": "differs from the page", "missing": "not found on the page"}.get(match or "", "")


def page_of(labels: Sequence[str]) -> str:
    """Give page labels in words; empty where the page is not known."""
    if not labels:
        return ""
    return f"p. {labels[0]}" if len(labels) == 1 else f"pp. {labels[0]}–{labels[-1]}"


def _pieces(text: str, words: Iterable[Span]) -> tuple[tuple[str, bool], ...]:
    """Cut a quote into (words, marked) pieces that join to the quote; of overlapping spans the first counts."""
    pieces, at = [], 0
    for span in sorted(words, key=lambda span: (span.start, span.end)):
        if at <= span.start < span.end <= len(text):
            pieces += [(text[at : span.start], False), (text[span.start : span.end], True)]
            at = span.end
    return tuple(piece for piece in (*pieces, (text[at:], False)) if piece[0])
