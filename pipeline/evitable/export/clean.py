"""The one cleaning function that stands in front of every writer."""

from __future__ import annotations

import re

CELL_LIMIT = 32_767
"""Characters that an Excel cell may hold."""
CUT_MARK = " [... cut: too long for a cell]"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def clean_text(text: str) -> str:
    """Give text that XML and CSV can hold: no control or non-characters, no lone surrogates, LF line ends."""
    return _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def sheet_text(text: str) -> str:
    """Give text for a cell of a workbook: clean, and cut with a visible mark at Excel's limit.

    A literal `_x0041_`, which Excel reads as a character code, is escaped by XlsxWriter itself.
    """
    safe = clean_text(text)
    return safe if len(safe) <= CELL_LIMIT else safe[: CELL_LIMIT - len(CUT_MARK)] + CUT_MARK


def csv_text(text: str) -> str:
    """Give text for a cell of a CSV that people open in a spreadsheet: never run as a formula (OWASP ASVS)."""
    safe = clean_text(text)
    return "'" + safe if safe.startswith(_FORMULA) else safe
