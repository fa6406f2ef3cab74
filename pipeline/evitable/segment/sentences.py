"""Sentences by rules for scientific English, as a spaCy component on a blank pipeline."""

from __future__ import annotations

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Token

from evitable.errors import UserError

_MOST_LETTERS = 100_000_000
_ENDS = frozenset({".", "!", "?", "…", ".)", "?!"})
_CLOSERS = frozenset({")", "]", "”", '"', "’", "'", "»"})
_ABBREVIATIONS = frozenset(
    """
    al et cf fig figs eq eqs no nos vol vols pp p ed eds approx resp ca vs sec sect ch chap art par
    para tab dept univ
    inc ltd st dr mr mrs ms prof jr sr e.g i.e viz incl est min max ref refs app n.d u.s u.k a.m p.m
    """.split()  # noqa: SIM905 - a word list reads better than 60 quoted words
)


@Language.component("evitable_sentences")
def mark_sentences(doc: Doc) -> Doc:
    """Mark sentence starts; citations, `et al.`, `e.g.`, initials and numbers do not end a sentence."""
    for token in doc:
        token.is_sent_start = token.i == 0
    for token in doc[:-1]:
        if token.text in _ENDS or (token.text[-1] in ".!?" and len(token.text) > 1):
            first = _after_closers(doc, token.i + 1)
            if first is not None and _ends_here(token, first):
                first.is_sent_start = True
    return doc


def _after_closers(doc: Doc, index: int) -> Token | None:
    """Give the first token behind closing quotes and brackets that stand right at the full stop."""
    while index < len(doc) and doc[index].text in _CLOSERS and not doc[index - 1].whitespace_:
        index += 1
    return doc[index] if index < len(doc) else None


def _ends_here(token: Token, first: Token) -> bool:
    if not token.doc[first.i - 1].whitespace_ and not first.is_space:
        return False
    if first.text[0].islower() or first.text[0] in ",;:)":
        return False
    word = token.text.rstrip(".!?").casefold()
    if token.text in _ENDS and token.i > 0 and not token.doc[token.i - 1].whitespace_:
        word = token.doc[token.i - 1].text.rstrip(".").casefold()
    if token.text[-1] == "." and (word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha() and word != "i")):
        return False
    return not (
        token.text == "." and first.text[0] == "(" and first.i + 1 < len(first.doc) and first.doc[first.i + 1].like_num
    )


def sentence_pipeline(name: str = "") -> Language:
    """Build the pipeline that cuts sentences.

    Args:
        name: An installed spaCy pipeline or a folder; empty for the built-in rules for English.

    Raises:
        UserError: There is no such pipeline.
    """
    if not name:
        nlp = spacy.blank("en")
        nlp.max_length = _MOST_LETTERS  # rules alone need little memory
        nlp.add_pipe("evitable_sentences")
        return nlp
    try:
        nlp = spacy.load(name)
    except (OSError, ValueError, ImportError) as error:
        raise UserError(
            f'The spaCy pipeline "{name}" named in review.toml (nlp) cannot be loaded.',
            "Install it, correct the name, or delete the line to use the built-in rules.",
        ) from error
    if not any(nlp.has_pipe(pipe) for pipe in ("parser", "senter", "sentencizer")):
        nlp.add_pipe("evitable_sentences")
    return nlp
