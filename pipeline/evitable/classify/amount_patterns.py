"""What a study's material is counted in, and how papers state such counts."""

from __future__ import annotations

import re
from typing import NamedTuple

from evitable.classify.counts import NUMBER, NUMBER_WORDS

_UNITS_NAMED = (
    "months?|weeks?|days?|hours?|years?|minutes?|groups?|workshops?|surveys?|interviews?|interviewees|observations?|"
    "questionnaires?|participants?|respondents|hundred|item|point|page|minute|hour|stage|step|wave|year|round"
)
_LINKS = (
    "of|with|in|to|for|from|by|at|on|per|who|whom|were|was|are|had|have|has|took|during|between|after|before|each|than"
)
_ADJECTIVES = rf"(?:(?!(?:{_LINKS}|{_UNITS_NAMED}|{NUMBER_WORDS})(?![\w’'-]))[^\W\d_][\w’'-]{{0,30}},?\s){{0,5}}?"
"""Words between a number and what it counts: up to five, none of which starts another phrase or is itself counted."""
_COUNT = rf"(?P<n>{NUMBER})"
_STUDIES = r"(?:studies|papers|articles|publications|texts|reviews)\b"
_PEOPLE = (
    r"(?P<what>patients|households|adults|children|pupils|students|citizens|residents|women|men|people|individuals|"
    r"families|schools|villages|municipalities|neighbou?rhoods)\b"
)
_SETTINGS = (
    r"(?:municipalities|cities|towns|villages|neighbou?rhoods|communities|councils|hospitals|schools|organi[sz]ations|"
    r"projects|programmes|programs|initiatives|services|agencies|labs|settlements|countries|counties|authorities)\b"
)
_MEETINGS = r"(?P<what>meetings|sessions|visits|events|workshops|encounters|consultations)\b"
_NOT_PEOPLE = (
    r"(?!\s(?:[\w-]{1,20}\s){0,2}?(?:items?|questions?|scales?|statements?|minutes?|pages?|waves?|points?|"
    r"per|percent|countries)\b)"
)
_MATERIAL = (
    r"(?:(?:the|all|a\stotal\sof|about|around|some|nearly|almost|over|more\sthan|close\sto|approximately)\s){0,2}"
)


class Pattern(NamedTuple):
    """A pattern with a number in the group `n` and perhaps what it counts in `what`.

    Attributes:
        pattern: The pattern.
        sums: Whether further numbers may follow after "and" and be added.
    """

    pattern: re.Pattern[str]
    sums: bool = False


class Unit(NamedTuple):
    """What is counted.

    Attributes:
        name: Its name.
        reads: How a value reads.
        hint: What a sentence must have for any of the patterns to match.
        patterns: How it is stated, the surest way first.
        own: Whether only abstract and methods tell of it for certain: "participants" may be anybody's elsewhere.
    """

    name: str
    reads: str
    hint: re.Pattern[str]
    patterns: tuple[Pattern, ...]
    own: bool = False


def _unit(name: str, reads: str, hint: str, *patterns: str, sums: str = "", own: bool = False) -> Unit:
    made = [Pattern(re.compile(pattern, re.IGNORECASE)) for pattern in patterns]
    if sums:
        made.append(Pattern(re.compile(sums, re.IGNORECASE), sums=True))
    return Unit(name, reads, re.compile(hint, re.IGNORECASE), tuple(made), own)


