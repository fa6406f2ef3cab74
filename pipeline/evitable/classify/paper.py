"""Passages of one paper to predictions."""

from __future__ import annotations

from collections.abc import Sequence

from evitable.classify.answers import Answer, Classifier
from evitable.classify.attributes import AttributeFinder
from evitable.codebook import Code
from evitable.records import Document, PaperCoding, Passage, Prediction


def classify_paper(
    document: Document, passages: Sequence[Passage], title: str, classifier: Classifier, finder: AttributeFinder
) -> PaperCoding:
    """Code the passages of one paper and find the study's attributes.

    Args:
        document: The paper's text.
        passages: Its passages, in order.
        title: Its title, or an empty text.
        classifier: The model, or the codebook's phrases.
        finder: Finds the attributes.

    Returns:
        Predictions of codes given, and of codes that the classifier is unsure of, in the passages' and then the
        codebook's order. No passages give no predictions.
    """
    answers = classifier.code_paper(
        [passage.text for passage in passages], [passage.section_kind for passage in passages]
    )
    predictions = tuple(
        _prediction(passage, code, answer, classifier)
        for passage, answer in zip(passages, answers, strict=True)
        for code in classifier.codebook.code
        if code.name in answer.words
    )
    return PaperCoding(
        paper_id=document.paper_id, predictions=predictions, attributes=finder.find(title, document, passages)
    )


def _prediction(passage: Passage, code: Code, answer: Answer, classifier: Classifier) -> Prediction:
    return Prediction(
        passage_id=passage.id,
        dimension=code.dimension,
        code=code.name,
        probability=answer.probabilities[code.name],
        polarity=answer.polarity.get(code.name),
        unsure=code.name in answer.unsure,
        basis=answer.basis or "finding",
        words=answer.words[code.name],
        model_id=classifier.model_id,
        codebook_version=classifier.codebook.digest,
    )
