"""Stage 5: the tables of a review to the files that people open."""

from evitable.export.files import EXPORT_VERSION, REPORT, WORKBOOK, export_evidence

__all__ = ["EXPORT_VERSION", "REPORT", "WORKBOOK", "export_evidence"]
