"""The order of studies, and the short names by which they are called."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping

from evitable.records import Paper, Reference

_ORGANISATION = re.compile(
    r"\b(organi[sz]ation|ministry|council|universit|department|institut|association|foundation|commission|agency|committee|"
    r"government|network|office|cent(re|er)|bank|nations|society|trust|group|union|authority|fund|UK|USA)",
    re.IGNORECASE,
)


def sort_key(paper: Paper) -> tuple[str, int, str]:
    """Give by what papers are sorted: name, year, title."""
    reference = paper.reference or Reference()
    return (_plain(_lead(paper)), reference.year or 0, _plain(reference.title))


def _plain(text: str) -> str:
    if text.isascii():
        return text.casefold()
    return "".join(c for c in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(c))


def _lead(paper: Paper) -> str:
    """Give the name by which a study is called: its first author's family name or organisation, or else its file."""
    reference = paper.reference or Reference()
    if reference.authors:
        author = reference.authors[0]
        if "," in author:
            return author.partition(",")[0].strip()
        return author if _ORGANISATION.search(author) or len(author.split()) > 3 else author.split()[-1]
    return paper.path.rpartition("/")[2].removesuffix(".pdf")


def study_keys(studies: Mapping[str, tuple[Paper, str]]) -> dict[str, str]:
    """Give each study a short key such as `Moeller 2018`; equal ones get letters: 2018a, 2018b.

    Args:
        studies: By id, the first paper and the key that reviewers gave it, or an empty text.
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for study_id, (paper, given) in studies.items():
        groups[given or _made_key(paper)].append(study_id)
    keys: dict[str, str] = {}
    for key, same in groups.items():
        for index, study_id in enumerate(same):
            keys[study_id] = key if len(same) == 1 else f"{key}{'' if key[-1].isdigit() else '-'}{_letters(index)}"
    return keys


def _made_key(paper: Paper) -> str:
    reference = paper.reference or Reference()
    return f"{_lead(paper)} {reference.year or 'n.d.'}" if reference.authors else _lead(paper)


def _letters(index: int) -> str:
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters
