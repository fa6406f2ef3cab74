"""Reference records matched to papers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz, process

from evitable.records import Reference, squash

_TITLE_MATCH = 92
"""Similarity (0 to 100) from which two titles are the same work; below, a person decides."""
_MIN_TITLE = 12
"""Letters and digits that a title without its subtitle must have to stand for the whole."""
_NUMBERS = re.compile(r"\d+|\b[IVX]+\b")


class PaperFacts(NamedTuple):
    """What is known of a paper itself: its path below `corpus/`, and title and DOI of its first page."""

    path: str
    title: str
    doi: str


class Matched(NamedTuple):
    """References by paper path, and the references that no paper goes with."""

    by_path: dict[str, Reference]
    left_over: tuple[Reference, ...]


class _Record(NamedTuple):
    """What of a reference is compared, worked out once."""

    file: str
    doi: str
    title: str
    main_title: str
    numbers: list[str]


def match_references(papers: Sequence[PaperFacts], references: Sequence[Reference]) -> Matched:
    """Match papers to reference records: by attached file, then DOI, then title.

    Args:
        papers: Papers in the order of their paths.
        references: Records in file order; each goes with one paper at most.

    Returns:
        References by paper path, and those left over. Titles match at a similarity of 92 of 100 or more.
    """
    free = {index: _compared(reference) for index, reference in enumerate(references)}
    found: dict[str, Reference] = {}
    for key in (_by_file, _by_doi, _by_whole_title, _by_title):
        for paper in papers:
            if paper.path not in found and (index := key(paper, free)) is not None:
                found[paper.path] = references[index]
                del free[index]
    return Matched(found, tuple(references[index] for index in sorted(free)))


def _compared(reference: Reference) -> _Record:
    main = re.split(r"[:.?!–—]\s", reference.title, maxsplit=1)[0]
    return _Record(
        file=_same_case(reference.file),
        doi=reference.doi,
        title=squash(reference.title),
        main_title=squash(main),
        numbers=_NUMBERS.findall(reference.title),
    )


def _same_case(name: str) -> str:
    """Fold letter case, and the two ways of writing an accent: macOS has its own in file names."""
    return unicodedata.normalize("NFC", name.casefold())


def _by_file(paper: PaperFacts, free: Mapping[int, _Record]) -> int | None:
    name = _same_case(paper.path.rpartition("/")[2])
    return next((index for index, record in free.items() if record.file == name), None)


def _by_doi(paper: PaperFacts, free: Mapping[int, _Record]) -> int | None:
    return next((index for index, record in free.items() if paper.doi and record.doi == paper.doi), None)


def _by_whole_title(paper: PaperFacts, free: Mapping[int, _Record]) -> int | None:
    title = squash(paper.title)
    return next((index for index, record in free.items() if title and record.title == title), None)


def _by_title(paper: PaperFacts, free: Mapping[int, _Record]) -> int | None:
    """Match by a like title with the same numbers in it, or by a title whose subtitle the paper leaves out."""
    title, numbers = squash(paper.title), _NUMBERS.findall(paper.title)
    if not title:
        return None
    titles = {index: record.title for index, record in free.items() if record.title and record.numbers == numbers}
    best = process.extractOne(title, titles, scorer=fuzz.ratio) if titles else None
    if best is not None and best[1] >= _TITLE_MATCH:
        return int(best[2])
    short = [index for index, record in free.items() if len(title) >= _MIN_TITLE and record.main_title == title]
    return short[0] if len(short) == 1 else None
