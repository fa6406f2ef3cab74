"""What a run changed: the comparison, and where it is shown."""

from __future__ import annotations

import csv
import dataclasses
import io
from typing import Any

import lxml.html
import msgspec
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evitable.aggregate import compare, snapshot_of
from evitable.export import Review, export_review
from evitable.export.tables import look_up
from evitable.export.tables.changes import change_rows
from evitable.export.what_changed import change_summary, differences
from evitable.export.workbook import book as workbook_module
from evitable.records import (
    CellChange,
    CellState,
    Changes,
    PublishedRun,
    RunPaper,
    Snapshot,
    StudyState,
    decode,
    encode,
)
from support.nasty import NASTY
from support.report import Page
from support.review import published, review_of, small_review
from support.runs import new_identity

# ------------------------------------------------------------------------------------------------- the comparison

CODES = ["one", "two", "three"]


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    """A run of up to four studies, of papers and codes that other runs may have too."""
    papers = draw(st.lists(st.sampled_from("abcdef"), unique=True, max_size=6))
    studies: list[StudyState] = []
    while papers:
        size = draw(st.integers(1, min(2, len(papers))))
        mine, papers = papers[:size], papers[size:]
        cells = draw(st.lists(st.sampled_from(CODES), unique=True).map(lambda names: sorted(names, key=CODES.index)))
        studies.append(
            StudyState(
                study_id=f"s{mine[0]}",
                key=draw(st.sampled_from(["Ahn 2020", "Berg n.d.", f"paper {mine[0]}"])),
                papers=tuple(RunPaper(paper_id=name, path=f"{name}{draw(st.integers(0, 1))}.pdf") for name in mine),
                cells=tuple(draw(cell_states(name)) for name in cells),
            )
        )
    run = PublishedRun(
        number=draw(st.integers(1, 3)),
        identity=msgspec.structs.replace(new_identity(), model_id=draw(st.sampled_from(["m1", "m2"]))),
        started="2026-03-01T06:00:00+00:00",
        seconds=1,
        counts={},
    )
    return Snapshot(run=run, studies=tuple(sorted(studies, key=lambda study: study.study_id)))


@st.composite
def cell_states(draw: st.DrawFn, code: str) -> CellState:
    passages = draw(st.integers(1, 2))
    return CellState(
        dimension="d",
        code=code,
        passages=passages,
        verified=draw(st.integers(0, passages)),
        polarity=(0, 0, 0),
        best=draw(st.sampled_from([0.5, 0.501, 0.6])),
        quote=draw(st.sampled_from(["They met.", "They voted."])),
        pages="3",
    )


def named(snapshot: Snapshot) -> set[tuple[str, str]]:
    return {(study.study_id, cell.code) for study in snapshot.studies for cell in study.cells}


def of(changes: Changes, *wanted: str) -> list[tuple[str, str]]:
    return [(cell.study_id, cell.code) for cell in changes.cells if cell.change in wanted]


@given(snapshots())
def test_a_run_compared_with_itself_has_changed_nothing(run: Snapshot) -> None:
    found = compare(run, run, CODES)
    assert all(cell.change == "unchanged" and cell.causes == () for cell in found.cells)
    assert (found.papers_new, found.papers_gone, found.papers_renamed) == ((), (), ())
    assert (found.studies_new, found.studies_gone, found.causes) == ((), (), ())


@given(snapshots(), snapshots())
def test_every_cell_of_both_runs_is_told_once_with_a_cause_where_it_is_another(a: Snapshot, b: Snapshot) -> None:
    found = compare(a, b, CODES)
    assert sorted(of(found, "new", "changed", "lost", "unchanged")) == sorted(named(a) | named(b))
    assert all(bool(cell.causes) == (cell.change != "unchanged") for cell in found.cells)
    assert all((cell.before is None) == (cell.change == "new") for cell in found.cells)
    assert all((cell.after is None) == (cell.change == "lost") for cell in found.cells)


@given(snapshots(), snapshots())
def test_what_is_new_one_way_is_lost_the_other_way(a: Snapshot, b: Snapshot) -> None:
    there, back = compare(a, b, CODES), compare(b, a, CODES)
    assert set(of(there, "new")) == set(of(back, "lost"))
    assert set(of(there, "changed")) == set(of(back, "changed"))
    assert set(of(there, "unchanged")) == set(of(back, "unchanged"))
    assert there.papers_new == back.papers_gone
    assert {pair[::-1] for pair in there.papers_renamed} == set(back.papers_renamed)
    assert sorted(there.studies_new) == sorted(back.studies_gone)


@given(snapshots(), snapshots())
def test_cells_of_a_study_stand_together_in_the_codebooks_order_and_studies_that_left_last(
    a: Snapshot, b: Snapshot
) -> None:
    found = compare(a, b, CODES)
    order = [(cell.study_id, CODES.index(cell.code)) for cell in found.cells]
    ids = list(dict.fromkeys(study_id for study_id, _ in order))
    assert order == sorted(order, key=lambda item: (ids.index(item[0]), item[1]))
    stayed = {study.study_id for study in b.studies}
    assert ids == [name for name in ids if name in stayed] + [name for name in ids if name not in stayed]


def test_a_snapshot_holds_what_the_study_table_shows() -> None:
    review = small_review()
    snapshot = snapshot_of(review.evidence, published(review, 4))
    assert [study.study_id for study in snapshot.studies] == sorted(s.study_id for s in review.evidence.studies)
    moeller = next(study for study in snapshot.studies if study.key == "Moeller 2018")
    assert [paper.path for paper in moeller.papers] == ["moeller.pdf"]
    assert moeller.cells[-1] == CellState(
        dimension="factor",
        code="process_design",
        passages=2,
        verified=0,
        polarity=(1, 1, 0),
        best=0.8,
        quote="Residents drew the new layout of the ward with nurses.",
        pages="101",
    )
    assert decode(encode(snapshot), Snapshot) == snapshot


def test_studies_are_in_the_study_tables_order_also_behind_the_letter_z() -> None:
    keys = [f"Ahn 2020{letters}" for letters in ("z", "aa", "b")] + ["Ahn n.d.", "Ahn Other 2019", "ahn 2019"]
    studies = [
        StudyState(study_id=f"s{n}", key=key, papers=(RunPaper(paper_id=f"p{n}", path=f"{n}.pdf"),), cells=())
        for n, key in enumerate(keys)
    ]
    run = msgspec.structs.replace(published(small_review(), 1))
    found = compare(None, Snapshot(run=run, studies=tuple(studies)))
    assert found.studies_new == ("Ahn n.d.", "ahn 2019", "Ahn 2020b", "Ahn 2020z", "Ahn 2020aa", "Ahn Other 2019")


# --------------------------------------------------------------------------------------------------------- the words


@pytest.fixture(scope="module")
def small() -> Review:
    return small_review()


def first_run(review: Review) -> Review:
    """The review as the first run of all."""
    return dataclasses.replace(review, changes=compare(None, snapshot_of(review.evidence, published(review, 1))))


def changes_of(review: Review) -> Changes:
    assert review.changes is not None
    return review.changes


def test_the_summary_names_runs_cells_causes_studies_and_papers(small: Review) -> None:
    assert change_summary(changes_of(small)) == [
        ("Compared", "run 3 (2026-03-03 06:00 UTC) → run 4. A cell is one code of one study."),
        ("Cells", "5 new, 1 changed, 1 lost, 3 unchanged"),
        ("Why", "new paper: 4 cells; new codebook: 2 cells; paper removed: 1 cell"),
        ("Also new", "codebook"),
        ("Studies", "1 came in: Tamura 2021; 1 left: Sato 2012"),
        ("Papers", "1 came in: tamura.pdf; 1 left: sato.pdf; 1 moved or renamed: okoro draft.pdf is now okoro.pdf"),
    ]


