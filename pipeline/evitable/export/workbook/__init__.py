"""The workbook: one sheet per table, with links from each coded cell to its quote."""

from evitable.export.workbook.book import workbook

__all__ = ["workbook"]
