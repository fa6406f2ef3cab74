"""The text round a passage, and what is said of decisions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from evitable.records import Coding, Span
from evitable.web.text import AROUND, context
from evitable.web.words import ago, contradiction, decision_words, machine_words, moment, stamp, status_words
from support.decisions import People, anchor_at, document_of

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
LONG = ["They met. " * 40 for _ in range(10)]
DOCUMENT = document_of("p1", [[*LONG, "Nobody paid for the room, and nobody came.", *LONG]])
START = DOCUMENT.text.index("Nobody")
END = START + len("Nobody paid for the room, and nobody came.")


def coding(*spans: tuple[int, int], code: str = "money", **more: Any) -> Coding:
    values: dict[str, Any] = {"status": "machine", "probability": 0.834, "coder": "m1", **more}
    return Coding(
        id="e1",
        study_id="s1",
        paper_id="p1",
        passage_id="q1",
        dimension="factor",
        code=code,
        polarity=None,
        words=tuple(Span(start=a, end=b, text=DOCUMENT.text[START + a : START + b]) for a, b in spans),
        quote=DOCUMENT.text[START:END],
        section=(),
        section_kind="findings",
        pages=(1,),
        page_labels=("1",),
        **values,
    )


def test_the_context_is_the_text_word_for_word_and_cut_at_words_or_paragraphs() -> None:
    found = context(DOCUMENT, START, END)
    assert "".join(piece.text for piece in found.pieces) == DOCUMENT.text[found.start : found.end]
    assert "".join(piece.text for piece in found.pieces if piece.inside) == DOCUMENT.text[START:END]
    assert DOCUMENT.text[found.start - 1].isspace()
    assert DOCUMENT.text[found.end].isspace()
    assert AROUND / 2 < START - found.start < 2 * AROUND
    assert AROUND / 2 < found.end - END < 2 * AROUND


def test_the_context_of_a_short_paper_is_all_of_it() -> None:
    short = document_of("p1", [["One.", "Two."]])
    found = context(short, 0, 4)
    assert (found.start, found.end) == (0, len(short.text))


def test_words_are_marked_with_the_codes_that_rest_on_them_also_where_they_overlap() -> None:
    found = context(DOCUMENT, START, END, [coding((0, 11)), coding((7, 15), code="room")])
    marked = [(piece.text, piece.codes) for piece in found.pieces if piece.codes]
    assert marked == [("Nobody ", ("money",)), ("paid", ("money", "room")), (" for", ("room",))]


def test_words_that_do_not_fit_the_passage_are_not_marked() -> None:
    found = context(DOCUMENT, START, END, [coding((0, END - START + 5))])
    assert not [piece for piece in found.pieces if piece.codes]


def test_no_text_is_marked_where_the_passage_is_lost() -> None:
    assert not [piece for piece in context(DOCUMENT, 0, 0).pieces if piece.inside and piece.text]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-300, "just now"),
        (59, "just now"),
        (60, "1 minute ago"),
        (125, "2 minutes ago"),
        (3600, "1 hour ago"),
        (2 * 86400, "2 days ago"),
        (31 * 86400, "on 2025-12-01"),
    ],
)
def test_it_is_said_how_long_ago_something_was(seconds: int, words: str) -> None:
    assert ago(stamp(NOW - timedelta(seconds=seconds)), NOW) == words


def test_a_time_is_written_as_decisions_have_it_and_read_again() -> None:
    assert stamp(NOW) == "2026-01-01T12:00:00.000000Z"
    assert moment(stamp(NOW)) == NOW
    assert moment("2026-01-01T12:00:00") == NOW
    assert moment("yesterday").year == 1970


def test_a_decision_is_told_with_who_what_which_way_and_when() -> None:
    people = People()
    anchor = anchor_at(DOCUMENT, "Nobody paid")
    one = people.decide("ben", "accept", anchor, polarity="hinders", blind=True)
    at = msgspec.structs.replace(one, time=stamp(NOW - timedelta(minutes=2)))
    assert decision_words(at, NOW) == "ben accepted it (hinders) blind 2 minutes ago"


@pytest.mark.parametrize(
    ("status", "answer", "said"),
    [
        ("accepted", "no", "The machine would now say no."),
        ("accepted", "unsure", "The machine would now say unsure."),
        ("accepted", "yes", ""),
        ("corrected", "yes", ""),
        ("rejected", "yes", "The machine would now say yes."),
        ("rejected", "no", ""),
        ("disputed", "yes", ""),
        ("machine", "yes", ""),
    ],
)
def test_it_is_said_where_the_machine_would_now_say_otherwise(status: Any, answer: Any, said: str) -> None:
    assert contradiction(coding(status=status, answer=answer)) == said


def test_a_status_is_said_in_words() -> None:
    assert status_words(coding(), left_open=False) == "Not looked at yet"
    assert status_words(coding(coder="ada"), left_open=True) == "Left open by ada"
    assert status_words(coding(status="rejected", coder="ada"), left_open=False) == "Rejected by ada"
    assert status_words(coding(status="disputed", coder="ada"), left_open=False) == "Disputed"
    assert status_words(coding(status="orphaned", coder="ada"), left_open=False) == "Text not found"
    assert machine_words(coding()) == "yes, 0.83"
    assert machine_words(coding(answer="no")) == "no"
