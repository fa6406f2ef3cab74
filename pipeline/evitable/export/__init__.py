"""Stage 5: the tables of a review to the files that people open."""

from evitable.export.files import (
    EXPORT_VERSION,
    HIGHLIGHT_VERSION,
    HIGHLIGHTED,
    ISSUES,
    KINDS,
    NAMES,
    REPORT,
    WORKBOOK,
    export_review,
    issue_file,
)
from evitable.export.review import Review, Sources

__all__ = [
    "EXPORT_VERSION",
    "HIGHLIGHTED",
    "HIGHLIGHT_VERSION",
    "ISSUES",
    "KINDS",
    "NAMES",
    "REPORT",
    "WORKBOOK",
    "Review",
    "Sources",
    "export_review",
    "issue_file",
]
