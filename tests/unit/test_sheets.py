"""Spreadsheets that come back: what is read of them, and what is refused in plain words."""

from __future__ import annotations

import csv
import datetime
import io
import zipfile
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest

from evitable.decide import sheet_parts, sheets
from evitable.decide.sheets import COLUMNS, EXPORT_SHEET, read_sheets
from evitable.errors import UserError
from evitable.export.tables.codings import queue_rows
from evitable.export.tables.lookup import look_up
from evitable.export.workbook import workbook
from support.review import small_review

HEADINGS = ("Study", "Code", "Decision", "New code", "New polarity", "Note", "Coding id", "Revision")
ROWS = (
    ("Ada 2020", "Group", "accept", "", "", "=1+1 stays text", "eaaa", "none"),
    ("Ben 2021", "Time", "change", "Group", "hinders", "", "ebbb", "dxxx dyyy"),
)


def xlsx(rows: Sequence[Sequence[Any]], sheet: str = "To verify", **others: Sequence[Sequence[Any]]) -> bytes:
    book = openpyxl.Workbook()
    for name, lines in {sheet: rows, **others}.items():
        made = book.create_sheet(name)
        for line in lines:
            made.append([f"'{value}" if str(value).startswith("=") else value for value in line])
    book.remove(book.worksheets[0])
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def text(rows: Sequence[Sequence[str]], sign: str = ",") -> str:
    made = io.StringIO(newline="")
    csv.writer(made, delimiter=sign).writerows(rows)
    return made.getvalue()


def cells(contents: bytes) -> list[dict[str, str]]:
    return [{name: value for name, value in row.cells.items() if value} for row in read_sheets(contents).rows]


EXPECTED = [
    {"study": "Ada 2020", "code": "Group", "decision": "accept", "note": "=1+1 stays text", "coding id": "eaaa"}
    | {"revision": "none"},
    {"study": "Ben 2021", "code": "Time", "decision": "change", "new code": "Group", "new polarity": "hinders"}
    | {"coding id": "ebbb", "revision": "dxxx dyyy"},
]


def refused(contents: bytes) -> str:
    with pytest.raises(UserError) as error:
        read_sheets(contents)
    assert error.value.hint
    return error.value.message


def test_headings_are_the_exported_ones_and_their_names_in_files():
    lookup = look_up(small_review().evidence, small_review().codebook)
    columns = {sheets.plain(column.title): column for column in queue_rows(lookup).columns}
    assert set(COLUMNS) <= set(columns)
    assert all(sheets.plain(columns[name].name) == name for name in COLUMNS)


def test_the_workbook_that_we_export_is_read_with_all_rows_and_where_it_comes_from():
    review = small_review()
    contents = b"".join(data for _, data in workbook(review))
    found = read_sheets(contents)
    assert found.origin["title"] == review.title
    assert found.origin["codebook_version"] == review.run.codebook_version
    assert int(found.origin["rows"]) == len(found.rows) > 3
    assert {row.sheet for row in found.rows} == {"To verify"}
    assert [row.number for row in found.rows] == list(range(2, len(found.rows) + 2))
    assert all(row["coding id"].startswith("e") and row["revision"] == "none" for row in found.rows)


def test_a_workbook_may_have_other_headings_case_order_columns_and_sheet_names():
    order = (6, 2, 0, 1, 3, 4, 5, 7)
    lines = [["My rank", *(line[place] for place in order)] for line in (HEADINGS, *ROWS)]
    lines[0] = [str(name).upper().replace(" ", "_") for name in lines[0]]
    assert cells(xlsx(lines, sheet="Ada's own")) == EXPECTED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_csv_is_read_in_any_usual_encoding_and_with_any_usual_sign_between_cells(encoding: str, sign: str):
    rows = [(*ROWS[0][:5], "Schön – wörtlich; mit, \t\n„Zeichen“", *ROWS[0][6:]), ROWS[1]]
    found = cells(text([HEADINGS, *rows], sign).encode(encoding))
    assert found[0]["note"] == "Schön – wörtlich; mit, \t\n„Zeichen“"
    assert found[1] == EXPECTED[1]


