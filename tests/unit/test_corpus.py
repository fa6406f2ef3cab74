"""The corpus: which papers are read again, which reference files are read, and what is left over on either side."""

from __future__ import annotations

import hashlib
import json
import os
import time
import uuid
from pathlib import Path

import pytest
from fsspec.implementations.memory import MemoryFileSystem
from upath import UPath

from evitable.bibliography import without_repeats
from evitable.errors import UserError
from evitable.flows import hashes
from evitable.flows.corpus import Corpus, match_papers, scan_corpus, scan_review
from evitable.records import Reference
from evitable.settings import Settings
from evitable.store import Workspace

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


# ------------------------------------------------------------------------------- what is read again, and what is not

OLD = time.time_ns() - 3_600_000_000_000


def paper(folder: Path, name: str, data: bytes, written: int = OLD) -> Path:
    """Write a paper whose times are those of an hour ago; the clock of changes cannot be set, and is moved on."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, ns=(written, written))
    return path


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count what is read, on a clock that is an hour ahead of the files."""
    names: list[str] = []
    hashed, there, now = hashes._hashed, hashes._hashed_there, time.time_ns

    def count(path: str) -> object:
        names.append(Path(path).name)
        return hashed(path)

    def count_there(place: UPath, name: str) -> object:
        names.append(name)
        return there(place, name)

    monkeypatch.setattr(hashes, "_hashed", count)
    monkeypatch.setattr(hashes, "_hashed_there", count_there)
    monkeypatch.setattr(time, "time_ns", lambda: now() + 3_600_000_000_000)
    return names


def contents(found: Corpus) -> dict[str, str]:
    return {paper.path: paper.sha256 for paper in found.papers}


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_a_file_that_has_not_changed_is_not_read_again(tmp_path: Path, read: list[str]) -> None:
    for name in ("a.pdf", "sub/b.pdf"):
        paper(tmp_path / "corpus", name, name.encode())
    index = tmp_path / "files.json"
    first = scan_corpus(tmp_path / "corpus", index)
    assert read == ["a.pdf", "b.pdf"]
    written = index.stat()
    assert scan_corpus(tmp_path / "corpus", index) == first
    assert read == ["a.pdf", "b.pdf"]
    assert (index.stat().st_ino, index.stat().st_mtime_ns) == (written.st_ino, written.st_mtime_ns)
    paper(tmp_path / "corpus", "c.pdf", b"c")
    assert contents(scan_corpus(tmp_path / "corpus", index))["c.pdf"] == sha(b"c")
    assert read == ["a.pdf", "b.pdf", "c.pdf"]


def test_a_file_that_changed_without_changing_size_and_time_is_read_again(tmp_path: Path, read: list[str]) -> None:
    path = paper(tmp_path / "corpus", "a.pdf", b"before")
    index = tmp_path / "files.json"
    scan_corpus(tmp_path / "corpus", index)
    before = path.stat()
    time.sleep(0.02)  # the clock of the disk has its grain
    path.write_bytes(b"after!")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert contents(scan_corpus(tmp_path / "corpus", index)) == {"a.pdf": sha(b"after!")}


def test_another_file_under_the_same_name_is_read(tmp_path: Path, read: list[str]) -> None:
    path = paper(tmp_path / "corpus", "a.pdf", b"before")
    index = tmp_path / "files.json"
    scan_corpus(tmp_path / "corpus", index)
    paper(tmp_path, "new.pdf", b"after!").replace(path)
    assert contents(scan_corpus(tmp_path / "corpus", index)) == {"a.pdf": sha(b"after!")}


@pytest.mark.parametrize("ahead", [0, 1, -3600], ids=["just written", "a second ago", "clock set back"])
def test_a_file_that_was_young_when_it_was_read_is_read_again(
    tmp_path: Path, read: list[str], monkeypatch: pytest.MonkeyPatch, ahead: int
) -> None:
    path = paper(tmp_path / "corpus", "a.pdf", b"before")
    monkeypatch.setattr(time, "time_ns", lambda: path.stat().st_ctime_ns + ahead * 1_000_000_000)
    for _ in range(2):
        scan_corpus(tmp_path / "corpus", tmp_path / "files.json")
    assert read == ["a.pdf", "a.pdf"]


