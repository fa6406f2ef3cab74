"""How much material a study rests on (interviews, respondents, papers reviewed ...), as the paper states it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from evitable.classify.amount_patterns import (
    EACH_AFTER,
    EACH_BEFORE,
    MORE,
    NO_PERSONS,
    OTHER_STUDIES,
    REVIEW,
    SENT_OUT,
    UNITS,
    Unit,
)
from evitable.classify.counts import is_year, number
from evitable.classify.study_texts import Found, Section, StudyText

_ORDER: dict[Section, int] = {"abstract": 0, "title": 1, "keywords": 1, "methods": 2, "findings": 3}
_LAST = 4
_SURE = frozenset({"abstract", "title", "methods"})
_LEAST = 2
_MORE_AT_MOST = 8
"""How many numbers are added to a first one; a hostile text could chain thousands."""


class _Count(NamedTuple):
    """A count: how sure it is (least is surest), its value, and where it stands."""

    rank: tuple[int, int, int, int]
    value: int
    found: Found


def stated_amounts(texts: Sequence[StudyText]) -> list[Found]:
    """Give how much material a study rests on, each with its sentence, in the order of `UNITS`.

    A count stands in a sentence about the study's own work: not in one that cites others, and outside abstract,
    methods and findings only in one that says "we", "this study" or the like, or in an item of a list. For each unit
    the abstract goes before the methods, those before the findings, and the first sentence before later ones. Years,
    ages, percentages, decimals, ranges and averages are no counts, nor are questionnaires sent out or people invited.
    Persons interviewed that are joined by "and" are added ("interviews with 24 patients and 11 nurses"). No count
    gives an empty list.
    """
    reviews = any(text.role in {"title", "keywords", "abstract"} and REVIEW.search(text.text) for text in texts)
    found: list[Found] = []
    taken: set[int] = set()
    for unit in UNITS:
        if unit.name == "papers" and not reviews:
            continue
        counts = [count for at, text in enumerate(texts) for count in _counts(at, text, unit)]
        # People surveyed or interviewed are not named again as participants.
        best = [count for count in _best(counts) if unit.name != "participants" or count.value not in taken]
        taken |= {count.value for count in best}
        found += [count.found for count in best]
    return found


def _best(counts: Sequence[_Count]) -> list[_Count]:
    """Choose the surest count, with those that its sentence states beside it in the same way, unless it sums them."""
    if not counts:
        return []
    rank = min(count.rank for count in counts)
    beside: dict[int, _Count] = {}
    for count in counts:
        if count.rank == rank:
            beside.setdefault(count.value, count)
    first, *rest = beside.values()
    return [first] if first.value == sum(count.value for count in rest) else [first, *rest]


def _counts(at: int, text: StudyText, unit: Unit) -> Iterator[_Count]:
    """Give the counts of a unit in one text, in order."""
    if (unit.own and text.role not in _SURE) or not unit.hint.search(text.text):
        return
    for place, (start, end) in enumerate(text.sentences):
        sentence = text.text[start:end]
        if not unit.hint.search(sentence) or not _own(text, start, end):
            continue
        for sure, (pattern, sums) in enumerate(unit.patterns):
            for match in pattern.finditer(sentence):
                value = 0 if text.in_citation(start + match.start("n")) else _value(sentence, match, unit, sums=sums)
                if value >= _LEAST:
                    rank = (_ORDER.get(text.role, _LAST), sure, at, place)
                    yield _Count(rank, value, Found(_reads(unit, match, value), text, (start, end)))


def _own(text: StudyText, start: int, end: int) -> bool:
    """Tell whether a sentence is about the study's own work."""
    if text.of_others(start, end):
        return False
    return text.section in _ORDER or text.speaks_of_itself(start, end) or text.text[start] in "•–-"


def _reads(unit: Unit, match: re.Match[str], value: int) -> str:
    what = match.groupdict().get("what")
    if not what:
        return unit.reads.format(n=f"{value:,}")
    return f"{value:,} {what.lower()}" + (" observed" if unit.name == "observations" else "")


def _value(sentence: str, match: re.Match[str], unit: Unit, *, sums: bool) -> int:
    """Give what a match counts; 0 where it is no count of the study's material."""
    written, before, end = match["n"], sentence[: match.start("n")], match.end("n")
    if is_year(written) or EACH_BEFORE.search(before[-30:]):
        return 0
    if unit.name in {"participants", "focus groups", "workshops"} and EACH_AFTER.match(sentence, match.end()):
        return 0
    if unit.name == "survey" and SENT_OUT.search(_clause(sentence, match.start(), match.end())):
        return 0
    if unit.name == "papers" and OTHER_STUDIES.search(before[-12:]):
        return 0
    value = number(written)
    for _ in range(_MORE_AT_MOST if sums else 0):
        more = MORE.match(sentence, end)
        if more is None or not _adds(more):
            break
        value, end = value + number(more["n"]), more.end("n")
    return value


def _clause(sentence: str, start: int, end: int) -> str:
    """Give the words around a match, at most a few and not beyond a comma."""
    before, after = sentence[max(0, start - 30) : start], sentence[end : end + 20]
    return re.split(r"[,;:(]\s", before)[-1] + sentence[start:end] + re.split(r"[,;.)]", after)[0]


def _adds(more: re.Match[str]) -> bool:
    """Tell whether a further number counts people who were interviewed, not something else that was done."""
    nothing_else = not NO_PERSONS.fullmatch(more["what"]) and (more["next"] or "") not in {"groups", "studies"}
    return nothing_else and not is_year(more["n"])
