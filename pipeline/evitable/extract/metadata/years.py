"""The year of publication: of the issue where one is named, else of the day, else of what is left."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from evitable.extract.metadata.citations import SHORT, YEAR, Citation
from evitable.extract.metadata.dois import year_in
from evitable.extract.metadata.front import Printed

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_PLACES = (
    (rf"\b(?:published(?!\s+by)|publicado|publié|available online|epub)[^;|]{{0,40}}?\b({YEAR})\b", "date of page 1"),
    (rf"(?:©|\(c\)|\bcopyright\b)[^\d]{{0,60}}({YEAR})\b", "copyright line of page 1"),
    (rf"\b(?:accepted|aceptado|aprobado|aprovado|aceito|approved)[^;|]{{0,40}}?\b({YEAR})\b", "date of page 1"),
    (rf"\b{_MONTH}\.?,?\s+(?:\d{{1,2}},?\s+)?({YEAR})\b", "date of page 1"),
    (rf"\bet al\.,? ({YEAR})\b", "running head"),
    (rf"^({YEAR})$", "date of page 1"),
)
"""Where a year stands on page 1, the best place first."""
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), where) for pattern, where in _PLACES)


def read_year(
    info: Mapping[str, str], pages: Sequence[Printed], citations: Sequence[tuple[Citation, str]], doi: str
) -> tuple[int | None, str]:
    """Read the year.

    Args:
        info: The PDF's properties; the day on which the file was made counts only where nothing else gives a year.
        pages: The first pages.
        citations: What citations of the paper itself say, each with where it stands, the best first.
        doi: The paper's DOI, or empty.

    Returns:
        The year and where it stands; None and an empty text where there is none.
    """
    for citation, where in citations:
        if citation.year:
            return citation.year, where
    printed = _on_page(pages)
    if printed is not None:
        return printed
    subject = re.search(rf"\b{YEAR}\b", info.get("Subject", ""))
    if subject:
        return int(subject[0]), "PDF properties"
    if year := year_in(doi):
        return year, "DOI"
    created = re.match(rf"D:({YEAR})", info.get("CreationDate", ""))
    return (int(created[1]), "date of the PDF file") if created else (None, "")


def _on_page(pages: Sequence[Printed]) -> tuple[int, str] | None:
    front = [
        block.text
        for block in pages
        if block.page == 1
        and block.kind not in {"reference", "caption"}
        and (block.kind != "body" or len(block.text) < SHORT)
    ]
    found = ((pattern.search(text), where) for pattern, where in _PATTERNS for text in front)
    return next(((int(match[1]), where) for match, where in found if match), None)
