"""The tables to one Excel workbook."""

from __future__ import annotations

import datetime
import io
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from evitable.decide.sheet_entries import DECISIONS, POLARITIES
from evitable.decide.sheets import EXPORT_SHEET, FORMAT
from evitable.export.clean import clean_text, first_units
from evitable.export.files import WORKBOOK
from evitable.export.read_me import read_me_rows
from evitable.export.review import Files, Review
from evitable.export.tables import Lookup, Table, Value, coder_tables, look_up, tables_of
from evitable.export.tables.changes import listed_cells
from evitable.export.workbook.links import table_links
from evitable.export.workbook.look import (
    HIGH,
    LOW,
    Formats,
    header_formats,
    header_texts,
    height,
    make_formats,
)
from evitable.export.workbook.rows import RowMaker
from evitable.export.workbook.sheet import MAX_LINKS, MAX_ROWS, Link, Links, RowSheet, no_links, put_together, up_to

UNCHANGED = 5_000
"""Unchanged cells at most on the sheet Changes; if there are more they are all left out. `changes.csv` has them."""
LISTS = "Lists"
"""Hidden sheet: what may be chosen."""
_FIXED_DATE = datetime.datetime(2000, 1, 1)  # noqa: DTZ001 - the workbook format has no zones; fixed for equal bytes
_PAGE_WIDTH = 230
"""Characters of column width that stay readable across one printed page."""
_HEAD_WIDTH = 150
"""Characters of a line above the headings: what a screen shows beside each other."""
_PROPERTY_LIMIT = 255
_TABS = {"read me": "#1F4E5F", "entry": "#C98A00", "evidence": "#3B8EA5", "about": "#8A8A8A"}
_A4 = 9


def workbook(review: Review) -> Files:
    """Write `evidence.xlsx`.

    Every cell is text or a number; no text is ever a formula. Rows are made when the file is put together.

    Yields:
        The workbook's name and bytes. Equal reviews give equal bytes; empty evidence gives sheets without rows.
    """
    frame = io.BytesIO()
    book = xlsxwriter.Workbook(frame, {"in_memory": True})
    _write(book, review)
    book.close()
    yield WORKBOOK, put_together(frame.getvalue(), book.worksheets())


def _write(book: Any, review: Review) -> None:
    formats, entries = make_formats(book)
    lookup = look_up(review.evidence, review.codebook, review.run.papers)
    coders = coder_tables(lookup, review.agreement, review.disagreements)
    tables = tables_of(lookup, review.changes, coders, unchanged=UNCHANGED)
    changed = listed_cells(review.changes, UNCHANGED) if review.changes else ()
    origin = _origin(review, tables)
    _properties(book, review, origin)
    links = table_links(lookup, {table.file: table for table in tables}, changed)
    _read_me(book, review, tables, formats)
    for table in tables:
        sheet = _sheet(book, table, up_to(MAX_LINKS, links.get(table.file, no_links)), formats)
        if any(column.entry for column in table.columns):
            _entries(sheet, table, entries)
    _lists(book, review, lookup, formats)
    _export(book, origin, formats)


def _properties(book: Any, review: Review, origin: Mapping[str, str]) -> None:
    """Say in the file itself what it was made from; a copy without its hidden sheet still tells."""
    title = first_units(clean_text(review.title), _PROPERTY_LIMIT)
    book.set_properties({"title": title, "comments": f"Evitable run {review.run.id}", "created": _FIXED_DATE})
    for name, value in origin.items():
        book.set_custom_property(f"evitable_{name}", value, "text")


def _origin(review: Review, tables: Sequence[Table]) -> dict[str, str]:
    """Say what the workbook was made from, and how many rows people may fill in, for when the sheet comes back."""
    entry_tables = [table for table in tables if any(column.entry for column in table.columns)]
    return {
        "format": str(FORMAT),
        "run": review.run.id,
        "codebook": review.run.codebook,
        "codebook_version": review.run.codebook_version,
        "title": first_units(clean_text(review.title), _PROPERTY_LIMIT),
        "rows": str(sum(table.count for table in entry_tables)),
    }


def _new_sheet(book: Any, name: str, colour: str) -> Any:
    sheet = book.add_worksheet(name, RowSheet)
    sheet.set_tab_color(_TABS[colour])
    sheet.set_landscape()
    sheet.set_paper(_A4)
    return sheet


def _sheet(book: Any, table: Table, links: Links, formats: Formats) -> Any:
    """Write a table to a sheet of its own."""
    entry = any(column.entry for column in table.columns)
    about = not table.file.startswith("evidence-")
    sheet = _new_sheet(book, table.sheet, "entry" if entry else "about" if about else "evidence")
    widths = [column.width for column in table.columns]
    for index, column in enumerate(table.columns):
        sheet.set_column(index, index, column.width, None, {"hidden": column.hidden})
    heads = header_texts(table)
    sheet.top = _head(sheet, table, formats)
    sheet.write_line(
        sheet.top, height(heads, [int(width * 0.8) for width in widths]), heads, header_formats(table, formats)
    )
    rows = RowMaker(table, links, formats, sheet.top, _room(sheet))
    last = sheet.top + min(table.count, _room(sheet))
    sheet.write_blocks(last, len(table.columns), rows.blocks)
    sheet.links = links
    sheet.freeze_panes(sheet.top + 1, table.key_columns)
    sheet.autofilter(sheet.top, 0, max(sheet.top + 1, last), len(table.columns) - 1)
    if table.shaded and last:
        numbers = [index for index, column in enumerate(table.columns) if column.kind == "number"]
        scale = {"type": "2_color_scale", "min_color": LOW, "max_color": HIGH}
        sheet.conditional_format(1, numbers[0], last, numbers[-1], scale)
    _print_set_up(sheet, table, last)
    return sheet


