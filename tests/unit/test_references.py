"""RIS files: read whatever way they were written."""

from __future__ import annotations

import pytest

from evitable.bibliography import read_references
from evitable.records import Reference

FILE = "references.ris"


def ris(title: str = "", *lines: str, end: str = "ER  - ") -> str:
    """Write one RIS record."""
    body = ["TY  - JOUR", *([f"TI  - {title}"] if title else []), *lines, *([end] if end else [])]
    return "".join(f"{line}\n" for line in body)


def titles(data: bytes) -> list[str]:
    return [reference.title for reference in read_references(data, FILE).references]


def only(*lines: str, title: str = "Drains that last") -> Reference:
    """Read a file of one record."""
    read = read_references(ris(title, *lines).encode(), FILE)
    assert read.issues == ()
    (reference,) = read.references
    return reference


# --------------------------------------------------------------------------------------------------- what is read


def test_a_record_is_read_field_by_field_with_its_place_in_the_file() -> None:
    lines = ["AU  - Devi, Sarojini", "AU  - Kerr, Heather", "PY  - 2014", "JO  - Waterlines", "DO  - 10.5555/Ab.41"]
    assert only(*lines, "L1  - devi-2014.pdf") == Reference(
        title="Drains that last",
        authors=("Devi, Sarojini", "Kerr, Heather"),
        year=2014,
        journal="Waterlines",
        doi="10.5555/ab.41",
        kind="JOUR",
        file="devi-2014.pdf",
        source="references.ris, record 1",
    )


@pytest.mark.parametrize(
    "line",
    [
        "DO  - 10.5555/AB.41",
        "DO  - https://doi.org/10.5555/ab.41",
        "DO  - doi:10.5555/ab.41.",
        "UR  - https://doi.org/10.5555/ab.41",
    ],
)
def test_a_doi_is_found_with_or_without_an_address_in_front(line: str) -> None:
    assert only(line).doi == "10.5555/ab.41"


@pytest.mark.parametrize("line", ["PY  - 2014", "PY  - 2014/03//", "Y1  - 2014/03/01/", "DA  - 2014-03-01"])
def test_the_year_is_found_in_any_of_the_date_fields(line: str) -> None:
    assert only(line).year == 2014


@pytest.mark.parametrize("line", ["PY  - in press", "PY  - ", "DO  - none"])
def test_a_field_that_says_nothing_is_left_empty(line: str) -> None:
    reference = only(line)
    assert reference.year is None
    assert reference.doi == ""


@pytest.mark.parametrize(
    "line",
    [
        "L1  - devi-2014.pdf",
        "L1  - files/12/devi-2014.pdf",
        "L1  - C:\\Users\\me\\Zotero\\storage\\AB12CD\\devi-2014.pdf",
        "L1  - internal-pdf://1234567/devi-2014.pdf",
        "L1  - file:///home/me/papers%20of%202014/devi%2D2014.pdf",
        "L1  - devi-2014.html\nL1  - files/13/devi-2014.pdf",
    ],
)
def test_of_an_attached_file_only_the_name_is_kept(line: str) -> None:
    assert only(line).file == "devi-2014.pdf"


@pytest.mark.parametrize("name", ["O'Brien [draft] 2014.pdf", "O'Brien - 2014 - Drains; pumps.pdf"])
def test_marks_in_the_name_of_an_attached_file_are_kept(name: str) -> None:
    assert only(f"L1  - files/12/{name.replace(';', chr(92) + ';')}").file == name


def test_an_author_without_a_letter_is_none() -> None:
    assert only("AU  - Devi, S", "AU  - ", "AU  - ,").authors == ("Devi, S",)


def test_the_older_names_of_the_fields_are_read_too() -> None:
    old = "TY  - JOUR\nT1  - Drains that last\nA1  - Devi, Sarojini\nY1  - 2014\nT2  - Waterlines\nER  - \n"
    (reference,) = read_references(old.encode(), FILE).references
    assert (reference.title, reference.authors, reference.journal) == (
        "Drains that last",
        ("Devi, Sarojini",),
        "Waterlines",
    )


# --------------------------------------------------------------------------------------------- how it was written


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_a_byte_order_mark_and_latin_1_lose_no_record_and_no_letter(encoding: str) -> None:
    data = (ris("Größe und Nähe") + ris("Øde løkker, året rundt")).encode(encoding)
    assert titles(data) == ["Größe und Nähe", "Øde løkker, året rundt"]


def test_one_wrong_byte_costs_no_letter_of_another_record() -> None:
    data = ris("Größe und Nähe").encode() + b"\x9d\n" + ris("Café", end="").encode("latin-1")
    assert titles(data) == ["Größe und Nähe", "Café"]


@pytest.mark.parametrize("end", ["ER  - ", "ER  -"])
def test_windows_line_ends_lose_no_record(end: str) -> None:
    data = (ris("One", end=end) + ris("Two", end=end)).replace("\n", "\r\n").encode()
    assert titles(data) == ["One", "Two"]


def test_a_record_without_its_end_line_costs_nobody_anything() -> None:
    first, last = ris("One", end=""), ris("Three", end="")
    read = read_references((first + ris("Two") + last).encode(), FILE)
    assert [reference.title for reference in read.references] == ["One", "Two", "Three"]
    assert read.issues == ()


def test_blank_lines_and_text_between_the_records_cost_nobody_anything() -> None:
    assert titles(f"Provider: A Library\n\n{ris('One')}\n\n\nend of page 1\n{ris('Two')}\n\n".encode()) == [
        "One",
        "Two",
    ]


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param("TY  - JOUR\nrubbish\nER  - \n", id="no field at all"),
        pytest.param(ris("", "AU  - Nobody, N"), id="neither title nor DOI"),
        pytest.param(ris("", "DO  - none"), id="neither title nor what looks like a DOI"),
        pytest.param(ris("Two").replace("TY", "TX"), id="first line damaged"),
    ],
)
def test_a_broken_record_is_named_by_its_number_and_the_others_are_kept(broken: str) -> None:
    read = read_references((ris("One") + broken + ris("Three")).encode(), FILE)
    assert [(reference.title, reference.source) for reference in read.references] == [
        ("One", "references.ris, record 1"),
        ("Three", "references.ris, record 3"),
    ]
    (issue,) = read.issues
    assert (issue.code, issue.stage, issue.paper) == ("reference-broken", "references", FILE)
    assert "Record 2" in issue.message
    assert issue.hint


def test_a_record_with_a_doi_and_no_title_is_kept() -> None:
    assert only("DO  - 10.5555/ab.41", title="").doi == "10.5555/ab.41"
