"""Pictures to files, with matplotlib: the only module that draws."""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from evitable.export.figures.fonts import Fonts, whole_fonts
from evitable.export.figures.letters import in_font, shown
from evitable.export.figures.picture import Area, Item, Picture, Stroke, Words

logging.getLogger("fontTools").setLevel(logging.ERROR)  # how a font was cut down means nothing to a reviewer

FORMATS = ("svg", "png", "pdf")
DPI = 200
_POINTS = 72
_HEAD = 5.0
"""Length of an arrow's head in points."""
_STYLE = {
    "svg.hashsalt": "evitable",
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial"],
    "hatch.linewidth": 0.9,
    "text.hinting": "no_hinting",
}
"""Text stays text, as wide in all formats; other fonts in which an SVG may be shown are no wider than DejaVu."""


_PROPERTIES = {
    "svg": ("Creator", "Date"),
    "png": ("Software",),
    "pdf": ("Creator", "Producer", "CreationDate"),
}
"""What matplotlib would write of program and date into each kind of file."""


def drawn(picture: Picture, ending: str, fonts: Fonts | None = None) -> bytes:
    """Draw a picture.

    Args:
        picture: What is drawn.
        ending: One of `FORMATS`. PNG is drawn at 200 dpi.
        fonts: Fonts that have its letters; the whole ones, if none are given.

    Returns:
        The file's bytes, without date and program version: equal pictures give equal bytes.
    """
    buffer = io.BytesIO()
    metadata = {"Title": shown(picture.title), **dict.fromkeys(_PROPERTIES[ending])}
    with _own_style():
        figure = Figure(figsize=(picture.width / _POINTS, picture.height / _POINTS), facecolor="white")
        down = Affine2D().scale(1 / _POINTS, -1 / _POINTS).translate(0, picture.height / _POINTS)
        for order, item in enumerate(picture.items):
            # Only an SVG can hold letters that the font lacks: whoever shows it has other fonts.
            for artist in _artists(item, fonts or whole_fonts(), boxes=ending != "svg"):
                artist.set_zorder(order)
                artist.set_transform(down + figure.dpi_scale_trans)
                figure.add_artist(artist)
        figure.savefig(buffer, format=ending, dpi=DPI, metadata=metadata)
    return buffer.getvalue()


@contextmanager
def _own_style() -> Iterator[None]:
    """Draw with matplotlib's own defaults, whatever the user's are, and leave these as they were."""
    style: dict[Any, Any] = {k: v for k, v in matplotlib.rcParamsDefault.items() if not k.startswith("backend")}
    style |= _STYLE
    with matplotlib.rc_context(style), warnings.catch_warnings():
        # Letters that the font lacks are told of in the picture itself.
        warnings.filterwarnings("ignore", message=r"Glyph \d+ .* missing from font", category=UserWarning)
        yield


def _artists(item: Item, fonts: Fonts, *, boxes: bool) -> list[Artist]:
    match item:
        case Words():
            text = in_font(item.text, bold=item.bold) if boxes else item.text
            return [_text(item, text, fonts[item.bold])]
        case Area():
            return [_rectangle(item)]
        case Stroke():
            return _line(item)


def _text(words: Words, text: str, file: Path) -> Text:
    font = FontProperties(fname=file, size=words.size, weight="bold" if words.bold else "normal")
    return Text(
        words.x,
        words.y,
        text,
        color=words.colour,
        fontproperties=font,
        horizontalalignment=words.anchor,
        verticalalignment="baseline",
        rotation=90 if words.turned else 0,
        rotation_mode="anchor",
        parse_math=False,
    )


def _rectangle(area: Area) -> Rectangle:
    return Rectangle(
        (area.x, area.y),
        area.width,
        area.height,
        facecolor=area.fill or "none",
        edgecolor=area.edge or ("white" if area.hatch else "none"),
        linewidth=0.8 if area.edge else 0,
        hatch=area.hatch or None,
    )


def _line(stroke: Stroke) -> list[Artist]:
    """Give a line and the head on its end; all arrows run along or across the paper."""
    line = Line2D(
        [x for x, _ in stroke.points],
        [y for _, y in stroke.points],
        color=stroke.colour,
        linewidth=stroke.width,
        solid_joinstyle="miter",
    )
    if not stroke.arrow:
        return [line]
    (x0, y0), (x, y) = stroke.points[-2:]
    right, down = (x > x0) - (x < x0), (y > y0) - (y < y0)
    back = (x - _HEAD * right, y - _HEAD * down)
    half = _HEAD * 0.45
    head = [(x, y), (back[0] + half * down, back[1] + half * right), (back[0] - half * down, back[1] - half * right)]
    return [line, Polygon(head, closed=True, facecolor=stroke.colour, edgecolor="none")]
