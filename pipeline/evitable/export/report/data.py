"""What the script reads: an index of all studies, and the quotes of each study on a line of their own.

A line is parsed when its study is opened, so that the page starts as fast with 20,000 quotes as with 20.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import get_args

from evitable.export.clean import clean_text
from evitable.export.report.studies import values_of
from evitable.export.report.words import Lookup, apart, doubt_of, page_of, pages_text, pieces, section_of
from evitable.records import Attribute, Basis, Coding, EvidenceRow, Polarity, Status

WAYS = ("", *get_args(Polarity))
BASES: tuple[str, ...] = get_args(Basis)
STATUSES: tuple[str, ...] = get_args(Status)
_ESCAPED = re.compile(r"\\[bfru]")
"""How JSON writes control characters; a backslash of the text before such a letter looks alike, which does no harm."""


def index_json(lookup: Lookup) -> str:
    """Give all that the study table is searched, sorted and filtered by, and the names that quotes refer to."""
    dimensions = {dimension.name: index for index, dimension in enumerate(lookup.book.dimension)}
    return _json(
        {
            "ways": WAYS,
            "bases": BASES,
            "statuses": STATUSES,
            "dimensions": [(dimension.name, dimension.title) for dimension in lookup.book.dimension],
            "codes": [(code.name, code.title, dimensions[code.dimension]) for code in lookup.book.code],
            "attributes": [(attribute.name, attribute.title) for attribute in lookup.book.attribute],
            "studies": [_study(row, lookup) for row in lookup.evidence.studies],
        }
    )


def _study(row: EvidenceRow, lookup: Lookup) -> tuple[object, ...]:
    """Lay out one study.

    Returns:
        Id, key, title, journal, year, values by attribute as they are counted, (code, passages) pairs, codings that
        count, codings that are verified.
    """
    return (
        row.study_id,
        row.key,
        row.reference.title,
        row.reference.journal,
        row.reference.year,
        [_counted(row, name, lookup) for name in lookup.attributes],
        [(lookup.codes[cell.code], cell.passages) for cell in row.cells],
        sum(cell.passages for cell in row.cells),
        sum(cell.verified for cell in row.cells),
    )


def _counted(row: EvidenceRow, name: str, lookup: Lookup) -> tuple[str, ...]:
    """Give a study's values of one attribute as they are counted, each once."""
    return tuple(dict.fromkeys(lookup.counted_as(name, value) for value in values_of(row, name)))


def quote_lines(lookup: Lookup) -> str:
    """Give one line for each study, in the order of the index: (files, passages, attributes)."""
    by_study: dict[str, list[Coding]] = defaultdict(list)
    for coding in lookup.evidence.codings:
        by_study[coding.study_id].append(coding)
    return "\n".join(_json(_quotes(row, by_study[row.study_id], lookup)) for row in lookup.evidence.studies)


def _quotes(row: EvidenceRow, codings: Sequence[Coding], lookup: Lookup) -> tuple[object, ...]:
    files = dict(zip(row.paper_ids, range(len(row.paper_ids)), strict=True))
    passages: dict[str, list[Coding]] = defaultdict(list)
    for coding in codings:
        passages[coding.passage_id].append(coding)
    return (
        row.files,
        [_passage(mine, files.get(mine[0].paper_id, 0), lookup) for mine in passages.values()],
        [_attribute(attribute, lookup) for attribute in row.attributes],
    )


def _passage(codings: Sequence[Coding], file: int, lookup: Lookup) -> tuple[object, ...]:
    """Give quote, place in the file, section, doubt, number of the file, codings."""
    first = codings[0]
    return (
        first.quote,
        page_of(first),
        section_of(first),
        doubt_of(first.match),
        file,
        [_coding(coding, lookup) for coding in codings],
    )


def _coding(coding: Coding, lookup: Lookup) -> tuple[object, ...]:
    """Give code, way, basis, status, whether unsure, probability, coder, and where the marked words are."""
    return (
        lookup.codes[coding.code],
        WAYS.index(coding.polarity or ""),
        BASES.index(coding.basis),
        STATUSES.index(coding.status),
        int(coding.unsure),
        round(coding.probability, 4),
        "" if coding.status == "machine" else coding.coder,
        marks(coding),
    )


def marks(coding: Coding) -> list[int]:
    """Give start and end of each run of marked words in the clean quote, counted as JavaScript counts (UTF-16)."""
    if _one_unit_each(coding.quote):
        return [place for span in apart(coding.words, len(coding.quote)) for place in (span.start, span.end)]
    found, at = [], 0
    for text, marked in pieces(coding.quote, coding.words):
        end = at + len(clean_text(text).encode("utf-16-le")) // 2
        if marked:
            found += [at, end]
        at = end
    return found


@lru_cache(maxsize=16)
def _one_unit_each(text: str) -> bool:
    """Tell whether places in a text are places in the clean text as JavaScript counts; codings share their quotes."""
    return clean_text(text) == text and len(text.encode("utf-16-le")) == 2 * len(text)


def _attribute(attribute: Attribute, lookup: Lookup) -> tuple[object, ...]:
    """Give number of the attribute (-1 where the codebook has none such), value, quote, page, doubt."""
    page = pages_text((str(attribute.page),)) if attribute.page else ""
    number = lookup.attributes.get(attribute.name, -1)
    return (number, attribute.value, attribute.quote, page, doubt_of(attribute.match))


def _json(data: object) -> str:
    """Write data for a script element: an HTML parser ends it at `</script`, whatever its type."""
    text = _written(data)
    if clean_text(text) != text or _ESCAPED.search(text):  # hardly ever, and cleaning each text on its own is slow
        text = _written(_clean(data))
    return text.replace("<", "\\u003c")


def _written(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _clean(data: object) -> object:
    match data:
        case str():
            return clean_text(data)
        case dict():
            return {key: _clean(value) for key, value in data.items()}
        case list() | tuple():
            return [_clean(value) for value in data]
        case _:
            return data
