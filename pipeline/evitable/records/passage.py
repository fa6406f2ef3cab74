"""The unit of coding."""

from __future__ import annotations

from evitable.records.base import FORMAT, Record, digest
from evitable.records.document import Box, SectionKind


class Place(Record, frozen=True, kw_only=True):
    """Where one line of a passage stands: page index (from 1) and box."""

    page: int
    box: Box


class Passage(Record, frozen=True, kw_only=True):
    """A paragraph, or a run of sentences of a long one; `document.text[start:end] == text`.

    Attributes:
        id: From the paper, the exact text and its ordinal among equal texts, so that moved offsets do not change it.
        paper_id: The paper it belongs to.
        start: First code point in the document's text.
        end: One past the last.
        text: The exact quote.
        section: Headings above it, outermost first.
        section_kind: What the section is.
        places: Its lines on their pages, in order; empty for passages that did not come from a PDF.
        page_labels: Printed label of each page that it stands on, in order.
    """

    id: str
    paper_id: str
    start: int
    end: int
    text: str
    section: tuple[str, ...] = ()
    section_kind: SectionKind = "other"
    places: tuple[Place, ...] = ()
    page_labels: tuple[str, ...] = ()

    @property
    def pages(self) -> tuple[int, ...]:
        """Indices of the pages that it stands on, in order, each once."""
        return tuple(dict.fromkeys(place.page for place in self.places))


class Passages(Record, frozen=True, kw_only=True):
    """All passages of one paper, as stored."""

    paper_id: str
    passages: tuple[Passage, ...]
    format: int = FORMAT


def passage_id(paper_id: str, text: str, ordinal: int) -> str:
    """Give a passage's id; `ordinal` counts equal texts of one paper from 0."""
    return digest("q", paper_id, text, str(ordinal))
