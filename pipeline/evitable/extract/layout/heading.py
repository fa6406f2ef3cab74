"""Which blocks are headings, how deep they are, and headings that run into their paragraph."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from evitable.extract.layout.blocks import RawBlock
from evitable.extract.layout.lines import PrintedLine, in_capitals
from evitable.extract.layout.look import Look
from evitable.extract.layout.regions import CAPTION
from evitable.records import BlockKind, headings

_MOST_WORDS = 16
_RUN_IN_WORDS = 14
_CLOSES = re.compile(r"[.:]\s*[–—-]?$|\s[–—]$")
_TWO_SENTENCES = re.compile(r"[a-z]{3}\. [A-Z]")
_SENTENCES = re.compile(r"[a-z]{2}[.!?]\W|^[“\"‘]")
_SPEAKER = re.compile(r"^[\w .’'-]{1,40}:$")


def is_heading(block: RawBlock, look: Look) -> bool:
    """Tell whether a block is a heading by what it says and looks like, whatever stands around it."""
    text = block.running
    if headings.is_plain_name(text) and len(block.lines) == 1:
        return True
    if not _may_head(block, text):
        return False
    if text.endswith(".") or text[0].islower() or _TWO_SENTENCES.search(text):
        return False
    if _SPEAKER.match(text) and len(text.split()) <= 3 and headings.heading_kind(text) is None:
        return False  # who speaks in an interview
    return _looks_it(block, text, look) or _says_it(block, text, look)


def _looks_it(block: RawBlock, text: str, look: Look) -> bool:
    """Tell whether a short block is set as headings are: larger, bold or in capitals."""
    bold = block.bold and not look.body_bold
    stands_out = block.size > 1.08 * look.body_size or bold or in_capitals(text)
    return stands_out and block.size >= 0.9 * look.body_size


def _says_it(block: RawBlock, text: str, look: Look) -> bool:
    """Tell whether a short block says what headings say: a usual name, a number such as 2.1."""
    known = headings.heading_kind(text) is not None or headings.is_back_matter(text)
    words, depth = len(text.split()), headings.numbered_depth(text)
    if known and words < 8 and block.face != look.body_face:
        return block.size > 0.65 * look.body_size
    plain = (known and (depth > 0 or words < 5)) or (depth > 1 and len(block.lines) == 1)
    return plain and block.size >= (0.75 if known and in_capitals(text) else 0.9) * look.body_size


def _may_head(block: RawBlock, text: str) -> bool:
    few = len(text.split()) <= _MOST_WORDS and len(block.lines) <= 3
    return few and bool(re.search(r"[^\W\d_]{3}", text)) and not text.endswith((",", ";"))


def promote_headings(blocks: Sequence[RawBlock], kinds: list[BlockKind], look: Look) -> None:
    """Name headings that only their face and their place tell: italic or small bold lines above a paragraph."""
    for index in range(len(blocks) - 2, -1, -1):  # from the end, so that a heading may stand above a heading
        listed = kinds[index] == "list" and headings.numbered_depth(blocks[index].running) > 0
        if (listed or kinds[index] in {"body", "table"}) and _stands_out(blocks[index], look):
            below = blocks[index + 1]
            follows = kinds[index + 1] in {"body", "list", "heading"} and below.size > 0.93 * look.body_size
            plain = kinds[index + 1] == "heading" or below.face == look.body_face or kinds[index + 1] == "list"
            if follows and plain and _stands_above(blocks[index], below):
                kinds[index] = "heading"


def _stands_out(block: RawBlock, look: Look) -> bool:
    text = block.running
    uniform = len({line.face for line in block.lines}) == 1 and not any(line.cell for line in block.lines)
    letters = sum(c.isalpha() or c.isspace() for c in text)
    return (
        _may_head(block, text)
        and uniform
        and block.face != look.body_face
        and block.size > 0.8 * look.body_size
        and (text[0].isupper() or text[0].isdigit())
        and not text.endswith((".", ":"))
        and not _SENTENCES.search(text)
        and letters > 0.75 * len(text)
        and not CAPTION.match(text)
    )


def _stands_above(block: RawBlock, below: RawBlock) -> bool:
    """Tell whether the second block stands right below the first, or at the head of the next column or page."""
    last, first = block.lines[-1], below.lines[0]
    if last.page != first.page or first.top < last.top:
        return first.page - last.page in {0, 1}
    aligned = abs(first.x0 - block.lines[0].x0) < 3 * first.size or abs(first.x0 + first.x1 - last.x0 - last.x1) < 40
    return aligned and first.top - last.bottom < 2.5 * first.size


def heading_levels(blocks: Sequence[RawBlock], kinds: Sequence[BlockKind]) -> dict[int, int]:
    """Give each heading's depth: by its number, or else by the rank of its type among the headings.

    The type in which the paper sets names such as Introduction and Methods is the first rank; failing those, the
    highest that comes twice.
    """
    found = [index for index, kind in enumerate(kinds) if kind == "heading"]
    looks = {index: _look(blocks[index]) for index in found}
    styles = sorted(set(looks.values()))
    names = Counter(looks[index] for index in found if headings.is_plain_name(blocks[index].running))
    often = Counter(looks.values())
    first = min(names, key=lambda style: (-names[style], style)) if names else None
    first = first or next((style for style in styles if often[style] > 1), None)
    base = styles.index(first) if first is not None else 0
    levels = {}
    for index in found:
        rank = max(0, styles.index(looks[index]) - base) + 1
        top = headings.heading_kind(blocks[index].running) == "abstract"
        levels[index] = headings.numbered_depth(blocks[index].running) or (1 if top else min(rank, 4))
    return levels


def _look(block: RawBlock) -> tuple[bool, float, bool, bool, str]:
    """Give what headings of one depth share, in the order of their ranks."""
    return block.run_in, -block.size, not in_capitals(block.running), not block.bold, block.face


def split_run_ins(blocks: Sequence[RawBlock], look: Look) -> list[RawBlock]:
    """Part headings that stand on the first line of their paragraph, in another face, from the paragraph."""
    split: list[RawBlock] = []
    for block in blocks:
        found = _run_in(block, look)
        split += [block] if found is None else [RawBlock(found[0], run_in=True), RawBlock(found[1])]
    return split


def _run_in(block: RawBlock, look: Look) -> tuple[list[PrintedLine], list[PrintedLine]] | None:
    """Give the lines of a run-in heading and those behind it, or None."""
    text = block.running
    if headings.is_keywords(text) or CAPTION.match(text) or any(line.cell for line in block.lines):
        return None
    for index, line in enumerate(block.lines[:2]):
        if line.lead and (index == 0 or line.lead_face == block.lines[0].face):
            head = [*block.lines[:index], _part(line, 0, line.lead)]
            rest = [_part(line, line.lead, len(line.text)), *block.lines[index + 1 :]]
            if rest[0].text[:1] in {".", ":"}:  # the mark behind a heading is often set in the body's face
                head[-1].text, rest[0].text = f"{head[-1].text}{rest[0].text[0]}", rest[0].text[1:].lstrip()
            said = " ".join(part.text for part in head)
            return (head, rest) if rest[0].text and _heads(said, rest[0].text, line, look) else None
        if line.face == look.body_face or line.lead:
            return None
    return None


def _heads(said: str, behind: str, line: PrintedLine, look: Look) -> bool:
    """Tell whether the words that lead a paragraph in another face are its heading."""
    bare = said.rstrip(" .:–—-")
    words = len(bare.split())
    if line.lead_face == look.body_face or not 1 <= words <= _RUN_IN_WORDS or not _CLOSES.search(said):
        return False
    if not (bare[:1].isupper() or bare[:1].isdigit()) or not re.search(r"[^\W\d_]{3}", bare):
        return False
    known = headings.heading_kind(bare) is not None or headings.is_back_matter(bare)
    numbered = headings.numbered_depth(said) > 0
    if _SPEAKER.match(said) and not known:
        return False  # who speaks in an interview
    return known or numbered or (said.endswith((".", "–", "—")) and not behind[0].islower())


def _part(line: PrintedLine, start: int, end: int) -> PrintedLine:
    text = line.text[start:end]
    first = start == 0
    return replace(
        line,
        text=text.strip(),
        x0=line.x0 if first else line.lead_end,
        x1=line.lead_end if first else line.x1,
        face=line.lead_face if first else line.rest_face,
        lead=0,
    )
