"""Which figures a review has, and what each of them counts."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from evitable.codebook import Codebook, Dimension, StudyAttribute
from evitable.export.clean import percent
from evitable.export.figures.bars import Bar, Column, Group, bars
from evitable.export.figures.colours import OTHERS, PLAIN, UNKNOWN, WAYS, Fill
from evitable.export.figures.flow import flow_diagram
from evitable.export.figures.frame import NOT_FOUND, framed
from evitable.export.figures.grid import Axis, Panel, grid
from evitable.export.figures.picture import Picture
from evitable.export.figures.years import columns, spans
from evitable.export.review import Review
from evitable.records import CodeCount, Evidence, MapCell

MOST_CELLS = 6000
"""Cells that the evidence map may have; a larger one is drawn as its pairs of dimensions."""
MOST_VALUES = 15
"""Values of an attribute that get a bar of their own."""
_NUMBER = re.compile(r"^[\d.,\s]+")
_TOGETHER = (3, 24)
"""So many dimensions without polarity share a figure, if they have no more codes than that."""
_WAYS = ("Facilitates", "Hinders", "Mixed", "Not said")
_STUDIES = (Column("Studies"), Column("Share"))

Named = Iterator[tuple[str, Picture]]


def pictures(review: Review) -> Named:
    """Give each figure's name and picture, one after another."""
    evidence, codebook = review.evidence, review.codebook
    yield from _maps(evidence, codebook)
    for dimensions in _figures_of_codes(codebook):
        name = "-and-".join(dimension.name for dimension in dimensions)
        yield f"{name}-by-studies", _codes(evidence, codebook, dimensions)
    yield "studies-per-year", _years(evidence)
    for attribute in codebook.attribute:
        yield f"studies-by-{attribute.name}", _attribute(evidence, attribute)
    yield "prisma-flow", flow_diagram(evidence.prisma)


def _counted(evidence: Evidence) -> str:
    return f"Studies, n = {len(evidence.studies):,}; counted by the rule: {evidence.rule.words}."


def _verified(evidence: Evidence, codebook: Codebook, dimensions: Sequence[str]) -> str:
    """Say on how many codings a figure rests, and how many of them a person stands behind."""
    codes = {code.name for name in dimensions for code in codebook.codes_of(name)}
    cells = [cell for study in evidence.studies for cell in study.cells if cell.code in codes]
    counted, verified = sum(cell.passages for cell in cells), sum(cell.verified for cell in cells)
    return f"Rests on {counted:,} codings; people have confirmed {verified:,} of them."


def _maps(evidence: Evidence, codebook: Codebook) -> Named:
    """Give the evidence map; where it is too large for one picture, a map for each pair of its dimensions."""
    if len(evidence.map_dimensions) == 1:
        yield "evidence-map", _codes(evidence, codebook, [codebook.dimension_of(evidence.map_dimensions[0])])
    elif evidence.map_dimensions and len(evidence.map) <= MOST_CELLS:
        yield "evidence-map", _map(evidence, codebook, evidence.map_dimensions, evidence.map)
    else:
        for matrix in evidence.matrices:
            name = f"evidence-map-{matrix.dimensions[0]}-by-{matrix.dimensions[1]}"
            yield name, _map(evidence, codebook, matrix.dimensions, matrix.cells)


def _map(evidence: Evidence, codebook: Codebook, names: Sequence[str], cells: Sequence[MapCell]) -> Picture:
    """Draw cells: the first and the last dimension span a panel, those between them give one panel per combination."""
    ends = sorted((names[-1], names[0]), key=lambda name: -len(codebook.codes_of(name)))
    down, across = (names.index(name) for name in ends)
    middle = [codebook.codes_of(name) for name in names[1:-1]]
    studies: dict[tuple[str, ...], dict[tuple[str, str], int]] = {}
    for cell in cells:
        studies.setdefault(cell.codes[1:-1], {})[cell.codes[down], cell.codes[across]] = cell.studies
    panels = [
        Panel(" + ".join(code.title for code in codes), studies.get(tuple(code.name for code in codes), {}))
        for codes in itertools.product(*middle)
    ]
    titles = [codebook.dimension_of(name).title for name in names]
    notes = ["Each cell: number of studies that carry all of its codes, anywhere in the paper; the darker, the more."]
    if len(names) > 2:
        each = "combination of codes" if len(names) > 3 else "code"
        notes = [f"One panel for each {each} of: {', '.join(titles[1:-1])}. {notes[0]}"]
    body = grid(_axis(codebook, ends[0]), _axis(codebook, ends[1]), panels)
    title = f"Evidence map: {' × '.join(titles)}"
    return framed(title, _counted(evidence), body, [*notes, _verified(evidence, codebook, names)])


def _axis(codebook: Codebook, name: str) -> Axis:
    codes = tuple((code.name, code.title, code.family) for code in codebook.codes_of(name))
    return Axis(codebook.dimension_of(name).title, codes)


