"""What the layouts share: sheets to be drawn, front matter, the mark that every page carries."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from reportlab.pdfgen.canvas import Canvas as PdfCanvas  # type: ignore[import-untyped, unused-ignore]
from specimen_flow import Page, paint
from specimen_text import Specimen
from specimen_type import FIRST_FONT, GREY, Canvas, Run, Style, draw_text

A4 = (595.28, 841.89)
MARK = "Specimen paper, not a real study"

Furniture: TypeAlias = Callable[[Canvas, int, Page], None]  # canvas, index of the page from 0, the page


@dataclass(frozen=True)
class Sheets:
    """Pages ready to be drawn; the furniture is what stands on each beside its text, drawn first."""

    size: tuple[float, float]
    pages: Sequence[Page]
    furniture: Furniture


def write_pdf(specimen: Specimen, sheets: Sheets) -> bytes:
    """The sheets as a PDF file; the same sheets give the same bytes."""
    target = io.BytesIO()
    canvas = PdfCanvas(
        target, pagesize=sheets.size, invariant=1, pageCompression=1, lang="en", initialFontName=FIRST_FONT
    )
    canvas.setTitle(specimen.title)
    canvas.setAuthor("; ".join(specimen.authors))
    canvas.setSubject(MARK)
    canvas.setKeywords("; ".join(specimen.keywords))
    canvas.setCreator("Evitable, corpus/specimens/make_specimens.py")
    canvas.setProducer("reportlab")
    for index, page in enumerate(sheets.pages):
        sheets.furniture(canvas, index, page)
        paint(canvas, page)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def draw_mark(canvas: Canvas, x: float, y: float, width: float, family: str) -> None:
    """The line that says that this is no real study, centred."""
    draw_text(canvas, x, y, MARK, Style(family, 7, 9, align="center", colour=GREY), width)


def affiliations(specimen: Specimen) -> list[str]:
    """The affiliations, each once, in the order in which they are named."""
    return list(dict.fromkeys(specimen.affiliations))


def author_runs(specimen: Specimen) -> list[Run]:
    """The authors on one line, with superscript numbers of their affiliations where there are several."""
    places = affiliations(specimen)
    own = [*specimen.affiliations, *[specimen.affiliations[-1]] * len(specimen.authors)]
    runs: list[Run] = []
    for at, (name, place) in enumerate(zip(specimen.names, own, strict=False)):
        glue = "" if at == 0 else " and " if at == len(specimen.names) - 1 else ", "
        runs.append((glue + name.replace(" ", "\u00a0"), "regular"))
        if len(places) > 1:
            runs.append((str(places.index(place) + 1), "sup"))
    return runs


def affiliation_runs(specimen: Specimen) -> list[list[Run]]:
    """The affiliations, a line each, with their numbers where there are several."""
    places = affiliations(specimen)
    if len(places) == 1:
        return [[(places[0], "regular")]]
    return [[(str(at), "sup"), ("\u00a0" + place, "regular")] for at, place in enumerate(places, start=1)]


def address(specimen: Specimen) -> str:
    """An e-mail address for the first author, at a domain that is kept for examples."""
    given, _, family = specimen.names[0].rpartition(" ")
    plain = unicodedata.normalize("NFKD", f"{given.split()[0]}.{family}".lower().replace("ø", "o").replace("ß", "ss"))
    return re.sub(r"[^a-z.-]", "", plain) + "@example.org"


def citation(specimen: Specimen) -> str:
    """The paper as it would be cited, with its DOI if it has one."""
    number = f", {specimen.volume}({specimen.issue})" if specimen.volume and specimen.issue else ""
    pages = f", {specimen.pages.replace('-', '–')}" if specimen.pages else ""
    names = (
        " and ".join([", ".join(specimen.names[:-1]), specimen.names[-1]]) if specimen.names[1:] else specimen.names[0]
    )
    title = specimen.title if specimen.title.endswith((".", "?", "!")) else specimen.title + "."
    link = f" https://doi.org/{specimen.doi}" if specimen.doi else ""
    return f"{names} ({specimen.year}). {title} {specimen.journal}{number}{pages}.{link}"
