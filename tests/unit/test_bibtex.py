r"""BibTeX records: each field read however reference managers write it, with `{\"o}` as ö."""

from __future__ import annotations

import pytest

from evitable.records import Reference
from support.bibtex import bib, read_bib


def only(*fields: str, kind: str = "article", title: str = "title = {Drains}") -> Reference:
    """Read a file of one record."""
    found = read_bib(bib(title, *fields, kind=kind))
    assert found.issues == ()
    (reference,) = found.references
    return reference


def test_a_record_is_read_field_by_field_with_its_place_in_the_file() -> None:
    found = only(
        "author = {Devi, Sarojini and Heather Kerr}",
        "year = 2014",
        'journal = "Waterlines"',
        "doi = {https://doi.org/10.5555/Ab{\\_}41.}",
        "file = {Full Text:files/12/devi-2014.pdf:application/pdf}",
    )
    assert found == Reference(
        title="Drains",
        authors=("Devi, Sarojini", "Kerr, Heather"),
        year=2014,
        journal="Waterlines",
        doi="10.5555/ab_41",
        kind="JOUR",
        file="devi-2014.pdf",
        source="references.bib, record 1",
    )


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"Gr{\"o}{\ss}e", "Größe"),
        (r"Gr\"{o}\ss e", "Größe"),
        (r"Montr{\'e}al, Montr\'eal, Montr\'{e}al", "Montréal, Montréal, Montréal"),
        (r"{\AA}rhus og {\O}rsted, \L{}\'od\'z, \c{c}a, \v{s}, na\"{\i}ve", "Århus og Ørsted, Łódź, ça, š, naïve"),
        (r"Parks \& gardens", "Parks & gardens"),
        ("Parks & gardens", "Parks & gardens"),
        (r"{{The {WHO} in {Geneva}}}", "The WHO in Geneva"),
        (r"A study of \emph{Homo \textbf{sapiens}} at home", "A study of Homo sapiens at home"),
        ("50% of patients", "50% of patients"),
        (r"50\% of patients", "50% of patients"),
        ("From $5 to $6 a day", "From $5 to $6 a day"),
        (r"$\beta$-carotene and CO$_2$, H$_{2}$O", "β-carotene and CO2, H2O"),
        ("Before--after ``studies''", "Before–after “studies”"),
        ("Patients~only", "Patients only"),
        ('<i>In situ</i> &amp; <span class="nocase">elsewhere</span>, p < 0.05', "In situ & elsewhere, p < 0.05"),
        (r"{\textless}i{\textgreater}In situ{\textless}/i{\textgreater}", "In situ"),
        ("Over\n      two lines", "Over two lines"),
        (r"Read \input{/etc/passwd} this", "Read this"),
        (r"\unknown{Words} stay", "Words stay"),
        (r"One \ and a } too many", "One and a too many"),
    ],
)
def test_latex_and_html_become_the_text_that_they_stand_for(latex: str, text: str) -> None:
    (found,) = [reference.title for reference in read_bib(bib(f"title = {{{latex}}}")).references]
    assert found == text


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Joost van der Meer", ["van der Meer, Joost"]),
        ("van der Meer, Joost and de la Cruz, Juana In{\\'e}s", ["van der Meer, Joost", "de la Cruz, Juana Inés"]),
        ("King, Jr., Martin Luther", ["King, Martin Luther, Jr."]),
        ("{World Health Organization}", ["World Health Organization"]),
        ("{Ministry of Health and Welfare} and Devi, S.", ["Ministry of Health and Welfare", "Devi, S."]),
        ("Devi, S. and others", ["Devi, S."]),
        ("Sandra {O'Brien Smith}", ["O'Brien Smith, Sandra"]),
        ("family=Gaulle, given=Charles, prefix=de, useprefix=true", ["de Gaulle, Charles"]),
        ("Kov\\'acs, Zs\\'ofia\n      and    Ng", ["Kovács, Zsófia", "Ng"]),
        ("Anderson, Andy and Sandy Land", ["Anderson, Andy", "Land, Sandy"]),
        ("Devi, S. and and Kerr, H. and", ["Devi, S.", "Kerr, H."]),
        ("Devi, S.; Kerr, H.", ["Devi, S.", "Kerr, H."]),
        ("and and ,", []),
        ("", []),
    ],
)
def test_names_are_given_family_first(written: str, names: list[str]) -> None:
    assert list(only(f"author = {{{written}}}").authors) == names


@pytest.mark.parametrize(
    "line",
    [
        "doi = {10.5555/AB--41_x}",
        r"doi = {10.5555/ab--41{\_}x}",
        r"doi = {10.5555/ab--41\_x.}",
        "doi = {https://doi.org/10.5555/ab--41_x}",
        "DOI = {doi:10.5555/ab--41_x}",
        r"url = {https://doi.org/10.5555/ab--41\_x}",
    ],
)
def test_a_doi_is_found_in_whatever_way_it_is_written(line: str) -> None:
    assert only(line).doi == "10.5555/ab--41_x"


@pytest.mark.parametrize(
    "line",
    [
        "year = 2014",
        "year = {2014}",
        'year = "2014a"',
        "date = {2014-05}",
        "date = {2014-05-01/2015}",
        "Year = {c. 2014}",
    ],
)
def test_the_year_is_found_in_year_or_date(line: str) -> None:
    assert only(line).year == 2014


