"""The tables of a review as columns and rows: the one source of workbook, CSV, Parquet and data dictionary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evitable.codebook import Codebook
from evitable.export.tables.about import codebook_table, data_dictionary, issue_table, prisma_rows
from evitable.export.tables.agreement import coder_tables
from evitable.export.tables.changes import change_rows
from evitable.export.tables.codings import evidence_rows, queue_rows
from evitable.export.tables.lookup import Lookup, look_up
from evitable.export.tables.matrices import map_rows, pair_matrices, pair_rows, study_matrices
from evitable.export.tables.studies import cell_rows, pages_text, study_rows
from evitable.export.tables.synthesis import attribute_rows, descriptive_rows, flip_rows, synthesis_rows
from evitable.export.tables.table import NOT_CHECKED, NOT_FOUND, Batch, Column, Row, Table, Value, with_sheet_names
from evitable.records import Changes, Evidence

__all__ = [
    "NOT_CHECKED",
    "NOT_FOUND",
    "Batch",
    "Column",
    "Lookup",
    "Row",
    "Table",
    "Value",
    "codebook_table",
    "coder_tables",
    "data_dictionary",
    "evidence_list",
    "evidence_tables",
    "issue_table",
    "look_up",
    "pages_text",
    "study_table",
    "tables_of",
]


def tables_of(
    lookup: Lookup,
    changes: Changes | None = None,
    coders: Sequence[Table] = (),
    *,
    unchanged: int | None = None,
) -> tuple[Table, ...]:
    """Give all tables, in the order of the workbook's sheets, with the codebook and the data dictionary at the end.

    Args:
        lookup: The evidence.
        changes: What the run changed; None where that is not known: then there is no such table.
        coders: How people agree who coded blind (`coder_tables`).
        unchanged: Unchanged cells at most in the list of changes; else all of them are left out.
    """
    tables = with_sheet_names(
        (
            study_rows(lookup),
            cell_rows(lookup),
            evidence_rows(lookup),
            synthesis_rows(lookup),
            attribute_rows(lookup),
            descriptive_rows(lookup),
            *study_matrices(lookup),
            *pair_matrices(lookup),
            pair_rows(lookup),
            map_rows(lookup),
            flip_rows(lookup),
            queue_rows(lookup),
            *coders,
            *([] if changes is None else [change_rows(lookup, changes, unchanged)]),
            issue_table(lookup.evidence),
            prisma_rows(lookup),
            codebook_table(lookup.codebook),
        )
    )
    return with_sheet_names((*tables, data_dictionary(tables)))


def evidence_tables(
    evidence: Evidence,
    codebook: Codebook,
    papers: Mapping[str, str] | None = None,
    changes: Changes | None = None,
) -> tuple[Table, ...]:
    """Give all tables; no studies give tables without rows. `papers` gives each file's SHA-256, as a run does."""
    return tables_of(look_up(evidence, codebook, papers), changes)


def study_table(evidence: Evidence, codebook: Codebook) -> Table:
    """Give the study table: one row a study, one column a code with its passages and the strongest quote's page."""
    return study_rows(look_up(evidence, codebook))


def evidence_list(evidence: Evidence, codebook: Codebook, papers: Mapping[str, str] | None = None) -> Table:
    """Give the evidence list: one row for each passage and code; `papers` gives each file's SHA-256."""
    return evidence_rows(look_up(evidence, codebook, papers))