UNITS = (
    _unit(
        "interviews",
        "{n} interviews",
        "interview|informants",
        rf"{_COUNT}\s{_ADJECTIVES}(?:interviews|interviewees|informants)\b",
        r"\binterview(?:s|ees)\s(?:were\s\w{1,15}\s)?\((?:n\s?=\s?)?(?P<n>\d{1,4})\)",
        rf"{_COUNT}\s{_ADJECTIVES}[\w’'-]{{1,30}}\s(?:were|was|have been|had been)\sinterviewed\b",
        sums=r"\binterview(?:ed(?:\sa total of)?|s?(?:\s(?:were|was|have been))?(?:\s(?:conducted|held|done|undertaken|"
        rf"carried out|completed))?\swith(?:\sa total of)?)\s{_COUNT}(?!\s(?:of|per|or|minutes|questions)\b)",
    ),
    _unit(
        "focus groups",
        "{n} focus groups",
        r"\bgroups?\b",
        rf"{_COUNT}\s{_ADJECTIVES}(?:focus[\s-]groups?(?:\s(?:discussions|interviews|sessions|meetings))?|"
        r"group\s(?:discussions|interviews))\b(?!\s(?:participants?|members?))",
        r"\bfocus[\s-]groups?(?:\s\w{1,15})?\s\((?:n\s?=\s?)?(?P<n>\d{1,3})\)",
    ),
    _unit(
        "case studies",
        "{n} case studies",
        r"\bcases?\b",
        rf"{_COUNT}\s{_ADJECTIVES}case[\s-]studies\b",
        r"\b(?:compar\w+|stud\w+|analy[sz]\w+|select\w*|chose|examin\w+|investigat\w+|explor\w+|based on|draws? on|"
        rf"across|evidence from|data from)\s(?:the\s)?{_COUNT}\s{_ADJECTIVES}cases\b",
        rf"\bcase[\s-]stud(?:y|ies)\s(?:of|in|from|with)\s{_COUNT}\s{_ADJECTIVES}{_SETTINGS}",
    ),
    _unit(
        "survey",
        "{n} survey respondents",
        "respon|questionnaire|survey",
        rf"{_COUNT}\s{_ADJECTIVES}(?:respondents|survey\sresponses)\b",
        rf"{_COUNT}\s(?:valid|usable|complete|completed|returned|full)\s(?:responses|answers|surveys|questionnaires)\b",
        rf"{_COUNT}\s{_ADJECTIVES}questionnaires\s(?:were|had been|have been)\s(?:returned|completed|received)\b",
        r"\b(?:survey|questionnaires?|poll)\s(?:data\s)?(?:\w{1,15}\s){0,2}?(?:of|among|amongst|with|from|by|to)\s"
        rf"(?:[a-z]{{1,15}}\s){{0,2}}?{_COUNT}{_NOT_PEOPLE}",
        rf"\bsurveyed\s{_MATERIAL}{_COUNT}{_NOT_PEOPLE}",
        rf"{_COUNT}\s{_ADJECTIVES}[\w’'-]{{1,30}}\s(?:were|was)\ssurveyed\b",
        rf"{_COUNT}\s(?:[a-z-]{{1,20}}\s){{0,3}}?(?:answered|responded|(?:completed|returned)\s(?:the|a|our)\s"
        r"(?:survey|questionnaire))\b",
        rf"\bresponses\s(?:of|from)\s{_COUNT}{_NOT_PEOPLE}",
        r"\bn\s?=\s?(?P<n>\d{1,3}(?:,\d{3})+|\d{2,6})\b",
        rf"\bsample\sof\s{_COUNT}{_NOT_PEOPLE}",
    ),
    _unit("workshops", "{n} workshops", "workshops", rf"{_COUNT}\s{_ADJECTIVES}workshops\b"),
    _unit(
        "observations",
        "{n} observations",
        "observ",
        rf"{_COUNT}\s{_ADJECTIVES}observations\b",
        rf"\bobservations?\sof\s{_MATERIAL}{_COUNT}\s{_ADJECTIVES}{_MEETINGS}",
        rf"\bobserved\s{_MATERIAL}{_COUNT}\s{_ADJECTIVES}{_MEETINGS}",
    ),
    _unit("documents", "{n} documents", "documents", rf"{_COUNT}\s{_ADJECTIVES}documents\b"),
    _unit(
        "participants",
        "{n} participants",
        "particip|random|enrol|recruit|sample|allocat|assign|experiment",
        rf"{_COUNT}\s{_ADJECTIVES}participants\b",
        rf"{_COUNT}\s{_PEOPLE}[^.;]{{0,90}}?\b(?:randomly|randomi[sz]ed|enrolled|recruited|allocated|assigned|"
        r"planned to be included)\b",
        r"\b(?:random\w*|enrol\w*|recruit\w*|sample\sof|sample\ssize\sof|allocat\w+|assign\w+)\s(?:a total of\s)?"
        rf"{_COUNT}\s{_ADJECTIVES}{_PEOPLE}",
        rf"\bexperiment\s(?:conducted\s)?(?:with|among|on)\s{_COUNT}\s{_ADJECTIVES}{_PEOPLE}",
        own=True,
    ),
    _unit(
        "papers",
        "{n} papers reviewed",
        "studies|papers|articles|publications|reviews|texts",
        r"\b(?:review|synthesis|meta-analysis|analysis|corpus)\s(?:\w{1,15}\s){0,4}?(?:of|from|by)\s(?:the\s)?"
        rf"{_COUNT}\s{_ADJECTIVES}{_STUDIES}",
        rf"\b(?:review(?:ed|s)?|includ(?:ed|es|ing)|analy[sz]ed?|examin(?:ed|ing)|synthesi[sz]ed?|retained|left|"
        rf"selected|reduced\sto)\s{_MATERIAL}{_COUNT}\s{_ADJECTIVES}{_STUDIES}",
        rf"{_COUNT}\s{_ADJECTIVES}{_STUDIES}(?:\s(?:(?!\b(?:screened|excluded|retrieved|found)\b|{_STUDIES})[^.;]){{1,60}})?\s(?:finally\s|eventually\s)?(?:included|reviewed|selected|"
        r"analy[sz]ed|retained|met\sthe|identified|remained)\b",
        rf"\b(?:result(?:ed|ing)\sin|yield(?:ed|ing)|examin(?:ed|ing))\s{_MATERIAL}{_COUNT}\s{_ADJECTIVES}"
        r"(?:research\sworks|studies|papers|articles|publications)\b",
    ),
)
"""All units, in the order in which values are given."""

