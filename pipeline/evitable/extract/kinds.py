"""What each block is. Text that is not body text is named, not lost."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from evitable.extract.blocks import RawBlock
from evitable.extract.lines import PrintedLine, is_marker
from evitable.records import BlockKind, headings

_CAPTION = re.compile(r"^(figure|fig\.|table|box|chart|exhibit|scheme|photo|plate)\s*[A-Z]?\d+", re.IGNORECASE)
_PAGE_NUMBER = re.compile(r"^(page\s*)?[#ivx]{1,5}(\s*(of|/|\|)\s*#)?$", re.IGNORECASE)
_NOTICE = re.compile(
    r"creative commons|all rights reserved|©|open access article|this article is (licensed|distributed)|"
    r"(to|how to) cite|continued (on|from) (next|previous) page|published (online|by)\b.*\d{4}|"
    r"terms (and|&) conditions|correspond(ing|ence)( author|:)|received:?\s.*accepted",
    re.IGNORECASE,
)
_DECLARATION = re.compile(
    r"^(the )?authors? (declares?|reports?|states?|has|have) (that )?((there|they|he|she) (is|are|have|has) )?no\b.*"
    r"\b(interests?|conflicts?|disclosures?)",
    re.IGNORECASE,
)
_BANNER = re.compile(
    r"^((research|review|original|short|case|brief|regular|full)\s)*(article|paper|report|communication|protocol)s?$"
    r"|^(the )?([\w&]+\s){0,6}journal( of( [\w&]+){1,6})?$|^open access$",
    re.IGNORECASE,
)
"""What stands large above a title: the kind of article, the journal's name."""
_EDGE = 0.11
"""Share of the page's height at top and bottom in which running heads and feet stand."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the whole paper looks like: body type size, whether the body is bold, page heights by page."""

    body_size: float
    body_bold: bool
    heights: dict[int, float]


def paper_look(lines: Sequence[PrintedLine], heights: dict[int, float]) -> Look:
    """Find the type of the body text: the size in which most characters of long lines are set."""
    sizes: Counter[float] = Counter()
    bold: Counter[bool] = Counter()
    for line in lines:
        if line.upright and not line.cell:
            weight = len(line.text) * (2 if len(line.text) > 30 else 1)
            sizes[line.size] += weight
            bold[line.bold] += weight
    body = min(sizes, key=lambda size: (-sizes[size], size)) if sizes else 0.0
    return Look(body, bold[True] > bold[False], heights)


def running_heads(lines: Sequence[PrintedLine], heights: dict[int, float]) -> set[int]:
    """Find running heads, feet and page numbers: indices of lines at a page's edge that come back on another page.

    Digits are left out of the comparison, so that page numbers and dates come back. A page number alone is enough.
    """
    pages: dict[tuple[str, str], set[int]] = defaultdict(set)
    edges: dict[int, tuple[str, str]] = {}
    for index, line in enumerate(lines):
        edge = _edge(line, heights[line.page])
        if edge and line.upright:
            edges[index] = (edge, re.sub(r"\d+", "#", line.text.casefold()))
            pages[edges[index]].add(line.page)
    return {
        index
        for index, key in edges.items()
        if (len(pages[key]) > 1 and len(key[1]) > 1) or (len(heights) > 1 and _PAGE_NUMBER.match(key[1]))
    }


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


def _edge(line: PrintedLine, height: float) -> str:
    if line.bottom < _EDGE * height:
        return "head"
    return "foot" if line.top > (1 - _EDGE) * height else ""


def name_blocks(blocks: Sequence[RawBlock], look: Look, title: int | None) -> list[tuple[BlockKind, int]]:
    """Give the kind of each block, and the level of each heading (0 for all else).

    Args:
        blocks: Upright blocks without running heads and line numbers, in reading order.
        look: What the paper looks like.
        title: Index of the title's block, if it is known.
    """
    kinds = [_kind_alone(block, look) for block in blocks]
    levels = _heading_levels(blocks, kinds)
    if title is not None:
        kinds[title] = "title"
        for index in range(title):
            kinds[index] = "front_matter"
    _name_front_matter(blocks, kinds, look, title)
    _name_by_section(blocks, kinds, levels)
    return [(kind, levels.get(index, 0) if kind == "heading" else 0) for index, kind in enumerate(kinds)]


def find_title(blocks: Sequence[RawBlock], look: Look) -> int | None:
    """Find the title: the largest type on the first page's upper part, clearly above the body's."""
    first = [
        (index, block)
        for index, block in enumerate(blocks)
        if block.page == 1 and block.lines[0].top < 0.62 * look.heights[1] and len(block.text) > 8
    ]
    large = [
        (index, block)
        for index, block in first
        if block.size > 1.12 * look.body_size and len(block.text.split()) < 45 and not _BANNER.search(block.text)
    ]
    if not large:
        return None
    return max(large, key=lambda item: (item[1].size, -item[0]))[0]


