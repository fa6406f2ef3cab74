"""What the tables say of a review."""

import dataclasses

import msgspec
import pytest

from evitable.aggregate import Counting
from evitable.codebook import Code, Codebook, Dimension, StudyAttribute
from evitable.export.tables import NOT_FOUND, Column, Table, evidence_list, evidence_tables, look_up, tables_of
from evitable.export.tables.codings import QUEUE, queue_rows
from evitable.export.tables.table import code_titles, with_sheet_names
from evitable.records import Descriptive, Prisma, PrismaBox, PrismaLine, RollUp
from support.evidence import coded_paper
from support.nasty import odd_review
from support.review import review_of, small_review


def tables(review):
    return {table.file: table for table in evidence_tables(review.evidence, review.codebook, review.run.papers)}


def rows(table):
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows]


@pytest.fixture(scope="module")
def small():
    return tables(small_review())


@pytest.mark.parametrize("review", [small_review(), odd_review(), review_of([])], ids=["small", "odd", "empty"])
def test_rows_are_made_anew_each_time_and_fit_count_and_columns(review):
    for table in tables(review).values():
        first = list(table.rows)
        assert list(table.rows) == first, table.sheet
        assert len(first) == table.count, table.sheet
        assert {len(row) for row in first} <= {len(table.columns)}, table.sheet


@pytest.mark.parametrize("review", [small_review(), odd_review()], ids=["small", "odd"])
def test_values_are_of_their_columns_kind(review):
    kinds = {"text": str, "number": int, "decimal": float, "share": float}
    for table in tables(review).values():
        for row in table.rows:
            for value, column in zip(row, table.columns, strict=True):
                if column.kind == "text":
                    assert isinstance(value, str), (table.sheet, column.name)
                else:
                    assert value is None or type(value) is kinds[column.kind], (table.sheet, column.name)


@pytest.mark.parametrize("review", [small_review(), odd_review()], ids=["small", "odd"])
def test_columns_files_and_sheets_have_names_of_their_own(review):
    made = tables(review).values()
    for table in made:
        names = [column.name.casefold() for column in table.columns]
        assert len(set(names)) == len(names), table.sheet
        titles = [(column.group, column.title) for column in table.columns]
        assert len(set(titles)) == len(titles), table.sheet
    sheets = [table.sheet.casefold() for table in made]
    assert len(set(sheets)) == len(sheets)
    assert len({table.file for table in made}) == len(sheets)


def test_every_attribute_of_a_study_has_its_quote_and_what_was_not_found_says_so():
    review = small_review()
    [table] = [t for t in evidence_tables(review.evidence, review.codebook) if t.file == "evidence-attributes"]
    rows = {(row[0], row[1]): row[2:6] for row in table.rows}
    assert rows["Moeller 2018", "Countries"] == ("Denmark", "We worked in Denmark.", "1", "not checked")
    assert rows["Nilsson 2015", "Countries"] == ("not found", "", "", "")
    assert len(rows) == table.count == 4 * len(review.codebook.attribute)


