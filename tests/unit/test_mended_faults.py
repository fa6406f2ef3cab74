"""Faults that were found once and must not come back, one test each."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from evitable.__main__ import main
from evitable.bibliography import PaperFacts, match_references, read_references
from evitable.codebook import read_codebook
from evitable.errors import UserError
from evitable.records import Reference
from support.runs import publish_files

FILE = "references.ris"
BOOK = (
    'name = "b"\ntitle = "B"\n[[dimension]]\nname = "phase"\ntitle = "P"\n'
    '[[code]]\nname = "a"\ndimension = "phase"\ntitle = "A"\ndefinition = "x"\n'
)


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "r" / "corpus").mkdir(parents=True)
    (tmp_path / "r" / "codebook.toml").write_text(BOOK + 'phrases = ["in spring"]\n')
    (tmp_path / "r" / "corpus" / "a.pdf").write_bytes(b"%PDF")

    def command(*arguments):
        monkeypatch.setattr(sys, "argv", ["evitable", *arguments])
        code = main()
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


@pytest.mark.parametrize("data", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_an_empty_file_gives_neither_records_nor_issues(data):
    assert read_references(data, FILE) == ((), ())


@pytest.mark.parametrize(
    "data", [b"hello\n", b"@article{a, title={x}}\n", "TY  - JOUR\nTI  - A\nER  - \n".encode("utf-16")]
)
def test_a_file_that_is_not_ris_at_all_is_one_issue_with_the_mend(data):
    read = read_references(data, FILE)
    assert read.references == ()
    (issue,) = read.issues
    assert (issue.code, issue.paper) == ("references-not-ris", FILE)
    assert "RIS" in issue.hint


@pytest.mark.parametrize("data", [b"", b"hello\n"])
def test_status_of_a_review_whose_reference_file_holds_nothing_works(run, data):
    Path("r/corpus/references.ris").write_bytes(data)
    code, out, _ = run("status", "r")
    assert code == 0
    assert "1 paper, 0 references" in out


@pytest.mark.parametrize("name", ["new", "run", "status", "extract", "classify", "codebook", "train", "evaluate"])
def test_the_example_in_the_help_stands_on_a_line_of_its_own(run, name):
    _, out, _ = run(name, "--help")
    assert "\\b" not in out
    assert re.search(rf"Examples?:\n +evitable {name}\b", out)


@pytest.mark.parametrize("name", ["check", "show"])
def test_the_help_of_each_codebook_command_shows_an_example(run, name):
    assert f"evitable codebook {name}" in run("codebook", name, "--help")[1].partition("Example")[2]


@pytest.mark.parametrize(
    "line",
    [
        '{"id": "a", "text": "x", "phase": 5}',
        '{"id": "a", "text": "x", "phase": [["a"]]}',
        '{"id": "a", "text": "x", "polarity": "a"}',
    ],
)
def test_evaluate_names_a_line_with_a_value_of_the_wrong_kind(run, line):
    Path("gold.jsonl").write_text(line + "\n")
    code, _, err = run("evaluate", "--gold", "gold.jsonl", "--review", "r")
    assert code == 2
    assert "gold.jsonl, line 1" in err


def test_evaluate_takes_a_list_for_the_codes_of_a_dimension_and_says_so(run):
    Path("gold.jsonl").write_text('{"id": "a", "text": "x", "phase": "spring"}\n')
    code, _, err = run("evaluate", "--gold", "gold.jsonl", "--review", "r")
    assert code == 2
    assert '"s" is no code' not in err


def test_evaluate_of_an_empty_file_is_refused(run):
    Path("gold.jsonl").write_text("")
    assert run("evaluate", "--gold", "gold.jsonl", "--review", "r")[0] == 2


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85"])
def test_a_line_separator_inside_a_text_does_not_end_the_json_line(run, mark):
    Path("in.jsonl").write_text(f'{{"id": "a", "text": "one{mark}two"}}\n', encoding="utf-8")
    assert run("classify", "in.jsonl", "--out", "out.jsonl", "--review", "r")[0] == 0


@pytest.mark.parametrize("order", [1, -1])
def test_a_paper_whose_title_is_the_records_own_wins_over_one_with_a_like_title(order):
    record = Reference(title="Citizens as partners in social housing. Part 2")
    facts = [
        PaperFacts("1.pdf", "Citizens as partners in social housing. Part 1", ""),
        PaperFacts("2.pdf", "Citizens as partners in social housing. Part 2", ""),
    ]
    assert match_references(facts[::order], [record]).by_path == {"2.pdf": record}


def test_a_paper_whose_title_is_the_records_own_wins_over_one_with_its_beginning():
    record = Reference(title="Co-production in housing estates")
    facts = [PaperFacts("1.pdf", "Co-production in housing", ""), PaperFacts("2.pdf", record.title, "")]
    assert match_references(facts, [record]).by_path == {"2.pdf": record}


def test_a_rename_that_is_refused_half_way_leaves_the_last_run_whole(tmp_path, monkeypatch):
    old = {"evidence-list.csv": b"old", "evidence.xlsx": b"old", "run.json": b"old"}
    for name, data in old.items():
        (tmp_path / name).write_bytes(data)
    replace = os.replace

    def locked(source, target, **options):
        if str(target) == str(tmp_path / "evidence.xlsx"):
            raise PermissionError(13, "Permission denied")
        replace(source, target, **options)

    monkeypatch.setattr(os, "replace", locked)
    with pytest.raises(UserError):
        publish_files(tmp_path, {"evidence-list.csv": b"new", "evidence.xlsx": b"new"}.items())
    assert {name: (tmp_path / name).read_bytes() for name in old} == old


def test_a_comma_in_the_name_of_an_attached_file_belongs_to_the_name():
    record = b"TY  - JOUR\nTI  - A\nL1  - Ahn - 2019 - Patients, nurses and beds.pdf\nER  - \n"
    assert read_references(record, FILE).references[0].file == "Ahn - 2019 - Patients, nurses and beds.pdf"


def test_the_quotation_marks_of_windows_exports_survive():
    record = "TY  - JOUR\nTI  - Users’ “voice” – a study\nER  - \n".encode("cp1252")
    assert read_references(record, FILE).references[0].title == "Users’ “voice” – a study"


@pytest.mark.parametrize("key", ["JF", "JA"])
def test_the_journal_is_found_in_each_of_its_fields(key):
    record = f"TY  - JOUR\nTI  - A\n{key}  - Waterlines\nER  - \n".encode()
    assert read_references(record, FILE).references[0].journal == "Waterlines"


def test_old_macintosh_line_ends_lose_no_record():
    record = "TY  - JOUR\nTI  - A\nER  - \n"
    assert len(read_references((record * 2).replace("\n", "\r").encode(), FILE).references) == 2


@pytest.mark.parametrize(
    "text",
    [
        BOOK.replace('"phase"', '"Phase!"'),
        BOOK.replace('"phase"', '""'),
        BOOK.replace('name = "b"', 'name = "../../b"'),
        BOOK.replace('name = "a"', 'name = "kö"'),
        BOOK.replace('"phase"', '"text"'),
        BOOK + '[[attribute]]\nname = "x"\ntitle = "X"\nsections = ["abstrct"]\nvalues = {a = ["b"]}\n',
        BOOK
        + '[[attribute]]\nname = "x"\ntitle = "X"\nvalues = {}\n[[attribute]]\nname = "x"\ntitle = "X"\nvalues = {}\n',
    ],
    ids=["dimension", "no dimension", "book", "umlaut", "key of a passage", "section", "attribute twice"],
)
def test_more_codebook_faults_are_named(text):
    with pytest.raises(UserError):
        read_codebook(text, "mine.toml")


def test_an_unknown_key_is_never_said_to_be_meant_as_itself():
    with pytest.raises(UserError) as caught:
        read_codebook(BOOK + "polarity = true\n", "mine.toml")
    assert '"polarity"' not in caught.value.hint


@pytest.mark.parametrize(
    "line", ['{"id": "a", "text": "\\\\ud800"}', '{"id": "\\\\ud800", "text": "a"}', "[" * 100_000]
)
def test_classify_names_a_line_that_no_program_could_read(run, line):
    Path("in.jsonl").write_text(line.replace("\\\\", "\\") + "\n")
    code, _, err = run("classify", "in.jsonl", "--out", "out.jsonl", "--review", "r")
    assert code == 2
    assert "line 1" in err
