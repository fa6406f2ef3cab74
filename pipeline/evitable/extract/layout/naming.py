"""Pages of characters to named blocks in reading order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evitable.extract.engines.characters import CharPage
from evitable.extract.layout.blocks import TERMINAL, RawBlock, group_blocks
from evitable.extract.layout.heading import split_run_ins
from evitable.extract.layout.kinds import find_title, name_blocks
from evitable.extract.layout.lines import PrintedLine, join_markers, margin_numbers, printed_lines
from evitable.extract.layout.look import Look, paper_look
from evitable.extract.layout.order import in_reading_order
from evitable.extract.layout.running import running_heads
from evitable.records import BlockKind

_AROUND = 8
"""Lines at a paragraph's end by which its measure is judged."""


@dataclass(slots=True)
class NamedBlock:
    """A block with its kind, before its text is put together."""

    kind: BlockKind
    level: int
    lines: list[PrintedLine]
    size: float
    bold: bool


def named_blocks(pages: Sequence[CharPage], title: str = "") -> list[NamedBlock]:
    """Group all pages' characters into blocks with kinds, paragraphs rejoined over columns and pages.

    Args:
        pages: All pages, in order.
        title: The title that the PDF's properties give, if any.
    """
    heights = {page.number: page.height for page in pages}
    aside: list[NamedBlock] = []
    lines: list[PrintedLine] = []
    for page in pages:
        found = printed_lines(page)
        numbers = margin_numbers(found)
        aside += [_alone("line_number", found[index]) for index in sorted(numbers)]
        aside += [_alone("watermark", line) for line in found if not line.upright]
        for index in numbers & set(range(len(found) - 1)):
            found[index + 1].follows = False  # what stood before it is gone
        upright = [line for index, line in enumerate(found) if index not in numbers and line.upright]
        lines += join_markers(in_reading_order(upright))
    heads = running_heads(lines, heights)
    aside += [_alone("running_head", lines[index]) for index in sorted(heads)]
    body = [line for index, line in enumerate(lines) if index not in heads]
    look = paper_look(body, heights)
    raw = [block for page in pages for block in group_blocks([line for line in body if line.page == page.number])]
    raw = split_run_ins(_join_title(raw, look), look)
    kinds = name_blocks(raw, look, find_title(raw, look, title))
    named = [
        NamedBlock(kind, level, block.lines, block.size, block.bold)
        for block, (kind, level) in zip(raw, kinds, strict=True)
    ]
    return _join_paragraphs(named) + sorted(aside, key=_place)


def _place(block: NamedBlock) -> tuple[int, int, float]:
    line = block.lines[0]
    return line.page, round(line.top / 3), line.x0


def _alone(kind: BlockKind, line: PrintedLine) -> NamedBlock:
    return NamedBlock(kind, 0, [line], line.size, line.bold)


def _join_title(blocks: list[RawBlock], look: Look) -> list[RawBlock]:
    """Put the lines of a title together that wide spacing had parted."""
    title = find_title(blocks, look)
    if title is None:
        return blocks
    joined = blocks[title]
    after = title + 1
    while (
        after < len(blocks)
        and blocks[after].page == 1
        and blocks[after].size == joined.size
        and blocks[after].bold == joined.bold
    ):
        joined = RawBlock([*joined.lines, *blocks[after].lines])
        after += 1
    return [*blocks[:title], joined, *blocks[after:]]


def _join_paragraphs(blocks: Sequence[NamedBlock]) -> list[NamedBlock]:
    """Rejoin paragraphs that a column, a page, a figure or a footnote parts."""
    joined: list[NamedBlock] = []
    open_body: NamedBlock | None = None
    indents = _indents(blocks)
    for block in blocks:
        if block.kind == "body" and open_body is not None and _carries_on(open_body, block, indents=indents):
            open_body.lines += block.lines
            continue
        joined.append(block)
        if block.kind in {"body", "list"}:
            open_body = block
        elif block.kind in {"heading", "reference", "title"}:
            open_body = None
    return joined


def _indents(blocks: Sequence[NamedBlock]) -> bool:
    """Tell whether the paper's paragraphs begin with a line that stands in."""
    long = [block for block in blocks if block.kind == "body" and len(block.lines) > 2]
    return 2 * sum(_stands_in(block) for block in long) > len(long)


def _stands_in(block: NamedBlock) -> bool:
    return block.lines[0].x0 - block.lines[1].x0 > 0.7 * block.size


def _carries_on(above: NamedBlock, below: NamedBlock, *, indents: bool) -> bool:
    """Tell whether a block carries on the one above: in mid sentence, or full to its end and not standing in."""
    last, first = above.lines[-1], below.lines[0]
    if last.page == first.page and first.top >= last.bottom - 1 and first.x0 < last.x1 and first.top - last.bottom < 40:
        return False  # next to it in the same column: parted on purpose
    if abs(above.size - below.size) >= 0.6:
        return False
    text = last.text.rstrip("”’\"')")
    if text.endswith(TERMINAL):
        full = len(above.lines) > 1 and last.x1 > max(line.x1 for line in above.lines[-_AROUND:]) - 2
        return indents and full and len(below.lines) > 1 and not _stands_in(below)
    return first.text[0].islower() or text.endswith(("-", ","))
