"""Where decisions stand in the text of now: extraction, passages and programs change, and what people decided stays."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from typing import NamedTuple

from rapidfuzz.fuzz import partial_ratio_alignment, ratio

from evitable.records import Anchor, Document, Found, Line, Passage, Placement, squash

CONTEXT = 32
"""Characters that are kept on either side of a quote, to tell equal quotes apart."""
ALIKE = 90.0
"""Likeness (rapidfuzz, 0 to 100) from which a text is taken for the one that was decided on."""
MIN_LETTERS = 20
"""Letters and digits from which a text says which one it is; fewer occur by chance: they must be whole words."""
SAME_PASSAGE = 0.5
"""Share of both that a passage and the decided text must have in common to be one item."""


def anchor_of(document: Document, start: int, end: int, passage_id: str = "") -> Anchor:
    """Make the anchor of a stretch of text.

    Args:
        document: The paper's text.
        start: First code point of the stretch.
        end: One past the last.
        passage_id: The passage that it is; empty where it is none.
    """
    lines = document.lines_of(start, end)
    quote = document.text[start:end]
    return Anchor(
        paper_id=document.paper_id,
        passage_id=passage_id,
        page=lines[0].page if lines else 1,
        start=start,
        end=end,
        quote=quote,
        before=document.text[max(0, start - CONTEXT) : start],
        after=document.text[end : end + CONTEXT],
        key=squash(quote),
    )


def needs_text(anchors: Iterable[Anchor], passages: Sequence[Passage]) -> bool:
    """Tell whether anchors can only be placed with the paper's text at hand."""
    there = {passage.id for passage in passages}
    return any(anchor.passage_id not in there for anchor in anchors)


def place_anchors(
    anchors: Iterable[Anchor], passages: Sequence[Passage], document: Document | None
) -> dict[str, Placement]:
    """Find the texts that people decided on in the text of now.

    A passage whose text is unchanged is the same. Else the letters and digits of the quote are looked for on its page,
    then in the paper, and of several places the one whose surroundings are most alike is taken; then a text that is at
    least `ALIKE`. What is not found is lost, and is given with the text that is nearest to it.

    Args:
        anchors: Of one paper, in any order.
        passages: The paper's passages of now.
        document: The paper's text of now; None where it is not at hand, or `needs_text` says that it need not be.

    Returns:
        A placement for each anchor, by `Anchor.place`; none for no anchors.
    """
    by_id = {passage.id: passage for passage in passages}
    finder = None if document is None else _Finder(document, passages)
    placed: dict[str, Placement] = {}
    for anchor in anchors:
        if anchor.place in placed:
            continue
        if anchor.passage_id in by_id:
            placed[anchor.place] = of_passage(by_id[anchor.passage_id])
        elif finder is not None:
            placed[anchor.place] = finder.place(anchor)
        else:
            placed[anchor.place] = Placement(found="lost", place=anchor.place, likeness=0.0)
    return placed


def of_passage(passage: Passage, found: Found = "same", likeness: float = 100.0) -> Placement:
    """Give the placement of what stands at a passage."""
    return Placement(
        found=found,
        place=passage.id,
        start=passage.start,
        end=passage.end,
        pages=passage.pages,
        page_labels=passage.page_labels,
        quote=passage.text,
        section=passage.section,
        section_kind=passage.section_kind,
        likeness=likeness,
    )


class _Hit(NamedTuple):
    """A stretch of the document in which a quote was found."""

    start: int
    end: int
    found: Found
    likeness: float


