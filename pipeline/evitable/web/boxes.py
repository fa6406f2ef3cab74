"""Where a stretch of text stands on the picture of its page."""

from __future__ import annotations

from evitable.records import Document, Line

Fractions = tuple[float, float, float, float]
"""Left, top, width, height as parts of the page's width and height, from its top left corner."""


def boxes(document: Document, start: int, end: int, page: int) -> list[Fractions]:
    """Give where a stretch of text stands on a page, a box for each printed line.

    Of a line that is only partly in the stretch, the box is cut in proportion to its characters, which is a few
    characters off in most types.

    Args:
        document: The paper's text.
        start: First code point of the stretch.
        end: One past the last.
        page: Page index, from 1.

    Returns:
        Boxes in the order of the text; none for an empty stretch, or where nothing of it is on the page.
    """
    sizes = {one.number: (one.width, one.height) for one in document.pages}
    across, down = sizes.get(page, (0.0, 0.0))
    if end <= start or across <= 0 or down <= 0:
        return []
    lines = [line for line in document.lines_of(start, end) if line.page == page]
    return [_fractions(line, start, end, across, down) for line in lines]


def pages(document: Document, start: int, end: int) -> list[int]:
    """Give the indices of the pages on which a stretch of text stands, in order."""
    return list(dict.fromkeys(line.page for line in document.lines_of(start, end)))


def _fractions(line: Line, start: int, end: int, across: float, down: float) -> Fractions:
    left, top, right, bottom = line.box
    letter = (right - left) / max(line.end - line.start, 1)
    right = left + letter * (min(end, line.end) - line.start)
    left += letter * (max(start, line.start) - line.start)
    x0, x1 = _inside(left / across), _inside(right / across)
    y0, y1 = _inside(top / down), _inside(bottom / down)
    return x0, y0, round(x1 - x0, 5), round(y1 - y0, 5)


def _inside(fraction: float) -> float:
    return round(min(1.0, max(0.0, fraction)), 5)
