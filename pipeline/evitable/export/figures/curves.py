"""Rising curves of shares, from nothing at the left to all at the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evitable.export.figures.frame import Body
from evitable.export.figures.letters import MIDDLE
from evitable.export.figures.picture import GREY, HAIRLINE, INK, NORMAL, SMALL, Item, Stroke, Words

_SIDE = 340.0
_LEFT = 44.0
_NAMES = 150.0
_APART = 11.0
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#5A5A5A")
"""Blue, vermilion, green, purple (Okabe and Ito 2008) and grey: for any colour vision."""


@dataclass(frozen=True, slots=True)
class Rise:
    """A curve: what is said of it, and the share found (0 to 1) at equal steps of the share checked."""

    name: str
    shares: tuple[float, ...]


def curves(rises: Sequence[Rise], across: str, up: str, mark: float) -> Body:
    """Lay out curves.

    Args:
        rises: At most five.
        across: What the axis to the right says.
        up: What the axis upwards says.
        mark: Share at which a line is drawn across, and below which the names of the curves stand.
    """
    items: list[Item] = []
    for percent in range(0, 101, 20):
        away, down = _LEFT + percent / 100 * _SIDE, _SIDE * (1 - percent / 100)
        items.append(Stroke(((_LEFT, down), (_LEFT + _SIDE, down)), HAIRLINE, 0.5))
        items.append(Words(_LEFT - 5, down + SMALL * MIDDLE, f"{percent} %", SMALL, "right", colour=GREY))
        items.append(Words(away, _SIDE + 12, f"{percent} %", SMALL, "center", colour=GREY))
    level = _SIDE * (1 - mark)
    items.append(Stroke(((_LEFT, level), (_LEFT + _SIDE, level)), GREY, 0.6))
    items.append(Words(_LEFT + _SIDE / 2, _SIDE + 26, across, NORMAL, "center", colour=INK))
    items.append(Words(8, _SIDE / 2, up, NORMAL, "center", colour=INK, turned=True))
    for number, (rise, colour) in enumerate(zip(rises, _COLOURS, strict=False)):
        items.append(Stroke(_points(rise), colour, 1.6))
        place = level + 14 + number * _APART
        right = _LEFT + _SIDE + 12
        items.append(Stroke(((right, place), (right + 16, place)), colour, 1.6))
        items.append(Words(right + 20, place + SMALL * MIDDLE, rise.name, SMALL, colour=INK))
    return Body(_LEFT + _SIDE + _NAMES, _SIDE + 30, tuple(items))


def _points(rise: Rise) -> tuple[tuple[float, float], ...]:
    steps = max(1, len(rise.shares) - 1)
    return tuple((_LEFT + at / steps * _SIDE, _SIDE * (1 - share)) for at, share in enumerate(rise.shares))
