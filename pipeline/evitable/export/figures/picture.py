"""A picture as data: words, areas and strokes at known places, before anything is drawn.

All measures are in points (1/72 inch), from the top left corner to the right and downwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

INK = "#1B1B1B"
GREY = "#5A5A5A"
HAIRLINE = "#C9C9C9"

SMALL = 7.0
NORMAL = 8.5
LARGE = 12.0


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text.

    Attributes:
        x: Place to which the line is anchored.
        y: Its baseline; of a turned line, where it starts.
        text: The line; what is no text is taken out when it is drawn.
        size: Type size.
        anchor: Which end of the line, or its middle, stands at `x`.
        bold: Whether it is set in bold.
        colour: As `#RRGGBB`.
        turned: Whether it runs upwards, its baseline being at `x`, anchored at `y`.
    """

    x: float
    y: float
    text: str
    size: float = NORMAL
    anchor: Literal["left", "center", "right"] = "left"
    bold: bool = False
    colour: str = INK
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle.

    Attributes:
        x: Left edge.
        y: Upper edge.
        width: To the right.
        height: Downwards.
        fill: Colour inside, or empty.
        edge: Colour of the outline, or empty.
        hatch: Pattern over the fill, in white, as matplotlib names it; or empty.
    """

    x: float
    y: float
    width: float
    height: float
    fill: str = ""
    edge: str = ""
    hatch: str = ""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points; `arrow` puts a head on its end."""

    points: tuple[tuple[float, float], ...]
    colour: str = INK
    width: float = 0.8
    arrow: bool = False


Item = Words | Area | Stroke


@dataclass(frozen=True, slots=True)
class Picture:
    """Items on white paper, drawn in order.

    Attributes:
        title: Name of the picture, kept in the file's own properties.
        width: Of the paper.
        height: Of the paper.
        items: What is on it.
    """

    title: str
    width: float
    height: float
    items: tuple[Item, ...]


def moved(items: Iterable[Item], right: float, down: float) -> tuple[Item, ...]:
    """Move items."""
    return tuple(_moved(item, right, down) for item in items)


def _moved(item: Item, right: float, down: float) -> Item:
    if isinstance(item, Stroke):
        return replace(item, points=tuple((x + right, y + down) for x, y in item.points))
    return replace(item, x=item.x + right, y=item.y + down)
