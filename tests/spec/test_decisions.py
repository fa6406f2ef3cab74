"""What people decide, and what the tables make of it: small tables in, small tables out."""

import msgspec
import pytest

from evitable.aggregate import aggregate_evidence
from evitable.codebook import default_codebook
from evitable.decide.placing import place_anchors
from evitable.decide.resolving import resolve
from support.decisions import People
from support.evidence import coded_paper

BOOK = default_codebook()
TEXT = "Residents drew the plan with the nurses of the ward."
OTHER = "Nobody asked them again."
PAPER = coded_paper("ada", {TEXT: [("co_design", "", 0.8), ("process_design", "facilitates", 0.7)], OTHER: []})
FIRST, SECOND = PAPER.passages


def decided(people, paper=PAPER):
    placements = place_anchors((one.anchor for one in people.made), paper.passages, None)
    return msgspec.structs.replace(paper, decided=resolve(people.made, placements))


def table(people, paper=PAPER):
    """Give (passage, code, status, polarity) of each coding."""
    evidence = aggregate_evidence([decided(people, paper)], BOOK)
    return [(one.quote[:9], one.code, one.status, one.polarity) for one in evidence.codings]


def cell(people, code="co_design"):
    """Give (passages, verified) of a cell; None where the study does not carry the code."""
    (study,) = aggregate_evidence([decided(people)], BOOK).studies
    return next(((one.passages, one.verified) for one in study.cells if one.code == code), None)


@pytest.mark.parametrize(
    ("verdict", "status", "counted"),
    [
        ("accept", "accepted", (1, 1)),
        ("reject", "rejected", None),
        ("unsure", "machine", None),
    ],
)
def test_what_a_person_says_of_the_machines_code_stands(verdict, status, counted):
    people = People()
    people.decide("ada", verdict, FIRST)
    assert table(people)[0] == ("Residents", "co_design", status, None)
    assert cell(people) == counted


def test_another_polarity_corrects_the_machine():
    people = People()
    people.decide("ada", "accept", FIRST, "process_design", polarity="hinders")
    assert table(people)[1] == ("Residents", "process_design", "corrected", "hinders")


def test_a_code_that_the_machine_had_not_given_is_added():
    people = People()
    people.decide("ada", "add", SECOND, said=None)
    assert table(people)[2] == ("Nobody as", "co_design", "corrected", None)
    assert cell(people) == (2, 1)


def test_a_change_rejects_one_code_and_adds_the_other():
    people = People()
    people.decide("ada", "reject", FIRST)
    people.decide("ada", "add", FIRST, "co_delivery", said=None, replaces="co_design")
    assert [row[1:3] for row in table(people)] == [
        ("co_design", "rejected"),
        ("co_delivery", "corrected"),
        ("process_design", "machine"),
    ]


def test_the_last_decision_stands_when_it_was_made_in_sight_of_the_others():
    people = People()
    people.decide("ada", "accept", FIRST)
    people.decide("ben", "reject", FIRST)
    assert table(people)[0][2] == "rejected"


def test_what_is_undone_leaves_what_was_before():
    people = People()
    people.decide("ada", "accept", FIRST)
    people.decide("ada", "reject", FIRST)
    people.decide("ada", "undo", FIRST)
    assert table(people)[0][2] == "accepted"
    people.decide("ada", "undo", FIRST)
    assert table(people)[0][2] == "rejected"  # the undo is undone


def test_where_all_is_undone_the_machine_speaks_again_and_the_next_decision_has_a_base():
    people = People()
    people.decide("ada", "reject", FIRST)
    last = people.decide("ada", "undo", FIRST)
    (coding, _) = aggregate_evidence([decided(people)], BOOK).codings
    assert (coding.status, coding.coder, coding.revision) == ("machine", "m1", (last.id,))


def test_copies_worked_on_apart_that_disagree_are_a_dispute_that_counts_nowhere():
    people = People()
    people.decide("ada", "accept", FIRST)
    people.decide("ben", "reject", FIRST, base=())
    assert table(people)[0][2] == "disputed"
    assert cell(people) is None
    people.decide("cem", "accept", FIRST, adjudicates=True)
    assert table(people)[0][2] == "accepted"