def test_the_apostrophe_of_our_own_csv_is_taken_off_and_others_stay():
    notes = ["'=1+1", "'-5 to +5", "'tis", "'’=x"]
    lines = [(*ROWS[0][:5], note, *ROWS[0][6:]) for note in notes]
    found = cells(text([HEADINGS, *lines]).encode())
    assert [one["note"] for one in found] == ["=1+1", "-5 to +5", "'tis", "'’=x"]


def test_numbers_truth_values_and_dates_become_plain_text():
    notes = [3, 3.0, 2.5, True, datetime.date(2024, 5, 1), None]
    found = read_sheets(xlsx([HEADINGS, *((*ROWS[0][:5], note, *ROWS[0][6:]) for note in notes)])).rows
    assert [row["note"] for row in found] == ["3", "3", "2.5", "TRUE", "2024-05-01", ""]


def test_rows_keep_the_numbers_that_a_spreadsheet_shows_and_empty_ones_are_left_out():
    lines = [("To verify, printed for Ada",), (), HEADINGS, ROWS[0], (), ("", "", " "), ROWS[1]]
    assert [row.number for row in read_sheets(xlsx(lines)).rows] == [4, 7]
    blank = ["", "", "", "", "", "", "", ""]
    assert [row.number for row in read_sheets(text([blank, HEADINGS, blank, ROWS[1]]).encode()).rows] == [4]


def test_a_sheet_that_was_copied_counts_as_well():
    contents = xlsx([HEADINGS, ROWS[0]], other=[HEADINGS, ROWS[1]], remarks=[("Decision",), ("none",)])
    assert [(row.sheet, row["coding id"]) for row in read_sheets(contents).rows] == [
        ("To verify", "eaaa"),
        ("other", "ebbb"),
    ]


def test_where_a_workbook_comes_from_is_read_from_its_hidden_sheet():
    contents = xlsx([HEADINGS, ROWS[0]], **{EXPORT_SHEET: [("format", 2), ("title", "Birds")]})
    assert read_sheets(contents).origin == {"format": "2", "title": "Birds"}
    assert read_sheets(xlsx([HEADINGS])).rows == ()


def test_columns_that_are_missing_are_named():
    contents = text([("Decision", "Coding id"), ("accept", "eaaa")]).encode()
    assert refused(contents).endswith("revision not found.")
    assert "coding id, revision, decision not found" in refused(xlsx([("Study", "Quote"), ("a", "b")]))


def test_two_columns_of_one_heading_are_refused():
    assert "two columns with the heading note" in refused(xlsx([(*HEADINGS, "NOTE"), (*ROWS[0], "mine")]))


def packed(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), part)
    return file.getvalue()


@pytest.mark.parametrize(
    ("contents", "words"),
    [
        (b"", "neither a spreadsheet nor text"),
        (b"%PDF-1.7\n%\1\2\3\x81", "neither a spreadsheet nor text"),
        (b"a,b\n1,2\n", "not found"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Excel format"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "protected by a password",
        ),
        (b"PK\x03\x04 and no more", "damaged"),
        (packed(word__document_dot_xml=b"<w/>"), "no spreadsheet"),
        (packed(xl__workbook_dot_xml=b"<workbook"), "damaged"),
        (
            packed(content_dot_xml=b"x", **{"META-INF__manifest_dot_xml": b"<manifest:encryption-data/>"}),
            "protected by a password",
        ),
    ],
)
def test_what_is_no_spreadsheet_is_refused_in_plain_words(contents: bytes, words: str):
    assert words in refused(contents)


