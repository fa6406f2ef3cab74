"""The layout of an accepted manuscript: one column, wide lines, line numbers, a watermark, tables at the end."""

from __future__ import annotations

from dataclasses import replace

from specimen_blocks import Look, note_rows, rows_of
from specimen_flow import Frame, Page, Row, fill, space, stack, text_rows
from specimen_pictures import TableLook
from specimen_sheets import A4, Sheets, affiliation_runs, author_runs, citation, draw_mark
from specimen_text import Specimen
from specimen_type import GREY, Canvas, Style, draw_text

LEFT, TOP, BOTTOM = 74.0, 782.0, 62.0
WIDTH = A4[0] - LEFT - 58.0
LEADING = 18.0
NOTICE = (
    "This is the accepted manuscript of an article that will be published in {journal}. It has been through peer "
    "review but not through copy-editing, typesetting, pagination and proofreading, and may differ from the version "
    "of record. Please cite this article as: {citation}"
)

BODY = Style("Roman", 12, LEADING, first=22, numbered=True)
PLAIN = replace(BODY, first=0.0)


def manuscript(specimen: Specimen, *, restart: bool = False) -> Sheets:
    """Lay a text out as an accepted manuscript; the line numbers run through, or restart on each page."""
    look = _look()
    notice_style = Style("Roman", 8, 9.8, colour=GREY)
    text = NOTICE.format(journal=specimen.journal, citation=citation(specimen))
    notice = [row for row in text_rows(text, notice_style, WIDTH) if row.draw]
    notice_top = BOTTOM + sum(row.height for row in notice)

    def frames(index: int) -> list[Frame]:
        return [Frame(LEFT, TOP, notice_top + 14 if index == 0 else BOTTOM, WIDTH)]

    rows = _front(specimen) + rows_of(specimen, look, WIDTH)
    pages = fill(rows, frames, note_rows(specimen, look, WIDTH))
    pages[0].placed += stack(notice, LEFT, notice_top)[0]
    pages[0].rules.append((LEFT, notice_top + 4, WIDTH))
    starts = [0 if restart else sum(_count(page) for page in pages[:at]) for at in range(len(pages))]

    def furniture(canvas: Canvas, index: int, page: Page) -> None:
        _watermark(canvas)
        draw_text(canvas, LEFT, 808, "ACCEPTED MANUSCRIPT", Style("Roman", 8, 10, align="center", colour=GREY), WIDTH)
        draw_text(canvas, LEFT, 42, str(index + 1), Style("Roman", 10, 12, align="center"), WIDTH)
        draw_mark(canvas, LEFT, 26, WIDTH, "Roman")
        _line_numbers(canvas, page, starts[index])

    return Sheets(A4, pages, furniture)


def _look() -> Look:
    heading = replace(PLAIN, variant="bold", size=13, before=12, after=3, unbroken=True)
    return Look(
        body=BODY,
        opening=PLAIN,
        headings=(heading, replace(heading, variant="italic", size=12, before=7, after=2)),
        quote=replace(PLAIN, left=26, right=20, before=5, after=5, leading=LEADING - 1.6),
        item=replace(PLAIN, left=24, marker="•", before=2),
        reference=replace(PLAIN, size=11, leading=15, left=24, first=-24),
        note=Style("Roman", 9.5, 12),
        table=TableLook(Style("Roman", 10, 12.5), Style("Roman", 11, 14), pad=2.6, margin=8),
        accent=(0.55, 0.55, 0.55),
        at_end=True,
    )


def _front(specimen: Specimen) -> list[Row]:
    centred = replace(PLAIN, align="center", unbroken=True)
    rows = text_rows(specimen.title, replace(centred, variant="bold", size=16, leading=21, before=4, after=8), WIDTH)
    rows += text_rows(author_runs(specimen), replace(centred, leading=17, after=3), WIDTH)
    for line in affiliation_runs(specimen):
        rows += text_rows(line, replace(centred, variant="italic", size=10, leading=13.5), WIDTH)
    rows += [space(10)]
    heading = text_rows("Abstract", replace(PLAIN, variant="bold", size=13, after=2), WIDTH)
    rows += [replace(row, keep=True) for row in heading]
    for text in specimen.abstract:
        rows += text_rows(text, PLAIN, WIDTH)
    words = [("Keywords: ", "bold"), ("; ".join(specimen.keywords), "regular")]
    return rows + text_rows(words, replace(PLAIN, before=6, after=8), WIDTH)


def _count(page: Page) -> int:
    return sum(item.row.numbered for item in page.placed)


def _line_numbers(canvas: Canvas, page: Page, start: int) -> None:
    style = Style("Roman", 8, 10, align="right", colour=GREY)
    tops = sorted(((item.top, item.row.height) for item in page.placed if item.row.numbered), reverse=True)
    for number, (top, height) in enumerate(tops, start=start + 1):
        draw_text(canvas, LEFT - 44, top - (height + 7.5) / 2, str(number), style, 26)


def _watermark(canvas: Canvas) -> None:
    canvas.saveState()
    canvas.translate(A4[0] / 2, A4[1] / 2)
    canvas.rotate(52)
    style = Style("Roman", 58, 60, variant="bold", align="center", colour=(0.915, 0.915, 0.915))
    draw_text(canvas, -400, -18, "ACCEPTED MANUSCRIPT", style, 800)
    canvas.restoreState()
