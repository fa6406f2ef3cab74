"""The layout of an institute's report: one wide column, coloured headings, a cover block, footnotes."""

from __future__ import annotations

from dataclasses import replace

from specimen_blocks import Look, note_rows, rows_of
from specimen_flow import Frame, Page, Placed, Row, fill, stack, text_rows
from specimen_pictures import TableLook
from specimen_sheets import A4, Sheets, affiliations, draw_mark
from specimen_text import Specimen
from specimen_type import GREY, Canvas, Colour, Style, draw_text

LEFT, TOP, BOTTOM = 68.0, 778.0, 72.0
WIDTH = A4[0] - LEFT - 68.0
WHITE: Colour = (1.0, 1.0, 1.0)
ACCENTS: tuple[Colour, ...] = ((0.0, 0.38, 0.45), (0.62, 0.27, 0.1))

BODY = Style("Sans", 10.4, 14.2, after=6, ligatures=True)


def report(specimen: Specimen) -> Sheets:
    """Lay a text out as a report of an institute."""
    accent = ACCENTS[sum(map(ord, specimen.journal)) % len(ACCENTS)]
    look = _look(accent)
    cover, low = _cover(specimen)

    def frames(index: int) -> list[Frame]:
        return [Frame(LEFT, low - 26 if index == 0 else TOP, BOTTOM, WIDTH)]

    rows = _summary(specimen, accent) + rows_of(specimen, look, WIDTH)
    pages = fill(rows, frames, note_rows(specimen, look, WIDTH))
    pages[0].placed[:0] = cover

    def furniture(canvas: Canvas, index: int, _page: Page) -> None:
        if index == 0:
            canvas.setFillColorRGB(*accent)
            canvas.rect(0, low - 8, A4[0], A4[1] - low + 8, stroke=0, fill=1)
        canvas.setStrokeColorRGB(*accent)
        canvas.setLineWidth(0.8)
        canvas.line(LEFT, 54, LEFT + WIDTH, 54)
        foot = Style("Sans", 8.2, 10, colour=GREY)
        draw_text(canvas, LEFT, 42, specimen.short_title, foot)
        draw_text(canvas, LEFT, 42, f"Page {specimen.first_page + index}", replace(foot, align="right"), WIDTH)
        draw_mark(canvas, LEFT, 26, WIDTH, "Sans")

    return Sheets(A4, pages, furniture)


def _look(accent: Colour) -> Look:
    heading = replace(BODY, variant="bold", size=15, leading=19, before=15, after=5, colour=accent, unbroken=True)
    pale: Colour = (1 - (1 - accent[0]) * 0.12, 1 - (1 - accent[1]) * 0.12, 1 - (1 - accent[2]) * 0.12)
    table = TableLook(
        Style("Sans", 9.2, 11.6, ligatures=True),
        Style("Sans", 9.4, 12, colour=accent),
        grid=True,
        head_fill=pale,
        rule=accent,
        pad=2.8,
        margin=7,
    )
    return Look(
        body=BODY,
        opening=BODY,
        headings=(heading, replace(heading, size=11.6, leading=15, before=10, after=3)),
        quote=replace(BODY, variant="italic", left=26, right=24, before=3, after=8, bar=accent),
        item=replace(BODY, left=16, marker="•", after=3),
        reference=replace(BODY, size=9.2, leading=11.8, left=16, first=-16, after=2.5),
        note=Style("Sans", 8.3, 10.4),
        table=table,
        accent=accent,
        caption_end=":",
    )


def _cover(specimen: Specimen) -> tuple[list[Placed], float]:
    """The cover block, white on the colour of the institute; gives its lower edge too."""
    white = Style("Sans", 10.5, 14, colour=WHITE, unbroken=True)
    rows = text_rows(specimen.journal, replace(white, variant="bold", size=11), WIDTH)
    rows += text_rows(f"Volume {specimen.volume}, number {specimen.issue} | {specimen.year}", white, WIDTH)
    head, _, sub = specimen.title.partition(": ") if ": " in specimen.title else specimen.title.partition(". ")
    rows += text_rows(head, replace(white, variant="bold", size=25, leading=30, before=22), WIDTH)
    if sub:
        rows += text_rows(sub, replace(white, size=15, leading=20, before=4), WIDTH)
    rows += text_rows(
        ", ".join(name.replace(" ", "\u00a0") for name in specimen.names), replace(white, before=14), WIDTH
    )
    for place in affiliations(specimen):
        rows += text_rows(place, replace(white, size=9, leading=11.5), WIDTH)
    if specimen.doi:
        rows += text_rows(f"https://doi.org/{specimen.doi}", replace(white, size=9, leading=11.5, before=6), WIDTH)
    return stack(rows, LEFT, A4[1] - 44)


def _summary(specimen: Specimen, accent: Colour) -> list[Row]:
    head = text_rows("Abstract", replace(BODY, variant="bold", size=13, leading=17, after=3, colour=accent), WIDTH)
    rows = [replace(row, keep=True) for row in head]
    for text in specimen.abstract:
        rows += text_rows(text, replace(BODY, left=12, right=12, size=10, leading=13.8, bar=accent), WIDTH)
    words = [("Keywords: ", "bold"), ("; ".join(specimen.keywords), "regular")]
    rows += text_rows(words, replace(BODY, size=9, leading=12, colour=GREY), WIDTH)
    return rows
