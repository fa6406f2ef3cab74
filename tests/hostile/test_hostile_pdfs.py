"""Bad PDFs: each gives its text or one plain issue, none stops a run, and the next paper is read as if nothing was."""

from __future__ import annotations

import random
import re
import threading
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from evitable.errors import ItemError, UserError
from evitable.extract.paper import extract_document
from evitable.records import Document
from hostile.hostile_content import bomb_of_drawings
from hostile.hostile_more import MORE
from hostile.make_hostile import HOSTILE
from support.pdf_bytes import PHRASE, good
from support.reader import CONTROLS, Reader, assert_plain, is_plain

SPECIMENS = Path(__file__).parents[2] / "corpus"

NOT_READ = {
    "zero_bytes": "pdf-empty",
    "text_file": "pdf-not-pdf",
    "html_file": "pdf-not-pdf",
    "header_only": "pdf-damaged",
    "truncated_at_10": "pdf-damaged",
    "truncated_at_50": "pdf-damaged",
    "truncated_at_90": "pdf-damaged",
    "encrypted_with_password": "pdf-encrypted",
    "encrypted_for_a_reader": "pdf-encrypted",
    "image_only": "pdf-scanned",
    "empty_pages": "pdf-scanned",
    "one_character": "pdf-scanned",
    "no_pages": "pdf-no-pages",
    "tree_that_holds_itself": "pdf-no-pages",
    "line_numbers_only": "no-body-text",
    "rotated_text_only": "no-body-text",
    "deep_page_tree": "pdf-damaged",
    "deep_arrays": "no-body-text",
    "too_many_pages": "pdf-too-long",
    "bomb_in_a_bomb": "out-of-memory",
    "bomb_of_widths": "out-of-memory",
    "fonts_without_letters": "no-body-text",
    "null_bytes_in_text": "no-body-text",
}
"""Code of the issue that each bad PDF gives."""
READ = (
    "broken_xref",
    "shifted_xref",
    "wrong_startxref",
    "trailing_garbage",
    "leading_garbage",
    "encrypted_without_password",
    "tree_that_holds_itself_and_a_page",
    "kids_loop",
    "table_that_follows_itself",
    "length_that_asks_itself",
    "deep_arrays_in_content",
    "drawing_that_draws_itself",
    "bomb_of_spaces",
    "missing_fonts",
    "control_characters_in_text",
    "control_characters_in_properties",
    "right_to_left",
    "octal_beyond_a_byte",
    "huge_coordinates",
    "huge_type",
    "no_type_size",
    "tiny_type",
    "page_without_size",
    "page_of_words",
    "turned_by_a_word",
    "roman_page_numbers_from_zero",
    "page_labels_of_words",
    "page_labels_in_a_circle",
    "five_hundred_pages",
    "script_and_attachment",
)
"""Bad PDFs whose text is whole, and is read."""
TOLD = ("missing_page", "damaged_page")
"""Bad PDFs of which a part is read, and the rest said to be missing."""
ENDLESS = {
    "bomb_of_zeros": {"timed-out", "out-of-memory", "pdf-scanned"},
    "bomb_of_text": {"timed-out", "out-of-memory", "pdf-too-large"},
    "bomb_of_drawings": {"timed-out", "out-of-memory", "pdf-too-large"},
    "bomb_of_letters": {"timed-out", "out-of-memory", "pdf-too-large"},
}
"""PDFs that would take minutes or more memory than there is, and the codes of their issue, whichever comes first."""
OPEN: dict[str, str] = {}
"""Known faults, and what happens."""
SLOW = frozenset({"five_hundred_pages", "bomb_in_a_bomb"})
HEBREW = "א"


def marked(names: Iterable[str]) -> list[object]:
    slow = {name: [pytest.mark.slow] for name in SLOW}
    known = {name: [pytest.mark.xfail(reason=reason, strict=True)] for name, reason in OPEN.items()}
    return [pytest.param(name, marks=slow.get(name, []) + known.get(name, [])) for name in names]


