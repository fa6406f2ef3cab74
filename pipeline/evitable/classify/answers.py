"""What a classifier is and what it answers; coding by the codebook's phrases alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from evitable.classify.basis import basis_by_rules
from evitable.classify.inputs import Reader, Reading
from evitable.classify.manifest import phrase_model
from evitable.classify.phrases import FACILITATES, HINDERS
from evitable.codebook import Codebook
from evitable.records import Basis, Polarity, SectionKind, Span


@dataclass(frozen=True, slots=True)
class Answer:
    """What a classifier says of one passage.

    Attributes:
        probabilities: Of all codes.
        codes: Codes that it gives, in the codebook's order.
        unsure: Codes that it neither gives nor rules out, in the codebook's order.
        polarity: Of codes given or unsure that have one.
        words: The words that carried each code given or unsure.
        basis: What the passage rests on; None where no code is given or unsure.
    """

    probabilities: dict[str, float]
    codes: tuple[str, ...]
    unsure: tuple[str, ...]
    polarity: dict[str, Polarity]
    words: dict[str, tuple[Span, ...]]
    basis: Basis | None


class Classifier(Protocol):
    """Anything that codes passages by a codebook."""

    @property
    def model_id(self) -> str:
        """Id that predictions carry."""

    @property
    def note(self) -> str:
        """What it is, in one sentence for people."""

    @property
    def codebook(self) -> Codebook:
        """The codebook that it answers for."""

    def code_texts(self, texts: Sequence[str]) -> list[Answer]:
        """Code passages that stand alone, in order; no texts give no answers."""

    def code_paper(self, texts: Sequence[str], sections: Sequence[SectionKind]) -> list[Answer]:
        """Code the passages of one paper; the section tells what a passage rests on."""


class PhraseClassifier:
    """Codes by indicator phrases alone: for codebooks that no model was trained for. Its figures are not calibrated."""

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook
        self.model_id, self.note = phrase_model(codebook)
        self._reader = Reader(codebook)

    def code_texts(self, texts: Sequence[str]) -> list[Answer]:
        """Code passages: one phrase gives 0.5, two 0.67, three 0.75, and so on; none gives 0."""
        return [self._answer(reading, None) for reading in self._reader.read(texts)]

    def code_paper(self, texts: Sequence[str], sections: Sequence[SectionKind]) -> list[Answer]:
        """Code the passages of one paper; sections tell what a passage rests on."""
        readings = self._reader.read(texts)
        return [self._answer(reading, section) for reading, section in zip(readings, sections, strict=True)]

    def _answer(self, reading: Reading, section: SectionKind | None) -> Answer:
        names = [code.name for code in self.codebook.code]
        values = {name: phrase_probability(reading, name) for name in names}
        given = tuple(name for name in names if values[name])
        way = _polarity_by_phrases(reading.cues.count(FACILITATES), reading.cues.count(HINDERS))
        return Answer(
            probabilities=values,
            codes=given,
            unsure=(),
            polarity={name: way for name in given if self.codebook.has_polarity(name)},
            words={name: spans(reading.text, reading.cues.places(name)) for name in given},
            basis=basis_by_rules(reading, section) if given else None,
        )


def phrase_probability(reading: Reading, code: str) -> float:
    """Give n / (n + 1) for n different phrases of a code: an order of trust, not a probability that was measured."""
    count = reading.cues.count(code)
    return round(count / (count + 1), 4)


def spans(text: str, places: Iterable[tuple[int, int]]) -> tuple[Span, ...]:
    """Give spans of the passage as it stands, in order."""
    return tuple(Span(start=start, end=end, text=text[start:end]) for start, end in sorted(places))


def _polarity_by_phrases(facilitates: int, hinders: int) -> Polarity:
    if hinders > facilitates:
        return "hinders"
    return "mixed" if hinders and hinders == facilitates else "facilitates"
