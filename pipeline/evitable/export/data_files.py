"""The tables as files: CSV for people, and CSV and Parquet for programs, with a Data Package that describes them."""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from evitable.export.clean import csv_text, data_text
from evitable.export.review import Files, Review
from evitable.export.tables import Column, Row, Table, Value, evidence_tables, look_up
from evitable.export.tables.changes import change_rows

FOLDER = "data"
_BATCH = 10_000
"""Rows of a Parquet file that are held at once."""
_ARROW = {"text": pa.string(), "number": pa.int64(), "decimal": pa.float64(), "share": pa.float64()}
_FRICTIONLESS = {"text": "string", "number": "integer", "decimal": "number", "share": "number"}


def csv_for_people(review: Review) -> Files:
    """Write `evidence-*.csv`, to be opened in a spreadsheet; `issues.csv` is written by itself, with every run."""
    for table in evidence_tables(review.evidence, review.codebook, review.run.papers):
        if table.file.startswith("evidence-"):
            yield f"{table.file}.csv", csv_bytes(table)


def changes_for_people(review: Review) -> Files:
    """Write `changes.csv`: what became of each cell since the last published run; nothing where that is not known."""
    if review.changes is not None:
        lookup = look_up(review.evidence, review.codebook)
        yield "changes.csv", csv_bytes(change_rows(lookup, review.changes))


def csv_bytes(table: Table) -> bytes:
    """Write a table as CSV for people: UTF-8 with BOM, so that Excel reads it, and no cell that runs as a formula."""
    made = _CsvFile(table, csv_text, "utf-8-sig")
    made.write(_cleaned(row, csv_text) for row in table.rows)
    return made.contents()


def data_package(review: Review) -> Files:
    """Write every table for programs: `data/*.csv`, `data/*.parquet`, and `data/datapackage.json`.

    The CSV files are RFC 4180 in UTF-8 without BOM; text is exact, and may begin with `=`. Parquet columns have types.
    The Data Package (datapackage.org) names each file's fields, size and SHA-256.

    Yields:
        Names and contents; equal reviews give equal bytes. Empty evidence gives files with columns and without rows.
    """
    resources = []
    for table in evidence_tables(review.evidence, review.codebook, review.run.papers, review.changes):
        for ending, contents in zip(("csv", "parquet"), data_bytes(table), strict=True):
            resources.append(_resource(table, ending, contents))
            yield f"{FOLDER}/{table.file}.{ending}", contents
    yield f"{FOLDER}/datapackage.json", _json(_package(review, resources))


def data_bytes(table: Table) -> tuple[bytes, bytes]:
    """Write a table for programs, as CSV and as Parquet (zstd).

    What is empty because there is nothing to say is null in Parquet columns of numbers.
    """
    made = _CsvFile(table, data_text, "utf-8")
    schema = pa.schema([_field(column) for column in table.columns])
    buffer = io.BytesIO()
    with pq.ParquetWriter(buffer, schema, compression="zstd") as writer:
        for batch in _batches(table.rows):
            rows = [_cleaned(row, data_text) for row in batch]
            made.write(rows)
            columns = zip(*rows, strict=True)
            arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
            writer.write_batch(pa.record_batch(arrays, schema=schema))
    return made.contents(), buffer.getvalue()


class _CsvFile:
    """A CSV file (RFC 4180) that is written row by row."""

    def __init__(self, table: Table, clean: Callable[[str], str], encoding: str) -> None:
        self._buffer = io.BytesIO()
        self._text = io.TextIOWrapper(self._buffer, encoding=encoding, newline="")
        self._writer = csv.writer(self._text, lineterminator="\r\n")
        self._writer.writerow([clean(column.name) for column in table.columns])

    def write(self, rows: Iterable[list[Value]]) -> None:
        self._writer.writerows(rows)

    def contents(self) -> bytes:
        self._text.flush()
        return self._buffer.getvalue()


def _cleaned(row: Row, clean: Callable[[str], str]) -> list[Value]:
    return [clean(value) if isinstance(value, str) else value for value in row]


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(itertools.islice(rows, _BATCH)):
        yield batch


def _field(column: Column) -> Any:
    return pa.field(column.name, _ARROW[column.kind], metadata={"title": column.title, "description": column.meaning})


def _package(review: Review, resources: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "evidence",
        "id": review.run.id,
        "title": data_text(review.title),
        "description": f"Evidence tables of a systematic review, made by Evitable {review.run.evitable} in the run "
        f"{review.run.id} with the codebook {review.run.codebook}. A study carries a code by the rule: "
        f"{review.evidence.rule.words}.",
        "version": review.run.id,
        "resources": resources,
    }


def _resource(table: Table, ending: str, contents: bytes) -> dict[str, Any]:
    """Describe one file; a CSV file's resource is a Tabular Data Resource."""
    described = {
        "name": table.file if ending == "csv" else f"{table.file}-{ending}",
        "type": "table",
        "title": table.sheet,
        "description": table.meaning,
        "path": f"{table.file}.{ending}",
        "format": ending,
        "bytes": len(contents),
        "hash": f"sha256:{hashlib.sha256(contents).hexdigest()}",
        "schema": {"fields": [_schema_field(column) for column in table.columns], "missingValues": [""]},
    }
    if ending == "csv":
        dialect = {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True}
        return described | {"mediatype": "text/csv", "encoding": "utf-8", "dialect": dialect}
    return described | {"mediatype": "application/vnd.apache.parquet"}


def _schema_field(column: Column) -> dict[str, str]:
    return {
        "name": column.name,
        "title": column.title,
        "type": _FRICTIONLESS[column.kind],
        "description": column.meaning,
    }


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
