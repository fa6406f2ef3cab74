"""The paper's own DOI, told from those of the works that it cites."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from evitable.extract.metadata.citations import SHORT
from evitable.extract.metadata.front import Printed

_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>{}|^]+", re.IGNORECASE)
_HEAD = re.compile(r"(?:\bdoi\b|doi\.org/|\bdoi:)[\s:)\]]*(?:https?://(?:dx\.)?doi\.org/)?\s*$", re.IGNORECASE)
_OTHERS = re.compile(
    r"\b(?:data|datasets?|supplement\w*|comment on|commentary on|correction to|erratum|corrigendum|retract\w*|related"
    r"|protocol|preprint|companion|see|figshare|zenodo|osf|dryad|review history|editorial)\b",
    re.IGNORECASE,
)
_NOT_PAPERS = ("10.13039/", "10.6084/", "10.5061/")
"""Prefixes of funders and of data sets."""
_KINDS = {"running_head": 3, "front_matter": 2, "title": 2, "footnote": 2, "list": 1, "table": 1, "heading": 1}


def own_doi(info: Mapping[str, str], blocks: Sequence[Printed]) -> tuple[str, str]:
    """Find the paper's DOI.

    Args:
        info: The PDF's properties.
        blocks: The first pages.

    Returns:
        The DOI in lower case and where it stands; two empty texts where none is certain to be the paper's own.
    """
    named = _in_properties(info)
    printed = _printed(blocks)
    for doi in named:
        if doi in printed:
            return doi, "DOI line of page 1"
    best = max(printed, key=lambda doi: printed[doi], default="")
    if best and (printed[best] > 2 or not named):
        return best, "DOI line of page 1"
    return (named[0], "PDF properties") if named else ("", "")


def _in_properties(info: Mapping[str, str]) -> list[str]:
    """Give the DOIs of the properties, those of a property named after it first."""
    keys = sorted(info, key=lambda key: ("doi" not in key.lower(), key not in {"Subject", "Title"}, key))
    found = [_trimmed(match[0]) for key in keys for match in _DOI.finditer(info[key])]
    return [doi for doi in dict.fromkeys(found) if doi]


def _printed(blocks: Sequence[Printed]) -> dict[str, int]:
    """Give the DOIs of page 1 and of the running heads with what speaks for each; a cited work's has nothing."""
    found: dict[str, int] = {}
    for block in blocks:
        if block.kind in {"reference", "back_matter"} or (block.page > 1 and block.kind != "running_head"):
            continue
        text = _rejoined(block.lines)
        for match in _DOI.finditer(text):
            before, doi = text[: match.start()], _trimmed(match[0])
            announced = bool(_HEAD.search(before[-40:]))
            others = _OTHERS.search(before[-90:]) or _OTHERS.search(text[match.end() : match.end() + 60])
            points = _KINDS.get(block.kind, 0) + (2 if announced else 0) - (6 if others else 0)
            if block.kind == "body" and len(text) > SHORT:
                points -= 3
            if doi and points > 0:
                found[doi] = found.get(doi, 0) + points
    return found


def _rejoined(lines: Sequence[str]) -> str:
    """Join lines so that a DOI broken over a line's end, or spaced out as Springer's are, is whole again."""
    text = ""
    for printed in lines:
        line = _unspaced(printed) if re.search(r"https?\s:\s?//|https?:\s//", printed) else printed
        broken = re.search(r"(?:https?:/{0,2}|doi\.org/|10\.\d{0,9}/?|10\.\d{4,9}/\S*[-/._(])$", text[-200:])
        text += line if broken and re.match(r"[\w/(.-]", line) else f" {line}"
    return re.sub(r"(10\.\d{4,9}/) +(?=\S)", r"\1", text)


def _unspaced(line: str) -> str:
    """Close `https ://doi.org/10.1007/s1102 7-018-9785-9`."""
    at = re.search(r"https?\s?:", line)
    if at is None:
        return line
    head, tail = line[: at.start()], re.sub(r"\s?:\s?//\s?", "://", line[at.start() :])
    return head + re.sub(r"(?<=[\w/.-]) (?=[\d-])", "", tail)


def _trimmed(doi: str) -> str:
    """Take off what does not belong to a DOI: punctuation, an open bracket's end, the number of a figure."""
    doi = doi.lower().rstrip(".,;:'’”*")
    while doi.endswith((")", "]")) and doi.count("(") < doi.count(")") + doi.count("]"):
        doi = doi[:-1].rstrip(".,;:")
    doi = re.sub(r"(?:\.[gst]\d{3}|/(?:full|pdf|abstract|meta)|\.pdf)$", "", doi)
    return "" if doi.startswith(_NOT_PAPERS) or not re.search(r"/\S{2}", doi) else doi


def year_in(doi: str) -> int | None:
    """Give the year that a DOI holds as a part of its own: `10.1016/j.publaf.2018.06.023`."""
    suffix = doi.partition("/")[2]
    found = re.search(r"(?:^|[./_-])((?:19[5-9]|20[0-4])\d)(?=[./_-])", suffix)
    return int(found[1]) if found else None
