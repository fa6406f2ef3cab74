"""The paper's title: as printed, with its subtitle, in one language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from evitable.extract.metadata.byline import is_address
from evitable.extract.metadata.citations import YEAR
from evitable.extract.metadata.front import Printed, find_squashed, title_of
from evitable.extract.metadata.names import read_names
from evitable.records import squash

_NO_TITLE = re.compile(
    r"\.(?:docx?|pdf|indd|tex|dvi|qxd|p65|rtf)\b|^microsoft|untitled|^layout \d|^doi:|^pii:|^10\.\d|^slide \d",
    re.IGNORECASE,
)
_MARKS = re.compile(r"(?<=[^\W\d_])\s?[*†‡§¶∗⁎]+$|(?<=[a-z]{3})\d$")
_NO_SUBTITLE = re.compile(
    r"[.@©\d]$|https?:|\b(?:published|received|volume|cite|doi|journal|article|by)\b", re.IGNORECASE
)


def read_title(info: Mapping[str, str], pages: Sequence[Printed]) -> tuple[str, str]:
    """Read the title.

    Args:
        info: The PDF's properties. Theirs counts where it is printed too: it goes on where the printed title ends, or
            stands for one that was not found.
        pages: The first pages.

    Returns:
        The title and where it stands; two empty texts where none is known.
    """
    named = " ".join(info.get("Title", "").split())
    named = named if len(named.split()) > 1 and not _NO_TITLE.search(named) else ""
    block = title_of(pages)
    if block is None:
        found = find_squashed(" ".join(other.text for other in pages), named)
        return (named, "PDF properties") if found else ("", "")
    printed = _MARKS.sub("", block.text)
    if squash(named).startswith(squash(printed)) and find_squashed(_front(pages), named):
        return named, "title of page 1"
    subtitle = _subtitle(block, pages)
    if subtitle:
        return f"{printed} {subtitle}" if printed.endswith(
            (":", "?", "!", ".")
        ) else f"{printed}: {subtitle}", "title of page 1"
    return _in_one_language(block, pages) or printed, "title of page 1"


def _front(pages: Sequence[Printed]) -> str:
    return " ".join(
        block.text for block in pages if block.page == 1 and block.kind in {"title", "front_matter", "heading"}
    )


def _subtitle(title: Printed, pages: Sequence[Printed]) -> str:
    """Give what stands next below a title in smaller type that is yet clearly larger than what follows; no names."""
    below = [block for block in pages if block.page == 1 and block.top > title.top and block.kind != "running_head"]
    if len(below) < 2 or below[0].kind not in {"front_matter", "heading"}:
        return ""
    first, second = below[:2]
    words = first.text.split()
    larger = title.size > first.size > 1.2 * second.size and 3 < len(words) < 30
    plain = not _NO_SUBTITLE.search(first.text) and not is_address(first.text) and not read_names(first.text)
    return first.text if larger and plain and any(word.islower() for word in words) else ""


def _in_one_language(title: Printed, pages: Sequence[Printed]) -> str:
    """Give the first lines of a title in two languages, as far as the paper's own citation gives them as its title."""
    cited = [block.text for block in pages if block is not title and re.search(YEAR, block.text)]
    for size in range(len(title.lines), 0, -1):
        first = " ".join(title.lines[:size])
        spans = [(text, find_squashed(text, first)) for text in cited if len(first) > 20]
        if any(span and re.match(r"[’”'\"]?\s?[.?!,;]", text[span[1] :]) for text, span in spans):
            return first if size < len(title.lines) else ""
    return ""
