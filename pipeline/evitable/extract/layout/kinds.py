"""What each block is. Text that is not body text is named, not lost."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evitable.extract.layout.blocks import RawBlock
from evitable.extract.layout.heading import heading_levels, is_heading, promote_headings
from evitable.extract.layout.lines import is_marker
from evitable.extract.layout.look import Look
from evitable.extract.layout.regions import CAPTION, name_figure_text, name_tables
from evitable.records import BlockKind, headings, squash

_NOTICE = re.compile(
    r"creative commons|all rights reserved|©|open access article|this article is (licensed|distributed)|"
    r"(to|how to) cite|continued (on|from) (next|previous) page|published (online|by)\b.*\d{4}|"
    r"terms (and|&) conditions|"
    r"^permission to make digital|copyright held by|^acm isbn|"
    r"correspond(ing|ence)( author|:| to\b)|received:?\s.*accepted",
    re.IGNORECASE,
)
_MIN_TITLE = 15
"""Letters and digits from which a title in the PDF's properties is believed."""
_ADDRESS = re.compile(
    r"\b(universi|department|departement|faculty|facult|institut|college|hospital|school of|centre for|center for|"
    r"laborator|ministry|academy)|@|\b[A-Z]{1,2}\d{1,2} ?\d[A-Z]{2}\b|\b\d{5}\b",
    re.IGNORECASE,
)
"""What stands in an author's address."""
_CODED = frozenset({"body", "list"})
_ENTRY = re.compile(
    r"^(\[?\d{1,3}[\].]?\s+|[•–-]\s+)?"  # a number
    r"[^\W\d_a-z][\w’'-]+(\s[^\W\d_a-z][\w’'-]+)?,?\s([^\W\d_a-z]\.?[ ,-]{0,2}){1,4}[,.&(\s]"  # a name, initials
)
_ENTRY_YEAR = re.compile(r"\b(19|20)\d\d[a-z]?\b")
_ENTRY_PLACE = re.compile(
    r"\d\s?\(\d+([–/-]\d+)?\)|\d\s?[:;,]\s?(pp?\.\s?)?e?\d+\s?[–-]\s?\d+|\bdoi\b|https?:|\bpp?\.\s?\d|\bPress\b|\bPublish",
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


def name_blocks(blocks: Sequence[RawBlock], look: Look, title: int | None) -> list[tuple[BlockKind, int]]:
    """Give the kind of each block, and the level of each heading (0 for all else).

    Args:
        blocks: Upright blocks without running heads and line numbers, in reading order.
        look: What the paper looks like.
        title: Index of the title's block, if it is known.
    """
    kinds = [_kind_alone(block, look) for block in blocks]
    _name_key_words(blocks, kinds)
    name_tables(blocks, kinds, look)
    name_figure_text(blocks, kinds, look)
    promote_headings(blocks, kinds, look)
    if title is not None:
        kinds[title] = "title"
        for index in range(title):
            above = blocks[index].lines[0].top < blocks[title].lines[0].top
            small = blocks[index].size < 0.93 * look.body_size  # addresses at the page's foot
            if blocks[index].page == 1 and (above or small):
                kinds[index] = "front_matter"
    _name_front_matter(blocks, kinds, look, title)
    levels = heading_levels(blocks, kinds)
    _name_by_section(blocks, kinds, levels)
    _name_stray_references(blocks, kinds)
    return [(kind, levels.get(index, 0) if kind == "heading" else 0) for index, kind in enumerate(kinds)]


def find_title(blocks: Sequence[RawBlock], look: Look, said: str = "") -> int | None:
    """Find the title: on the first page's upper part, in the largest type, clearly above the body's.

    Args:
        blocks: In reading order.
        look: What the paper looks like.
        said: The title that the PDF's properties give; a block that says the same is it, whatever its type.
    """
    first = [
        (index, block)
        for index, block in enumerate(blocks)
        if block.page == 1 and block.lines[0].top < 0.62 * look.heights[1] and len(block.text) > 8
    ]
    wanted = squash(said)
    named = [index for index, block in first if len(wanted) > _MIN_TITLE and squash(block.text) == wanted]
    if named:
        return named[0]
    large = [
        (index, block)
        for index, block in first
        if block.size > 1.12 * look.body_size and len(block.text.split()) < 45 and not _no_title(block)
    ]
    if large:
        return max(large, key=lambda item: (item[1].size, -item[0]))[0]
    return _plain_title(first, look)


def _no_title(block: RawBlock) -> bool:
    """Tell whether large type on the first page is something else: the journal's name, or a section's heading."""
    text = block.running
    numbered = headings.numbered_depth(text) > 0 and text[0].isdigit() and headings.heading_kind(text) is not None
    return bool(_BANNER.search(text)) or headings.is_plain_name(text) or numbered


def _plain_title(first: Sequence[tuple[int, RawBlock]], look: Look) -> int | None:
    """Find a manuscript's title, in the body's type: bold or in capitals, above the abstract or introduction."""
    for index, block in first:
        text = block.running
        if headings.is_plain_name(text) or headings.is_run_in_abstract(text) or len(text.split()) >= 45:
            return None
        stands_out = (block.bold and not look.body_bold) or text.isupper()
        other = _BANNER.search(text) or CAPTION.match(text) or _is_notice(block, text, look)
        if stands_out and len(text.split()) >= 4 and not other:
            return index
    return None


def _kind_alone(block: RawBlock, look: Look) -> BlockKind:
    """Name a block by what it looks like itself, without its neighbours."""
    text = block.running
    words = text.split()
    tests: tuple[tuple[BlockKind, bool], ...] = (
        ("caption", bool(CAPTION.match(text)) and len(words) < 90 and not _reads_on(text)),
        ("table", any(line.cell for line in block.lines)),
        ("heading", block.run_in),
        ("front_matter", headings.is_keywords(text) or _is_notice(block, text, look)),
        ("back_matter", bool(_DECLARATION.match(text)) and len(words) < 40),
        ("heading", is_heading(block, look)),
    )
    return next((kind for kind, holds in tests if holds), None) or _kind_of_text(block, text, words, look)


def _name_key_words(blocks: Sequence[RawBlock], kinds: list[BlockKind]) -> None:
    """Name the key words that stand below a heading of their own."""
    for index in range(1, len(blocks)):
        above, text = blocks[index - 1].text, blocks[index].running
        bare = headings.is_keywords(above) and len(above.split()) < 3
        if bare and kinds[index] in _CODED and len(text.split()) < 40 and not text.endswith("."):
            kinds[index] = "front_matter"


def _is_notice(block: RawBlock, text: str, look: Look) -> bool:
    """Tell whether a publisher speaks: in few words, or on the first page; a paragraph that ends in one stays."""
    found, words = _NOTICE.search(text), len(text.split())
    if found is None or (block.page > 2 and words >= 12) or (block.page == 2 and words >= 12 and found.start() > 0):
        return False
    return words < 60 or block.size < 0.95 * look.body_size or found.start() < 0.4 * len(text)


def _kind_of_text(block: RawBlock, text: str, words: list[str], look: Look) -> BlockKind:
    small = block.size < 0.93 * look.body_size
    low = block.lines[0].top > 0.55 * look.heights[block.page]
    mark = re.match(r"^(\d{1,3}|[*†‡§¹²³⁴-⁹])\s?\S", text)
    if small and low and mark and (block.page > 1 or mark[1].isdigit()):
        return "footnote"
    if is_marker(words[0]) and len(words) > 1 and not words[0][0].isdigit():
        return "list"
    scrap = len(words) < 5 and small and text[-1] not in '.?!”’"'
    return "table" if scrap or not any(c.isalpha() for c in text) else "body"


def _reads_on(text: str) -> bool:
    """Tell a sentence that begins with `Table 2 shows` from a caption: a small letter stands behind the number."""
    return bool(re.match(r"^\w+\.?\s*[A-Z]?\d+[a-z]?\s+(\([^)]*\)\s+)?(?!cont\b|continued)[a-z]{2}", text))


def _name_front_matter(blocks: Sequence[RawBlock], kinds: list[BlockKind], look: Look, title: int | None) -> None:
    """Name authors and addresses: from the title to the first heading or long paragraph, and small type on page 1."""
    if title is None:
        return
    open_front = True
    for index in range(title + 1, len(blocks)):
        block = blocks[index]
        if block.page > 1:
            return
        text = block.running
        words = len(text.split())
        small = block.size < 0.93 * look.body_size
        if (
            (
                kinds[index] == "heading"
                and (headings.heading_kind(text) or headings.is_back_matter(text) or not open_front)
            )
            or headings.is_run_in_abstract(text)
            or (open_front and words >= 45 and kinds[index] == "body" and not is_address(text))
        ):
            open_front = False
        elif kinds[index] in _CODED and small and (words < 45 or block.size < 0.8 * look.body_size):
            if open_front or not _within_text(blocks, kinds, index):
                kinds[index] = "front_matter"
        elif open_front:
            kinds[index] = "front_matter"


def _within_text(blocks: Sequence[RawBlock], kinds: Sequence[BlockKind], index: int) -> bool:
    """Tell whether a block stands between two others of its column, as a quote in small type does."""
    if index + 1 >= len(blocks):
        return False
    above, block, below = blocks[index - 1], blocks[index], blocks[index + 1]
    text = {"body", "list", "heading"}
    level = above.lines[-1].bottom <= block.lines[0].top + 2 and block.lines[-1].bottom <= below.lines[0].top + 2
    left, right = min(line.x0 for line in block.lines), max(line.x1 for line in block.lines)
    shared = all(min(right, other.lines[0].x1) - max(left, other.lines[0].x0) > 0 for other in (above, below))
    return kinds[index - 1] in text and kinds[index + 1] in text and level and shared


def is_address(text: str) -> bool:
    """Tell whether the paragraph gives authors' addresses: one word of such in twelve, or a number and one in front."""
    found, words = len(_ADDRESS.findall(text)), len(text.split())
    return found * 12 >= words or bool(re.match(r"^[\d*†‡]{1,2}\s?[A-Z]", text) and found and words < 60)


def _name_by_section(blocks: Sequence[RawBlock], kinds: list[BlockKind], levels: dict[int, int]) -> None:
    """Name what stands under a heading of references, acknowledgements and the like."""
    under: BlockKind | None = None
    depth, late = 0, _late_from(blocks)
    for index, block in enumerate(blocks):
        if kinds[index] == "heading":
            text = block.running
            if headings.is_references(text):
                under, depth = "reference", levels[index]
            elif headings.is_back_matter(text, late=index >= late):
                under, depth = "back_matter", levels[index]
            elif under == "reference" and headings.heading_kind(text) is None:
                kinds[index] = under  # a letter or a year set bold inside the list
            elif under is not None and (levels[index] <= depth or headings.heading_kind(text)):
                under = None
        elif under is not None and kinds[index] in {"body", "list", "table", "footnote"}:
            kinds[index] = under


def _name_stray_references(blocks: Sequence[RawBlock], kinds: list[BlockKind]) -> None:
    """Name entries of a reference list that no heading stands above any more: two of their neighbours are such too."""
    late = _late_from(blocks)
    entries = [index >= late and is_reference(block.running) for index, block in enumerate(blocks)]
    for index in range(max(1, late), len(blocks)):
        follows = kinds[index - 1] == "reference"
        around = sum(entries[max(0, index - 3) : index + 4])
        between = follows and any(entries[index + 1 : index + 2])
        if kinds[index] in _CODED and (between or (entries[index] and (follows or around >= 3))):
            kinds[index] = "reference"


def is_reference(text: str) -> bool:
    """Tell whether a paragraph is an entry of a reference list: authors with initials, a year, and where to find it."""
    if len(text) > 900:
        return False
    return bool(_ENTRY.match(text) and _ENTRY_YEAR.search(text) and _ENTRY_PLACE.search(text))


def _late_from(blocks: Sequence[RawBlock]) -> int:
    """Give the index from which back matter may stand: behind half of the text that comes before the references."""
    lists = [index for index, block in enumerate(blocks) if headings.is_references(block.running)]
    end = lists[-1] if lists and lists[-1] > len(blocks) / 4 else len(blocks)
    letters = [len(block.text) for block in blocks[:end]]
    half, passed = sum(letters) / 2, 0
    for index, count in enumerate(letters):
        passed += count
        if passed > half:
            return index
    return end
