"""The bad PDFs through PDFium first: the whole text, or one plain issue, and never a guess in place of the letters."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hostile.judge import BUGS
from hostile.make_hostile import HOSTILE
from hostile.test_hostile_more import EXPECTED, times_read
from support.pdf_bytes import PROSE
from support.reader import Reader, is_plain

OPEN = {
    "bomb_of_text": "where no memory is left PDFium ends the process, and it is only said that it broke down",
    "bomb_in_a_bomb": "as above",
    "torn_page": "the first lines of a page that is damaged further on are read, the others are lost without a word",
}
"""Known faults, and what happens."""
NOT_LOCKED = {"no_pages", "kids_loop"}
"""PDFs of which it may not be said that a password protects them."""
ENDLESS = {"bomb_of_drawings", "bomb_of_characters", "bomb_of_long_letters", "paragraph_of_a_million"}
"""PDFs that run out of time or of memory, whichever comes first; the other modules have them."""
OTHER_LETTERS = {"right_to_left", "arabic", "vertical_text", "letters_without_names"}


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    settings = 'extractor = "pdfium"\ntime_limit = 60\nmemory_limit = 1500\n'
    reader = Reader(tmp_path_factory.mktemp("second"), settings)
    with reader.guard:
        yield reader


def marked(name: str) -> object:
    slow = [pytest.mark.slow] if name.startswith("bomb") or name in OPEN or "hundred" in name else []
    known = [pytest.mark.xfail(reason=OPEN[name], strict=True)] if name in OPEN else []
    return pytest.param(name, marks=[*slow, *known])


@pytest.mark.parametrize("name", [marked(name) for name in HOSTILE if name not in ENDLESS])
def test_a_bad_pdf_gives_its_whole_text_or_one_plain_issue(second: Reader, name: str) -> None:
    outcome = second.read(f"{name}.pdf", HOSTILE[name]())
    if outcome.issue is not None:
        assert outcome.issue.code not in BUGS
        assert outcome.issue.code != "pdf-encrypted" or name not in NOT_LOCKED
        assert is_plain(outcome.issue.message)
        assert is_plain(outcome.issue.hint)
        return
    document = second.document(outcome)
    times = times_read(document.text, PROSE)
    assert name in OTHER_LETTERS or times == {len(document.pages)} or (0 not in times and second.told(outcome))
    assert name not in EXPECTED or not EXPECTED[name].without or EXPECTED[name].without not in document.text
