"""What is doubtful on a first page stays empty: a wrong author is worse than none."""

from __future__ import annotations

import pytest

from evitable.extract.metadata.read import read_metadata
from evitable.records import Reference
from support.first_pages import first_pages
from support.published import ABSTRACT, BODY, SQUARE, TITLE

TWO = ("Brennan, Orla", "de la Vega, Tomás")
MARKED = "front 11 | Orla Brennan1 and Tomás de la Vega2"
PLAIN = "front 11 | Orla Brennan and Tomás de la Vega"


def read(*printed: str, **info: str) -> Reference:
    return read_metadata(info, *first_pages("\n".join(printed)))


# --------------------------------------------------------------------------------------------------------- authors


@pytest.mark.parametrize(
    "lines",
    [
        "front 10 | Orla Brennan1 and Tomás de la Vega2\n| 1 University of Northmoor\n| 2 Town Institute",
        "front 10 | Orla Brennan\n| University of Northmoor\n| Tomás de la Vega\n| Instituto de Estudios Locales",
        "front 10 | Orla Brennan, University of Northmoor\n| Tomás de la Vega, Instituto de Estudios Locales",
        "front 12 | Orla Brennan\nfront 9 | University of Northmoor\nfront 12 | Tomás de la Vega\nfront 9 | t@v.test",
        "front 10 | By Orla Brennan and Tomás de la Vega | Posted 2019 | 9 minute read",
        "front 9 | A tale of towns\nfront 11 | Orla Brennan and Tomás de la Vega\nfront 9 | University of Northmoor",
        "front 11 | Orla Brennan1\nfront 11 | Tomás de la Vega2\nfront 11 | 1 University\n| Cape Town, South Africa",
    ],
)
def test_authors_are_found_however_addresses_stand_between_them(lines: str) -> None:
    assert read(SQUARE, lines, ABSTRACT).authors == TWO


@pytest.mark.parametrize(
    "lines",
    [
        "front 13 | Home | About us | Case studies",
        "front 13 | Evidence from Two Counties and One Island",
        "front 13 | Old Library, Second Tuesday",
        "front 10 | Department of Geography, University of Northmoor\n| Long Street, Northmoor, United Kingdom",
        "front 10 | New Zealand and South Africa",
        "front 10 | Edited by Maria Lindqvist",
        "front 10 | Edited by:\nfront 10 | Maria Lindqvist1",
        "front 10 | Orla Brennan, Tomás d% L* V, and others",
        "front 10 | Orla Brennan et al.",
    ],
)
def test_what_is_no_line_of_authors_gives_none(lines: str) -> None:
    assert read(SQUARE, lines, ABSTRACT).authors == ()


def test_a_name_alone_counts_where_nothing_else_stands_there_or_another_place_names_it() -> None:
    name = "front 12 | Orla Brennan"
    assert read(SQUARE, name, ABSTRACT).authors == ("Brennan, Orla",)
    assert read(SQUARE, name, "front 9 | Spring 2019", ABSTRACT).authors == ()
    assert read(SQUARE, name, "front 9 | Spring 2019", ABSTRACT, Author="Orla Brennan").authors == ("Brennan, Orla",)


def test_two_family_names_are_kept_together_where_another_place_shows_it() -> None:
    byline = "front 11 | Ana Pérez López1 y Juan Gil Ruiz2"
    assert read(SQUARE, byline, ABSTRACT).authors == ("López, Ana Pérez", "Ruiz, Juan Gil")
    cited = f"front 8 | Cómo citar: Pérez López, A. y Gil Ruiz, J. (2020). {TITLE}. Plazas, 12(3), 1-20."
    found = read(SQUARE, byline, ABSTRACT, cited)
    assert found.authors == ("Pérez López, Ana", "Gil Ruiz, Juan")
    named = read(SQUARE, byline, ABSTRACT, Author="Pérez López, Ana; Gil Ruiz, Juan")
    assert named.authors == ("Pérez López, Ana", "Gil Ruiz, Juan")
    head = read(SQUARE, byline, ABSTRACT, "head 8 | Pérez López et al.")
    assert head.authors == ("Pérez López, Ana", "Ruiz, Juan Gil")


def test_the_papers_own_citation_names_the_authors_where_their_line_was_not_found() -> None:
    cited = f"front 8 | Please cite as: Brennan, O. and de la Vega, T. (2019), “{TITLE}”, Town Studies, Vol. 3 No. 2."
    found = read(SQUARE, ABSTRACT, cited)
    assert (found.authors, found.journal, found.year) == (("Brennan, O.", "de la Vega, T."), "Town Studies", 2019)
    assert found.sources["authors"] == "citation of page 1"


def test_the_properties_count_only_where_page_one_prints_the_names() -> None:
    unread = "front 10 | Orla Brennan (b. 1960) % Tomás de la Vega (b. 1957)"
    assert read(SQUARE, unread, ABSTRACT, Author="Orla Brennan; Tomás de la Vega").authors == TWO
    assert read(SQUARE, ABSTRACT, Author="Orla Brennan; Tomás de la Vega").authors == ()
    assert read(SQUARE, unread, ABSTRACT, Author="Orla Brennan").authors == ()
    assert read(SQUARE, ABSTRACT, Author="Office Customer").authors == ()


def test_an_organisation_is_the_author_only_where_it_stands_alone() -> None:
    body = "front 10 | Northmoor Institute for Local Services\nfront 10 | March 2019"
    found = read(SQUARE, body, ABSTRACT)
    assert found.authors == ("Northmoor Institute for Local Services",)
    assert found.sources["authors"] == "organisation on page 1"
    assert read(SQUARE, PLAIN, body, ABSTRACT).authors == TWO
    assert read(SQUARE, "front 10 | Orl@ Br3nnan", body, ABSTRACT).authors == ()


