"""Stage 1: the bytes of a PDF to the text of a paper (`evitable.extract.paper.extract_document`).

The last stage of a paper goes back to the bytes: its quotes are found again in them (`evitable.extract.check`).
"""

EXTRACT_VERSION = 2
"""Raised by hand whenever the output of this stage changes."""
CHECK_VERSION = 2
"""The same for the check of the quotes."""
