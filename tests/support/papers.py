"""Small PDFs, made on the spot: the same arguments give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence

from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

Printed = tuple[float, float, str]
"""Left edge and distance from the top in points, and the text."""


def printed_pdf(pages: Sequence[Sequence[Printed]], *, size: float = 10, title: str = "") -> bytes:
    """Print lines at given places, in the given order."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    canvas.setTitle(title)
    for page in pages:
        canvas.setFont("Helvetica", size)
        for left, top, text in page:
            canvas.drawString(left, A4[1] - top, text)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def column(lines: Sequence[str], *, left: float = 72, top: float = 100, leading: float = 12) -> list[Printed]:
    """Set lines below each other."""
    return [(left, top + index * leading, line) for index, line in enumerate(lines)]


def paper_pdf(paragraphs: Sequence[str], *, measure: float = 400) -> bytes:
    """Set paragraphs one below the other, with a gap between them, over as many pages as they take."""
    pages: list[list[Printed]] = [[]]
    top = 80.0
    for paragraph in paragraphs:
        lines = simpleSplit(paragraph, "Helvetica", 10, measure)
        if top + 12 * len(lines) > 760:
            pages.append([])
            top = 80.0
        pages[-1] += column(lines, top=top)
        top += 12 * len(lines) + 14
    return printed_pdf(pages)
