"""CSV for people and for programs, Parquet, and the Data Package, read back with other libraries."""

import csv
import hashlib
import io
import json

import pyarrow.parquet as pq
import pytest

from evitable.aggregate import aggregate_evidence
from evitable.codebook import default_codebook
from evitable.export.clean import csv_text, data_text
from evitable.export.data_files import csv_bytes, csv_for_people, data_package
from evitable.export.tables import Column, Table, evidence_tables
from support.nasty import NASTY, nasty_review
from support.review import review_of, small_review


@pytest.fixture(scope="module")
def review():
    return nasty_review()


@pytest.fixture(scope="module")
def people(review):
    return dict(csv_for_people(review))


@pytest.fixture(scope="module")
def programs(review):
    return dict(data_package(review))


def read(contents, encoding="utf-8"):
    csv.field_size_limit(1_000_000)
    return list(csv.DictReader(io.StringIO(contents.decode(encoding), newline="")))


def test_each_nasty_quote_comes_back_from_the_csv_for_programs_as_it_was(programs, review):
    rows = read(programs["data/evidence-list.csv"])
    assert [row["quote"] for row in rows] == [data_text(coding.quote) for coding in review.evidence.codings]
    assert [row["section"] for row in rows] == [data_text(c.quote) + " > B" for c in review.evidence.codings]
    assert NASTY["formula"] in [row["quote"] for row in rows]


def test_each_nasty_quote_comes_back_from_parquet_as_it_was(programs, review):
    table = pq.read_table(io.BytesIO(programs["data/evidence-list.parquet"]))
    assert table["quote"].to_pylist() == [data_text(coding.quote) for coding in review.evidence.codings]


def test_no_cell_for_people_runs_as_a_formula(people):
    for name, contents in people.items():
        for row in csv.reader(io.StringIO(contents.decode("utf-8-sig"), newline="")):
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in row), name


def test_csv_for_people_is_what_excel_reads(people, review):
    contents = people["evidence-list.csv"]
    assert contents.startswith(b'\xef\xbb\xbf"study",')
    assert [row["quote"] for row in read(contents, "utf-8-sig")] == [csv_text(c.quote) for c in review.evidence.codings]
    assert contents.endswith(b"\r\n")


def test_csv_for_programs_has_no_byte_order_mark_and_no_apostrophe(programs):
    contents = programs["data/evidence-list.csv"]
    assert contents.startswith(b'"study",')
    assert b',"=1+1 is said here",' in contents


def test_people_get_the_evidence_and_programs_get_every_table(people, programs, review):
    files = [table.file for table in evidence_tables(review.evidence, review.codebook)]
    assert list(people) == [f"{file}.csv" for file in files if file.startswith("evidence-")]
    made = [f"data/{file}.{ending}" for file in files for ending in ("csv", "parquet")]
    assert list(programs) == [*made, "data/datapackage.json"]
    assert {"data/issues.csv", "data/codebook.csv", "data/data-dictionary.csv"} <= set(programs)


def test_parquet_columns_have_types_and_empty_numbers_are_null():
    files = dict(data_package(small_review()))
    studies = pq.read_table(io.BytesIO(files["data/evidence-studies.parquet"]))
    assert studies.schema.field("year").type == "int64"
    assert studies.schema.field("verified").type == "double"
    assert studies.schema.field("study").type == "string"
    assert studies["verified"].to_pylist()[1] is None
    cells = pq.read_table(io.BytesIO(files["data/evidence-cells.parquet"]))
    assert cells["facilitates"].to_pylist()[:3] == [None, None, 1]


def test_parquet_and_csv_hold_the_same(programs):
    for name in [name for name in programs if name.endswith(".parquet")]:
        rows = pq.read_table(io.BytesIO(programs[name])).to_pylist()
        texts = [{key: "" if value is None else value for key, value in row.items()} for row in rows]
        assert texts == [
            {key: type(text[key])(value) for key, value in row.items()}
            for row, text in zip(read(programs[name.replace(".parquet", ".csv")]), texts, strict=True)
        ], name


def test_many_rows_are_written_in_batches_and_none_is_lost():
    table = Table("T", "t", "", (Column("n", "N", 5, "", "number"),), 25_001, lambda: ((n,) for n in range(25_001)))
    from evitable.export.data_files import data_bytes  # noqa: PLC0415

    file = pq.ParquetFile(io.BytesIO(data_bytes(table)[1]))
    assert file.num_row_groups == 3
    assert file.read()["n"].to_pylist() == list(range(25_001))
    assert csv_bytes(table).count(b"\r\n") == 25_002


def test_the_data_package_describes_every_file(programs, review):
    package = json.loads(programs["data/datapackage.json"])
    assert package["id"] == review.run.id
    assert [f"data/{one['path']}" for one in package["resources"]] == list(programs)[:-1]
    names = [one["name"] for one in package["resources"]]
    assert len(set(names)) == len(names)
    for one in package["resources"]:
        contents = programs[f"data/{one['path']}"]
        assert one["bytes"] == len(contents)
        assert one["hash"] == "sha256:" + hashlib.sha256(contents).hexdigest()
        if one["format"] == "csv":
            header = next(csv.reader(io.StringIO(contents.decode("utf-8"), newline="")))
            assert [field["name"] for field in one["schema"]["fields"]] == header
    types = {field["name"]: field["type"] for field in package["resources"][0]["schema"]["fields"]}
    assert (types["study"], types["year"], types["verified"]) == ("string", "integer", "number")


def test_the_same_review_gives_the_same_bytes(people, programs):
    assert dict(csv_for_people(nasty_review())) == people
    assert dict(data_package(nasty_review())) == programs


def test_empty_evidence_gives_files_with_headings_only():
    empty = review_of([])
    assert dict(csv_for_people(empty))["evidence-list.csv"].count(b"\r\n") == 1
    files = dict(data_package(empty))
    table = pq.read_table(io.BytesIO(files["data/evidence-list.parquet"]))
    assert (table.num_rows, table.column_names[0]) == (0, "study")
    assert aggregate_evidence([], default_codebook()).studies == ()
