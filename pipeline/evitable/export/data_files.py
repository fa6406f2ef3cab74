"""The tables as files: CSV for people, and CSV and Parquet for programs, with a Data Package that describes them."""

from __future__ import annotations

import codecs
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from evitable.export.clean import FORMULA_SIGNS, SURELY_SHORT, csv_text, data_text
from evitable.export.review import Files, Review
from evitable.export.tables import Column, Table, Value, coder_tables, look_up, tables_of
from evitable.export.tables.changes import change_rows
from evitable.export.tables.table import BATCH
from evitable.records import Changes

FOLDER = "data"
_ODD_FOR_PROGRAMS = r"\x00"
_ODD_FOR_PEOPLE = rf"^[{re.escape(''.join(FORMULA_SIGNS))}]|[\x00-\x08\x0b-\x1f\x7f\x{{fffe}}\x{{ffff}}]"
_ARROW = {"text": pa.string(), "number": pa.int64(), "decimal": pa.float64(), "share": pa.float64()}
_FRICTIONLESS = {"text": "string", "number": "integer", "decimal": "number", "share": "number"}


def csv_for_people(review: Review) -> Files:
    """Write `evidence-*.csv`, to be opened in a spreadsheet; `issues.csv` is written by itself, with every run."""
    for table in _tables(review):
        if table.file.startswith("evidence-"):
            yield f"{table.file}.csv", csv_bytes(table)


def changes_for_people(review: Review) -> Files:
    """Write `changes.csv`: what became of each cell since the last published run; nothing where that is not known."""
    if review.changes is not None:
        lookup = look_up(review.evidence, review.codebook)
        yield "changes.csv", csv_bytes(change_rows(lookup, review.changes))


def _tables(review: Review, changes: Changes | None = None) -> tuple[Table, ...]:
    lookup = look_up(review.evidence, review.codebook, review.run.papers)
    return tables_of(lookup, changes, coder_tables(lookup, review.agreement, review.disagreements))


def csv_bytes(table: Table) -> bytes:
    """Write a table as CSV for people: UTF-8 with BOM, so that Excel reads it, and no cell that runs as a formula."""
    made = _CsvFile(table, csv_text, codecs.BOM_UTF8)
    for batch in _batches(table, csv_text, _ODD_FOR_PEOPLE):
        made.write(batch)
    return made.contents()


def data_package(review: Review) -> Files:
    """Write every table for programs: `data/*.csv`, `data/*.parquet`, and `data/datapackage.json`.

    The CSV files are RFC 4180 in UTF-8 without BOM; text is exact, and may begin with `=`. Parquet columns have types.
    The Data Package (datapackage.org) names each file's fields, size and SHA-256.

    Yields:
        Names and contents; equal reviews give equal bytes. Empty evidence gives files with columns and without rows.
    """
    resources = []
    for table in _tables(review, review.changes):
        for ending, contents in zip(("csv", "parquet"), data_bytes(table), strict=True):
            resources.append(_resource(table, ending, contents))
            yield f"{FOLDER}/{table.file}.{ending}", contents
    yield f"{FOLDER}/datapackage.json", _json(_package(review, resources))


def data_bytes(table: Table) -> tuple[bytes, bytes]:
    """Write a table for programs, as CSV and as Parquet (zstd).

    What is empty because there is nothing to say is null in Parquet columns of numbers.
    """
    made = _CsvFile(table, data_text)
    buffer = io.BytesIO()
    with pq.ParquetWriter(buffer, _schema(table), compression="zstd") as writer:
        for batch in _batches(table, data_text, _ODD_FOR_PROGRAMS):
            made.write(batch)
            writer.write_batch(batch)
    return made.contents(), buffer.getvalue()


class _CsvFile:
    """A CSV file (RFC 4180) that is written by columns, which is many times faster than cell by cell."""

    def __init__(self, table: Table, clean: Callable[[str], str], mark: bytes = b"") -> None:
        names = [clean(column.name) for column in table.columns]
        self._schema = pa.schema([pa.field(name, _ARROW[c.kind]) for name, c in zip(names, table.columns, strict=True)])
        self._buffer = io.BytesIO(mark)
        self._buffer.seek(len(mark))
        self._writer = pa_csv.CSVWriter(
            self._buffer, self._schema, write_options=pa_csv.WriteOptions(eol="\r\n", batch_size=BATCH)
        )

    def write(self, batch: Any) -> None:
        self._writer.write_batch(pa.record_batch(batch.columns, schema=self._schema))

    def contents(self) -> bytes:
        self._writer.close()
        return self._buffer.getvalue()


def _schema(table: Table) -> Any:
    return pa.schema([_field(column) for column in table.columns])


def _batches(table: Table, clean: Callable[[str], str], odd: str) -> Iterator[Any]:
    """Give the rows as record batches of cleaned text; `odd` is a pattern (RE2) of what may need to be cleaned."""
    schema = _schema(table)
    for batch in table.batches():
        arrays = [_column(values, field.type, clean, odd) for values, field in zip(batch, schema, strict=True)]
        yield pa.record_batch(arrays, schema=schema)


def _column(values: Sequence[Value], kind: Any, clean: Callable[[str], str], odd: str) -> Any:
    """Make one column; only the values in which there is anything odd are looked at one by one."""
    if kind != pa.string():
        return pa.array(values, kind)
    try:
        column = pa.array(values, kind)
    except UnicodeEncodeError:  # lone surrogates, which only the cleaning takes
        return pa.array([None if value is None else clean(str(value)) for value in values], kind)
    where = pc.or_(pc.match_substring_regex(column, odd), pc.greater(pc.binary_length(column), SURELY_SHORT))
    where = pc.fill_null(where, False)  # noqa: FBT003 - the value that is filled in
    if not pc.any(where).as_py():
        return column
    cleaned = [clean(value) for value in column.filter(where).to_pylist()]
    return pc.replace_with_mask(column, where, pa.array(cleaned, kind))


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
