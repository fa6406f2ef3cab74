"""CSL-JSON files, as Zotero and others write them."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from evitable.bibliography.fields import (
    ReadReferences,
    broken_record,
    find_doi,
    find_pdf,
    find_year,
    first_filled,
    named,
)
from evitable.records import Issue, Reference

_OPEN = re.compile(r"(?:^[ \t]*|[\[,}\]]\s*)\{", re.MULTILINE)
_FIRST_KEY = re.compile(r'\{\s*"(?:id|type)"')
_RECORD_KEYS = frozenset({"id", "type"})
"""Keys of which each record of CSL-JSON has both, and persons, dates and attachments inside a record have neither."""
_HINT = "Look at it in a text editor, or export it again: a comma, a quotation mark or a bracket may be missing."
_KINDS = {
    "article-journal": "JOUR",
    "article-magazine": "MGZN",
    "article-newspaper": "NEWS",
    "book": "BOOK",
    "chapter": "CHAP",
    "entry": "CHAP",
    "entry-dictionary": "DICT",
    "entry-encyclopedia": "ENCYC",
    "paper-conference": "CONF",
    "report": "RPRT",
    "thesis": "THES",
    "manuscript": "UNPB",
    "webpage": "ELEC",
    "post": "ELEC",
    "post-weblog": "BLOG",
    "dataset": "DATA",
}
_PATHS = ("path", "localPath", "filename", "file", "url", "title")


def read_csl(text: str, name: str) -> ReadReferences:
    """Read a CSL-JSON file: a list of records, or a single one.

    If the file as a whole is not JSON (cut off, a comma missing), every record of it that is in itself sound is read.

    Args:
        text: The file's text.
        name: The file's name, for messages and sources.

    Returns:
        Records in file order, and one issue for each that could not be read or has neither title nor DOI. A blank file
        and an empty list give neither.
    """
    items = _items(text)
    if items is None:
        return ReadReferences((), (_not_csl(name),))
    references: list[Reference] = []
    issues: list[Issue] = []
    for number, item in enumerate(items, start=1):
        reference = _reference(item, f"{name}, record {number}") if isinstance(item, dict) else Reference()
        if reference.title or reference.doi:
            references.append(reference)
        else:
            issues.append(broken_record(name, number, _HINT))
    return ReadReferences(tuple(references), tuple(issues))


def _not_csl(name: str) -> Issue:
    return Issue(
        code="references-not-csl",
        stage="references",
        paper=name,
        message="The reference file holds no list of records in CSL-JSON.",
        hint="Export it again from your reference manager in the format CSL JSON.",
    )


def _items(text: str) -> list[Any] | None:
    """Give what stands for records, whatever it is; None if the file is something else."""
    if not text.strip():
        return []
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        found = list(_sound_records(text))
        return found if any(found) else None
    if isinstance(whole, dict):
        return [whole] if {"title", "DOI"} & whole.keys() else None
    if isinstance(whole, list) and (not whole or any(isinstance(item, dict) for item in whole)):
        return whole
    return None


def _sound_records(text: str) -> Iterator[dict[str, Any] | None]:
    """Find the records of a damaged file; None stands for one that cannot be read."""
    decoder = json.JSONDecoder()
    end, lost = 0, False
    for start in (match.end() - 1 for match in _OPEN.finditer(text)):
        if start < end:
            continue
        try:
            item, end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            if not lost or _FIRST_KEY.match(text, start):
                yield None
            lost = True
            continue
        if _RECORD_KEYS & item.keys():
            lost = False
            yield item


def _reference(item: Mapping[str, Any], source: str) -> Reference:
    return Reference(
        title=first_filled(_text(item.get("title"))),
        authors=named(map(_name, _list(item.get("author")))),
        year=_year(item.get("issued")),
        journal=first_filled(*(_text(item.get(key)) for key in ("container-title", "collection-title", "publisher"))),
        doi=find_doi(_text(item.get("DOI"))) or find_doi(_text(item.get("URL"))),
        kind=_KINDS.get(_text(item.get("type")), "GEN"),
        file=next(filter(None, map(find_pdf, _paths(item))), ""),
        source=source,
    )


def _text(value: object) -> str:
    """Give text, or a number as text, or the first of a list of them; anything else is as good as nothing."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return ""
    return f"{value:.15g}"


def _list(value: object) -> list[Any]:
    """Give a list as it is, and a single value as a list of one."""
    return value if isinstance(value, list) else [value]


def _name(person: object) -> str:
    """Give `Family, Given`; a particle that is not dropped goes before the family name, one that is after the given."""
    if not isinstance(person, dict):
        return _text(person)
    words = (("non-dropping-particle", "family"), ("given", "dropping-particle"), ("suffix",))
    parts = [" ".join(filter(None, (_text(person.get(key)).strip() for key in keys))) for keys in words]
    return ", ".join(filter(None, parts)) if parts[0] else _text(person.get("literal")) or parts[1]


def _year(date: object) -> int | None:
    """Find the year of a date: in its parts, as it was typed, or as text or number."""
    if not isinstance(date, dict):
        return find_year(_text(date))
    first = _list(date.get("date-parts"))[:1]
    parts = [_text(part) for part in _list(first[0] if first else None)[:1]]
    return find_year(" ".join([*parts, _text(date.get("raw")), _text(date.get("literal"))]))


def _paths(item: Mapping[str, Any]) -> Iterator[str]:
    """Give what may name a file: CSL has no field for it, but some exports add one."""
    for attached in [*_list(item.get("file")), *_list(item.get("attachments"))]:
        if isinstance(attached, dict):
            yield first_filled(*(_text(attached.get(key)) for key in _PATHS))
        else:
            yield _text(attached)
