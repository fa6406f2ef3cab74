"""BibTeX records for tests."""

from __future__ import annotations

from evitable.bibliography import ReadReferences, read_references

FILE = "references.bib"


def bib(*fields: str, kind: str = "article", key: str = "devi2014") -> str:
    """Write one record."""
    return f"@{kind}{{{key},\n" + "".join(f"  {field},\n" for field in fields) + "}\n"


def read_bib(text: str | bytes) -> ReadReferences:
    return read_references(text if isinstance(text, bytes) else text.encode(), FILE)
