"""How wide text is, and where its lines break: measured in the font that matplotlib brings along."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

import matplotlib
from matplotlib.ft2font import FT2Font, LoadFlags

from evitable.export.clean import clean_text

BOX = "□"
"""Stands for a letter that the font does not have."""
MORE = "…"
LEADING = 1.3
"""Line height as a multiple of the type size."""
MIDDLE = 0.35
"""How far below the middle of a line its baseline runs, as a multiple of the type size."""
_LONGEST = 600
"""Characters of a text that are looked at; no picture has room for more."""
_SPACE = re.compile(r"[^\S\N{NO-BREAK SPACE}]+")
_PIECE = re.compile(r"[^-/–]*[-/–]+|[^-/–]+")
_EM = 1000


@cache
def font_file(*, bold: bool) -> Path:
    """Give the font's file, the same on every computer."""
    return Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")


@cache
def _font(*, bold: bool) -> FT2Font:
    font = FT2Font(str(font_file(bold=bold)))
    font.set_size(_EM, 72)
    return font


@cache
def _letters(*, bold: bool) -> frozenset[int]:
    return frozenset(_font(bold=bold).get_charmap())


@cache
def _advance(letter: str, *, bold: bool) -> float:
    """Measure one letter, in type sizes."""
    if ord(letter) in _letters(bold=bold):
        glyph = _font(bold=bold).load_char(ord(letter), LoadFlags.NO_HINTING)
        return glyph.linearHoriAdvance / 65536 / _EM
    return max(1.0, _advance(BOX, bold=bold))


def shown(text: str) -> str:
    """Give text on one line, composed, without what is invisible or no text at all."""
    short = text[: 4 * _LONGEST]
    composed = unicodedata.normalize("NFC", clean_text(short.encode("utf-8", "ignore").decode("utf-8")))
    spaced = "".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in composed)
    visible = "".join(letter for letter in spaced if unicodedata.category(letter) not in {"Cf", "Cn", "Co"})
    return " ".join(word for word in _SPACE.split(visible) if word)[:_LONGEST].strip()


def in_font(text: str, *, bold: bool) -> str:
    """Put a box in place of each letter that the font does not have; marks on letters are dropped."""
    letters = _letters(bold=bold)
    if all(ord(letter) in letters for letter in text):
        return text
    return "".join(
        letter if ord(letter) in letters else "" if unicodedata.combining(letter) else BOX for letter in text
    )


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Measure a line of text in points."""
    return size * sum(_advance(letter, bold=bold) for letter in text)


def wrapped(text: str, width: float, size: float, *, bold: bool = False, most: int = 4) -> tuple[str, ...]:
    """Break text into lines: at spaces, after hyphens and slashes, and where a word is too long, within it.

    Args:
        text: Any text.
        width: Of the column, in points.
        size: Type size.
        bold: Whether it is set in bold.
        most: Lines that there may be; what is left over is cut with an ellipsis.

    Returns:
        Lines that are no wider than the column; none for a text without visible letters.
    """
    lines: list[str] = [""]
    for word in shown(text).split(" "):
        space = " " if lines[-1] else ""
        for piece in _PIECE.findall(word):
            lines += _fitted(lines.pop(), space + piece, width, size, bold=bold)
            space = ""
        if len(lines) > most:
            break
    if len(lines) > most:
        lines = [*lines[: most - 1], _cut(lines[most - 1], width, size, bold=bold)]
    return tuple(line for line in lines if line)


def _fitted(line: str, piece: str, width: float, size: float, *, bold: bool) -> list[str]:
    """Set a piece behind a line, on a line of its own, or letter by letter over several."""
    if width_of(line + piece, size, bold=bold) <= width:
        return [line + piece]
    alone = piece.strip()
    if width_of(alone, size, bold=bold) <= width:
        return [line, alone]
    lines = [line, ""] if line else [""]
    for letter in alone:
        if lines[-1] and width_of(lines[-1] + letter, size, bold=bold) > width:
            lines.append("")
        lines[-1] += letter
    return lines


def _cut(line: str, width: float, size: float, *, bold: bool) -> str:
    while line and width_of(line + MORE, size, bold=bold) > width:
        line = line[:-1]
    return line.rstrip() + MORE
