"""Title, authors, year, journal and DOI off first pages as publishers set them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evitable.cli.extract import document_json
from evitable.extract.metadata.read import read_metadata
from evitable.records import Document, Reference, decode, encode
from support import published
from support.first_pages import first_pages

THREE = ("Brennan, Orla", "de la Vega, Tomás", "Kohl, Ines")
BMC_AUTHORS = ("Brennan, Orla Mary", "de la Vega, Tomás", "Li, Wei", "Kohl-Adeyemi, Ines")
WILEY_AUTHORS = ("Brennan, Orla P. J.", "van der Vega, Tomás", "Kohl, Ines")
SCIELO_AUTHORS = ("Brennan-Silva, Olga", "Vega, Tomás Luís da")
CAMBRIDGE_AUTHORS = ("Brennan, Orla", "de la Vega, Tomás", "O'Kohl-McDonald, Ines")
RECORDS = {
    "ELSEVIER": (THREE, 2018, "Local Services & Society", "10.5555/j.lss.2018.06.023"),
    "BMC": (BMC_AUTHORS, 2021, "BMC Town Health", "10.5555/s12345-021-05049-3"),
    "SPRINGER": (THREE, 2014, "Town Hist Soc", "10.5555/s11027-014-9785-9"),
    "TAYLOR_FRANCIS": (THREE, 2019, "Town Management Review", "10.5555/14719037.2018.1487575"),
    "TAYLOR_FRANCIS_ALONE": (THREE, 2019, "Town Management Review", "10.5555/14719037.2018.1487575"),
    "WILEY": (WILEY_AUTHORS, 2019, "Town Administration", "10.5555/towa.12459"),
    "SAGE": (THREE, 2019, "Town Policy and Administration", "10.5555/0952076718765432"),
    "EMERALD": (THREE, 2020, "International Journal of Town Management", "10.5555/ijtm-10-2018-0190"),
    "MDPI": (THREE, 2021, "Towns", "10.5555/towns13031234"),
    "FRONTIERS": (THREE, 2021, "Frontiers in Town Health", "10.5555/ftown.2021.594117"),
    "PLOS": (THREE, 2020, "PLOS TOWN", "10.5555/journal.ptown.0230123"),
    "SCIELO": (SCIELO_AUTHORS, 2021, "Praças", "10.5555/2318-0889202133e200057"),
    "JOSE": (THREE, 2024, "Journal of Open Towns", "10.5555/jots.00180"),
    "AMERICAN_MEDICINE": (("Brennan, Orla M.", *THREE[1:]), 2019, "Town Med", "10.5555/townmed.2019.0123"),
    "OXFORD": (THREE, 2017, "Journal of Towns", "10.5555/jtowns/mux012"),
    "HINDAWI": (THREE, 2017, "Town Health and Place", "10.5555/2017/9217567"),
    "WOLTERS_KLUWER": (THREE, 2021, "Town Medicine", "10.5555/tm.0000000000028156"),
    "CAMBRIDGE": (CAMBRIDGE_AUTHORS, 2020, "Journal of Town Policy", "10.5555/s0047279419000321"),
    "BMJ": (THREE, 2020, "BMJ Towns", "10.5555/bmjtowns-2019-034567"),
    "MANUSCRIPT": (THREE, 2018, "Town Studies Quarterly", "10.5555/tsq.12.4.412"),
    "JSTOR": (THREE, 2010, "Town Administration Review", "10.5555/tar.40606377"),
    "RESEARCH_NETWORK": (THREE, 2018, "Town Administration", "10.5555/towa.12459"),
}
"""Authors, year, journal and DOI by the style of the page."""
PORTUGUESE = "Quem rega a praça? Moradores e servidores em seis cidades"


def read(printed: str, **info: str) -> Reference:
    return read_metadata(info, *first_pages(printed))


@pytest.mark.parametrize("style", RECORDS)
def test_a_publishers_first_page_gives_the_record(style: str) -> None:
    found = read(getattr(published, style))
    assert (found.authors, found.year, found.journal, found.doi) == RECORDS[style]
    assert found.title == (PORTUGUESE if style == "SCIELO" else published.TITLE)
    assert set(found.sources) == {"title", "authors", "year", "journal", "doi"}
    assert found.source == "PDF"


@pytest.mark.parametrize("style", RECORDS)
@pytest.mark.parametrize("kind", ["body", "list", "heading"])
def test_where_blocks_are_taken_for_others_nothing_wrong_is_read(style: str, kind: str) -> None:
    authors, _, _, doi = RECORDS[style]
    found = read(getattr(published, style).replace("front ", f"{kind} "))
    assert found.authors in {authors, ()}
    assert found.doi in {doi, ""}


def test_the_places_are_named_in_fixed_phrases() -> None:
    assert read(published.SAGE).sources == {
        "title": "title of page 1",
        "authors": "authors' line of page 1",
        "year": "citation of page 1",
        "journal": "citation of page 1",
        "doi": "DOI line of page 1",
    }
    assert read(published.RESEARCH_NETWORK).sources["authors"] == "authors' line of page 2"
    assert read(published.WILEY).sources["journal"] == "running head"


def test_an_empty_document_gives_an_empty_record() -> None:
    assert read_metadata({}, "", []) == Reference(source="PDF")


def test_the_places_are_kept_in_the_document_and_shown_by_extract() -> None:
    found = read(published.MDPI)
    document = Document(paper_id="p", text="", pages=(), blocks=(), metadata=found, extractor="test")
    assert document_json(document)["metadata"]["sources"] == found.sources
    assert decode(encode(document), Document) == document


@settings(derandomize=True, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["title", "front", "head", "body"]), st.text(max_size=40)), max_size=5))
def test_any_page_can_be_read(printed: list[tuple[str, str]]) -> None:
    page = "\n".join(f"{kind} 9 | {' '.join(words.split())}" for kind, words in printed)
    found = read(page, Title="10.", Author=page, Subject=page)
    assert set(found.sources) <= {"title", "authors", "year", "journal", "doi"}
