"""What people coded blind, on what they do not agree, and whether that has been settled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Literal

from evitable.decide.resolving import standing
from evitable.records import (
    Anchor,
    Decision,
    MachineAnswer,
    Passage,
    Placement,
    Polarity,
    Prediction,
    Record,
    Resolved,
    coding_id,
)

Outcome = Literal["open", "applies", "does not apply", "text not found"]
"""What became of a disagreement: nobody has decided on it since; the code applies, or does not; or its text is gone."""


@dataclass(frozen=True, slots=True)
class BlindCoding:
    """What one person made of one passage, read in full without seeing any other answer.

    Attributes:
        coder: Name of the person.
        anchor: The passage as it was then.
        placement: Where it stands now.
        decisions: The decision that holds, by code, also those against a code and those that leave it open.
    """

    coder: str
    anchor: Anchor
    placement: Placement
    decisions: Mapping[str, Decision]

    @property
    def place(self) -> str:
        """Name what was coded, as it is called now."""
        return self.placement.place

    @property
    def given(self) -> frozenset[str]:
        """Give the codes that apply. What the person left open counts as not given, as for the machine."""
        return frozenset(code for code, one in self.decisions.items() if one.verdict in ("accept", "add"))

    @property
    def unsure(self) -> frozenset[str]:
        """Give the codes that the person left open."""
        return frozenset(code for code, one in self.decisions.items() if one.verdict == "unsure")


@dataclass(frozen=True)
class PaperAnswers:
    """What blind coding of a paper is compared with.

    Attributes:
        study_id: The paper's study.
        passages: Its passages of now.
        predictions: The machine's answers of now.
        resolved: What all decisions on it come to.
    """

    study_id: str
    passages: Sequence[Passage]
    predictions: Sequence[Prediction]
    resolved: Sequence[Resolved] = ()

    @cached_property
    def machine(self) -> dict[str, dict[str, Prediction]]:
        """Give the machine's answers by passage and code; nothing for text that it has not read as a passage."""
        found: dict[str, dict[str, Prediction]] = {passage.id: {} for passage in self.passages}
        for prediction in self.predictions:
            found[prediction.passage_id][prediction.code] = prediction
        return found


def blind_codings(
    decisions: Iterable[Decision], placements: Mapping[str, Mapping[str, Placement]]
) -> tuple[BlindCoding, ...]:
    """Give the passages that people have coded in full and blind.

    A passage counts for a person who has declared it complete without seeing any other answer. Only blind decisions are
    looked at: what was decided later in sight of the machine or of others changes nothing here.

    Args:
        decisions: All of a review, in any order.
        placements: By paper id, where its decisions stand now, by `Anchor.place`. Papers that are missing are left out.

    Returns:
        Sorted by paper, place in the text, and coder; none where nobody has coded blind.
    """
    items: dict[tuple[str, str, str], dict[str, list[Decision]]] = defaultdict(lambda: defaultdict(list))
    for decision in decisions:
        if decision.blind:
            paper = decision.anchor.paper_id
            placement = placements.get(paper, {}).get(decision.anchor.place)
            if placement is not None:
                items[paper, placement.place, decision.coder][decision.code].append(decision)
    found = []
    for (paper, _, coder), by_code in items.items():
        held = {code: max(kept, key=_latest) for code, said in by_code.items() if (kept := standing(said))}
        complete = held.pop("", None)
        if complete is not None and complete.verdict == "complete":
            placement = placements[paper][complete.anchor.place]
            found.append(BlindCoding(coder, complete.anchor, placement, held))
    return tuple(sorted(found, key=lambda one: (one.anchor.paper_id, one.placement.start, one.place, one.coder)))


def _latest(decision: Decision) -> tuple[str, str]:
    return decision.time, decision.id


