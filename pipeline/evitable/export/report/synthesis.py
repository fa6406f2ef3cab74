"""Codes and families over all studies, what the studies are like, and which cells hang on the rule."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import get_args

from evitable.codebook import Code, Dimension
from evitable.export.clean import percent
from evitable.export.report.studies import filters
from evitable.export.report.words import (
    NOT_FOUND,
    Lookup,
    QuoteView,
    by_family,
    cell_address,
    filter_address,
    study_address,
)
from evitable.records import CodeCount, Descriptive, Flip, Polarity

_VALUES = 8
"""Values of an attribute that are named for a code; the rest are counted."""
_ROWS = 12
"""Values of a characteristic that are in sight at once, if it has clearly more; years all are."""
_FLIPS = 200
POLARITIES: tuple[str, ...] = get_args(Polarity)


@dataclass(frozen=True, slots=True)
class WayView:
    """Studies, or passages, that go one way: name of the way, how many, where its bar starts, address of the quotes."""

    name: str
    count: int
    start: int
    address: str


@dataclass(frozen=True, slots=True)
class CountView:
    """One row: a code, or the total of a family where `code` is None. `ways` is empty without polarity."""

    code: Code | None
    title: str
    anchor: str
    address: str
    count: CodeCount
    percent: str
    ways: tuple[WayView, ...]
    passages: tuple[WayView, ...]
    attributes: tuple[tuple[str, str], ...]
    quotes: tuple[QuoteView, ...]


@dataclass(frozen=True, slots=True)
class DimensionView:
    """One dimension: `groups` are (family, its total or None, rows)."""

    dimension: Dimension
    groups: tuple[tuple[str, CountView | None, tuple[CountView, ...]], ...]


@dataclass(frozen=True, slots=True)
class ValueView:
    """One value of a characteristic, with the address of its studies."""

    value: str
    studies: int
    percent: str
    address: str


@dataclass(frozen=True, slots=True)
class CharacteristicView:
    """One characteristic of the studies: values in sight, values folded away, and the number that scales the bars."""

    title: str
    shown: tuple[ValueView, ...]
    folded: tuple[ValueView, ...]
    most: int


@dataclass(frozen=True, slots=True)
class FlipView:
    """A cell that hangs on the rule."""

    key: str
    address: str
    code: str
    flip: Flip


@dataclass(frozen=True, slots=True)
class FlipsView:
    """Cells that hang on the rule: (rule, lost, gained) for each other rule, the first cells, and how many in all."""

    rules: tuple[tuple[str, int, int], ...]
    shown: tuple[FlipView, ...]
    total: int


def synthesis_view(lookup: Lookup) -> tuple[DimensionView, ...]:
    """Lay out the counts by dimension and family, in the codebook's order."""
    views = []
    families = {(row.dimension, row.family): row for row in lookup.evidence.families}
    for dimension in lookup.book.dimension:
        rows = [
            (count.family, _count(count, lookup, polarity=dimension.polarity))
            for count in lookup.evidence.counts
            if count.dimension == dimension.name
        ]
        groups: list[tuple[str, CountView | None, tuple[CountView, ...]]] = []
        for family, members in by_family(rows):
            total = families.get((dimension.name, family)) if family else None
            view = _count(total, lookup, polarity=dimension.polarity) if total else None
            groups.append((family, view, members))
        views.append(DimensionView(dimension, tuple(groups)))
    return tuple(views)


def _count(count: CodeCount, lookup: Lookup, *, polarity: bool) -> CountView:
    code = lookup.book.by_name[count.code] if count.code else None
    ways = (count.facilitates, count.hinders, count.mixed) if polarity else ()
    return CountView(
        code=code,
        title=code.title if code else count.family,
        anchor=f"code-{count.code}",
        address=cell_address([count.code]),
        count=count,
        percent=percent(count.share),
        ways=_ways((*POLARITIES, "not said"), count.ways, "") if polarity else (),
        passages=_ways(POLARITIES, ways, count.code),
        attributes=_values(count, lookup),
        quotes=tuple(lookup.quote(lookup.codings[coding]) for coding in count.quotes) if code else (),
    )


def _ways(names: Sequence[str], counts: Sequence[int], code: str) -> tuple[WayView, ...]:
    starts = itertools.accumulate(counts, initial=0)
    return tuple(
        WayView(name, count, start, cell_address([code], way=name) if code else "")
        for name, count, start in zip(names, counts, starts, strict=False)
    )


def _values(count: CodeCount, lookup: Lookup) -> tuple[tuple[str, str], ...]:
    """Say for each attribute, in the codebook's order, how many of the code's studies have which value."""
    found = []
    for attribute in lookup.book.attribute:
        values = list(count.attributes.get(attribute.name, {}).items())
        more = f", and {len(values) - _VALUES} more" if len(values) > _VALUES else ""
        words = ", ".join(f"{value or 'not found'} {studies}" for value, studies in values[:_VALUES])
        if words:
            found.append((attribute.title, words + more))
    return tuple(found)


def descriptives_view(lookup: Lookup) -> tuple[CharacteristicView, ...]:
    """Lay out what the studies are like: years, journals, and the codebook's attributes."""
    views = []
    titles = {"year": "Year", "journal": "Journal"} | {a.name: a.title for a in lookup.book.attribute}
    fields = {view.name for view in filters(lookup)}
    for name, rows in itertools.groupby(lookup.evidence.descriptives, lambda row: row.name):
        values = tuple(_value(row, fields) for row in rows)
        limit = len(values) if name == "year" or len(values) < _ROWS + 3 else _ROWS
        most = max(value.studies for value in values)
        views.append(CharacteristicView(titles.get(name, name), values[:limit], values[limit:], most))
    return tuple(views)


def _value(row: Descriptive, fields: Collection[str]) -> ValueView:
    """Lay out one value; it leads to its studies where the study table can be filtered by it."""
    field = "journal" if row.name == "journal" else f"a.{row.name}"
    address = filter_address({field: row.value or NOT_FOUND}) if field in fields else ""
    if row.name == "year" and row.value:
        address = filter_address({"from": row.value, "to": row.value})
    return ValueView(row.value, row.studies, percent(row.share), address)


def flips_view(lookup: Lookup) -> FlipsView:
    """Lay out the cells that would change under the next stricter or laxer rule."""
    flips = lookup.evidence.flips
    lost = Counter(flip.rule for flip in flips if flip.carried)
    gained = Counter(flip.rule for flip in flips if not flip.carried)
    rules = tuple((rule, lost[rule], gained[rule]) for rule in dict.fromkeys(flip.rule for flip in flips))
    shown = tuple(
        FlipView(lookup.keys[flip.study_id], study_address(flip.study_id), lookup.titles[flip.code], flip)
        for flip in flips[:_FLIPS]
    )
    return FlipsView(rules, shown, len(flips))
