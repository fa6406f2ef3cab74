"""What stands round every figure: title, what is counted, and notes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evitable.export.figures.letters import BOX, LEADING, MIDDLE, in_font, wrapped
from evitable.export.figures.picture import GREY, INK, LARGE, NORMAL, SMALL, Item, Picture, Words, moved

MARGIN = 14.0
NOT_FOUND = "not found"
_NARROWEST = 400.0
_MISSING = f"{BOX} stands for a letter that this font does not have; the SVG file holds it."


@dataclass(frozen=True, slots=True)
class Body:
    """The drawing itself, its top left corner at (0, 0)."""

    width: float
    height: float
    items: tuple[Item, ...]


def paragraph(lines: Sequence[str], top: float, first: Words) -> list[Words]:
    """Set lines below each other, the first one's upper edge at `top`; `first` gives all but text and height."""
    return [
        _line(text, top + first.size * (LEADING * (number + 0.5) + MIDDLE), first) for number, text in enumerate(lines)
    ]


def _line(text: str, y: float, like: Words) -> Words:
    return Words(like.x, y, text, like.size, like.anchor, like.bold, like.colour)


def height_of(lines: Sequence[str], size: float) -> float:
    """Give the height of lines that `paragraph` sets."""
    return len(lines) * size * LEADING


def framed(title: str, counted: str, body: Body, notes: Iterable[str]) -> Picture:
    """Set a title, a line on what is counted, and notes round a drawing.

    Args:
        title: What the figure shows.
        counted: What is counted and by which rule.
        body: The drawing.
        notes: Sentences below it, each of its own.
    """
    wide = max(body.width, _NARROWEST)
    items: list[Item] = []
    down = MARGIN
    for text, size, bold, colour, most in ((title, LARGE, True, INK, 4), (counted, NORMAL, False, GREY, 4)):
        lines = wrapped(text, wide, size, bold=bold, most=most)
        items += paragraph(lines, down, Words(MARGIN, 0, "", size, bold=bold, colour=colour))
        down += height_of(lines, size) + 2
    down += 8
    items += moved(body.items, MARGIN, down)
    down += body.height + 8
    for note in [*notes, *_missing(items)]:
        lines = wrapped(note, wide, SMALL, most=6)
        items += paragraph(lines, down, Words(MARGIN, 0, "", SMALL, colour=GREY))
        down += height_of(lines, SMALL) + 1
    return Picture(title, wide + 2 * MARGIN, down + MARGIN - 4, tuple(items))


def _missing(items: Iterable[Item]) -> list[str]:
    words = (item for item in items if isinstance(item, Words))
    return [_MISSING] if any(in_font(word.text, bold=word.bold) != word.text for word in words) else []
