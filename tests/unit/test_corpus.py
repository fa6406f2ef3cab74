"""Reference files in the corpus: which are read, which are named instead, and what is left over on either side."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evitable.bibliography import without_repeats
from evitable.flows.corpus import Corpus, match_papers, scan_corpus
from evitable.records import Reference

LONG = "Exercises at the kitchen table"


def ris(title: str, *lines: str) -> str:
    return "".join(f"{line}\n" for line in ("TY  - JOUR", f"TI  - {title}", *lines, "ER  - "))


def bib(title: str, rest: str = "") -> str:
    return f"@article{{key, title = {{{title}}}, {rest}}}\n"


def csl(title: str, **fields: str) -> str:
    return json.dumps([{"id": "a", "title": title} | fields])


def corpus(folder: Path, papers: int = 1, **files: str) -> Corpus:
    """Scan a folder with some papers, and reference files named by their endings."""
    for number in range(papers):
        (folder / f"{number}.pdf").write_bytes(b"%PDF" + bytes([number]))
    for ending, text in files.items():
        (folder / f"references.{ending}").write_text(text)
    return scan_corpus(folder)


def named(found: Corpus, code: str) -> list[str]:
    return [issue.paper for issue in found.issues if issue.code == code]


def test_reference_files_of_all_three_formats_are_read_together(tmp_path: Path) -> None:
    found = corpus(tmp_path, json=csl("Earth"), bib=bib("Water"), ris=ris("Fire"))
    assert [(reference.title, reference.source) for reference in found.references] == [
        ("Fire", "references.ris, record 1"),
        ("Water", "references.bib, record 1"),
        ("Earth", "references.json, record 1"),
    ]
    assert sorted(found.reference_hashes) == ["references.bib", "references.json", "references.ris"]
    assert found.issues == ()


def test_a_work_that_is_in_two_files_is_taken_from_the_first_and_not_left_over(tmp_path: Path) -> None:
    found = corpus(
        tmp_path,
        ris=ris("Ris", "DO  - 10.5555/a", "L1  - 0.pdf"),
        bib=bib("Bib", "doi = {10.5555/A}") + bib("Same", "file = {x.pdf}"),
        json=csl("Json", DOI="10.5555/a"),
    )
    assert [reference.title for reference in found.references] == ["Ris", "Same"]
    papers, issues = match_papers(found, {"0.pdf": Reference()})
    assert [paper.reference.title for paper in papers if paper.reference] == ["Ris"]
    assert [issue.paper for issue in issues] == ["references.bib, record 2"]


def one(**fields: object) -> Reference:
    return Reference(**({"title": LONG} | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (one(doi="10.5555/a"), one(title="Another", doi="10.5555/a")),
        (one(file="a.pdf"), one(title=LONG.upper() + "!", file="A.pdf")),
        (one(file="a.pdf", doi="10.5555/a"), one(file="a.pdf")),
        (one(year=2014, authors=("Devi, S",)), one(year=2014, authors=("Devi, Sarojini",), file="a.pdf")),
    ],
)
def test_the_same_work_in_a_second_file_is_left_out(first: Reference, second: Reference) -> None:
    assert without_repeats([[first], [second]]) == (first,)
    assert without_repeats([[second], [first]]) == (second,)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (one(file="a.pdf"), one(file="b.pdf")),
        (one(file="a.pdf"), one(title="Another", file="a.pdf")),
        (one(year=2014), one(year=2015)),
        (one(year=2014, authors=("Devi, S",)), one(year=2014, authors=("Kerr, H",))),
        (one(doi="10.5555/a"), one(doi="10.5555/b")),
        (Reference(doi="10.5555/a"), Reference(doi="10.5555/b")),
        (Reference(file="a.pdf"), Reference(file="a.pdf")),
    ],
)
def test_another_work_in_a_second_file_is_kept(first: Reference, second: Reference) -> None:
    assert without_repeats([[first], [second]]) == (first, second)


def test_what_one_file_holds_twice_stays_twice() -> None:
    assert without_repeats([[one(doi="10.5555/a"), one(doi="10.5555/a")]]) == (one(doi="10.5555/a"),) * 2


@pytest.mark.parametrize("name", ["My Library.bib", "export.RIS", "REFERENCES.bib"])
def test_a_reference_file_of_another_name_is_named_with_the_mend(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(bib("Water"))
    found = corpus(tmp_path, ris=ris("Fire"))
    assert named(found, "references-name") == [name]
    assert [reference.title for reference in found.references] == ["Fire"]
    (issue,) = found.issues
    assert f"references{Path(name).suffix.lower()}" in issue.hint


@pytest.mark.parametrize("name", ["sub/other.bib", ".hidden.bib", "notes.txt", "data.json", "folder.bib/x.txt"])
def test_no_other_file_is_taken_for_a_reference_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("x")
    assert corpus(tmp_path, ris=ris("Fire")).issues == ()


@pytest.mark.parametrize("ending", ["xml", "enw", "nbib"])
def test_a_reference_file_of_another_format_is_named_with_the_mend(tmp_path: Path, ending: str) -> None:
    found = corpus(tmp_path, **{ending: "x"})
    assert named(found, "references-format") == [f"references.{ending}"]
    assert "references.bib" in found.issues[0].hint


def test_a_reference_file_that_cannot_be_opened_is_named_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "references.bib":
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    found = corpus(tmp_path, ris=ris("Fire"), bib=bib("Water"))
    assert [reference.title for reference in found.references] == ["Fire"]
    assert named(found, "file-unreadable") == ["references.bib"]


def test_what_is_left_over_on_either_side_is_listed(tmp_path: Path) -> None:
    found = corpus(tmp_path, papers=3, bib=bib("Water", "file = {1.pdf}") + bib("Fire"), ris=ris(LONG))
    _, issues = match_papers(found, {"0.pdf": Reference(title=LONG), "1.pdf": Reference(), "2.pdf": Reference()})
    assert [(issue.code, issue.paper) for issue in issues] == [
        ("paper-without-reference", "2.pdf"),
        ("reference-without-paper", "references.bib, record 2"),
    ]
    assert "Fire" in issues[1].message


def test_the_record_of_a_paper_that_could_not_be_read_is_not_left_over(tmp_path: Path) -> None:
    found = corpus(tmp_path, papers=2, bib=bib("Water", "file = {1.pdf}"))
    _, issues = match_papers(found, {"0.pdf": Reference()})
    assert [issue.code for issue in issues] == ["paper-without-reference"]


def test_without_a_reference_file_nothing_is_left_over(tmp_path: Path) -> None:
    assert match_papers(corpus(tmp_path), {"0.pdf": Reference()})[1] == ()
