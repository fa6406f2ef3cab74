"""CSL-JSON files: no record is lost, whatever the file has gone through."""

from __future__ import annotations

import json

import pytest

from support.csl import FILE, read_csl

GOOD = {"id": "one", "type": "article-journal", "title": "One"}
LAST = {"id": "three", "type": "book", "title": "Three"}


def titles(content: object) -> list[str]:
    return [reference.title for reference in read_csl(content).references]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_no_encoding_loses_a_record_or_a_letter(encoding: str) -> None:
    text = json.dumps([GOOD | {"title": "Größe"}, LAST | {"title": "Øde løkker"}], ensure_ascii=False)
    assert titles(text.encode(encoding)) == ["Größe", "Øde løkker"]


def test_one_wrong_byte_costs_no_letter_of_another_record() -> None:
    data = b'[{"id": 1, "title": "Gr\xc3\xb6\xc3\x9fe"},\n{"id": 2, "title": "Caf\xe9"}]'
    assert titles(data) == ["Größe", "Café"]


@pytest.mark.parametrize(
    "item",
    [
        5,
        None,
        "text",
        [],
        {},
        {"title": ""},
        {"title": {"a": 1}},
        {"title": float("nan")},
        {"id": "two", "author": []},
        {"title": True},
    ],
)
def test_an_item_that_is_no_record_is_named_by_its_number_and_the_others_are_kept(item: object) -> None:
    found = read_csl([GOOD, item, LAST])
    assert [(reference.title, reference.source) for reference in found.references] == [
        ("One", "references.json, record 1"),
        ("Three", "references.json, record 3"),
    ]
    (issue,) = found.issues
    assert (issue.code, issue.stage, issue.paper) == ("reference-broken", "references", FILE)
    assert issue.message == "Record 2 of the reference file cannot be read."
    assert issue.hint


NOTED = {"id": "two", "title": "Two", "author": [{"family": "Devi"}], "attachments": [{"title": "x", "path": "b.pdf"}]}


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize(
    ("whole", "damaged"),
    [
        pytest.param('"Two",', '"Two"', id="comma missing"),
        pytest.param('"Two",', '"Two,', id="quotation mark missing"),
        pytest.param('"Two",', '"A "quoted" title",', id="quotation mark too many"),
        pytest.param('"two"', "two", id="no quotation marks"),
        pytest.param('"b.pdf"', '"C:\\Users\\b.pdf"', id="backslash alone"),
        pytest.param('"b.pdf"', "[" * 5000, id="many brackets"),
        pytest.param('"b.pdf"', "9" * 5000, id="endless number"),
    ],
)
def test_a_damaged_record_is_named_by_its_number_and_the_others_are_kept(
    whole: str, damaged: str, indent: int | None
) -> None:
    text = json.dumps([GOOD, NOTED, LAST], indent=indent)
    assert text.count(whole) == 1
    found = read_csl(text.replace(whole, damaged))
    assert [(reference.title, reference.source) for reference in found.references] == [
        ("One", "references.json, record 1"),
        ("Three", "references.json, record 3"),
    ]
    assert [issue.message for issue in found.issues] == ["Record 2 of the reference file cannot be read."]


def test_what_lies_inside_a_sound_record_of_a_damaged_file_is_no_record() -> None:
    inner = {"attachments": [{"id": 5, "title": "Inner"}], "author": [{"family": "Devi"}]}
    assert titles(json.dumps([GOOD | inner, LAST])[:-1]) == ["One", "Three"]


def test_a_damaged_record_counts_once_whatever_comes_first_in_it() -> None:
    last_first = dict(reversed(NOTED.items()))
    text = json.dumps([GOOD, last_first, LAST, last_first]).replace('"b.pdf"', "b.pdf")
    assert [issue.message[:8] for issue in read_csl(text).issues] == ["Record 2", "Record 4"]
    assert read_csl(text).references[-1].source == "references.json, record 3"


def test_many_damaged_records_are_each_named_and_cost_no_other() -> None:
    text = json.dumps([NOTED, GOOD] * 1500).replace('"Two",', '"Two"')
    assert len(read_csl(text).references) == len(read_csl(text).issues) == 1500
    assert len(read_csl(json.dumps([NOTED] * 1500 + [GOOD]).replace('"Two",', '"Two"')).references) == 1


@pytest.mark.parametrize("damaged", ['"b.pdf"}]', '"b.pdf"}]}], [{"id": 3, "title": "Two and a half"'])
def test_brackets_too_many_between_sound_records_cost_none_of_them(damaged: str) -> None:
    found = read_csl(json.dumps([GOOD, NOTED, LAST]).replace('"b.pdf"', damaged))
    assert {"One", "Two", "Three"} <= {reference.title for reference in found.references}


def test_two_damaged_records_one_after_the_other_are_counted_as_two() -> None:
    text = json.dumps([GOOD, NOTED, NOTED, LAST]).replace('"Two",', '"Two"')
    assert [issue.message[:8] for issue in read_csl(text).issues] == ["Record 2", "Record 3"]
    assert read_csl(text).references[-1].source == "references.json, record 4"


@pytest.mark.parametrize("indent", [None, 2])
def test_of_a_file_that_was_cut_off_all_records_before_the_cut_are_read(indent: int | None) -> None:
    found = read_csl(json.dumps([GOOD, LAST, NOTED], indent=indent)[:-60])
    assert [reference.title for reference in found.references] == ["One", "Three"]
    assert [issue.message for issue in found.issues] == ["Record 3 of the reference file cannot be read."]


def test_a_record_too_deep_to_be_read_costs_itself_only() -> None:
    deep = '{"id": "two", "title": ' + '{"a": ' * 50_000 + "1" + "}" * 50_000 + "}"
    found = read_csl(f"[{json.dumps(GOOD)}, {deep}, {json.dumps(LAST)}]")
    assert [reference.title for reference in found.references] == ["One", "Three"]
    assert len(found.issues) == 1


def test_equal_keys_in_a_record_and_equal_ids_of_records_are_no_matter() -> None:
    assert titles('[{"id": 1, "title": "A", "title": "B"}, {"id": 1, "title": "C"}]') == ["B", "C"]


def test_records_without_the_list_around_them_are_read() -> None:
    assert titles(GOOD) == ["One"]
    assert titles(json.dumps(GOOD) + "\n" + json.dumps(LAST)) == ["One", "Three"]


@pytest.mark.parametrize("data", [b"", b" \n", b"\xef\xbb\xbf", b"[]"])
def test_an_empty_file_gives_neither_records_nor_issues(data: bytes) -> None:
    assert read_csl(data) == ((), ())


@pytest.mark.parametrize(
    "text",
    [
        *(
            "5",
            "null",
            "NaN",
            '"a"',
            "{}",
            "[5]",
            '{"items": [{"title": "A"}]}',
            "hello",
            "[" * 100_000,
            '{"a":' * 100_000,
        ),
        *("TY  - JOUR\nTI  - A\nER  - \n", "@article{a, title={A}}", json.dumps([GOOD]).encode("utf-16")),
    ],
)
def test_a_file_that_is_not_csl_at_all_is_one_issue_with_the_mend(text: str | bytes) -> None:
    found = read_csl(text)
    assert found.references == ()
    (issue,) = found.issues
    assert (issue.code, issue.paper) == ("references-not-csl", FILE)
    assert "CSL JSON" in issue.hint
