"""The workbook, read back with another library."""

import io

import openpyxl
import pytest
import python_calamine

from evitable.aggregate import aggregate_evidence
from evitable.codebook import default_codebook
from evitable.export import export_evidence
from evitable.export.clean import CELL_LIMIT, csv_text, sheet_text
from evitable.records import RunIdentity
from support.evidence import coded_paper

BOOK = default_codebook()
NASTY = [
    "=1+1 is said here",
    "{=SUM(A1)} stands here",
    "+49 residents took part",
    "-5 degrees it was",
    "@everybody was invited",
    "\tindented by a tab",
    'a "quote", a comma; a line\nbreak',
    "null \x00 bell \x07 and \ufffe gone",
    "literal _x0041_ stays",
    "<script>alert(1)</script> & co",
    "astral \U0001f600 and e\u0301",
    "long " * 8000,
    "http://example.org/ is no link",
]
IDENTITY = RunIdentity(
    id="n1",
    evitable="0",
    stages={},
    libraries={},
    codebook="b",
    codebook_version="c",
    model_id="m",
    model_note="A note.",
    papers={},
    references={},
    settings={},
)


@pytest.fixture(scope="module")
def evidence():
    papers = [
        coded_paper(
            f"paper{i}",
            {text: [("co_design", "", 0.9), ("process_design", "hinders", 0.8)]},
            author=f"A{i:02}, B.",
            year=2000,
        )
        for i, text in enumerate(NASTY)
    ]
    return aggregate_evidence(papers, BOOK)


@pytest.fixture(scope="module")
def files(evidence):
    return export_evidence(evidence, BOOK, IDENTITY, "=Title of the review")


@pytest.fixture(scope="module")
def book(files):
    return openpyxl.load_workbook(io.BytesIO(files["evidence.xlsx"]))


@pytest.fixture(scope="module")
def quotes(files):
    """The quotes as a second, independent reader sees them."""
    workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(files["evidence.xlsx"]))
    header, *body = workbook.get_sheet_by_name("Evidence").to_python()
    return [row[header.index("Quote")] for row in body]


def rows(sheet):
    header, *body = [[cell.value for cell in row] for row in sheet.iter_rows()]
    return [dict(zip(header, row, strict=True)) for row in body]


def test_one_sheet_per_table_and_the_sheets_that_explain_them(book):
    assert book.sheetnames == [
        "Read me",
        "Studies",
        "Evidence",
        "Synthesis",
        "Map",
        "Issues",
        "Codebook",
        "Data dictionary",
    ]


def test_no_cell_is_a_formula(book):
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "n"}


def test_every_nasty_quote_comes_back_as_it_was(quotes, evidence):
    assert quotes == [sheet_text(coding.quote) for coding in evidence.codings]
    assert all(quotes)


def test_a_quote_too_long_for_a_cell_is_cut_with_a_visible_mark():
    cut = sheet_text("x" * 40_000)
    assert len(cut) == CELL_LIMIT
    assert cut.endswith("cut: too long for a cell]")


def test_each_coded_cell_leads_to_its_quote(book, quotes, evidence):
    studies = book["Studies"]
    column = [cell.value for cell in studies[1]].index("Co-design") + 1
    by_id = {coding.id: coding.quote for coding in evidence.codings}
    for number, study in enumerate(evidence.studies, start=2):
        cell = studies.cell(number, column)
        strongest = next(c.strongest for c in study.cells if c.code == "co_design")
        assert cell.value == "1, p. 101"
        sheet, _, place = cell.hyperlink.location.partition("!")
        assert sheet.strip("'") == "Evidence"
        assert quotes[int(place[1:]) - 2] == sheet_text(by_id[strongest])


def test_headers_are_frozen_and_tables_can_be_filtered(book):
    for name in book.sheetnames[1:]:
        assert book[name].freeze_panes is not None, name
        assert book[name].auto_filter.ref is not None, name


def test_every_column_is_in_the_data_dictionary(book):
    explained = {(row["Sheet"], row["Column"]) for row in rows(book["Data dictionary"])}
    for name in ("Studies", "Evidence", "Synthesis", "Map", "Issues", "Codebook"):
        for cell in book[name][1]:
            assert (name, cell.value) in explained


def test_the_codebook_sheet_holds_every_definition(book):
    assert [row["Definition"] for row in rows(book["Codebook"])] == [code.definition for code in BOOK.code]


def test_csv_for_people_has_a_bom_and_no_formula(files):
    text = files["evidence-list.csv"].decode("utf-8")
    assert text.startswith("\ufeffstudy,")
    assert "'=1+1 is said here" in text
    assert csv_text("-5") == "'-5"
    assert csv_text("5-") == "5-"


def test_empty_evidence_gives_all_files():
    files = export_evidence(aggregate_evidence([], BOOK), BOOK, IDENTITY, "Empty")
    book = openpyxl.load_workbook(io.BytesIO(files["evidence.xlsx"]))
    assert book["Studies"].max_row == 1
    assert files["evidence-studies.csv"].count(b"\r\n") == 1