def test_slides_without_a_title_give_the_speaker_whose_mailbox_has_the_name() -> None:
    line = "body 14 | Orla Mary Brennan University of Northmoor orlamary.brennan@northmoor.example Agenda"
    assert read(line, "heading 15 | Squares", f"body 14 | {BODY}").authors == ("Brennan, Orla Mary",)
    assert read(line.replace("orlamary", "office"), f"body 14 | {BODY}").authors == ()


# ----------------------------------------------------------------------------------------------------------- title


def test_the_properties_title_counts_where_it_is_printed() -> None:
    assert read(f"body 10 | {TITLE} {BODY}", Title=TITLE).sources["title"] == "PDF properties"
    assert read(f"body 10 | {BODY}", Title=TITLE).title == ""
    assert read(SQUARE, ABSTRACT, Title="Microsoft Word - draft.docx").title == TITLE


def test_a_subtitle_in_smaller_type_belongs_to_the_title() -> None:
    subtitle = "front 14 | How committees plan, build and keep drains"
    assert read("title 25 | Drains that last", subtitle, MARKED, ABSTRACT).title == (
        "Drains that last: How committees plan, build and keep drains"
    )
    assert read("title 25 | Drains that last", PLAIN.replace("11", "14"), ABSTRACT).title == "Drains that last"


# ------------------------------------------------------------------------------------------------- DOI, year, journal


@pytest.mark.parametrize(
    ("line", "doi"),
    [
        (
            "front 8 | https://doi.org/10.5555/s12345-\n| 018-00012-3. All rights reserved.",
            "10.5555/s12345-018-00012-3",
        ),
        ("front 8 | https ://doi.org/10.5555/s1102 7-018-9785-9", "10.5555/s11027-018-9785-9"),
        ("front 8 | DOI: 10.5555/(SICI)1097(199)12:3<4::AID-1>3.0.CO;2-A (2009)", "10.5555/(sici)1097(199)12:3"),
        ("front 8 | (doi:10.5555/Towns.2018.7).", "10.5555/towns.2018.7"),
        ("front 8 | See Kohl et al. (doi:10.9999/kohl.1) for a commentary.", ""),
        ("front 8 | Data: https://doi.org/10.9999/data.1", ""),
        ("front 8 | Funder https://doi.org/10.13039/501100000001", ""),
        (f"body 10 | As shown earlier (https://doi.org/10.9999/other.1), squares dry out. {BODY}", ""),
        ("reference 9 | Kohl, I. (2011). Benches. https://doi.org/10.9999/bench.1", ""),
    ],
)
def test_only_the_papers_own_doi_is_taken(line: str, doi: str) -> None:
    assert read(SQUARE, MARKED, ABSTRACT, line).doi == doi


def test_a_doi_of_the_properties_decides_between_those_printed() -> None:
    two = "front 8 | doi:10.5555/other.1\nfront 8 | doi:10.5555/own.1"
    assert read(SQUARE, two, ABSTRACT, **{"WPS-ARTICLEDOI": "10.5555/OWN.1"}).doi == "10.5555/own.1"
    found = read(SQUARE, ABSTRACT, Subject="Town Studies, 2018. doi:10.5555/own.1")
    assert (found.doi, found.journal, found.year) == ("10.5555/own.1", "Town Studies", 2018)
    assert set(found.sources.values()) == {"title of page 1", "PDF properties"}


@pytest.mark.parametrize(
    ("line", "year", "where"),
    [
        ("front 8 | Published online: 12 March 2019 © 2018 The Authors", 2019, "date of page 1"),
        ("front 8 | Received 3 May 2017; Accepted 14 June 2018", 2018, "date of page 1"),
        ("front 8 | © The Author(s) 2018", 2018, "copyright line of page 1"),
        ("front 8 | Modena, 1-8 September, 2019", 2019, "date of page 1"),
        ("front 8 | doi:10.5555/towns.2018.7", 2018, "DOI"),
        ("front 8 | Nothing of the kind", 2017, "date of the PDF file"),
    ],
)
def test_the_year_comes_from_the_best_place_that_has_one(line: str, year: int, where: str) -> None:
    found = read(SQUARE, MARKED, ABSTRACT, line, CreationDate="D:20170101120000")
    assert (found.year, found.sources["year"]) == (year, where)


@pytest.mark.parametrize(
    ("lines", "journal"),
    [
        ("front 9 | TOWN POLICY AND SOCIETY\nfront 8 | 2019, VOL. 21, NO. 5, 667–686", "Town Policy and Society"),
        ("front 9 | Journal of Town Health\nfront 8 | J Town Health 2016; 10(2):92-98", "Journal of Town Health"),
        ("front 9 | Revista de Plazas", "Revista de Plazas"),
        ("front 9 | Eur. J. Town Stud. 32 (2011) 1007–1018", "Eur. J. Town Stud."),
        ("front 9 | Review Article", ""),
        ("front 9 | Comment on: Kohl I, Benches. Old Town Journal 2006; 281:85-99", ""),
        ("front 9 | University of Northmoor", ""),
        ("front 9 | Brennan and de la Vega 12(3)", ""),
    ],
)
def test_the_journal_stands_above_the_title(lines: str, journal: str) -> None:
    assert read(lines, SQUARE, MARKED, ABSTRACT).journal == journal


def test_a_meeting_is_what_slides_appeared_in() -> None:
    line = "front 13 | Slides of the Congress on Squares, Northmoor, 6–7 October 2016"
    assert read(SQUARE, MARKED, line).journal == "Slides of the Congress on Squares, Northmoor, 6–7 October 2016"
