"""Bibliographic data from the PDF itself, for papers without a reference record, each with where it was read.

The places are named in few fixed phrases: `title of page 1`, `authors' line of page 1` (or 2, behind a cover),
`line above the title of page 1`, `line of page 1`, `citation of page 1` (the paragraph that says how to cite the paper, or the line of journal,
volume and year), `running head`, `date of page 1`, `copyright line of page 1`, `DOI line of page 1`, `DOI` (a year in it),
`organisation on page 1`, `PDF properties` and `date of the PDF file`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from evitable.extract.byline import find_byline, organisation_below_title, reconcile, settle
from evitable.extract.citations import YEAR, Citation, citation_lines, own_citation, read_citation
from evitable.extract.dois import own_doi, year_in
from evitable.extract.front import Printed, find_squashed, first_pages, running_heads, title_of
from evitable.extract.journals import Found, choose_journal
from evitable.extract.name_words import ORGANISATION
from evitable.extract.names import Name, read_names
from evitable.records import Block, Reference, squash

_NO_TITLE = re.compile(r"\.(?:docx?|pdf|indd|tex|dvi|qxd|p65|rtf)\b|^microsoft|untitled|^doi:|^pii:|^10\.\d|^slide \d", re.I)
_PUBLISHED = re.compile(
    rf"\b(?:published(?!\s+by)|publicado|publié|available online|epub|veröffentlicht)[^;|]{{0,40}}?\b({YEAR})\b", re.IGNORECASE
)
_COPYRIGHT = re.compile(rf"(?:©|\(c\)|\bcopyright\b)[^\d]{{0,60}}({YEAR})\b", re.IGNORECASE)
_ACCEPTED = re.compile(
    rf"\b(?:accepted|aceptado|aprobado|aprovado|aceito|approved|received|recibido|recebido|submitted)[^;|]{{0,40}}?\b({YEAR})\b", re.I
)
_DATE = re.compile(
    rf"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?\s+(?:\d{{1,2}},?\s+)?({YEAR})\b|^({YEAR})$|\bet al\.,? ({YEAR})\b",
    re.IGNORECASE,
)


def read_metadata(info: Mapping[str, str], text: str, blocks: Sequence[Block]) -> Reference:
    """Read title, authors, year, journal and DOI off the first pages and the PDF's properties.

    Args:
        info: The PDF's information dictionary as text; may be empty.
        text: The document's text.
        blocks: Its blocks in reading order.

    Returns:
        What could be read, each with its place in `sources`; what is doubtful stays empty. An empty document gives an
        empty record.
    """
    pages = first_pages(text, blocks)
    title, title_from = _title(info, pages)
    own = own_citation(pages, title)
    lines = citation_lines(pages, title)
    subject = read_citation(info.get("Subject", ""))
    authors, authors_from = _authors(info, pages, own, lines)
    doi, doi_from = own_doi(info, pages)
    journal = choose_journal(_named(own, lines, subject), pages, [name.family for name in authors])
    year, year_from = _year(info, pages, own, lines, doi)
    sources = {
        "title": title_from,
        "authors": authors_from,
        "year": year_from,
        "journal": journal.where if journal else "",
        "doi": doi_from,
    }
    return Reference(
        title=title,
        authors=tuple(name.printed for name in authors),
        year=year,
        journal=journal.name if journal else "",
        doi=doi,
        source="PDF",
        sources={field: where for field, where in sources.items() if where},
    )


def _named(own: Citation | None, lines: Sequence[tuple[Citation, str]], subject: Citation | None) -> list[Found]:
    """Give the journals that are named, the paper's own citation first."""
    named = [Found(own.journal, "citation of page 1")] if own and own.journal else []
    named += [Found(line.journal, where) for line, where in lines]
    return named + ([Found(subject.journal, "PDF properties")] if subject else [])


def _title(info: Mapping[str, str], pages: Sequence[Printed]) -> tuple[str, str]:
    """Give the title: as printed, made longer or shorter where the properties or a second language say so."""
    named = " ".join(info.get("Title", "").split())
    named = named if len(named.split()) > 1 and not _NO_TITLE.search(named) else ""
    block = title_of(pages)
    if block is None:
        return (named, "PDF properties") if named else ("", "")
    printed = re.sub(r"(?<=[^\W\d_])\s?[*†‡§¶∗⁎]+$|(?<=[a-z]{3})\d$", "", block.text)
    front = " ".join(other.text for other in pages if other.page == 1 and other.kind in {"title", "front_matter", "heading"})
    if squash(printed) and squash(named).startswith(squash(printed)) and find_squashed(front, named):
        return named, "title of page 1"
    own = own_citation(pages, block.lines[0])
    if own is not None:
        printed = _in_one_language(block, pages) or printed
    return printed, "title of page 1"


def _in_one_language(block: Printed, pages: Sequence[Printed]) -> str:
    """Give the first lines of a title in two languages, as far as the paper's own citation gives them."""
    for size in range(len(block.lines), 0, -1):
        first = " ".join(block.lines[:size])
        if any(other is not block and find_squashed(other.text, first) for other in pages):
            return first if len(first) > 20 else ""
    return ""


def _authors(
    info: Mapping[str, str],
    pages: Sequence[Printed],
    own: Citation | None,
    lines: Sequence[tuple[Citation, str]],
) -> tuple[list[Name], str]:
    property_ = info.get("Author", "")
    owner = read_names(property_, family_first=True)
    cited = read_names(own.authors) if own else []
    byline = find_byline(pages, f"{property_} {own.authors if own else ''}")
    hints = [*owner, *cited, *_first_author(pages, byline.names if byline else [])]
    if byline:
        return settle(reconcile(byline.names, cited), hints), byline.where
    if cited:
        return settle(cited, hints), "citation of page 1"
    printed = squash(" ".join(block.text for block in pages if block.page == 1 and block.kind != "body"))
    if len(owner) > 1 and all(squash(name.family) in printed for name in owner):
        return owner, "PDF properties"
    body = organisation_below_title(pages)
    return ([body], "organisation on page 1") if body else ([], "")


def _first_author(pages: Sequence[Printed], names: Sequence[Name]) -> list[Name]:
    """Give the first author's family name as the running heads print it before `et al.`."""
    if not names:
        return []
    heads = [re.match(r"^[\d\s|]*([^\d|(]+?),?\s+et al\b", head, re.IGNORECASE) for head in running_heads(pages)]
    return [Name(head[1], names[0].given[:1]) for head in heads if head]


def _year(
    info: Mapping[str, str],
    pages: Sequence[Printed],
    own: Citation | None,
    lines: Sequence[tuple[Citation, str]],
    doi: str,
) -> tuple[int | None, str]:
    """Give the year of publication: that of the issue where one is named, else of the day, else of what is left."""
    if own is not None and own.year:
        return own.year, "citation of page 1"
    for line, where in lines:
        if line.year:
            return line.year, where
    front = [block for block in pages if block.page == 1 and block.kind not in {"body", "reference", "caption"}]
    for pattern, where in ((_PUBLISHED, "date of page 1"), (_COPYRIGHT, "copyright line of page 1"), (_ACCEPTED, "date of page 1"), (_DATE, "date of page 1")):
        for block in front:
            if match := pattern.search(block.text):
                return int(next(group for group in match.groups() if group)), where
    subject = re.search(rf"\b{YEAR}\b", info.get("Subject", ""))
    if subject:
        return int(subject[0]), "PDF properties"
    if year := year_in(doi):
        return year, "DOI"
    created = re.match(rf"D:({YEAR})", info.get("CreationDate", ""))
    return (int(created[1]), "date of the PDF file") if created else (None, "")
