"""Where on the first pages the authors stand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from evitable.extract.metadata.front import Printed, title_of
from evitable.extract.metadata.name_words import ORGANISATION, PLACES
from evitable.extract.metadata.names import Name, read_names
from evitable.records import headings, squash

_END = re.compile(
    r"^(?:a\s?b\s?s\s?t\s?r\s?a\s?c\s?t|a r t i c l e|article info|k e y|summary|r[ée]sum[ée]n?|resumo|zusammenfassung"
    r"|riassunto|introduction|key ?words?|palabras|palavras|mots|jel|background|objectives?|highlights|in brief|what is"
    r"|agenda|contents)\b",
    re.IGNORECASE,
)
"""Where the front matter ends."""
_NOTICE = re.compile(
    r"\b(?:correspond\w*|edited by|reviewed by|editors?|reviewers?|received|accepted|published|cite|citation|copyright"
    r"|licen[cs]e\w*|contributed equally|contact|view|submit|full list|recibido|approved|translated|cover|photo|doi)\b"
    r"|©|https?:",
    re.IGNORECASE,
)
"""Lines from which a block names other people than the authors, if any."""
_MARKED = re.compile(
    r"[^\W\d_]\s?,?\s?(?:\d|[*†‡§¶∗⁎])|\b[A-Z]\.|[ᵃ-ᶻ¹²³⁴-⁹]|\^|^(?:[Bb]y|[Aa]uthors?:?|Author\(s\):)\s"
)
"""What only names of people carry: numbers and signs above the line, initials, `by` in front."""
_BY = re.compile(r"^by\s", re.IGNORECASE)
_LEADS_OTHERS = re.compile(
    r"\b(?:edited by|reviewed by|editors?|reviewers?|correspondence(?: to)?|contact)\s*:?$", re.IGNORECASE
)
_OPEN = re.compile(r"(?:[,;&·•|–-]|\b(?:and|of|the|for|y|e|et|und))\s*$", re.IGNORECASE)
_LETTERED = re.compile(r"(?:^|[;,]\s)\^?([a-h])\s?(?=[^\W\d_a-zà-ÿ][a-zà-ÿ])")
_MOST_LINES, _MOST_BLOCKS = 60, 60
"""Lines that a block may have, and blocks between title and abstract, that are searched for names."""


class Byline(NamedTuple):
    """The authors as printed, and where."""

    names: list[Name]
    where: str


class Evidence(NamedTuple):
    """What tells names from titles.

    Attributes:
        named: Text of other places that may name the authors, as the PDF's properties.
        common: Words that the paper has in small letters.
        printed: Squashed text of the blocks that may name an author again: heads, notices, addresses.
    """

    named: str
    common: frozenset[str]
    printed: tuple[tuple[Printed, str], ...] = ()


class _Run(NamedTuple):
    """Names on successive lines of a block, and what stands below them in it."""

    names: list[Name]
    text: str
    below: str


def find_byline(blocks: Sequence[Printed], evidence: Evidence) -> Byline | None:
    """Find the authors' names below the title of page 1, of page 2 behind a cover, or else above the title.

    Args:
        blocks: The first pages in reading order.
        evidence: What speaks for and against words being names.

    Returns:
        The names, or None where no line is certain to hold names of people and nothing else.
    """
    again = tuple((block, _plain(block.text)) for block in blocks if block.kind not in {"body", "title"})
    evidence = evidence._replace(printed=again)
    title = title_of(blocks)
    first = [block for block in blocks if block.page == 1 and block.kind != "running_head"]
    if title is None:
        return _byline(_read_region(first, evidence, below_title=False), 1)
    for page in (1, 2):
        at = _title_index(blocks, title, page)
        region = list(_region(blocks[at + 1 :], page, blocks[at].top)) if at is not None else []
        names = _read_region(region, evidence, below_title=True)
        if names and not any(re.search(r"\bauthors?, including", block.text) for block in region):
            return _byline(names, page)
    above = [block for block in first if block.top < title.top]
    return _byline(_read_region(above[-2:], evidence, below_title=False), 1)


def _byline(names: list[Name], page: int) -> Byline | None:
    return Byline(names, f"authors' line of page {page}") if names else None


def _title_index(blocks: Sequence[Printed], title: Printed, page: int) -> int | None:
    wanted = squash(title.text)
    return next(
        (
            index
            for index, block in enumerate(blocks)
            if block.page == page
            and block.kind != "running_head"
            and (block is title or (page > 1 and len(wanted) > 12 and squash(block.text).startswith(wanted)))
        ),
        None,
    )


def _region(blocks: Sequence[Printed], page: int, top: float) -> Iterator[Printed]:
    """Give what stands between the title and the abstract."""
    for block in blocks:
        if block.page != page:
            return
        if block.kind in {"running_head", "caption", "reference"} or block.top < top:
            continue
        if _END.match(block.text) or headings.is_run_in_abstract(block.text) or headings.is_keywords(block.text):
            return
        yield block
        if block.kind == "body" and len(block.text.split()) > 70:
            return


def _read_region(region: Sequence[Printed], evidence: Evidence, *, below_title: bool) -> list[Name]:
    """Read the names off the blocks: those in the largest type, for editors and addresses are set smaller."""
    letters = frozenset(letter for block in region for line in block.lines for letter in _LETTERED.findall(line))
    found: list[tuple[Printed, _Run]] = []
    for index, block in enumerate(region[:_MOST_BLOCKS]):
        if index and _LEADS_OTHERS.search(region[index - 1].text):
            continue
        below = " ".join(other.text for other in region[index + 1 : index + 2])
        for run in _runs(block, letters):
            sure = _sure(run, block, evidence, run.below or below, alone=below_title and len(region) == 1)
            if sure and (below_title or not _MARKED.search(run.text) or is_address(run.below or below)):
                found.append((block, run))
    largest = max((block for block, _ in found), key=lambda block: block.size, default=None)
    names: list[Name] = []
    for block, run in found:
        if largest and abs(block.size - largest.size) <= 0.3 and block.bold == largest.bold:
            names += [name for name in run.names if not any(_equal(name, other) for other in names)]
    return names


def _sure(run: _Run, block: Printed, evidence: Evidence, below: str, *, alone: bool) -> bool:
    """Tell whether the words are names: they carry marks, or an address or another place vouches for them."""
    if _MARKED.search(run.text):
        return True
    vouched = alone or is_address(below) or _named_elsewhere(run, block, evidence)
    return vouched and not _common(run, evidence)


def is_address(text: str) -> bool:
    """Tell whether the text names an organisation or a mailbox."""
    return bool(ORGANISATION.search(text) or "@" in text)


def _equal(one: Name, other: Name) -> bool:
    return _letters_of(one) == _letters_of(other)


def _named_elsewhere(run: _Run, block: Printed, evidence: Evidence) -> bool:
    """Tell whether another place than the title and the body names one of them too."""
    named = [_plain(evidence.named), *(text for other, text in evidence.printed if other is not block)]
    return any(_plain(name.family) in text for name in run.names for text in named)


def _common(run: _Run, evidence: Evidence) -> bool:
    """Tell whether a name is made of words that the paper has in small letters: `Town Squares` is no person."""
    known = _plain(evidence.named)
    return any(
        all(word.casefold() in evidence.common for word in re.findall(r"[^\W\d_]{2,}", f"{name.given} {name.family}"))
        for name in run.names
        if _plain(name.family) not in known
    )


def _runs(block: Printed, letters: frozenset[str]) -> Iterator[_Run]:
    """Find names in a block: all of it, lines that are followed by addresses, or what stands before an address."""
    lines = _searched(block)
    whole = _read_lines(lines, letters)
    if whole and len(lines) == len(block.lines):
        yield _Run(whole, " ".join(lines), "")
        return
    start = 0
    while start < len(lines):
        address = next((at for at in range(start, len(lines)) if ORGANISATION.search(lines[at])), len(lines))
        end = next((end for end in range(address, start, -1) if _stands_alone(lines, start, end, letters)), start)
        if end > start:
            text, below = " ".join(lines[start:end]), " ".join(block.lines[end : end + 3])
            yield _Run(_read_lines(lines[start:end], letters), text, below)
        elif names := _before_address(lines, start, letters):
            yield _Run(names, lines[start], lines[start])
        start = max(end, start + 1)


def _searched(block: Printed) -> list[str]:
    """Give the lines of a block up to a notice; none of a block that is too long to be a line of authors."""
    if len(block.lines) > _MOST_LINES:
        return []
    lines = [line.split(" | ")[0] if _BY.match(line) else line for line in block.lines]
    return list(takewhile(lambda line: not _NOTICE.search(line), lines))


def _stands_alone(lines: Sequence[str], start: int, end: int, letters: frozenset[str]) -> bool:
    """Tell whether these lines are names, not the middle of an address that runs over them."""
    if start and _OPEN.search(lines[start - 1]) and not re.search(r"\band\s*$", lines[start - 1]):
        return False
    if end < len(lines) and not (ORGANISATION.search(lines[end]) or re.search(r"[@\d]|^[a-h]\s", lines[end])):
        return False
    return bool(_read_lines(lines[start:end], letters))


def _read_lines(lines: Sequence[str], letters: frozenset[str]) -> list[Name]:
    """Read lines as one name each, or else as one list."""
    each = [read_names(line, letters) for line in lines]
    if all(len(names) == 1 for names in each) and not any(_OPEN.search(line) for line in lines):
        return [name for names in each for name in names]
    return read_names(" ".join(lines), letters)


def _before_address(lines: Sequence[str], index: int, letters: frozenset[str]) -> list[Name]:
    """Read the name that an address follows on the same line: `Ana Ruiz, University of Elda`."""
    if index and _OPEN.search(lines[index - 1]):
        return []
    first, _, rest = lines[index].partition(",")
    if ORGANISATION.search(rest) and not ORGANISATION.search(first):
        return read_names(first, letters)
    address = ORGANISATION.search(lines[index])
    names = read_names(lines[index][: address.start()], letters) if address else []
    return [name for name in names if any(_letters_of(name) == box for box in _mailboxes(lines))]


def _mailboxes(lines: Sequence[str]) -> list[str]:
    """Give the letters of the mailboxes, in which many people have their full name."""
    return [_plain(match[1]) for line in lines for match in re.finditer(r"([\w.-]{1,64})@", line)]


def _letters_of(name: Name) -> str:
    return _plain(name.given + name.family)


def _plain(text: str) -> str:
    """Squash, without accents."""
    return squash("".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)))


def organisation_below_title(blocks: Sequence[Printed]) -> Name | None:
    """Give the organisation that stands between a report's title and its text; None where anything else does too."""
    title = title_of(blocks)
    at = _title_index(blocks, title, 1) if title else None
    region = list(_region(blocks[at + 1 :], 1, blocks[at].top)) if at is not None else []
    lines = [line for block in region if block.kind != "body" for line in block.lines]
    names = [line for line in lines if ORGANISATION.search(line) and len(line.split()) < 10 and "," not in line]
    rest = [line for line in lines if line not in names and not re.fullmatch(r"(?:[^\W\d_]+\s)?\d{4}", line)]
    return Name(names[0]) if len(names) == 1 and not rest and names[0].casefold() not in PLACES else None
