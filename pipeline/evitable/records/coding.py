"""What the machine predicts and what stands in the evidence list."""

from __future__ import annotations

from typing import Literal

from evitable.records.base import FORMAT, Record

Polarity = Literal["facilitates", "hinders", "mixed"]
Status = Literal["machine", "accepted", "corrected", "rejected", "disputed", "orphaned"]
Basis = Literal["finding", "recommendation", "mention"]
"""What a coded passage rests on: the study's own finding, its authors' recommendation, or a mention of other work."""
MachineAnswer = Literal["yes", "unsure", "no"]
QuoteMatch = Literal["exact", "squashed", "fuzzy", "missing"]
"""How a quote was found again in the PDF text of its page, best first; `extract.quotes` says when each is given."""

_GIVEN: frozenset[Status] = frozenset({"machine", "accepted", "corrected"})


class Span(Record, frozen=True, kw_only=True):
    """Words in a passage: code points from the passage's own start, and the words themselves."""

    start: int
    end: int
    text: str


class Prediction(Record, frozen=True, kw_only=True):
    """The machine's answer for one code on one passage: given, or unsure.

    Attributes:
        passage_id: The passage.
        dimension: Name of the code's dimension.
        code: Name of the code.
        probability: Between 0 and 1; calibrated if the model says so.
        polarity: Which way it worked, in dimensions that have a polarity.
        unsure: Whether the probability is below the code's threshold, yet too high for a no.
        basis: What the passage rests on.
        words: The words that carried it, in order, not overlapping.
        model_id: The model that said so.
        codebook_version: The codebook it was asked about.
    """

    passage_id: str
    dimension: str
    code: str
    probability: float
    polarity: Polarity | None = None
    unsure: bool = False
    basis: Basis = "finding"
    words: tuple[Span, ...] = ()
    model_id: str
    codebook_version: str


class Attribute(Record, frozen=True, kw_only=True):
    """One attribute value of a study, with the quote that it rests on.

    Attributes:
        name: Name of the attribute, for example `country`.
        value: Its value.
        quote: The sentence or title in which it stands.
        page: Page index of the quote; 0 where it comes from the reference record.
        match: How the quote was found on its page; None where that was not checked.
    """

    name: str
    value: str
    quote: str = ""
    page: int = 0
    match: QuoteMatch | None = None

    @property
    def key(self) -> str:
        """Name it among all quotes of its paper."""
        return f"attribute {self.name} {self.value}"


class PaperCoding(Record, frozen=True, kw_only=True):
    """All that the classifier says of one paper, as stored.

    Attributes:
        paper_id: The paper.
        predictions: In the passages' order, then in the codebook's.
        attributes: In the codebook's order.
    """

    paper_id: str
    predictions: tuple[Prediction, ...]
    attributes: tuple[Attribute, ...] = ()
    format: int = FORMAT


class QuoteChecks(Record, frozen=True, kw_only=True):
    """How the quotes of one paper were found again in its PDF, as stored.

    Attributes:
        paper_id: The paper.
        matches: By passage id, and by `Attribute.key`.
    """

    paper_id: str
    matches: dict[str, QuoteMatch]
    format: int = FORMAT


class Coding(Record, frozen=True, kw_only=True):
    """One resolved answer: a code on a passage, with its quote and its status.

    Attributes:
        id: Stable id of passage and code.
        probability: The machine's; 0 where the machine says no.
        status: Who stands behind it; `machine` until a person has decided.
        coder: Name of the person, several joined by `; `, or the model's id.
        answer: What the machine says now, whatever people have decided.
        unsure: Whether it is open: left open by the machine or by a person; it then counts nowhere.
        revision: Ids of the latest decisions on it, sorted; none where nobody has decided.
        note: The last note that a person wrote on it.
        basis: What the passage rests on; a mention of other work is listed, but no evidence of the study.
        quote: The passage's exact text.
        start: First code point of the quote in its document's text.
        end: One past the last.
        page_labels: Printed labels of the pages that it stands on.
        pages: Page indices, from 1.
        match: How the quote was found on its pages; None where that was not checked.
    """

    id: str
    study_id: str
    paper_id: str
    passage_id: str
    dimension: str
    code: str
    probability: float
    polarity: Polarity | None
    words: tuple[Span, ...]
    status: Status
    coder: str
    quote: str
    start: int = 0
    end: int = 0
    section: tuple[str, ...]
    section_kind: str
    pages: tuple[int, ...]
    page_labels: tuple[str, ...]
    match: QuoteMatch | None = None
    answer: MachineAnswer = "yes"
    unsure: bool = False
    basis: Basis = "finding"
    revision: tuple[str, ...] = ()
    note: str = ""

    @property
    def verified(self) -> bool:
        """Whether a person has confirmed it."""
        return self.status in ("accepted", "corrected")

    @property
    def given(self) -> bool:
        """Whether the passage carries the code: by a person's decision, or by the machine where nobody has decided."""
        return self.status in _GIVEN and not self.unsure

    @property
    def counted(self) -> bool:
        """Whether it is evidence of its study: a finding or a recommendation that somebody stands behind."""
        return self.given and self.basis != "mention"
