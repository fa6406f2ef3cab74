"""What stands in front of every writer."""

import re

import pytest

from evitable.export.clean import (
    CELL_LIMIT,
    CUT_MARK,
    clean_text,
    csv_text,
    data_text,
    first_units,
    percent,
    sheet_text,
)
from support.nasty import NASTY

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff\r]")


def units(text):
    return len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize("text", NASTY.values(), ids=list(NASTY))
def test_clean_text_holds_nothing_that_xml_cannot(text):
    assert not FORBIDDEN.search(clean_text(text))
    assert clean_text(text).strip()


def test_clean_text_keeps_all_that_may_be_kept():
    for name in (
        "astral",
        "combining",
        "right to left",
        "invisible",
        "literal character code",
        "blank lines",
        "tab in front",
    ):
        assert clean_text(NASTY[name]) == NASTY[name]


def test_line_ends_become_one_kind_and_forbidden_characters_go():
    assert clean_text("a\r\nb\rc\nd") == "a\nb\nc\nd"
    assert clean_text("hy\ufffephen \x00and\x0b \ud83dso on") == "hyphen and so on"


@pytest.mark.parametrize("text", NASTY.values(), ids=list(NASTY))
def test_a_sheet_cell_is_never_longer_than_excel_counts(text):
    assert 0 < units(sheet_text(text)) <= CELL_LIMIT


def test_text_is_cut_with_a_mark_only_where_it_is_too_long():
    assert sheet_text("y" * CELL_LIMIT) == "y" * CELL_LIMIT
    cut = sheet_text("y" * (CELL_LIMIT + 1))
    assert cut.endswith(CUT_MARK)
    assert units(cut) == CELL_LIMIT
    faces = sheet_text("\U0001f600" * 20_000)
    assert faces.endswith("\U0001f600" + CUT_MARK)
    assert CELL_LIMIT - 1 <= units(faces) <= CELL_LIMIT
    assert sheet_text("\U0001f600" * 16_383) == "\U0001f600" * 16_383


def test_half_a_character_is_never_left_at_a_cut():
    assert first_units("a\U0001f600b", 2) == "a"
    assert first_units("a\U0001f600b", 3) == "a\U0001f600"
    assert first_units("abc", 3) == "abc"


@pytest.mark.parametrize("text", NASTY.values(), ids=list(NASTY))
def test_a_cell_for_a_spreadsheet_never_begins_like_a_formula(text):
    assert not csv_text(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert csv_text(text).removeprefix("'") in (sheet_text(text), sheet_text(text).removeprefix("'"))


def test_only_what_might_run_gets_an_apostrophe():
    assert csv_text("-5") == "'-5"
    assert csv_text("＝1+1") == "'＝1+1"
    assert csv_text("\n=1+1") == "'\n=1+1"
    assert csv_text("5-") == "5-"
    assert csv_text("a=b") == "a=b"
    assert units(csv_text("=" + "x" * CELL_LIMIT)) <= CELL_LIMIT


def test_text_for_programs_is_exact_but_for_what_no_file_holds():
    kept = {name: text for name, text in NASTY.items() if name not in ("nul", "lone surrogates")}
    assert {name: data_text(text) for name, text in kept.items()} == kept
    assert data_text("half \ud83d a\x00 face") == "half  a face"


@pytest.mark.parametrize(
    ("share", "said"), [(0, "0"), (0.125, "13"), (0.625, "63"), (0.375, "38"), (0.3333, "33"), (1, "100")]
)
def test_shares_are_rounded_as_a_spreadsheet_does(share, said):
    assert percent(share) == said