def test_of_many_papers_the_first_are_named_and_the_others_counted(small: Review) -> None:
    many = msgspec.structs.replace(changes_of(small), papers_new=tuple(f"{n:02}.pdf" for n in range(30)))
    assert dict(change_summary(many, most=2))["Papers"].startswith("30 came in: 00.pdf, 01.pdf, and 28 more; 1 left")


def test_a_first_run_is_summed_up_in_one_sentence(small: Review) -> None:
    [(_, sentence)] = change_summary(changes_of(first_run(small)))
    assert sentence == "Run 1 is the first that was published, so that there is nothing to compare it with."


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ({"passages": 9}, "passages"),
        ({"verified": 1}, "verified"),
        ({"polarity": (0, 0, 1)}, "polarity"),
        ({"quote": "Another."}, "strongest quote"),
        ({"pages": "9"}, "its page"),
        ({"best": 0.99}, "its probability"),
        ({"best": 0.8001}, ""),
    ],
)
def test_it_is_named_in_what_a_cell_differs(small: Review, value: dict[str, Any], name: str) -> None:
    cell = next(cell for cell in changes_of(small).cells if cell.change == "unchanged")
    before = msgspec.structs.replace(cell.before, best=0.8)
    after = msgspec.structs.replace(before, **value)
    assert differences(msgspec.structs.replace(cell, before=before, after=after)) == ([name] if name else [])


# --------------------------------------------------------------------------------------------------- CSV and workbook


def csv_rows(review: Review, kind: str = "changes") -> list[dict[str, str]]:
    [(name, contents)] = [(n, c) for n, c in export_review(review, [kind]) if n == "changes.csv"]
    assert name == "changes.csv"
    return list(csv.DictReader(io.StringIO(contents.decode("utf-8-sig"), newline="")))


def test_the_file_lists_all_cells_new_ones_first_and_unchanged_ones_last(small: Review) -> None:
    rows = csv_rows(small)
    assert [row["change"] for row in rows] == ["new"] * 5 + ["changed"] + ["lost"] + ["unchanged"] * 3
    assert rows[5] == {
        "change": "changed",
        "study": "Moeller 2018",
        "dimension": "Factor",
        "family": "Procedural factors",
        "code": "Process design",
        "cause": "new codebook",
        "differs": "passages, polarity",
        "passages_before": "1",
        "passages_now": "2",
        "verified_before": "0",
        "verified_now": "0",
        "facilitates_before": "1",
        "facilitates_now": "1",
        "hinders_before": "0",
        "hinders_now": "1",
        "mixed_before": "0",
        "mixed_now": "0",
        "quote_before": "Residents drew the new layout of the ward with nurses.",
        "quote_now": "Residents drew the new layout of the ward with nurses.",
        "page_before": "101",
        "page_now": "101",
        "probability_before": "0.8",
        "probability_now": "0.8",
        "runs": "run 3 (2026-03-03 06:00 UTC) → run 4",
        "code_name": "process_design",
        "study_id": next(s.study_id for s in small.evidence.studies if s.key == "Moeller 2018"),
    }


def test_what_a_run_had_not_is_empty_in_the_file(small: Review) -> None:
    new, lost = csv_rows(small)[0], csv_rows(small)[6]
    assert [new[f"{name}_before"] for name in ("passages", "verified", "quote", "page", "probability")] == [""] * 5
    assert [lost[f"{name}_now"] for name in ("passages", "verified", "quote", "page", "probability")] == [""] * 5
    assert (new["facilitates_now"], lost["facilitates_before"]) == ("", "")  # no dimension with a polarity


def test_quotes_of_unchanged_cells_are_left_to_the_other_tables(small: Review) -> None:
    unchanged = csv_rows(small)[-1]
    assert (unchanged["quote_before"], unchanged["quote_now"], unchanged["page_now"]) == ("", "", "101")


