"""Tables and figures: what stands under their captions or among their cells is no body text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from evitable.extract.layout.blocks import RawBlock
from evitable.extract.layout.look import Look
from evitable.records import BlockKind, headings

CAPTION = re.compile(
    r"^(supplementary |appendix )?(figure|fig\.?|table|box|chart|exhibit|scheme|photo|plate|panel|tabla|figura|gráfico|"
    r"quadro|tabela|cuadro|tableau|abbildung|tabelle)\s*([A-Z]{0,2}\.?\d+|[IVX]+\b)",
    re.IGNORECASE,
)
"""How the caption of a table or a figure begins."""
_NOTE = re.compile(
    r"^(source|fuente|fonte|notes?|nota|legend|abbreviations?|key)s?\s*[:.]\s|^(\*{1,3}|[†‡§¶])\s?\w|^[A-Z][\w-]{1,9}\s?=\s",
    re.IGNORECASE,
)
"""How a note under a table begins."""


_TITLE_WORDS = 30
_SURE = 6
"""Cells from which a region without a caption is a table for sure."""


@dataclass(slots=True)
class _Region:
    """A table or a figure that is being passed through: its caption's kind of text, its place, its columns."""

    page: int
    size: float
    bottom: float
    x0: float
    x1: float
    captioned: bool
    columns: list[float] = field(default_factory=list)

    def take(self, block: RawBlock) -> None:
        """Let the region reach over the block too."""
        self.bottom = max(self.bottom, *(line.bottom for line in block.lines))
        self.x0 = min(self.x0, *(line.x0 for line in block.lines))
        self.x1 = max(self.x1, *(line.x1 for line in block.lines))
        self.columns += [line.x0 for line in block.lines if line.cell]


def name_tables(blocks: Sequence[RawBlock], kinds: list[BlockKind], look: Look) -> None:
    """Name what belongs to a table or a figure: smaller type right under its caption, and text among its cells.

    Args:
        blocks: In reading order.
        kinds: What they are so far; changed in place. Body, lists, headings and footnotes may become tables.
        look: What the paper looks like.
    """
    region: _Region | None = None
    for index, block in enumerate(blocks):
        kind = kinds[index]
        if kind in {"caption", "table"}:
            if region is None or region.page != block.page or kind == "caption" or not _touches(region, block):
                region = _opened(block, captioned=kind == "caption")
            else:
                region.take(block)
        elif region is not None and kind in {"body", "list", "heading", "footnote"}:
            if kinds[index - 1] == "caption" and _is_title(blocks[index - 1], block):
                kinds[index] = "caption"
                region.take(block)
            elif _belongs(region, block, look, kind):
                kinds[index] = "table"
                region.take(block)
            elif kind != "footnote" and block.size >= 0.97 * look.body_size:
                region = None


def _is_title(label: RawBlock, block: RawBlock) -> bool:
    """Tell whether a caption is only `Table 1`, and the block below it what the table is called."""
    bare = CAPTION.fullmatch(label.text.strip().rstrip(".:"))
    below = 0 <= block.lines[0].top - label.lines[-1].bottom < 2 * block.size
    return bool(bare) and below and len(block.text.split()) <= _TITLE_WORDS


def name_figure_text(blocks: Sequence[RawBlock], kinds: list[BlockKind], look: Look) -> None:
    """Name the words that are printed in a figure: short pieces in small or other type right before its caption.

    Args:
        blocks: In reading order.
        kinds: What they are so far; changed in place.
        look: What the paper looks like.
    """
    for index in [index for index, kind in enumerate(kinds) if kind == "caption"]:
        before = index - 1
        while before >= 0 and blocks[before].page == blocks[index].page and _in_figure(blocks[before], look):
            if kinds[before] in {"body", "list", "heading", "footnote"}:
                kinds[before] = "table"
            before -= 1


def _in_figure(block: RawBlock, look: Look) -> bool:
    text = block.running
    other = block.size < 0.93 * look.body_size or (block.face != look.body_face and block.size <= look.body_size)
    few = len(text.split()) < 25 and not re.search(r"[a-z]{2}\.$", text)
    return other and few and headings.heading_kind(text) is None and not CAPTION.match(text)


def _opened(block: RawBlock, *, captioned: bool) -> _Region:
    first = block.lines[0]
    region = _Region(block.page, block.size, first.bottom, first.x0, first.x1, captioned)
    region.take(block)
    return region


def _touches(region: _Region, block: RawBlock) -> bool:
    """Tell whether the block stands below the region or in it, with no more than a few lines between."""
    first = block.lines[0]
    beside = min(region.x1, max(line.x1 for line in block.lines)) - max(region.x0, first.x0)
    return first.top - region.bottom < 4 * first.size and (beside > 0 or first.top < region.bottom)


def _belongs(region: _Region, block: RawBlock, look: Look, kind: BlockKind) -> bool:
    if region.page != block.page or not _touches(region, block):
        return False
    text = block.running
    if kind == "heading" and (headings.heading_kind(text) or block.size > look.body_size):
        return False
    if _NOTE.match(text) and block.size <= 1.02 * look.body_size:
        return True
    sure = region.captioned or len(region.columns) >= _SURE
    if sure and block.size < 0.97 * look.body_size:
        return True
    width = max(line.x1 for line in block.lines) - min(line.x0 for line in block.lines)
    in_column = any(abs(block.lines[0].x0 - column) < 2 for column in region.columns)
    return in_column and width < 0.6 * (region.x1 - region.x0)
