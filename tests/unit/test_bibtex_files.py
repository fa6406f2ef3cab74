"""BibTeX files: no record is lost, whatever the file has gone through."""

from __future__ import annotations

import logging
from itertools import pairwise

import pytest

from support.bibtex import FILE, bib, read_bib

GOOD = "@article{one, title = {One}}\n"
LAST = "@article{three, title = {Three}}\n"


def titles(text: str | bytes) -> list[str]:
    return [reference.title for reference in read_bib(text).references]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_no_encoding_or_line_end_loses_a_record_or_a_letter(encoding: str, end: str) -> None:
    text = bib("title = {Größe und Nähe}") + bib("title = {Øde løkker}", key="b")
    assert titles(text.replace("\n", end).encode(encoding)) == ["Größe und Nähe", "Øde løkker"]


def test_one_wrong_byte_costs_no_letter_of_another_record() -> None:
    data = bib("title = {Größe}").encode() + bib("title = {Caf\xe9}").encode("latin-1")
    assert titles(data) == ["Größe", "Café"]


def test_two_records_with_the_same_key_are_both_read() -> None:
    found = read_bib(bib("title = {One}") + bib("title = {Two}"))
    assert [reference.title for reference in found.references] == ["One", "Two"]
    assert found.issues == ()


def test_of_a_field_that_stands_twice_the_first_that_holds_something_counts() -> None:
    found = read_bib(bib("title = {}", "title = {One}", "Title = {Two}", "year = 2011"))
    assert [(reference.title, reference.year) for reference in found.references] == [("One", 2011)]
    assert found.issues == ()


def test_comments_preambles_and_text_between_the_records_are_no_records() -> None:
    between = '% Encoding: UTF-8\n@comment{jabref-meta: x;}\n@preamble{"\\newcommand{\\x}[1]{}"}\nany text\n'
    found = read_bib(between + GOOD + between + LAST + between)
    assert [reference.source for reference in found.references] == [
        "references.bib, record 1",
        "references.bib, record 2",
    ]
    assert found.issues == ()


@pytest.mark.parametrize(
    "text",
    [
        "@article(one, title = {One})",
        "@article\n{one, title = {One}}",
        "  @ article {one,title={One}}",
        '@ARTICLE{one, TITLE = "One"}',
        "@article{, title = {One}}",
        "@article{one, title = {One}, note = {write to me@home.org or @ {me}}}",
    ],
)
def test_odd_ways_of_writing_a_record_are_read(text: str) -> None:
    assert titles(text) == ["One"]


def test_records_on_one_line_are_all_read() -> None:
    assert titles((GOOD + LAST).replace("\n", " ")) == ["One", "Three"]


BROKEN = [
    pytest.param("@article{two, title = {Never {closed},\n", id="brace not closed"),
    pytest.param('@article{two, title = "Never closed,\n}\n', id="quotation mark not closed"),
    pytest.param("@article{two, title {No sign}}\n", id="equals sign missing"),
    pytest.param("@article{two, title {No sign}, note = {mail @home{me}}}\n", id="and more that looks like a record"),
    pytest.param("@article{two, year = 2011}\n", id="neither title nor DOI"),
    pytest.param("@article{two}\n", id="no field"),
    pytest.param("@article{\n", id="nothing at all"),
    pytest.param("@article(two, title = {Never closed}\n", id="parenthesis not closed"),
    pytest.param("@article{two, title = {}}\n@comment{ never closed\n", id="comment not closed"),
    pytest.param("@article{two, title = " + "{" * 5000 + "\n", id="many braces"),
]


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_record_is_named_by_its_number_and_the_others_are_kept(
    broken: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        found = read_bib(GOOD + broken + LAST)
    assert [(reference.title, reference.source) for reference in found.references] == [
        ("One", "references.bib, record 1"),
        ("Three", "references.bib, record 3"),
    ]
    (issue,) = found.issues
    assert (issue.code, issue.stage, issue.paper) == ("reference-broken", "references", FILE)
    assert issue.message == "Record 2 of the reference file cannot be read."
    assert "title = {...}" in issue.hint
    assert caplog.records == []


def test_of_a_file_that_was_cut_off_all_records_before_the_cut_are_read() -> None:
    found = read_bib((GOOD + LAST + bib("title = {Four}"))[:-10])
    assert [reference.title for reference in found.references] == ["One", "Three"]
    assert [issue.message for issue in found.issues] == ["Record 3 of the reference file cannot be read."]


def test_a_record_with_a_doi_and_no_title_is_kept() -> None:
    (found,) = read_bib(bib("doi = {10.5555/ab.41}")).references
    assert found.doi == "10.5555/ab.41"


@pytest.mark.parametrize("data", [b"", b" \n", b"\xef\xbb\xbf"])
def test_an_empty_file_gives_neither_records_nor_issues(data: bytes) -> None:
    assert read_bib(data) == ((), ())


@pytest.mark.parametrize(
    "data",
    [
        b"hello",
        b"TY  - JOUR\nTI  - A\nER  - \n",
        b'[{"title": "A"}]',
        b"@comment{x}",
        GOOD.encode("utf-16"),
        b"\x00\xff@",
    ],
)
def test_a_file_that_is_not_bibtex_at_all_is_one_issue_with_the_mend(data: bytes) -> None:
    found = read_bib(data)
    assert found.references == ()
    (issue,) = found.issues
    assert (issue.code, issue.paper) == ("references-not-bibtex", FILE)
    assert "BibTeX" in issue.hint


# ------------------------------------------------------------------------------------------------- hostile content


def test_definitions_that_double_each_other_stay_small() -> None:
    names = [f"s{index}" for index in range(60)]
    doubling = "".join(f"@string{{{b} = {a} # {a}}}\n" for a, b in pairwise(names))
    found = read_bib('@string{s0 = "Water "}\n' + doubling + bib("title = {A}", "journal = s59 # s59"))
    assert 1000 < len(found.references[0].journal) < 1_000_000


@pytest.mark.parametrize(
    "title",
    [
        pytest.param(r"\"{o}" * 40_000, id="very long"),
        pytest.param("{" * 3000 + "Deep" + "}" * 3000, id="very deep"),
        pytest.param(r"\emph{" * 3000 + "Deep" + "}" * 3000, id="very deep commands"),
    ],
)
def test_a_title_that_no_decoder_can_hold_keeps_its_letters_and_loses_its_marks(title: str) -> None:
    (found,) = [reference.title for reference in read_bib(GOOD + bib(f"title = {{{title}}}")).references[1:]]
    assert found.count("o") == title.count("o")
    assert ("Deep" in found) == ("Deep" in title)
    assert not set(found) & set("{}\\")


def test_a_large_file_is_read_to_its_end() -> None:
    text = "".join(bib(f"title = {{Paper {number}}}", "author = {Devi, S{\\'a}}") for number in range(5000))
    found = read_bib(text)
    assert len(found.references) == 5000
    assert found.references[-1].source == "references.bib, record 5000"


def test_control_characters_are_left_out() -> None:
    assert titles("@article{a, title = {One\x00\x07 two}}") == ["One two"]