def test_blind_coders_who_agree_are_believed_and_those_who_do_not_are_a_dispute():
    people = People()
    for coder in ("ada", "ben"):
        people.decide(coder, "add", FIRST, blind=True)
    assert table(people)[0][2] == "accepted"
    people.decide("ada", "add", SECOND, "group", said=None, blind=True)
    people.decide("ben", "complete", SECOND, "", said=None, blind=True)
    assert table(people)[2][1:3] == ("group", "disputed")


def test_polarities_that_differ_between_blind_coders_are_a_dispute():
    people = People()
    people.decide("ada", "add", FIRST, "process_design", polarity="hinders", blind=True)
    people.decide("ben", "add", FIRST, "process_design", polarity="facilitates", blind=True)
    assert table(people)[1][2] == "disputed"


def test_a_blind_coder_who_has_not_finished_a_passage_disputes_nothing():
    people = People()
    people.decide("ada", "add", FIRST, blind=True)
    people.decide("ben", "add", FIRST, "group", said=None, blind=True)
    assert {row[2] for row in table(people)[:2]} == {"accepted", "corrected"}


def test_a_new_model_that_thinks_otherwise_changes_no_decision():
    people = People()
    people.decide("ada", "accept", FIRST)
    people.decide("ada", "reject", FIRST, "process_design")
    silent = coded_paper("ada", {TEXT: [("process_design", "facilitates", 0.99)], OTHER: []})
    evidence = aggregate_evidence([decided(people, silent)], BOOK)
    assert [(one.code, one.status, one.answer) for one in evidence.codings] == [
        ("co_design", "accepted", "no"),
        ("process_design", "rejected", "yes"),
    ]


def test_the_strongest_quote_is_one_that_a_person_has_confirmed():
    paper = coded_paper("ada", {TEXT: [("co_design", "", 0.99)], OTHER: [("co_design", "", 0.5)]})
    people = People()
    people.decide("ada", "accept", paper.passages[1])
    evidence = aggregate_evidence([decided(people, paper)], BOOK)
    (found,) = (one for one in evidence.codings if one.id == evidence.studies[0].cells[0].strongest)
    assert found.quote == OTHER


def test_decisions_whose_text_is_gone_are_listed_and_counted_but_not_in_a_cell():
    people = People()
    people.decide("ada", "accept", FIRST)
    changed = coded_paper("ada", {OTHER: []})
    evidence = aggregate_evidence([decided(people, changed)], BOOK)
    assert [(one.status, one.quote) for one in evidence.codings] == [("orphaned", TEXT)]
    assert [issue.code for issue in evidence.issues] == ["decision-orphaned"]
    assert evidence.studies[0].cells == ()


def test_decisions_on_a_code_that_the_codebook_has_not_are_kept_and_told():
    people = People()
    people.decide("ada", "accept", FIRST, "no_such_code")
    evidence = aggregate_evidence([decided(people)], BOOK)
    assert [issue.code for issue in evidence.issues] == ["decision-code-unknown"]
    assert len(evidence.codings) == 2


def test_lost_text_needs_nobody_once_it_is_decided_on_at_another_place_or_rejected():
    people = People()
    first = people.decide("ada", "accept", FIRST)
    people.decide("ada", "reject", FIRST, "process_design")
    changed = coded_paper("ada", {OTHER: []})
    assert table(people, changed) == [
        ("Residents", "co_design", "orphaned", None),
        ("Residents", "process_design", "rejected", None),
    ]
    people.decide("ben", "add", changed.passages[0], base=(first.id,), said=None)
    assert table(people, changed) == [
        ("Nobody as", "co_design", "corrected", None),
        ("Residents", "process_design", "rejected", None),
    ]


def test_each_blind_coders_word_that_a_passage_is_complete_holds():
    people = People()
    people.decide("ada", "complete", SECOND, "", said=None, blind=True)
    people.decide("ben", "add", SECOND, "group", said=None, blind=True)
    people.decide("cem", "complete", SECOND, "", said=None)
    assert table(people)[2][1:3] == ("group", "disputed")


def test_the_next_decision_rests_on_the_latest_of_its_line_also_where_that_has_gone_on_at_another_place():
    people = People()
    first = people.decide("ada", "accept", FIRST)
    second = people.decide("ben", "reject", SECOND, base=(first.id,))
    (one, _, other) = aggregate_evidence([decided(people)], BOOK).codings
    assert (one.status, one.revision) == ("accepted", (second.id,))
    assert (other.status, other.revision) == ("rejected", (second.id,))
