"""What is printed on the first pages, block by block, for whoever looks for title, authors and journal in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from evitable.records import Block, BlockKind, squash

PAGES = 3
"""Pages from the start that are looked at: a cover, the first page, and one more for its running head."""
_LEFT_OUT = frozenset({"line_number", "watermark"})


class Printed(NamedTuple):
    """A block of the first pages: kind, page, type size, place from the top and left, text, and text line by line."""

    kind: BlockKind
    page: int
    size: float
    bold: bool
    top: float
    left: float
    text: str
    lines: tuple[str, ...]


_LONGEST, _MOST_LINES, _LONGEST_LINE = 10_000, 200, 500
"""Letters and lines of a block, and letters of a line, that are looked at: no title page holds more."""


def first_pages(text: str, blocks: Sequence[Block]) -> list[Printed]:
    """Give the blocks of the first pages in reading order; an empty document gives none."""
    found = []
    for block in blocks:
        if block.lines and block.lines[0].page <= PAGES and block.kind not in _LEFT_OUT:
            first = block.lines[0]
            ends = [(line.start, min(line.end, line.start + _LONGEST_LINE)) for line in block.lines[:_MOST_LINES]]
            lines = tuple(" ".join(text[start:end].split()) for start, end in ends)
            words = " ".join(text[block.start : min(block.end, block.start + _LONGEST)].split())
            place = (first.page, block.size, block.bold, first.box[1], first.box[0])
            found.append(Printed(block.kind, *place, words, tuple(line for line in lines if line)))
    return [block for block in found if block.text]


def title_of(blocks: Sequence[Printed]) -> Printed | None:
    """Give the title's block on page 1, if there is one."""
    return next((block for block in blocks if block.kind == "title" and block.page == 1), None)


def running_heads(blocks: Sequence[Printed]) -> list[str]:
    """Give the running heads and feet: what stands side by side or on successive lines of one edge, joined."""
    edges: dict[tuple[int, bool], list[Printed]] = defaultdict(list)
    middle = max((block.top for block in blocks), default=0.0) / 2
    for block in blocks:
        if block.kind == "running_head" and not block.text.isdigit():
            edges[block.page, block.top > middle].append(block)
    return [" ".join(block.text for block in sorted(edge, key=_place)) for _, edge in sorted(edges.items())]


def banner(blocks: Sequence[Printed]) -> list[Printed]:
    """Give what stands above the title of page 1, from the top down; nothing where no title is known."""
    title = title_of(blocks)
    if title is None:
        return []
    return sorted((block for block in blocks if block.page == 1 and block.top < title.top - 1), key=_place)


def _place(block: Printed) -> tuple[int, float]:
    return round(block.top / 5), block.left


def find_squashed(text: str, wanted: str) -> tuple[int, int] | None:
    """Find words whatever their spaces, hyphens, accents of print and letter case; None where they are not."""
    if not squash(wanted) or squash(wanted) not in squash(text):
        return None
    letters = [(letter, index) for index, character in enumerate(text) for letter in squash(character)]
    at = "".join(letter for letter, _ in letters).find(squash(wanted))
    return None if at < 0 else (letters[at][1], letters[at + len(squash(wanted)) - 1][1] + 1)
