"""What changed between two runs, and why, as a reviewer who updates a review would check it by hand."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from evitable.aggregate import CodedPaper, Counting, aggregate_evidence, compare, snapshot_of
from evitable.codebook import default_codebook
from evitable.records import Cause, Change, Changes, Evidence, Prisma, PrismaSettings, Snapshot
from evitable.settings import StudyPapers
from support.evidence import Said, coded_paper
from support.review import published, review_of

BOOK = default_codebook()
CODES = [code.name for code in BOOK.code]


def paper(name: str, *said: Said, text: str = "Residents drew the layout with nurses.") -> CodedPaper:
    """A paper of one passage, called by its author."""
    return coded_paper(name.lower(), {text: list(said)}, author=f"{name}, A.", year=2020)


def run(*papers: CodedPaper, number: int = 1, counting: Counting | None = None, **identity: Any) -> Snapshot:
    """A published run of these papers; `identity` is what it was made with."""
    review = review_of(papers, BOOK, counting)
    return snapshot_of(review.evidence, published(review, number, **identity))


def changes(before: Snapshot | None, after: Snapshot) -> Changes:
    return compare(before, after, CODES)


def said_of(found: Changes) -> list[tuple[Change, str, str, tuple[Cause, ...]]]:
    return [(cell.change, cell.study, cell.code, cell.causes) for cell in found.cells]


DESIGN: Said = ("co_design", "", 0.8)
GROUP: Said = ("group", "", 0.7)
BUDGET: Said = ("process_design", "facilitates", 0.6)


# ------------------------------------------------------------------------------------------------------- papers


def test_in_the_first_run_every_cell_is_new() -> None:
    found = changes(None, run(paper("Ahn", DESIGN)))
    assert said_of(found) == [("new", "Ahn 2020", "co_design", ("first run",))]
    assert (found.before, found.after, found.causes) == (None, 1, ())


def test_a_run_of_the_same_papers_by_the_same_means_changes_nothing() -> None:
    found = changes(run(paper("Ahn", DESIGN, GROUP)), run(paper("Ahn", DESIGN, GROUP), number=2))
    assert {cell.change for cell in found.cells} == {"unchanged"}
    assert all(cell.causes == () for cell in found.cells)
    assert (found.papers_new, found.papers_gone, found.papers_renamed, found.causes) == ((), (), (), ())


def test_the_cells_of_a_paper_that_came_in_are_new_because_of_it() -> None:
    found = changes(run(paper("Ahn", DESIGN)), run(paper("Ahn", DESIGN), paper("Berg", GROUP), number=2))
    assert said_of(found) == [
        ("unchanged", "Ahn 2020", "co_design", ()),
        ("new", "Berg 2020", "group", ("new paper",)),
    ]
    assert (found.papers_new, found.studies_new) == (("berg.pdf",), ("Berg 2020",))


def test_the_cells_of_a_paper_that_left_are_lost_because_of_it_and_come_last() -> None:
    found = changes(run(paper("Ahn", DESIGN), paper("Berg", GROUP)), run(paper("Berg", GROUP), number=2))
    assert said_of(found) == [
        ("unchanged", "Berg 2020", "group", ()),
        ("lost", "Ahn 2020", "co_design", ("paper removed",)),
    ]
    assert (found.papers_gone, found.studies_gone) == (("ahn.pdf",), ("Ahn 2020",))


def test_a_new_paper_under_a_new_codebook_is_new_because_it_is_a_new_paper() -> None:
    found = changes(run(codebook_version="c1"), run(paper("Berg", GROUP), number=2, codebook_version="c2"))
    assert said_of(found) == [("new", "Berg 2020", "group", ("new paper",))]
    assert found.causes == ("new codebook",)


def test_a_renamed_paper_is_named_and_changes_nothing() -> None:
    item = paper("Ahn", DESIGN)
    moved = msgspec.structs.replace(item, paper=msgspec.structs.replace(item.paper, path="2020/Ahn final.pdf"))
    found = changes(run(item), run(moved, number=2))
    assert found.papers_renamed == (("ahn.pdf", "2020/Ahn final.pdf"),)
    assert (found.papers_new, found.papers_gone) == ((), ())
    assert said_of(found) == [("unchanged", "Ahn 2020", "co_design", ())]


def joined(*names: str) -> Counting:
    return Counting(joined=(StudyPapers(papers=tuple(f"{name}.pdf" for name in names)),))


def test_a_second_paper_of_a_study_changes_the_study() -> None:
    before = run(paper("Ahn", DESIGN))
    after = run(
        paper("Ahn", DESIGN), paper("Berg", DESIGN, GROUP, text="More."), number=2, counting=joined("ahn", "berg")
    )
    found = changes(before, after)
    assert said_of(found) == [
        ("changed", "Ahn 2020", "co_design", ("papers of the study changed",)),
        ("new", "Ahn 2020", "group", ("papers of the study changed",)),
    ]
    assert (found.papers_new, found.studies_new) == (("berg.pdf",), ())


def test_two_studies_that_are_joined_into_one_are_no_removed_paper() -> None:
    papers = (paper("Ahn", DESIGN), paper("Berg", GROUP))
    found = changes(run(*papers), run(*papers, number=2, counting=joined("ahn", "berg")))
    assert said_of(found) == [
        ("unchanged", "Ahn 2020", "co_design", ()),
        ("new", "Ahn 2020", "group", ("papers of the study changed",)),
        ("lost", "Berg 2020", "group", ("papers of the study changed",)),
    ]
    assert (found.papers_new, found.papers_gone, found.studies_gone) == ((), (), ("Berg 2020",))


# -------------------------------------------------------------------------------------------- means, one at a time


@pytest.mark.parametrize(
    ("identity", "cause"),
    [
        ({"codebook_version": "c2"}, "new codebook"),
        ({"model_id": "m2"}, "new model"),
        ({"settings": {"roll_up": "at least 2"}}, "new settings"),
        ({"references": {"references.ris": "another"}}, "new references"),
        ({"evitable": "0.2.0"}, "new version of the program"),
        ({"stages": {"extract": 2}}, "new version of the program"),
        ({"libraries": {"pdfminer.six": "20270101"}}, "new version of the program"),
    ],
)
def test_what_alone_differs_between_the_runs_is_the_cause(identity: dict[str, Any], cause: Cause) -> None:
    found = changes(run(paper("Ahn", DESIGN)), run(paper("Ahn", DESIGN, GROUP), number=2, **identity))
    assert said_of(found) == [
        ("unchanged", "Ahn 2020", "co_design", ()),
        ("new", "Ahn 2020", "group", (cause,)),
    ]
    assert found.causes == (cause,)


def test_where_several_things_differ_all_are_named() -> None:
    found = changes(run(paper("Ahn", DESIGN)), run(paper("Ahn"), number=2, codebook_version="c2", model_id="m2"))
    assert said_of(found) == [("lost", "Ahn 2020", "co_design", ("new codebook", "new model"))]


@pytest.mark.parametrize("setting", ["title", "prisma", "study"])
def test_a_title_and_numbers_of_the_flow_diagram_change_no_cell(setting: str) -> None:
    found = changes(
        run(paper("Ahn", DESIGN), settings={setting: "old"}),
        run(paper("Ahn", DESIGN, GROUP), number=2, settings={setting: "new"}, model_id="m2"),
    )
    assert found.causes == ("new model",)


def test_a_change_that_nothing_else_explains_is_a_decision() -> None:
    found = changes(run(paper("Ahn", DESIGN, GROUP)), run(paper("Ahn", DESIGN), number=2))
    assert said_of(found)[1] == ("lost", "Ahn 2020", "group", ("decision",))


# ---------------------------------------------------------------------------------------------- what counts as change


def with_cell(snapshot: Snapshot, **values: Any) -> Snapshot:
    """The run, with other values of its first cell."""
    [study, *rest] = snapshot.studies
    [cell, *cells] = study.cells
    study = msgspec.structs.replace(study, cells=(msgspec.structs.replace(cell, **values), *cells))
    return msgspec.structs.replace(snapshot, studies=(study, *rest))


@pytest.mark.parametrize(
    "value",
    [{"passages": 2}, {"polarity": (0, 1, 0)}, {"quote": "Another."}, {"pages": "7"}, {"best": 0.61}],
    ids=["passages", "polarity", "strongest quote", "page", "probability"],
)
def test_a_cell_has_changed_if_what_a_table_shows_of_it_differs(value: dict[str, Any]) -> None:
    [cell] = changes(
        run(paper("Ahn", BUDGET)), with_cell(run(paper("Ahn", BUDGET), number=2, model_id="m2"), **value)
    ).cells
    assert (cell.change, cell.causes) == ("changed", ("new model",))


def test_a_probability_that_no_table_shows_otherwise_is_no_change() -> None:
    [cell] = changes(run(paper("Ahn", BUDGET)), with_cell(run(paper("Ahn", BUDGET), number=2), best=0.6012)).cells
    assert cell.change == "unchanged"


def test_a_passage_that_a_person_confirmed_is_a_decision_whatever_else_differs() -> None:
    before = run(paper("Ahn", BUDGET))
    after = run(paper("Ahn", BUDGET), number=2, model_id="m2")
    [only] = changes(before, with_cell(after, verified=1)).cells
    assert (only.change, only.causes) == ("changed", ("decision",))
    [both] = changes(before, with_cell(after, verified=1, passages=3)).cells
    assert both.causes == ("decision", "new model")


def test_studies_stand_in_the_study_tables_order_and_cells_in_the_codebooks() -> None:
    before = run(paper("Zimmer", DESIGN), paper("Ågren", BUDGET, DESIGN))
    after = run(paper("Ágoston", GROUP), paper("Ågren", GROUP, BUDGET), number=2)
    assert [(cell.study, cell.code) for cell in changes(before, after).cells] == [
        ("Ágoston 2020", "group"),
        ("Ågren 2020", "co_design"),
        ("Ågren 2020", "group"),
        ("Ågren 2020", "process_design"),
        ("Zimmer 2020", "co_design"),
    ]


# ------------------------------------------------------------------------------- the flow diagram of an updated review


def flow(*papers: CodedPaper, previous: Snapshot, counting: Counting | None = None, **settings: Any) -> Evidence:
    how = msgspec.structs.replace(
        counting or Counting(), prisma=PrismaSettings(previous_run=3, **settings), previous=previous
    )
    return aggregate_evidence(papers, BOOK, how)


def numbers(diagram: Prisma, box: str) -> list[tuple[int | None, str]]:
    return [(line.count, line.origin) for each in diagram.boxes if each.name == box for line in each.lines]


THREE = (paper("Ahn"), paper("Berg"), paper("Cole"))


def test_naming_the_run_that_was_published_makes_the_diagram_that_of_an_updated_review() -> None:
    diagram = flow(*THREE, paper("Dahl"), previous=run(*THREE, number=3)).prisma
    assert diagram.form == "updated"
    assert numbers(diagram, "previous") == [(3, "counted"), (3, "counted")]
    assert numbers(diagram, "included") == [(1, "counted"), (1, "counted")]
    assert numbers(diagram, "total") == [(4, "counted"), (4, "counted")]
    assert diagram.faults == ()


def test_a_further_report_of_an_old_study_is_a_new_report_and_no_new_study() -> None:
    diagram = flow(*THREE, paper("Dahl"), previous=run(*THREE, number=3), counting=joined("ahn", "dahl")).prisma
    assert [count for count, _ in numbers(diagram, "included")] == [0, 1]
    assert [count for count, _ in numbers(diagram, "total")] == [3, 4]
    assert diagram.faults == ()


def test_a_renamed_paper_is_no_new_report() -> None:
    item = paper("Ahn")
    moved = msgspec.structs.replace(item, paper=msgspec.structs.replace(item.paper, path="moved.pdf"))
    diagram = flow(moved, previous=run(item, number=3)).prisma
    assert [count for count, _ in numbers(diagram, "included")] == [0, 0]


def test_a_study_that_left_the_review_is_told_because_prisma_has_no_box_for_it() -> None:
    evidence = flow(paper("Ahn"), paper("Berg"), paper("Dahl"), previous=run(*THREE, number=3))
    assert numbers(evidence.prisma, "previous")[0] == (3, "counted")
    assert numbers(evidence.prisma, "included")[0] == (1, "counted")
    assert numbers(evidence.prisma, "total")[0] == (3, "counted")
    [fault] = evidence.prisma.faults
    assert fault == (
        "1 study of the previous version (run 3) has left the review since: Cole 2020. "
        "The PRISMA diagram has no box for it: say in the text which and why."
    )
    assert any("Cole 2020" in issue.message for issue in evidence.issues if issue.code == "prisma-sums")


def test_a_report_that_left_while_its_study_stays_is_told_too() -> None:
    before = run(paper("Ahn"), paper("Berg"), number=3, counting=joined("ahn", "berg"))
    assert flow(paper("Ahn"), previous=before).prisma.faults[-1] == (
        "1 report of the previous version (run 3) has left the review since, though its study stays: berg.pdf. "
        "The PRISMA diagram has no box for this: say it in the text."
    )


def test_studies_that_were_joined_since_are_why_the_numbers_do_not_add_up() -> None:
    diagram = flow(*THREE, previous=run(*THREE, number=3), counting=joined("ahn", "berg")).prisma
    assert [count for count, _ in numbers(diagram, "total")] == [2, 3]
    assert "[[study]]" in diagram.faults[-1]


def test_our_own_number_of_previous_studies_stands_and_is_held_against_the_run() -> None:
    diagram = flow(*THREE, previous=run(*THREE, number=3), previous_studies=2, previous_reports=3).prisma
    assert numbers(diagram, "previous") == [(2, "given"), (3, "given")]
    look = "Look at previous_run and previous_studies under [prisma]."
    assert f"Studies in the previous version are 2, but run 3 had 3. {look}" in diagram.faults


def test_where_only_new_papers_are_in_the_corpus_the_previous_version_is_added_to_them() -> None:
    diagram = flow(paper("Dahl"), previous=run(*THREE, number=3), previous_in_corpus=False).prisma
    assert [count for count, _ in numbers(diagram, "included")] == [1, 1]
    assert numbers(diagram, "total") == [(4, "derived"), (4, "derived")]
    assert diagram.faults == ()
