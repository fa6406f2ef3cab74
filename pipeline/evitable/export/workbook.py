"""The workbook: one sheet per table, links from each coded cell to its quote."""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from evitable.codebook import Codebook
from evitable.export.clean import sheet_text
from evitable.export.read_me import read_me_rows
from evitable.export.tables import Table, codebook_table, data_dictionary, evidence_tables
from evitable.records import Evidence, RunIdentity

_FIXED_DATE = datetime.datetime(2000, 1, 1)  # noqa: DTZ001 - the workbook format has no zones; fixed for equal bytes
_MAX_LINKS = 65_000
"""Links that a sheet may hold; beyond 65,530 Excel drops cells, so that further cells stay plain text."""
_TIP_LENGTH = 250
_LINE_HEIGHT = 13.5
_MAX_HEIGHT = 400
_PAGE_WIDTH = 230
"""Characters of column width that stay readable across one printed page."""
_HEADER_COLOUR = "#1F4E5F"
_LINK_COLOUR = "#0B5563"
_STRIPE = "#F3F7F8"
_RULE = "#D5DEE1"

Link = tuple[str, str]
"""Target inside the workbook, and the text shown when pointing at it."""


def workbook_bytes(evidence: Evidence, codebook: Codebook, run: RunIdentity, title: str) -> bytes:
    """Write the workbook; equal input gives equal bytes.

    Args:
        evidence: The tables.
        codebook: Titles and definitions.
        run: Printed on the read-me sheet.
        title: Name of the review.

    Returns:
        The bytes of an .xlsx file. Every cell is text or a number; no text is ever a formula.
    """
    tables = evidence_tables(evidence, codebook)
    everything = (*tables, codebook_table(codebook))
    buffer = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"title": title, "comments": f"Evitable run {run.id}", "created": _FIXED_DATE})
    formats = _formats(book)
    sheets = (*everything, data_dictionary(everything))
    _read_me(book, formats, read_me_rows(evidence, codebook, run, title), sheets)
    links = _links(evidence, tables[0], tables[1])
    for table in sheets:
        _sheet(book, formats, table, links.get(table.sheet, {}))
    book.close()
    return buffer.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    plain = {"valign": "top", "font_name": "Calibri", "font_size": 10}
    base = {**plain, "bottom": 1, "bottom_color": _RULE}
    return {
        "header": book.add_format(
            {**base, "bold": True, "font_color": "white", "bg_color": _HEADER_COLOUR, "text_wrap": True, "border": 1}
        ),
        "text": book.add_format({**base, "text_wrap": True}),
        "number": book.add_format({**base, "align": "center"}),
        "share": book.add_format({**base, "align": "center", "num_format": "0%"}),
        "link": book.add_format({**base, "font_color": _LINK_COLOUR, "underline": 1, "text_wrap": True}),
        "title": book.add_format({**plain, "bold": True, "font_size": 16, "font_color": _HEADER_COLOUR}),
        "key": book.add_format({**base, "bold": True, "bg_color": _STRIPE}),
    }


def _read_me(book: Any, formats: dict[str, Any], rows: Sequence[tuple[str, str]], tables: Sequence[Table]) -> None:
    sheet = book.add_worksheet("Read me")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 110)
    sheet.write_string(0, 0, sheet_text(rows[0][1]), formats["title"])
    for number, (key, text) in enumerate(rows[1:], start=2):
        sheet.set_row(number, _height([(text, 110)]))
        sheet.write_string(number, 0, sheet_text(key), formats["key"])
        sheet.write_string(number, 1, sheet_text(text), formats["text"])
    start = len(rows) + 2
    for number, table in enumerate(tables, start=start):
        sheet.write_url(number, 0, f"internal:'{table.sheet}'!A1", formats["link"], string=table.sheet)
        sheet.write_string(number, 1, f"{table.meaning} {len(table.rows)} rows.", formats["text"])
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _links(evidence: Evidence, studies: Table, quoted: Table) -> Mapping[str, Mapping[tuple[int, int], Link]]:
    """Give the links of the study table: from each coded cell to its strongest quote in the evidence list."""
    rows = {coding.id: number for number, coding in enumerate(evidence.codings, start=1)}
    quotes = {coding.id: coding.quote for coding in evidence.codings}
    columns = {column.name: index for index, column in enumerate(studies.columns)}
    quote_column = next(index for index, column in enumerate(quoted.columns) if column.name == "quote")
    letter = xl_col_to_name(quote_column)
    links: dict[tuple[int, int], Link] = {}
    for number, study in enumerate(evidence.studies, start=1):
        for cell in study.cells:
            if len(links) < _MAX_LINKS:
                target = f"internal:'{quoted.sheet}'!{letter}{rows[cell.strongest] + 1}"
                links[number, columns[cell.code]] = (target, quotes[cell.strongest])
    return {studies.sheet: links}


def _sheet(book: Any, formats: dict[str, Any], table: Table, links: Mapping[tuple[int, int], Link]) -> None:
    sheet = book.add_worksheet(table.sheet)
    for index, column in enumerate(table.columns):
        sheet.set_column(index, index, column.width)
    sheet.set_row(0, 32)
    for index, column in enumerate(table.columns):
        sheet.write_string(0, index, sheet_text(column.title), formats["header"])
    for number, row in enumerate(table.rows, start=1):
        sheet.set_row(
            number, _height([(str(value), column.width) for value, column in zip(row, table.columns, strict=True)])
        )
        for index, value in enumerate(row):
            _cell(sheet, (number, index), value, formats, table.columns[index].kind, links.get((number, index)))
    sheet.freeze_panes(1, table.key_columns)
    sheet.autofilter(0, 0, max(1, len(table.rows)), len(table.columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(-(-sum(column.width for column in table.columns) // _PAGE_WIDTH), 0)
    sheet.repeat_rows(0)
    sheet.repeat_columns(0, table.key_columns - 1)
    sheet.set_footer("&L&A&RPage &P of &N")


def _height(cells: Sequence[tuple[str, int]]) -> float:
    """Give a row's height in points: converted and printed files do not fit wrapped text by themselves."""
    lines = max(
        sum(-(-max(1, len(part)) // max(1, int(width * 1.15))) for part in text.split("\n")) for text, width in cells
    )
    return float(min(_MAX_HEIGHT, _LINE_HEIGHT * lines + 2))


def _cell(
    sheet: Any, place: tuple[int, int], value: str | float | None, formats: dict[str, Any], kind: str, link: Link | None
) -> None:
    if value is None or value == "":
        sheet.write_blank(*place, None, formats["text"])
    elif link is not None:
        tip = sheet_text(link[1])
        sheet.write_url(
            *place,
            link[0],
            formats["link"],
            string=sheet_text(str(value)),
            tip=tip if len(tip) <= _TIP_LENGTH else tip[: _TIP_LENGTH - 1] + "…",
        )
    elif isinstance(value, str):
        sheet.write_string(*place, sheet_text(value), formats["text"])
    else:
        sheet.write_number(*place, value, formats["share" if kind == "share" else "number"])
