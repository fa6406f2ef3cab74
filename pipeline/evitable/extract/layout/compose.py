"""Named blocks to the text of a paper, and where each block and line stands in it."""

from __future__ import annotations

from collections.abc import Sequence

from evitable.extract.layout.naming import NamedBlock
from evitable.extract.layout.words import HyphenRule
from evitable.records import Block, Line


def compose(blocks: Sequence[NamedBlock], hyphens: HyphenRule) -> tuple[str, tuple[Block, ...]]:
    """Put the text together, and give each block and line its span in it."""
    parts: list[str] = []
    records: list[Block] = []
    offset = 0
    for block in blocks:
        text, lines = _block_text(block, hyphens, offset)
        records.append(
            Block(
                kind=block.kind,
                level=block.level,
                start=offset,
                end=offset + len(text),
                size=block.size,
                bold=block.bold,
                lines=lines,
            )
        )
        parts.append(text)
        offset += len(text) + 2
    return "\n\n".join(parts), tuple(records)


def _block_text(block: NamedBlock, hyphens: HyphenRule, offset: int) -> tuple[str, tuple[Line, ...]]:
    text = ""
    lines: list[Line] = []
    for line in block.lines:
        glue = hyphens.join(text, line.text)
        start = len(glue) - len(line.text)
        if lines and len(glue) < len(text) + len(line.text):  # a hyphen went: the line above ends one earlier
            above = lines[-1]
            lines[-1] = Line(page=above.page, box=above.box, start=above.start, end=above.end - 1)
        box = (round(line.x0, 1), round(line.top, 1), round(line.x1, 1), round(line.bottom, 1))
        lines.append(Line(page=line.page, box=box, start=offset + start, end=offset + len(glue)))
        text = glue
    return text, tuple(lines)
