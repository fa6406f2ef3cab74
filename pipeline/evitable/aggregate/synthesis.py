"""Codes and families of codes over all studies, and what the studies are like."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from evitable.codebook import Codebook
from evitable.records import CodeCount, Coding, Descriptive, EvidenceRow

QUOTES_A_CODE = 5
_AMOUNT = re.compile(r"^[\d.,\s]+(?=\D)")
Group = tuple[str, str, str]
"""Dimension, family, code; an empty code stands for the whole family."""


def strongest(codings: Iterable[Coding]) -> Coding:
    """Give the coding that is surest: a person's before the machine's, then by probability; of equal ones the same.

    Raises:
        ValueError: There is none.
    """
    return min(codings, key=_weakness)


def _weakness(coding: Coding) -> tuple[bool, float, str]:
    return not coding.verified, -coding.probability, coding.id


def synthesis(
    studies: Sequence[EvidenceRow], codings: Sequence[Coding], codebook: Codebook
) -> tuple[tuple[CodeCount, ...], tuple[CodeCount, ...]]:
    """Count codes and families over all studies.

    Args:
        studies: Rows of the study table.
        codings: The codings that the study table counts.
        codebook: Gives order, families and attributes.

    Returns:
        One row per code and one per family, in the codebook's order; zeros for what no study carries.
    """
    by_code: dict[str, list[Coding]] = defaultdict(list)
    for coding in codings:
        by_code[coding.code].append(coding)
    coded = sum(bool(study.cells) for study in studies)
    values = {study.study_id: _values(study, codebook) for study in studies}
    families: dict[Group, list[Coding]] = {}
    rows = []
    for code in codebook.code:
        mine = by_code[code.name]
        rows.append(_count((code.dimension, code.family, code.name), mine, coded, values))
        if code.family:
            families.setdefault((code.dimension, code.family, ""), []).extend(mine)
    return tuple(rows), tuple(_count(group, mine, coded, values) for group, mine in families.items())


def _count(
    group: Group, codings: Sequence[Coding], coded: int, values: Mapping[str, Sequence[tuple[str, str]]]
) -> CodeCount:
    ways = Counter(coding.polarity for coding in codings)
    by_study: dict[str, list[Coding]] = defaultdict(list)
    for coding in codings:
        by_study[coding.study_id].append(coding)
    passages = len({(coding.passage_id, coding.code) for coding in codings})
    return CodeCount(
        dimension=group[0],
        family=group[1],
        code=group[2],
        studies=len(by_study),
        share=round(len(by_study) / coded, 4) if coded else 0.0,
        passages=passages if group[2] else len({coding.passage_id for coding in codings}),
        facilitates=ways["facilitates"],
        hinders=ways["hinders"],
        mixed=ways["mixed"],
        ways=_study_ways(by_study.values()),
        attributes=_attributes(by_study, values),
        quotes=_best_quotes(by_study.values()),
    )


def _study_ways(studies: Iterable[Sequence[Coding]]) -> tuple[int, int, int, int]:
    """Count studies by what their passages say together: both ways in one study is mixed."""
    counts = Counter(_way({coding.polarity for coding in codings if coding.polarity}) for codings in studies)
    return counts["facilitates"], counts["hinders"], counts["mixed"], counts[""]


def _way(ways: set[str]) -> str:
    return next(iter(ways)) if len(ways) == 1 else "mixed" if ways else ""


def _values(study: EvidenceRow, codebook: Codebook) -> list[tuple[str, str]]:
    """Give the attributes of a study, each value once; of data only the kind, or no two studies would be alike."""
    data = {attribute.name for attribute in codebook.attribute if attribute.kind == "data"}
    pairs = ((a.name, _AMOUNT.sub("", a.value) if a.name in data else a.value) for a in study.attributes)
    return list(dict.fromkeys(pairs))


def _attributes(study_ids: Iterable[str], values: Mapping[str, Sequence[tuple[str, str]]]) -> dict[str, dict[str, int]]:
    """Count studies by value of each attribute, the most frequent value first."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for study_id in study_ids:
        for name, value in values[study_id]:
            counts[name][value] += 1
    return {name: dict(_ranked(counts[name])) for name in sorted(counts)}


def _ranked(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (item[0] == "", -item[1], item[0]))


def _best_quotes(studies: Iterable[Sequence[Coding]]) -> tuple[str, ...]:
    """Give the strongest codings, each from another study and of another passage."""
    best = sorted(map(strongest, studies), key=_weakness)
    return tuple(coding.id for coding in best[:QUOTES_A_CODE])


def descriptives(studies: Sequence[EvidenceRow], codebook: Codebook) -> tuple[Descriptive, ...]:
    """Say what the studies are like: how many by year, journal and each attribute of the codebook.

    Args:
        studies: Rows of the study table; none gives no rows.
        codebook: Gives the attributes.

    Returns:
        Years in order, journals and values by number of studies; studies without a value at the end of each.
    """
    years = Counter(str(study.reference.year or "") for study in studies)
    journals = Counter(study.reference.journal for study in studies)
    rows = [("year", value, years[value]) for value in sorted(years, key=lambda year: (year == "", year))]
    rows += [("journal", value, count) for value, count in _ranked(journals)]
    values = [_values(study, codebook) for study in studies]
    for attribute in codebook.attribute:
        counts: Counter[str] = Counter()
        for mine in values:
            counts.update([value for name, value in mine if name == attribute.name] or [""])
        rows += [(attribute.name, value, count) for value, count in _ranked(counts)]
    return tuple(
        Descriptive(name=name, value=value, studies=count, share=round(count / len(studies), 4))
        for name, value, count in rows
    )
