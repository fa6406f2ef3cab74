"""All outputs of a run as bytes by file name."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from evitable.codebook import Codebook
from evitable.export.clean import csv_text
from evitable.export.report import report_html
from evitable.export.tables import Table, evidence_tables
from evitable.export.workbook import workbook_bytes
from evitable.records import Evidence, RunIdentity

EXPORT_VERSION = 3
"""Raised by hand whenever the output of this stage changes."""

WORKBOOK = "evidence.xlsx"
REPORT = "report.html"

Exporter = Callable[[Evidence, Codebook, RunIdentity, str], dict[str, bytes]]


def _workbook(evidence: Evidence, codebook: Codebook, run: RunIdentity, title: str) -> dict[str, bytes]:
    return {WORKBOOK: workbook_bytes(evidence, codebook, run, title)}


def _report(evidence: Evidence, codebook: Codebook, run: RunIdentity, title: str) -> dict[str, bytes]:
    return {REPORT: report_html(evidence, codebook, run, title)}


def _csv(evidence: Evidence, codebook: Codebook, _run: RunIdentity, _title: str) -> dict[str, bytes]:
    return {f"{table.file}.csv": csv_bytes(table) for table in evidence_tables(evidence, codebook)}


EXPORTERS: tuple[Exporter, ...] = (_workbook, _csv, _report)
"""Each reads the same evidence; adding one means one module and one line here."""


def export_evidence(evidence: Evidence, codebook: Codebook, run: RunIdentity, title: str) -> dict[str, bytes]:
    """Write all outputs: workbook, one CSV file per table, report.

    Args:
        evidence: The tables; empty ones give outputs without rows.
        codebook: Titles and definitions.
        run: Printed on the read-me sheet and in the report.
        title: Name of the review.

    Returns:
        Contents by file name. Equal input gives equal bytes.
    """
    files: dict[str, bytes] = {}
    for exporter in EXPORTERS:
        files |= exporter(evidence, codebook, run, title)
    return files


def csv_bytes(table: Table) -> bytes:
    """Write a table as CSV for people: UTF-8 with BOM, so that Excel reads it, and no cell that runs as a formula."""
    rows = [[csv_text(value) if isinstance(value, str) else value for value in row] for row in table.rows]
    frame = pd.DataFrame(rows, columns=[column.name for column in table.columns], dtype=object)
    return frame.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")
