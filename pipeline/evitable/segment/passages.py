"""Documents to passages: paragraphs of body text, and runs of sentences where a paragraph is long."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from spacy.language import Language

from evitable.records import Block, Document, Passage, Place, SectionKind, headings, passage_id

LONG_PARAGRAPH = 150
"""Words from which a paragraph is cut (codebook: "longer than about 150 words")."""
TARGET = 110
"""Words aimed at for a run of sentences."""
MIN_WORDS = 8
LIST_WORDS = 120


class _Stretch(NamedTuple):
    """Text to be cut: its span in the document, its section, and its printed lines."""

    start: int
    end: int
    section: tuple[str, ...]
    kind: SectionKind
    lines: tuple[tuple[int, int, Place], ...]


def segment_document(document: Document, nlp: Language) -> tuple[Passage, ...]:
    """Cut a document into passages.

    A passage is one paragraph of body text, or a run of two to five sentences where the paragraph is long; short list
    items under one heading go together. Headings, references, captions, tables, running heads, front and back matter
    are left out, and so is anything under eight words.

    Args:
        document: The paper's text.
        nlp: A pipeline that sets sentence boundaries.

    Returns:
        Passages in reading order; none for a document without body text. `document.text[p.start:p.end] == p.text` for
        each.
    """
    labels = {page.number: page.label for page in document.pages}
    seen: Counter[str] = Counter()
    passages = []
    for stretch in _stretches(document):
        for start, end in _cut(document.text, stretch, nlp):
            text = document.text[start:end]
            if len(text.split()) < MIN_WORDS or sum(c.isalpha() for c in text) < 0.5 * len(text):
                continue
            places = tuple(place for first, last, place in stretch.lines if first < end and last > start)
            pages = tuple(dict.fromkeys(place.page for place in places))
            passages.append(
                Passage(
                    id=passage_id(document.paper_id, text, seen[text]),
                    paper_id=document.paper_id,
                    start=start,
                    end=end,
                    text=text,
                    section=stretch.section,
                    section_kind=stretch.kind,
                    places=places,
                    page_labels=tuple(labels[page] for page in pages),
                )
            )
            seen[text] += 1
    return tuple(passages)


def _stretches(document: Document) -> Iterator[_Stretch]:
    """Walk through the blocks with the section path at hand."""
    path: list[tuple[int, str]] = []
    kinds: list[SectionKind] = []
    items: list[Block] = []
    for block in document.blocks:
        if items and not _same_list(items, block, document):
            yield _stretch(items, path, kinds)
            items = []
        text = document.text_of(block)
        if block.kind == "heading":
            _enter(path, kinds, block.level, text)
        elif block.kind in {"list", "body"}:
            items.append(block)
    if items:
        yield _stretch(items, path, kinds)


def _same_list(items: Sequence[Block], block: Block, document: Document) -> bool:
    """Tell whether the block carries on the list that is being gathered, and the whole stays short enough."""
    if block.kind != "list":
        return False
    words = sum(len(document.text_of(item).split()) for item in items)
    opened = items[-1].kind == "list" or document.text_of(items[-1]).endswith(":")
    return opened and words + len(document.text_of(block).split()) <= LIST_WORDS


def _stretch(items: Sequence[Block], path: Sequence[tuple[int, str]], kinds: Sequence[SectionKind]) -> _Stretch:
    lines = tuple(
        (line.start, line.end, Place(page=line.page, box=line.box)) for block in items for line in block.lines
    )
    return _Stretch(
        items[0].start, items[-1].end, tuple(title for _, title in path), kinds[-1] if kinds else "other", lines
    )


def _enter(path: list[tuple[int, str]], kinds: list[SectionKind], level: int, text: str) -> None:
    """Enter a section, leaving those as deep or deeper; a heading that says nothing inherits its parent's kind."""
    while path and path[-1][0] >= level:
        path.pop()
        kinds.pop()
    inherited: SectionKind = kinds[-1] if kinds else "other"
    path.append((level, text))
    within = kinds[-1] if kinds and kinds[-1] == "abstract" else None  # `Methods:` in a structured abstract
    kinds.append(within or headings.heading_kind(text) or inherited)


def _cut(text: str, stretch: _Stretch, nlp: Language) -> Iterator[tuple[int, int]]:
    """Give the spans of a stretch's passages."""
    words = len(text[stretch.start : stretch.end].split())
    if words <= LONG_PARAGRAPH:
        yield stretch.start, stretch.end
        return
    doc = nlp(text[stretch.start : stretch.end])
    sentences = [(sent.start_char, sent.end_char, len(sent.text.split())) for sent in doc.sents]
    parts = math.ceil(words / TARGET)
    for run in _runs([count for _, _, count in sentences], parts):
        first, last = sentences[run.start], sentences[run.stop - 1]
        start, end = stretch.start + first[0], stretch.start + last[1]
        piece = text[start:end]
        yield start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def _runs(counts: Sequence[int], parts: int) -> Iterator[range]:
    """Cut sentences into runs of about equal length, at most five sentences each unless they are very short.

    Args:
        counts: Words of each sentence.
        parts: Runs aimed at.
    """
    target = sum(counts) / parts
    start = 0
    words = 0
    left = sum(counts)
    for index, count in enumerate(counts):
        words += count
        left -= count
        following = counts[index + 1] if index + 1 < len(counts) else 0
        full = words >= target or words + following / 2 > target * 1.15
        if index + 1 == len(counts) or (full and left >= target * 0.45 and index + 1 - start >= 1):
            yield range(start, index + 1)
            start, words = index + 1, 0
