"""One paper as it is worked on: its passages, what the machine says of them, and what people have decided."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

import msgspec

from evitable.codebook import Codebook
from evitable.decide.codings import codings_of
from evitable.decide.placing import needs_text, of_passage, place_anchors
from evitable.decide.resolving import by_item, complete_by, resolve, tips
from evitable.decide.states import CodeState, PassageState
from evitable.records import (
    Anchor,
    Coding,
    Decision,
    Document,
    PaperCoding,
    Passage,
    Placement,
    Prediction,
    PublishedPaper,
    QuoteMatch,
    Said,
)

Items = Mapping[tuple[str, str], Sequence[Decision]]
"""People's decisions by place and code, by time."""


@dataclass(frozen=True, slots=True)
class Work:
    """One paper as it is worked on.

    Attributes:
        paper: Where it comes from.
        passages: By id, in the order of the text.
        codings: By place, in the codebook's order; the machine's and people's.
        said: The machine's answers by place and code.
        items: People's decisions by place and code, by time; the code is empty for passages declared complete.
        placements: Where decisions stand, by the place of now.
        placed: The same by the place of then: spares the search for them the next time.
        states: How far the work has come on each passage, then on each stretch of text and each lost text.
    """

    paper: PublishedPaper
    passages: Mapping[str, Passage]
    codings: Mapping[str, tuple[Coding, ...]]
    said: Mapping[tuple[str, str], Prediction]
    items: Items
    placements: Mapping[str, Placement]
    placed: Mapping[str, Placement]
    states: tuple[PassageState, ...]

    def placement(self, place: str) -> Placement | None:
        """Give where a place stands in the text; None for one that is not of this paper."""
        passage = self.passages.get(place)
        return of_passage(passage) if passage else self.placements.get(place)

    def visible(self, place: str, code: str, blind_for: str = "") -> list[Decision]:
        """Give the decisions on an item that a coder may see: all, or the own blind ones of a coder who works blind."""
        decisions = self.items.get((place, code), ())
        return [one for one in decisions if not blind_for or (one.blind and one.coder == blind_for)]

    def revision(self, place: str, code: str, blind_for: str = "") -> tuple[str, ...]:
        """Give the ids of the latest decisions on an item that a coder may see: the base of the next one."""
        return tuple(one.id for one in tips(self.visible(place, code, blind_for)))

    def revisions(self, place: str, blind_for: str = "") -> dict[str, tuple[str, ...]]:
        """Give the revisions of all codes of a place on which there is a decision, by code."""
        found = {code: self.revision(place, code, blind_for) for there, code in self.items if there == place}
        return {code: revision for code, revision in found.items() if revision}

    def machine(self, place: str, code: str) -> Said | None:
        """Give what the machine says of a code on a passage, as a decision remembers it; None for a no."""
        one = self.said.get((place, code))
        if one is None:
            return None
        return Said(probability=one.probability, unsure=one.unsure, polarity=one.polarity, model_id=one.model_id)

    def anchor(self, place: str) -> Anchor | None:
        """Give the anchor by which people have named a place that is no passage; None where they have not."""
        return next((said[-1].anchor for (there, _), said in self.items.items() if there == place), None)


@dataclass(frozen=True, slots=True)
class Texts:
    """What is read of a paper: `document` only where it is asked for."""

    passages: tuple[Passage, ...]
    coding: PaperCoding
    matches: Mapping[str, QuoteMatch]
    document: Callable[[], Document]


def work_on(
    paper: PublishedPaper,
    texts: Texts,
    decisions: Sequence[Decision],
    codebook: Codebook,
    known: Mapping[str, Placement],
) -> Work:
    """Put together what is known of a paper.

    Args:
        paper: Where it comes from.
        texts: What is read of it.
        decisions: People's, on this paper.
        codebook: Gives the codes' order; what is said of codes that it does not have is left out.
        known: Where some decisions stand in these texts (`Work.placed`).
    """
    placed = {**known, **_placed([one.anchor for one in decisions if one.anchor.place not in known], texts)}
    items = by_item(decisions, placed)
    said = tuple(one for one in texts.coding.predictions if one.code in codebook.by_name)
    machine = msgspec.structs.replace(texts.coding, predictions=said)
    resolved = [one for one in resolve(decisions, placed) if one.status != "rejected" or one.placement.found != "lost"]
    codings: dict[str, list[Coding]] = defaultdict(list)
    for coding in codings_of(machine, texts.passages, resolved, codebook, texts.matches, paper.study_id):
        codings[coding.passage_id].append(coding)
    left_open = {(one.place, one.code) for one in resolved if one.status == "machine" and one.coders}
    placements = {one.place: one for one in placed.values()}
    states = _States(paper, codings, items, left_open)
    return Work(
        paper=paper,
        passages={passage.id: passage for passage in texts.passages},
        codings={place: tuple(those) for place, those in codings.items()},
        said={(one.passage_id, one.code): one for one in said},
        items=items,
        placements=placements,
        placed=placed,
        states=(*states.of_passages(texts.passages), *states.of_others(texts.passages, placements)),
    )


def _placed(anchors: Sequence[Anchor], texts: Texts) -> dict[str, Placement]:
    if not anchors:
        return {}
    document = texts.document() if needs_text(anchors, texts.passages) else None
    return place_anchors(anchors, texts.passages, document)


@dataclass(frozen=True, slots=True)
class _States:
    """Tells how far the work on a paper has come."""

    paper: PublishedPaper
    codings: Mapping[str, Sequence[Coding]]
    items: Items
    left_open: Set[tuple[str, str]]

    def of_passages(self, passages: Sequence[Passage]) -> Iterator[PassageState]:
        """Go through the passages."""
        for passage in passages:
            complete = self.items.get((passage.id, ""), ())
            yield PassageState(
                paper_id=self.paper.paper_id,
                study=self.paper.study_id,
                place=passage.id,
                section_kind=passage.section_kind,
                codes=self._codes(passage.id),
                completed_by=complete_by(complete, blind=False),
                blind_by=complete_by(complete, blind=True),
            )

    def of_others(self, passages: Sequence[Passage], placements: Mapping[str, Placement]) -> Iterator[PassageState]:
        """Go through what else people have coded, lost text last."""
        starts = [passage.start for passage in passages]
        coded = [placements[place] for place in placements.keys() & self.codings.keys() - {one.id for one in passages}]
        for one in sorted(coded, key=lambda one: (one.found == "lost", one.start, one.place)):
            at = bisect_right(starts, one.start) - 1
            lost = one.found == "lost"
            yield PassageState(
                paper_id=self.paper.paper_id,
                study=self.paper.study_id,
                place=one.place,
                section_kind=one.section_kind,
                codes=self._codes(one.place),
                kind="lost" if lost else "stretch",
                within=passages[at].id if not lost and at >= 0 and one.start < passages[at].end else "",
            )

    def _codes(self, place: str) -> tuple[CodeState, ...]:
        return tuple(
            CodeState(
                code=one.code,
                probability=one.probability,
                answer=one.answer,
                basis=one.basis,
                status=one.status,
                left_open=(place, one.code) in self.left_open,
            )
            for one in self.codings.get(place, ())
        )
