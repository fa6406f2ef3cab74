"""Rows that are written by columns are those that are written cell by cell."""

import re
from xml.etree import ElementTree

from hypothesis import example, given, settings
from hypothesis import strategies as st

from evitable.export.clean import sheet_text
from evitable.export.tables import Column, Table
from evitable.export.workbook.look import height
from evitable.export.workbook.rows import RowMaker
from evitable.export.workbook.sheet import Link, letters, text_cell

COLUMNS = (
    Column("a", "A", 9, "", "text"),
    Column("n", "N", 5, "", "number"),
    Column("b", "B", 20, "", "text", entry="note"),
    Column("s", "S", 5, "", "share"),
)
WIDTHS = [column.width for column in COLUMNS]
NAMES = (
    "grey first",
    "grey text",
    "grey number",
    "grey share",
    "entry",
    "link text",
    "link number",
    "first",
    "text",
    "number",
)
FORMATS = {name: number for number, name in enumerate(NAMES)}
ODD = st.sampled_from(
    ["", " ", "a\nb", "<&>", "_x0041_", "\ud800", "\r\n", "\x07", "= 1", "é", "\u2003x", "x" * 16_400]
)
TEXTS = st.one_of(st.none(), ODD, st.text(max_size=60), st.text(st.sampled_from("ab \n<_x0041&"), max_size=60))
SHARES = st.one_of(st.none(), st.floats(0, 1), st.sampled_from([1e-07, 1.0, 0.1]))
ROWS = st.lists(st.tuples(TEXTS, st.one_of(st.none(), st.integers(0, 2**40)), TEXTS, SHARES), min_size=1, max_size=6)
LINKS = st.lists(st.sets(st.integers(0, 3)), max_size=6)


def cell(value):
    if isinstance(value, str):
        return text_cell(value)
    return "/>" if value is None else f"><v>{value!r}</v></c>"


def one_by_one(rows, links, first):
    usual, linked = (
        [FORMATS[name] for name in ("grey first", "grey number", "entry", "grey share")],
        [FORMATS[name] for name in ("link text", "link number") * 2],
    )
    for number, row in enumerate(rows, start=first):
        leading = links[number - first] if number - first < len(links) else ()
        cells = "".join(
            f'<c r="{letters(i)}{number}" s="{linked[i] if i in leading else usual[i]}"{cell(value)}'
            for i, value in enumerate(row)
        )
        yield f'<row r="{number}" ht="{height(row, WIDTHS):g}" customHeight="1">{cells}</row>'


@settings(deadline=None)
@given(ROWS, LINKS, st.integers(0, 3))
@example([("a\n" * 40, 1, None, None), ("", None, "\ud800\n", 1.0)], [set(), {0, 3}], 0)
def test_rows_by_columns_are_those_cell_by_cell(rows, links, top):
    table = Table("T", "t", "", COLUMNS, len(rows), lambda: iter(rows))
    made = RowMaker(table, lambda: [dict.fromkeys(row, Link("x")) for row in links], FORMATS, top, len(rows))
    assert b"".join(made.blocks()).decode() == "".join(one_by_one(rows, links, top + 2))


@settings(deadline=None)
@given(TEXTS)
def test_a_reader_gets_the_cleaned_text_back(text):
    table = Table("T", "t", "", COLUMNS[:1], 1, lambda: iter([(text,)]))
    [block] = RowMaker(table, list, FORMATS, 0, 1).blocks()
    found = ElementTree.fromstring(block).find("c/is/t")
    shown = "" if found is None else re.sub("_x([0-9a-fA-F]{4})_", lambda code: chr(int(code[1], 16)), found.text)
    assert shown == sheet_text(text or "")  # Excel reads _x0041_ as an A


def test_no_more_rows_are_made_than_a_sheet_takes():
    table = Table("T", "t", "", COLUMNS[1:2], 30_000, lambda: ((n,) for n in range(30_000)))
    made = b"".join(RowMaker(table, list, FORMATS, 0, 10_001).blocks())
    assert made.count(b"<row ") == 10_001
    assert b"<v>10000</v>" in made
