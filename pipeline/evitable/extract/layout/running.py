"""Running heads, feet and page numbers: what comes back at the edges of pages."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from evitable.extract.layout.lines import PrintedLine
from evitable.extract.layout.regions import CAPTION

_PAGE_NUMBER = re.compile(r"^(page\s*)?[#ivx]{1,5}(\s*(of|/|\|)\s*#)?$", re.IGNORECASE)
_EDGE = 0.11
"""Share of the page's height at top and bottom in which running heads and feet stand."""
_LETTERS = 3
_EDGE_OF_OUTERMOST = 0.25
"""The same for the first and the last line of a page: small sheets printed on large paper."""


def running_heads(lines: Sequence[PrintedLine], heights: dict[int, float]) -> set[int]:
    """Find running heads, feet and page numbers: indices of lines at a page's edge that come back on another page.

    Digits are left out of the comparison, so that page numbers and dates come back. A page number alone is enough.
    """
    pages: dict[tuple[str, str], set[int]] = defaultdict(set)
    edges: dict[int, tuple[str, str]] = {}
    outermost = _outermost(lines)
    for index, line in enumerate(lines):
        edge = _edge(line, heights[line.page], outermost=index in outermost)
        if edge and line.upright and not CAPTION.match(line.text):
            edges[index] = (edge, re.sub(r"\d+", "#", line.text.casefold()))
            pages[edges[index]].add(line.page)
    found = {
        index
        for index, key in edges.items()
        if (len(pages[key]) > 1 and len(key[1]) > 1) or (len(heights) > 1 and _PAGE_NUMBER.match(key[1]))
    }
    places = {_place(lines[index]) for index in found if len(edges[index][1]) > _LETTERS}
    return found | {index for index in edges if _place(lines[index]) in places}  # left and right pages may differ


def _place(line: PrintedLine) -> tuple[int, float, str]:
    return round(line.top), line.size, line.face


def _outermost(lines: Sequence[PrintedLine]) -> set[int]:
    """Give the indices of each page's first and last lines, by their places."""
    found: set[int] = set()
    by_page: dict[int, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        by_page[line.page].append(index)
    for indices in by_page.values():
        top, bottom = min(lines[i].top for i in indices), max(lines[i].bottom for i in indices)
        found |= {i for i in indices if lines[i].top < top + 2 or lines[i].bottom > bottom - 2}
    return found


def printed_numbers(heads: Sequence[PrintedLine], pages: int) -> dict[int, str]:
    """Read the printed page numbers off running heads and feet.

    A number counts as the page's own where it runs ahead of the page's index by the same amount on most pages. Empty
    where the paper prints none, or fewer than two.
    """
    offsets: Counter[int] = Counter()
    for page, numbers in _numbers_by_page(heads).items():
        offsets.update({number - page for number in numbers})
    if not offsets:
        return {}
    offset, votes = min(offsets.items(), key=lambda item: (-item[1], abs(item[0])))
    return (
        {page: str(page + offset) for page in range(1, pages + 1)}
        if votes >= max(2, pages // 2) and 1 + offset > 0
        else {}
    )


def _numbers_by_page(heads: Sequence[PrintedLine]) -> dict[int, set[int]]:
    numbers: dict[int, set[int]] = defaultdict(set)
    for line in heads:
        ends = re.findall(r"^\d{1,4}(?=\s|$)|(?<=\s)\d{1,4}$|^\d{1,4}(?=/\d)", line.text)
        numbers[line.page].update(int(end) for end in ends)
    return numbers


def _edge(line: PrintedLine, height: float, *, outermost: bool) -> str:
    share = _EDGE_OF_OUTERMOST if outermost else _EDGE
    if line.bottom < share * height:
        return "head"
    return "foot" if line.top > (1 - share) * height else ""
