"""Words as the models see them: stems with British and American spelling alike, names and numbers masked."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from typing import Any, NamedTuple

import snowballstemmer
import spacy
from spacy.attrs import IDX, NORM, ORTH
from spacy.lang.en.lex_attrs import like_num
from spacy.language import Language
from spacy.tokens import Doc

_STEMMER = snowballstemmer.stemmer("english")
_CITATION = re.compile(
    r"\((?:see |e\.g\.,? |cf\. )*[^()]{0,80}?\b(?:1[89]|20)\d\d[a-z]?[^()]{0,160}\)"  # (Author and Author, 2014; ...)
    r"|\[\d[\d,;–\- ]*\]"  # [12, 14]
    r"|(?<=[^\W\d]) \((?:1[89]|20)\d\d[a-z]?\)"  # Author (2014)
)
_AMERICAN = {
    "ageing": "aging",
    "catalogue": "catalog",
    "enquir": "inquir",
    "grey": "gray",
    "kerb": "curb",
    "learnt": "learned",
    "paediatr": "pediatr",
    "sceptic": "skeptic",
    "skilful": "skillful",
    "wilful": "willful",
}
"""Beginnings of words that follow no rule."""
_SPELLING = (
    (re.compile(r"^practis(e|ed|es|ing)$"), r"practic\1"),
    (re.compile(r"is(e|ed|es|er|ers|ing|ation|ations|ational|ationally)$"), r"iz\1"),
    (re.compile(r"ys(e|ed|es|ing)$"), r"yz\1"),
    (re.compile(r"(lab|neighb|behavi|col|fav|hon|hum|harb|rig|rum|vig|endeav)our"), r"\1or"),
    (re.compile(r"^programme"), "program"),
    (re.compile(r"^(cent|theat|met|lit)r(ed|ing)$"), r"\1er\2"),
    (re.compile(r"^(centre|theatre|metre|litre)"), lambda match: match[1][:-2] + "er"),
    (re.compile(r"ll(ed|ing|er|ers|or|ors)$"), r"l\1"),
    (re.compile(r"dgement(s?)$"), r"dgment\1"),
    (re.compile(r"^(fulfil|enrol|instal)(s|ment|ments)?$"), r"\1l\2"),
    (re.compile(f"^({'|'.join(_AMERICAN)})"), lambda match: _AMERICAN[match[1]]),
    (re.compile(r"^(defence|licence|offence)"), lambda match: match[1][:-2] + "se"),
)
_VOWEL = re.compile(r"[aeiouy]")
_ENDING = re.compile(r"(..+?)(?:(?<!e)ed|ing)")
_CO_STEMS = "product|design|deliver|commission|assess|creat|manag|govern|plan|evaluat|monitor|financ|implement|priorit"
_CO = re.compile(rf"^co-?(?={_CO_STEMS})")
_CO_PARTED = re.compile(rf"\b[Cc]o[-‐‑– ](?=(?:{_CO_STEMS}))")
_CO_WORD = re.compile(rf"co-(?:{_CO_STEMS})\w*", re.IGNORECASE)
_OPENING = frozenset({"“", '"', "‘", "'", "(", "-", "–"})

CITATION, NUMBER = "CITE", "0"
"""What stands for every citation, and for every number."""


class Terms(NamedTuple):
    """The words of a passage as a model sees them, and where each stands (code points): three lists of equal length."""

    texts: list[str]
    starts: list[int]
    ends: list[int]

    @property
    def joined(self) -> str:
        """The terms with single spaces, which is what the vectorizers read."""
        return " ".join(self.texts)


class _Kind(NamedTuple):
    """What a word is by its letters alone: its term (empty for punctuation), and whether it looks like a name."""

    term: str
    length: int
    name: bool
    opens: bool


_KINDS: dict[int, _Kind] = {}
_MOST_KINDS = 100_000


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Give a word's stem: lower case, one spelling for British and American English, English Snowball (Porter 2)."""
    return str(_STEMMER.stemWord(_spelled(word)))


