"""What is learned from people's decisions, and of what nothing is learned."""

from __future__ import annotations

import pytest

from evitable.decide.placing import anchor_of, place_anchors
from evitable.errors import UserError
from evitable.records import Document, Passage, passage_id
from evitable.training.data import CodedPassage, data_digest, read_coded_passages, written
from evitable.training.decided import DecidedPaper, coded_passages
from support.coded import BOOK
from support.decisions import People, document_of

TEXTS = ["The residents cast a ballot.", "A speech was held aloud at night.", "The hall was painted by a firm."]
DOCUMENT = document_of("p1", [TEXTS])


def passages_of(document: Document) -> list[Passage]:
    return [
        Passage(
            id=passage_id(document.paper_id, block_text, 0),
            paper_id=document.paper_id,
            start=block.start,
            end=block.end,
            text=block_text,
            section_kind="findings",
        )
        for block in document.blocks
        if (block_text := document.text[block.start : block.end])
    ]


PASSAGES = passages_of(DOCUMENT)
VOTE, SPEECH, HALL = (anchor_of(DOCUMENT, passage.start, passage.end, passage.id) for passage in PASSAGES)


def learned(people: People) -> dict[str, CodedPassage]:
    """Give what is learned, by text."""
    anchors = [decision.anchor for decision in people.made]
    paper = DecidedPaper("s1", PASSAGES, people.made, place_anchors(anchors, PASSAGES, DOCUMENT))
    return {coded.text: coded for coded in coded_passages([paper], BOOK)}


def test_a_code_that_was_accepted_or_added_is_a_yes_and_one_that_was_rejected_a_no():
    people = People()
    people.decide("ada", "accept", VOTE, "vote")
    people.decide("ada", "add", SPEECH, "speak", said=None, polarity="hinders", basis="recommendation")
    people.decide("ada", "reject", HALL, "vote")
    found = learned(people)
    assert found[TEXTS[0]].codes == ("vote",)
    assert found[TEXTS[1]].codes == ("speak",)
    assert (found[TEXTS[1]].polarity, found[TEXTS[1]].basis) == ({"speak": "hinders"}, "recommendation")
    assert (found[TEXTS[2]].codes, found[TEXTS[2]].known) == ((), ("vote",))
    assert found[TEXTS[0]].section == "findings"


def test_of_a_code_on_which_nobody_decided_nothing_is_learned():
    people = People()
    people.decide("ada", "accept", VOTE, "vote")
    coded = learned(people)[TEXTS[0]]
    assert coded.known == ("vote",)
    assert not coded.knows("speak")


def test_in_a_passage_declared_complete_all_other_codes_do_not_apply():
    people = People()
    people.decide("ada", "accept", VOTE, "vote")
    people.decide("ada", "complete", VOTE, "")
    people.decide("ada", "complete", HALL, "")
    found = learned(people)
    assert (found[TEXTS[0]].codes, found[TEXTS[0]].known) == (("vote",), None)
    assert (found[TEXTS[2]].codes, found[TEXTS[2]].known) == ((), None)


def test_a_passage_that_is_not_complete_any_more_says_nothing_of_other_codes():
    people = People()
    done = people.decide("ada", "complete", VOTE, "")
    people.decide("ada", "undo", VOTE, "", base=(done.id,))
    assert learned(people) == {}


def test_of_what_is_left_open_or_disputed_nothing_is_learned_even_in_a_complete_passage():
    people = People()
    people.decide("ada", "unsure", VOTE, "vote")
    people.decide("ada", "complete", VOTE, "")
    people.decide("ada", "accept", SPEECH, "speak", blind=True)
    people.decide("ben", "reject", SPEECH, "speak", blind=True)
    found = learned(people)
    assert (found[TEXTS[0]].codes, found[TEXTS[0]].known) == ((), ("speak",))
    assert TEXTS[1] not in found


def test_a_decision_that_was_taken_back_is_not_learned_from():
    people = People()
    given = people.decide("ada", "accept", VOTE, "vote")
    people.decide("ada", "undo", VOTE, "vote", base=(given.id,))
    assert learned(people) == {}


def test_a_code_given_to_words_within_a_passage_is_one_of_the_passage():
    people = People()
    start = DOCUMENT.text.index("a ballot")
    people.decide("ada", "add", anchor_of(DOCUMENT, start, start + 8), "vote", said=None)
    people.decide("ada", "complete", VOTE, "")
    found = learned(people)
    assert set(found) == {TEXTS[0]}
    assert (found[TEXTS[0]].codes, found[TEXTS[0]].known) == (("vote",), None)


def test_a_code_given_over_the_edge_of_passages_leaves_it_open_for_them():
    people = People()
    start = DOCUMENT.text.index("a ballot")
    end = DOCUMENT.text.index(" was held")
    people.decide("ada", "add", anchor_of(DOCUMENT, start, end), "vote", said=None)
    people.decide("ada", "complete", SPEECH, "")
    found = learned(people)
    assert found[DOCUMENT.text[start:end]].codes == ("vote",)
    assert found[TEXTS[1]].known == ("speak",)


def test_all_that_was_decided_on_a_study_belongs_to_it_and_comes_in_the_order_of_the_text():
    people = People()
    people.decide("ada", "reject", HALL, "vote")
    people.decide("ben", "accept", VOTE, "vote")
    found = list(learned(people).values())
    assert [coded.text for coded in found] == [TEXTS[0], TEXTS[2]]
    assert {(coded.source, coded.writer, coded.register, coded.wording) for coded in found} == {
        ("s1", "s1", "s1", "paper")
    }


def test_decisions_on_codes_that_the_codebook_does_not_have_are_left_out():
    people = People()
    people.decide("ada", "accept", VOTE, "gone")
    assert learned(people) == {}


def test_coded_passages_come_back_from_their_lines():
    people = People()
    people.decide("ada", "accept", VOTE, "vote", polarity="mixed")
    people.decide("ada", "complete", HALL, "")
    passages = list(learned(people).values())
    assert read_coded_passages({"a.jsonl": written(passages, BOOK)}, BOOK) == passages


@pytest.mark.parametrize("known", ['["speak"]', '"vote"', '["vote", "gone"]'])
def test_known_codes_that_do_not_fit_are_named(known):
    line = '{"id": "a", "text": "x", "voice": ["vote"], "known": ' + known + "}"
    with pytest.raises(UserError, match='"known"'):
        read_coded_passages({"a.jsonl": line}, BOOK)


def test_what_is_known_is_part_of_the_digest_and_a_passage_without_it_keeps_its_own():
    plain = '{"id": "a", "text": "x"}'
    some = '{"id": "a", "text": "x", "known": ["vote"]}'
    first, second = (read_coded_passages({"a.jsonl": line}, BOOK) for line in (plain, some))
    assert data_digest(first) != data_digest(second)
