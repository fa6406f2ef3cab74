"""Stage 1: the bytes of a PDF to the text of a paper."""

from evitable.extract.paper import EXTRACT_VERSION, extract_document

__all__ = ["EXTRACT_VERSION", "extract_document"]
