"""How a paper says that it is to be cited, and the line that names its journal, volume and year."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from evitable.extract.metadata.front import Printed, banner, find_squashed, running_heads
from evitable.records import squash

YEAR = r"(?:19[5-9]\d|20[0-4]\d)"
SHORT = 240
"""Characters up to which a block of the first page may be front matter although it was taken for body text."""
_PUNCTUATION = " ,.;:([“”\"'–-/"
_DATE = re.compile(
    rf"(?<!\w)(?:{YEAR}|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{{0,6}}|Spring|Summer|Autumn|Fall|Winter)$"
)
_LONGEST = 900
"""Characters of a citation that are read."""
_CITE = re.compile(
    r"(?:\b(?:please cite|to cite|how to cite|cite (?:this|as)|como citar|para citar|cómo citar|pour citer"
    r"|zitiervorschlag|(?:suggested|recommended) citation|citation for published version)\b|\bcitation\s?:)"
    r"(?:[\s/:]|\b(?:this|the|an?|as|in|press|article|paper|report|document|chapter|version|published|original|work|is"
    r"|it|este|esta|artigo|artículo|trabajo|cet|cite|how|to)\b|\((?:apa|harvard|vancouver)\))*",
    re.IGNORECASE,
)
_NUMERATION = re.compile(
    rf"""
    \({YEAR}\)[,.;]?\s*\d{{1,4}}\s*[:(,]                               # (2021) 22:94
    | \d{{1,4}}\s*(?:\(\d[^()]{{0,12}}\)\s*)?\({YEAR}\)[,:;]?\s*[A-Za-z]?\d  # 212 (2018) 1-9
    | {YEAR}\s*[;:,.]\s*\d{{1,4}}\s*[(:,;.–-]                           # 2016; 10(2):92 and 2021, 13, 1234
    | (?:{YEAR}\s*[;,.]\s*)?\bvol(?:ume|\.)?\s*\d{{1,4}}               # 2019, VOL. 21 and Vol. 6, No. 4, 2018
    | \d{{1,4}}\s?\(\d{{1,3}}(?:\s?[-–/]\s?\d{{1,3}})?\)(?=[,:;]?\s*(?:pp?\.?\s*)?[A-Za-z]?\d|\s*$)  # 4(39), 81
    | \d{{1,4}}:\d{{1,3}},\s*\d                                        # 39:4, 233-242
    | \d{{1,4}}:\s?[a-z]?\d+(?:[-–]\d+)?,\s*{YEAR}                     # 33:e200057, 2021
    | \bv\.\s?\d{{1,4}}\b                                              # v. 33, e200057, 2021
    """,
    re.VERBOSE | re.IGNORECASE,
)
_AFTER_TITLE = re.compile(rf"[\s,(]\d|\bdoi\b|\bhttps?\b|\bvol\b|\bv\.|\({YEAR}\)", re.IGNORECASE)
"""Where the journal's name ends in a citation whose title has been found."""
_ADDRESS = re.compile(r"\s*[|,.]?\s*(?:\|\s*)?(?:https?\s?:|www\.|doi\b).*$", re.IGNORECASE)
_NO_JOURNAL = re.compile(
    r"@|^(?:pages?|received|accepted|published|volume|issue|article|copyright|abstract|keywords|departa?ment|vol|no|doi"
    r"|isbn|issn|university|figure|table|the authors?|available|downloaded|manuscript|version|licen[cs]e|original"
    r"|(?:research|review) article|open access|all rights|corresponding|contents lists?|e-?mail|submitted|revised"
    r"|online)\b|manuscript|creative commons|\b(?:was|were|has|have|can be|which)\b",
    re.IGNORECASE,
)
_OTHER_WORK = re.compile(
    r"\W*(?:addendum|comment|correction|erratum|corrigendum|reply|response|see|related|reprint|originally)\b",
    re.IGNORECASE,
)
"""How lines begin that name the journal of another work."""
SMALL_WORDS = frozenset("of the and in for on de da do e y et und für der a".split())  # noqa: SIM905 - a word list


class Citation(NamedTuple):
    """What a citation says: the text before its title or year (the authors), journal and year; empty where unsaid."""

    authors: str
    journal: str
    year: int | None


def own_citation(blocks: Sequence[Printed], title: str) -> Citation | None:
    """Read the paragraph that says how to cite the paper; None where there is none that holds its title or a year."""
    for block in blocks:
        lead = _CITE.search(block.text)
        if lead is None or block.kind == "reference":
            continue
        found = _read(block.text[lead.end() :], title)
        if found is not None and (found.year or found.journal):
            return found
    return None


def citation_lines(blocks: Sequence[Printed], title: str) -> list[tuple[Citation, str]]:
    """Give what the lines that name journal, volume and year say, each with where it stands, the best first."""
    heads = [block for block in blocks if block.kind == "running_head" and not _is_title(block.text, title)]
    top = [block.text for block in banner(blocks)]
    pairs = [f"{above} {below}" for above, below in pairwise(top)]
    front = [
        line
        for block in blocks
        if block.page == 1
        and (block.kind not in {"body", "caption", "reference"} or len(block.text) < SHORT)
        and not _OTHER_WORK.match(block.text)
        for line in ((block.text, *block.lines) if len(block.text) < 300 else block.lines)
    ]
    found = [(citation, "running head") for citation in _read_all([block.text for block in heads], title)]
    found += [(citation, "citation of page 1") for citation in _read_all(front, title)]
    if not found:  # journal and volume may stand in two lines
        found = [(citation, "running head") for citation in _read_all(running_heads(heads), title)]
        found += [(citation, "citation of page 1") for citation in _read_all(pairs, title)]
    return sorted(found, key=lambda item: (item[0].year is None, -len(squash(item[0].journal))))


def _read_all(lines: Sequence[str], title: str) -> list[Citation]:
    return [citation for line in lines if (citation := _read(line, title)) is not None and citation.journal]


def read_citation(text: str) -> Citation | None:
    """Read a citation without title, as the PDF's properties hold it: `Public Affairs, 2019.12:1-20`."""
    found = _read(text, "")
    if found is not None and found.journal:
        return found
    name = _clean(_ADDRESS.sub("", text))
    year = re.search(rf",\s*({YEAR})\b", text)
    name = _clean(name[: year.start()] if year and year.start() < len(name) else name)
    return (
        Citation("", name, int(year[1]) if year else None) if "doi" in text.lower() and is_journal_name(name) else None
    )


def _read(text: str, title: str) -> Citation | None:
    """Read one citation; the title parts the authors from the journal where it is in the text."""
    text = text[:_LONGEST]
    span = _title_span(text, title)
    before, after = (text[: span[0]], text[span[1] :]) if span else ("", text)
    numeration = _AFTER_TITLE.search(after) if span else _NUMERATION.search(after)
    if numeration is None:
        journal, window = _before_address(after) if span is None else "", after[:120]
    else:
        journal, window = _clean(after[: numeration.start()]), after[numeration.start() : numeration.start() + 90]
    year = _year(before[-30:]) or _year(window)
    if not (journal and is_journal_name(journal)) and span is None:
        return None
    authors = re.sub(rf"[\s(\[]*{YEAR}.*$", "", before).strip(" ,;:“”\"'‘")
    if len(re.findall(r"\b[A-Z]\.", authors)) < 2:  # the point ends the list: `Kohl I, Ruiz A.`
        authors = authors.rstrip(".")
    return Citation(authors, journal if is_journal_name(journal) else "", year)


def _is_title(text: str, title: str) -> bool:
    """Tell whether a running head is the title or its beginning."""
    bare = squash(re.sub(r"^\d+\s|\s\d+$", "", text))
    return len(bare) > 8 and squash(title).startswith(bare)


def _title_span(text: str, title: str) -> tuple[int, int] | None:
    whole = find_squashed(text, title)
    if whole or len(squash(title)) < 12:
        return whole
    main = re.split(r"[:.?!–—]\s", title, maxsplit=1)[0]
    return find_squashed(text, main) if len(squash(main)) > 20 else None


def _year(text: str) -> int | None:
    """Give the first year that is no page: not joined to another number by a dash."""
    found = re.search(rf"(?<![\d–/:-]){YEAR}(?![\d:]|\s?[–-]\s?\d)", text)
    return int(found[0]) if found else None


def _before_address(text: str) -> str:
    """Give the journal of `PLOS ONE | https://doi.org/...` and of `Article in Public Affairs · March 2018`."""
    found = re.match(r"^([^|]{3,60}?)\s*\|\s*(?:https?:|www\.|doi)", text, re.IGNORECASE)
    found = found or re.match(r"^(?:article|conference paper|chapter) in (.{3,90}?) [·•]", text, re.IGNORECASE)
    return _clean(found[1]) if found else ""


def _clean(text: str) -> str:
    """Take authors, page numbers and punctuation off a journal's name."""
    text = re.split(r"\bet al\.?,?", text)[-1]
    parts = [part for part in re.split(r"\s*[|•·]\s*|\s{3,}", text) if re.search(r"[^\W\d_]{2}", part)]
    text = next((part for part in parts if not _ADDRESS.match(part)), "")
    text = re.sub(r"^[\W\d_]+|^(?:in|source)\s*:\s*", "", text.strip(), flags=re.IGNORECASE)
    bare = _without_date(text)
    ended = [part for part in re.split(r"(?<=[a-z]{4})[.?!]\s+(?=[A-Z])", bare) if part]
    name = ended[-1] if len(bare.split()) > 8 and ended else bare
    return f"{name}." if "." in name and text.startswith(f"{bare}.") else name


def _without_date(text: str) -> str:
    """Take punctuation, year, month and season off the end."""
    text = text.rstrip(_PUNCTUATION)
    while found := _DATE.search(text[-12:]):
        text = text[: -len(found[0])].rstrip(_PUNCTUATION)
    return text


def is_journal_name(name: str) -> bool:
    """Tell whether this may be a journal's name: a few words in capitals, no notice and no sentence."""
    words = name.split()
    return (
        1 < len(name) < 110
        and 0 < len(words) < 15
        and not _NO_JOURNAL.search(name)
        and not re.search(r"\d{3}|[.;]\s[a-z]", name)
        and sum(word[0].isupper() or word.casefold() in SMALL_WORDS or word[0] == "&" for word in words)
        >= len(words) - 1
        and bool(re.search(r"[^\W\d_]{2}", name))
    )
