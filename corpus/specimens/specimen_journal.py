"""The layout of a journal article: two justified columns below a title block, with running heads."""

from __future__ import annotations

from dataclasses import replace

from specimen_blocks import Look, note_rows, numbered_headings, rows_of
from specimen_flow import Frame, Page, Placed, Row, fill, space, stack, text_rows
from specimen_pictures import TableLook
from specimen_sheets import A4, Sheets, address, affiliation_runs, author_runs, draw_mark
from specimen_text import Specimen
from specimen_type import BLACK, GREY, Canvas, Colour, Style, draw_text

LEFT, RIGHT, TOP, BOTTOM, GUTTER = 50.0, 50.0, 786.0, 58.0, 18.0
WIDTH = A4[0] - LEFT - RIGHT
COLUMN = (WIDTH - GUTTER) / 2
HISTORY_HEIGHT = 34.0  # of the notes about the article at the foot of page 1
ACCENTS: tuple[Colour, ...] = ((0.13, 0.27, 0.47), (0.45, 0.16, 0.2), (0.12, 0.37, 0.3), (0.3, 0.25, 0.45))

BODY = Style("Serif", 9.5, 11.7, align="justify", first=11, hyphenate=True, ligatures=True)
PLAIN = replace(BODY, first=0.0)
SMALL = replace(PLAIN, size=8.2, leading=10)


def journal(specimen: Specimen) -> Sheets:
    """Lay a text out as an article of a journal."""
    accent = ACCENTS[sum(map(ord, specimen.journal)) % len(ACCENTS)]
    look = _look(accent)
    specimen = replace(specimen, blocks=numbered_headings(specimen.blocks))
    block, low = _title_block(specimen, accent)
    low -= 14

    def frames(index: int) -> list[Frame]:
        top, bottom = (low, BOTTOM + HISTORY_HEIGHT) if index == 0 else (TOP, BOTTOM)
        return [Frame(LEFT + at * (COLUMN + GUTTER), top, bottom, COLUMN) for at in (0, 1)]

    pages = fill(rows_of(specimen, look, COLUMN, WIDTH), frames, note_rows(specimen, look, COLUMN))
    pages[0].placed[:0] = block

    def furniture(canvas: Canvas, index: int, _page: Page) -> None:
        draw_mark(canvas, LEFT, 30, WIDTH, "Serif")
        if index == 0:
            _masthead(canvas, specimen, accent)
            _history(canvas, specimen)
        else:
            _running_head(canvas, specimen, specimen.first_page + index)

    return Sheets(A4, pages, furniture)


def _look(accent: Colour) -> Look:
    heading = replace(
        PLAIN, variant="bold", size=10.6, leading=13, align="left", before=12, after=4, unbroken=True, colour=accent
    )
    sub = replace(heading, variant="italic", size=9.8, leading=12, before=9, after=3, colour=BLACK)
    table = TableLook(
        Style("Serif", 8, 9.6, ligatures=True),
        Style("Serif", 8.2, 10, ligatures=True),
        rule=BLACK,
        pad=1.6,
        margin=9,
    )
    return Look(
        body=BODY,
        opening=PLAIN,
        headings=(heading, sub),
        quote=replace(PLAIN, size=8.9, leading=11, left=11, right=8, before=5, after=5),
        item=replace(PLAIN, left=12, marker="•", before=4, after=1.5),
        reference=replace(SMALL, size=7.9, leading=9.5, left=10, first=-10, after=1.2),
        note=replace(SMALL, size=7.6, leading=9.2),
        table=table,
        accent=accent,
    )


def _title_block(specimen: Specimen, accent: Colour) -> tuple[list[Placed], float]:
    """Title, authors, affiliations and the ruled abstract; gives the lower edge too."""
    ragged = replace(PLAIN, align="left", unbroken=True)
    inset = replace(PLAIN, size=8.9, leading=11.2, left=10, right=10)
    rows = text_rows(specimen.title, replace(ragged, variant="bold", size=17, leading=20.5, after=9), WIDTH)
    rows += text_rows(author_runs(specimen), replace(ragged, size=11, leading=14, after=5), WIDTH)
    for line in affiliation_runs(specimen):
        rows += text_rows(line, replace(ragged, variant="italic", size=8.4, leading=10.6, colour=GREY), WIDTH)
    rows += [space(10), _rule(accent), space(7)]
    for at, text in enumerate(specimen.abstract):
        runs = [("Abstract. ", "bold"), (text, "regular")] if at == 0 else [(text, "regular")]
        rows += text_rows(runs, inset, WIDTH)
    if specimen.keywords:
        words = [("Keywords: ", "bold"), ("; ".join(specimen.keywords), "regular")]
        rows += text_rows(words, replace(inset, align="left", hyphenate=False, before=5), WIDTH)
    rows += [space(7), _rule(accent)]
    return stack(rows, LEFT, 768)


def _rule(colour: Colour) -> Row:
    def draw(canvas: Canvas, x: float, top: float) -> None:
        canvas.setStrokeColorRGB(*colour)
        canvas.setLineWidth(0.8)
        canvas.line(x, top, x + WIDTH, top)

    return Row(1.0, draw)


def _masthead(canvas: Canvas, specimen: Specimen, accent: Colour) -> None:
    pages = specimen.pages.replace("-", "–")
    number = f"Vol. {specimen.volume}, No. {specimen.issue}, {specimen.year}, pp. {pages}"
    draw_text(canvas, LEFT, 803, specimen.journal, Style("Serif", 11, 13, variant="italic", colour=accent))
    draw_text(canvas, LEFT, 803, number, Style("Serif", 8.4, 10, align="right", colour=GREY), WIDTH)
    canvas.setStrokeColorRGB(*accent)
    canvas.setLineWidth(1.6)
    canvas.line(LEFT, 796, LEFT + WIDTH, 796)
    draw_text(
        canvas, LEFT, 784, f"https://doi.org/{specimen.doi}", Style("Serif", 7.8, 10, align="right", colour=GREY), WIDTH
    )


def _history(canvas: Canvas, specimen: Specimen) -> None:
    """Notes about the article at the foot of page 1, in the words of publishers."""
    style = Style("Serif", 7.4, 9, colour=GREY)
    low = BOTTOM - 2
    canvas.setStrokeColorRGB(*GREY)
    canvas.setLineWidth(0.4)
    canvas.line(LEFT, low + 22, LEFT + 90, low + 22)
    draw_text(canvas, LEFT, low + 13, f"Corresponding author: {specimen.names[0]}, {address(specimen)}", style)
    rights = (
        f"© {specimen.year} Specimen Press. All rights reserved. Articles are subject to the terms of use of the press."
    )
    draw_text(canvas, LEFT, low + 4, rights, style)


def _running_head(canvas: Canvas, specimen: Specimen, number: int) -> None:
    """Left pages name the authors, right pages the title; the page number stands on the outer side."""
    style = Style("Serif", 8.4, 10, variant="italic", colour=GREY)
    upright = replace(style, variant="regular")
    even = number % 2 == 0
    text = specimen.short_authors if even else specimen.short_title
    draw_text(canvas, LEFT, 803, str(number), replace(upright, align="left" if even else "right"), WIDTH)
    draw_text(canvas, LEFT, 803, text, replace(style, align="right" if even else "left"), WIDTH)
    canvas.setStrokeColorRGB(*GREY)
    canvas.setLineWidth(0.4)
    canvas.line(LEFT, 797, LEFT + WIDTH, 797)
