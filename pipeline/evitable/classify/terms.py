"""Words as the models see them: stems with British and American spelling alike, names and numbers masked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer
import spacy
from spacy.language import Language
from spacy.tokens import Doc, Token

_STEMMER = snowballstemmer.stemmer("english")
_CITATION = re.compile(
    r"\((?:see |e\.g\.,? |cf\. )*[^()]{0,80}?\b(?:1[89]|20)\d\d[a-z]?[^()]{0,160}\)"  # (Author and Author, 2014; ...)
    r"|\[\d[\d,;–\- ]*\]"  # [12, 14]
    r"|(?<=[^\W\d]) \((?:1[89]|20)\d\d[a-z]?\)"  # Author (2014)
)
_SPELLING = (
    (re.compile(r"is(e|ed|es|er|ers|ing|ation|ations|ational)$"), r"iz\1"),
    (re.compile(r"ys(e|ed|es|ing)$"), r"yz\1"),
    (re.compile(r"(lab|neighb|behavi|col|fav|hon|hum|harb|rum|vig|endeav)our"), r"\1or"),
    (re.compile(r"^programme"), "program"),
    (re.compile(r"^(centre|theatre|metre|litre)"), lambda match: match[1][:-2] + "er"),
    (re.compile(r"ll(ed|ing|er|ers)$"), r"l\1"),
    (re.compile(r"^(skilful|fulfil|enrol|instal)(s|ment|ments)?$"), r"\1l\2"),
    (re.compile(r"^(defence|licence|offence)"), lambda match: match[1][:-2] + "se"),
)
_CO_STEMS = "product|design|deliver|commission|assess|creat|manag|govern|plan|evaluat|monitor|financ|implement|priorit"
_CO = re.compile(rf"^co-?(?={_CO_STEMS})")
_CO_PARTED = re.compile(rf"\b[Cc]o[-‐‑– ](?=(?:{_CO_STEMS}))")


CITATION, NUMBER = "CITE", "0"
"""What stands for every citation, and for every number."""


class Term(NamedTuple):
    """A word as a model sees it, and where it stands in the passage (code points)."""

    text: str
    start: int
    end: int


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Give a word's stem: lower case, one spelling for British and American English, English Snowball (Porter 2)."""
    lowered = _CO.sub("co", word.casefold().replace("’", "'"))
    for pattern, replacement in _SPELLING:
        lowered = pattern.sub(replacement, lowered)
    return str(_STEMMER.stemWord(lowered))


@Language.component("evitable_stems")
def set_stems(doc: Doc) -> Doc:
    """Write each token's stem into its lemma, so that spaCy's matchers find a word in all its forms."""
    for token in doc:
        token.lemma_ = stem(token.text)
    return doc


def stem_pipeline() -> Language:
    """Build the blank English pipeline that sets stems."""
    nlp = spacy.blank("en")
    nlp.max_length = 100_000_000  # letters; rules alone need little memory
    nlp.add_pipe("evitable_stems")
    return nlp


def plain(text: str) -> str:
    """Write co-words in one way, keeping every offset: `Co-production` and `co production` are the same to a model."""
    return _CO_PARTED.sub("co-", text)


def terms(doc: Doc) -> list[Term]:
    """Give the words of a passage for n-gram features.

    Numbers become `0`, citations become `CITE`, and names (capitalised words inside a sentence) are left out, so that
    an author, a place or a figure never decides a code. An empty text gives no terms.
    """
    cited = _citations(doc.text)
    found: list[Term] = []
    for token in doc:
        inside = next((span for span in cited if span[0] <= token.idx < span[1]), None)
        if inside is not None:
            if not found or found[-1].start != inside[0]:
                found.append(Term(CITATION, *inside))
            continue
        text = _term(token)
        end = token.idx + len(token.text)
        if text and _joins_co(found, token):
            found[-1] = Term(found[-1].text + text, found[-1].start, end)
        elif text:
            found.append(Term(text, token.idx, end))
    return found


def _joins_co(found: Sequence[Term], token: Token) -> bool:
    """Tell whether the word is the second half of a co-word, which spaCy cuts at its hyphen."""
    return bool(found) and found[-1].text == "co" and found[-1].end == token.idx - 1 and token.nbor(-1).text == "-"


def _citations(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _CITATION.finditer(text)]


def _term(token: Token) -> str:
    if token.like_num or any(c.isdigit() for c in token.text):
        return NUMBER
    if not token.text[0].isalpha():  # punctuation, and the second half of `county's`
        return ""
    return "" if _is_name(token) else token.lemma_


def _is_name(token: Token) -> bool:
    """Tell whether the word is a name: capitalised, not all capitals, and not where a sentence starts."""
    if not token.text[0].isupper() or (token.text.isupper() and len(token.text) > 1):
        return False
    if token.i == 0:
        return False
    before = token.nbor(-1)
    return not (before.text[-1] in ".!?:;•" or before.text in {"“", '"', "‘", "'", "(", "-", "–"} or before.is_space)


def joined(words: Sequence[Term]) -> str:
    """Write terms as one string with single spaces, which is what the vectorizer reads."""
    return " ".join(term.text for term in words)
