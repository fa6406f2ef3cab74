"""Reference files of a reference manager: read without losing a record, and matched to papers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import rispy
from rapidfuzz import fuzz, process

from evitable.records import Issue, Reference, squash

_TITLE_MATCH = 92
"""Similarity (0 to 100) from which two titles are the same work; below, a person decides."""
_MIN_TITLE = 12
"""Letters and digits that a title without its subtitle must have to stand for the whole."""
_RECORD = re.compile(r"^TY {1,2}- ?", re.MULTILINE)
_NUMBERS = re.compile(r"\d+|\b[IVX]+\b")
_DOI = re.compile(r"10\.\d{4,9}/\S+")


class ReadReferences(NamedTuple):
    """Records of a reference file, and what could not be read, by record number."""

    references: tuple[Reference, ...]
    issues: tuple[Issue, ...]


class PaperFacts(NamedTuple):
    """What is known of a paper itself: its path below `corpus/`, and title and DOI of its first page."""

    path: str
    title: str
    doi: str


class Matched(NamedTuple):
    """References by paper path, and the references that no paper goes with."""

    by_path: dict[str, Reference]
    left_over: tuple[Reference, ...]


def read_references(data: bytes, name: str) -> ReadReferences:
    """Read a RIS file record by record; a broken record costs itself only.

    Args:
        data: The file's bytes; UTF-8 with or without BOM, or else Latin-1.
        name: The file's name, for messages and sources.

    Returns:
        Records in file order, and one issue for each that could not be read. An empty file gives neither.
    """
    text = _decode(data).replace("\r\n", "\n").replace("\r", "\n")
    starts = [match.start() for match in _RECORD.finditer(text)]
    references: list[Reference] = []
    issues: list[Issue] = []
    if text.strip() and not starts:
        issues.append(
            Issue(
                code="references-not-ris",
                stage="references",
                paper=name,
                message="The reference file holds no RIS record (a line that begins with TY).",
                hint="Export it again from your reference manager in RIS format.",
            )
        )
    for number, (start, end) in enumerate(pairwise([*starts, len(text)]), start=1):
        record = _record(text[start:end])
        if record is None:
            issues.append(
                Issue(
                    code="reference-broken",
                    stage="references",
                    paper=name,
                    message=f"Record {number} of the reference file cannot be read.",
                    hint="Look at it in a text editor; each line looks like `AU  - Name, Given`.",
                )
            )
        else:
            references.append(_reference(record, f"{name}, record {number}"))
    return ReadReferences(tuple(references), tuple(issues))


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _record(text: str) -> dict[str, Any] | None:
    """Read one record; None if it has no title and no DOI, or is not RIS at all."""
    body = text if re.search(r"^ER {1,2}-", text, re.MULTILINE) else text.rstrip() + "\nER  - \n"
    try:
        records = rispy.loads(body)
    except (ValueError, KeyError, TypeError, IndexError, OSError):
        return None
    if len(records) != 1 or not (_title(records[0]) or records[0].get("doi")):
        return None
    return dict(records[0])


def _title(record: Mapping[str, Any]) -> str:
    return str(record.get("title") or record.get("primary_title") or "")


def _reference(record: Mapping[str, Any], source: str) -> Reference:
    year = re.search(
        r"\b(1[89]|20)\d\d\b", str(record.get("year") or record.get("publication_year") or record.get("date") or "")
    )
    doi = _DOI.search(str(record.get("doi") or " ".join(record.get("urls") or ())))
    files = [str(record.get(key) or "") for key in ("file_attachments1", "file_attachments", "link_to_pdf")]
    attached = next((name for value in files for name in re.findall(r"[^/\\;:\[\]']+\.pdf", value, re.IGNORECASE)), "")
    return Reference(
        title=" ".join(_title(record).split()),
        authors=tuple(str(name) for name in record.get("authors") or record.get("first_authors") or ()),
        year=int(year[0]) if year else None,
        journal=str(
            record.get("journal_name")
            or record.get("secondary_title")
            or record.get("alternate_title3")
            or record.get("alternate_title2")
            or record.get("alternate_title1")
            or record.get("publisher")
            or ""
        ),
        doi=doi[0].lower().rstrip(".") if doi else "",
        kind=str(record.get("type_of_reference") or ""),
        file=attached.strip(),
        source=source,
    )


def match_references(papers: Sequence[PaperFacts], references: Sequence[Reference]) -> Matched:
    """Match papers to reference records: by attached file, then DOI, then title.

    Args:
        papers: Papers in the order of their paths.
        references: Records in file order; each goes with one paper at most.

    Returns:
        References by paper path, and those left over. Titles match at a similarity of 92 of 100 or more.
    """
    free = dict(enumerate(references))
    found: dict[str, Reference] = {}
    for key in (_by_file, _by_doi, _by_whole_title, _by_title):
        for paper in papers:
            if paper.path not in found and (index := key(paper, free)) is not None:
                found[paper.path] = free.pop(index)
    return Matched(found, tuple(free[index] for index in sorted(free)))


def _by_file(paper: PaperFacts, free: Mapping[int, Reference]) -> int | None:
    name = paper.path.rpartition("/")[2].casefold()
    return next(
        (index for index, reference in free.items() if reference.file and reference.file.casefold() == name), None
    )


def _by_doi(paper: PaperFacts, free: Mapping[int, Reference]) -> int | None:
    return next((index for index, reference in free.items() if paper.doi and reference.doi == paper.doi), None)


def _by_whole_title(paper: PaperFacts, free: Mapping[int, Reference]) -> int | None:
    title = squash(paper.title)
    return next((index for index, reference in free.items() if title and squash(reference.title) == title), None)


def _by_title(paper: PaperFacts, free: Mapping[int, Reference]) -> int | None:
    """Match by a like title with the same numbers in it, or by a title whose subtitle the paper leaves out."""
    title, numbers = squash(paper.title), _NUMBERS.findall(paper.title)
    titles = {index: squash(r.title) for index, r in free.items() if r.title and _NUMBERS.findall(r.title) == numbers}
    best = process.extractOne(title, titles, scorer=fuzz.ratio) if title and titles else None
    if best is not None and best[1] >= _TITLE_MATCH:
        return int(best[2])
    short = [index for index, reference in free.items() if len(title) >= _MIN_TITLE and _main_title(reference) == title]
    return short[0] if len(short) == 1 else None


def _main_title(reference: Reference) -> str:
    """Give a title without its subtitle, squashed."""
    return squash(re.split(r"[:.?!–—]\s", reference.title, maxsplit=1)[0])