def test_every_bad_pdf_has_an_expectation() -> None:
    assert sorted([*NOT_READ, *READ, *TOLD, *ENDLESS, *MORE]) == sorted(HOSTILE)


@pytest.mark.parametrize("name", [name for name in HOSTILE if not name.startswith("bomb")])
def test_a_bad_pdf_is_made_the_same_each_time(name: str) -> None:
    assert HOSTILE[name]() == HOSTILE[name]()


@pytest.mark.parametrize("name", marked(NOT_READ))
def test_a_pdf_that_cannot_be_read_is_named_in_plain_words_and_costs_only_itself(reader: Reader, name: str) -> None:
    worker = reader.worker
    outcome = reader.read(f"{name}.pdf", HOSTILE[name]())
    assert outcome.issue is not None
    assert_plain(outcome.issue, f"{name}.pdf", {NOT_READ[name]})
    assert reader.reads_on(f"after {name}")
    assert reader.worker == worker or outcome.issue.code == "out-of-memory", "the worker broke down"


@pytest.mark.parametrize("name", marked(READ))
def test_a_pdf_with_odd_parts_is_read_whole(reader: Reader, name: str) -> None:
    worker = reader.worker
    text = reader.text(reader.read(f"{name}.pdf", HOSTILE[name]()))
    assert PHRASE in text or (name == "right_to_left" and text.count(HEBREW) >= 8)
    assert {unicodedata.category(c) for c in text if c != "\n"}.isdisjoint(CONTROLS)
    assert reader.reads_on(f"after {name}")
    assert reader.worker == worker


@pytest.mark.parametrize("name", TOLD)
def test_what_is_missing_of_a_pdf_that_is_read_is_told(reader: Reader, name: str) -> None:
    outcome = reader.read(f"{name}.pdf", HOSTILE[name]())
    assert PHRASE in reader.text(outcome)
    assert reader.told(outcome)


@pytest.mark.slow
@pytest.mark.parametrize("name", ENDLESS)
def test_a_pdf_without_end_is_given_up_and_the_next_paper_is_read(hasty: Reader, name: str) -> None:
    outcome = hasty.read(f"{name}.pdf", HOSTILE[name]())
    assert outcome.issue is not None
    assert_plain(outcome.issue, f"{name}.pdf", ENDLESS[name])
    assert hasty.reads_on(f"after {name}")


def test_every_page_of_a_long_paper_is_read_once(reader: Reader) -> None:
    document = reader.document(reader.read("long.pdf", good(pages=30, note="thirty pages")))
    assert [page.number for page in document.pages] == list(range(1, 31))
    assert document.text.count(PHRASE) == 30


def test_a_page_in_a_circle_of_pages_is_read_once(reader: Reader) -> None:
    for name in ("kids_loop", "tree_that_holds_itself_and_a_page"):
        document = reader.document(reader.read(f"{name}.pdf", HOSTILE[name]()))
        assert (len(document.pages), document.text.count(PHRASE)) == (1, 1)


def test_scripts_and_attachments_are_not_text_of_the_paper(reader: Reader) -> None:
    text = reader.text(reader.read("script.pdf", HOSTILE["script_and_attachment"]()))
    assert "exportDataObject" not in text
    assert "no text of the paper" not in text
    assert "run.exe" not in text


def test_characters_that_cannot_be_printed_vanish_and_the_words_stay(reader: Reader) -> None:
    text = reader.text(reader.read("controls.pdf", HOSTILE["control_characters_in_text"]()))
    assert " ".join(text.split()).startswith(f"{PHRASE} to plan the clinic together, and every decision")


def test_letters_of_a_right_to_left_script_are_kept(reader: Reader) -> None:
    text = reader.text(reader.read("hebrew.pdf", HOSTILE["right_to_left"]()))
    assert set("אבגדהו") <= set(text)


def test_a_file_that_went_since_the_scan_costs_only_itself(reader: Reader) -> None:
    outcome = reader.read("gone.pdf", None)
    assert outcome.issue is not None
    assert outcome.issue.code == "file-unreadable"
    assert is_plain(outcome.issue.hint)
    assert reader.reads_on("after a file that went")


