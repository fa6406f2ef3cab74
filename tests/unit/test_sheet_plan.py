"""What becomes of each row of a sheet that comes back, beside what people have decided since."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest

from evitable.codebook import default_codebook
from evitable.decide.placing import place_anchors
from evitable.decide.resolving import resolve, standing
from evitable.decide.sheet_plan import Item, Judged, Plan, decision_of, plan_sheet, revision_text
from evitable.decide.sheets import FORMAT, SheetFile, SheetRow
from evitable.errors import UserError
from evitable.export.tables.table import code_titles
from evitable.records import Decision, Said, coding_id
from support.decisions import People, anchored
from support.evidence import coded_paper

BOOK = default_codebook()
TITLES = code_titles(BOOK)
WAYLESS = BOOK.codes_of(BOOK.dimension[0].name)
"""Codes without a polarity."""
FACTORS = BOOK.codes_of(BOOK.dimension[-1].name)
"""Codes with a polarity."""
CODE, OTHER = FACTORS[0].name, FACTORS[1].name
"""The code that the machine has given to both passages, and one that it has not."""
PASSAGES = coded_paper("paper", {"Residents came to the library.": [], "Officers came late.": []}).passages
SAID = Said(probability=0.7, polarity="facilitates", model_id="m")


class Present:
    """What stands now: the machine's code on two passages, and what people have decided."""

    def __init__(self, people: People | None = None) -> None:
        self.log: Sequence[Decision] = people.made if people else ()

    def item(self, name: str) -> Item | None:
        found = [(one.id, code) for one in PASSAGES for code in TITLES if coding_id(one.id, code) == name]
        return self._item(*found[0]) if found else None

    def beside(self, item: Item, code: str) -> Item:
        return self._item(item.place, code)

    def knows(self, decision: str) -> bool:
        return decision in {one.id for one in self.log}

    def _item(self, place: str, code: str) -> Item:
        said = SAID if code == CODE else None
        those = [one for one in self.log if (one.anchor.place, one.code) == (place, code)]
        bare = Item("p", "Study", place, code, said=said)
        if not those:
            return bare
        (answer,) = resolve(those, place_anchors([one.anchor for one in those], PASSAGES, None))
        return Item("p", "Study", place, code, answer.status, answer.polarity, standing(those), answer.revision, said)


def row(decision: str = "", number: int = 2, *, passage: int = 0, rev: str = "none", **cells: str) -> SheetRow:
    given = {name.replace("_", " "): value for name, value in cells.items()}
    known = {"coding id": coding_id(PASSAGES[passage].id, CODE), "revision": rev, "decision": decision}
    return SheetRow("To verify", number, known | given)


def plan(*rows: SheetRow, people: People | None = None, **origin: str) -> Plan:
    return plan_sheet(SheetFile(rows, origin), Present(people), BOOK, TITLES, "Birds")


def judged(*rows: SheetRow, people: People | None = None) -> Judged:
    return plan(*rows, people=people).rows[0]


def wished(one: Judged) -> list[tuple[str, str, str | None, str]]:
    return [(wish.verdict, wish.item.code, wish.polarity, wish.replaces) for wish in one.wishes]