@lru_cache(maxsize=100_000)
def base(word: str) -> str:
    """Give what a word's inflected forms have in common: `decide`, `decides`, `decided` and `deciding` are one.

    Unlike a stem it keeps derived words apart: `open` and `openness`, `person` and `personalised`.
    """
    form = _spelled(word)
    if form.endswith("s") and not form.endswith(("ss", "us", "is")) and len(form) > 3:
        form = form[:-3] + "y" if form.endswith("ies") and len(form) > 4 else form[:-1]
    ending = _ENDING.fullmatch(form)
    if ending and _VOWEL.search(ending[1]):
        form = ending[1]
    elif form.endswith("eed") and len(form) > 5:
        form = form[:-1]
    if len(form) > 2:
        form = form.removesuffix("e")
        form = form[:-1] if len(form) > 3 and form[-1] == form[-2] else form
    return form[:-1] + "i" if form.endswith("y") and len(form) > 2 else form


def _spelled(word: str) -> str:
    """Write a word in lower case and American spelling, and a co-word without its hyphen."""
    form = _CO.sub("co", word.casefold().replace("’", "'"))
    for pattern, replacement in _SPELLING:
        form = pattern.sub(replacement, form)
    return form


def base_pipeline() -> Language:
    """Build a blank English pipeline whose words have their base as `NORM`, so that matchers find all forms of a word.

    The base is an attribute of the word in the vocabulary, worked out once for each word and not for each place. A
    co-word with its hyphen is one token.
    """
    nlp = spacy.blank("en")
    nlp.max_length = 100_000_000  # letters; rules alone need little memory
    vocab: Any = nlp.vocab
    tokenizer: Any = nlp.tokenizer
    vocab.lex_attr_getters = {**vocab.lex_attr_getters, NORM: base}
    tokenizer.token_match = _CO_WORD.fullmatch
    tokenizer.max_cache_size = _MOST_KINDS  # spaCy's own limit of 10,000 is soon full of words that do not come again
    tokenizer.rules = {  # the norms of contractions would stand in the way of bases
        word: [{key: value for key, value in token.items() if key != NORM} for token in tokens]
        for word, tokens in tokenizer.rules.items()
    }
    return nlp


def plain(text: str) -> str:
    """Write co-words in one way, keeping every offset: `Co-production` and `co production` are the same to a model."""
    return _CO_PARTED.sub("co-", text)


def terms(doc: Doc, text: str | None = None) -> Terms:
    """Give the words of a passage for n-gram features.

    Numbers become `0`, citations become `CITE`, and names (capitalised words inside a sentence) are left out, so that
    an author, a place or a figure never decides a code. An empty text gives no terms.

    Args:
        doc: The passage.
        text: Its text, where that is at hand: spaCy puts it together anew each time it is asked.
    """
    words, places = doc.to_array([ORTH, IDX]).T.tolist()  # much faster than spaCy's tokens
    strings, known = doc.vocab.strings, _KINDS
    kinds = [known.get(word) or _kept(word, strings[word]) for word in words]
    for first, last in citations(doc.text if text is None else text):
        inside = range(bisect_left(places, first), bisect_left(places, last))
        for token in inside:
            kinds[token] = _Kind("", 0, name=False, opens=kinds[token].opens)
        if inside:
            kinds[inside[0]] = _Kind(CITATION, last - first, name=False, opens=kinds[inside[0]].opens)
            places[inside[0]] = first
    texts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    opening = True
    for (term, length, name, opens), start in zip(kinds, places, strict=True):
        if term and (opening or not name):
            texts.append(term)
            starts.append(start)
            ends.append(start + length)
        opening = opens
    return Terms(texts, starts, ends)


def _kept(key: int, word: str) -> _Kind:
    """Tell what a word is, and keep that by the number that spaCy gives it, which is the same in all vocabularies."""
    if len(_KINDS) >= _MOST_KINDS:
        _KINDS.clear()
    return _KINDS.setdefault(key, _kind(word))


def citations(text: str) -> list[tuple[int, int]]:
    """Give the spans of citations in brackets, and of the year after a cited author, in order."""
    return [match.span() for match in _CITATION.finditer(text)]


def _kind(text: str) -> _Kind:
    """Tell what a word is; a name is capitalised but not all in capitals; after one that `opens` a sentence starts."""
    opens = text[-1] in ".!?:;•" or text in _OPENING or text.isspace()
    if any(c.isdigit() for c in text) or like_num(text):  # type: ignore[no-untyped-call]
        return _Kind(NUMBER, len(text), name=False, opens=opens)
    if not text[0].isalpha():  # punctuation, and the second half of `county's`
        return _Kind("", len(text), name=False, opens=opens)
    name = text[0].isupper() and not (text.isupper() and len(text) > 1)
    return _Kind(stem(text), len(text), name, opens)
