"""The kinds of files that a review can be exported to: the one list of them."""

from __future__ import annotations

import importlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from evitable.export.review import Exporter, Files, Review

EXPORT_VERSION = 9
"""Raised by hand whenever the output of this stage changes."""
HIGHLIGHT_VERSION = 7
"""The same for the highlighted copies, each of which takes longer than its share of all other files."""

WORKBOOK = "evidence.xlsx"
REPORT = "report.html"
ISSUES = "issues.csv"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of output.

    Attributes:
        name: By which people name it.
        what: Which files it gives, for people.
        exporter: Module below `evitable.export` and its function, loaded when it is first used: a run that writes no
            figures need not load what draws them. Empty for what is made paper by paper from the PDFs.
        issues: Whether its files show the list of issues.
    """

    name: str
    what: str
    exporter: str
    issues: bool = False

    def load(self) -> Exporter:
        """Load the function that makes the files."""
        module, _, function = self.exporter.partition(":")
        found: Exporter = getattr(importlib.import_module(f"evitable.export.{module}"), function)
        return found


HIGHLIGHTED = Kind("pdf", "highlighted/: copies of the papers with each coded passage marked", "")

KINDS: tuple[Kind, ...] = (
    Kind("xlsx", "evidence.xlsx: the workbook", "workbook:workbook", issues=True),
    Kind("csv", "evidence-*.csv: the tables, to be opened in a spreadsheet", "data_files:csv_for_people", issues=True),
    Kind("changes", "changes.csv: what became of each cell since the last run", "data_files:changes_for_people"),
    Kind(
        "data",
        "data/: the tables for programs, CSV and Parquet with datapackage.json",
        "data_files:data_package",
        issues=True,
    ),
    Kind("html", "report.html: map, studies, synthesis and quotes on one page", "report:report", issues=True),
    Kind("figures", "figures/: evidence map, factors, years, PRISMA, as SVG, PNG and PDF", "figures.files:figures"),
    Kind("docx", "evidence.docx: study table and synthesis for an appendix", "word:word_tables"),
    Kind("qdpx", "codings.qdpx: the coded texts for NVivo, MAXQDA, ATLAS.ti, QualCoder", "qdpx:qda_project"),
    Kind("qdc", "codebook.qdc: the codebook for these programs", "qdpx:qda_codebook"),
    Kind("jsonld", "annotations.jsonl: each coding as a W3C Web Annotation", "annotations:web_annotations"),
    Kind("methods", "methods.md: text for the methods section, and the checklists' answers", "methods:methods_text"),
    HIGHLIGHTED,
)
"""Each reads the same review; adding one means one module and one line here."""

NAMES = tuple(kind.name for kind in KINDS)


def export_review(review: Review, names: Collection[str] = NAMES) -> Files:
    """Make the files of a review, one after another.

    Args:
        review: What is exported; empty evidence gives outputs without rows.
        names: Kinds that are wanted. What is made from the PDFs themselves is not made here.

    Yields:
        Names below `outputs/` and contents, in the order of `KINDS`. Equal input gives equal bytes.
    """
    for kind in KINDS:
        if kind.name in names and kind.exporter:
            yield from kind.load()(review)


def issue_file(review: Review) -> Iterator[tuple[str, bytes]]:
    """Give the list of what went wrong, which every run writes, whatever else is wanted."""
    from evitable.export.data_files import csv_bytes  # noqa: PLC0415
    from evitable.export.tables import issue_table  # noqa: PLC0415

    yield ISSUES, csv_bytes(issue_table(review.evidence))
