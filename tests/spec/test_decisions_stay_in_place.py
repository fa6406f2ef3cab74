"""Papers are read anew, and what people decided stays with its text."""

import pytest

from evitable.decide.placing import needs_text, place_anchors
from evitable.records import Passage, passage_id
from support.decisions import anchor_at, document_of

ONE = "Patients and nurses planned the new ward together over several months."
TWO = "In the second year the council hired two people to keep the meetings going."
SHORT = "We agreed."
OLD = document_of("p1", [[ONE, SHORT], [TWO, SHORT]])


def passages(document, *texts):
    return tuple(
        Passage(
            id=passage_id(document.paper_id, text, 0),
            paper_id=document.paper_id,
            start=document.text.index(text),
            end=document.text.index(text) + len(text),
            text=text,
        )
        for text in texts
    )


def decided_on(quote):
    return anchor_at(OLD, quote, passage_id=passage_id("p1", quote, 0))


def placed(anchor, document, *texts):
    found = place_anchors([anchor], passages(document, *texts), document)[anchor.place]
    return found.found, found.quote


def test_a_passage_that_is_unchanged_needs_no_search():
    anchor = decided_on(ONE)
    assert not needs_text([anchor], passages(OLD, ONE, TWO))
    assert place_anchors([anchor], passages(OLD, ONE, TWO), None)[anchor.place].found == "same"


@pytest.mark.parametrize(
    ("now", "how"),
    [
        (ONE.replace("planned", "plan-\nned"), "page"),  # another way to read the end of a line
        (ONE.replace(" ", "  "), "page"),
        (ONE.upper(), "page"),
        (ONE.replace("several", "seven"), "fuzzy"),
    ],
)
def test_a_text_read_otherwise_is_found_on_its_page(now, how):
    assert placed(decided_on(ONE), document_of("p1", [[now, SHORT], [TWO]]), now) == (how, now)


def test_a_text_that_moved_to_another_page_is_found_in_the_paper():
    assert placed(decided_on(ONE), document_of("p1", [[TWO], [ONE]]), ONE.replace("x", "x"))[0] in {"same", "paper"}
    stretch = anchor_at(OLD, "planned the new ward together")
    assert placed(stretch, document_of("p1", [[TWO], [ONE]]))[0] == "paper"


def test_a_text_that_is_gone_is_lost_beside_the_nearest_one():
    found, nearest = placed(decided_on(ONE), document_of("p1", [["Patients planned nothing of the kind."], [TWO]]))
    assert found == "lost"
    assert nearest


def test_of_equal_texts_the_one_with_the_same_surroundings_is_taken():
    old = document_of("p1", [["Alpha begins.", ONE, "Omega ends."]])
    now = document_of("p1", [["Something else.", ONE, "Quite other.", "Alpha begins.", ONE, "Omega ends."]])
    anchor = anchor_at(old, ONE)
    assert place_anchors([anchor], (), now)[anchor.place].start == now.text.rindex(ONE)


def test_a_few_letters_are_only_found_as_whole_words():
    anchor = anchor_at(OLD, SHORT)
    assert placed(anchor, document_of("p1", [["Sowe agreedon it."]]))[0] == "lost"
    assert placed(anchor, document_of("p1", [["Then we agreed, all of us."]]))[1] == "we agreed"


def test_a_passage_that_was_cut_in_two_keeps_its_decision_on_the_old_stretch():
    now = document_of("p1", [[f"{ONE} {TWO} {TWO}"]])
    anchor = decided_on(ONE)
    found = place_anchors([anchor], passages(now, f"{ONE} {TWO} {TWO}"), now)[anchor.place]
    assert (found.place, found.quote) == (anchor.place, ONE)


def test_a_passage_that_grew_a_little_is_the_same_item():
    longer = f"{ONE} It was new."
    now = document_of("p1", [[longer]])
    (passage,) = passages(now, longer)
    anchor = decided_on(ONE)
    assert place_anchors([anchor], (passage,), now)[anchor.place].place == passage.id


def test_an_empty_paper_loses_nothing():
    anchor = decided_on(ONE)
    assert place_anchors([anchor], (), document_of("p1", [[""]]))[anchor.place].found == "lost"
