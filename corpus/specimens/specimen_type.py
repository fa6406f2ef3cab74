"""Set words into lines: fonts, hyphenation, ligatures, justification.

Lengths are in points. Nothing in this module knows of columns or pages.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, TypeAlias

import pyphen  # type: ignore[import-untyped, unused-ignore]
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped, unused-ignore]
from reportlab.pdfbase.ttfonts import TTFont  # type: ignore[import-untyped, unused-ignore]

Canvas: TypeAlias = Any
Colour: TypeAlias = tuple[float, float, float]
Run: TypeAlias = tuple[str, str]  # text, variant: "regular", "bold", "italic" or "sup"

BLACK: Colour = (0.0, 0.0, 0.0)
GREY: Colour = (0.42, 0.42, 0.42)

# family -> package, folder in it, files by variant. All are open: OFL 1.1, OFL 1.1, Apache 2.0, Bitstream Vera.
FONTS: dict[str, tuple[str, str, dict[str, str]]] = {
    "Serif": (
        "font_source_serif_pro",
        "files",
        {"regular": "SourceSerifPro-Regular", "bold": "SourceSerifPro-Bold", "italic": "SourceSerifPro-It"},
    ),
    "Sans": (
        "font_source_sans_pro",
        "files",
        {"regular": "SourceSansPro-Regular", "bold": "SourceSansPro-Semibold", "italic": "SourceSansPro-It"},
    ),
    "Roman": (
        "font_caladea",
        "files",
        {"regular": "Caladea-Regular", "bold": "Caladea-Bold", "italic": "Caladea-Italic"},
    ),
    "Screen": ("reportlab", "fonts", {"regular": "Vera", "bold": "VeraBd", "italic": "VeraIt"}),
}
FIRST_FONT = "Sans-regular"  # reportlab names a font before any is set; its own choice is not embedded
REPLACED = str.maketrans({"\u2011": "-", "\u2010": "-", "\u2009": "\u00a0", "\u202f": "\u00a0", "→": "to"})
SHRINK = 0.14  # how much of a word space a justified line may lose
LOOSE = 0.30  # a line is hyphenated when its word spaces would otherwise grow by more than this part of a space
RISE = 0.36  # of the font size, for superscripts
SUPERSCRIPT = 0.66


@dataclass(frozen=True)
class Style:
    """How a paragraph is set; ``first`` is added to the indent of the first line and may be negative."""

    family: str
    size: float
    leading: float
    variant: str = "regular"
    align: Literal["justify", "left", "center", "right"] = "left"
    first: float = 0.0
    left: float = 0.0
    right: float = 0.0
    before: float = 0.0
    after: float = 0.0
    colour: Colour = BLACK
    hyphenate: bool = False
    ligatures: bool = False
    numbered: bool = False
    unbroken: bool = False  # no word is parted, not even at its own hyphen
    marker: str = ""
    bar: Colour | None = None


@dataclass(frozen=True)
class Seg:
    """A stretch of text in one font; a word is one or more of them."""

    text: str
    font: str
    size: float
    rise: float = 0.0
    note: str = ""


Word: TypeAlias = tuple[Seg, ...]


@dataclass(frozen=True)
class Line:
    """Words that stand on one line, with their natural width."""

    words: tuple[Word, ...]
    width: float
    last: bool = False

    @property
    def notes(self) -> tuple[str, ...]:
        """The marks of the footnotes cited in the line."""
        return tuple(seg.note for word in self.words for seg in word if seg.note)


def register_fonts() -> None:
    """Make the four families known to reportlab.

    Raises:
        SystemExit: a font package is not installed; the message names it.
    """
    for family, (package, folder, files) in FONTS.items():
        found = find_spec(package)
        if found is None or found.origin is None:
            raise SystemExit(f"fonts are missing: pip install {package.replace('_', '-')}")
        for variant, name in files.items():
            path = Path(found.origin).parent / folder / f"{name}.ttf"
            pdfmetrics.registerFont(TTFont(f"{family}-{variant}", str(path)))


def clean(text: str) -> str:
    """Replace the few characters that the fonts lack."""
    return text.translate(REPLACED)


def ligated(text: str) -> str:
    """The text with the ligature characters U+FB01 and U+FB02."""
    return text.replace("fi", "\ufb01").replace("fl", "\ufb02")


@lru_cache(maxsize=200_000)
def width_of(text: str, font: str, size: float) -> float:
    """The width of a text.

    Raises:
        ValueError: the font lacks a character.
    """
    glyphs = pdfmetrics.getFont(font).face.charToGlyph
    lacking = sorted({char for char in text if ord(char) not in glyphs})
    if lacking:
        raise ValueError(f"{font} lacks {lacking} in {text!r}")
    return float(pdfmetrics.stringWidth(text, font, size))


def word_width(word: Word) -> float:
    """The width of a word."""
    return sum(width_of(seg.text, seg.font, seg.size) for seg in word)


def space_before(word: Word) -> float:
    """The width of the space in front of a word, in the font of its beginning."""
    return width_of(" ", word[0].font, word[0].size)


def make_words(runs: Iterable[Run] | str, style: Style) -> list[Word]:
    """Cut runs of text at their spaces; what stands side by side without a space is one word."""
    words: list[list[Seg]] = []
    glued = False
    for text, variant in [(runs, "regular")] if isinstance(runs, str) else runs:
        for piece in re.split(r"( +)", clean(text)):
            if piece.startswith(" "):
                glued = False
            elif piece:
                segs = list(_segs(piece, variant, style))
                if glued:
                    words[-1].extend(segs)
                else:
                    words.append(segs)
                glued = True
    return [tuple(word) for word in words]


def _segs(piece: str, variant: str, style: Style) -> Iterator[Seg]:
    if variant == "regular":
        variant = style.variant
    base = f"{style.family}-{style.variant if variant == 'sup' else variant}"
    small, rise = style.size * SUPERSCRIPT, style.size * RISE
    for part in re.split(r"(\[\^\w+\])", piece):
        mark = re.fullmatch(r"\[\^(\w+)\]", part)
        if mark:
            yield Seg(mark[1], base, small, rise, note=mark[1])
        elif part and variant == "sup":
            yield Seg(part, base, small, rise)
        elif part:
            yield Seg(ligated(part) if style.ligatures else part, base, style.size)


@lru_cache(maxsize=1)
def _hyphens() -> Any:
    return pyphen.Pyphen(lang="en_GB", left=2, right=3)


@lru_cache(maxsize=50_000)
def splits(text: str, *, hyphenate: bool, ligatures: bool) -> tuple[tuple[str, str, bool], ...]:
    """Where a word may be parted: (head, tail, whether a hyphen was added), from left to right.

    A word is parted after a hyphen, dash or slash that it has already; only a word without any is hyphenated.
    """
    plain = text.replace("\ufb01", "fi").replace("\ufb02", "fl")
    show = ligated if ligatures else str
    address = "/" in plain and ("." in plain or ":" in plain)
    hard = r"(?<=[/.=?_-])(?=\w)" if address else r"(?<=[^\W\d]-)(?=\w)|(?<=\w[–—/])(?=[^\W\d])"
    places = [found.start() for found in re.finditer(hard, plain) if found.start() > 1]
    if places or address:
        return tuple((show(plain[:at]), show(plain[at:]), False) for at in places)
    core = re.search(r"[^\W\d_]{5,}", plain)
    if not hyphenate or core is None or plain.isupper():
        return ()
    offsets = [core.start() + at for at in _hyphens().positions(core.group())]
    return tuple((show(plain[:at]) + "-", show(plain[at:]), True) for at in offsets)


def _part(word: Word, room: float, style: Style, *, soft: bool) -> tuple[Word, Word, bool] | None:
    """The longest beginning of a word that fits into the room, the rest, and whether a hyphen was added."""
    if style.unbroken:
        return None
    seg, others = word[0], word[1:]
    for head, tail, added in reversed(splits(seg.text, hyphenate=style.hyphenate and soft, ligatures=style.ligatures)):
        if width_of(head, seg.font, seg.size) <= room:
            return (replace(seg, text=head),), (replace(seg, text=tail), *others), added
    return None


def break_lines(words: Iterable[Word], first_measure: float, measure: float, style: Style) -> list[Line]:
    """Fill lines greedily; no more than two lines in succession end with an added hyphen."""
    lines: list[Line] = []
    queue = deque(words)
    current: list[Word] = []
    width, hyphens = 0.0, 0
    while queue:
        word = queue.popleft()
        room = measure if lines else first_measure
        gap = space_before(word) if current else 0.0
        slack = room - width
        give = SHRINK * gap * len(current) if style.align == "justify" else 0.0
        if gap + word_width(word) <= slack + give:
            current.append(word)
            width += gap + word_width(word)
            continue
        part = _part(word, slack - gap, style, soft=hyphens < 2)
        loose = style.align != "justify" or slack > LOOSE * gap * len(current)
        if part and (not current or loose):
            current.append(part[0])
            width += gap + word_width(part[0])
            queue.appendleft(part[1])
        elif current:
            queue.appendleft(word)
        else:
            current.append(word)
            width = word_width(word)
        hyphens = hyphens + 1 if part and part[2] and current[-1] == part[0] else 0
        lines.append(Line(tuple(current), width))
        current, width = [], 0.0
    if current:
        lines.append(Line(tuple(current), width))
    return [*lines[:-1], replace(lines[-1], last=True)] if lines else []


def draw_line(canvas: Canvas, x: float, baseline: float, line: Line, style: Style, measure: float) -> None:
    """Draw a line; a justified one is stretched by word spaces, as typesetters' programs do."""
    slack = measure - line.width
    gaps = len(line.words) - 1
    stretch = slack / gaps if style.align == "justify" and gaps and (not line.last or slack < 0) else 0.0
    shift = {"center": slack / 2, "right": slack}.get(style.align, 0.0)
    text = canvas.beginText(x + shift, baseline)
    text.setFillColorRGB(*style.colour)
    text.setWordSpace(stretch)
    for seg in _merged(line.words):
        text.setFont(seg.font, seg.size)
        text.setRise(seg.rise)
        text.textOut(seg.text)
    text.setRise(0)
    text.setWordSpace(0)
    canvas.drawText(text)


def _merged(words: tuple[Word, ...]) -> list[Seg]:
    merged: list[Seg] = []
    for at, word in enumerate(words):
        for place, seg in enumerate(word):
            spaced = replace(seg, text=" " + seg.text) if at and not place else seg
            if merged and (merged[-1].font, merged[-1].size) == (seg.font, seg.size):
                merged[-1] = replace(merged[-1], text=merged[-1].text + spaced.text)
            else:
                merged.append(spaced)
    return merged


def draw_text(
    canvas: Canvas,
    x: float,
    baseline: float,
    text: str,
    style: Style,
    measure: float = 0.0,
) -> None:
    """Draw one line of text that is not broken, aligned in the measure."""
    words = tuple(make_words(text, style))
    width = sum(word_width(word) for word in words) + sum(space_before(word) for word in words[1:])
    draw_line(canvas, x, baseline, Line(words, width, last=True), style, measure)