@pytest.mark.slow
def test_a_worker_that_hangs_costs_that_paper_only(hasty: Reader) -> None:
    assert hasty.reads_on("before the worker hangs")
    before = hasty.worker
    outcome = hasty.read("hangs.pdf", bomb_of_drawings())
    assert outcome.issue is not None
    assert_plain(outcome.issue, "hangs.pdf", {"timed-out"})
    assert "3 seconds" in outcome.issue.message
    assert "time_limit" in outcome.issue.hint
    assert hasty.reads_on("after the worker hung")
    assert hasty.worker != before


@pytest.mark.slow
def test_a_worker_that_dies_over_a_paper_costs_that_paper_only(reader: Reader) -> None:
    assert reader.reads_on("before the worker dies")
    process = reader.guard._process
    assert process is not None
    death = threading.Timer(0.5, process.kill)  # the paper would take hours
    death.start()
    outcome = reader.read("dies.pdf", bomb_of_drawings())
    death.join()
    assert outcome.issue is not None
    assert_plain(outcome.issue, "dies.pdf", {"worker-died"})
    assert reader.reads_on("after the worker died")
    assert reader.worker != process.pid


@pytest.mark.slow
def test_a_worker_that_died_while_idle_is_replaced(reader: Reader) -> None:
    assert reader.reads_on("before the idle worker dies")
    process = reader.guard._process
    assert process is not None
    process.kill()
    process.wait()
    outcome = reader.read("next.pdf", good(pages=1, note="next after an idle death"))
    assert outcome.issue is None  # the paper after it is not to blame
    assert reader.reads_on("next but one after an idle death")
    assert reader.worker != process.pid


def test_a_worker_that_cannot_start_is_told_with_what_to_do(tmp_path: Path) -> None:
    starved = Reader(tmp_path, "memory_limit = 1\n")
    with starved.guard, pytest.raises(UserError) as told:
        starved.read("good.pdf", good(pages=1))
    assert is_plain(told.value.message)
    assert "memory_limit" in told.value.hint


# Chance damage: whatever happens to the bytes of a paper, reading it ends in text or in an ItemError.


def cut_short(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def with_flipped_bytes(data: bytes, chance: random.Random) -> bytes:
    damaged = bytearray(data)
    for _ in range(chance.choice((1, 10, 100))):
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def with_a_part_moved(data: bytes, chance: random.Random) -> bytes:
    start, end = sorted(chance.randrange(len(data)) for _ in range(2))
    part = data[start : min(end, start + 5_000)]
    rest = data[:start] + data[start + len(part) :]
    at = chance.randrange(len(rest))
    return rest[:at] + part + rest[at:]


def with_another_number(data: bytes, chance: random.Random) -> bytes:
    """Change a number of the objects: a length, a place, a size, a reference."""
    number = chance.choice(list(re.finditer(rb"(?<=[ \[])-?\d+(?=[ \]])", data)))
    other = chance.choice((b"0", b"-1", b"65536", b"9999999999", b"0.5", b"null", b"(text)", b"[]", b"/Name"))
    return data[: number.start()] + other + data[number.end() :]


DAMAGES = (cut_short, with_flipped_bytes, with_a_part_moved, with_another_number)


def outcome_of(data: bytes) -> Document | ItemError:
    """Read a paper in this process."""
    try:
        return extract_document(data, "p")
    except ItemError as error:
        return error


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_paper_damaged_by_chance_gives_text_or_an_item_error(
    damage: Callable[[bytes, random.Random], bytes],
) -> None:
    specimen = (SPECIMENS / "figueiredo-2019.pdf").read_bytes()
    outcomes = [outcome_of(damage(specimen, random.Random(seed))) for seed in range(15)]
    assert all(is_plain(outcome.message) for outcome in outcomes if isinstance(outcome, ItemError))
    assert all(outcome.text for outcome in outcomes if isinstance(outcome, Document))
