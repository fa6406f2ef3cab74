"""CSL-JSON records: each field read, whatever it holds."""

from __future__ import annotations

from typing import Any

import pytest

from evitable.records import Reference
from support.csl import read_csl


def only(**fields: Any) -> Reference:
    """Read a file of one record."""
    found = read_csl([{"id": "a", "title": "Drains"} | fields])
    assert found.issues == ()
    (reference,) = found.references
    return reference


def test_a_record_as_zotero_writes_it_is_read_field_by_field_with_its_place_in_the_file() -> None:
    found = only(
        type="article-journal",
        author=[{"family": "Devi", "given": "Sarojini"}, {"family": "Kerr", "given": "Heather"}],
        issued={"date-parts": [["2014", 3]]},
        **{"container-title": "Waterlines"},
        DOI="10.5555/Ab.41",
    )
    assert found == Reference(
        title="Drains",
        authors=("Devi, Sarojini", "Kerr, Heather"),
        year=2014,
        journal="Waterlines",
        doi="10.5555/ab.41",
        kind="JOUR",
        source="references.json, record 1",
    )


@pytest.mark.parametrize(
    "issued",
    [
        {"date-parts": [["2014", 5]]},
        {"date-parts": [[2014, 5, 1], [2015]]},
        {"date-parts": [2014]},
        {"date-parts": [["2014.0"]]},
        {"raw": "May 2014"},
        {"literal": "c. 2014"},
        {"date-parts": [[]], "raw": "2014-05"},
        {"date-parts": None, "literal": "2014"},
        "2014-05-01",
        2014,
    ],
)
def test_the_year_is_found_in_any_form_of_the_date(issued: object) -> None:
    assert only(issued=issued).year == 2014


@pytest.mark.parametrize(
    "issued", [None, {}, [], {"date-parts": [[None]]}, {"season": 2}, True, "in press", {"raw": {}}]
)
def test_a_date_without_a_year_gives_none(issued: object) -> None:
    assert only(issued=issued).year is None


@pytest.mark.parametrize(
    ("person", "name"),
    [
        ({"family": "Meer", "given": "Joost", "non-dropping-particle": "van der"}, "van der Meer, Joost"),
        ({"family": "Beethoven", "given": "Ludwig", "dropping-particle": "van"}, "Beethoven, Ludwig van"),
        ({"family": "King", "given": "Martin Luther", "suffix": "Jr."}, "King, Martin Luther, Jr."),
        ({"literal": "World Health Organization"}, "World Health Organization"),
        ({"family": "Plato"}, "Plato"),
        ({"given": "Plato"}, "Plato"),
        ("Devi, S.", "Devi, S."),
    ],
)
def test_names_are_given_family_first(person: object, name: str) -> None:
    assert only(author=[person]).authors == (name,)
    assert only(author=person).authors == (name,)


@pytest.mark.parametrize(
    "authors", [None, [], [{}], [None, 5, [], {"family": 5, "given": None}], "", [{"family": " "}]]
)
def test_what_is_no_name_is_no_author(authors: object) -> None:
    assert only(author=authors).authors == ()


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ('<i>In situ</i> &amp; <span class="nocase">elsewhere</span>', "In situ & elsewhere"),
        ("p < 0.05 and q > 3", "p < 0.05 and q > 3"),
        ("H<sub>2</sub>O\n  over two lines", "H2O over two lines"),
        ("Half a character \ud800 and a bell \x07", "Half a character and a bell"),
        (1984, "1984"),
        (["In a list"], "In a list"),
    ],
)
def test_a_title_is_plain_text(title: object, text: str) -> None:
    assert only(title=title).title == text


@pytest.mark.parametrize(
    "fields", [{"DOI": "https://doi.org/10.5555/AB.41."}, {"URL": "http://dx.doi.org/10.5555/ab.41"}]
)
def test_a_doi_is_found_with_or_without_an_address_in_front(fields: dict[str, str]) -> None:
    assert only(**fields).doi == "10.5555/ab.41"


@pytest.mark.parametrize(
    "fields",
    [
        {"file": "C:\\Users\\me\\papers\\devi-2014.pdf"},
        {"file": ["files/11/devi.html", "files/12/devi-2014.pdf"]},
        {
            "attachments": [
                {"title": "Snapshot.pdf", "path": "devi.html"},
                {"title": "x", "path": "files/12/devi-2014.pdf"},
            ]
        },
        {"attachments": [{"localPath": "/home/me/devi-2014.pdf"}]},
        {"attachments": "devi-2014.pdf"},
    ],
)
def test_of_an_attached_pdf_only_the_name_is_kept(fields: dict[str, Any]) -> None:
    assert only(**fields).file == "devi-2014.pdf"


@pytest.mark.parametrize("fields", [{"file": 5}, {"file": {}}, {"attachments": [None, [], 5, {}]}, {"file": "a.docx"}])
def test_what_names_no_pdf_is_no_file(fields: dict[str, Any]) -> None:
    assert only(**fields).file == ""


@pytest.mark.parametrize(
    ("kind", "ris"),
    [
        ("article-journal", "JOUR"),
        ("book", "BOOK"),
        ("chapter", "CHAP"),
        ("paper-conference", "CONF"),
        ("report", "RPRT"),
        ("thesis", "THES"),
        ("article", "GEN"),
        (None, "GEN"),
    ],
)
def test_the_kind_is_that_of_ris(kind: object, ris: str) -> None:
    assert only(type=kind).kind == ris
