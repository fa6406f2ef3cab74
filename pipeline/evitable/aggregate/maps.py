"""Dimensions crossed: the evidence map, and the matrices of two dimensions."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Sequence

from evitable.codebook import Codebook
from evitable.records import Coding, EvidenceRow, MapCell, Matrix


def evidence_map(
    studies: Sequence[EvidenceRow], codings: Sequence[Coding], codebook: Codebook
) -> tuple[tuple[str, ...], tuple[MapCell, ...]]:
    """Cross all mapped dimensions.

    Args:
        studies: Rows of the study table, in order.
        codings: The codings that the study table counts.
        codebook: Gives the dimensions and their codes.

    Returns:
        The mapped dimensions, and a cell for every combination of their codes.
    """
    names = mapped(codebook)
    return names, cross(studies, codings, codebook, names)


def matrices(studies: Sequence[EvidenceRow], codings: Sequence[Coding], codebook: Codebook) -> tuple[Matrix, ...]:
    """Cross the mapped dimensions two by two; the one with more codes runs down."""
    found = []
    for pair in itertools.combinations(mapped(codebook), 2):
        across, down = sorted(pair, key=lambda name: len(codebook.codes_of(name)))
        found.append(Matrix(dimensions=(down, across), cells=cross(studies, codings, codebook, (down, across))))
    return tuple(found)


def mapped(codebook: Codebook) -> tuple[str, ...]:
    """Name the dimensions that span the map."""
    return tuple(dimension.name for dimension in codebook.dimension if dimension.mapped)


def cross(
    studies: Sequence[EvidenceRow], codings: Sequence[Coding], codebook: Codebook, names: Sequence[str]
) -> tuple[MapCell, ...]:
    """Give a cell for each combination of one code of each dimension, also the empty ones; none for no dimension."""
    if not names:
        return ()
    axes = [[code.name for code in codebook.codes_of(name)] for name in names]
    ids: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for study in studies:
        carried = {cell.code for cell in study.cells}
        for codes in itertools.product(*([code for code in axis if code in carried] for axis in axes)):
            ids[codes].append(study.study_id)
    passages = _passages(codings, names)
    return tuple(
        MapCell(codes=codes, studies=len(ids[codes]), passages=passages[codes], study_ids=tuple(ids[codes]))
        for codes in itertools.product(*axes)
    )


def _passages(codings: Sequence[Coding], names: Sequence[str]) -> Counter[tuple[str, ...]]:
    """Count passages that carry one code of each dimension at once."""
    places = {name: index for index, name in enumerate(names)}
    carried: dict[str, tuple[set[str], ...]] = {}
    for coding in codings:
        if coding.dimension in places:
            sets = carried.setdefault(coding.passage_id, tuple(set() for _ in names))
            sets[places[coding.dimension]].add(coding.code)
    return Counter(codes for sets in carried.values() for codes in itertools.product(*sets))
