"""Figures of a review as files."""

from __future__ import annotations

from evitable.export.figures.contents import pictures
from evitable.export.figures.drawing import FORMATS, drawn
from evitable.export.figures.fonts import cut_fonts
from evitable.export.review import Files, Review


def figures(review: Review) -> Files:
    """Draw the figures of a review.

    Args:
        review: What is drawn; empty evidence gives figures of zeros.

    Yields:
        `figures/<name>.svg`, `.png` (200 dpi) and `.pdf` for the evidence map, the codes of each dimension, the studies
        by year and by each attribute, and the PRISMA flow diagram. Equal input gives equal bytes.
    """
    made = dict(pictures(review))
    with cut_fonts([*made.values()]) as cut:
        for name, picture in made.items():
            for ending in FORMATS:
                yield f"figures/{name}.{ending}", drawn(picture, ending, cut if ending == "pdf" else None)
