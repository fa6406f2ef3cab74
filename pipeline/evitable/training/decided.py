"""People's decisions as coded passages: what the model may learn from them, and what they leave open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from evitable.codebook import Codebook
from evitable.decide.placing import needs_text, place_anchors
from evitable.decide.resolving import by_item, resolve, standing
from evitable.records import Decision, Passage, Placement, Resolved, SectionKind, Status
from evitable.store.published import Published
from evitable.training.data import CodedPassage

_YES: frozenset[Status] = frozenset({"accepted", "corrected"})


class DecidedPaper(NamedTuple):
    """A paper on which people have decided.

    Attributes:
        study_id: Its study.
        passages: Its passages of now, in order.
        decisions: On it, in any order.
        placements: Where they stand now, by `Anchor.place`.
    """

    study_id: str
    passages: Sequence[Passage]
    decisions: Sequence[Decision]
    placements: Mapping[str, Placement]


def decided_papers(decisions: Iterable[Decision], published: Published) -> list[DecidedPaper]:
    """Gather the decisions on the papers of the published run, in its order; those on other papers are left out.

    Raises:
        UserError: The text of a paper is not there any more.
    """
    by_paper: dict[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        by_paper[decision.anchor.paper_id].append(decision)
    papers = []
    for paper in published.papers:
        if made := by_paper.get(paper.paper_id):
            passages = published.passages(paper.paper_id)
            anchors = [decision.anchor for decision in made]
            text = published.document(paper.paper_id) if needs_text(anchors, passages) else None
            papers.append(DecidedPaper(paper.study_id, passages, made, place_anchors(anchors, passages, text)))
    return papers


def coded_passages(papers: Iterable[DecidedPaper], codebook: Codebook) -> list[CodedPassage]:
    """Turn decisions into passages to learn from.

    A code that people gave is a yes, one that they rejected a no; what they dispute or leave open is not known, and
    nothing is learned of it. Of other codes it is only known that they do not apply where somebody has read the passage
    in full and declared it complete. A code given to a stretch of text is one of the passage that holds the stretch;
    a stretch that goes over the edge of passages is learned from by itself, and leaves the code open for these.

    Args:
        papers: With their decisions.
        codebook: Gives the codes; decisions on others are left out.

    Returns:
        In the order of the papers and their texts. Each belongs to its study, so that no study is ever on both sides of
        a split. Passages of which nothing is known are left out; no decisions give none.
    """
    return [coded for paper in papers for coded in _of_paper(paper, codebook)]


class _Text(NamedTuple):
    """A passage, or a stretch of text, and what people say of it."""

    place: str
    start: int
    end: int
    text: str
    section: SectionKind | None
    answers: list[Resolved]


def _of_paper(paper: DecidedPaper, codebook: Codebook) -> list[CodedPassage]:
    names = [code.name for code in codebook.code]
    by_place: dict[str, list[Resolved]] = defaultdict(list)
    for one in resolve(paper.decisions, paper.placements):
        if one.coders and one.code in names and one.placement.found != "lost":
            by_place[one.place].append(one)
    complete = _complete(paper)
    passages = [
        _Text(one.id, one.start, one.end, one.text, one.section_kind, by_place.pop(one.id, []))
        for one in paper.passages
    ]
    stretches = [
        _Text(place, said[0].placement.start, said[0].placement.end, said[0].placement.quote, None, said)
        for place, said in by_place.items()
    ]
    coded = []
    for text in passages:
        known = _known(text, stretches, names if text.place in complete else [])
        coded.append((text, known, [one for one in stretches if _holds(text, one)]))
    coded += [(text, _known(text, [], []), []) for text in stretches if not any(_holds(one, text) for one in passages)]
    return [
        _coded(paper.study_id, text, known, [*text.answers, *(one for part in held for one in part.answers)], codebook)
        for text, known, held in sorted(coded, key=lambda one: (one[0].start, one[0].place))
        if known
    ]


def _known(text: _Text, stretches: Iterable[_Text], others: Iterable[str]) -> dict[str, bool]:
    """Tell which codes are known to apply to a text or not; `others` do not apply unless somebody says so."""
    said = {one.code: _answer(one) for one in text.answers}
    for stretch in stretches:
        if stretch.start < text.end and text.start < stretch.end:
            for one in stretch.answers:
                if one.status in _YES:
                    said.setdefault(one.code, True if _holds(text, stretch) else None)
    known = {code: answer for code, answer in said.items() if answer is not None}
    return {**dict.fromkeys((code for code in others if code not in said), False), **known}


def _answer(one: Resolved) -> bool | None:
    """Tell whether people say that a code applies; None where they dispute it or leave it open."""
    return True if one.status in _YES else False if one.status == "rejected" else None


def _holds(text: _Text, part: _Text) -> bool:
    return text.start <= part.start and part.end <= text.end


def _coded(
    study: str, text: _Text, known: Mapping[str, bool], answers: Iterable[Resolved], codebook: Codebook
) -> CodedPassage:
    names = [code.name for code in codebook.code]
    given = tuple(name for name in names if known.get(name))
    yes = [one for one in answers if one.status in _YES and one.code in given]
    return CodedPassage(
        id=text.place,
        source=study,
        writer=study,
        register=study,
        text=text.text,
        codes=given,
        polarity={one.code: one.polarity for one in yes if one.polarity and codebook.has_polarity(one.code)},
        wording="paper",
        basis=next((one.basis for one in yes if one.basis), None),
        section=text.section,
        known=None if len(known) == len(names) else tuple(name for name in names if name in known),
    )


def _complete(paper: DecidedPaper) -> frozenset[str]:
    """Give the places that somebody has read in full."""
    return frozenset(
        place
        for (place, code), made in by_item(paper.decisions, paper.placements).items()
        if not code and any(one.verdict == "complete" for one in standing(made))
    )
