"""Turn the blocks of a text into rows, by the look of a layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from specimen_flow import Row, space, text_rows
from specimen_pictures import TableLook, figure_row, is_wide, natural_width, table_row
from specimen_text import Block, Figure, Heading, Para, Specimen, Table, bare_title
from specimen_type import BLACK, Colour, Style

UNNUMBERED = (
    "abstract",
    "acknowledg",
    "funding",
    "references",
    "declaration",
    "conflict",
    "data availab",
    "note",
    "appendix",
)


@dataclass(frozen=True)
class Look:
    """The styles of a layout, and where its tables and figures go."""

    body: Style
    opening: Style  # a paragraph that follows no other paragraph
    headings: tuple[Style, Style]
    quote: Style
    item: Style
    reference: Style
    note: Style
    table: TableLook
    accent: Colour = BLACK
    caption_end: str = "."
    at_end: bool = False  # tables and figures after the text


def rows_of(specimen: Specimen, look: Look, measure: float, wide_measure: float = 0.0) -> list[Row]:
    """All blocks of a text as rows.

    Args:
        specimen: the text.
        look: the styles.
        measure: the width of a column.
        wide_measure: the width across all columns, for tables that need it; 0 where there is one column.
    """
    rows: list[Row] = []
    before: Block | None = None
    for block in specimen.blocks:
        if isinstance(block, Heading):
            style = look.headings[min(block.level, 2) - 1]
            rows += [replace(row, keep=True) for row in text_rows(block.text, style, measure)]
        elif isinstance(block, Para):
            rows += _para(block, before, look, measure)
        elif look.at_end:
            word = "Table" if isinstance(block, Table) else "Figure"
            centred = replace(
                look.body, align="center", first=0.0, before=look.body.leading / 3, after=look.body.leading / 3
            )
            rows += text_rows(f"[{word} {block.number} about here]", centred, measure)
        else:
            rows.append(float_row(block, specimen, look, measure, wide_measure))
        before = before if isinstance(block, Table | Figure) else block
    if look.at_end:
        rows += _at_end(specimen, look, measure)
    return rows


def _para(block: Para, before: Block | None, look: Look, measure: float) -> list[Row]:
    if block.kind == "quote":
        return text_rows(block.text, look.quote, measure)
    if block.kind == "item":
        rows = text_rows(block.text, look.item, measure)
        inside = isinstance(before, Para) and before.kind == "item"
        return [space(look.item.after), *rows[1:]] if inside else rows
    if block.kind == "reference":
        return text_rows(block.text, look.reference, measure)
    follows = isinstance(before, Para) and before.kind == "body"
    return text_rows(block.text, look.body if follows else look.opening, measure)


def float_row(block: Table | Figure, specimen: Specimen, look: Look, measure: float, wide_measure: float = 0.0) -> Row:
    """A table or figure as one row, across all columns where one column is too narrow for it."""
    if isinstance(block, Table):
        wide = wide_measure > 0 and natural_width(block, look.table.style) > measure * 1.25
        row = table_row(block, look.table, wide_measure if wide else measure, look.caption_end)
    else:
        wide = wide_measure > 0 and is_wide(block, specimen.key)
        width = wide_measure if wide else measure
        row = figure_row(block, look.table, width, look.accent, specimen.key, look.caption_end)
    return replace(row, wide=wide)


def _at_end(specimen: Specimen, look: Look, measure: float) -> list[Row]:
    floats = [block for block in specimen.blocks if isinstance(block, Table | Figure)]
    rows: list[Row] = []
    for block in sorted(floats, key=lambda item: (isinstance(item, Figure), item.number)):
        row = replace(float_row(block, specimen, look, measure), floats=False)
        rows += [space(18), row]
    return rows


def note_rows(specimen: Specimen, look: Look, measure: float) -> dict[str, list[Row]]:
    """The footnotes of a text as rows, by their marks."""
    return {
        mark: [row for row in text_rows([(mark, "sup"), (" " + text, "regular")], look.note, measure) if row.draw]
        for mark, text in specimen.footnotes.items()
    }


def numbered_headings(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks with numbers set before their headings, unless the text numbers them itself."""
    headings = [block for block in blocks if isinstance(block, Heading)]
    if any(block.text[:1].isdigit() for block in headings):
        return tuple(blocks)
    numbered: list[Block] = []
    high = low = 0
    for block in blocks:
        if isinstance(block, Heading) and not bare_title(block.text).startswith(UNNUMBERED):
            high, low = (high + 1, 0) if block.level == 1 else (high, low + 1)
            number = f"{high}" if block.level == 1 else f"{high}.{low}"
            numbered.append(Heading(block.level, f"{number} {block.text}"))
        else:
            numbered.append(block)
    return tuple(numbered)
