"""Countries that a paper stresses, found by their names, their peoples, and their cities and regions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from evitable.classify.gazetteer import Name, flat, gazetteer, name_at, names_in
from evitable.classify.study_texts import Found, Section, StudyText

_WEIGHTS: dict[Section, int] = {"title": 8, "keywords": 6, "abstract": 4, "methods": 3, "findings": 2, "references": 0}
_BODY_WEIGHT = 1
_MOST: dict[Section, int] = {"abstract": 12, "methods": 9}
_MOST_OF_BODY = 10
_LEAST = 4
_LEAST_IN_BODY = 8
_SHARE_OF_BODY = 0.2
_SHARE_OF_BEST = 0.35
_SHORT = 5
_QUOTED_FIRST: tuple[Section, ...] = ("abstract", "methods", "title", "keywords")

_COMPARED = re.compile(
    r"(?:\bunlike(?: in)?|\bas in|\bin contrast (?:to|with)|\bcompared (?:to|with)|\bsuch as|\be\.g\.,?|\bfor example,?"
    r"(?: in)?|\blike|\brather than(?: in)?|\bbased in|\bborn in)(?: the)? $",
    re.IGNORECASE,
)
_SPEECH = re.compile(r"(?:translat\w+|transcribed|written|spoken|conducted|held|published) (?:in|into|from)(?: the)? $")
_PLACED = re.compile(
    r"(?:[,;:(–] ?|\b(?:[Ii]n|of|from|[Aa]cross|to|for|[Bb]etween|within|throughout|and|or|[Nn]ear|outside|inside|"
    r"around|[Tt]he|with|at|city|State|Greater|East|West|North|South) )$"
)
_SURNAME = re.compile(
    r" et al|,? (?:and [A-Z][\w-]+ )?\(?(?:1[89]|20)\d\d|, [A-Z]\.| (?:and|&) [A-Z][\w-]+,? \(?(?:1[89]|20)\d\d"
)
_MAKER = re.compile(r"\b(?:Inc|Ltd|GmbH|Co|Corp|Corporation|LLC|AG|Limited|Software|[Vv]ersion)\b")
_INSTITUTE = re.compile(r"\b(?:Universit\w+|Institut\w+|College|Facult\w+|Department|School|Hospital)\b[^.;]{0,90}$")
_INSTITUTE_AFTER = re.compile(r"(?: \w+){0,2} (?:University|Institute|College|School)\b")
_NOUN = re.compile(r" (?P<one>[^\W\d_][\w'-]*)(?: (?P<two>[^\W\d_][\w'-]*))?")
_JOINT = re.compile(r"(?:,|,? (?:and|or)|/|–)[ ]?(?:the )?", re.IGNORECASE)


class _Mention(NamedTuple):
    country: str
    text: StudyText
    span: tuple[int, int]
    weight: int


def stressed_countries(texts: Sequence[StudyText]) -> list[Found]:
    """Give the countries that a paper stresses, most stressed first, each with a sentence that names it.

    A sentence counts once for a country, by where it stands: title, key words, abstract, methods, findings, anything
    else. Sentences that report other people's studies count nothing, nor do names in citations, comparisons ("unlike
    in Sweden"), languages, makers' addresses and nationalities of persons. A country is given where it stands in the
    title or the key words, or comes near the one that is stressed most; one that is found in the body only must take
    a fair share of all that is said of countries there. No texts, or no country stressed, give an empty list.
    """
    flattened = [flat(text.text) for text in texts]
    mentions = list(_mentions(texts, flattened))
    scores = _scores(mentions)
    best = max(scores.values(), default=0)
    named = {m.country for m in mentions if m.text.role in {"title", "keywords"}}
    order = gazetteer().order
    chosen = [c for c, score in scores.items() if c in named or score >= max(_LEAST, _SHARE_OF_BEST * best)]
    return [_quoted(country, mentions) for country in sorted(chosen, key=lambda c: (-scores[c], order[c]))]


def _quoted(country: str, mentions: Sequence[_Mention]) -> Found:
    """Give the sentence to quote: of the abstract or the methods, before a title, which says least."""
    own = [mention for mention in mentions if mention.country == country and mention.weight]
    first = min(own, key=lambda m: (*_quotable(m), -m.weight))
    return Found(country, first.text, first.span)


def _quotable(mention: _Mention) -> tuple[bool, int]:
    """Order sentences for quoting: whole ones first, then by where they stand."""
    start, end = mention.span
    role = mention.text.role
    short = role not in {"title", "keywords"} and mention.text.text.count(" ", start, end) < _SHORT
    return short, _QUOTED_FIRST.index(role) if role in _QUOTED_FIRST else len(_QUOTED_FIRST)


def _scores(mentions: Sequence[_Mention]) -> dict[str, int]:
    """Weigh what is said of each country; what is said often counts up to a limit, so that many names do not crowd."""
    parts: dict[str, dict[Section, int]] = defaultdict(lambda: defaultdict(int))
    for mention in mentions:
        section: Section = mention.text.role if mention.text.role in {"title", "keywords", *_MOST} else "other"
        if section in {"title", "keywords"}:
            parts[mention.country][section] = mention.weight
        else:
            parts[mention.country][section] += mention.weight
    body = sum(part["other"] for part in parts.values())
    scores = {}
    for country, part in parts.items():
        front = part["title"] + part["keywords"] + sum(min(part[section], most) for section, most in _MOST.items())
        if front or (part["other"] >= _LEAST_IN_BODY and part["other"] >= _SHARE_OF_BODY * body):
            scores[country] = front + min(part["other"], _MOST_OF_BODY)
    return scores


def _mentions(texts: Sequence[StudyText], flattened: Sequence[str]) -> Iterator[_Mention]:
    """Give what counts, at most one mention of a country in a sentence."""
    whole = "\n".join(flattened)
    sure = {name: _resolved(places, whole) for name, places in gazetteer().unsure.items()}
    for text, words in zip(texts, flattened, strict=True):
        seen: dict[tuple[int, str], int] = {}
        spans: dict[int, tuple[int, int]] = {}
        for name, start in names_in(words):
            country = sure.get(name.entry, name.country)
            weight = _weight(text, words, name, start) if country else 0
            if weight:
                span = text.sentence_at(start)
                spans[span[0]] = span
                seen[span[0], country] = max(weight, seen.get((span[0], country), 0))
        for (at, country), weight in seen.items():
            yield _Mention(country, text, spans[at], weight)


def _weight(text: StudyText, words: str, name: Name, start: int) -> int:
    """Weigh one mention; 0 where it says nothing of the study."""
    end = start + len(name.text)
    weight = _WEIGHTS.get(text.role, _BODY_WEIGHT)
    before, after = words[max(0, start - 100) : start], words[end : end + 80]
    if name.kind == "people" and (_SPEECH.search(before) or not _before_noun(words, end)):
        return 0
    head = text.role in {"title", "keywords"}
    placed = _PLACED.search(before) or (head and not before)
    if name.entry in gazetteer().persons and (not placed or _SURNAME.match(after)):
        return 0
    if head:
        return weight
    if text.in_citation(start) or _COMPARED.search(before) or _made_in(words, start, end):
        return 0
    sentence = text.sentence_at(start)
    if text.of_others(*sentence) or text.told_elsewhere(*sentence):
        return 0
    return 1 if name.kind == "place" and (_INSTITUTE.search(before) or _INSTITUTE_AFTER.match(after)) else weight


def _made_in(words: str, start: int, end: int) -> bool:
    """Tell whether a place is the address of a maker: in brackets with "Inc", "Ltd", or the version of a program."""
    opening, closing = words.rfind("(", max(0, start - 120), start), words.find(")", end, end + 60)
    inside = words[opening:closing] if 0 <= opening < closing else words[max(0, start - 40) : start]
    return (opening < 0 or ")" not in words[opening:start]) and bool(_MAKER.search(inside))


def _before_noun(words: str, end: int) -> bool:
    """Tell whether a people's name stands before what it qualifies, as in "Dutch (and Belgian) municipalities"."""
    for _ in range(4):
        joint = _JOINT.match(words, end)
        following = name_at(words, joint.end()) if joint else None
        if joint is None or following is None or following.kind != "people":
            break
        end = joint.end() + len(following.text)
    noun = _NOUN.match(words, end)
    if noun is None:
        return False
    one, two = noun["one"].lower(), (noun["two"] or "").lower()
    return one not in gazetteer().not_before and gazetteer().not_with.isdisjoint((one, two))


def _resolved(places: Sequence[tuple[str, Sequence[str]]], whole: str) -> str:
    """Give the country of a name of several places: the first of which the paper has a word."""
    return next((country for country, words in places if any(word in whole for word in words)), "")
