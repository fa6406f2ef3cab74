"""From what the page sends to decisions as the log takes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from evitable.codebook import Codebook
from evitable.decide.placing import anchor_of
from evitable.errors import UserError
from evitable.records import Anchor, Basis, Decision, Document, Polarity, Verdict
from evitable.web.paper import Work
from evitable.web.words import stamp

Name = Annotated[str, Meta(max_length=200)]


class Wish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One decision that somebody wishes to make.

    Attributes:
        verdict: As in the records.
        code: Name of the code; empty for `complete`.
        base: The revision that was on the screen.
        polarity: Which way it works.
        basis: What the passage rests on.
        note: With it.
        replaces: The code in whose place it stands.
        start: For a stretch of text of one's own choice, its first code point; -1 for the passage itself.
        end: One past the last.
        quote: Its text as it was on the screen.
    """

    verdict: Verdict
    code: Name = ""
    base: Annotated[tuple[Name, ...], Meta(max_length=100)] = ()
    polarity: Polarity | None = None
    basis: Basis | None = None
    note: Annotated[str, Meta(max_length=5000)] = ""
    replaces: Name = ""
    start: Annotated[int, Meta(ge=-1)] = -1
    end: Annotated[int, Meta(ge=-1)] = -1
    quote: Annotated[str, Meta(max_length=20_000)] = ""


class Wishes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the page sends in one go: all or nothing.

    Attributes:
        paper: Its id.
        place: The passage, or what stands for it.
        decisions: What is wished.
        blind: Whether the page was one for blind coding.
        queue: The queue of the page.
        study: To which the queue is narrowed.
        code: To which the queue is narrowed.
    """

    paper: Name
    place: Name
    decisions: Annotated[tuple[Wish, ...], Meta(min_length=1, max_length=40)]
    blind: bool = False
    queue: Name = ""
    study: Name = ""
    code: Name = ""


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes decisions of what one coder wishes on one place.

    Attributes:
        work: The paper.
        document: Its text.
        place: The place.
        coder: Who decides.
        blind: Whether blind.
        codebook: In force.
        now: The time.
    """

    work: Work
    document: Document
    place: str
    coder: str
    blind: bool
    codebook: Codebook
    now: datetime

    def decision(self, wish: Wish, number: int = 0) -> Decision:
        """Make one decision.

        Args:
            wish: What is wished.
            number: How many were made in the same go before it; by it they keep their order.

        Raises:
            UserError: The codebook does not have the code, or the text is not what was on the screen.
        """
        if (wish.verdict == "complete") != (not wish.code) and wish.verdict != "undo":
            raise UserError("A decision needs a code.")
        if wish.code and wish.code not in self.codebook.by_name:
            raise UserError(f"The codebook has no code {wish.code!r}.", "Load the page again.")
        anchor = self._anchor(wish)
        return Decision(
            anchor=anchor,
            code=wish.code,
            verdict=self._verdict(wish, anchor.place),
            polarity=wish.polarity if wish.code and self.codebook.has_polarity(wish.code) else None,
            basis=wish.basis,
            replaces=wish.replaces,
            note=wish.note.strip(),
            coder=self.coder,
            time=stamp(self.now + timedelta(microseconds=number)),
            base=tuple(sorted(wish.base)),
            blind=self.blind,
            adjudicates=not self.blind and self._disputed(wish.code),
            via="page",
            said=self.work.machine(anchor.place, wish.code) if wish.code else None,
            codebook_version=self.codebook.digest,
        )

    def _anchor(self, wish: Wish) -> Anchor:
        if wish.start >= 0:
            return self._chosen(wish)
        passage = self.work.passages.get(self.place)
        if passage is not None:
            return anchor_of(self.document, passage.start, passage.end, passage.id)
        anchor = self.work.anchor(self.place)
        if anchor is None:
            raise UserError("This text is not in the paper any more.", "Load the page again.")
        return anchor

    def _chosen(self, wish: Wish) -> Anchor:
        """Anchor a stretch of text that was chosen on the screen: the passage, if it is just that."""
        text = self.document.text
        if not wish.start < wish.end <= len(text) or text[wish.start : wish.end] != wish.quote:
            raise UserError("The text has changed since the page was loaded.", "Load the page again.")
        start, end = _trimmed(text, wish.start, wish.end)
        if start == end:
            raise UserError("No text is chosen.", "Mark some words, and try again.")
        same = (one.id for one in self.work.passages.values() if (one.start, one.end) == (start, end))
        return anchor_of(self.document, start, end, next(same, ""))

    def _verdict(self, wish: Wish, place: str) -> Verdict:
        """Tell whether a yes accepts or adds: a blind coder accepts nothing, having seen nothing."""
        if wish.verdict not in ("accept", "add"):
            return wish.verdict
        known = (place, wish.code) in self.work.said or bool(self.work.visible(place, wish.code))
        return "accept" if known and not self.blind else "add"

    def _disputed(self, code: str) -> bool:
        codings = self.work.codings.get(self.place, ())
        return any(one.code == code and one.status == "disputed" for one in codings)


def taken_back(decisions: tuple[Decision, ...], now: datetime) -> tuple[Decision, ...]:
    """Give the decisions that take others back, which must still be the latest ones."""
    return tuple(
        msgspec.structs.replace(
            one,
            id="",
            verdict="undo",
            polarity=None,
            basis=None,
            replaces="",
            note="",
            time=stamp(now),
            base=(one.id,),
            adjudicates=False,
            via="page",
        )
        for one in decisions
    )


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out space at either end."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end