class Disagreement(Record, frozen=True, kw_only=True):
    """One code on one passage on which people who coded it blind do not agree.

    Attributes:
        study_id: The study.
        paper_id: The paper.
        place: The passage.
        code: Name of the code.
        quote: The passage, word for word.
        pages: Page indices, from 1.
        page_labels: Printed labels of these pages.
        section: Headings above it.
        yes: People who gave the code, sorted.
        no: People who did not.
        unsure: People who left it open.
        polarities: Of those who gave it and said which way it worked: the person and the way.
        machine: What the machine says now; None where it has not read this text as a passage.
        outcome: What became of it.
        settled_by: People behind that outcome, sorted; none where it is open.
    """

    study_id: str
    paper_id: str
    place: str
    code: str
    quote: str
    pages: tuple[int, ...]
    page_labels: tuple[str, ...]
    section: tuple[str, ...]
    yes: tuple[str, ...]
    no: tuple[str, ...]
    unsure: tuple[str, ...]
    polarities: tuple[tuple[str, Polarity], ...]
    machine: MachineAnswer | None
    outcome: Outcome
    settled_by: tuple[str, ...]

    @property
    def id(self) -> str:
        """Give the stable id of passage and code, as the evidence list has it."""
        return coding_id(self.place, self.code)


def disagreements(
    blind: Sequence[BlindCoding], papers: Mapping[str, PaperAnswers], codes: Sequence[str]
) -> tuple[Disagreement, ...]:
    """List on what people disagree who have coded the same passage in full and blind.

    They disagree where one gives a code and another does not, or leaves it open, and where both give it and say that it
    worked in different ways.

    Args:
        blind: As `blind_codings` gives them.
        papers: By paper id, in the order in which they are listed. Coding of papers that are missing is left out.
        codes: Of the codebook, in its order. Other codes are left out.

    Returns:
        In the order of papers, text and codes; none where no passage has two coders.
    """
    by_place: dict[str, dict[str, list[BlindCoding]]] = defaultdict(lambda: defaultdict(list))
    for one in blind:
        by_place[one.anchor.paper_id][one.place].append(one)
    return tuple(
        found
        for paper_id, paper in papers.items()
        if paper_id in by_place
        for found in _of_paper(by_place[paper_id], paper, codes)
    )


def _of_paper(
    by_place: Mapping[str, Sequence[BlindCoding]], paper: PaperAnswers, codes: Sequence[str]
) -> Iterator[Disagreement]:
    decided = {(one.place, one.code): one for one in paper.resolved}
    for coded, code in product([several for several in by_place.values() if len(several) > 1], codes):
        polarities = _polarities(coded, code)
        if len({code in one.given for one in coded}) > 1 or len({way for _, way in polarities}) > 1:
            yield _disagreement(coded, code, polarities, paper, decided.get((coded[0].place, code)))


def _polarities(coded: Sequence[BlindCoding], code: str) -> tuple[tuple[str, Polarity], ...]:
    """Give which way each coder says that it worked, of those who gave the code and say so."""
    return tuple(
        (one.coder, way) for one in coded if code in one.given and (way := one.decisions[code].polarity) is not None
    )


def _disagreement(
    coded: Sequence[BlindCoding],
    code: str,
    polarities: tuple[tuple[str, Polarity], ...],
    paper: PaperAnswers,
    resolved: Resolved | None,
) -> Disagreement:
    first = coded[0]
    lost = first.placement.found == "lost"
    outcome = _outcome(coded, code, resolved)
    said = paper.machine.get(first.place)
    return Disagreement(
        study_id=paper.study_id,
        paper_id=first.anchor.paper_id,
        place=first.place,
        code=code,
        quote=first.anchor.quote if lost else first.placement.quote,
        pages=(first.anchor.page,) if lost else first.placement.pages,
        page_labels=() if lost else first.placement.page_labels,
        section=() if lost else first.placement.section,
        yes=tuple(one.coder for one in coded if code in one.given),
        no=tuple(one.coder for one in coded if code not in one.given | one.unsure),
        unsure=tuple(one.coder for one in coded if code in one.unsure),
        polarities=polarities,
        machine=None if said is None else _answer(said.get(code)),
        outcome=outcome,
        settled_by=resolved.coders if resolved and outcome in ("applies", "does not apply") else (),
    )


def _outcome(coded: Sequence[BlindCoding], code: str, resolved: Resolved | None) -> Outcome:
    """Tell what became of it: it is open as long as nobody has decided with all of these blind answers in sight."""
    if coded[0].placement.found == "lost":
        return "text not found"
    blind = {one.decisions[code].id for one in coded if code in one.decisions}
    if resolved is None or blind & set(resolved.revision):
        return "open"
    if resolved.status in ("accepted", "corrected"):
        return "applies"
    return "does not apply" if resolved.status == "rejected" else "open"


def _answer(prediction: Prediction | None) -> MachineAnswer:
    if prediction is None:
        return "no"
    return "unsure" if prediction.unsure else "yes"
