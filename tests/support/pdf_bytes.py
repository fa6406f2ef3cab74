"""A paper without fault, and PDFs put together by hand, byte by byte: what bad PDFs are made from."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Sequence
from textwrap import wrap

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

PROSE = (
    "Residents and nurses met in the village hall to plan the clinic together, and every decision of the group was "
    "written on a wall chart that all could read. A lack of transport kept some members away in the wet season, so "
    "the meetings moved to the school. The facilitator said that trust grew slowly, because earlier projects had "
    "asked for opinions and then left without an answer. By the second year the group ran the rota without outside "
    "help, and the district office took its chart over as the model for three other clinics."
)
"""Body text of the papers made here."""
PHRASE = "Residents and nurses met in the village hall"
"""Words that are in every paper made here which can be read."""
LINES = tuple(wrap(PROSE, 90))
"""The prose as the lines of a page."""
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
"""A font that every reader has."""
MAPPED_FONT = FONT.replace(b">>", b"/ToUnicode 6 0 R >>")
"""The same font with a ToUnicode map, which is object 6."""


def drawn(pages: Sequence[Callable[[Canvas], None]]) -> bytes:
    """Draw pages with reportlab."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=1)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def prose_page(canvas: Canvas, top: float = 700) -> None:
    """Write the prose as lines of a page."""
    text = canvas.beginText(72, top)
    text.setFont("Helvetica", 10)
    text.textLines("\n".join(LINES))
    canvas.drawText(text)


def good(pages: int = 2, note: str = "good") -> bytes:
    """Give a paper without fault; another note gives another paper."""

    def page(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 16)
        canvas.drawString(72, 760, f"A clinic planned by its village: {note}")
        prose_page(canvas)

    return drawn([page, *[prose_page] * (pages - 1)])


def stream(data: bytes, entries: bytes = b"", *, flate: int = 0) -> bytes:
    """Give a stream object, compressed as many times as wanted."""
    for _ in range(flate):
        data = zlib.compress(data, 9)
    if flate:
        entries += b" /Filter [" + b"/FlateDecode " * flate + b"]"
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def assembled(objects: Sequence[bytes], trailer: bytes = b"/Root 1 0 R") -> bytes:
    """Put objects, numbered from 1, together with a right cross-reference table."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for offset in offsets:
        out += b"%010d 00000 n \n" % offset
    out += b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(out)


def one_page(
    content: bytes,
    *more: bytes,
    font: bytes = FONT,
    resources: bytes = b"/Font << /F1 5 0 R >>",
    page: bytes = b"/MediaBox [0 0 595 842]",
    catalog: bytes = b"",
) -> bytes:
    """Give a PDF of one page: 1 is the catalog, 2 the page tree, 3 the page, 4 its content, 5 its font, then `more`.

    `content` is a whole stream object.
    """
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R %s /Resources << %s >> /Contents 4 0 R >>" % (page, resources),
            content,
            font,
            *more,
        ]
    )


def prose_content(before: bytes = b"", size: bytes = b"10") -> bytes:
    """Give the operators that write the prose."""
    lines = b" T* ".join(b"(%s) Tj" % line.encode("ascii") for line in LINES)
    return b"%s BT /F1 %s Tf 13 TL 1 0 0 1 72 700 Tm %s ET" % (before, size, lines)


def to_unicode(mappings: bytes) -> bytes:
    """Give a ToUnicode map."""
    return stream(
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Map def\n"
        b"1 begincodespacerange <00> <FF> endcodespacerange\n%s\nendcmap end end" % mappings
    )