def test_a_file_that_changes_while_it_is_read_is_read_again(
    tmp_path: Path, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = paper(tmp_path / "corpus", "a.pdf", b"before")
    digest = hashlib.file_digest

    def change(file: object, name: str) -> object:
        done = digest(file, name)  # type: ignore[arg-type]
        path.write_bytes(b"after, and longer")
        return done

    monkeypatch.setattr(hashlib, "file_digest", change)
    scan_corpus(tmp_path / "corpus", tmp_path / "files.json")
    monkeypatch.undo()
    assert contents(scan_corpus(tmp_path / "corpus", tmp_path / "files.json")) == {"a.pdf": sha(b"after, and longer")}


def test_a_moved_file_keeps_its_id_and_leaves_no_trace(tmp_path: Path, read: list[str]) -> None:
    path = paper(tmp_path / "corpus", "a.pdf", b"a")
    index = tmp_path / "files.json"
    [before] = scan_corpus(tmp_path / "corpus", index).papers
    (tmp_path / "corpus" / "sub").mkdir()
    path.rename(tmp_path / "corpus" / "sub" / "b.pdf")
    [after] = scan_corpus(tmp_path / "corpus", index).papers
    assert (after.id, after.sha256, after.path) == (before.id, before.sha256, "sub/b.pdf")
    assert "a.pdf" not in index.read_text()


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"place": "", "files": {"a.pdf": 1}}'])
def test_a_damaged_index_is_made_again(tmp_path: Path, read: list[str], damage: bytes) -> None:
    paper(tmp_path / "corpus", "a.pdf", b"a")
    index = tmp_path / "files.json"
    scan_corpus(tmp_path / "corpus", index)
    whole = index.read_bytes()
    index.write_bytes(damage)
    assert contents(scan_corpus(tmp_path / "corpus", index)) == {"a.pdf": sha(b"a")}
    assert index.read_bytes() == whole


def test_the_index_of_another_folder_is_not_believed(tmp_path: Path, read: list[str]) -> None:
    index = tmp_path / "files.json"
    paper(tmp_path / "one", "a.pdf", b"a")
    scan_corpus(tmp_path / "one", index)
    (tmp_path / "one").rename(tmp_path / "two")  # the same file, with all that is known of it
    scan_corpus(tmp_path / "two", index)
    assert read == ["a.pdf", "a.pdf"]


def test_where_the_index_cannot_be_written_the_papers_are_found_all_the_same(tmp_path: Path) -> None:
    paper(tmp_path / "corpus", "a.pdf", b"a")
    (tmp_path / "files.json").mkdir()
    assert contents(scan_corpus(tmp_path / "corpus", tmp_path / "files.json")) == {"a.pdf": sha(b"a")}


def test_files_that_cannot_be_papers_are_named_or_passed_over(tmp_path: Path) -> None:
    paper(tmp_path, "a.PDF", b"a")
    paper(tmp_path, ".hidden.pdf", b"h")
    paper(tmp_path, ".hidden/b.pdf", b"b")
    (tmp_path / "folder.pdf").mkdir()
    (tmp_path / "gone.pdf").symlink_to(tmp_path / "nowhere.pdf")
    (tmp_path / "loop").symlink_to(tmp_path)
    found = scan_corpus(tmp_path)
    assert contents(found) == {"a.PDF": sha(b"a")}
    assert named(found, "file-unreadable") == ["gone.pdf"]


def test_a_name_that_no_table_can_show_is_told(tmp_path: Path) -> None:
    paper(tmp_path, "a.pdf", b"a")
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.pdf")).write_bytes(b"c")
    except OSError:
        pytest.skip("this disk takes no such name")
    found = scan_corpus(tmp_path, tmp_path / "files.json")
    assert contents(found) == {"a.pdf": sha(b"a")}
    assert named(found, "file-name") == ["caf?.pdf"]