@pytest.mark.parametrize("line", ["year = {in press}", "year = {}", "doi = {none}", "month = may"])
def test_a_field_that_says_nothing_is_left_empty(line: str) -> None:
    assert (only(line).year, only(line).doi) == (None, "")


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("Full Text:files/12/smith_2019.pdf:application/pdf", "smith_2019.pdf"),
        ("Snapshot:files/11/smith.html:text/html;Full Text:files/12/smith_2019.pdf:application/pdf", "smith_2019.pdf"),
        ("Notes.pdf:files/11/smith.html:text/html", ""),
        ("Title.pdf:/home/me/Zotero/storage/AB12/smith_2019.pdf:application/pdf", "smith_2019.pdf"),
        (r"PDF:C\:\\Users\\me\\Zotero\\smith_2019.pdf:application/pdf", "smith_2019.pdf"),
        ("/home/me/Zotero/storage/AB12/smith_2019.pdf;/home/me/smith.html", "smith_2019.pdf"),
        (r":C\:/Users/me/Mendeley/smith_2019.pdf:pdf", "smith_2019.pdf"),
        (r":C$\backslash$:/Users/me/Mendeley/smith{\_}2019.pdf:pdf;:D$\backslash$:/x.pdf:pdf", "smith_2019.pdf"),
        (":home/me/smith\\_2019.pdf:pdf", "smith_2019.pdf"),
        (":smith_2019.pdf:PDF", "smith_2019.pdf"),
        ("C:\\Users\\me\\_smith.pdf", "_smith.pdf"),
        ("D:/papers/M{\\\"u}ller - O'Brien (2019) [draft].PDF", "Müller - O'Brien (2019) [draft].PDF"),
        (r"files/12/Drains\; pumps.pdf", "Drains; pumps.pdf"),
        ("smith.docx:files/12/smith.docx:application/msword", ""),
        ("smith.pdf.txt", ""),
        (":", ""),
    ],
)
def test_of_an_attached_pdf_only_the_name_is_kept(value: str, name: str) -> None:
    assert only(f"file = {{{value}}}").file == name


@pytest.mark.parametrize(
    ("kind", "ris"),
    [
        ("article", "JOUR"),
        ("Article", "JOUR"),
        ("BOOK", "BOOK"),
        ("incollection", "CHAP"),
        ("inproceedings", "CONF"),
        ("techreport", "RPRT"),
        ("phdthesis", "THES"),
        ("mastersthesis", "THES"),
        ("misc", "GEN"),
        ("somethingelse", "GEN"),
    ],
)
def test_the_kind_is_that_of_ris(kind: str, ris: str) -> None:
    assert only(kind=kind).kind == ris


@pytest.mark.parametrize(
    ("lines", "journal"),
    [
        (["journaltitle = {Waterlines}", "publisher = {Press}"], "Waterlines"),
        (["booktitle = {Papers on {Water}}", "series = {Notes}"], "Papers on Water"),
        (["institution = {Institute}"], "Institute"),
    ],
)
def test_the_journal_is_the_journal_or_what_stands_for_it(lines: list[str], journal: str) -> None:
    assert only(*lines).journal == journal


def test_a_subtitle_belongs_to_the_title() -> None:
    assert only("subtitle = {Pumps too}").title == "Drains: Pumps too"
    assert only("subtitle = {Pumps too}", title="title = {Who drains?}").title == "Who drains? Pumps too"


def test_definitions_of_the_file_are_put_in() -> None:
    text = '@string{wl = "Waterlines"}\n@STRING(pr = {Press of } # WL)\n' + bib("title = {A}", "journal = PR # { } # 5")
    assert read_bib(text).references[0].journal == "Press of Waterlines 5"


def test_the_sign_that_joins_definitions_is_a_character_like_any_in_quotes_and_braces() -> None:
    assert only('journal = "No # sign"').journal == "No # sign"
    assert only("journal = {No # sign}").journal == "No # sign"


def test_what_a_chapter_lacks_is_taken_from_the_record_that_its_crossref_names() -> None:
    chapter = bib("title = {A chapter}", "crossref = {Whole}", kind="incollection", key="part")
    found = read_bib(chapter + bib("title = {The whole}", "year = 2011", "doi = {10.5555/b}", kind="book", key="whole"))
    assert [(r.title, r.journal, r.year, r.doi) for r in found.references] == [
        ("A chapter", "The whole", 2011, ""),
        ("The whole", "", 2011, "10.5555/b"),
    ]


def test_of_two_records_with_the_key_of_a_crossref_the_first_counts() -> None:
    first, second = (bib(f"title = {{{title}}}", key="whole") for title in ("First", "Second"))
    assert read_bib(first + second + bib("title = {A}", "crossref = {whole}")).references[2].journal == "First"


def test_a_crossref_in_a_circle_or_to_nothing_is_no_matter() -> None:
    one, two = bib("title = {A}", "crossref = {b}", key="a"), bib("title = {B}", "crossref = {a}", key="b")
    found = read_bib(one + two + bib("title = {C}", "crossref = {nowhere}", key="c"))
    assert [reference.title for reference in found.references] == ["A", "B", "C"]
