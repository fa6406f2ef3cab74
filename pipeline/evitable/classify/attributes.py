"""Attributes of a study (country, domain, design, data), each with the sentence that it rests on."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Doc

from evitable.classify.amounts import stated_amounts
from evitable.classify.places import stressed_countries
from evitable.classify.study_texts import Found, StudyText, study_texts
from evitable.classify.terms import base_pipeline, plain
from evitable.classify.values import ValueFinder
from evitable.codebook import Codebook, StudyAttribute
from evitable.records import Attribute, Document, Passage


class AttributeFinder:
    """Finds the attributes that a codebook asks for."""

    def __init__(self, codebook: Codebook) -> None:
        self._attributes = codebook.attribute
        self._nlp = base_pipeline()
        self._values = {a.name: ValueFinder(a, self._nlp) for a in codebook.attribute if a.kind == "values"}

    def find(self, title: str, document: Document, passages: Sequence[Passage]) -> tuple[Attribute, ...]:
        """Find the attributes of one paper.

        Args:
            title: Its title, from the reference record or the first page; may be empty.
            document: Its text, for the key words.
            passages: Its passages, in order.

        Returns:
            Values in the codebook's order; an attribute that is not found is left out. Quotes are exact stretches of
            the document's text, or of the title (then on page 0, if the document does not print it so).
        """
        texts = study_texts(title, document, passages)
        docs = self._docs(texts)
        return tuple(
            found.attribute(attribute.name, document)
            for attribute in self._attributes
            for found in self._found(attribute, texts, docs)
        )

    def _found(self, attribute: StudyAttribute, texts: Sequence[StudyText], docs: dict[int, Doc]) -> list[Found]:
        if attribute.kind == "country":
            return stressed_countries(texts)
        if attribute.kind == "data":
            return stated_amounts(texts)
        return self._values[attribute.name].find(texts, docs)

    def _docs(self, texts: Sequence[StudyText]) -> dict[int, Doc]:
        """Give the words of the texts that phrases are looked for in, each text once for all attributes."""
        wanted = sorted({at for finder in self._values.values() for at in finder.wanted(texts)})
        return {at: self._nlp.make_doc(plain(texts[at].text)) for at in wanted}
