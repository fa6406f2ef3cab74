"""The self-contained HTML report: map, studies, synthesis and quotes in one file that opens without a network."""

from evitable.export.report.page import report

__all__ = ["report"]
