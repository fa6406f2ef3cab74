"""Decisions in one line each, for tests that read like tables."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import msgspec

from evitable.decide.placing import anchor_of
from evitable.decide.resolving import tips
from evitable.records import Anchor, Block, Decision, Document, Line, Page, Passage, Reference, Said, sealed, squash

MACHINE = Said(probability=0.8, model_id="m1")


def anchored(passage: Passage) -> Anchor:
    """Make the anchor of a passage whose document is not at hand."""
    return Anchor(
        paper_id=passage.paper_id,
        passage_id=passage.id,
        page=passage.pages[0],
        start=passage.start,
        end=passage.end,
        quote=passage.text,
        key=squash(passage.text),
    )


class People:
    """Makes decisions one after another, each at its own second."""

    def __init__(self) -> None:
        self.made: list[Decision] = []

    def decide(
        self, coder: str, verdict: Any, passage: Passage | Anchor, code: str = "co_design", **more: Any
    ) -> Decision:
        """Decide in sight of all that was decided before on this item; of the coder's own only, where it is blind."""
        anchor = passage if isinstance(passage, Anchor) else anchored(passage)
        values = {"said": MACHINE, "blind": False, "via": "page", "codebook_version": "c1", **more}
        bare = Decision(anchor=anchor, code=code, verdict=verdict, coder=coder, time=self._time(), **values)
        return self._keep(bare, more)

    def _keep(self, bare: Decision, given: dict[str, Any]) -> Decision:
        same = [one for one in self.made if one.item == bare.item and (not bare.blind or one.scope == bare.scope)]
        base = given.get("base", tuple(one.id for one in tips(same)))
        decision = sealed(msgspec.structs.replace(bare, base=base))
        self.made.append(decision)
        return decision

    def _time(self) -> str:
        return f"2026-01-01T10:{len(self.made) // 60:02}:{len(self.made) % 60:02}.000000Z"


def document_of(paper_id: str, pages: Sequence[Sequence[str]]) -> Document:
    """Make a document from the paragraphs of its pages, one line each."""
    texts = [(number, text) for number, page in enumerate(pages, start=1) for text in page]
    starts = list(itertools.accumulate((len(text) + 2 for _, text in texts), initial=0))
    blocks = tuple(
        Block(
            kind="body",
            start=start,
            end=start + len(text),
            lines=(Line(page=number, box=(0, 0, 1, 1), start=start, end=start + len(text)),),
        )
        for start, (number, text) in zip(starts, texts, strict=False)
    )
    return Document(
        paper_id=paper_id,
        text="\n\n".join(text for _, text in texts),
        pages=tuple(Page(number=n, label=str(100 + n), width=1, height=1) for n, _ in enumerate(pages, start=1)),
        blocks=blocks,
        metadata=Reference(),
        extractor="test",
    )


def anchor_at(document: Document, quote: str, *, passage_id: str = "") -> Anchor:
    """Make the anchor of the first place with this quote."""
    start = document.text.index(quote)
    return anchor_of(document, start, start + len(quote), passage_id)
