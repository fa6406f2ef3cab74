"""Stage 1: the bytes of a PDF to the text of a paper (`evitable.extract.paper.extract_document`)."""

EXTRACT_VERSION = 1
"""Raised by hand whenever the output of this stage changes."""