def test_sheet_names_are_ones_that_excel_takes():
    wanted = [
        "A" * 40,
        "a" * 40,
        "History",
        "what: is [it]? */\\",
        "'quoted'",
        "",
        "\U0001f600" * 20,
        "LISTS",
        "map",
        "Map",
    ]
    made = [table.sheet for table in with_sheet_names([Table(name, "f", "", (), 0, list) for name in wanted])]
    assert len({name.casefold() for name in made}) == len(made)
    assert all(0 < len(name.encode("utf-16-le")) // 2 <= 31 for name in made)
    assert not any(set(name) & set("[]:*?/\\") or name.startswith("'") or name.endswith("'") for name in made)
    assert not {"history", "lists"} & {name.casefold() for name in made}
    assert made[:2] == ["A" * 31, "a" * 29 + " 2"]
    assert made[3] == "what is it"


def test_titles_of_codes_are_told_apart():
    book = Codebook(
        name="b",
        title="B",
        dimension=(Dimension(name="p", title="Phase"), Dimension(name="l", title="Level")),
        code=(
            Code(name="a", dimension="p", title="Other", definition="d"),
            Code(name="b", dimension="l", title="other", definition="d"),
            Code(name="c", dimension="l", title="Other", definition="d"),
            Code(name="e", dimension="l", title="Own", definition="d"),
        ),
    )
    assert code_titles(book) == {"a": "Phase: Other", "b": "Level: other (b)", "c": "Level: Other (c)", "e": "Own"}


def test_a_study_row_says_what_the_study_carries_which_way_and_where(small):
    [moeller, nilsson, *_] = rows(small["evidence-studies"])
    assert (moeller["study"], moeller["authors"], moeller["year"]) == ("Moeller 2018", "Moeller, A.", 2018)
    assert moeller["country"] == "Denmark"
    assert moeller["process_design"] == "2 (+1 −1), p. 101"
    assert moeller["phase"] == "Co-design (2)"
    assert moeller["co_assessment"] == ""
    assert moeller["mentioned"] == "Co-assessment (1)"
    assert (nilsson["country"], nilsson["co_design"], nilsson["verified"]) == (NOT_FOUND, "", None)


def test_columns_of_codes_say_to_what_they_belong(small):
    groups = {column.name: column.group for column in small["evidence-studies"].columns}
    assert groups["co_design"] == "Phase"
    assert groups["process_design"] == "Factor, Procedural factors"
    assert groups["year"] == ""


def test_cells_are_the_filled_cells_of_the_study_table(small):
    cells = rows(small["evidence-cells"])
    studies = rows(small["evidence-studies"])
    filled = [(s["study"], cell["code_name"]) for s in studies for cell in cells if cell["study_id"] == s["study_id"]]
    assert [(cell["study"], cell["code_name"]) for cell in cells] == filled
    assert all(study[cell["code_name"]] for study in studies for cell in cells if cell["study_id"] == study["study_id"])
    process = next(cell for cell in cells if cell["code_name"] == "process_design")
    assert (process["passages"], process["facilitates"], process["hinders"], process["mixed"]) == (2, 1, 1, 0)
    assert process["quote"] == "Residents drew the new layout of the ward with nurses."
    assert (process["page"], process["pdf_page"], process["quote_check"]) == ("101", "1", "not checked")


def test_codes_without_polarity_have_no_zeros_for_it(small):
    cell = next(cell for cell in rows(small["evidence-cells"]) if cell["code_name"] == "co_design")
    assert (cell["facilitates"], cell["hinders"], cell["mixed"]) == (None, None, None)
    count = next(row for row in rows(small["evidence-synthesis"]) if row["code_name"] == "co_design")
    assert (count["facilitates"], count["studies_unsaid"]) == (None, None)


def test_the_evidence_list_says_where_in_which_file_each_quote_stands():
    review = small_review()
    listed = rows(evidence_list(review.evidence, review.codebook, review.run.papers))
    for row, coding in zip(listed, review.evidence.codings, strict=True):
        text = review.sources.text(coding.paper_id).text
        assert text[row["start"] : row["end"]] == row["quote"]
        assert review.run.papers[row["file"]] == row["sha256"]
        assert (row["paper_id"], row["coding_id"]) == (coding.paper_id, coding.id)
    assert {row["basis"] for row in listed} == {"finding", "recommendation", "mention"}
    assert [row["quote"] for row in listed if row["answer"] == "unsure"] == [
        "It is not clear whether single patients took part."
    ]


def test_a_coding_of_a_study_of_two_papers_names_its_own_papers_file():
    review = small_review()
    first, second, *rest = review.evidence.studies
    joined = msgspec.structs.replace(
        first, files=(*first.files, *second.files), paper_ids=(*first.paper_ids, *second.paper_ids)
    )
    third = rest[0]
    moved = [
        msgspec.structs.replace(c, study_id=first.study_id, paper_id=second.paper_ids[0])
        if c.study_id == third.study_id
        else c
        for c in review.evidence.codings
    ]
    evidence = msgspec.structs.replace(review.evidence, studies=(joined, *rest), codings=tuple(moved))
    files = {row["paper_id"]: row["file"] for row in rows(evidence_list(evidence, review.codebook))}
    assert files[first.paper_ids[0]] == "moeller.pdf"
    assert files[second.paper_ids[0]] == "nilsson.pdf"


def test_the_queue_begins_with_what_is_closest_to_a_decision():
    said = {
        "sure": [("co_design", "", 0.9)],
        "hardly given": [("co_design", "", 0.51)],
        "far from given": [("co_design", "", 0.2)],
        "nearly given": [("co_design", "", 0.5)],
        "nearly given, of a code given late": [("group", "", 0.6)],
        "given late": [("group", "", 0.8)],
        "of others": [("co_design", "", 0.55)],
    }
    unsure = (
        ("far from given", "co_design"),
        ("nearly given", "co_design"),
        ("nearly given, of a code given late", "group"),
    )
    review = review_of([coded_paper("one", said, unsure=unsure, bases={"of others": "mention"})])
    queue = rows(queue_rows(look_up(review.evidence, review.codebook)))
    assert [(row["quote"], row["why"]) for row in queue] == [
        ("nearly given", "unsure"),
        ("nearly given, of a code given late", "unsure"),
        ("far from given", "unsure"),
        ("hardly given", "not verified"),
        ("given late", "not verified"),
        ("sure", "not verified"),
        ("of others", "mention"),
    ]


def test_what_people_have_decided_is_not_in_the_queue():
    review = small_review()
    codings = [
        msgspec.structs.replace(coding, status="accepted") if coding.code == "group" else coding
        for coding in review.evidence.codings
    ]
    evidence = msgspec.structs.replace(review.evidence, codings=tuple(codings))
    queue = rows(queue_rows(look_up(evidence, review.codebook)))
    assert len(queue) == sum(coding.status == "machine" for coding in codings) > 0
    assert "Group" not in {row["code"] for row in queue}


def test_the_queue_holds_disputes_too_and_names_the_decisions_that_each_row_knows():
    review = small_review()
    first, *others = review.evidence.codings
    disputed = msgspec.structs.replace(first, status="disputed", revision=("dbbb", "daaa"), coder="ada; ben")
    evidence = msgspec.structs.replace(review.evidence, codings=(disputed, *others))
    queue = {row["coding_id"]: row for row in rows(queue_rows(look_up(evidence, review.codebook)))}
    assert (queue[first.id]["why"], queue[first.id]["revision"]) == ("disputed", "daaa dbbb")
    assert {row["revision"] for row in queue.values()} == {"none", "daaa dbbb"}


def test_a_cut_queue_says_so():
    review = small_review()
    lookup = look_up(review.evidence, review.codebook)
    cut = queue_rows(lookup, 2)
    assert (cut.count, len(list(cut.rows))) == (2, 2)
    assert f"The first 2 of {len(review.evidence.codings)}." in cut.meaning
    assert "The first" not in queue_rows(lookup).meaning


def test_the_list_to_verify_holds_what_people_can_do_in_weeks():
    review = small_review()
    many = QUEUE // len(review.evidence.codings) + 1
    evidence = msgspec.structs.replace(review.evidence, codings=review.evidence.codings * many)
    queue = tables(dataclasses.replace(review, evidence=evidence))["evidence-to-verify"]
    assert queue.count == len(list(queue.rows)) == QUEUE
    assert f"The first 5,000 of {len(evidence.codings):,}." in queue.meaning


def test_white_columns_of_the_queue_are_empty_and_the_rest_is_not_for_people(small):
    queue = small["evidence-to-verify"]
    entries = [column.name for column in queue.columns if column.entry]
    assert entries == ["decision", "new_code", "new_polarity", "note"]
    assert [column.name for column in queue.columns if column.hidden] == ["coding_id", "revision"]
    assert all(row[name] == "" for row in rows(queue) for name in entries)
    assert {row["revision"] for row in rows(queue)} == {"none"}


def test_each_family_stands_before_its_codes_in_the_synthesis(small):
    synthesis = rows(small["evidence-synthesis"])
    found = [(row["family"], row["code"]) for row in synthesis if row["family"]]
    families = list(dict.fromkeys(family for family, _ in found))
    assert len(families) == 2
    for family in families:
        codes = [code for name, code in found if name == family]
        assert codes[0] == "(all codes of the family)"
        assert "(all codes of the family)" not in codes[1:]
    family = next(row for row in synthesis if row["family"] == "Procedural factors")
    assert (family["studies"], family["studies_mixed"], family["study_list"]) == (1, 1, "Moeller 2018")


def test_the_synthesis_names_numbers_and_quotes(small):
    row = next(row for row in rows(small["evidence-synthesis"]) if row["code_name"] == "group")
    assert (row["studies"], row["share"], row["passages"]) == (2, 0.6667, 2)
    assert row["country"] == "Denmark (1); Japan (1)"
    assert row["quote_1"] == "Parents and teachers ran the school library together."
    assert (row["source_1"], row["source_2"]) == (
        "Tamura 2021, p. 101 (not checked)",
        "Moeller 2018, p. 101 (not checked)",
    )
    assert (row["quote_3"], row["study_list"]) == ("", "Moeller 2018; Tamura 2021")


def test_matrices_say_0_for_what_is_not_there(small):
    ones, counts = rows(small["evidence-matrix"]), rows(small["evidence-matrix-counts"])
    assert [row["co_design"] for row in ones] == [1, 0, 0, 0]
    assert [row["co_design"] for row in counts] == [2, 0, 0, 0]
    assert list(ones[0])[-1] == "study_id"


def test_a_pair_of_dimensions_is_a_rectangle_of_numbers_of_studies(small):
    rectangle = small["evidence-matrix-phase-level"]
    assert rectangle.sheet == "Phase by Level"
    assert [row[0] for row in rectangle.rows] == ["Co-commissioning", "Co-design", "Co-delivery", "Co-assessment"]
    assert list(rectangle.rows)[1] == ("Co-design", 0, 1, 0)
    pair = next(row for row in rows(small["evidence-pairs"]) if (row["code"], row["by_code"]) == ("Co-design", "Group"))
    assert (pair["studies"], pair["passages"], pair["study_list"]) == (1, 1, "Moeller 2018")


def test_the_map_lists_every_combination(small):
    listed = rows(small["evidence-map"])
    assert len(listed) == 4 * 3 * 6
    assert next(row["study_list"] for row in listed if row["studies"]) == "Moeller 2018"
    assert any(row["studies"] == 0 and row["study_list"] == "" for row in listed)


def test_the_rule_check_names_both_rules():
    review = review_of(
        [coded_paper("one", {"a": [("co_design", "", 0.9)], "b": [("co_design", "", 0.8)]})],
        counting=Counting(rule=RollUp(kind="at_least", least=2)),
    )
    [row] = rows(tables(review)["evidence-rule-check"])
    assert (row["rule"], row["now"]) == ("at least 2 passages", "carried")
    assert (row["other_rule"], row["then"]) == ("at least 3 passages", "not carried")
    assert (row["code"], row["passages"], row["best"]) == ("Co-design", 2, 0.9)


def test_descriptives_name_characteristics_by_their_titles():
    review = small_review()
    evidence = msgspec.structs.replace(
        review.evidence, descriptives=(Descriptive(name="country", value="", studies=3, share=0.75),)
    )
    title = next(one.title for one in review.codebook.attribute if one.name == "country")
    [row] = tables(dataclasses.replace(review, evidence=evidence))["evidence-descriptives"].rows
    assert row == (title, NOT_FOUND, 3, 0.75)


def test_prisma_says_where_each_number_comes_from_and_what_does_not_add_up():
    flow = Prisma(
        form="updated",
        boxes=(
            PrismaBox(name="identified", lines=(PrismaLine(label="Scopus", count=40, origin="given"),)),
            PrismaBox(name="other_excluded_reports", lines=(PrismaLine(label="Late", count=None, origin="not given"),)),
        ),
        faults=("3 are missing.",),
    )
    review = small_review()
    evidence = msgspec.structs.replace(review.evidence, prisma=flow)
    table = tables(dataclasses.replace(review, evidence=evidence))["evidence-prisma"]
    assert list(table.rows) == [
        ("Identification: databases and registers", "Scopus", 40, "given"),
        ("Reports excluded (other methods)", "Late", None, "not given"),
        ("Numbers that do not add up", "3 are missing.", None, ""),
    ]
    assert "an updated review" in table.meaning


def test_the_data_dictionary_explains_every_column(small):
    explained = {(row["file"], row["name"]) for row in rows(small["data-dictionary"])}
    assert explained == {
        (file, column.name) for file, table in small.items() if file != "data-dictionary" for column in table.columns
    }
    assert all(row["meaning"] for row in rows(small["data-dictionary"]))


def test_a_codebook_of_one_dimension_without_polarity_or_attributes_gives_all_tables():
    review = odd_review()
    made = tables(review)
    assert "evidence-pairs" in made
    assert made["evidence-pairs"].count == 0
    [study] = rows(made["evidence-studies"])
    assert study["study_2"] == "1, p. 101"
    assert study["studies"].startswith("T0: [a]/*? (1)")
    assert made["evidence-map"].count == len(review.codebook.code)
    assert sum(row["study_2"] for row in rows(made["evidence-matrix"])) == 1


def test_the_small_tables_follow_the_order_of_the_workbook():
    review = small_review()
    sheets = [table.sheet for table in tables_of(look_up(review.evidence, review.codebook))]
    assert sheets[:4] == ["Studies", "Cells", "Evidence", "Synthesis"]
    assert sheets[-5:] == ["To verify", "Issues", "PRISMA", "Codebook", "Data dictionary"]


def test_an_attribute_that_is_called_like_a_column_does_not_hide_it():
    book = Codebook(
        name="b",
        title="B",
        dimension=(Dimension(name="d", title="D"),),
        code=(Code(name="passages", dimension="d", title="P", definition="d"),),
        attribute=(StudyAttribute(name="year", title="Year of data", values={"a": ("a",)}),),
    )
    review = review_of(
        [coded_paper("one", {"x": [("passages", "", 0.9)]}, dimensions={"passages": "d"}, year=2001)], book
    )
    [row] = rows(tables(review)["evidence-studies"])
    assert (row["year"], row["year_2"]) == (2001, NOT_FOUND)
    assert (row["passages"], row["passages_2"]) == (1, "1, p. 101")


def test_rows_and_columns_of_a_table_are_the_same_values():
    review = small_review()
    for table in tables(review).values():
        rows = list(table.rows)
        assert [row for batch in table.batches() for row in zip(*batch, strict=True)] == rows, table.file
        assert [row for batch in table.batches(2) for row in zip(*batch, strict=True)] == rows[:2], table.file
        assert len(rows) == table.count, table.file


def test_a_column_has_a_place():
    table = Table("T", "t", "", (Column("a", "A", 1, ""), Column("b", "B", 1, "")), 0, list)
    assert table.place("b") == 1
    with pytest.raises(KeyError):
        table.place("c")