@pytest.mark.parametrize(
    ("cells", "wishes"),
    [
        ({"decision": "accept"}, [("accept", CODE, None, "")]),
        ({"decision": "ACCEPT", "new_polarity": "Hinders"}, [("accept", CODE, "hinders", "")]),
        ({"decision": "accept", "new_code": CODE}, [("accept", CODE, None, "")]),
        ({"decision": "reject"}, [("reject", CODE, None, "")]),
        ({"decision": "unsure"}, [("unsure", CODE, None, "")]),
        ({"decision": "change", "new_polarity": "mixed"}, [("accept", CODE, "mixed", "")]),
        ({"decision": "change", "new_code": OTHER}, [("reject", CODE, None, ""), ("add", OTHER, None, CODE)]),
        (
            {"decision": "change", "new_code": TITLES[OTHER].upper(), "new_polarity": "hinders"},
            [("reject", CODE, None, ""), ("add", OTHER, "hinders", CODE)],
        ),
        (
            {"decision": "change", "new_code": WAYLESS[0].title},
            [("reject", CODE, None, ""), ("add", WAYLESS[0].name, None, CODE)],
        ),
    ],
)
def test_what_a_row_says_becomes_decisions(cells: dict[str, str], wishes: list[tuple[str, str, str | None, str]]):
    one = judged(row(**cells))
    assert (one.outcome, one.fault, wished(one)) == ("applied", False, wishes)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"decision": "yes"}, "“yes” is no decision"),
        ({"decision": "TRUE"}, "“TRUE” is no decision"),
        ({"note": "look again"}, "decision is empty, but note is filled in"),
        ({"new_code": OTHER}, "decision is empty, but new code is filled in"),
        ({"new_polarity": "mixed"}, "decision is empty, but new polarity is filled in"),
        ({"decision": "change"}, "neither another code nor a polarity"),
        ({"decision": "change", "new_code": TITLES[CODE]}, "neither another code nor a polarity"),
        ({"decision": "change", "new_code": "Birds"}, "no code “Birds”"),
        ({"decision": "change", "new_polarity": "good"}, "“good” is no polarity"),
        ({"decision": "change", "new_code": WAYLESS[0].title, "new_polarity": "mixed"}, "has no polarity"),
        ({"decision": "accept", "new_code": OTHER}, "decision is accept, but another code"),
        ({"decision": "reject", "new_code": OTHER}, "decision is reject, but a new code"),
        ({"decision": "unsure", "new_polarity": "mixed"}, "decision is unsure, but a new code"),
    ],
)
def test_what_cannot_be_understood_is_said_with_the_mend(cells: dict[str, str], why: str):
    one = judged(row(**cells))
    assert (one.outcome, one.fault, one.wishes) == ("invalid", True, ())
    assert why in one.why
    assert one.mend


def test_a_row_in_which_nothing_was_entered_says_nothing():
    one = plan(row(), SheetRow("", 3, {"study": "my own line"}), SheetRow("", 4, {"coding id": "eother"}))
    assert [found.outcome for found in one.rows] == ["not decided", "no id", "unknown id"]
    assert one.faults == one.wishes == ()


def test_decisions_in_rows_without_a_known_coding_need_a_person():
    found = plan(row(), SheetRow("", 3, {"decision": "accept"}), row("accept", coding_id="eother"))
    assert [one.outcome for one in found.faults] == ["no id", "unknown id"]


def test_the_decision_rests_on_what_the_row_had_in_sight():
    people = People()
    first = people.decide("ben", "unsure", PASSAGES[0], CODE)
    one = judged(row("accept", rev=revision_text([first.id])), people=people)
    assert one.outcome == "applied"
    made = decision_of(one.wishes[0], anchored(PASSAGES[0]), "ada", "2026-02-01T00:00:00.000000Z", BOOK)
    assert (made.base, made.via, made.coder, made.said) == ((first.id,), "spreadsheet", "ada", SAID)
    assert (made.item, made.codebook_version, made.adjudicates) == (first.item, BOOK.digest, False)


def test_the_same_verdict_that_stands_already_is_unchanged_whoever_gave_it():
    people = People()
    people.decide("ben", "accept", PASSAGES[0], CODE, polarity="hinders", note="clear")
    people.decide("ben", "reject", PASSAGES[1], CODE)
    same = [row("accept"), row("accept", passage=0, note="clear"), row("change", new_polarity="hinders")]
    assert [judged(one, people=people).outcome for one in same] == ["unchanged"] * 3
    assert judged(row("reject", passage=1), people=people).outcome == "unchanged"
    assert judged(row("change", new_polarity="mixed"), people=people).outcome == "conflict"


