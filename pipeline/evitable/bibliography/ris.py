"""RIS files, as most reference managers and databases write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import rispy

from evitable.bibliography.fields import (
    ReadReferences,
    broken_record,
    find_doi,
    find_pdf,
    find_year,
    first_filled,
    named,
    tidy,
)
from evitable.records import Issue, Reference

_EDGE = re.compile(r"^(?:TY|ER) {1,2}-", re.MULTILINE)
_FIELD = re.compile(r"^(?!ER)[A-Z][A-Z0-9] {1,2}- ", re.MULTILINE)
_LIST_TAGS = [*rispy.LIST_TYPE_TAGS, "L1", "L2"]
"""Fields that may stand more than once: rispy keeps the first attached file only."""
_HINT = "Look at it in a text editor; each line looks like `AU  - Name, Given`."
_JOURNALS = (
    "journal_name",
    "secondary_title",
    "alternate_title3",
    "alternate_title2",
    "alternate_title1",
    "publisher",
)


def read_ris(text: str, name: str) -> ReadReferences:
    """Read a RIS file record by record.

    Args:
        text: The file's text, with LF line ends.
        name: The file's name, for messages and sources.

    Returns:
        Records in file order, and one issue for each that could not be read. A blank file gives neither.
    """
    pieces = _pieces(text)
    if text.strip() and not any(piece.startswith("TY") for piece in pieces):
        return ReadReferences((), (_not_ris(name),))
    references: list[Reference] = []
    issues: list[Issue] = []
    for number, piece in enumerate(pieces, start=1):
        reference = _reference(_record(piece), f"{name}, record {number}")
        if reference.title or reference.doi:
            references.append(reference)
        else:
            issues.append(broken_record(name, number, _HINT))
    return ReadReferences(tuple(references), tuple(issues))


def _not_ris(name: str) -> Issue:
    return Issue(
        code="references-not-ris",
        stage="references",
        paper=name,
        message="The reference file holds no RIS record (a line that begins with TY).",
        hint="Export it again from your reference manager in RIS format.",
    )


def _pieces(text: str) -> list[str]:
    """Cut before each TY and each ER; what has no TY is a record that has lost its first line, or no record."""
    cuts = [match.start() for match in _EDGE.finditer(text)]
    pieces = [text[start:end] for start, end in pairwise([0, *cuts, len(text)])]
    return [piece for piece in pieces if _FIELD.search(piece) or piece.startswith("TY")]


def _record(piece: str) -> dict[str, Any]:
    """Read one record; empty if it is not RIS at all."""
    try:
        records = rispy.loads(piece.rstrip() + "\nER  - \n", list_tags=_LIST_TAGS)
    except (ValueError, KeyError, TypeError, IndexError, OSError):
        return {}
    return dict(records[0]) if len(records) == 1 else {}


def _title(record: Mapping[str, Any]) -> str:
    return first_filled(str(record.get("title") or ""), str(record.get("primary_title") or ""))


def _reference(record: Mapping[str, Any], source: str) -> Reference:
    files = _all(record, "file_attachments1") + _all(record, "file_attachments2")
    return Reference(
        title=_title(record),
        authors=named(_all(record, "authors") or _all(record, "first_authors")),
        year=find_year(str(record.get("year") or record.get("publication_year") or record.get("date") or "")),
        journal=first_filled(*(str(record.get(key) or "") for key in _JOURNALS)),
        doi=find_doi(" ".join(_all(record, "doi") or _all(record, "urls"))),
        kind=tidy(str(record.get("type_of_reference") or "")),
        file=next(filter(None, map(find_pdf, files)), ""),
        source=source,
    )


def _all(record: Mapping[str, Any], key: str) -> list[str]:
    """Give all values of a field that may stand once or more often."""
    value = record.get(key) or ()
    return [str(one) for one in ([value] if isinstance(value, str) else value)]
