"""Agreement of coders, in the reviewers' words: what two people coded, each alone, and what is said of it.

`one`, `two` ... are passages. A coder's list names the codes given to each passage that was read in full.
"""

from __future__ import annotations

import pytest

from evitable.decide.agreement import agreement
from evitable.decide.disagreements import Disagreement, PaperAnswers, blind_codings, disagreements
from evitable.decide.placing import of_passage
from evitable.decide.resolving import resolve
from evitable.records import Agreement, Decision, Passage, Place, Prediction, passage_id
from support.decisions import People

CODES = ("spring", "food")
PAPERS = {"p1": "s1", "p2": "s2", "p3": "s2"}
"""Papers by their studies: the second and the third are one study."""


class Book:
    """What was decided on passages of papers, as tests write it down."""

    def __init__(self, *texts: str) -> None:
        """Take passages: `one`, or `p2 one` where it is not in the first paper."""
        self.passages: dict[str, Passage] = {}
        for start, name in enumerate(texts):
            paper = name.split()[0] if " " in name else "p1"
            text = f"This is passage {name}."
            self.passages[name] = Passage(
                id=passage_id(paper, text, 0),
                paper_id=paper,
                start=100 * start,
                end=100 * start + len(text),
                text=text,
                places=(Place(page=start + 1, box=(0, 0, 1, 1)),),
                page_labels=(str(start + 201),),
            )
        self.people = People()
        self.predictions: list[Prediction] = []

    def decide(self, coder: str, name: str, verdict: str, code: str = "", **more) -> Decision:
        """Write down one decision; blind unless told otherwise."""
        return self.people.decide(coder, verdict, self.passages[name], code, **{"blind": True} | more)

    def blind(self, coder: str, **given: str) -> None:
        """Let a coder code passages in full: codes by passage, with `_` for a space in its name, `code?` for unsure."""
        for key, codes in given.items():
            name = key.replace("_", " ")
            for code in codes.split():
                self.decide(coder, name, "unsure" if code.endswith("?") else "add", code.rstrip("?"))
            self.decide(coder, name, "complete")

    def machine(self, name: str, code: str, *, unsure: bool = False) -> None:
        """Let the machine give a code to a passage."""
        self.predictions.append(
            Prediction(
                passage_id=self.passages[name].id,
                dimension="d",
                code=code,
                probability=0.8,
                unsure=unsure,
                model_id="m1",
                codebook_version="c1",
            )
        )

    def _compared(self):
        placements = {
            paper: {one.id: of_passage(one) for one in self.passages.values() if one.paper_id == paper}
            for paper in PAPERS
        }
        papers = {}
        for paper, study in PAPERS.items():
            mine = {one.id: one for one in self.passages.values() if one.paper_id == paper}
            said = [one for one in self.predictions if one.passage_id in mine]
            decided = [one for one in self.people.made if one.anchor.paper_id == paper]
            papers[paper] = PaperAnswers(study, tuple(mine.values()), said, resolve(decided, placements[paper]))
        return blind_codings(self.people.made, placements), papers, CODES

    def agreement(self) -> dict[tuple[str, str], Agreement]:
        """Give how coders agree, by their names."""
        return {(pair.first, pair.second): pair for pair in agreement(*self._compared(), "m1")}

    def disagreements(self) -> tuple[Disagreement, ...]:
        return disagreements(*self._compared())


def of_code(pair: Agreement, code: str):
    [one] = [one for one in pair.codes if one.code == code]
    return one


def cells(pair: Agreement, code: str) -> tuple[int, int, int, int]:
    one = of_code(pair, code)
    return one.both, one.first_only, one.second_only, one.neither


def test_two_people_are_compared_code_by_code_on_the_passages_that_both_have_read_in_full():
    book = Book("one", "two", "three", "four")
    book.blind("ada", one="spring food", two="spring", three="", four="")
    book.blind("ben", one="spring", two="", three="", four="")
    pair = book.agreement()["ada", "ben"]
    assert (pair.passages, pair.studies, pair.machine) == (4, 1, False)
    assert cells(pair, "spring") == (1, 1, 0, 2)
    assert cells(pair, "food") == (0, 1, 0, 3)
    assert of_code(pair, "spring").raw.value == 0.75
    assert of_code(pair, "spring").prevalence == 0.375


