"""A paper as it is worked on: who has read what, which text is lost, and what comes after what."""

from __future__ import annotations

from typing import Any

import msgspec

from evitable.codebook import default_codebook
from evitable.decide.placing import anchor_of
from evitable.records import Anchor, Decision, Document, PaperCoding, Passage, PublishedPaper, squash
from evitable.web.paper import Texts, Work, work_on
from support.decisions import People, document_of

BOOK = default_codebook()
CODE, OTHER = BOOK.code[0].name, BOOK.code[1].name
LOST = "Nobody who reads this paper of now will find these many words anywhere in it."
DOCUMENT = document_of("p1", [["They drew the plan together.", "Nobody asked them again, and so they left."]])
PAPER = PublishedPaper(paper_id="p1", path="a.pdf", sha256="0", study_id="s1", study="A", keys={})
PASSAGES = tuple(
    Passage(id=f"q{at}", paper_id="p1", start=block.start, end=block.end, text=DOCUMENT.text[block.start : block.end])
    for at, block in enumerate(DOCUMENT.blocks)
)
GONE = Anchor(paper_id="p1", passage_id="qgone", page=1, start=0, end=9, quote=LOST, key=squash(LOST))


def texts(document: Document = DOCUMENT) -> Texts:
    return Texts(PASSAGES, PaperCoding(paper_id="p1", predictions=()), {}, lambda: document)


def work(people: People) -> Work:
    return work_on(PAPER, texts(), people.made, BOOK, {})


def of_passage(at: int) -> Anchor:
    return anchor_of(DOCUMENT, PASSAGES[at].start, PASSAGES[at].end, PASSAGES[at].id)


def kinds(found: Work) -> list[tuple[str, str, list[str]]]:
    """Give place, kind, and status of each code."""
    return [(one.place, one.kind, [code.status for code in one.codes]) for one in found.states]


def decide(people: People, coder: str, verdict: Any, anchor: Anchor, code: str = CODE, **more: Any) -> Decision:
    return people.decide(coder, verdict, anchor, code, said=None, **more)


def test_each_coders_word_on_having_read_a_passage_holds_whoever_read_it_later() -> None:
    people = People()
    for coder, blind in (("ada", False), ("ben", True), ("cem", False), ("dan", False)):
        decide(people, coder, "complete", of_passage(0), "", blind=blind)
    decide(people, "dan", "undo", of_passage(0), "")
    first, second = work(people).states
    assert (first.completed_by, first.blind_by) == ({"ada", "cem"}, {"ben"})
    assert not second.read


def test_lost_text_comes_last_and_stretches_know_their_passage() -> None:
    people = People()
    decide(people, "ada", "accept", GONE)
    stretch = anchor_of(DOCUMENT, PASSAGES[1].start, PASSAGES[1].start + 6)
    decide(people, "ada", "add", stretch)
    found = work(people)
    assert kinds(found)[2:] == [(stretch.place, "stretch", ["corrected"]), ("qgone", "lost", ["orphaned"])]
    assert [one.within for one in found.states[2:]] == ["q1", ""]


def test_lost_text_that_was_given_to_the_text_of_now_waits_no_longer() -> None:
    people = People()
    old = decide(people, "ada", "accept", GONE)
    decide(people, "ben", "add", of_passage(1), base=(old.id,))
    assert kinds(work(people)) == [("q0", "passage", []), ("q1", "passage", ["corrected"])]


def test_lost_text_whose_code_was_rejected_waits_no_longer_and_another_code_on_it_does() -> None:
    people = People()
    decide(people, "ada", "accept", GONE)
    decide(people, "ada", "accept", GONE, OTHER)
    decide(people, "ben", "reject", GONE)
    (*_, lost) = work(people).states
    assert [(one.code, one.status) for one in lost.codes] == [(OTHER, "orphaned")]


def test_a_stretch_on_which_all_was_taken_back_is_no_place_any_more() -> None:
    people = People()
    stretch = anchor_of(DOCUMENT, 0, 4)
    decide(people, "ada", "add", stretch)
    decide(people, "ada", "undo", stretch)
    assert [place for place, *_ in kinds(work(people))] == ["q0", "q1"]


def test_a_code_that_a_person_left_open_is_not_one_that_nobody_has_looked_at() -> None:
    people = People()
    decide(people, "ada", "unsure", of_passage(0))
    (first, _) = work(people).states
    assert [(one.left_open, one.undecided) for one in first.codes] == [(True, False)]


def test_a_coder_who_works_blind_sees_the_own_blind_decisions_only() -> None:
    people = People()
    open_one = decide(people, "ada", "add", of_passage(0))
    blind = decide(people, "ada", "add", of_passage(0), blind=True)
    decide(people, "ben", "add", of_passage(0), blind=True)
    found = work(people)
    assert found.revision("q0", CODE, "ada") == (blind.id,)
    assert open_one.id in found.revision("q0", CODE)
    assert found.revisions("q0", "cem") == {}


def test_what_was_placed_before_is_not_searched_again() -> None:
    people = People()
    decide(people, "ada", "accept", GONE)
    before = work(people)
    decide(people, "ben", "reject", GONE)
    after = work_on(PAPER, texts(msgspec.structs.replace(DOCUMENT, text="")), people.made, BOOK, before.placed)
    assert after.placements["qgone"] is before.placements["qgone"]
