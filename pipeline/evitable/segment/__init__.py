"""Stage 2: the text of a paper to passages."""

from evitable.segment.passages import SEGMENT_VERSION, segment_document
from evitable.segment.sentences import sentence_pipeline

__all__ = ["SEGMENT_VERSION", "segment_document", "sentence_pipeline"]
