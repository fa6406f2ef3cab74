"""The cleaning functions that stand in front of every writer."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

CELL_LIMIT = 32_767
"""What an Excel cell may hold, in UTF-16 code units, as Excel counts: a character outside the BMP takes two."""
CUT_MARK = " [... cut: too long for a cell]"
SURELY_SHORT = CELL_LIMIT // 2
"""Text of so many characters fits into a cell, whatever they are."""
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet might take for the beginning of a formula, full-width signs too."""


def clean_text(text: str) -> str:
    """Give text that XML and CSV can hold: no control or non-characters, no lone surrogates, LF line ends."""
    if text.isprintable():  # nearly all cells, and many times faster than looking for what is forbidden
        return text
    return _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def sheet_text(text: str) -> str:
    """Give text for a cell of a workbook: clean, and cut with a visible mark at Excel's limit."""
    safe = clean_text(text)
    if first_units(safe, CELL_LIMIT) == safe:
        return safe
    return first_units(safe, CELL_LIMIT - len(CUT_MARK)) + CUT_MARK


def first_units(text: str, limit: int) -> str:
    """Give so much of clean text as fits into a number of UTF-16 code units; half a character is left out."""
    if 2 * len(text) <= limit:
        return text
    return text.encode("utf-16-le")[: 2 * limit].decode("utf-16-le", "ignore")


def csv_text(text: str) -> str:
    """Give text for a cell of a CSV that people open in a spreadsheet: never run as a formula (OWASP), never too long.

    An apostrophe stands in front of what a spreadsheet might run, also of full-width signs, which some read as plain.
    """
    if len(text) < SURELY_SHORT and text.isprintable() and not text.startswith(FORMULA_SIGNS):  # nearly all cells
        return text
    safe = sheet_text(text)
    return sheet_text("'" + safe) if safe.startswith(FORMULA_SIGNS) else safe


def data_text(text: str) -> str:
    """Give text for programs: exact, but for what UTF-8 or common readers cannot hold, lone surrogates and NUL."""
    return text.encode("utf-8", "ignore").decode("utf-8").replace("\x00", "") if not text.isprintable() else text


def percent(share: float) -> str:
    """Write a share, 0 to 1, in whole per cent: halves rounded up as spreadsheets do, little but not 0 as `<1`."""
    if 0 < share < 0.005:
        return "<1"
    return str(int(Decimal(str(100 * share)).quantize(Decimal(1), ROUND_HALF_UP)))
