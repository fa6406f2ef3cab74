"""Upright columns, one for each year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evitable.export.figures.colours import PLAIN, UNKNOWN, Fill
from evitable.export.figures.frame import NOT_FOUND, Body, height_of, paragraph
from evitable.export.figures.letters import MIDDLE, width_of, wrapped
from evitable.export.figures.picture import GREY, INK, SMALL, Area, Item, Stroke, Words, moved

_MOST_COLUMNS = 80
_WIDEST = 40.0
_NARROWEST = 11.0
_WIDTH = 430.0
_HEIGHT = 150.0


def spans(years: Mapping[int, int]) -> tuple[tuple[str, int], ...]:
    """Fill the gaps between years with zeros; over many years, join them to decades, centuries and so on.

    Args:
        years: Studies by year; none gives none.

    Returns:
        A name and a number for each column, in order; at most 80.
    """
    if not years:
        return ()
    length = 1
    while max(years) // length - min(years) // length >= _MOST_COLUMNS:
        length *= 10
    counts = dict.fromkeys(range(min(years) // length, max(years) // length + 1), 0)
    for year, count in years.items():
        counts[year // length] += count
    if length == 1:
        return tuple((str(start), count) for start, count in counts.items())
    return tuple((f"{start * length}-{start * length + length - 1}", count) for start, count in counts.items())


def columns(counts: Sequence[tuple[str, int]], unknown: int) -> Body:
    """Lay out columns.

    Args:
        counts: A name and a number for each.
        unknown: Studies whose year is not known; they stand apart, where there are any.
    """
    if not counts and not unknown:
        return Body(_WIDTH, SMALL, (Words(0, SMALL, "No study yet.", SMALL, colour=GREY),))
    places = len(counts) + (2 if unknown else 0)
    wide = min(_WIDEST, max(_NARROWEST, _WIDTH / places))
    bars = [(name, count, wide * (number + 0.5), Fill(PLAIN)) for number, (name, count) in enumerate(counts)]
    if unknown:
        bars.append((NOT_FOUND, unknown, wide * (len(counts) + 1.5), UNKNOWN))
    most = max((count for _, count, _, _ in bars), default=0)
    longest = width_of(f"{most:,}", SMALL)
    turned = longest > wide - 2
    base = (longest if turned else SMALL) + 5 + _HEIGHT
    names, below = _names([(name, x) for name, _, x, _ in bars], wide)
    items: list[Item] = [*moved(names, 0, base + 4)]
    for _, count, x, fill in bars:
        tall = count / most * _HEIGHT if most else 0.0
        if count:
            items.append(Area(x - wide * 0.36, base - tall, wide * 0.72, tall, fill.colour, hatch=fill.hatch))
        items.append(_number(count, x, base - tall - 3, turned=turned))
    items.append(Stroke(((0, base), (places * wide, base)), GREY))
    return Body(places * wide, base + 6 + below, tuple(items))


def _names(places: Sequence[tuple[str, float]], wide: float) -> tuple[list[Item], float]:
    """Give the names below the columns, upright or turned, and their height."""
    words = [word for name, _ in places for word in name.split()]
    if all(width_of(word, SMALL) <= wide - 3 for word in words):
        lines = {name: wrapped(name, wide - 2, SMALL) for name, _ in places}
        items = [item for name, x in places for item in paragraph(lines[name], 0, Words(x, 0, "", SMALL, "center"))]
        return [*items], max((height_of(made, SMALL) for made in lines.values()), default=0.0)
    turned = [Words(x + SMALL * MIDDLE, 0, name, SMALL, "right", turned=True) for name, x in places]
    return [*turned], max(width_of(name, SMALL) for name, _ in places)


def _number(count: int, x: float, y: float, *, turned: bool) -> Words:
    colour = INK if count else GREY
    if turned:
        return Words(x + SMALL * MIDDLE, y, f"{count:,}", SMALL, "left", colour=colour, turned=True)
    return Words(x, y, f"{count:,}", SMALL, "center", colour=colour)