def test_a_change_that_stands_already_is_unchanged():
    people = People()
    people.decide("ada", "reject", PASSAGES[0], CODE)
    people.decide("ada", "add", PASSAGES[0], OTHER, replaces=CODE)
    assert judged(row("change", new_code=OTHER), people=people).outcome == "unchanged"
    assert judged(row("change", new_code=OTHER, new_polarity="mixed"), people=people).outcome == "conflict"


def test_another_answer_since_is_a_conflict_with_who_and_when():
    people = People()
    people.decide("ben", "reject", PASSAGES[0], CODE, note="not theirs")
    one = judged(row("accept"), people=people)
    assert (one.outcome, one.wishes) == ("conflict", ())
    assert one.why == (
        f"The sheet says accept, but ben has decided reject of “{TITLES[CODE]}” on 2026-01-01 10:00 UTC (“not theirs”)."
    )
    assert judged(row("unsure"), people=people).outcome == "conflict"


def test_a_change_to_a_code_that_somebody_has_rejected_there_is_a_conflict():
    people = People()
    people.decide("ben", "reject", PASSAGES[0], OTHER)
    one = judged(row("change", new_code=OTHER), people=people)
    assert (one.outcome, one.wishes) == ("conflict", ())
    assert f"ben has decided reject of “{TITLES[OTHER]}”" in one.why


def test_a_change_to_a_code_that_people_have_given_already_rejects_the_old_one_only():
    people = People()
    people.decide("ben", "add", PASSAGES[0], OTHER)
    assert wished(judged(row("change", new_code=OTHER), people=people)) == [("reject", CODE, None, "")]


def test_what_was_decided_and_taken_back_since_makes_a_row_stale():
    people = People()
    people.decide("ben", "reject", PASSAGES[0], CODE)
    people.decide("ben", "undo", PASSAGES[0], CODE)
    one = judged(row("accept"), people=people)
    assert (one.outcome, one.fault) == ("stale", True)
    latest = people.made[-1].id
    assert judged(row("accept", rev=latest), people=people).outcome == "applied"


def test_a_row_that_rests_on_decisions_of_another_copy_is_stale():
    one = judged(row("accept", rev="delsewhere"))
    assert one.outcome == "stale"
    assert "evitable decisions merge" in one.mend


def test_a_revision_that_was_emptied_counts_only_where_nobody_has_decided():
    assert judged(row("accept", rev="")).outcome == "applied"
    assert judged(row("accept", rev="0")).outcome == "applied"
    people = People()
    people.decide("ben", "unsure", PASSAGES[0], CODE)
    assert judged(row("accept", rev=""), people=people).outcome == "stale"


def test_a_new_note_on_the_same_verdict_is_kept_only_in_sight_of_it():
    people = People()
    first = people.decide("ben", "accept", PASSAGES[0], CODE)
    assert judged(row("accept", note="see p. 3"), people=people).outcome == "stale"
    one = judged(row("accept", note="see p. 3", rev=first.id), people=people)
    assert [wish.note for wish in one.wishes] == ["see p. 3"]


def test_a_dispute_is_settled_with_all_sides_in_sight():
    people = People()
    sides = [
        people.decide("ada", "accept", PASSAGES[0], CODE, base=()),
        people.decide("ben", "reject", PASSAGES[0], CODE, base=()),
    ]
    both = revision_text(one.id for one in sides)
    one = judged(row("reject", rev=both), people=people)
    assert (one.outcome, one.wishes[0].item.status) == ("applied", "disputed")
    made = decision_of(one.wishes[0], anchored(PASSAGES[0]), "cem", "2026-02-01T00:00:00.000000Z", BOOK)
    assert made.adjudicates
    assert set(made.base) == {side.id for side in sides}
    assert judged(row("reject", rev=sides[0].id), people=people).outcome == "conflict"


def test_two_rows_of_one_coding_that_disagree_are_both_refused():
    found = plan(row("accept", 2), row("reject", 3), row("", 4), row("accept", 5, passage=1))
    assert [one.outcome for one in found.rows] == ["duplicate", "duplicate", "not decided", "applied"]
    assert "row 3 of To verify" in found.rows[0].why
    assert "row 2 of To verify" in found.rows[1].why
    assert len(found.wishes) == 1


