"""More bad PDFs: each gives its text, whole and nothing else, or one plain issue; then the next paper is read."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

import pytest

from evitable.records import squash
from hostile.hostile_more import MORE
from hostile.hostile_pages import HIDDEN
from hostile.hostile_tables import OLD
from hostile.hostile_type import ARABIC, BOLD_A, DOWNWARDS
from support.pdf_bytes import LINES, PHRASE, PROSE
from support.reader import CONTROLS, Reader, assert_plain


class Due(NamedTuple):
    """What a reviewer is due: the paper's words, or an issue of one of these codes.

    Attributes:
        words: Text that must be there, letter by letter; empty where nothing but an issue will do.
        times: How often.
        without: Text that may not be there.
        codes: Codes that an issue may have; none where the text must be read.
        told: Whether an issue must say what is missing, beside the text that was read.
    """

    words: str = PROSE
    times: int = 1
    without: str = ""
    codes: frozenset[str] = frozenset()
    told: bool = False


def issue(*codes: str) -> Due:
    """Nothing but an issue will do."""
    return Due(words="", codes=frozenset(codes))


def either(*codes: str, words: str = PROSE) -> Due:
    """The text whole, or an issue."""
    return Due(words=words, codes=frozenset(codes))


WHOLE = (
    "form_to_fill_in",
    "packed_objects",
    "two_tables",
    "numbers_of_millions",
    "carriage_returns",
    "turned_page",
    "page_turned_thrice",
    "page_upside_down",
    "page_turned_backwards",
    "page_in_large_units",
    "page_from_elsewhere",
    "page_from_its_end",
    "inherited_page",
    "scan_with_text",
    "words_in_parts",
    "strings_in_parts",
    "cut_in_a_string",
    "picture_without_end",
    "filters_fifty_deep",
    "length_too_long",
    "bomb_in_a_picture",
    "letters_of_two_units",
    "letter_of_ten_thousand",
    "glyph_that_draws_itself",
    "damaged_truetype",
    "damaged_truetype_table",
    "damaged_type1",
    "damaged_cff",
    "damaged_opentype",
    "font_that_is_no_font",
)
"""Bad PDFs whose text is whole, and is read."""
BOMBS = {
    name: either("timed-out", "out-of-memory", "pdf-too-large", words=words)
    for name, words in {
        "bomb_of_objects": PROSE,
        "bomb_of_entries": PROSE,
        "bomb_of_runs": "",
        "bomb_of_characters": "",
        "bomb_of_long_letters": "",
    }.items()
}
"""PDFs that would take minutes or more memory than there is."""
EXPECTED = {
    **{name: Due() for name in WHOLE},
    "aes_256_with_password": issue("pdf-encrypted"),
    "aes_256_without_password": Due(times=2),
    "copying_forbidden": Due(times=2),
    "paper_in_a_portfolio": issue("pdf-portfolio", "no-body-text"),
    "paper_with_a_paper": Due(without="attached to another"),
    "form_made_elsewhere": issue("pdf-form", "no-body-text"),
    "scripts_of_a_page": Due(without="no text of the paper"),
    "updated_page": Due(without=OLD),
    "updated_page_moved": either("pdf-damaged")._replace(without=OLD),
    "same_number_twice": Due(without=OLD),
    "same_number_twice_without_table": Due(without=OLD),
    "null_page": either("pdf-damaged")._replace(told=True),
    "for_the_web": Due(times=2),
    "for_the_web_moved": either("pdf-damaged")._replace(times=2),
    "for_the_web_truncated": either("pdf-damaged")._replace(told=True),
    "garbage_before": either("pdf-not-pdf"),
    "carried_as_text": either("pdf-damaged")._replace(times=2),
    "page_cropped": Due(without=HIDDEN),
    "crop_beyond_the_page": either("pdf-scanned", "no-body-text"),
    "text_off_the_page": issue("pdf-scanned", "no-body-text"),
    "page_too_large": either("pdf-scanned", "pdf-damaged"),
    "scan_with_cover": issue("pdf-scanned"),
    "scan_in_part": Due(times=8, told=True),
    "torn_page": either("pdf-damaged", words=PHRASE)._replace(told=True),
    "length_too_short": either("pdf-damaged"),
    "paragraph_of_a_million": either("pdf-too-large"),
    "map_out_of_step": either("no-body-text", "pdf-scanned", "pdf-damaged"),
    "letters_without_names": either("no-body-text", "pdf-damaged", words="villag\ufffd hall")._replace(told=True),
    "picture_that_swallows": either("pdf-scanned"),
    "map_that_uses_itself": either("pdf-scanned", "no-body-text", "pdf-damaged"),
    "damaged_font_alone": issue("pdf-damaged", "no-body-text", "pdf-scanned"),
    "vertical_text": either("no-body-text", words=DOWNWARDS[0]),
    "arabic": either("no-body-text", words=ARABIC[0]),
    "two_directions": Due(),
    **BOMBS,
}
OPEN = {
    "arabic": "words stand backwards and in presentation forms, so that no search finds them",
}
"""Known faults, and what happens."""
SLOW = {"paragraph_of_a_million"}


def marked(names: Iterable[str]) -> list[object]:
    slow = {name: [pytest.mark.slow] for name in SLOW}
    known = {name: [pytest.mark.xfail(reason=reason, strict=True)] for name, reason in OPEN.items()}
    return [pytest.param(name, marks=slow.get(name, []) + known.get(name, [])) for name in names]


def times_read(text: str, words: str) -> set[int]:
    """Give how often the words are in the text, by letters and digits; of the prose, how often each of its lines is.

    Where the words are English, other letters are passed over.
    """
    found = "".join(c for c in squash(text) if c.isascii() or not words.isascii())
    return {found.count(squash(part)) for part in (LINES if words == PROSE else (words,))}


def assert_due(reader: Reader, name: str) -> None:
    """Read the PDF, and compare what comes out with what is due."""
    due = EXPECTED[name]
    outcome = reader.read(f"{name}.pdf", MORE[name]())
    if outcome.issue is not None:
        assert_plain(outcome.issue, f"{name}.pdf", set(due.codes))
        return
    text = reader.text(outcome)
    assert due.words, "read, though it cannot be read whole"
    assert times_read(text, due.words) == {due.times}
    assert not due.without or squash(due.without) not in squash(text)
    assert {unicodedata.category(c) for c in text if c != "\n"}.isdisjoint(CONTROLS)
    assert reader.told(outcome) or not due.told


def test_every_bad_pdf_has_an_expectation() -> None:
    assert sorted(EXPECTED) == sorted(MORE)
    assert set(EXPECTED) >= set(OPEN)


@pytest.mark.parametrize("name", marked(name for name in EXPECTED if name not in BOMBS))
def test_a_bad_pdf_gives_its_whole_text_or_one_plain_issue(reader: Reader, name: str) -> None:
    worker = reader.worker
    assert_due(reader, name)
    assert reader.reads_on(f"after {name}")
    assert reader.worker == worker, "the worker broke down"


@pytest.mark.slow
@pytest.mark.parametrize("name", marked(BOMBS))
def test_a_bomb_costs_itself_and_no_more(hasty: Reader, name: str) -> None:
    assert_due(hasty, name)
    assert hasty.reads_on(f"after {name}")


def test_a_letter_of_two_units_is_one_letter(reader: Reader) -> None:
    text = reader.text(reader.read("units.pdf", MORE["letters_of_two_units"]()))
    assert f"The matrix {BOLD_A} of the group" in text
