"""Figures of a review as SVG, PNG and PDF."""

from __future__ import annotations

from evitable.export.review import Files, Review
from evitable.records import Prisma

__all__ = ["figures", "svg_of_prisma"]


def figures(review: Review) -> Files:
    """Draw the figures of a review.

    Args:
        review: What is drawn; empty evidence gives figures of zeros.

    Yields:
        `figures/<name>.svg`, `.png` (200 dpi) and `.pdf` for the evidence map, the codes of each dimension, the studies
        by year and by each attribute, and the PRISMA flow diagram. Equal input gives equal bytes.
    """
    from evitable.export.figures.contents import pictures  # noqa: PLC0415 - matplotlib is loaded where it is used
    from evitable.export.figures.drawing import FORMATS, drawn  # noqa: PLC0415
    from evitable.export.figures.fonts import cut_fonts  # noqa: PLC0415

    made = dict(pictures(review))
    with cut_fonts([*made.values()]) as cut:
        for name, picture in made.items():
            for ending in FORMATS:
                yield f"figures/{name}.{ending}", drawn(picture, ending, cut if ending == "pdf" else None)


def svg_of_prisma(prisma: Prisma) -> bytes:
    """Draw the PRISMA flow diagram as SVG: the same picture as in `figures/`, text as text.

    Args:
        prisma: The diagram; one without boxes gives an empty picture.
    """
    from evitable.export.figures.drawing import drawn  # noqa: PLC0415
    from evitable.export.figures.flow import flow_diagram  # noqa: PLC0415

    return drawn(flow_diagram(prisma), "svg")
