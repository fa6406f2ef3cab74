"""Fill columns and pages with rows: what keeps together, floats, footnotes, balanced last columns.

A row is a strip of a column that is never cut: a line of text, a table, a picture, or white space.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from specimen_type import BLACK, Canvas, Line, Style, Word, break_lines, draw_line, make_words

Draw: TypeAlias = Callable[[Canvas, float, float], None]  # canvas, left edge, upper edge

NOTE_GAP = 10.0  # above the first footnote, with the short rule in it
FLOAT_GAP = 5.0  # between a float and the text
BALANCE_STEP = 3.0


@dataclass(frozen=True)
class Row:
    """A strip; without ``draw`` it is white space, which vanishes at the head of a column."""

    height: float
    draw: Draw | None = None
    keep: bool = False  # with the next row
    notes: tuple[str, ...] = ()
    numbered: bool = False
    floats: bool = False
    wide: bool = False  # a float across all columns
    break_before: bool = False


@dataclass(frozen=True)
class Frame:
    """The room of a column on a page; y grows upwards."""

    x: float
    top: float
    bottom: float
    width: float


@dataclass(frozen=True)
class Placed:
    """A row with its left and upper edge on the page."""

    x: float
    top: float
    row: Row


@dataclass
class Page:
    """What stands on a page, in reading order, and where a rule parts the footnotes from the text."""

    placed: list[Placed] = field(default_factory=list)
    rules: list[tuple[float, float, float]] = field(default_factory=list)


@dataclass(frozen=True)
class _State:
    at: int = 0
    wide: tuple[Row, ...] = ()
    narrow: tuple[Row, ...] = ()

    def done(self, rows: Sequence[Row]) -> bool:
        return self.at >= len(rows) and not self.wide and not self.narrow


Notes: TypeAlias = Mapping[str, Sequence[Row]]


def space(height: float) -> Row:
    """White space; where two meet, the larger one counts."""
    return Row(height)


def text_rows(runs: Sequence[tuple[str, str]] | str, style: Style, measure: float) -> list[Row]:
    """A paragraph as rows, white space before and after included; no single line stands alone in a column."""
    room = measure - style.left - style.right
    lines = break_lines(make_words(runs, style), room - style.first, room, style)
    rows: list[Row] = []
    for at, line in enumerate(lines):
        keep = len(lines) > 1 and at in (0, len(lines) - 2)
        draw = _line_draw(line, style, room, first=at == 0)
        rows.append(Row(style.leading, draw, keep=keep, notes=line.notes, numbered=style.numbered))
    return [space(style.before), *rows, space(style.after)]


def _line_draw(line: Line, style: Style, room: float, *, first: bool) -> Draw:
    indent = style.first if first else 0.0

    def draw(canvas: Canvas, x: float, top: float) -> None:
        base = top - (style.leading + style.size * 0.66) / 2
        left = x + style.left
        if style.bar:
            canvas.setFillColorRGB(*style.bar)
            canvas.rect(left - 10, top - style.leading, 2.2, style.leading, stroke=0, fill=1)
        if style.marker and first:
            marker: tuple[Word, ...] = tuple(make_words(style.marker, style))
            draw_line(
                canvas, left - style.size * 1.15, base, Line(marker, 0.0, last=True), replace(style, align="left"), 0
            )
        draw_line(canvas, left + indent, base, line, style, room - indent)

    return draw


def collapse(rows: Sequence[Row]) -> list[Row]:
    """Join white space that meets: the larger one counts."""
    joined: list[Row] = []
    for row in rows:
        if row.draw is None and joined and joined[-1].draw is None:
            joined[-1] = replace(
                joined[-1], height=max(row.height, joined[-1].height), keep=row.keep or joined[-1].keep
            )
        else:
            joined.append(row)
    return joined


def height_of(rows: Sequence[Row]) -> float:
    """The height of rows that stand below each other."""
    return sum(row.height for row in rows)


def stack(rows: Sequence[Row], x: float, top: float) -> tuple[list[Placed], float]:
    """Place rows below each other; gives the lower edge too."""
    placed: list[Placed] = []
    for row in rows:
        if row.draw is not None:
            placed.append(Placed(x, top, row))
        top -= row.height
    return placed, top


def _chain(rows: Sequence[Row], at: int) -> list[Row]:
    """The row and all that must stay in its column: up to the first that need not be kept with its next."""
    chain: list[Row] = []
    for row in rows[at:]:
        if row.floats:
            continue
        chain.append(row)
        if row.draw is not None and not row.keep:
            break
    return chain


def _note_height(marks: Sequence[str], notes: Notes) -> float:
    return sum(height_of(notes[mark]) for mark in marks) + (NOTE_GAP if marks else 0.0)


def _place_notes(page: Page, frame: Frame, marks: Sequence[str], notes: Notes) -> None:
    if not marks:
        return
    top = frame.bottom + _note_height(marks, notes)
    page.rules.append((frame.x, top - NOTE_GAP * 0.45, min(60.0, frame.width)))
    rows = [row for mark in marks for row in notes[mark]]
    page.placed += stack(rows, frame.x, top - NOTE_GAP)[0]


def _fill_column(rows: Sequence[Row], state: _State, frame: Frame, notes: Notes, page: Page) -> _State:
    y, at, wide = frame.top, state.at, state.wide
    marks: list[str] = []
    narrow: tuple[Row, ...] = ()
    for row in state.narrow:
        if y - row.height < frame.bottom and y < frame.top:
            narrow += (row,)
            continue
        page.placed.append(Placed(frame.x, y, row))
        y -= row.height + FLOAT_GAP
    while at < len(rows):
        row = rows[at]
        if row.floats and (row.wide or narrow or y - row.height < frame.bottom + _note_height(marks, notes)):
            wide, narrow = ((*wide, row), narrow) if row.wide else (wide, (*narrow, row))
        elif row.break_before and y < frame.top:
            break
        elif row.draw is None:
            y -= row.height if y < frame.top else 0.0
        else:
            chain = [row] if row.floats else _chain(rows, at)
            cited = [mark for link in chain for mark in link.notes]
            foot = _note_height([*marks, *cited], notes)
            if y - height_of(chain) < frame.bottom + foot - 0.01 and y < frame.top:
                break
            page.placed.append(Placed(frame.x, y, row))
            marks += row.notes
            y -= row.height
        at += 1
    _place_notes(page, frame, marks, notes)
    return _State(at, wide, narrow)


def _fill_page(rows: Sequence[Row], state: _State, frames: Sequence[Frame], notes: Notes) -> tuple[_State, Page]:
    page, fall = Page(), 0.0
    for row in state.wide:
        page.placed.append(Placed(frames[0].x, frames[0].top - fall, row))
        fall += row.height + FLOAT_GAP
    state = replace(state, wide=())
    for frame in frames:
        state = _fill_column(rows, state, replace(frame, top=frame.top - fall), notes, page)
    return state, page


def _full_page(rows: Sequence[Row], state: _State, frames: Sequence[Frame], notes: Notes) -> tuple[_State, Page]:
    """A page that is not the last; the first wide float that the page mentions stands at its foot if it can."""
    after, page = _fill_page(rows, state, frames, notes)
    if not after.wide or page.rules:
        return after, page
    foot = after.wide[0]
    bottom = frames[0].bottom + foot.height + FLOAT_GAP
    raised = [replace(frame, bottom=bottom) for frame in frames]
    again, shorter = _fill_page(rows, state, raised, notes)
    if not again.wide or bottom > (frames[0].top + frames[0].bottom) / 2:
        return after, page
    shorter.placed.append(Placed(frames[0].x, bottom - FLOAT_GAP, foot))
    return replace(again, wide=again.wide[1:]), shorter


def _balanced(rows: Sequence[Row], state: _State, frames: Sequence[Frame], notes: Notes) -> tuple[_State, Page] | None:
    """The last page with columns as short as they can be; None if it is not the last page."""
    height = frames[0].top - frames[0].bottom
    tried = BALANCE_STEP * 20
    while tried <= height + BALANCE_STEP:
        low = max(frames[0].top - tried, frames[0].bottom)
        after, page = _fill_page(rows, state, [replace(frame, bottom=low) for frame in frames], notes)
        rest = sum(row.height + FLOAT_GAP for row in after.wide)
        if after.at >= len(rows) and not after.narrow and low - rest >= frames[0].bottom:
            low -= FLOAT_GAP
            for row in after.wide:
                page.placed.append(Placed(frames[0].x, low, row))
                low -= row.height + FLOAT_GAP
            return _State(len(rows)), page
        tried += BALANCE_STEP
    return None


def fill(
    rows: Sequence[Row],
    frames_of: Callable[[int], Sequence[Frame]],
    notes: Notes | None = None,
) -> list[Page]:
    """Fill as many pages as the rows need.

    Args:
        rows: the text in order, floats where they are first mentioned.
        frames_of: the columns of a page, by its index from 0.
        notes: the rows of each footnote by its mark; they stand at the foot of the column that cites them.

    Raises:
        RuntimeError: the rows cannot be placed.
    """
    rows, notes = collapse(rows), notes or {}
    while rows and rows[-1].draw is None:
        rows.pop()
    state, pages = _State(), list[Page]()
    while not state.done(rows):
        frames = frames_of(len(pages))
        last = _balanced(rows, state, frames, notes) if len(frames) > 1 else None
        state, page = last or _full_page(rows, state, frames, notes)
        pages.append(page)
        if len(pages) > 60:
            raise RuntimeError("the rows do not fit their pages")
    return pages


def paint(canvas: Canvas, page: Page) -> None:
    """Draw a page's rows and the rules above its footnotes."""
    for item in page.placed:
        if item.row.draw is not None:
            item.row.draw(canvas, item.x, item.top)
    canvas.setStrokeColorRGB(*BLACK)
    canvas.setLineWidth(0.4)
    for x, y, width in page.rules:
        canvas.line(x, y, x + width, y)
