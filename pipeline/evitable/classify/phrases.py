"""Indicator phrases of a codebook, found in all inflected forms of their words by spaCy's phrase matcher."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from spacy.attrs import IDX, LENGTH, NORM
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from evitable.classify.terms import base, plain
from evitable.classify.words import Word, WordFinder
from evitable.codebook import Codebook

GAP = 4
"""Words that `...` in a phrase may stand for."""
FACILITATES, HINDERS = "+facilitates", "+hinders"
"""Marks of the polarity phrases among the code names; no code name can hold a plus sign."""
NEGATIONS = (
    *("no", "not", "never", "neither", "nor", "without", "cannot", "n't", "lack", "lack of", "lacked", "absence of"),
    *("failed to", "fail to", "refused to", "unable to", "rather than", "instead of", "hardly", "little", "few"),
)
HEDGES = (
    *("may", "might", "could", "would", "perhaps", "possibly", "probably", "likely", "seem", "appear", "suggest"),
    *("tend to", "assume", "potential", "potentially", "in principle", "expected to", "should", "hypothesis"),
)
_NEGATION, _HEDGE = "+negation", "+hedge"
_STOPS = frozenset(".;!?")


class Found(NamedTuple):
    """One phrase in a passage: whose it is, which one, and where it stands (tokens)."""

    label: str
    phrase: str
    start: int
    end: int


class Cues(NamedTuple):
    """What speaks for codes in a passage, and how it is put.

    Attributes:
        phrases: Indicator phrases.
        negations: Where negations end (tokens).
        hedges: How many hedges stand in it.
        words: Words of codes.
        starts: Where each token starts (code points).
        lengths: How long each token is (code points).
        by_label: The phrases by label.
    """

    phrases: tuple[Found, ...]
    negations: tuple[int, ...]
    hedges: int
    words: tuple[Word, ...]
    starts: list[int]
    lengths: list[int]
    by_label: dict[str, list[Found]]

    def count(self, label: str) -> int:
        """Count different phrases of a code (or polarity mark); a phrase that stands twice counts once."""
        return len({found.phrase for found in self.by_label.get(label, ())})

    def places(self, label: str) -> list[tuple[int, int]]:
        """Give where phrases of a code stand (code points), longest first where they overlap, in order."""
        found = sorted(
            (self.place(item.start, item.end) for item in self.by_label.get(label, ())),
            key=lambda place: (place[0] - place[1], place[0]),
        )
        kept: list[tuple[int, int]] = []
        for place in found:
            if is_free(place, kept):
                kept.append(place)
        return sorted(kept)

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Give where a run of tokens stands (code points)."""
        return self.starts[start], self.starts[end - 1] + self.lengths[end - 1]


class PhraseFinder:
    """Finds the phrases of labels, in all inflected forms of their words; `...` stands for up to four words."""

    def __init__(self, nlp: Language, phrases: Mapping[str, Iterable[str]]) -> None:
        """Take the phrases by label.

        Args:
            nlp: The pipeline that the texts come from (`terms.base_pipeline`).
            phrases: Phrases by label.
        """
        self._matcher = PhraseMatcher(nlp.vocab, attr="NORM")
        self._parts: dict[int, tuple[str, str, int, int]] = {}
        for label, written in phrases.items():
            for phrase in _distinct(written):
                parts = [part.strip() for part in phrase.split("...")]
                for index, part in enumerate(parts):
                    key = f"{label}/{phrase}/{index}"
                    self._matcher.add(key, [nlp.make_doc(form) for form in _forms(part)])
                    self._parts[nlp.vocab.strings[key]] = (label, phrase, index, len(parts))

    def find(self, doc: Doc) -> Iterator[Found]:
        """Give the phrases of a text, in no order; overlapping ones are all given."""
        gapped: dict[tuple[str, str], list[list[tuple[int, int]]]] = {}
        for key, start, end in self._matcher(doc):
            label, phrase, index, parts = self._parts[key]
            if parts == 1:
                yield Found(label, phrase, start, end)
            else:
                gapped.setdefault((label, phrase), [[] for _ in range(parts)])[index].append((start, end))
        for (label, phrase), places in gapped.items():
            for start, end in _joined(places, doc) if all(places) else ():
                yield Found(label, phrase, start, end)


class CueFinder:
    """Finds a codebook's phrases and words, and what negates and hedges a passage."""

    def __init__(self, nlp: Language, codebook: Codebook) -> None:
        self._finder = PhraseFinder(
            nlp,
            {
                **{code.name: code.phrases for code in codebook.code},
                FACILITATES: codebook.polarity.facilitates,
                HINDERS: codebook.polarity.hinders,
                _NEGATION: NEGATIONS,
                _HEDGE: HEDGES,
            },
        )
        self._words = WordFinder(nlp, codebook)

    def find(self, doc: Doc) -> Cues:
        """Find the cues of one passage; an empty one has none."""
        norms, starts, lengths = doc.to_array([NORM, IDX, LENGTH]).T.tolist()
        found = sorted(set(self._finder.find(doc)), key=lambda item: (item.start, -item.end, item.label, item.phrase))
        by_label: dict[str, list[Found]] = defaultdict(list)
        for item in found:
            by_label[item.label].append(item)
        return Cues(
            tuple(item for item in found if item.label not in {_NEGATION, _HEDGE}),
            tuple(item.end for item in by_label.get(_NEGATION, ())),
            len(by_label.get(_HEDGE, ())),
            tuple(self._words.find(norms)),
            starts,
            lengths,
            by_label,
        )


def is_free(place: tuple[int, int], taken: Iterable[tuple[int, int]]) -> bool:
    """Tell whether a place overlaps none of those that are taken."""
    start, end = place
    for first, last in taken:  # noqa: SIM110 - asked for each word that is shown, and `all` takes twice as long
        if end > first and start < last:
            return False
    return True


def _distinct(phrases: Iterable[str]) -> Iterable[str]:
    """Leave out phrases that differ from an earlier one in spelling or inflection only: they would count twice."""
    known: dict[str, str] = {}
    for phrase in map(plain, phrases):
        known.setdefault(" ".join(map(base, phrase.split())), phrase)
    return known.values()


def _forms(phrase: str) -> list[str]:
    """Give the spellings of a compound: with hyphen, as one word, as two words."""
    return (
        list(dict.fromkeys((phrase, phrase.replace("-", ""), phrase.replace("-", " ")))) if "-" in phrase else [phrase]
    )


def _joined(places: Sequence[Sequence[tuple[int, int]]], doc: Doc) -> list[tuple[int, int]]:
    """Join the parts of a phrase that stand in order within a sentence, at most `GAP` words apart."""
    spans = list(places[0])
    for following in places[1:]:
        spans = [
            (start, last)
            for start, end in spans
            for first, last in following
            if 0 <= first - end <= GAP and not any(token.text in _STOPS for token in doc[end:first])
        ]
    return spans