def test_a_first_run_gives_a_file_in_which_all_cells_are_new(small: Review) -> None:
    rows = csv_rows(first_run(small))
    assert {(row["change"], row["cause"]) for row in rows} == {("new", "first run")}
    assert len(rows) == sum(len(study.cells) for study in small.evidence.studies)


def test_a_code_that_left_the_codebook_is_listed_by_its_name(small: Review) -> None:
    cell = changes_of(small).cells[0]
    gone = CellChange(
        study_id=cell.study_id,
        study=cell.study,
        dimension="mood",
        code="joy",
        change="lost",
        causes=("new codebook",),
        before=msgspec.structs.replace(cell.before, dimension="mood", code="joy", polarity=(1, 0, 0)),
        after=None,
    )
    table = change_rows(
        look_up(small.evidence, small.codebook), msgspec.structs.replace(changes_of(small), cells=(gone,))
    )
    [row] = table.rows
    assert row[:6] == ("lost", "Moeller 2018", "mood", "", "joy", "new codebook")
    assert row[table.place("facilitates_before")] == 1


def sheet_of(review: Review) -> Any:
    [(_, contents)] = export_review(review, ["xlsx"])
    return openpyxl.load_workbook(io.BytesIO(contents))["Changes"]


def test_the_sheet_sums_up_above_the_rows_and_leads_to_the_quotes(small: Review) -> None:
    sheet = sheet_of(small)
    column = [row[0].value for row in sheet.iter_rows()]
    assert column[0] == "What changed"
    assert column[2] == "Cells: 5 new, 1 changed, 1 lost, 3 unchanged"
    top = column.index("Change") + 1
    assert column[top:] == ["new"] * 5 + ["changed", "lost"] + ["unchanged"] * 3
    assert sheet.freeze_panes == f"F{top + 1}"
    places = [(cell.row - top, cell.hyperlink.location) for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert [row for row, _ in places] == [1, 2, 3, 4, 5, 6, 8, 9, 10]  # the seventh is lost
    assert all(location.startswith("'Evidence'!") for _, location in places)
    book = sheet.parent
    now = next(cell.column for cell in sheet[top] if cell.value == "Strongest quote:\nnow")
    for row, location in places[:6]:  # unchanged ones lead there too, but show no quote
        assert book["Evidence"][location.partition("!")[2]].value == sheet.cell(top + row, now).value


def test_unchanged_cells_are_left_out_of_the_sheet_if_there_are_too_many(
    small: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook_module, "UNCHANGED", 2)
    column = [row[0].value for row in sheet_of(small).iter_rows()]
    assert "unchanged" not in column
    assert column[column.index("Change") - 1] == "3 unchanged cells are left out here; changes.csv has them."


def test_the_sheet_of_a_first_run_says_so_and_lists_nothing(small: Review) -> None:
    column = [row[0].value for row in sheet_of(first_run(small)).iter_rows()]
    assert column[column.index("Change") + 1 :] == []
    assert "the first that was published" in column[1]
    assert column[2] == "9 cells, which are all new, are left out here; changes.csv has them."


def test_the_read_me_tells_what_changed(small: Review) -> None:
    [(_, contents)] = export_review(small, ["xlsx"])
    sheet = openpyxl.load_workbook(io.BytesIO(contents))["Read me"]
    said = {row[0].value: row[1].value for row in sheet.iter_rows()}
    assert "Cells: 5 new, 1 changed, 1 lost, 3 unchanged" in said["Since the last run"]
    assert said["Changes"].endswith("10 rows.")


# ---------------------------------------------------------------------------------------------- report and methods


def section_of(review: Review) -> Any:
    [(_, contents)] = export_review(review, ["html"])
    page = lxml.html.fromstring(contents.decode())
    return page.find(".//section[@aria-labelledby='changes']")


def words(element: Any) -> str:
    return " ".join(" ".join(element.itertext()).split())


def test_the_report_sums_up_and_shows_quotes_before_and_now(small: Review) -> None:
    section = section_of(small)
    text = words(section)
    assert "5 new, 1 changed, 1 lost, 3 unchanged" in text
    assert [words(heading) for heading in section.iter("h3")] == ["New cells", "Changed cells", "Lost cells"]
    [changed] = [row for row in section.iter("tr") if "Moeller 2018" in words(row)]
    assert "1 passage (+1); probability 0.80 2 passages (+1 −1); probability 0.80" in words(changed)
    assert "differs: passages, polarity" in words(changed)
    assert "Before and now, p. 101" in words(changed)
    [lost] = [row for row in section.iter("tr") if "Sato 2012" in words(row)]
    assert "Neighbours cleared the canal together. Before, p. 101" in words(lost)
    assert lost.find(".//a") is None


def test_the_report_shows_the_first_cells_of_a_kind_and_says_where_the_others_are(small: Review) -> None:
    new = next(cell for cell in changes_of(small).cells if cell.change == "new")
    many = msgspec.structs.replace(changes_of(small), cells=(new,) * 130)
    section = section_of(dataclasses.replace(small, changes=many))
    assert len(section.findall(".//tbody/tr")) == 100
    assert "The first 100 of 130" in words(section)
    assert "changes.csv" in words(section)


def test_the_report_of_a_first_run_has_one_sentence(small: Review) -> None:
    section = section_of(first_run(small))
    assert [words(p) for p in section.iter("p")] == [
        "Run 1 is the first that was published, so that there is nothing to compare it with."
    ]
    assert section.find(".//table") is None


def test_the_methods_tell_what_changed(small: Review) -> None:
    [(_, contents)] = export_review(small, ["methods"])
    text = contents.decode()
    assert "What differs from run 3 (2026-03-03 06:00 UTC): new codebook." in text
    assert (
        "Since run 3 (2026-03-03 06:00 UTC), studies: 1 came in, 1 left; cells (each one code of one study): 5 new"
        in text
    )


# ------------------------------------------------------------------------------------------------ whatever is there


@pytest.mark.parametrize("kind", ["xlsx", "csv", "changes", "data", "html", "methods"])
def test_no_exporter_needs_to_know_what_changed(small: Review, kind: str) -> None:
    names = [name for name, _ in export_review(dataclasses.replace(small, changes=None), [kind])]
    assert not any("changes" in name for name in names)
    assert bool(names) == (kind != "changes")


def test_nothing_of_it_is_said_where_it_is_not_known(small: Review) -> None:
    unknown = dataclasses.replace(small, changes=None)
    assert section_of(unknown) is None
    [(_, contents)] = export_review(unknown, ["xlsx"])
    assert "Changes" not in openpyxl.load_workbook(io.BytesIO(contents)).sheetnames


def test_odd_words_of_papers_and_files_break_no_output(small: Review) -> None:
    cell = next(cell for cell in changes_of(small).cells if cell.change == "changed")
    cells = tuple(
        msgspec.structs.replace(
            cell,
            study=text[:50],
            before=msgspec.structs.replace(cell.before, quote=text),
            after=msgspec.structs.replace(cell.after, quote=text[::-1]),
        )
        for text in NASTY.values()
    )
    odd = msgspec.structs.replace(changes_of(small), cells=cells, papers_new=tuple(NASTY.values()))
    review = dataclasses.replace(small, changes=odd)
    assert len(csv_rows(review)) == len(cells)
    assert not any(row["quote_now"].startswith(("=", "+", "-", "@")) for row in csv_rows(review))
    assert sheet_of(review).max_row > len(cells)
    assert "changes" in Page(review).sections  # and every tag is closed in order


def test_no_studies_give_an_empty_list() -> None:
    review = first_run(review_of([]))
    assert csv_rows(review) == []
    assert change_summary(changes_of(review))[0][0] == "Compared"
