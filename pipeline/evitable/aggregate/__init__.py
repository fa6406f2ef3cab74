"""Stage 4: predictions to the tables of a review."""

from evitable.aggregate.evidence import AGGREGATE_VERSION, CodedPaper, aggregate_evidence

__all__ = ["AGGREGATE_VERSION", "CodedPaper", "aggregate_evidence"]
