"""Stage 4: predictions to the tables of a review."""

from evitable.aggregate.changes import compare, snapshot_of
from evitable.aggregate.evidence import AGGREGATE_VERSION, Counting, aggregate_evidence, sorted_issues
from evitable.aggregate.studies import CodedPaper

__all__ = [
    "AGGREGATE_VERSION",
    "CodedPaper",
    "Counting",
    "aggregate_evidence",
    "compare",
    "snapshot_of",
    "sorted_issues",
]
