"""Bibliographic data from the PDF itself, for papers without a reference record, each with where it was read.

The places are named in few fixed phrases:

- `title of page 1`, `authors' line of page 1` (of page 2 behind a cover), `organisation on page 1`
- `citation of page 1`: the paragraph that says how to cite the paper, or the line with journal, volume and year
- `running head`, `line above the title of page 1`, `line of page 1` (a meeting's name)
- `date of page 1`, `copyright line of page 1`, `DOI line of page 1`, `DOI` (a year in it)
- `PDF properties`, `date of the PDF file`
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from evitable.extract.metadata.byline import Evidence, find_byline, organisation_below_title
from evitable.extract.metadata.citations import Citation, citation_lines, own_citation, read_citation
from evitable.extract.metadata.dois import own_doi
from evitable.extract.metadata.front import Printed, first_pages, running_heads
from evitable.extract.metadata.journals import Found, choose_journal
from evitable.extract.metadata.name_agreement import reconcile, settle
from evitable.extract.metadata.names import Name, read_names
from evitable.extract.metadata.titles import read_title
from evitable.extract.metadata.years import read_year
from evitable.records import Block, Reference, squash


def read_metadata(info: Mapping[str, str], text: str, blocks: Sequence[Block]) -> Reference:
    """Read title, authors, year, journal and DOI off the first pages and the PDF's properties.

    Args:
        info: The PDF's information dictionary as text; may be empty.
        text: The document's text.
        blocks: Its blocks in reading order.

    Returns:
        What could be read, each with its place in `sources`; what is doubtful stays empty. Authors are
        `Family, Given`, an organisation its name. An empty document gives an empty record.
    """
    pages = first_pages(text, blocks)
    title, title_from = read_title(info, pages)
    own = own_citation(pages, title)
    cited = ([(own, "citation of page 1")] if own else []) + citation_lines(pages, title)
    common = frozenset(re.findall(r"\b[a-zß-ÿ]{2,}\b", text))
    authors, authors_from = _authors(info, pages, own.authors if own else "", common)
    journal, journal_from = _journal(info, pages, cited, authors)
    doi, doi_from = own_doi(info, pages)
    year, year_from = read_year(info, pages, cited, doi)
    sources = {
        "title": title_from,
        "authors": authors_from,
        "year": year_from,
        "journal": journal_from,
        "doi": doi_from,
    }
    return Reference(
        title=title,
        authors=tuple(name.printed for name in authors),
        year=year,
        journal=journal,
        doi=doi,
        source="PDF",
        sources={field: where for field, where in sources.items() if where},
    )


def _journal(
    info: Mapping[str, str],
    pages: Sequence[Printed],
    cited: Sequence[tuple[Citation, str]],
    authors: Sequence[Name],
) -> tuple[str, str]:
    named = [Found(citation.journal, where) for citation, where in cited if citation.journal]
    subject = read_citation(info.get("Subject", ""))
    named += [Found(subject.journal, "PDF properties")] if subject else []
    found = choose_journal(named, pages, [name.family for name in authors])
    return (found.name, found.where) if found else ("", "")


def _authors(
    info: Mapping[str, str], pages: Sequence[Printed], citation: str, common: frozenset[str]
) -> tuple[list[Name], str]:
    """Give the authors: the line below the title, agreed with the paper's own citation; else whatever names them all.

    The properties of many PDFs name a computer's owner, or the first author only: they count where they name several
    people, all of them printed on page 1.
    """
    named = info.get("Author", "")
    owner = read_names(named, family_first=True)
    cited = read_names(citation)
    byline = find_byline(pages, Evidence(f"{named} {citation}", common))
    names = byline.names if byline else []
    hints = [*owner, *cited, *_first_author(pages, (names or cited)[:1])]
    if byline or cited:
        return settle(reconcile(names, cited), hints), byline.where if byline else "citation of page 1"
    printed = squash(" ".join(block.text for block in pages if block.page == 1 and block.kind != "body"))
    if len(owner) > 1 and all(squash(name.family) in printed for name in owner):
        return owner, "PDF properties"
    body = organisation_below_title(pages)
    return ([body], "organisation on page 1") if body else ([], "")


def _first_author(pages: Sequence[Printed], first: Sequence[Name]) -> list[Name]:
    """Give the first author's family name as the running heads print it before `et al.`."""
    heads = [re.match(r"^[\d\s|]*([^\d|(]+?),?\s+et al\b", head, re.IGNORECASE) for head in running_heads(pages)]
    return [Name(head[1], name.given[:1]) for name in first for head in heads if head]
