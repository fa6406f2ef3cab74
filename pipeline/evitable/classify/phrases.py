"""Indicator phrases of a codebook as spaCy matchers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from spacy.language import Language
from spacy.pipeline import SpanRuler
from spacy.tokens import Doc

from evitable.classify.terms import plain, stem, stem_pipeline
from evitable.codebook import Codebook

SPANS = "phrases"
GAP = 4
"""Words that `...` in a phrase may stand for."""
FACILITATES, HINDERS = "+facilitates", "+hinders"
"""Marks of the polarity phrases among the code names; no code name can hold a plus sign."""


def phrase_pipeline(codebook: Codebook) -> Language:
    """Build a pipeline that finds every phrase of the codebook in a text, in all forms of its words.

    Args:
        codebook: Its phrases; `...` in a phrase stands for up to four words within a sentence.

    Returns:
        A pipeline; after it, `doc.spans["phrases"]` holds the matches, each with its code as the label.
    """
    nlp = empty_phrase_pipeline()
    ruler = nlp.get_pipe("span_ruler")
    patterns: list[dict[str, Any]] = []
    for code in codebook.code:
        patterns += _patterns(code.name, code.phrases, nlp)
    patterns += _patterns(FACILITATES, codebook.polarity.facilitates, nlp)
    patterns += _patterns(HINDERS, codebook.polarity.hinders, nlp)
    if patterns:
        _ruler(ruler).add_patterns(patterns)
    return nlp


def empty_phrase_pipeline() -> Language:
    """Build the same pipeline without phrases, to be filled from a saved model."""
    nlp = stem_pipeline()
    nlp.add_pipe("span_ruler", config={"spans_key": SPANS, "phrase_matcher_attr": "LEMMA"})
    return nlp


def _ruler(pipe: object) -> SpanRuler:
    if not isinstance(pipe, SpanRuler):  # pragma: no cover - spaCy's own factory gave it
        raise TypeError(type(pipe).__name__)
    return pipe


def save_phrases(nlp: Language) -> bytes:
    """Give the phrases in spaCy's own format."""
    return _ruler(nlp.get_pipe("span_ruler")).to_bytes()


def load_phrases(data: bytes) -> Language:
    """Build the pipeline from what `save_phrases` gave."""
    nlp = empty_phrase_pipeline()
    _ruler(nlp.get_pipe("span_ruler")).from_bytes(data)
    return nlp


def _patterns(label: str, phrases: Iterable[str], nlp: Language) -> list[dict[str, Any]]:
    patterns: list[dict[str, Any]] = []
    for phrase in dict.fromkeys(plain(phrase) for phrase in phrases):
        if "..." in phrase:
            patterns.append({"label": label, "id": phrase, "pattern": _gapped(phrase, nlp)})
        else:
            patterns += [{"label": label, "id": phrase, "pattern": form} for form in _forms(phrase)]
    return patterns


def _forms(phrase: str) -> list[str]:
    """Give the spellings of a compound: with hyphen, as one word, as two words."""
    return (
        list(dict.fromkeys((phrase, phrase.replace("-", ""), phrase.replace("-", " ")))) if "-" in phrase else [phrase]
    )


def _gapped(phrase: str, nlp: Language) -> list[dict[str, Any]]:
    gap = {"ORTH": {"NOT_IN": [".", ";", "!", "?"]}, "OP": f"{{0,{GAP}}}"}
    pattern: list[dict[str, Any]] = []
    for index, part in enumerate(phrase.split("...")):
        if index:
            pattern.append(gap)
        pattern += [{"LEMMA": stem(token.text)} for token in nlp.make_doc(part.strip())]
    return pattern


def phrase_places(doc: Doc, label: str) -> list[tuple[int, int]]:
    """Give the places where phrases of a code (or polarity mark) stand, longest first where they overlap, in order."""
    found = sorted(
        ((span.start_char, span.end_char) for span in doc.spans[SPANS] if span.label_ == label),
        key=lambda item: (item[0] - item[1], item[0]),
    )
    kept: list[tuple[int, int]] = []
    for start, end in found:
        if all(end <= first or start >= last for first, last in kept):
            kept.append((start, end))
    return sorted(kept)


def phrase_counts(doc: Doc, labels: Sequence[str]) -> dict[str, int]:
    """Count different phrases of each code in a passage; a phrase that stands twice counts once."""
    counts = Counter(label for label, _ in {(span.label_, span.id_) for span in doc.spans[SPANS]})
    return {label: counts[label] for label in labels}
