"""Layouts made for screens: the slides of a talk, and a browser's print of a web page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from specimen_blocks import Look, note_rows, rows_of
from specimen_flow import Frame, Page, Row, fill, space, stack, text_rows
from specimen_pictures import TableLook
from specimen_sheets import A4, Sheets, affiliation_runs, affiliations, author_runs, citation, draw_mark
from specimen_text import Block, Heading, Specimen, bare_title
from specimen_type import GREY, Canvas, Colour, Style, draw_text

SLIDE = (720.0, 405.0)
SLIDE_LEFT, SLIDE_WIDTH, SLIDE_BOTTOM = 48.0, 624.0, 42.0
SLIDE_ACCENTS: tuple[Colour, ...] = ((0.1, 0.3, 0.55), (0.55, 0.2, 0.35))
BLUE: Colour = (0.05, 0.27, 0.6)
INK: Colour = (0.13, 0.13, 0.13)
WEB_LEFT, WEB_WIDTH, WEB_TOP, WEB_BOTTOM = 48.0, A4[0] - 96.0, 790.0, 52.0
PRINTED = "14/03/2023, 10:12"  # the date in the header line: fixed, as the script reads no clock


def slides(specimen: Specimen) -> Sheets:
    """Lay a text out as slides: one for the title, one for each heading of level 1, more where it does not fit."""
    accent = SLIDE_ACCENTS[specimen.year // 2 % len(SLIDE_ACCENTS)]
    pages = [_title_slide(specimen)]
    for title, blocks in _sections(specimen.blocks):
        pages += _slide(replace(specimen, blocks=tuple(blocks)), title, accent)
    total = len(pages)

    def furniture(canvas: Canvas, index: int, _page: Page) -> None:
        canvas.setFillColorRGB(*accent)
        band = (0, 0, 16, SLIDE[1]) if index == 0 else (0, SLIDE[1] - 9, SLIDE[0], 9)
        canvas.rect(*band, stroke=0, fill=1)
        foot = Style("Sans", 9, 11, colour=GREY)
        draw_text(canvas, SLIDE_LEFT, 18, f"{specimen.short_authors}, {specimen.year}", foot)
        draw_mark(canvas, SLIDE_LEFT, 18, SLIDE_WIDTH, "Sans")
        draw_text(canvas, SLIDE_LEFT, 18, f"{index + 1} / {total}", replace(foot, align="right"), SLIDE_WIDTH)

    return Sheets(SLIDE, pages, furniture)


def _sections(blocks: Sequence[Block]) -> Iterator[tuple[str, list[Block]]]:
    starts = [at for at, block in enumerate(blocks) if isinstance(block, Heading) and block.level == 1]
    for start, end in zip(starts, [*starts[1:], len(blocks)], strict=True):
        head = blocks[start]
        assert isinstance(head, Heading)
        yield head.text, list(blocks[start + 1 : end])


def _title_slide(specimen: Specimen) -> Page:
    base = Style("Sans", 13, 17, colour=INK, unbroken=True)
    rows = text_rows(specimen.title, replace(base, variant="bold", size=29, leading=35, after=20), SLIDE_WIDTH)
    rows += text_rows(author_runs(specimen), replace(base, size=16, leading=21, after=6), SLIDE_WIDTH)
    for line in affiliation_runs(specimen):
        rows += text_rows(line, replace(base, size=11.5, leading=15, colour=GREY), SLIDE_WIDTH)
    rows += text_rows(specimen.journal, replace(base, before=20), SLIDE_WIDTH)
    if specimen.doi:
        rows += text_rows(f"https://doi.org/{specimen.doi}", replace(base, size=10.5, colour=GREY), SLIDE_WIDTH)
    return Page(stack(rows, SLIDE_LEFT, 345)[0])


def _slide(specimen: Specimen, title: str, accent: Colour) -> list[Page]:
    """One slide in the largest type that fits, from 17 down to 10.5 points, or several slides in the smallest."""
    head = Style("Sans", 27, 31, variant="bold", colour=accent, unbroken=True)
    placed, low = stack(text_rows(title, head, SLIDE_WIDTH), SLIDE_LEFT, SLIDE[1] - 26)
    frame = Frame(SLIDE_LEFT, low - 12, SLIDE_BOTTOM, SLIDE_WIDTH)
    small = bare_title(title) == "references"
    pages: list[Page] = []
    for size in (11.0, 10.5, 10.0) if small else (17.0, 16.0, 15.0, 14.0, 13.0, 12.0, 11.2, 10.5):
        look = _slide_look(size, accent)
        rows = rows_of(specimen, look, SLIDE_WIDTH)
        pages = fill(rows, lambda _index: [frame], note_rows(specimen, look, SLIDE_WIDTH))
        if len(pages) == 1:
            break
    for at, page in enumerate(pages):
        again = f"{title} (continued)"
        page.placed[:0] = (
            placed if at == 0 else stack(text_rows(again, head, SLIDE_WIDTH), SLIDE_LEFT, SLIDE[1] - 26)[0]
        )
    return pages


def _slide_look(size: float, accent: Colour) -> Look:
    body = Style("Sans", size, size * 1.27, after=size * 0.4, colour=INK)
    table = TableLook(
        replace(body, size=size * 0.86, leading=size * 1.08),
        replace(body, size=size * 0.8, leading=size),
        head_fill=(0.9, 0.92, 0.95),
        rule=accent,
        grid=True,
        margin=5,
    )
    return Look(
        body=body,
        opening=body,
        headings=(replace(body, variant="bold"), replace(body, variant="bold", colour=accent)),
        quote=replace(body, variant="italic", left=28, right=30, bar=accent),
        item=replace(body, left=18, marker="•"),
        reference=replace(body, leading=size * 1.2, left=16, first=-16, after=size * 0.2),
        note=Style("Sans", 9, 11, colour=GREY),
        table=table,
        accent=accent,
    )


def webpage(specimen: Specimen) -> Sheets:
    """Lay a text out as a browser prints a page: a header and a footer line, one column, boilerplate at the end."""
    site = affiliations(specimen)[0].split(",")[0]
    words = re.findall(r"[a-z]+", specimen.short_title.lower())
    link = f"https://example.org/case-studies/{specimen.year}/{'-'.join(words)}"
    rows = _web_front(specimen, site)
    cut = next(
        (
            at
            for at, block in enumerate(specimen.blocks)
            if isinstance(block, Heading) and block.text == "Related pages"
        ),
        len(specimen.blocks),
    )
    look, foot = _web_look(), _web_look(linked=True)
    rows += rows_of(replace(specimen, blocks=specimen.blocks[:cut]), look, WEB_WIDTH)
    rows += rows_of(replace(specimen, blocks=specimen.blocks[cut:]), foot, WEB_WIDTH)
    frame = Frame(WEB_LEFT, WEB_TOP, WEB_BOTTOM, WEB_WIDTH)
    pages = fill(rows, lambda _index: [frame], note_rows(specimen, look, WEB_WIDTH))

    def furniture(canvas: Canvas, index: int, _page: Page) -> None:
        small = Style("Screen", 7, 9, colour=INK)
        heading = f"{specimen.short_title} | {site}"
        draw_text(canvas, 26, 815, PRINTED, small)
        draw_text(canvas, 26, 815, heading, replace(small, align="center"), A4[0] - 52)
        draw_text(canvas, 26, 22, link, small)
        draw_text(canvas, 26, 22, f"{index + 1}/{len(pages)}", replace(small, align="right"), A4[0] - 52)
        draw_mark(canvas, WEB_LEFT, 34, WEB_WIDTH, "Screen")

    return Sheets(A4, pages, furniture)


def _web_look(*, linked: bool = False) -> Look:
    body = Style("Screen", 9.4, 14.2, after=7, colour=GREY if linked else INK)
    heading = replace(body, variant="bold", size=13.5, leading=18, before=13, after=6, colour=INK)
    return Look(
        body=body,
        opening=body,
        headings=(heading, replace(heading, size=10.8, leading=15, before=9, after=4)),
        quote=replace(body, left=22, right=20, bar=(0.75, 0.8, 0.88)),
        item=replace(body, left=18, marker="•", after=3, colour=BLUE if linked else INK),
        reference=replace(body, size=8.4, leading=12, after=4),
        note=replace(body, size=8, leading=11),
        table=TableLook(
            replace(body, size=8.6, leading=12),
            replace(body, size=8.6, leading=12),
            grid=True,
            head_fill=(0.93, 0.94, 0.96),
            rule=(0.6, 0.65, 0.72),
            pad=3.5,
        ),
        accent=BLUE,
    )


def _web_front(specimen: Specimen, site: str) -> list[Row]:
    body = Style("Screen", 9.4, 14.2, colour=INK)
    rows = text_rows(site, replace(body, variant="bold", size=12.5, leading=18, colour=BLUE), WEB_WIDTH)
    rows += text_rows("Home | About us | Case studies | Guides | Events | Contact", replace(body, size=8.4), WEB_WIDTH)
    rows += text_rows(
        f"Home > Case studies > {specimen.short_title}", replace(body, size=7.8, before=10, colour=GREY), WEB_WIDTH
    )
    rows += text_rows(specimen.title, replace(body, variant="bold", size=19, leading=25, before=8, after=6), WEB_WIDTH)
    by = " and ".join(specimen.names)
    rows += text_rows(
        f"By {by} | Published {specimen.year} | 9 minute read", replace(body, size=8.4, colour=GREY), WEB_WIDTH
    )
    rows += text_rows(
        f"Cite as: {citation(specimen)}", replace(body, size=8, leading=11.5, before=4, colour=GREY), WEB_WIDTH
    )
    return [*rows, space(8)]
