"""Stage 2: the text of a paper to passages (`evitable.segment.passages.segment_document`)."""

SEGMENT_VERSION = 2
"""Raised by hand whenever the output of this stage changes."""
