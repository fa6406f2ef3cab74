"""What people decide, as they decided it: events that are only ever added to."""

from __future__ import annotations

from typing import Literal

import msgspec

from evitable.records.base import Record, digest
from evitable.records.coding import Basis, Polarity, Status

Verdict = Literal["accept", "reject", "add", "unsure", "complete", "undo"]
"""accept: the code applies, as somebody or the machine had said; reject: it does not apply; add: it applies, though
nobody had said so; unsure: the coder leaves it open; complete: the passage was read in full, and carries only the codes
that this coder has given it (such a decision names no code); undo: the decisions it was based on are taken back."""
Via = Literal["page", "spreadsheet", "file"]
"""By which way a decision came: the review page, a spreadsheet that came back, or a file of decisions or codings."""
Found = Literal["same", "page", "paper", "fuzzy", "lost"]
"""How an anchor was found in the text of now. same: its passage is unchanged; page: by letters and digits on its page;
paper: elsewhere in the paper; fuzzy: something alike is there; lost: not found, so that its decisions are orphaned."""


class Anchor(Record, frozen=True, kw_only=True):
    """The text that a decision is about, so that it can be found again whatever becomes of extraction and passages.

    Attributes:
        paper_id: The paper.
        passage_id: The passage at that time; empty for a stretch of text that is no whole passage.
        page: Page index, from 1, on which it begins.
        start: First code point in the document's text of that time.
        end: One past the last.
        quote: The text, word for word.
        before: Up to 32 characters in front of it.
        after: Up to 32 characters behind it.
        key: Letters and digits of the quote (`squash`).
    """

    paper_id: str
    passage_id: str = ""
    page: int
    start: int
    end: int
    quote: str
    before: str = ""
    after: str = ""
    key: str

    @property
    def place(self) -> str:
        """Name what is coded: the passage, or for a stretch of text an id of its own."""
        return self.passage_id or digest("r", self.paper_id, str(self.page), self.before, self.quote, self.after)


class Said(Record, frozen=True, kw_only=True):
    """What the machine had said of a code on a passage when a person decided.

    Attributes:
        probability: Between 0 and 1.
        unsure: Whether it left the code open.
        polarity: Which way the code worked, if it said so.
        model_id: The model.
    """

    probability: float
    unsure: bool = False
    polarity: Polarity | None = None
    model_id: str


class Decision(Record, frozen=True, kw_only=True, omit_defaults=True):
    """One decision of one person, never changed and never deleted.

    Attributes:
        id: Digest of all else (`sealed`): who changes a line by hand is found out.
        anchor: The text.
        code: Name of the code; empty for `complete`.
        verdict: What was decided.
        polarity: Which way the code worked, where the coder says so.
        basis: What the passage rests on, where the coder says so.
        replaces: For an added code, the code in whose place it stands.
        note: Whatever should be remembered.
        coder: Name of the person.
        time: UTC, in ISO form with microseconds.
        base: The revision that the coder had in sight: ids of the latest decisions on this item, sorted; none where
            nothing had been decided. A decision whose base is not the latest any more is stale, and refused. Decisions
            of one item thus make a chain; copies of a review that were worked on apart make it fork, which is a dispute
            until somebody decides with both in sight.
        blind: Whether the coder saw neither the machine's answer nor other people's.
        adjudicates: Whether it settles a dispute between others.
        via: By which way it came.
        said: What the machine had said; None for a no.
        codebook_version: Digest of the codebook in force.
    """

    id: str = ""
    anchor: Anchor
    code: str = ""
    verdict: Verdict
    polarity: Polarity | None = None
    basis: Basis | None = None
    replaces: str = ""
    note: str = ""
    coder: str
    time: str
    base: tuple[str, ...] = ()
    blind: bool = False
    adjudicates: bool = False
    via: Via
    said: Said | None = None
    codebook_version: str

    @property
    def item(self) -> str:
        """Name what is decided: a code on a passage, as `coding_id` does; or the passage as a whole."""
        return coding_id(self.anchor.place, self.code)

    @property
    def scope(self) -> str:
        """Name the coder of a blind decision; empty for all others, which people make in sight of each other."""
        return self.coder if self.blind else ""


class Placement(Record, frozen=True, kw_only=True):
    """Where an anchor stands in the text of now.

    Attributes:
        found: How it was found.
        place: What is coded there: the passage that it is, or nearly is, or else `Anchor.place`.
        start: First code point in the document's text; of the nearest text for a lost anchor.
        end: One past the last.
        pages: Page indices, from 1.
        page_labels: Printed labels of these pages.
        quote: The text there; of the nearest text for a lost anchor.
        section: Headings above it.
        section_kind: Kind of that section.
        likeness: 0 to 100: how alike the letters and digits are.
    """

    found: Found
    place: str
    start: int = 0
    end: int = 0
    pages: tuple[int, ...] = ()
    page_labels: tuple[str, ...] = ()
    quote: str = ""
    section: tuple[str, ...] = ()
    section_kind: str = "other"
    likeness: float = 100.0


class Resolved(Record, frozen=True, kw_only=True):
    """What people's decisions on one code of one passage come to.

    Attributes:
        place: The passage, or the id of a stretch of text (`Anchor.place`).
        code: Name of the code.
        status: accepted, corrected, rejected, disputed or orphaned; machine where people leave it open.
        coders: Who stands behind it, sorted.
        polarity: Which way the code worked; None to leave it to the machine.
        basis: What the passage rests on; None to leave it to the machine.
        note: The last note on it.
        revision: Ids of the latest decisions, sorted: the base of the next one.
        placement: Where its text stands.
        anchor: Its text as it was decided on.
    """

    place: str
    code: str
    status: Status
    coders: tuple[str, ...]
    polarity: Polarity | None = None
    basis: Basis | None = None
    note: str = ""
    revision: tuple[str, ...] = ()
    placement: Placement
    anchor: Anchor


def coding_id(place: str, code: str) -> str:
    """Give the stable id of a code on a passage."""
    return digest("e", place, code)


def sealed(decision: Decision) -> Decision:
    """Give a decision its id: a digest of all else."""
    bare = msgspec.structs.replace(decision, id="")
    return msgspec.structs.replace(bare, id=digest("d", msgspec.json.encode(bare)))
