"""First pages of papers, put together from what is printed on them, from the top down."""

from __future__ import annotations

import re
from typing import cast

from evitable.records import Block, BlockKind, Line

KINDS = {"front": "front_matter", "head": "running_head", "foot": "footnote"}
_BLOCK = re.compile(r"^(?:(?P<kind>\w+) (?P<size>[\d.]+))?\s*\| ?(?P<words>.*)$")


def first_pages(printed: str) -> tuple[str, list[Block]]:
    """Give the text and the blocks of a document.

    Args:
        printed: A line for each printed one: `kind size | words`, or `| words` where the block above goes on; a line
            `page` turns the page. A running head that comes after other blocks is a foot.
    """
    pages = [_tuples(page) for page in re.split(r"^\s*page\s*$", printed, flags=re.MULTILINE)]
    parts: list[str] = []
    blocks: list[Block] = []
    for number, page in enumerate(pages, start=1):
        top = 30.0
        for kind, size, words in page:
            start = sum(len(part) + 2 for part in parts)
            foot = kind == "running_head" and top > 100
            blocks.append(_block(kind, size, words, (number, 780.0 if foot else top, start)))
            parts.append(" ".join(words))
            top += 0 if foot else len(words) * size * 1.2 + 8
    return "\n\n".join(parts), blocks


def _tuples(page: str) -> list[tuple[str, float, list[str]]]:
    found: list[tuple[str, float, list[str]]] = []
    for line in page.strip().splitlines():
        match = _BLOCK.match(line.strip())
        assert match is not None, line
        if match["kind"]:
            found.append((KINDS.get(match["kind"], match["kind"]), float(match["size"]), []))
        found[-1][2].append(match["words"])
    return found


def _block(kind: str, size: float, words: list[str], place: tuple[int, float, int]) -> Block:
    page, top, start = place
    lines = []
    at = start
    for index, line in enumerate(words):
        y = top + index * size * 1.2
        lines.append(Line(page=page, box=(60.0, y, 500.0, y + size), start=at, end=at + len(line)))
        at += len(line) + 1
    return Block(kind=cast("BlockKind", kind), start=start, end=at - 1, size=size, bold=size > 15, lines=tuple(lines))