def test_a_passage_that_one_of_them_did_not_declare_complete_does_not_count():
    book = Book("one", "two")
    book.blind("ada", one="spring", two="spring")
    book.blind("ben", one="spring")
    book.decide("ben", "two", "add", "food")
    assert book.agreement()["ada", "ben"].passages == 1


def test_what_was_decided_in_sight_of_the_machine_or_of_others_never_counts():
    book = Book("one")
    book.blind("ada", one="spring")
    book.decide("ben", "one", "accept", "spring", blind=False)
    book.decide("ben", "one", "complete", blind=False)
    assert list(book.agreement()) == [("ada", "m1")]
    assert book.disagreements() == ()


def test_a_verdict_that_a_person_changed_or_took_back_while_blind_does_not_count():
    book = Book("one", "two")
    book.decide("ada", "one", "add", "food")
    book.decide("ada", "one", "undo", "food")
    book.decide("ada", "two", "add", "food")
    book.decide("ada", "two", "reject", "food")
    book.blind("ada", one="spring", two="")
    book.blind("ben", one="spring", two="")
    pair = book.agreement()["ada", "ben"]
    assert cells(pair, "food") == (0, 0, 0, 2)
    assert cells(pair, "spring") == (1, 0, 0, 1)


def test_a_passage_whose_completion_was_taken_back_does_not_count():
    book = Book("one")
    book.blind("ada", one="spring")
    book.blind("ben", one="spring")
    book.decide("ben", "one", "undo")
    assert list(book.agreement()) == [("ada", "m1")]


def test_what_came_later_in_the_open_leaves_the_agreement_as_it_was():
    book = Book("one", "two")
    book.blind("ada", one="spring", two="")
    book.blind("ben", one="", two="")
    before = book.agreement()["ada", "ben"]
    book.decide("cem", "one", "reject", "spring", blind=False, adjudicates=True)
    assert book.agreement()["ada", "ben"] == before
    assert cells(before, "spring") == (0, 1, 0, 1)


def test_a_person_is_compared_with_the_machine_on_all_that_this_person_coded_blind():
    book = Book("one", "two", "three")
    book.machine("one", "spring")
    book.machine("two", "spring", unsure=True)
    book.machine("three", "spring")
    book.blind("ada", one="spring", two="spring")
    book.blind("ben", three="")
    found = book.agreement()
    assert list(found) == [("ada", "m1"), ("ben", "m1")]
    assert found["ada", "m1"].machine
    assert cells(found["ada", "m1"], "spring") == (1, 1, 0, 0), "what the machine leaves open is a no"
    assert cells(found["ben", "m1"], "spring") == (0, 0, 1, 0)


def test_what_a_person_left_open_counts_as_not_given_and_is_named_in_the_list():
    book = Book("one")
    book.blind("ada", one="spring")
    book.blind("ben", one="spring?")
    assert cells(book.agreement()["ada", "ben"], "spring") == (0, 1, 0, 0)
    [one] = book.disagreements()
    assert (one.yes, one.no, one.unsure) == (("ada",), (), ("ben",))


def test_three_coders_give_three_pairs_and_one_row_for_each_code_on_which_they_differ():
    book = Book("one")
    book.blind("ada", one="spring")
    book.blind("ben", one="spring")
    book.blind("cem", one="")
    assert list(book.agreement())[:3] == [("ada", "ben"), ("ada", "cem"), ("ben", "cem")]
    [one] = book.disagreements()
    assert (one.code, one.yes, one.no, one.outcome) == ("spring", ("ada", "ben"), ("cem",), "open")


def test_kappa_and_alpha_of_a_code_that_both_always_or_never_gave_are_not_defined():
    book = Book("one", "two")
    book.blind("ada", one="spring", two="spring")
    book.blind("ben", one="spring", two="spring")
    pair = book.agreement()["ada", "ben"]
    for code in CODES:
        assert of_code(pair, code).kappa.value is None
        assert of_code(pair, code).alpha.value is None
        assert of_code(pair, code).raw.value == 1


def test_the_mean_is_over_the_codes_that_either_gave():
    book = Book("one", "two", "three", "four")
    book.blind("ada", one="spring", two="spring", three="", four="")
    book.blind("ben", one="spring", two="", three="", four="")
    pair = book.agreement()["ada", "ben"]
    assert pair.overall.raw.value == of_code(pair, "spring").raw.value == 0.75
    assert pair.overall.kappa.value == of_code(pair, "spring").kappa.value == pytest.approx(0.5)