class _Finder:
    """Looks for texts in a document by their letters and digits, which survive a change of the extraction."""

    def __init__(self, document: Document, passages: Sequence[Passage]) -> None:
        self._document = document
        self._passages = passages

    @cached_property
    def _spread(self) -> tuple[str, list[int]]:
        """The document's letters and digits, and the code point from which each comes."""
        pairs = [(letter, place) for place, c in enumerate(self._document.text) for letter in _letters(c)]
        return "".join(letter for letter, _ in pairs), [place for _, place in pairs]

    @cached_property
    def _lines(self) -> list[Line]:
        return sorted((line for block in self._document.blocks for line in block.lines), key=lambda line: line.start)

    @cached_property
    def _line_starts(self) -> list[int]:
        return [line.start for line in self._lines]

    def place(self, anchor: Anchor) -> Placement:
        """Place one anchor."""
        hit = self._exact(anchor) or self._alike(anchor)
        if hit.found == "lost":
            return self._stretch(anchor, hit)
        passage = self._passage_at(hit) if anchor.passage_id else None
        if passage is not None:
            return of_passage(passage, hit.found, hit.likeness)
        return self._stretch(anchor, hit)

    def _exact(self, anchor: Anchor) -> _Hit | None:
        """Find the quote's letters and digits: on its page if they are there, else elsewhere."""
        text = self._document.text
        if text[anchor.start : anchor.end] == anchor.quote and self._page(anchor.start) == anchor.page:
            return _Hit(anchor.start, anchor.end, "same", 100.0)
        hits = [self._hit(start, len(anchor.key)) for start in self._occurrences(anchor.key)]
        here = [hit for hit in hits if self._page(hit[0]) == anchor.page]
        best = max(here or hits, key=lambda hit: self._surroundings(anchor, *hit), default=None)
        return None if best is None else _Hit(*best, "page" if here else "paper", 100.0)

    def _occurrences(self, key: str) -> list[int]:
        """Give where the letters occur; few letters must be whole words."""
        letters, places = self._spread
        found, start = [], letters.find(key) if key else -1
        while start >= 0:
            first, last = places[start], places[start + len(key) - 1] + 1
            around = self._document.text[max(0, first - 1) : first] + self._document.text[last : last + 1]
            if len(key) >= MIN_LETTERS or not any(c.isalnum() for c in around):
                found.append(start)
            start = letters.find(key, start + 1)
        return found

    def _hit(self, start: int, length: int) -> tuple[int, int]:
        """Give the code points from which some letters come."""
        _, places = self._spread
        return places[start], places[start + length - 1] + 1

    def _surroundings(self, anchor: Anchor, start: int, end: int) -> tuple[float, int]:
        """Give how alike the text around is; of equal ones the nearest to the old place comes first."""
        text = self._document.text
        before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
        likeness = ratio(squash(anchor.before), squash(before)) + ratio(squash(anchor.after), squash(after))
        return likeness, -abs(start - anchor.start)

    def _alike(self, anchor: Anchor) -> _Hit:
        """Find what is most like the quote, on its page or else in the paper."""
        letters, _ = self._spread
        if len(anchor.key) < MIN_LETTERS or len(letters) < len(anchor.key):
            return _Hit(0, 0, "lost", 0.0)
        first, last = self._page_letters(anchor.page)
        for low, high in ((first, last), (0, len(letters))):
            if high - low < len(anchor.key):
                continue
            there = partial_ratio_alignment(anchor.key, letters[low:high])
            if there is not None and there.score >= ALIKE:
                start, end = self._hit(low + there.dest_start, there.dest_end - there.dest_start)
                return _Hit(start, end, "fuzzy", there.score)
        if there is None or there.dest_end == there.dest_start:
            return _Hit(0, 0, "lost", 0.0)
        start, end = self._hit(there.dest_start, there.dest_end - there.dest_start)
        return _Hit(start, end, "lost", there.score)

    def _page_letters(self, page: int) -> tuple[int, int]:
        """Give the letters of a page: the first, and one past the last."""
        lines = [line for line in self._lines if line.page == page]
        if not lines:
            return 0, 0
        _, places = self._spread
        return bisect_right(places, lines[0].start - 1), bisect_right(places, max(line.end for line in lines) - 1)

    def _page(self, start: int) -> int:
        """Give the page on which a code point stands."""
        at = bisect_right(self._line_starts, start) - 1
        return self._lines[at].page if at >= 0 else 0

    def _passage_at(self, hit: _Hit) -> Passage | None:
        """Give the passage that is nearly the same stretch of text."""
        best = max(self._passages, key=lambda passage: _common(passage, hit), default=None)
        if best is None:
            return None
        common = _common(best, hit)
        return best if common >= SAME_PASSAGE * max(best.end - best.start, hit.end - hit.start) else None

    def _stretch(self, anchor: Anchor, hit: _Hit) -> Placement:
        """Give the placement of what is no passage."""
        pages = tuple(dict.fromkeys(line.page for line in self._document.lines_of(hit.start, hit.end)))
        labels = {page.number: page.label for page in self._document.pages}
        within = next((p for p in reversed(self._passages) if p.start <= hit.start), None)
        return Placement(
            found=hit.found,
            place=anchor.place,
            start=hit.start,
            end=hit.end,
            pages=pages,
            page_labels=tuple(labels[page] for page in pages),
            quote=self._document.text[hit.start : hit.end],
            section=within.section if within else (),
            section_kind=within.section_kind if within else "other",
            likeness=round(hit.likeness, 1),
        )


def _common(passage: Passage, hit: _Hit) -> int:
    """Count the code points that a passage and a stretch have in common."""
    return max(0, min(passage.end, hit.end) - max(passage.start, hit.start))


@cache
def _letters(character: str) -> str:
    return squash(character)
