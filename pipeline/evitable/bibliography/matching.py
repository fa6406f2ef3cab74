"""Reference records matched to papers."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
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
    numbers: tuple[str, ...]


def match_references(papers: Sequence[PaperFacts], references: Sequence[Reference]) -> Matched:
    """Match papers to reference records: by attached file, then DOI, then title.

    Args:
        papers: Papers in the order of their paths.
        references: Records in file order; each goes with one paper at most.

    Returns:
        References by paper path, and those left over. Titles match at a similarity of 92 of 100 or more.
    """
    if not references:
        return Matched({}, ())
    free = _Free(references)
    found: dict[str, Reference] = {}
    for key in (_by_file, _by_doi, _by_whole_title, _by_title):
        for paper in papers:
            if paper.path not in found and (index := key(paper, free)) is not None:
                found[paper.path] = references[index]
                free.take(index)
    return Matched(found, tuple(references[index] for index in sorted(free.records)))


class _Free:
    """The records that go with no paper yet, to be found by what is compared; of equal ones the first."""

    def __init__(self, references: Sequence[Reference]) -> None:
        self.records = {index: _compared(reference) for index, reference in enumerate(references)}
        self.files, self.dois, self.titles, self.main_titles = (
            _indices(self.records, key) for key in ("file", "doi", "title", "main_title")
        )
        self.like: dict[tuple[str, ...], dict[int, str]] = defaultdict(dict)
        for index, record in self.records.items():
            if record.title:
                self.like[record.numbers][index] = record.title

    def take(self, index: int) -> None:
        """Take a record away."""
        record = self.records.pop(index)
        self.like[record.numbers].pop(index, None)

    def all(self, indices: Sequence[int]) -> list[int]:
        """Leave out what has been taken."""
        return [index for index in indices if index in self.records]

    def first(self, indices: Sequence[int]) -> int | None:
        """Give the first that has not been taken."""
        return next((index for index in indices if index in self.records), None)


def _indices(records: Mapping[int, _Record], field: str) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for index, record in records.items():
        found[getattr(record, field)].append(index)
    return dict(found)


def _compared(reference: Reference) -> _Record:
    main = re.split(r"[:.?!–—]\s", reference.title, maxsplit=1)[0]
    return _Record(
        file=_same_case(reference.file),
        doi=reference.doi,
        title=squash(reference.title),
        main_title=squash(main),
        numbers=_numbers(reference.title),
    )


def _numbers(title: str) -> tuple[str, ...]:
    return tuple(_NUMBERS.findall(title))


def _same_case(name: str) -> str:
    """Fold letter case, and the two ways of writing an accent: macOS has its own in file names."""
    return unicodedata.normalize("NFC", name.casefold())


def _by_file(paper: PaperFacts, free: _Free) -> int | None:
    return free.first(free.files.get(_same_case(paper.path.rpartition("/")[2]), ()))


def _by_doi(paper: PaperFacts, free: _Free) -> int | None:
    return free.first(free.dois.get(paper.doi, ())) if paper.doi else None


def _by_whole_title(paper: PaperFacts, free: _Free) -> int | None:
    title = squash(paper.title)
    return free.first(free.titles.get(title, ())) if title else None


def _by_title(paper: PaperFacts, free: _Free) -> int | None:
    """Match by a like title with the same numbers in it, or by a title whose subtitle the paper leaves out."""
    title = squash(paper.title)
    if not title:
        return None
    titles = free.like.get(_numbers(paper.title), {})
    best = process.extractOne(title, titles, scorer=fuzz.ratio, score_cutoff=_TITLE_MATCH) if titles else None
    if best is not None:
        return int(best[2])
    short = free.all(free.main_titles.get(title, ())) if len(title) >= _MIN_TITLE else []
    return short[0] if len(short) == 1 else None
