"""Where the attributes of a study are looked for: title, key words and passages, and the sentences of each."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from typing import Literal

from evitable.classify.terms import citations
from evitable.records import Attribute, Document, Passage, SectionKind

Section = Literal["title", "keywords"] | SectionKind

_STAND_IN = 3
"""How many first passages stand in for an abstract that the paper does not have, or that could not be told from it."""
_KEYWORDS = re.compile(r"key\s?-?words", re.IGNORECASE)
_ABBREVIATED = re.compile(
    r"(?:\b(?:et al|e\.g|i\.e|cf|vs|[Ff]igs?|[Nn]o|St|Drs?|Mrs?|Ms|Prof|approx|ca|resp|Inc|Ltd|pp?|vol|Eq)|\b[A-Z])\.$"
)
_BREAK = re.compile(
    r"(?P<stop>[.!?])[\"”’)\]]{0,2}\s+(?=[\"“‘(\[]{0,2}[^\W\d_a-zà-ÿ])"  # a full stop before a capital letter
    r"|\n\s*\n"  # an item of a list
    r"|\n(?=[•–-])"
)
_OWN = re.compile(
    r"\b(?:we|our|ours|us|my|(?:this|the (?:present|current|reported)) (?:study|article|paper|research|project|review|"
    r"report|chapter|thesis|survey|trial|analysis|case study|experiment))\b|\bI\b(?! [A-Z])",
    re.IGNORECASE,
)


_DONE = re.compile(
    r"\b(?:was|were) (?:\w+ly )?(?:conducted|performed|carried out|administered|collected|undertaken|held|used|applied|"
    r"adopted)\b"
)

_ELSEWHERE = re.compile(
    r"@|©|\b(?:conference|congress|symposium|annual meeting|summer school|panels?)\b", re.IGNORECASE
)


class StudyText:
    """A text to look in.

    Attributes:
        text: The text.
        section: Where it stands.
        role: What it counts as: its section, or "abstract" where it stands in for one.
        start: Its place in the document's text, or None for a title from elsewhere.
    """

    def __init__(self, text: str, section: Section, start: int | None, role: Section | None = None) -> None:
        self.text, self.section, self.start, self.role = text, section, start, role or section
        # What is asked of a sentence for every name and phrase in it is found out once.
        self._of_others: dict[tuple[int, int], bool] = {}
        self._elsewhere: dict[tuple[int, int], bool] = {}

    @cached_property
    def citations(self) -> tuple[tuple[int, int], ...]:
        """Spans of citations, in order."""
        return tuple(citations(self.text))

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Spans of sentences and of items of lists, in order, without the white space between them; a title is one."""
        if self.section in {"title", "keywords"}:
            return ((0, len(self.text)),) if self.text.strip() else ()
        starts, ends = [0], []
        for match in _BREAK.finditer(self.text):
            end = match.end() if match["stop"] is None else match.end() - _trailing_space(match.group())
            if match["stop"] is None or not _ABBREVIATED.search(
                self.text[max(0, match.start() - 8) : match.start() + 1]
            ):
                starts.append(match.end())
                ends.append(end)
        spans = (_stripped(self.text, start, end) for start, end in zip(starts, [*ends, len(self.text)], strict=True))
        return tuple((start, end) for start, end in spans if start < end)

    def sentence_at(self, place: int) -> tuple[int, int]:
        """Give the sentence in which a place stands."""
        at = bisect_right(self._ends, place)
        return self.sentences[at] if at < len(self.sentences) else (0, len(self.text))

    def in_citation(self, place: int) -> bool:
        """Tell whether a place stands in a citation."""
        return self._cites(place, place + 1)

    def of_others(self, start: int, end: int) -> bool:
        """Tell whether a sentence speaks of other people's work: it cites, and does not speak of this study too."""
        if (start, end) not in self._of_others:
            # Abstract and methods tell in the passive what the authors did, and cite whose method it was.
            done = self.role in {"abstract", "methods"} and _DONE.search(self.text, start, end)
            own = done or self.speaks_of_itself(start, end)
            self._of_others[start, end] = not own and self._cites(start, end)
        return self._of_others[start, end]

    def told_elsewhere(self, start: int, end: int) -> bool:
        """Tell whether a sentence says where the paper was given or whom to write to, not where the study was done."""
        if (start, end) not in self._elsewhere:
            self._elsewhere[start, end] = _ELSEWHERE.search(self.text, start, end) is not None
        return self._elsewhere[start, end]

    def speaks_of_itself(self, start: int, end: int) -> bool:
        """Tell whether a sentence says "we", "this study" or the like."""
        return _OWN.search(self.text, start, end) is not None

    def _cites(self, start: int, end: int) -> bool:
        at = bisect_right(self._cited_until, start)
        return at < len(self.citations) and self.citations[at][0] < end

    @cached_property
    def _ends(self) -> list[int]:
        return [end for _, end in self.sentences]

    @cached_property
    def _cited_until(self) -> list[int]:
        return [end for _, end in self.citations]


class Found:
    """A value of an attribute, and the stretch of a text that it rests on."""

    def __init__(self, value: str, text: StudyText, span: tuple[int, int]) -> None:
        self.value, self.text, self.span = value, text, span

    def attribute(self, name: str, document: Document) -> Attribute:
        """Give it as a record; the page is that on which the quote begins."""
        start, end = self.span
        return Attribute(name=name, value=self.value, quote=self.text.text[start:end], page=_page(document, self))


def study_texts(title: str, document: Document, passages: Sequence[Passage]) -> list[StudyText]:
    """Give the texts of a paper: its title, its key words, its passages.

    Args:
        title: Its title, from the reference record or the first page; may be empty.
        document: Its text.
        passages: Its passages, in order.

    Returns:
        In that order. Where the paper has no abstract, its first passages count as one.
    """
    texts = [StudyText(title, "title", _title_start(title, document))] if title else []
    for block in document.blocks:
        text = document.text_of(block)
        if block.kind == "front_matter" and _KEYWORDS.match(text):
            texts.append(StudyText(text, "keywords", block.start))
    stand_in = 0 if any(p.section_kind == "abstract" for p in passages) else _STAND_IN
    return texts + [
        StudyText(p.text, p.section_kind, p.start, "abstract" if index < stand_in else None)
        for index, p in enumerate(passages)
    ]


def _title_start(title: str, document: Document) -> int | None:
    """Find a title that is also printed, word for word, as a title of the document."""
    for block in document.blocks:
        if block.kind == "title" and title in document.text_of(block):
            return block.start + document.text_of(block).index(title)
    return None


def _page(document: Document, found: Found) -> int:
    if found.text.start is None:
        return 0
    start, end = (found.text.start + place for place in found.span)
    return next((line.page for line in document.lines_of(start, end)), 0)


def _trailing_space(text: str) -> int:
    return len(text) - len(text.rstrip())


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())