SENT_OUT = re.compile(
    r"\b(?:sent|mailed|e-mailed|emailed|posted|distributed|handed|invited|invitations?|contacted|approached|eligible|"
    r"non-respon\w+|excluded|declined|withdrew|dropped out|target(?:ed)?)\b",
    re.IGNORECASE,
)
"""What is said of people who were asked, and need not have answered."""
EACH_BEFORE = re.compile(
    r"\b(?:each|every|per|average|mean|between \w+ and|\d+ (?:to|or)|at least|maximum|minimum|up to|range)\b"
    r"[^.;]{0,12}$",
    re.IGNORECASE,
)
EACH_AFTER = re.compile(r"[^\d.;,]{0,40}?\b(?:(?:in|at|for|from) each|per|each)\b", re.IGNORECASE)
"""Averages and parts, before or after a number."""
OTHER_STUDIES = re.compile(r"\b(?:prior|previous|earlier|past|recent|other|excluded|screened)\s$", re.IGNORECASE)
"""What stands before a number of studies that are not those reviewed."""
MORE = re.compile(
    r"(?:\s[^\W\d_][\w’'-]{0,30}){1,5}(?:\s\([^()]{0,80}\))?(?:,?\sand|,|,?\sas\swell\sas)\s(?:with\s)?"
    rf"(?P<n>{NUMBER})\s(?P<what>[^\W\d_][\w-]*)(?:\s(?P<next>[\w-]+))?",
    re.IGNORECASE,
)
"""A further number after the first, joined by "and" or a comma."""
NO_PERSONS = re.compile(
    r"(?:of|focus|group|workshops?|surveys?|meetings?|documents?|observations?|hours?|minutes?|months?|years?|cases?|"
    r"sites?|municipalities|questionnaires?)",
    re.IGNORECASE,
)
"""Words that show that a number counts no persons."""
REVIEW = re.compile(r"\breview(?:s|ed|ing)?\b|bibliometric|meta-analysis|literature|synthesis|database", re.IGNORECASE)
"""What shows that a paper may review others."""
