"""Whatever becomes of texts, models and codebooks, no decision is lost, and what it comes to hangs on no order."""

import random

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from evitable.aggregate import aggregate_evidence
from evitable.codebook import default_codebook
from evitable.decide.placing import place_anchors
from evitable.decide.resolving import resolve, standing, tips
from evitable.records import PaperCoding, Passage, passage_id
from support.decisions import People, anchor_at, document_of
from support.evidence import coded_paper

BOOK = default_codebook()
CODES = [code.name for code in BOOK.code][:3]
WORDS = st.text(alphabet="abcdefghijklmnop", min_size=2, max_size=8)
PARAGRAPH = st.lists(WORDS, min_size=8, max_size=20).map(" ".join)
PAGES = st.lists(st.lists(PARAGRAPH, min_size=1, max_size=3, unique=True), min_size=1, max_size=3)
VERDICTS = st.sampled_from(["accept", "reject", "add", "unsure", "undo"])
STEPS = st.lists(
    st.tuples(st.sampled_from(["ada", "ben"]), VERDICTS, st.integers(0, 8), st.sampled_from(CODES), st.booleans()),
    min_size=1,
    max_size=12,
)


def passages_of(document):
    """Take each paragraph as a passage."""
    texts = [document.text_of(block) for block in document.blocks]
    return tuple(
        Passage(
            id=passage_id(document.paper_id, text, texts[:number].count(text)),
            paper_id=document.paper_id,
            start=block.start,
            end=block.end,
            text=text,
        )
        for number, (block, text) in enumerate(zip(document.blocks, texts, strict=True))
    )


def read_anew(draw, pages):
    """Give the pages as another extraction might: words glued, cut or dropped, paragraphs moved or lost."""
    changes = {
        "same": lambda text: [text],
        "spaces": lambda text: [text.replace(" ", "  ")],
        "hyphen": lambda text: [text[:5] + "- " + text[5:]],
        "cut": lambda text: [text[: len(text) // 2], text[len(text) // 2 :]],
        "shortened": lambda text: [text[:-2]],
        "lost": lambda _: [],
    }
    return [
        [piece for text in page for piece in changes[draw(st.sampled_from(sorted(changes)))](text)] for page in pages
    ]


def worked_on(steps, document):
    people, passages = People(), passages_of(document)
    for coder, verdict, number, code, blind in steps:
        passage = passages[number % len(passages)]
        anchor = anchor_at(document, passage.text, passage_id=passage.id)
        people.decide(coder, verdict, anchor, code, blind=blind)
    return people.made


@settings(deadline=None)
@given(PAGES, STEPS, st.data())
def test_after_any_new_extraction_each_decision_is_in_a_coding_or_counted_as_orphaned(pages, steps, data):
    made = worked_on(steps, document_of("p1", pages))
    now = document_of("p1", read_anew(data.draw, pages))
    passages = passages_of(now)
    placements = place_anchors((one.anchor for one in made), passages, now)
    decided = resolve(made, placements)
    answered = {name for one in decided for name in one.revision}
    assert {one.id for one in tips(made)} <= answered | {name for one in made for name in one.base}
    gone = {one.anchor.place for one in made if placements[one.anchor.place].found == "lost"}
    assert {one.place for one in decided if one.status == "orphaned"} <= gone
    assert {one.status for one in decided if one.place in gone} <= {"orphaned", "rejected"}
    for placement in placements.values():
        if placement.found != "lost":
            assert now.text[placement.start : placement.end] == placement.quote


@settings(deadline=None)
@given(PAGES, STEPS, st.sets(st.sampled_from(CODES)))
def test_without_the_model_or_with_other_codes_the_decisions_stand_or_are_told(pages, steps, dropped):
    document = document_of("p1", pages)
    made, passages = worked_on(steps, document), passages_of(document)
    decided = resolve(made, place_anchors((one.anchor for one in made), passages, document))
    book = msgspec.structs.replace(BOOK, code=tuple(code for code in BOOK.code if code.name not in dropped))
    paper = msgspec.structs.replace(
        coded_paper("one", {}), passages=passages, coding=PaperCoding(paper_id="p1", predictions=()), decided=decided
    )
    evidence = aggregate_evidence([paper], book)
    spoken = {(one.place, one.code) for one in decided if one.coders and one.code not in dropped}
    assert {(one.passage_id, one.code) for one in evidence.codings} == spoken
    assert bool([one for one in evidence.issues if one.code == "decision-code-unknown"]) == any(
        one.code in dropped for one in decided
    )


@given(PAGES, STEPS, st.randoms(use_true_random=False))
def test_what_decisions_come_to_hangs_on_no_order(pages, steps, chance):
    document = document_of("p1", pages)
    made = worked_on(steps, document)
    placements = place_anchors((one.anchor for one in made), passages_of(document), document)
    shuffled = random.Random(chance.random()).sample(made, len(made))
    assert resolve(shuffled, placements) == resolve(made, placements)


@given(PAGES, STEPS)
def test_an_undo_of_an_undo_changes_nothing(pages, steps):
    document = document_of("p1", pages)
    people, passages = People(), passages_of(document)
    first = anchor_at(document, passages[0].text, passage_id=passages[0].id)
    for coder, verdict, _, _, _ in steps:
        people.decide(coder, verdict, first)
    before = standing(people.made)
    people.decide("ada", "undo", first)
    people.decide("ada", "undo", first)
    assert standing(people.made) == before