def test_a_folder_that_cannot_be_opened_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paper(tmp_path, "a.pdf", b"a")
    paper(tmp_path, "sub/closed/b.pdf", b"b")
    opened = os.scandir

    def refuse(folder: str) -> object:
        if "closed" in folder:
            raise PermissionError(13, "Permission denied")
        return opened(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    found = scan_corpus(tmp_path)
    assert contents(found) == {"a.pdf": sha(b"a")}
    assert [(issue.paper, issue.message) for issue in found.issues] == [
        ("sub/closed", "The file cannot be read (Permission denied).")
    ]


def test_an_empty_corpus_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no PDF in"):
        scan_corpus(tmp_path)
    with pytest.raises(UserError, match="cannot be opened"):
        scan_corpus(tmp_path / "not there")


# ------------------------------------------------------------------------------------------------ in a shared store


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> UPath:
    """Give a place in a shared store that tells of each object, as S3 does, what its content is."""
    find = MemoryFileSystem.find

    def telling(self: MemoryFileSystem, path: str, **options: object) -> object:
        found = find(self, path, **options)
        for name, told in found.items():
            told["ETag"] = sha(self.cat_file(name))
        return found

    monkeypatch.setattr(MemoryFileSystem, "find", telling)
    return UPath(f"memory://corpus-{uuid.uuid4().hex}/papers")


def store(place: UPath, **files: bytes) -> None:
    for name, data in files.items():
        place.fs.pipe_file(f"{place.path}/{name.replace('_', '.').replace('0', '/')}", data)


def test_a_corpus_in_a_shared_store_is_that_of_a_folder(tmp_path: Path, shared: UPath) -> None:
    files = {"a_pdf": b"a", "sub0b_pdf": b"b", "sub0copy_pdf": b"a", "_hidden_pdf": b"h", "other_ris": b"x"}
    store(shared, **files, references_ris=ris("Fire", "L1  - b.pdf").encode())
    for name, data in files.items():
        paper(tmp_path, name.replace("_", ".").replace("0", "/"), data)
    (tmp_path / "references.ris").write_text(ris("Fire", "L1  - b.pdf"))
    assert scan_corpus(shared) == scan_corpus(tmp_path)
    assert named(scan_corpus(shared), "duplicate") == ["sub/copy.pdf"]
    assert named(scan_corpus(shared), "references-name") == ["other.ris"]


def test_what_a_store_says_has_not_changed_is_not_read_again(tmp_path: Path, shared: UPath, read: list[str]) -> None:
    store(shared, a_pdf=b"a", b_pdf=b"b")
    first = scan_corpus(shared, tmp_path / "files.json")
    assert sorted(read) == ["a.pdf", "b.pdf"]
    assert scan_corpus(shared, tmp_path / "files.json") == first
    store(shared, b_pdf=b"B")
    assert contents(scan_corpus(shared, tmp_path / "files.json")) == {"a.pdf": sha(b"a"), "b.pdf": sha(b"B")}
    assert sorted(read) == ["a.pdf", "b.pdf", "b.pdf"]


def test_a_store_that_says_nothing_of_contents_is_read_each_time(tmp_path: Path, read: list[str]) -> None:
    place = UPath(f"memory://corpus-{uuid.uuid4().hex}")
    store(place, a_pdf=b"a")
    for _ in range(2):
        scan_corpus(place, tmp_path / "files.json")
    assert read == ["a.pdf", "a.pdf"]


def test_a_review_finds_its_papers_where_its_settings_say(tmp_path: Path, shared: UPath) -> None:
    store(shared, a_pdf=b"a")
    paper(tmp_path / "corpus", "b.pdf", b"b")
    assert contents(scan_review(Workspace(tmp_path), Settings(corpus=str(shared)))) == {"a.pdf": sha(b"a")}
    assert contents(scan_review(Workspace(tmp_path), Settings())) == {"b.pdf": sha(b"b")}


def test_an_empty_place_in_a_shared_store_is_told() -> None:
    with pytest.raises(UserError, match=r"There is no PDF in memory://nothing-here"):
        scan_corpus(UPath("memory://nothing-here"))
