"""Attributes of a study (country, domain, design), found by phrases, each with the sentence it rests on."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from spacy.language import Language
from spacy.matcher import PhraseMatcher

from evitable.classify.terms import stem_pipeline
from evitable.codebook import Codebook, StudyAttribute
from evitable.records import Attribute, Document, Passage

_TITLE_WEIGHT = 4
_KEYWORD_WEIGHT = 2
_SHARE_OF_BEST = 0.5
_MIN_WEIGHT = 2


class _Text(NamedTuple):
    """A text to look in; `start` is its place in the document's text, or None for a title from elsewhere."""

    text: str
    weight: int
    start: int | None
    section: str


class AttributeFinder:
    """Finds the attributes that a codebook asks for."""

    def __init__(self, codebook: Codebook) -> None:
        self._attributes = codebook.attribute
        self._nlp = stem_pipeline()
        self._matchers = [(a, *_matchers(a, self._nlp)) for a in codebook.attribute]

    def find(self, title: str, document: Document, passages: Sequence[Passage]) -> tuple[Attribute, ...]:
        """Find the attributes of one paper.

        Args:
            title: Its title, from the reference record or the first page; may be empty.
            document: Its text, for the key words.
            passages: Its passages.

        Returns:
            Values in the codebook's order; an attribute that is not found is left out.
        """
        texts = _texts(title, document, passages)
        found: list[Attribute] = []
        for attribute, exact, stems in self._matchers:
            weights: dict[str, int] = defaultdict(int)
            quotes: dict[str, Attribute] = {}
            for text in _of_sections(texts, attribute.sections):
                doc = self._nlp(text.text)
                for match, start, end in (*exact(doc), *stems(doc)):
                    value = self._nlp.vocab.strings[match]
                    weights[value] += text.weight
                    if value not in quotes:
                        span = _sentence(text.text, doc[start].idx, doc[end - 1].idx + len(doc[end - 1].text))
                        quotes[value] = Attribute(
                            name=attribute.name,
                            value=value,
                            quote=text.text[slice(*span)],
                            page=_page(document, text, *span),
                        )
            found += [quotes[value] for value in _chosen(attribute, weights)]
        return tuple(found)


def _matchers(attribute: StudyAttribute, nlp: Language) -> tuple[PhraseMatcher, PhraseMatcher]:
    """Give two matchers: capitalised phrases as they are written, all others in all forms of their words."""
    exact, stems = PhraseMatcher(nlp.vocab, attr="ORTH"), PhraseMatcher(nlp.vocab, attr="LEMMA")
    for value, phrases in attribute.values.items():
        written = [nlp.make_doc(phrase) for phrase in phrases if phrase[:1].isupper()]
        others = list(nlp.pipe(phrase for phrase in phrases if not phrase[:1].isupper()))
        if written:
            exact.add(value, written)
        if others:
            stems.add(value, others)
    return exact, stems


def _texts(title: str, document: Document, passages: Sequence[Passage]) -> list[_Text]:
    texts = [_Text(title, _TITLE_WEIGHT, None, "title")] if title else []
    for block in document.blocks:
        text = document.text_of(block)
        if block.kind == "front_matter" and re.match(r"key\s?-?words", text, re.IGNORECASE):
            texts.append(_Text(text, _KEYWORD_WEIGHT, block.start, "title"))
    texts += [_Text(p.text, 1, p.start, p.section_kind) for p in passages]
    return texts


def _page(document: Document, text: _Text, start: int, end: int) -> int:
    """Give the page on which a stretch of a text begins, or 0 where it is in none."""
    if text.start is None:
        return 0
    return next((line.page for line in document.lines_of(text.start + start, text.start + end)), 0)


def _of_sections(texts: Sequence[_Text], sections: Sequence[str]) -> list[_Text]:
    """Give the texts of the sections; where the paper has none of them, its first three passages stand in."""
    wanted = [text for text in texts if text.section == "title" or text.section in sections]
    if any(text.section != "title" for text in wanted):
        return wanted
    return wanted + [text for text in texts if text.section != "title"][:3]


def _chosen(attribute: StudyAttribute, weights: dict[str, int]) -> list[str]:
    """Choose the values that the paper stresses: the best one, or all that come near it."""
    order = list(attribute.values)
    ranked = sorted(weights, key=lambda value: (-weights[value], order.index(value)))
    if not ranked:
        return []
    if not attribute.many:
        return ranked[:1]
    best = weights[ranked[0]]
    near = [value for value in ranked if weights[value] >= max(_MIN_WEIGHT, _SHARE_OF_BEST * best)]
    return near or ranked[:1]


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Give the span of the sentence around a match, by full stops."""
    before = max((match.end() for match in re.finditer(r"[.!?]\s+", text[:start])), default=0)
    after = re.search(r"[.!?](?=\s|$)", text[end:])
    last = end + after.end() if after else len(text)
    sentence = text[before:last]
    return before + len(sentence) - len(sentence.lstrip()), before + len(sentence.rstrip())
