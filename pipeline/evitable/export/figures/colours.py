"""Colours that people with any colour vision, and grey print, keep apart."""

from __future__ import annotations

from typing import NamedTuple

from evitable.export.figures.picture import INK

PLAIN = "#2F6F8F"
PALE = "#E4EDF1"
PAPER = "#F7F7F7"
_DARK = (11, 61, 92)
_LIGHT = (222, 235, 242)


class Fill(NamedTuple):
    """A colour and a pattern over it."""

    colour: str
    hatch: str = ""


WAYS = (Fill("#0072B2"), Fill("#D55E00", "////"), Fill("#E69F00", "xxx"), Fill("#D0D0D0"))
"""Facilitates, hinders, mixed, not said: blue, vermilion, orange (Okabe and Ito 2008) and grey, by pattern too."""


UNKNOWN = Fill("#B0B0B0", "////")
"""What was not found."""
OTHERS = Fill("#9DB9C6")
"""All other values together."""


def shade(count: int, most: int) -> str:
    """Give the shade of a count: one hue, from light to dark; nothing is nearly white."""
    if not count:
        return PAPER
    part = (count - 1) / (most - 1) if most > 1 else 0.5
    mixed = (round(light + (dark - light) * part) for light, dark in zip(_LIGHT, _DARK, strict=True))
    return "#" + "".join(f"{channel:02X}" for channel in mixed)


def ink_on(fill: str) -> str:
    """Give black or white, whichever is easier to read on a colour (relative luminance, WCAG 2)."""
    channels = (int(fill[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#FFFFFF" if luminance < 0.18 else INK