def _kind_alone(block: RawBlock, look: Look) -> BlockKind:
    """Name a block by what it looks like itself, without its neighbours."""
    text = " ".join(block.text.split())
    words = text.split()
    if _CAPTION.match(text) and len(words) < 90 and not _reads_on(text):
        return "caption"
    if any(line.cell for line in block.lines):
        return "table"
    if headings.is_keywords(text) or (_NOTICE.search(text) and (block.page == 1 or len(words) < 12)):
        return "front_matter"
    if _DECLARATION.match(text) and len(words) < 40:
        return "back_matter"
    if _looks_like_heading(block, text, words, look):
        return "heading"
    return _kind_of_text(block, text, words, look)


def _kind_of_text(block: RawBlock, text: str, words: list[str], look: Look) -> BlockKind:
    small = block.size < 0.93 * look.body_size
    low = block.lines[0].top > 0.55 * look.heights[block.page]
    if small and low and block.page > 1 and re.match(r"^(\d{1,3}|[*†‡§¹²³⁴-⁹])\s?\S", text):
        return "footnote"
    if is_marker(words[0]) and len(words) > 1 and not words[0][0].isdigit():
        return "list"
    return "table" if not any(c.isalpha() for c in text) or (len(words) < 5 and small) else "body"


def _reads_on(text: str) -> bool:
    """Tell a sentence that begins with `Table 2 shows` from a caption."""
    return bool(
        re.match(
            r"^\w+\.?\s*[A-Z]?\d+[a-z]?\s+(shows?|presents?|gives?|lists?|reports?|summari[sz]es|illustrates?|depicts?|and)\b",
            text,
            re.IGNORECASE,
        )
    )


def _looks_like_heading(block: RawBlock, text: str, words: list[str], look: Look) -> bool:
    if len(words) > 16 or len(block.lines) > 3 or not re.search(r"[^\W\d_]{3}", text) or text.endswith((".", ",", ";")):
        return False
    if headings.is_plain_name(text):
        return True
    if block.size < 0.9 * look.body_size or text[0].islower():
        return False
    known = headings.heading_kind(text) is not None or headings.is_back_matter(text)
    letters = [c for c in text if c.isalpha()]
    capitals = len(letters) > 3 and all(c.isupper() for c in letters)
    large, bold = block.size > 1.08 * look.body_size, block.bold and not look.body_bold
    if large or bold or capitals:
        return True
    depth = headings.numbered_depth(text)
    return (
        (known and len(words) < 5 and text[0].isupper())
        or (depth > 0 and known)
        or (depth > 1 and len(block.lines) == 1)
    )


def _heading_levels(blocks: Sequence[RawBlock], kinds: Sequence[BlockKind]) -> dict[int, int]:
    """Give each heading's depth: by its number, or else by the rank of its type among the headings."""
    found = [index for index, kind in enumerate(kinds) if kind == "heading"]
    styles = sorted({(-blocks[index].size, not blocks[index].bold) for index in found})
    levels = {}
    for index in found:
        text = " ".join(blocks[index].text.split())
        rank = styles.index((-blocks[index].size, not blocks[index].bold)) + 1
        levels[index] = headings.numbered_depth(text) or min(rank, 4)
    return levels


def _name_front_matter(blocks: Sequence[RawBlock], kinds: list[BlockKind], look: Look, title: int | None) -> None:
    """Name authors and addresses: from the title to the first heading or long paragraph, and small type on page 1."""
    if title is None:
        return
    open_front = True
    for index in range(title + 1, len(blocks)):
        block = blocks[index]
        if block.page > 1:
            return
        words = len(block.text.split())
        small = block.size < 0.93 * look.body_size
        text = " ".join(block.text.split())
        if (
            (
                kinds[index] == "heading"
                and (headings.heading_kind(text) or headings.is_back_matter(text) or not open_front)
            )
            or headings.is_run_in_abstract(text)
            or (open_front and words >= 45 and kinds[index] == "body")
        ):
            open_front = False
        elif open_front or (
            small and (words < 45 or block.size < 0.8 * look.body_size) and kinds[index] in {"body", "table", "list"}
        ):
            kinds[index] = "front_matter"


def _name_by_section(blocks: Sequence[RawBlock], kinds: list[BlockKind], levels: dict[int, int]) -> None:
    """Name what stands under a heading of references, acknowledgements and the like."""
    under: BlockKind | None = None
    depth = 0
    for index, block in enumerate(blocks):
        if kinds[index] == "heading":
            text = " ".join(block.text.split())
            if headings.is_references(text):
                under, depth = "reference", levels[index]
            elif headings.is_back_matter(text, late=index > len(blocks) / 2):
                under, depth = "back_matter", levels[index]
            elif under == "reference" and headings.heading_kind(text) is None:
                kinds[index] = under  # a letter or a year set bold inside the list
            elif under is not None and (levels[index] <= depth or headings.heading_kind(text)):
                under = None
        elif under is not None and kinds[index] in {"body", "list", "table", "footnote"}:
            kinds[index] = under
