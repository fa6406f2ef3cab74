"""Reading order: the content stream's, unless it cannot be how anyone reads the page; then by columns and regions.

Producers mostly write text in reading order, and know better than geometry what belongs together. A page is put in
order by geometry only where its stream jumps up within a column, takes a right column before the left one, or changes
column at each line. The page is then cut into regions, first along a gutter that has prose on both sides, else along
the widest white stripe across it (the recursive X-Y cut of Nagy and Seth 1984).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from evitable.extract.layout.lines import PIECE_GAP, WORD_GAP, PrintedLine, is_marker

_RUN = 3
"""Lines from which a run of body text counts as a piece of a column."""
_OVERHANGS = 40
"""Lines of which one may run over a gutter."""
_WORDS = 0.6
"""Share of the type size under which a gap parts words, and not columns."""
_NARROWEST = 80.0
"""Points from which a column of prose is wide."""


def in_reading_order(lines: Sequence[PrintedLine]) -> list[PrintedLine]:
    """Put one page's upright lines in reading order.

    Args:
        lines: In stream order.

    Returns:
        The same lines where the stream is in order; else lines rejoined from their pieces, region by region and column
        by column. No lines give none.
    """
    if not _out_of_order(lines):
        return list(lines)
    return _by_regions(_rejoined(lines, reach=_WORDS))


def _out_of_order(lines: Sequence[PrintedLine]) -> bool:
    """Tell whether the stream jumps as no reader does."""
    size = _body_size(lines)
    body = [line for line in lines if abs(line.size - size) < 0.6 and not is_marker(line.text)]
    if len(body) < 2 * _RUN:
        return False
    runs = _runs(body)
    if len(runs) > 0.6 * len(body):
        return True  # another column at each line
    if _row_by_row(body) >= _RUN:
        return True
    long = [run for run in runs if len(run) >= _RUN]
    return any(_precedes(late, early) for index, late in enumerate(long) for early in long[:index])


def _row_by_row(lines: Sequence[PrintedLine]) -> int:
    """Count how often the stream goes from a column to the next one at the same height, and back again."""
    wide = [line for line in lines if line.x1 - line.x0 > _NARROWEST]
    return sum(
        _level(left, right) and right.x0 - left.x1 > 0.8 * left.size and back.x0 < left.x1 and not _level(left, back)
        for left, right, back in zip(wide, wide[1:], wide[2:], strict=False)
    )


def _body_size(lines: Sequence[PrintedLine]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return min(sizes, key=lambda size: (-sizes[size], size), default=0.0)


def _runs(lines: Sequence[PrintedLine]) -> list[list[PrintedLine]]:
    """Cut lines where the stream leaves a column."""
    runs: list[list[PrintedLine]] = []
    for line in lines:
        last = runs[-1][-1] if runs else None
        if (last is not None and _level(last, line) and 0 <= line.x0 - last.x1 < 0.8 * line.size) or (
            last is not None and 0 < line.top - last.top < 6 * line.size and _overlap(last, line) > 0
        ):
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs


def _precedes(late: Sequence[PrintedLine], early: Sequence[PrintedLine]) -> bool:
    """Tell whether the run that comes later in the stream is read before the other: above it, or left of it."""
    ax0, ax1 = min(line.x0 for line in late), max(line.x1 for line in late)
    bx0, bx1 = min(line.x0 for line in early), max(line.x1 for line in early)
    shared = min(ax1, bx1) - max(ax0, bx0)
    if shared > 0.5 * min(ax1 - ax0, bx1 - bx0):
        return late[-1].bottom < early[0].top + 1
    level = min(late[-1].bottom, early[-1].bottom) - max(late[0].top, early[0].top)
    return ax1 <= bx0 + 1 and level > 2 * late[0].size


def _level(one: PrintedLine, other: PrintedLine) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared > 0.5 * min(one.bottom - one.top, other.bottom - other.top)


def _overlap(one: PrintedLine, other: PrintedLine) -> float:
    return min(one.x1, other.x1) - max(one.x0, other.x0)


def _by_regions(lines: Sequence[PrintedLine]) -> list[PrintedLine]:
    """Read a page: its columns from left to right, or else its parts from top to bottom, as deep as they go."""
    ordered: list[PrintedLine] = []
    waiting = [list(lines)]
    while waiting:  # no recursion: a web page may be printed as one page of thousands of lines
        region = waiting.pop()
        parts = [part for part in _parts(region) if part]
        if len(parts) > 1:
            waiting += reversed(parts)
        else:
            ordered += _rejoined(region)
    return ordered


def _parts(lines: list[PrintedLine]) -> list[list[PrintedLine]]:
    """Cut a region once: along a gutter, round a line that reaches over it, or along its widest white stripes."""
    found = _gutter(lines)
    if found is None:
        cuts = _widest_gaps([(line.top, line.bottom) for line in lines])
        edges = [float("-inf"), *cuts, float("inf")]
        return [[line for line in lines if above < line.bottom <= below] for above, below in pairwise(edges)]
    edge, end = found
    across = next((line for line in lines if line.x0 < edge and line.x1 > end), None)
    if across is None:
        return [[line for line in lines if line.x0 < edge], [line for line in lines if line.x0 >= edge]]
    row = [line for line in lines if line is across or _level(line, across)]
    rest = [line for line in lines if line is not across and not _level(line, across)]
    middle = across.bottom + across.top
    above = [line for line in rest if line.bottom + line.top < middle]
    return [above, row, [line for line in rest if line.bottom + line.top >= middle]]


def _gutter(lines: Sequence[PrintedLine]) -> tuple[float, float] | None:
    """Find a gutter that has prose on both sides: where it begins and ends. One line in forty may run over it."""
    size = max((line.size for line in lines), default=0.0)
    longest = sorted(lines, key=lambda line: line.x1 - line.x0)
    for over in range(len(lines) // _OVERHANGS + 1):
        kept = longest[: len(longest) - over]
        for width, edge in sorted(_gaps([(line.x0, line.x1) for line in kept], 0.4 * size), reverse=True):
            right = [line for line in kept if line.x0 >= edge]
            if _is_prose([line for line in kept if line.x1 <= edge]) and _is_prose(right):
                return edge, edge + width
    return None


def _widest_gaps(spans: Sequence[tuple[float, float]]) -> list[float]:
    """Give where the widest gap begins; of gaps that are equal, as between the lines of one column, all."""
    gaps = _gaps(spans, 0.5)
    widest = max((width for width, _ in gaps), default=0.0)
    return [begin for width, begin in gaps if width > widest - 0.05]


def _gaps(spans: Sequence[tuple[float, float]], least: float) -> list[tuple[float, float]]:
    """Give the gaps that no span reaches into, as width and where each begins."""
    gaps: list[tuple[float, float]] = []
    end = None
    for start, stop in sorted(spans):
        if end is not None and start - end > least:
            gaps.append((start - end, end))
        end = stop if end is None else max(end, stop)
    return gaps


def _is_prose(lines: Sequence[PrintedLine]) -> bool:
    """Tell whether rows fill one measure, as a column's do and a table's cells do not."""
    rows: dict[int, tuple[float, float]] = {}
    for line in lines:
        left, right = rows.get(round(line.bottom), (line.x0, line.x1))
        rows[round(line.bottom)] = min(left, line.x0), max(right, line.x1)
    widths = sorted(right - left for left, right in rows.values())
    if len(widths) < _RUN:
        return False
    full = widths[int(0.9 * (len(widths) - 1))]
    return full > _NARROWEST and sum(width > 0.8 * full for width in widths) > 0.4 * len(widths)


def _rejoined(lines: Sequence[PrintedLine], reach: float = PIECE_GAP) -> list[PrintedLine]:
    """Give lines from top to bottom, pieces of one row put together over gaps of less than this share of the size."""
    rows: list[list[PrintedLine]] = []
    for line in sorted(lines, key=lambda line: (line.top + line.bottom, line.x0)):
        if rows and _level(rows[-1][0], line) and abs(rows[-1][0].bottom - line.bottom) < 0.5 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    joined: list[PrintedLine] = []
    for row in rows:
        row.sort(key=lambda line: line.x0)
        pieces = [replace(row[0], follows=False)]
        faces = {line.face for line in row if len(line.text) > 1}
        for line in row[1:]:
            gap = line.x0 - pieces[-1].x1
            if gap < reach * line.size:
                before, space = pieces[-1], " " if gap > WORD_GAP * line.size else ""
                pieces[-1] = _beside(before, line, space)
                if len(faces) == 2 and not before.lead and line.face != before.face:
                    pieces[-1].lead, pieces[-1].lead_end = len(before.text), before.x1
                    pieces[-1].lead_face, pieces[-1].rest_face = before.face, line.face
            else:
                pieces.append(replace(line, follows=True))
        joined += pieces
    return joined


def _beside(before: PrintedLine, line: PrintedLine, space: str) -> PrintedLine:
    longer = before if len(before.text) >= len(line.text) else line
    return replace(
        before,
        text=f"{before.text}{space}{line.text}",
        x1=max(before.x1, line.x1),
        top=min(before.top, line.top),
        bottom=max(before.bottom, line.bottom),
        size=longer.size,
        face=longer.face,
    )
