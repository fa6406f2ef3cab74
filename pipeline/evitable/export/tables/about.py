"""Tables that say where the others come from: flow diagram, issues, codebook, data dictionary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evitable.codebook import Code, Codebook
from evitable.export.tables.lookup import Lookup
from evitable.export.tables.table import Column, Row, Table, code_titles
from evitable.records import Evidence

_BOXES = {
    "previous": "Previous version of the review",
    "identified": "Identification: databases and registers",
    "removed": "Records removed before screening",
    "screened": "Records screened",
    "excluded": "Records excluded",
    "sought": "Reports sought for retrieval",
    "not_retrieved": "Reports not retrieved",
    "assessed": "Reports assessed for eligibility",
    "excluded_reports": "Reports excluded",
    "included": "Included in this run",
    "total": "Included in all",
}
_OTHER = "other_"
_BOX_OF_OTHER = "Identification: other methods"
_FAULT = "Numbers that do not add up"


def prisma_rows(lookup: Lookup) -> Table:
    """Build the boxes of the flow diagram as a list, with the origin of each number, and what does not add up."""
    flow = lookup.evidence.prisma
    columns = (
        Column("box", "Box", 40, "Box of the PRISMA 2020 flow diagram"),
        Column("line", "Line", 70, "What is counted"),
        Column("count", "Number", 10, "The number; empty where nobody has given it and it does not follow", "number"),
        Column(
            "origin",
            "Origin",
            14,
            "given: in review.toml; counted: by this run; derived: from other numbers; not given: not in review.toml",
        ),
    )

    def rows() -> Iterator[Row]:
        for box in flow.boxes:
            for line in box.lines:
                yield (_box_title(box.name), line.label, line.count, line.origin)
        for fault in flow.faults:
            yield (_FAULT, fault, None, "")

    return Table(
        "PRISMA",
        "evidence-prisma",
        f"Numbers of the PRISMA 2020 flow diagram of {'an updated' if flow.form == 'updated' else 'a new'} review.",
        columns,
        sum(len(box.lines) for box in flow.boxes) + len(flow.faults),
        rows,
    )


def _box_title(name: str) -> str:
    if name == _OTHER + "identified":
        return _BOX_OF_OTHER
    if name.startswith(_OTHER):
        return f"{_BOXES.get(name.removeprefix(_OTHER), name)} (other methods)"
    return _BOXES.get(name, name)


def issue_table(evidence: Evidence) -> Table:
    """Build the list of what went wrong."""
    columns = (
        Column("paper", "File", 34, "The file that is meant"),
        Column("code", "Issue", 22, "Stable name of the fault"),
        Column("stage", "Stage", 12, "Where it happened"),
        Column("message", "What happened", 70, "In one sentence"),
        Column("hint", "What to do", 70, "In one sentence"),
    )
    return Table(
        "Issues",
        "issues",
        "What could not be read, matched or found again.",
        columns,
        len(evidence.issues),
        lambda: ((issue.paper, issue.code, issue.stage, issue.message, issue.hint) for issue in evidence.issues),
    )


def codebook_table(codebook: Codebook) -> Table:
    """Build the codebook as a table, so that the workbook explains its own codes."""
    columns = (
        Column("dimension", "Dimension", 14, "Dimension"),
        Column("family", "Family", 20, "Family of codes"),
        Column("code", "Code", 26, "The code"),
        Column("name", "Name in files", 20, "The code's name in CSV files and settings"),
        Column("definition", "Definition", 50, "What it means"),
        Column("code_when", "Code it when", 50, "When to code it"),
        Column("not_when", "Do not code it when", 40, "When not to code it"),
        Column("examples", "Examples", 60, "Examples in the codebook's own words"),
        Column("phrases", "Indicator phrases", 60, "Phrases in which it often shows"),
        Column("words", "Words", 60, "Words that speak for it, and near which groups of words they must stand"),
        Column("source", "Source", 40, "Where the dimension comes from"),
    )

    def rows() -> Iterator[Row]:
        titles = code_titles(codebook)
        for code in codebook.code:
            dimension = codebook.dimension_of(code.dimension)
            yield (
                dimension.title,
                code.family,
                titles[code.name],
                code.name,
                code.definition,
                code.code_when,
                code.not_when,
                "\n".join(code.examples),
                "; ".join(code.phrases),
                _words(code),
                dimension.source,
            )

    return Table(
        "Codebook", "codebook", "The codes and their definitions.", columns, len(codebook.code), rows, key_columns=3
    )


def _words(code: Code) -> str:
    near = f"near {', '.join(code.near)}: " if code.near else ""
    return near + "; ".join(code.words) if code.words else ""


_KINDS = {"text": "text", "number": "whole number", "decimal": "number", "share": "share from 0 to 1"}


def data_dictionary(tables: Sequence[Table]) -> Table:
    """Build the data dictionary: one row for each column of each table."""
    columns = (
        Column("sheet", "Sheet", 20, "Sheet of the workbook"),
        Column("title", "Column", 26, "Heading in the workbook"),
        Column("meaning", "Meaning", 90, "What it holds"),
        Column("kind", "Kind", 18, "text, whole number, number, share from 0 to 1"),
        Column("file", "File", 30, "File of the same table, as .csv, and in the folder data as .csv and .parquet"),
        Column("name", "Name in files", 26, "Heading in these files"),
    )

    def rows() -> Iterator[Row]:
        for table in tables:
            for column in table.columns:
                yield (table.sheet, column.title, column.meaning, _KINDS[column.kind], table.file, column.name)

    return Table(
        "Data dictionary",
        "data-dictionary",
        "What each column holds. An empty cell means that there is nothing to say.",
        columns,
        sum(len(table.columns) for table in tables),
        rows,
        key_columns=2,
    )