def test_two_rows_of_one_coding_from_two_sheets_that_knew_other_decisions_are_both_refused():
    found = plan(row("accept", 2), row("accept", 3, rev="dxxx"))
    assert [one.outcome for one in found.rows] == ["duplicate", "duplicate"]


def test_two_rows_of_one_coding_that_agree_count_once():
    found = plan(row("accept", 2), row("Accept", 3))
    assert [one.outcome for one in found.rows] == ["applied", "unchanged"]
    assert len(found.wishes) == 1


def other_row(decision: str, number: int = 3, **cells: str) -> SheetRow:
    return row(decision, number, coding_id=coding_id(PASSAGES[0].id, OTHER), **cells)


def test_a_change_and_a_row_on_the_new_code_go_together_if_they_agree():
    found = plan(row("change", new_code=OTHER), other_row("accept"))
    assert [one.outcome for one in found.rows] == ["applied", "applied"]
    assert [(wish.item.code, wish.verdict) for wish in found.wishes] == [(CODE, "reject"), (OTHER, "add")]
    for decision in ("reject", "unsure"):
        apart = plan(row("change", new_code=OTHER), other_row(decision))
        assert [one.outcome for one in apart.rows] == ["duplicate", "duplicate"]
        assert apart.wishes == ()


def test_a_row_that_agrees_with_a_refused_one_keeps_its_own_decision():
    third = FACTORS[2].name
    rows = [row("change", new_code=OTHER), other_row("change", new_code=third)]
    found = plan(*rows, row("accept", 4, coding_id=coding_id(PASSAGES[0].id, third)))
    assert [one.outcome for one in found.rows] == ["duplicate", "duplicate", "applied"]
    assert [wish.item.code for wish in found.wishes] == [third]


def test_rows_that_are_not_in_the_file_are_counted_and_say_nothing():
    assert plan(row("accept"), row("accept", 3), rows="5").missing == 4
    assert plan(row(), row(passage=1), rows="2").missing == 0
    assert plan(row()).missing is None


def test_each_row_has_one_outcome():
    found = plan(row("accept"), row("yes", passage=1), row("", 5), SheetRow("", 6, {"decision": "accept"}))
    assert found.counts == {"applied": 1, "not decided": 1, "invalid": 1, "no id": 1}
    assert sum(found.counts.values()) == len(found.rows)


def test_another_review_is_refused_and_another_codebook_is_said():
    with pytest.raises(UserError, match="it is of the review “Fish”"):
        plan(row("accept", coding_id="eother"), title="Fish")
    with pytest.raises(UserError, match="of another review, or of other papers"):
        plan(row("accept", coding_id="eother"), title="Birds")
    found = plan(row("accept"), title="Fish", codebook_version="cold")
    assert ("Fish" in found.notices[0], "codebook" in found.notices[1], len(found.wishes)) == (True, True, 1)
    assert plan(row("accept"), title="Birds", codebook_version=BOOK.digest).notices == ()


def test_a_sheet_of_a_newer_version_is_refused():
    with pytest.raises(UserError, match="newer version"):
        plan(row("accept"), format=str(FORMAT + 1))
    assert plan(row("accept"), format=str(FORMAT)).wishes


def test_a_lost_text_makes_its_row_stale():
    lost = msgspec.structs.replace(anchored(PASSAGES[0]), passage_id="qgone")

    class Orphaned(Present):
        def item(self, name: str) -> Item | None:
            return Item("p", "Study", lost.place, CODE, "orphaned", None, (), ("done",))

    found = plan_sheet(SheetFile((row("accept"),)), Orphaned(), BOOK, TITLES, "Birds")
    assert (found.rows[0].outcome, found.rows[0].why) == ("stale", "Its text is not found in the paper any more.")


def test_an_empty_file_asks_for_nothing():
    assert plan() == Plan((), None, ())