def _head(sheet: Any, table: Table, formats: Formats) -> int:
    """Write the lines above the headings, and give the number of the headings' row."""
    lines = [part for line in table.head for part in textwrap.wrap(line, _HEAD_WIDTH, subsequent_indent="    ")]
    for number, line in enumerate(lines):
        sheet.write_line(number, 15.5 if number else 24, [line], [formats["plain" if number else "title"]])
    return len(lines)


def _room(sheet: Any) -> int:
    """Give how many rows a sheet takes below its headings."""
    return max(0, MAX_ROWS - 1 - int(sheet.top))


def _print_set_up(sheet: Any, table: Table, last: int) -> None:
    columns = table.place(table.printed) + 1 if table.printed else len(table.columns)
    sheet.print_area(0, 0, last, columns - 1)
    sheet.fit_to_pages(-(-sum(column.width for column in table.columns[:columns]) // _PAGE_WIDTH), 0)
    sheet.repeat_rows(sheet.top)
    sheet.repeat_columns(0, table.key_columns - 1)
    sheet.set_footer("&L&A&RPage &P of &N")


def _entries(sheet: Any, table: Table, entry_format: Any) -> None:
    """Let people choose decisions, codes and polarities from lists; what they paste is checked when it is read back."""
    for index, column in enumerate(table.columns):
        if column.entry:
            sheet.set_column(index, index, column.width, entry_format)
        if table.count and column.entry in ("decision", "code", "polarity"):
            choice = {
                "validate": "list",
                "source": f"=evitable_{column.entry}",
                "error_title": column.title,
                "error_message": "Please choose from the list, or leave the cell empty.",
            }
            sheet.data_validation(1, index, table.count, index, choice)


def _lists(book: Any, review: Review, lookup: Lookup, formats: Formats) -> None:
    """Write the hidden sheet of choices: a list inside a rule may have 255 characters only, so codes need a range."""
    codes = review.codebook.code
    columns: dict[str, list[str]] = {
        "decision": list(DECISIONS),
        "code": [lookup.titles[code.name] for code in codes],
        "polarity": list(POLARITIES),
        "code_name": [code.name for code in codes],
    }
    sheet = book.add_worksheet(LISTS, RowSheet)
    sheet.hide()
    looks = [formats["plain"]] * len(columns)
    sheet.write_line(0, 15, list(columns), looks)
    for number in range(max(map(len, columns.values()))):
        row: list[Value] = [values[number] if number < len(values) else None for values in columns.values()]
        sheet.write_line(number + 1, 15, row, looks)
    for index, (name, values) in enumerate(columns.items()):
        last = xl_rowcol_to_cell(len(values), index, row_abs=True, col_abs=True)
        first = xl_rowcol_to_cell(1, index, row_abs=True, col_abs=True)
        if name in ("decision", "code", "polarity"):
            book.define_name(f"evitable_{name}", f"={LISTS}!{first}:{last}")


def _export(book: Any, origin: Mapping[str, str], formats: Formats) -> None:
    """Write the sheet, hidden from Excel's own menu too, that says to `evitable import` what it reads."""
    sheet = book.add_worksheet(EXPORT_SHEET, RowSheet)
    sheet.very_hidden()
    looks = [formats["id"]] * 2
    for number, (name, value) in enumerate(origin.items()):
        sheet.write_line(number, 15, [name, value], looks)


def _read_me(book: Any, review: Review, tables: Sequence[Table], formats: Formats) -> None:
    """Write the first sheet: what to know, and a link to each sheet."""
    sheet = _new_sheet(book, "Read me", "read me")
    sheet.hide_gridlines(2)
    widths = [26, 110]
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width)
    (_, title), *texts = read_me_rows(review)
    sheet.write_line(0, 26, [title], [formats["title"]])
    links: dict[int, Mapping[int, Link]] = {}
    number = 2
    for row in texts:
        sheet.write_line(number, height(row, widths), row, [formats["key"], formats["text"]])
        number += 1
    number += 1
    for table in tables:
        row = (table.sheet, f"{table.meaning} {_counted(table)}")
        sheet.write_line(number, height(row, widths), row, [formats["link text"], formats["text"]])
        links[number] = {0: Link(f"'{table.sheet.replace(chr(39), chr(39) * 2)}'!A1")}
        number += 1
    sheet.links = lambda: (links.get(row, {}) for row in range(1, number))
    sheet.fit_to_pages(1, 1)


def _counted(table: Table) -> str:
    cut = f" The sheet holds the first {MAX_ROWS - 1:,} only." if table.count >= MAX_ROWS else ""
    return (f"{table.count:,} rows." if table.count != 1 else "1 row.") + cut
