"""Where the cells of the tables lead to: numbers to their cells, cells to their quotes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

from xlsxwriter.utility import xl_col_to_name

from evitable.export.tables import Lookup, Table
from evitable.export.tables.studies import first_code_column
from evitable.export.tables.synthesis import QUOTES, synthesis_order
from evitable.export.workbook.sheet import Link, Links, RowLinks
from evitable.records import CellChange, Matrix


def table_links(lookup: Lookup, tables: Mapping[str, Table], changed: Sequence[CellChange] = ()) -> dict[str, Links]:
    """Give the links of each table that has any.

    Args:
        lookup: The evidence.
        tables: All tables of the workbook, by file.
        changed: The cells that the sheet Changes lists, in order.

    Returns:
        By file of the table. Coded cells of Studies, and pages of Cells, Changes and Synthesis, lead to the quote's row
        in Evidence; numbers of the matrices lead to the row that names the quote or the studies. Quotes are no links,
        for some programs do not wrap a link's text.
    """
    quotes, cells = _column(tables["evidence-list"], "quote"), tables["evidence-cells"]
    numbers, pairs = _column(cells, "passages"), _column(tables["evidence-pairs"], "study_list")
    links: dict[str, Links] = {
        "evidence-studies": lambda: _study_links(lookup, quotes),
        "evidence-cells": lambda: _cell_links(lookup, quotes, cells.place("page")),
        "evidence-synthesis": lambda: _synthesis_links(lookup, quotes, tables["evidence-synthesis"].place("source_1")),
        "evidence-matrix": lambda: _matrix_links(lookup, numbers),
        "evidence-matrix-counts": lambda: _matrix_links(lookup, numbers),
    }
    if changed:
        links["changes"] = lambda: _change_links(lookup, changed, quotes, tables["changes"].place("page_now"))
    row = 0
    for matrix in lookup.evidence.matrices:
        name = "-".join(matrix.dimensions)
        links[f"evidence-matrix-{name}"] = _pair_links(matrix, lookup, pairs, row)
        row += len(matrix.cells)
    return links


def _column(table: Table, column: str) -> str:
    """Name a column of a table, as the beginning of a link's target."""
    name = table.sheet.replace("'", "''")
    return f"'{name}'!{xl_col_to_name(table.place(column))}"


def _at(column: str, row: int) -> str:
    """Name a cell by its column and its row, from 0, as a link's target."""
    return f"{column}{row + 2}"


def _quote(name: str, lookup: Lookup, quotes: str, *, tip: bool = False) -> Link:
    """Link to the quote of a coding."""
    return Link(_at(quotes, lookup.rows[name]), lookup.codings[name].quote if tip else "")


def _study_links(lookup: Lookup, quotes: str) -> Iterator[RowLinks]:
    first = first_code_column(lookup)
    places = {code.name: first + index for index, code in enumerate(lookup.codebook.code)}
    for study in lookup.evidence.studies:
        yield {places[cell.code]: _quote(cell.strongest, lookup, quotes, tip=True) for cell in study.cells}


def _cell_links(lookup: Lookup, quotes: str, column: int) -> Iterator[RowLinks]:
    for study in lookup.evidence.studies:
        for cell in study.cells:
            yield {column: _quote(cell.strongest, lookup, quotes)}


def _synthesis_links(lookup: Lookup, quotes: str, first: int) -> Iterator[RowLinks]:
    for count in synthesis_order(lookup):
        yield {first + 2 * index: _quote(name, lookup, quotes) for index, name in enumerate(count.quotes[:QUOTES])}


def _change_links(lookup: Lookup, changed: Sequence[CellChange], quotes: str, column: int) -> Iterator[RowLinks]:
    strongest = {
        (study.study_id, cell.code): cell.strongest for study in lookup.evidence.studies for cell in study.cells
    }
    for cell in changed:
        name = strongest.get((cell.study_id, cell.code))
        yield {column: _quote(name, lookup, quotes)} if name else {}


def _matrix_links(lookup: Lookup, numbers: str) -> Iterator[RowLinks]:
    places = {code.name: 1 + index for index, code in enumerate(lookup.codebook.code)}
    rows = itertools.count()
    for study in lookup.evidence.studies:
        yield {places[cell.code]: Link(_at(numbers, next(rows))) for cell in study.cells}


def _pair_links(matrix: Matrix, lookup: Lookup, pairs: str, first: int) -> Links:
    across = len(lookup.codebook.codes_of(matrix.dimensions[1]))

    def links() -> Iterator[RowLinks]:
        for start in range(0, len(matrix.cells), across):
            yield {
                1 + index: Link(_at(pairs, first + start + index))
                for index, cell in enumerate(matrix.cells[start : start + across])
                if cell.studies
            }

    return links
