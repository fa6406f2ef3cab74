"""Promises of the reference files that hold for any bytes: nothing is raised, and no untouched record is lost."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evitable.bibliography import read_references
from evitable.records import Reference, decode, encode

FILES = ["references.ris", "references.bib", "references.json"]
TITLES = ["Größe und Nähe", "Who drains? Pumps & parks", "Øde løkker"]
PARTS = [
    *(
        "TY  - ",
        "ER  - ",
        "\nTI  - ",
        "L1  - x.pdf",
        "@article{",
        "@string(",
        "@comment{",
        "@",
        "title = ",
        "\\",
        "\\emph{",
    ),
    *(
        '{"id": "x", ',
        '"title": ',
        "[",
        "]",
        "{",
        "}",
        '"',
        ",",
        ":",
        "#",
        "$",
        "%",
        "\n",
        "\r",
        "\ufeff",
        "\x00",
        "null",
    ),
]
JUNK = st.one_of(st.binary(max_size=20), st.sampled_from(PARTS).map(str.encode))


def record(name: str, number: int) -> str:
    """Write one record, as a reference manager does, in the format of the file."""
    title, doi = TITLES[number], f"10.5555/{number}"
    if name.endswith(".ris"):
        return f"TY  - JOUR\nAU  - Devi, S\nTI  - {title}\nPY  - 2014\nDO  - {doi}\nL1  - a.pdf\nER  - \n"
    if name.endswith(".bib"):
        fields = (
            f"author = {{Devi, S}},\n  title = {{{title}}},\n  year = 2014,\n  doi = {{{doi}}},\n  file = {{a.pdf}}"
        )
        return f"@article{{key,\n  {fields}\n}}\n"
    fields_of = {"id": "a", "type": "article-journal", "title": title, "DOI": doi, "file": "a.pdf"}
    people = {"author": [{"family": "Devi", "given": "S"}], "issued": {"date-parts": [[2014]]}}
    return json.dumps(fields_of | people, ensure_ascii=False, indent=1)


def file_of(name: str, records: Sequence[bytes]) -> bytes:
    """Put records together, with a line end of the file's own between them."""
    return b"[\n" + b",\n".join(records) + b"\n]" if name.endswith(".json") else b"\n".join(records)


def expected(number: int) -> Reference:
    return Reference(
        title=TITLES[number], authors=("Devi, S",), year=2014, doi=f"10.5555/{number}", kind="JOUR", file="a.pdf"
    )


def read(data: bytes, name: str) -> list[Reference]:
    """Read a file, check what holds for any, and give its records without their places."""
    found = read_references(data, name)
    for reference in found.references:
        assert reference.title or reference.doi
        assert decode(encode(reference), Reference) == reference
        assert reference.source.startswith(f"{name}, record ")
        assert not set(reference.file) & set("/\\")
    assert found.references or found.issues or not re.search(rb"[A-Za-z0-9]", data)
    return [
        Reference(title=r.title, authors=r.authors, year=r.year, doi=r.doi, kind=r.kind, file=r.file)
        for r in found.references
    ]


@st.composite
def damaged(draw: st.DrawFn, name: str) -> tuple[bytes, int]:
    """A good file of three records of which one was changed in up to four places, and which one."""
    touched = draw(st.integers(0, len(TITLES) - 1))
    records = [record(name, number).encode() for number in range(len(TITLES))]
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(records[touched])))
        end = draw(st.integers(start, min(len(records[touched]), start + 40)))
        records[touched] = records[touched][:start] + draw(JUNK) + records[touched][end:]
    return file_of(name, records), touched


@pytest.mark.parametrize("name", FILES)
def test_the_good_file_is_read_as_it_was_meant(name: str) -> None:
    data = file_of(name, [record(name, number).encode() for number in range(len(TITLES))])
    assert read(data, name) == [expected(number) for number in range(len(TITLES))]


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    data=st.one_of(st.binary(), st.lists(JUNK, max_size=40).map(b"".join), st.text().map(lambda t: t.encode("utf-16")))
)
def test_no_bytes_at_all_raise(name: str, data: bytes) -> None:
    read(data, name)


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=300, deadline=None, derandomize=True)
@given(data=st.data())
def test_damage_to_one_record_loses_no_other(name: str, data: st.DataObject) -> None:
    content, touched = data.draw(damaged(name))
    found = read(content, name)
    for number in range(len(TITLES)):
        assert number == touched or expected(number) in found


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=100, deadline=None, derandomize=True)
@given(cut=st.integers(0, 700))
@example(cut=0)
def test_a_cut_loses_no_record_before_it(name: str, cut: int) -> None:
    records = [record(name, number).encode() for number in range(len(TITLES))]
    found = read(file_of(name, records)[:cut], name)
    for number in range(len(TITLES)):
        assert expected(number) in found or cut < len(file_of(name, records[: number + 1]))
