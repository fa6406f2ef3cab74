"""Dimensions crossed: the evidence map, and the matrices of two dimensions."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from evitable.codebook import Codebook
from evitable.records import Coding, EvidenceRow, MapCell, Matrix

PassageCodes = Mapping[str, set[str]]
"""Codes of one passage, by dimension."""


def codes_of_passages(codings: Iterable[Coding]) -> tuple[PassageCodes, ...]:
    """Give the codes of each passage that has any, by dimension."""
    passages: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for coding in codings:
        passages[coding.passage_id][coding.dimension].add(coding.code)
    return tuple(passages.values())


def evidence_map(
    studies: Sequence[EvidenceRow], passages: Sequence[PassageCodes], codebook: Codebook
) -> tuple[tuple[str, ...], tuple[MapCell, ...]]:
    """Cross all mapped dimensions.

    Args:
        studies: Rows of the study table, in order.
        passages: Codes of their passages, of the codings that the study table counts.
        codebook: Gives the dimensions and their codes.

    Returns:
        The mapped dimensions, and a cell for every combination of their codes.
    """
    names = mapped(codebook)
    return names, cross(studies, passages, codebook, names)


def matrices(
    studies: Sequence[EvidenceRow], passages: Sequence[PassageCodes], codebook: Codebook
) -> tuple[Matrix, ...]:
    """Cross the mapped dimensions two by two; the one with more codes runs down."""
    found = []
    for pair in itertools.combinations(mapped(codebook), 2):
        across, down = sorted(pair, key=lambda name: len(codebook.codes_of(name)))
        found.append(Matrix(dimensions=(down, across), cells=cross(studies, passages, codebook, (down, across))))
    return tuple(found)


def mapped(codebook: Codebook) -> tuple[str, ...]:
    """Name the dimensions that span the map."""
    return tuple(dimension.name for dimension in codebook.dimension if dimension.mapped)


def cross(
    studies: Sequence[EvidenceRow], passages: Sequence[PassageCodes], codebook: Codebook, names: Sequence[str]
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
    # A passage without a code of one of the dimensions has no combination.
    counts = Counter(
        codes for given in passages for codes in itertools.product(*(given.get(name, ()) for name in names))
    )
    return tuple(
        MapCell(codes=codes, studies=len(ids[codes]), passages=counts[codes], study_ids=tuple(ids[codes]))
        for codes in itertools.product(*axes)
    )
