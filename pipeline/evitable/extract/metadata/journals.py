"""Which journal, series or meeting a paper appeared in, by all that its first pages and its properties name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from evitable.extract.metadata.citations import SMALL_WORDS, is_journal_name
from evitable.extract.metadata.front import Printed, banner, title_of
from evitable.extract.metadata.name_words import ORGANISATION
from evitable.records import squash

_JOURNAL_WORD = re.compile(
    r"\b(?:journal|review|revista|revue|rivista|zeitschrift|annals|archives|quarterly|bulletin|transactions"
    r"|tidsskrift)\b",
    re.IGNORECASE,
)
_KIND_OF_ARTICLE = re.compile(
    r"\b(?:articles?|papers?|original|short|case|brief|systematic|scoping|literature|book|peer|invited|rapid"
    r"|manuscript|protocol)\b",
    re.IGNORECASE,
)
_HOMEPAGE = re.compile(r"journal home\s?page|journal homepage", re.IGNORECASE)
_MEETING = re.compile(
    r"\b(?:conference|congress|symposium|workshop|colloquium|summer school|proceedings)\b.*\b(?:19|20)\d\d\b",
    re.IGNORECASE,
)


class Found(NamedTuple):
    """A name, and where it stands."""

    name: str
    where: str


def choose_journal(named: Sequence[Found], blocks: Sequence[Printed], families: Sequence[str]) -> Found | None:
    """Choose the journal.

    Args:
        named: Names read off citations, the best first.
        blocks: The first pages; where nothing is named, the line above the title or a meeting's line is read off them.
        families: The authors' family names, which are no journal although running heads print both alike.

    Returns:
        The first name, written out where another one writes it out; None where nothing is named.
    """
    fit = [found for found in named if not _is_people(found.name, families)] or _unnumbered(blocks, families)
    if not fit:
        return None
    best = fit[0]
    longer = [*fit[1:], *(Found(text, best.where) for text in _spelled(blocks))]
    full = next((found for found in longer if _spells_out(best.name, found.name)), best)
    same = [found.name for found in longer if squash(found.name) == squash(full.name) and not found.name.isupper()]
    name = same[0] if full.name.isupper() and same else _small(full.name)
    return Found(name, best.where if full is best else full.where)


def _unnumbered(blocks: Sequence[Printed], families: Sequence[str]) -> list[Found]:
    """Find a journal that stands above the title without volume and year, or else the meeting's line."""
    title = title_of(blocks)
    squashed = squash(title.text) if title else ""
    heads = {
        squash(re.sub(r"\d", "", block.text)) for block in blocks if block.kind == "running_head" and block.page > 1
    }
    found = []
    top = banner(blocks)
    lines = [line for block in top for line in block.lines]
    for index, line in enumerate(lines):
        name = re.sub(r"\s*\b\d+$|^\d+\s+", "", line)
        announced = index + 1 < len(lines) and _HOMEPAGE.search(lines[index + 1])
        if squash(name) in squashed or _is_people(name, families) or not _titlecased(name):
            continue
        if announced or (_JOURNAL_WORD.search(name) and not _KIND_OF_ARTICLE.search(name)) or squash(name) in heads:
            found.append(Found(name, "line above the title of page 1"))
    return found or [Found(text, "line of page 1") for text in _meetings(blocks)]


def _meetings(blocks: Sequence[Printed]) -> list[str]:
    return [
        block.text
        for block in blocks
        if block.page == 1 and block.kind == "front_matter" and len(block.text) < 160 and _MEETING.search(block.text)
    ]


def _spelled(blocks: Sequence[Printed]) -> list[str]:
    """Give the lines above the title, one by one and two by two: a journal's full name may be among them."""
    lines = [line for block in banner(blocks) for line in block.lines]
    return [*lines, *(f"{one} {two}" for one, two in pairwise(lines))]


def _spells_out(short: str, long: str) -> bool:
    """Tell whether `BMC Med Inform Decis Mak` stands for `BMC Medical Informatics and Decision Making`."""
    brief, full = _weighty(short), _weighty(long)
    return (
        len(brief) == len(full) > 1
        and brief != full
        and all(a and b.startswith(a) for a, b in zip(brief, full, strict=True))
    )


def _weighty(name: str) -> list[str]:
    return [word for word in re.findall(r"\w+", name.casefold()) if word not in SMALL_WORDS]


def _is_people(name: str, families: Sequence[str]) -> bool:
    words = re.findall(r"[\w'’-]+", name.casefold())
    return any(part in words for family in families for part in family.casefold().split()[-1:]) and len(words) < 6


def _titlecased(name: str) -> bool:
    words = [word for word in re.findall(r"[^\W\d_][\w'’-]*", name) if word.casefold() not in SMALL_WORDS]
    return (
        len(words) > 1
        and all(word[0].isupper() for word in words)
        and is_journal_name(name)
        and (not ORGANISATION.search(name) or bool(_JOURNAL_WORD.search(name)))
        and not _KIND_OF_ARTICLE.search(name)
    )


def _small(name: str) -> str:
    """Set `POLICY AND SOCIETY` in small letters; `PLOS ONE`, `BMJ` and other short names stay."""
    words = name.split()
    if not name.isupper() or not any(len(word) > 5 for word in words):
        return name
    return " ".join(
        word.lower()
        if word.casefold() in SMALL_WORDS and index
        else word.capitalize()
        if re.search("[AEIOU]", word)
        else word
        for index, word in enumerate(words)
    )
