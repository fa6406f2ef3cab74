"""The workbook, read back with two other libraries."""

import io
import re
import zipfile
from itertools import pairwise
from xml.etree import ElementTree

import openpyxl
import pytest
import python_calamine
from openpyxl.utils import range_boundaries

from evitable.codebook import default_codebook
from evitable.export.clean import sheet_text
from evitable.export.tables import evidence_tables
from evitable.export.workbook import book as workbook_module
from evitable.export.workbook import sheet as sheet_module
from evitable.export.workbook import workbook
from evitable.export.workbook.sheet import Link, up_to
from support.nasty import nasty_review, odd_review
from support.review import review_of, small_review

BOOK = default_codebook()
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def contents_of(review):
    [(name, contents)] = workbook(review)
    assert name == "evidence.xlsx"
    return contents


def opened(contents):
    return openpyxl.load_workbook(io.BytesIO(contents))


def read(contents, sheet):
    """Read the rows of a sheet as a second, independent reader sees them."""
    header, *body = (
        python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(contents)).get_sheet_by_name(sheet).to_python()
    )
    return [dict(zip(header, row, strict=True)) for row in body]


def target(cell):
    sheet, _, place = cell.hyperlink.location.partition("!")
    column, row, _, _ = range_boundaries(place)
    return sheet.strip("'"), row, column


def column(sheet, heading):
    return next(cell.column for cell in sheet[1] if cell.value.rpartition("\n")[2] == heading)


@pytest.fixture(scope="module")
def nasty():
    return nasty_review()


@pytest.fixture(scope="module")
def nasty_contents(nasty):
    return contents_of(nasty)


@pytest.fixture(scope="module")
def small():
    return small_review()


@pytest.fixture(scope="module")
def book(small):
    return opened(contents_of(small))


def test_one_sheet_per_table_and_the_sheets_that_explain_them(book):
    assert book.sheetnames == [
        "Read me",
        "Studies",
        "Cells",
        "Evidence",
        "Synthesis",
        "Attributes",
        "Descriptives",
        "Studies 0-1",
        "Studies counts",
        "Phase by Level",
        "Factor by Phase",
        "Factor by Level",
        "Pairs",
        "Map",
        "Rule check",
        "To verify",
        "Changes",
        "Issues",
        "PRISMA",
        "Codebook",
        "Data dictionary",
        "Lists",
        "_export",
    ]
    assert {sheet.title for sheet in book if sheet.sheet_state != "visible"} == {"Lists", "_export"}


def test_no_cell_is_a_formula(nasty_contents):
    kinds = {cell.data_type for sheet in opened(nasty_contents) for row in sheet.iter_rows() for cell in row}
    assert kinds == {"s", "n"}


def test_every_nasty_quote_comes_back_as_it_was(nasty_contents, nasty):
    expected = [sheet_text(coding.quote) for coding in nasty.evidence.codings]
    listed = read(nasty_contents, "Evidence")
    assert [row["Quote"] for row in listed] == expected
    assert all(expected)
    assert [row["Words that carried it"] for row in listed] == expected


def test_nasty_titles_authors_and_issues_come_back_too(nasty_contents, nasty):
    titles = [sheet_text(study.reference.title) for study in nasty.evidence.studies]
    studies = read(nasty_contents, "Studies")
    assert [row["Title"] for row in studies] == titles
    assert [row["Authors"] for row in studies] == titles
    messages = [sheet_text(issue.message) for issue in nasty.evidence.issues]
    assert [row["What happened"] for row in read(nasty_contents, "Issues")] == messages


def test_another_reader_sees_the_same_text(nasty_contents, nasty):
    sheet = opened(nasty_contents)["Evidence"]
    seen = [row[column(sheet, "Quote") - 1] for row in sheet.iter_rows(min_row=2, values_only=True)]
    # openpyxl alone leaves `_x005F_` in inline text as it stands in the file.
    assert [text.replace("_x005F_", "_") for text in seen] == [sheet_text(c.quote) for c in nasty.evidence.codings]


def test_every_part_is_well_formed_and_no_tip_is_too_long(nasty_contents):
    with zipfile.ZipFile(io.BytesIO(nasty_contents)) as archive:
        parts = {name: ElementTree.fromstring(archive.read(name)) for name in archive.namelist()}
    tips = [link.get("tooltip", "") for part in parts.values() for link in part.iter(f"{MAIN}hyperlink")]
    assert max(len(tip.encode("utf-16-le")) // 2 for tip in tips) in range(200, 256)


def test_the_title_is_no_formula_and_in_the_properties(nasty_contents):
    book = opened(nasty_contents)
    assert book["Read me"]["A1"].value == "=1+1 is said here"
    assert book["Read me"]["A1"].data_type == "s"
    assert book.properties.title == "=1+1 is said here"


def test_each_coded_cell_leads_to_its_quote(book, small):
    studies, evidence = book["Studies"], book["Evidence"]
    ids = column(evidence, "Coding id")
    linked = 0
    for number, study in enumerate(small.evidence.studies, start=2):
        for cell in study.cells:
            here = studies.cell(number, column(studies, BOOK.by_name[cell.code].title))
            sheet, row, place = target(here)
            assert (sheet, place) == ("Evidence", column(evidence, "Quote"))
            assert evidence.cell(row, ids).value == cell.strongest
            assert here.hyperlink.tooltip == evidence.cell(row, place).value
            linked += 1
    assert linked == sum(len(study.cells) for study in small.evidence.studies) > 0
    assert not studies.cell(2, column(studies, "Co-delivery")).hyperlink


def test_cells_and_synthesis_lead_to_their_quotes(book):
    evidence = book["Evidence"]
    cells, synthesis = book["Cells"], book["Synthesis"]
    for number in range(2, cells.max_row + 1):
        _, row, _ = target(cells.cell(number, column(cells, "Page")))
        assert (
            evidence.cell(row, column(evidence, "Coding id")).value
            == cells.cell(number, column(cells, "Coding id")).value
        )
    sources = 0
    for number in range(2, synthesis.max_row + 1):
        for index in (1, 2, 3):
            cell = synthesis.cell(number, column(synthesis, f"Source {index}"))
            if cell.value:
                _, row, _ = target(cell)
                assert (
                    evidence.cell(row, column(evidence, "Quote")).value == synthesis.cell(number, cell.column - 1).value
                )
                sources += 1
    assert sources > 5


def test_numbers_of_the_matrices_lead_to_their_rows(book):
    counts, cells = book["Studies counts"], book["Cells"]
    linked = [cell for row in counts.iter_rows(min_row=2) for cell in row if cell.hyperlink]
    assert len(linked) == cells.max_row - 1
    for cell in linked:
        _, row, place = target(cell)
        assert cells.cell(row, 1).value == counts.cell(cell.row, 1).value
        assert cells.cell(row, column(cells, "Code")).value == counts.cell(1, cell.column).value.rpartition("\n")[2]
        assert cells.cell(row, place).value == cell.value
    for name in ("Phase by Level", "Factor by Phase", "Factor by Level"):
        rectangle, pairs = book[name], book["Pairs"]
        linked = [cell for row in rectangle.iter_rows(min_row=2, min_col=2) for cell in row if cell.hyperlink]
        assert {cell.value == 0 for cell in linked} == {False}
        for cell in linked:
            _, row, _ = target(cell)
            found = [pairs.cell(row, index).value for index in (2, 4, 5)]
            heading = rectangle.cell(1, cell.column).value.rpartition("\n")[2]
            assert found == [rectangle.cell(cell.row, 1).value, heading, cell.value]


def test_the_read_me_leads_to_every_sheet(book):
    targets = {target(cell)[0] for row in book["Read me"].iter_rows() for cell in row if cell.hyperlink}
    assert targets == set(book.sheetnames) - {"Read me", "Lists", "_export"}


def test_beyond_what_excel_reads_cells_keep_their_text_and_lose_their_link(monkeypatch, small):
    monkeypatch.setattr(workbook_module, "MAX_LINKS", 3)
    sheet = opened(contents_of(small))["Studies"]
    coded = [cell for row in sheet.iter_rows(min_row=2) for cell in row if re.match(r"\d.*, p", str(cell.value))]
    assert [bool(cell.hyperlink) for cell in coded] == [True] * 3 + [False] * (len(coded) - 3)
    assert len(coded) == sum(len(study.cells) for study in small.evidence.studies) > 3


def test_links_are_counted_over_all_rows():
    rows = [{0: Link("a"), 1: Link("b")}, {}, {0: Link("c"), 5: Link("d")}, {0: Link("e")}]
    assert list(up_to(3, lambda: iter(rows))()) == [rows[0], {}, {0: Link("c")}]
    assert list(up_to(9, lambda: iter(rows))()) == rows


def test_beyond_what_excel_reads_rows_are_left_out_and_the_read_me_says_so(monkeypatch, small):
    monkeypatch.setattr(workbook_module, "MAX_ROWS", 5)
    book = opened(contents_of(small))
    assert book["Evidence"].max_row == 5
    texts = [str(row[1].value) for row in book["Read me"].iter_rows() if row[0].value == "Evidence"]
    assert texts[0].endswith(f"{len(small.evidence.codings)} rows. The sheet holds the first 4 only.")


def test_headers_are_frozen_and_tables_can_be_filtered_and_printed(book):
    for sheet in book.worksheets[1:-2]:
        top = next(row[0].row for row in sheet.iter_rows() if all(cell.value for cell in row))
        assert top == 1 or sheet.title == "Changes"
        assert sheet.freeze_panes.endswith(str(top + 1)), sheet.title
        assert sheet.auto_filter.ref.startswith(f"A{top}:"), sheet.title
        assert sheet.print_title_rows == f"${top}:${top}", sheet.title
        assert sheet.page_setup.orientation == "landscape", sheet.title
        assert sheet.page_setup.fitToHeight == 0, sheet.title
        assert all(sheet.row_dimensions[number].height for number in range(1, sheet.max_row + 1)), sheet.title


def test_rows_are_high_enough_for_their_text(nasty_contents):
    evidence = opened(nasty_contents)["Evidence"]
    lengths = {
        evidence.row_dimensions[n].height: len(str(evidence.cell(n, 8).value)) for n in range(2, evidence.max_row)
    }
    heights = sorted(lengths)
    assert heights[-1] == 400
    assert all(lower < higher for lower, higher in pairwise(heights))


def test_people_choose_from_lists_that_may_be_longer_than_255_characters(book):
    queue, lists = book["To verify"], book["Lists"]
    rules = {rule.formula1: str(rule.sqref) for rule in queue.data_validations.dataValidation}
    assert set(rules) == {"evitable_decision", "evitable_code", "evitable_polarity"}
    for name, heading in (("decision", "Decision"), ("code", "New code"), ("polarity", "New polarity")):
        letter = queue.cell(1, column(queue, heading)).column_letter
        assert rules[f"evitable_{name}"] == f"{letter}2:{letter}{queue.max_row}"
    area = book.defined_names["evitable_code"].attr_text
    assert area == f"Lists!$B$2:$B${len(BOOK.code) + 1}"
    offered = [row[0].value for row in lists[area.partition("!")[2].replace("$", "")]]
    assert offered == [code.title for code in BOOK.code]
    assert [lists.cell(row, 4).value for row in range(2, 15)] == [code.name for code in BOOK.code]


def test_a_codebook_of_60_codes_with_odd_titles_gives_a_workbook_that_opens():
    review = odd_review()
    book = opened(contents_of(review))
    offered = [row[1].value for row in book["Lists"].iter_rows(min_row=2)]
    assert len(offered) == len(set(offered)) == len(review.codebook.code)
    assert len(",".join(offered)) > 255
    assert len(book["To verify"].data_validations.dataValidation) == 3
    assert target(book["Studies"].cell(2, 8))[0] == "Evidence"


def test_what_people_write_is_text_and_what_the_machine_wrote_is_grey(book):
    queue = book["To verify"]
    for cell in queue[2]:
        heading = queue.cell(1, cell.column).value
        entry = heading in ("Decision", "New code", "New polarity", "Note")
        assert (cell.number_format == "@") == (entry or heading in ("Coding id", "Revision"))
        assert (cell.fill.fgColor.rgb == "FFF0F0F0") == (not entry)
    assert not queue.protection.sheet
    hidden = {queue[f"{letter}1"].value for letter, one in queue.column_dimensions.items() if one.hidden}
    assert hidden == {"Coding id", "Revision"}


def test_the_workbook_says_what_it_was_made_from(book, small):
    origin = {
        "evitable_run": small.run.id,
        "evitable_codebook_version": small.run.codebook_version,
        "evitable_format": "2",
        "evitable_codebook": small.run.codebook,
        "evitable_title": small.title,
        "evitable_rows": str(book["To verify"].max_row - 1),
    }
    assert {one.name: one.value for one in book.custom_doc_props.props} == origin
    assert {f"evitable_{name.value}": value.value for name, value in book["_export"].iter_rows()} == origin
    assert (book["Lists"].sheet_state, book["_export"].sheet_state) == ("hidden", "veryHidden")


def test_the_same_review_gives_the_same_bytes(nasty_contents):
    assert contents_of(nasty_review()) == nasty_contents


def test_empty_evidence_gives_all_sheets():
    empty = review_of([], title="Empty")
    book = opened(contents_of(empty))
    names = [table.sheet for table in evidence_tables(empty.evidence, empty.codebook)]
    assert book.sheetnames == ["Read me", *names, "Lists", "_export"]
    assert book["Evidence"].max_row == 1
    assert book["To verify"].data_validations.dataValidation == []


def test_no_temporary_file_is_left(tmp_path, monkeypatch, small):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    contents_of(small)
    assert list(tmp_path.iterdir()) == []


def test_a_sheet_holds_as_many_rows_and_links_as_excel_reads():
    assert (sheet_module.MAX_ROWS, sheet_module.MAX_LINKS) == (2**20, 65_530)


def test_the_read_me_names_the_rule_and_the_machines_share(book):
    texts = {row[0].value: row[1].value for row in book["Read me"].iter_rows(max_row=20) if row[0].value}
    assert "any passage (roll_up in review.toml)" in texts["Rule"]
    assert texts["Not yet verified"].startswith("12 of 12 codings")
    assert "4 studies read, 3 with at least one code" in texts["Counts"]
