"""Values of an attribute that a codebook lists, found by their phrases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from evitable.classify.phrases import PhraseFinder
from evitable.classify.study_texts import Found, StudyText
from evitable.codebook import StudyAttribute

_WEIGHTS = {"title": 4, "keywords": 2}
_SHARE_OF_BEST = 0.5
_MIN_WEIGHT = 2
_JOINED_LEAST = 2
"""Sentences outside the abstract in which each part of a joined value must stand: one alone may be a side remark."""
_STAND_IN = 3


class _Place(NamedTuple):
    """A phrase in a text: its value, whether the phrase is a weak one, and the sentence in which it stands."""

    value: str
    weak: bool
    text: StudyText
    sentence: tuple[int, int]


class ValueFinder:
    """Finds the values of one attribute."""

    def __init__(self, attribute: StudyAttribute, nlp: Language) -> None:
        self._attribute = attribute
        self._order = list(dict.fromkeys((*attribute.joined, *attribute.values, *attribute.weak)))
        self._sure, self._weak = _Phrases(attribute.values, nlp), _Phrases(attribute.weak, nlp)

    def find(self, texts: Sequence[StudyText], docs: Mapping[int, Doc]) -> list[Found]:
        """Give the values of a study, each with the first sentence (or title) that has a phrase of it.

        Args:
            texts: The texts of the paper, in order.
            docs: Their words, by place in `texts`; at least of those that `wanted` names.

        Returns:
            The values that the paper stresses: those with most phrases, or the first in the codebook's order,
            whichever the attribute asks for. Empty where there is none.
        """
        places = list(self._places([(texts[at], docs[at]) for at in self.wanted(texts)]))
        chosen = self._first(places) if self._attribute.choose == "first" else self._most(places)
        return [Found(value, *self._quote(value, places)) for value in chosen]

    def wanted(self, texts: Sequence[StudyText]) -> list[int]:
        """Name the texts to look in; where the paper has none of the sections, its first three passages stand in."""
        heads = [at for at, text in enumerate(texts) if text.section in _WEIGHTS]
        passages = [at for at, text in enumerate(texts) if text.section not in _WEIGHTS]
        sections = self._attribute.sections
        inside = [at for at in passages if texts[at].section in sections or texts[at].role in sections]
        return heads + (inside or passages[:_STAND_IN])

    def _places(self, texts: Sequence[tuple[StudyText, Doc]]) -> Iterator[_Place]:
        for text, doc in texts:
            for phrases, weak in ((self._sure, False), (self._weak, True)):
                for value, start in phrases.find(doc):
                    sentence = text.sentence_at(start)
                    if text.section in _WEIGHTS or not text.of_others(*sentence):
                        yield _Place(value, weak, text, sentence)

    def _most(self, places: Sequence[_Place]) -> list[str]:
        """Choose the values that the paper stresses: the best one, or all that come near it."""
        weights: Counter[str] = Counter()
        for place in [p for p in places if not p.weak] or places:
            weights[place.value] += _WEIGHTS.get(place.text.section, 1)
        ranked = sorted(weights, key=lambda value: (-weights[value], self._order.index(value)))
        if not self._attribute.many:
            return ranked[:1]
        near = [v for v in ranked if weights[v] >= max(_MIN_WEIGHT, _SHARE_OF_BEST * weights[ranked[0]])]
        return near or ranked[:1]

    def _first(self, places: Sequence[_Place]) -> list[str]:
        """Choose what the title says, else the key words, else the sections; there weak phrases come last."""
        for section in _WEIGHTS:
            if named := {place.value for place in places if place.text.section == section}:
                return self._in_order(named)
        sure = {place.value for place in places if not place.weak}
        sure |= {whole for whole, parts in self._attribute.joined.items() if all(_holds(p, places) for p in parts)}
        return self._in_order(sure) if sure else self._in_order({place.value for place in places}, weak=True)

    def _in_order(self, values: set[str], *, weak: bool = False) -> list[str]:
        order = list(self._attribute.weak) if weak else self._order
        return sorted(values, key=order.index)[: None if self._attribute.many else 1]

    def _quote(self, value: str, places: Sequence[_Place]) -> tuple[StudyText, tuple[int, int]]:
        names = {value, *self._attribute.joined.get(value, ())}
        own = [place for place in places if place.value == value] or [place for place in places if place.value in names]
        # A title that the paper does not print so has no page to look it up on.
        best = next((place for place in own if place.text.start is not None), own[0])
        return best.text, best.sentence


class _Phrases:
    """Finds phrases: capitalised ones as they are written, all others in all forms of their words."""

    def __init__(self, values: Mapping[str, Sequence[str]], nlp: Language) -> None:
        self._exact = PhraseMatcher(nlp.vocab, attr="ORTH")
        for value, phrases in values.items():
            if written := [nlp.make_doc(phrase) for phrase in phrases if phrase[:1].isupper()]:
                self._exact.add(value, written)
        self._stems = PhraseFinder(
            nlp,
            {value: [phrase for phrase in phrases if not phrase[:1].isupper()] for value, phrases in values.items()},
        )

    def find(self, doc: Doc) -> list[tuple[str, int]]:
        """Give value and place (code point) of each phrase in a text, in order."""
        found = [(doc.vocab.strings[match], doc[start].idx) for match, start, _ in self._exact(doc)]
        found += [(item.label, doc[item.start].idx) for item in self._stems.find(doc)]
        return sorted(found, key=lambda item: (item[1], item[0]))


def _holds(value: str, places: Sequence[_Place]) -> bool:
    """Tell whether a part of a joined value is there: in the abstract, or in two sentences that are sure of it."""
    own = [place for place in places if place.value == value]
    sure = {(id(place.text), place.sentence) for place in own if not place.weak}
    return any(place.text.role == "abstract" for place in own) or len(sure) >= _JOINED_LEAST
