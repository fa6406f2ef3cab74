"""Words that speak for a code where they stand near those whom it is about: `train` near `volunteer`, or `nurse`."""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from spacy.language import Language

from evitable.classify.terms import base
from evitable.codebook import Codebook

NEAR = 8
"""Words that two words may stand apart, in one sentence."""
_ENDS = ".;!?"


class Word(NamedTuple):
    """One word of a code in a passage: whose it is, which one, and where it first stands (token)."""

    label: str
    word: str
    token: int


class _Entry(NamedTuple):
    """What a form of a word is: a word of codes (code, word, groups near which it counts), and a member of groups."""

    words: list[tuple[str, str, tuple[str, ...]]]
    groups: list[str]


_Place = tuple[int, int, int]
"""Where a word stands: its token, its base, and the number of its sentence."""


class WordFinder:
    """Finds the words of codes, in all inflected forms."""

    def __init__(self, nlp: Language, codebook: Codebook) -> None:
        """Take the words.

        Args:
            nlp: The pipeline that the texts come from (`terms.base_pipeline`).
            codebook: Its codes' words, and its groups of words.
        """
        strings = nlp.vocab.strings
        self._known: dict[int, _Entry] = {}
        for code in codebook.code:
            for form in sorted({base(word) for word in code.words}):
                self._entry(strings.add(form)).words.append((code.name, form, code.near))
        for name, words in codebook.word_groups.items():
            for form in sorted({base(word) for word in words}):
                self._entry(strings.add(form)).groups.append(name)
        self._ends = {strings.add(base(mark)) for mark in _ENDS}

    def find(self, norms: Sequence[int]) -> list[Word]:
        """Give each different word of each code once, in order; no tokens give none.

        Args:
            norms: Of each token its `NORM`, the base of its word.
        """
        known, marks = self._known, self._ends
        ends = [token for token, norm in enumerate(norms) if norm in marks]
        hits = [((token, norm, bisect(ends, token)), known[norm]) for token, norm in enumerate(norms) if norm in known]
        members: dict[str, list[_Place]] = defaultdict(list)
        for place, entry in hits:
            for name in entry.groups:
                members[name].append(place)
        found: dict[tuple[str, str], Word] = {}
        for place, entry in hits:
            for label, word, near in entry.words:
                if (label, word) not in found and (not near or any(_beside(place, members[name]) for name in near)):
                    found[label, word] = Word(label, word, place[0])
        return list(found.values())

    def _entry(self, norm: int) -> _Entry:
        return self._known.setdefault(norm, _Entry([], []))


def _beside(place: _Place, others: Sequence[_Place]) -> bool:
    """Tell whether another word of a group stands near a word in its sentence."""
    token, norm, sentence = place
    for other, its_norm, its_sentence in others:
        if -NEAR <= other - token <= NEAR and its_sentence == sentence and its_norm != norm:
            return True
    return False