def test_intervals_come_from_studies_and_one_study_gives_none():
    book = Book("one", "two", "p2 one", "p3 one", "p3 two")
    book.blind("ada", one="spring", two="")
    book.blind("ben", one="spring", two="")
    alone = of_code(book.agreement()["ada", "ben"], "spring").raw
    assert (alone.value, alone.low, alone.high) == (1, None, None)
    book.blind("ada", p2_one="spring", p3_one="", p3_two="")
    book.blind("ben", p2_one="", p3_one="", p3_two="")
    pair = book.agreement()["ada", "ben"]
    raw = of_code(pair, "spring").raw
    assert pair.studies == 2, "the second and the third paper are one study"
    assert (raw.value, raw.low, raw.high) == (0.8, pytest.approx(2 / 3), 1)


def test_a_disagreement_says_where_it_stands_who_says_what_and_what_the_machine_says():
    book = Book("one", "two")
    book.machine("two", "food", unsure=True)
    book.blind("ada", one="spring", two="food")
    book.blind("ben", one="spring", two="")
    [one] = book.disagreements()
    assert (one.study_id, one.paper_id, one.code, one.quote) == ("s1", "p1", "food", "This is passage two.")
    assert (one.pages, one.page_labels) == ((2,), ("202",))
    assert (one.yes, one.no, one.unsure, one.machine) == (("ada",), ("ben",), (), "unsure")


def test_giving_a_code_both_ways_is_a_disagreement_on_its_polarity():
    book = Book("one", "two")
    book.decide("ada", "one", "add", "food", polarity="facilitates")
    book.decide("ben", "one", "add", "food", polarity="hinders")
    book.decide("ada", "two", "add", "food", polarity="facilitates")
    book.decide("ben", "two", "add", "food")
    book.blind("ada", one="", two="")
    book.blind("ben", one="", two="")
    [one] = book.disagreements()
    assert one.polarities == (("ada", "facilitates"), ("ben", "hinders"))
    assert (one.yes, one.no) == (("ada", "ben"), ())
    assert cells(book.agreement()["ada", "ben"], "food") == (2, 0, 0, 0)


@pytest.mark.parametrize(("verdict", "outcome"), [("accept", "applies"), ("reject", "does not apply")])
def test_a_disagreement_is_settled_by_a_decision_with_both_answers_in_sight(verdict, outcome):
    book = Book("one")
    book.blind("ada", one="spring")
    book.blind("ben", one="")
    [one] = book.disagreements()
    assert (one.outcome, one.settled_by) == ("open", ())
    book.decide("cem", "one", verdict, "spring", blind=False, adjudicates=True)
    [one] = book.disagreements()
    assert (one.outcome, one.settled_by) == (outcome, ("cem",))
    book.decide("cem", "one", "undo", "spring", blind=False)
    [one] = book.disagreements()
    assert (one.outcome, one.settled_by) == ("open", ()), "what was taken back settles nothing"


def test_a_decision_that_somebody_made_without_looking_at_the_blind_answers_settles_nothing():
    book = Book("one")
    book.decide("cem", "one", "accept", "spring", blind=False)
    book.blind("ada", one="spring")
    book.blind("ben", one="")
    [one] = book.disagreements()
    assert one.outcome == "open"


def test_leaving_it_open_settles_nothing():
    book = Book("one")
    book.blind("ada", one="spring")
    book.blind("ben", one="")
    book.decide("cem", "one", "unsure", "spring", blind=False)
    [one] = book.disagreements()
    assert one.outcome == "open"


def test_disagreements_are_listed_in_the_order_of_studies_text_and_codes():
    book = Book("p2 one", "two", "one")
    book.blind("ada", one="food spring", two="spring", p2_one="spring")
    book.blind("ben", one="", two="", p2_one="")
    listed = [(one.study_id, one.quote, one.code) for one in book.disagreements()]
    assert listed == [
        ("s1", "This is passage two.", "spring"),
        ("s1", "This is passage one.", "spring"),
        ("s1", "This is passage one.", "food"),
        ("s2", "This is passage p2 one.", "spring"),
    ]


def test_without_blind_decisions_nothing_is_said():
    book = Book("one")
    book.decide("ada", "one", "accept", "spring", blind=False)
    assert book.agreement() == {}
    assert book.disagreements() == ()