def test_a_damaged_workbook_is_refused():
    contents = xlsx([HEADINGS, *ROWS])
    assert "damaged" in refused(contents[: len(contents) // 2])
    assert "damaged" in refused(contents[:200] + b"\xff" * 200 + contents[400:])


def test_what_is_too_large_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch):
    contents = xlsx([HEADINGS, *ROWS])
    monkeypatch.setattr(sheets, "MAX_BYTES", len(contents) - 1)
    assert "too large" in refused(contents)
    monkeypatch.setattr(sheets, "MAX_BYTES", len(contents))
    monkeypatch.setattr(sheet_parts, "MAX_UNPACKED", len(contents))
    assert "too large when it is unpacked" in refused(contents)


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sheet_parts, "MAX_UNPACKED", 19_000_000)
    assert "too large when it is unpacked" in refused(packed_bomb(20_000_000))


def packed_bomb(size: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(size // 10_000_000):
                part.write(b" " * 10_000_000)
    return file.getvalue()


def test_a_bomb_that_states_a_small_size_is_refused():
    data = bytearray(packed_bomb(20_000_000))
    data = data.replace((20_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert "damaged" in refused(bytes(data))


def test_two_far_cells_do_not_make_a_huge_table():
    book = openpyxl.load_workbook(io.BytesIO(xlsx([HEADINGS, *ROWS])))
    book.worksheets[0]["XFD1048576"] = "far"
    contents = saved(book)
    assert "too large when it is unpacked" in refused(contents)
    for hidden in (b"r = 'xfd1048576'", b"""other='>' r="XFD1048576\""""):
        assert "too large when it is unpacked" in refused(rewritten(contents, b'r="XFD1048576"', hidden))


def test_parts_that_are_not_what_they_are_called_are_refused_and_empty_ones_are_not():
    contents = xlsx([HEADINGS, *ROWS])
    assert cells(with_part(contents, "docProps/empty.xml", b"")) == EXPECTED
    for name, part in (
        ("xl/media/image1.png", b"<worksheet><sheetData/></worksheet>"),
        ("xl/other.xml", b"<a><b></a>"),
        ("xl/other.xml", b'<!DOCTYPE a [<!ENTITY b "bbbbb">]><a>&b;</a>'),
    ):
        assert "cannot be unpacked" in refused(with_part(contents, name, part))


def with_part(contents: bytes, name: str, part: bytes) -> bytes:
    """Give a workbook with one more part."""
    file = io.BytesIO(contents)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(name, part)
    return file.getvalue()


def rewritten(contents: bytes, old: bytes, new: bytes) -> bytes:
    """Give a workbook with other text in its parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(contents)) as read, zipfile.ZipFile(file, "w") as made:
        for name in read.namelist():
            made.writestr(name, read.read(name).replace(old, new))
    return file.getvalue()


def ods(rows: str) -> bytes:
    """Make a spreadsheet of LibreOffice with these rows."""
    names = ("office", "table", "text")
    spaces = "".join(f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    content = (
        f"<office:document-content{spaces}><office:body><office:spreadsheet><table:table table:name='a'>{rows}"
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return file.getvalue()


def ods_row(*texts: str, times: int = 1, each: int = 1) -> str:
    cells = "".join(
        f'<table:table-cell table:number-columns-repeated="{each}" office:value-type="string"><text:p>{text}</text:p>'
        "</table:table-cell>"
        for text in texts
    )
    return f'<table:table-row table:number-rows-repeated="{times}">{cells}</table:table-row>'


def test_what_libreoffice_repeats_is_read_if_it_is_empty_and_refused_if_it_fills_a_machine():
    empty = (
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>'
    )
    lines = ods_row(*HEADINGS) + ods_row(*ROWS[0])
    assert cells(ods(lines + empty))[0]["coding id"] == "eaaa"
    for more in (ods_row("x", times=1_048_000, each=16_384), empty + ods_row("x", each=16_384)):
        assert "too large when it is unpacked" in refused(ods(lines + more))


def test_more_rows_than_are_read_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sheets, "MAX_ROWS", 3)
    assert len(read_sheets(text([HEADINGS, *ROWS]).encode()).rows) == 2
    for contents in (text([HEADINGS, *ROWS, *ROWS]).encode(), xlsx([HEADINGS, *ROWS, *ROWS])):
        assert "too large" in refused(contents)
