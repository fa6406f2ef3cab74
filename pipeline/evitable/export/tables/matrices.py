"""Rectangles of numbers: studies by codes, dimensions by dimensions, and the map as a list."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from evitable.export.tables.lookup import Lookup
from evitable.export.tables.studies import group_of
from evitable.export.tables.table import Column, Row, Table, unused
from evitable.records import Cell, EvidenceRow, MapCell, Matrix


def study_matrices(lookup: Lookup) -> tuple[Table, Table]:
    """Build study by code, with 1 and 0, and with numbers of passages."""
    book, taken = lookup.codebook, {"study", "study_id"}
    columns = (
        Column("study", "Study", 20, "Short name of the study"),
        *(
            Column(
                unused(code.name, taken), lookup.titles[code.name], 12, code.definition, "number", group_of(code, book)
            )
            for code in book.code
        ),
        Column("study_id", "Study id", 19, "Stable id of the study"),
    )

    def matrix(sheet: str, file: str, meaning: str, value: Callable[[Cell], int]) -> Table:
        return Table(
            sheet,
            file,
            meaning,
            columns,
            len(lookup.evidence.studies),
            lambda: (_matrix_row(study, lookup, value) for study in lookup.evidence.studies),
            shaded=True,
        )

    return (
        matrix("Studies 0-1", "evidence-matrix", "Study by code: 1 where the study carries it, else 0.", lambda _: 1),
        matrix(
            "Studies counts",
            "evidence-matrix-counts",
            "Study by code: the number of passages that carry the code, 0 where the study does not carry it.",
            lambda cell: cell.passages,
        ),
    )


def _matrix_row(study: EvidenceRow, lookup: Lookup, value: Callable[[Cell], int]) -> Row:
    values = {cell.code: value(cell) for cell in study.cells}
    return (study.key, *(values.get(code.name, 0) for code in lookup.codebook.code), study.study_id)


def pair_matrices(lookup: Lookup) -> tuple[Table, ...]:
    """Build one rectangle for each two crossed dimensions: numbers of studies that carry both codes."""
    return tuple(_pair_matrix(matrix, lookup) for matrix in lookup.evidence.matrices)


def _pair_matrix(matrix: Matrix, lookup: Lookup) -> Table:
    down, across = (lookup.codebook.dimension_of(name) for name in matrix.dimensions)
    codes = lookup.codebook.codes_of(across.name)
    taken = {"code"}
    columns = (
        Column("code", down.title, 28, f"Code of {down.title}"),
        *(
            Column(
                unused(code.name, taken),
                lookup.titles[code.name],
                14,
                f"Studies that carry the row's code, and {lookup.titles[code.name]}",
                "number",
                across.title,
            )
            for code in codes
        ),
    )

    def rows() -> Iterator[Row]:
        cells = {cell.codes: cell.studies for cell in matrix.cells}
        for code in lookup.codebook.codes_of(down.name):
            yield (lookup.titles[code.name], *(cells[code.name, other.name] for other in codes))

    return Table(
        f"{down.title} by {across.title}",
        f"evidence-matrix-{down.name}-{across.name}",
        "Studies that carry the codes of row and column, anywhere in the paper; 0: no study by the rule.",
        columns,
        len(lookup.codebook.codes_of(down.name)),
        rows,
        shaded=True,
    )


def pair_rows(lookup: Lookup) -> Table:
    """Build the crossed dimensions as a list: one row a pair of codes, with passages and studies."""
    columns = (
        Column("dimension", "Dimension", 14, "Dimension of the first code"),
        Column("code", "Code", 26, "The first code"),
        Column("by_dimension", "By dimension", 14, "Dimension of the second code"),
        Column("by_code", "By code", 26, "The second code"),
        *_count_columns("both codes"),
    )

    def rows() -> Iterator[Row]:
        for matrix in lookup.evidence.matrices:
            down, across = (lookup.codebook.dimension_of(name).title for name in matrix.dimensions)
            for cell in matrix.cells:
                first, second = (lookup.titles[code] for code in cell.codes)
                yield (down, first, across, second, *_counts(cell, lookup))

    return Table(
        "Pairs",
        "evidence-pairs",
        "One row per pair of codes of two dimensions, with the studies that carry both; 0: no study by the rule.",
        columns,
        sum(len(matrix.cells) for matrix in lookup.evidence.matrices),
        rows,
        key_columns=4,
    )


def map_rows(lookup: Lookup) -> Table:
    """Build the evidence map as a list: one row for each combination of codes, the empty ones too."""
    dimensions = [lookup.codebook.dimension_of(name) for name in lookup.evidence.map_dimensions]
    taken = {"studies", "passages", "study_list"}
    columns = (
        *(Column(unused(d.name, taken), d.title, 26, f"Code of {d.title}") for d in dimensions),
        *_count_columns("all of these codes"),
    )
    return Table(
        "Map",
        "evidence-map",
        "One row per combination of codes, one of each mapped dimension; 0: no study by the rule.",
        columns,
        len(lookup.evidence.map),
        lambda: (
            (*(lookup.titles[code] for code in cell.codes), *_counts(cell, lookup)) for cell in lookup.evidence.map
        ),
        max(1, len(dimensions)),
    )


def _count_columns(codes: str) -> tuple[Column, ...]:
    return (
        Column("studies", "Studies", 9, f"Studies that carry {codes}, anywhere in the paper", "number"),
        Column("passages", "Passages", 10, f"Passages that carry {codes} at once", "number"),
        Column("study_list", "In studies", 80, "The studies"),
    )


def _counts(cell: MapCell, lookup: Lookup) -> Row:
    return (cell.studies, cell.passages, "; ".join(lookup.keys[name] for name in cell.study_ids))