def _figures_of_codes(codebook: Codebook) -> list[list[Dimension]]:
    """Say which dimensions share a figure: a few small ones without polarity do, all others stand alone."""
    plain = [dimension for dimension in codebook.dimension if not dimension.polarity]
    alone = [[dimension] for dimension in codebook.dimension if dimension.polarity]
    codes = sum(len(codebook.codes_of(dimension.name)) for dimension in plain)
    if not plain or (len(plain) <= _TOGETHER[0] and codes <= _TOGETHER[1]):
        return alone + [plain] * bool(plain)
    return alone + [[dimension] for dimension in plain]


def _codes(evidence: Evidence, codebook: Codebook, dimensions: Sequence[Dimension]) -> Picture:
    """Draw the codes of dimensions: studies that carry each, and where there is polarity, which way it worked."""
    polarity = any(dimension.polarity for dimension in dimensions)
    ways = tuple(Column(title, fill) for title, fill in zip(_WAYS, WAYS, strict=True)) if polarity else ()
    groups = [
        group
        for dimension in dimensions
        for group in _groups(evidence, codebook, dimension, dimension.title if len(dimensions) > 1 else "")
    ]
    body = bars(groups, (*_STUDIES, *ways), "Number of studies")
    titles = ", ".join(dimension.title for dimension in dimensions)
    title = f"{titles}: studies by code" + (", and which way it worked" if polarity else "")
    coded = sum(bool(study.cells) for study in evidence.studies)
    notes = [f"Share: of the {coded:,} studies with at least one code. A study may carry several codes."]
    if polarity:
        notes += ["Mixed: the study's passages say both, or one passage does."]
    notes.append(_verified(evidence, codebook, [dimension.name for dimension in dimensions]))
    return framed(title, _counted(evidence), body, notes)


def _groups(evidence: Evidence, codebook: Codebook, dimension: Dimension, heading: str) -> list[Group]:
    """Give a dimension's bars, grouped by family."""
    families = {count.family: count for count in evidence.families if count.dimension == dimension.name}
    counts = [count for count in evidence.counts if count.dimension == dimension.name]
    groups = []
    for family in dict.fromkeys(count.family for count in counts):
        made = tuple(
            Bar(codebook.by_name[count.code].title, *_parts(count, dimension.polarity))
            for count in counts
            if count.family == family
        )
        total = families.get(family)
        texts = _parts(total, dimension.polarity)[1] if total and family else ()
        groups.append(Group(" – ".join(text for text in (heading, family) if text), made, texts))
    return groups


def _parts(count: CodeCount, polarity: bool) -> tuple[tuple[int, ...], tuple[str, ...], tuple[Fill, ...]]:  # noqa: FBT001
    """Give the parts of a count's bar, its texts and its fills."""
    texts = (f"{count.studies:,}", f"{percent(count.share)}%")
    if not polarity:
        return (count.studies,), texts, (Fill(PLAIN),)
    return count.ways, (*texts, *(f"{number:,}" for number in count.ways)), WAYS


def _years(evidence: Evidence) -> Picture:
    found = {row.value: row.studies for row in evidence.descriptives if row.name == "year"}
    counts = spans({int(value): count for value, count in found.items() if value})
    unknown = found.get("", 0)
    notes = ["Year of publication. Years without a study are shown as 0."]
    if counts and "-" in counts[0][0]:
        notes = ["Year of publication, several years a column. Columns without a study are shown as 0."]
    counted = f"Studies, n = {len(evidence.studies):,}; year not found: {unknown:,}."
    return framed("Studies by year of publication", counted, columns(counts, unknown), notes)


def _attribute(evidence: Evidence, attribute: StudyAttribute) -> Picture:
    """Draw the studies by value: the most frequent values, all others together, and where none was found."""
    found = [
        {_shown_value(attribute, a.value) for a in study.attributes if a.name == attribute.name}
        for study in evidence.studies
    ]
    counts = Counter(value for values in found for value in values)
    ranked = sorted(counts, key=lambda value: (-counts[value], value))
    top = ranked if len(ranked) <= MOST_VALUES + 1 else ranked[:MOST_VALUES]
    rest = frozenset(ranked[len(top) :])
    studies = len(found)
    made = [_value(value, counts[value], studies, Fill(PLAIN)) for value in top]
    if rest:
        made.append(_value(f"{len(rest)} other values", sum(not rest.isdisjoint(v) for v in found), studies, OTHERS))
    missing = sum(not values for values in found)
    made.append(_value(NOT_FOUND, missing, studies, UNKNOWN))
    body = bars([Group("", tuple(made))], _STUDIES, "Number of studies")
    several = any(len(values) > 1 for values in found)
    notes = ["Share: of all studies." + (" A study may have several values." if several else "")]
    title = f"{attribute.title}: number of studies"
    return framed(title, f"Studies, n = {studies:,}; not found in {missing:,}.", body, notes)


def _shown_value(attribute: StudyAttribute, value: str) -> str:
    """Give the value; of amounts such as `31 interviews` what there were so many of, or no two studies were alike."""
    return _NUMBER.sub("", value) or value if attribute.kind == "data" else value


def _value(name: str, studies: int, all_studies: int, fill: Fill) -> Bar:
    share = studies / all_studies if all_studies else 0.0
    return Bar(name, (studies,), (f"{studies:,}", f"{percent(share)}%"), (fill,))
