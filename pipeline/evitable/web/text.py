"""The text round a passage, cut where marks begin and end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from evitable.records import Coding, Document

AROUND = 900
"""Characters of context on either side, more or less: up to the end of a paragraph, or else of a word."""
_SLACK = 400


class Piece(NamedTuple):
    """A stretch of text with one set of marks.

    Attributes:
        text: Word for word.
        inside: Whether it belongs to the passage.
        codes: Codes that rest on these words.
    """

    text: str
    inside: bool
    codes: tuple[str, ...]


class Context(NamedTuple):
    """The text round a passage.

    Attributes:
        start: First code point in the document's text.
        end: One past the last.
        pieces: All of it, in order.
    """

    start: int
    end: int
    pieces: tuple[Piece, ...]


def context(document: Document, start: int, end: int, codings: Sequence[Coding] = ()) -> Context:
    """Give a passage in the text round it.

    Args:
        document: The paper's text.
        start: First code point of the passage; equal to `end` where there is none, and nothing is marked.
        end: One past the last.
        codings: Whose words are marked; none for a coder who works blind.
    """
    text = document.text
    first, last = _first(text, start), _last(text, end)
    words = [
        (start + span.start, start + span.end, coding.code)
        for coding in codings
        for span in coding.words
        if start + span.end <= end
    ]
    cuts = {first, last, start, end, *(at for begin, stop, _ in words for at in (begin, stop))}
    return Context(first, last, tuple(_pieces(text, sorted(cuts), (start, end), words)))


def _pieces(
    text: str, cuts: Sequence[int], passage: tuple[int, int], words: Sequence[tuple[int, int, str]]
) -> Iterable[Piece]:
    for begin, stop in pairwise(cuts):
        codes = tuple(dict.fromkeys(code for low, high, code in words if low <= begin and stop <= high))
        yield Piece(text[begin:stop], passage[0] <= begin and stop <= passage[1], codes)


def _first(text: str, start: int) -> int:
    """Give where the context begins: at a paragraph if one begins near there, else at a word."""
    wanted = start - AROUND
    if wanted <= 0:
        return 0
    paragraph = text.find("\n", wanted - _SLACK if wanted > _SLACK else 0, start)
    if paragraph >= 0 and paragraph + 1 < start:
        return paragraph + 1
    space = text.find(" ", wanted, start)
    return space + 1 if space >= 0 else wanted


def _last(text: str, end: int) -> int:
    """Give where the context ends."""
    wanted = end + AROUND
    if wanted >= len(text):
        return len(text)
    paragraph = text.rfind("\n", end, wanted + _SLACK)
    if paragraph > end:
        return paragraph
    space = text.rfind(" ", end, wanted)
    return space if space > end else wanted
