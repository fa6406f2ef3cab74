"""The machine's predictions and people's decisions, merged into the codings of a paper."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from evitable.codebook import Codebook
from evitable.decide.placing import of_passage
from evitable.records import (
    Coding,
    PaperCoding,
    Passage,
    Placement,
    Prediction,
    QuoteMatch,
    Resolved,
    Status,
    coding_id,
)

_DECIDED: frozenset[Status] = frozenset({"accepted", "corrected", "rejected", "disputed", "orphaned"})


def codings_of(
    coding: PaperCoding,
    passages: Sequence[Passage],
    resolved: Sequence[Resolved],
    codebook: Codebook,
    matches: Mapping[str, QuoteMatch],
    study_id: str,
) -> list[Coding]:
    """Merge what the machine says of a paper with what people have decided.

    What people decided stands, whatever the machine says now; its answer of now is kept beside it.

    Args:
        coding: The machine's predictions.
        passages: The paper's passages.
        resolved: What people's decisions on it come to.
        codebook: Gives the codes' order and dimensions; decisions on codes that it does not have are left out.
        matches: How the quotes of passages were found on their pages, by passage id.
        study_id: The paper's study.

    Returns:
        Codings in the order of the text, then in the codebook's; orphaned ones last. None where nobody says anything.
    """
    codes = {code.name: (order, code.dimension) for order, code in enumerate(codebook.code)}
    by_place: dict[str, dict[str, Prediction]] = defaultdict(dict)
    for prediction in coding.predictions:
        by_place[prediction.passage_id][prediction.code] = prediction
    decided: dict[str, dict[str, Resolved]] = defaultdict(dict)
    for one in resolved:
        if one.code in codes:
            decided[one.place][one.code] = one
    made = _Maker(coding, codes, matches, study_id)
    found: list[Coding] = []
    for passage in passages:
        said, answers = by_place.get(passage.id, {}), decided.pop(passage.id, {})
        if said or answers:
            found += made.codings(of_passage(passage), said, answers)
    if not decided:
        return found
    for answers in decided.values():  # stretches of text that are no passages, and what is not found any more
        found += made.codings(next(iter(answers.values())).placement, {}, answers)
    return sorted(found, key=lambda one: (not one.end, one.start, one.end, one.passage_id))


class _Maker:
    """Makes the codings of one paper."""

    def __init__(
        self,
        coding: PaperCoding,
        codes: Mapping[str, tuple[int, str]],
        matches: Mapping[str, QuoteMatch],
        study_id: str,
    ) -> None:
        self._paper_id = coding.paper_id
        self._codes = codes
        self._matches = matches
        self._study_id = study_id

    def codings(
        self, placement: Placement, said: Mapping[str, Prediction], answers: Mapping[str, Resolved]
    ) -> Iterator[Coding]:
        """Make the codings of one place, in the codebook's order."""
        for code in sorted({**said, **answers}, key=lambda name: self._codes[name][0]):
            prediction, answer = said.get(code), answers.get(code)
            if prediction is not None or (answer is not None and answer.coders):
                yield self._coding(placement, code, prediction, answer)

    def _coding(
        self, placement: Placement, code: str, prediction: Prediction | None, answer: Resolved | None
    ) -> Coding:
        status = answer.status if answer else "machine"
        settled = status in _DECIDED
        lost = answer.anchor if answer and placement.found == "lost" else None
        left_open = bool(answer and answer.coders and not settled)
        return Coding(
            id=coding_id(placement.place, code),
            study_id=self._study_id,
            paper_id=self._paper_id,
            passage_id=placement.place,
            dimension=self._codes[code][1],
            code=code,
            probability=prediction.probability if prediction else 0.0,
            polarity=(answer.polarity if answer else None) or (prediction.polarity if prediction else None),
            words=prediction.words if prediction else (),
            status=status,
            coder="; ".join(answer.coders) if answer and answer.coders else prediction.model_id if prediction else "",
            quote=lost.quote if lost else placement.quote,
            start=0 if lost else placement.start,
            end=0 if lost else placement.end,
            section=placement.section,
            section_kind=placement.section_kind,
            pages=(lost.page,) if lost else placement.pages,
            page_labels=() if lost else placement.page_labels,
            match=None if lost else self._matches.get(placement.place),
            answer="no" if prediction is None else "unsure" if prediction.unsure else "yes",
            unsure=left_open or (not settled and prediction is not None and prediction.unsure),
            basis=(answer.basis if answer else None) or (prediction.basis if prediction else "finding"),
            revision=answer.revision if answer else (),
            note=answer.note if answer else "",
        )
