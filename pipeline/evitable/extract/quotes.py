"""Quotes found again in the PDF's own text: a check on the extraction that does not rest on its layout."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from statistics import median
from typing import NamedTuple, get_args

from rapidfuzz.fuzz import partial_ratio_alignment, ratio

from evitable.records import Document, Line, QuoteMatch, squash

MOST_PIECES = 3
"""Pieces into which the figures, footnotes and columns of a page may cut a quote."""
MIN_LETTERS = 20
"""Letters and digits from which a piece of a quote says something; fewer occur by chance, and must be whole words."""
ALIKE = 90.0
"""Likeness (rapidfuzz, 0 to 100) from which a quote differs from the page and is not missing from it."""

_WORST_LAST: tuple[QuoteMatch, ...] = get_args(QuoteMatch)
_HYPHEN, _BREAK = "\ufffe", "\uffff"  # non-characters: U+FFFE is also what PDFium says for a hyphen at a line's end
_PATTERNS = {_HYPHEN: "-?", _BREAK: " ?"}
_LINE_END_HYPHEN = re.compile(r"[\ufffe\x02]\s*|(?<=\w)[-\u2010\u00ad][^\S\n]*\n\s*(?=\w)")
_LINE_END_DASH = re.compile(r"(?<=[-\u2010\u2013\u2014/])\s*\n\s*")
_LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
_NUMBER = re.compile(r"\s*(\d{1,4})(?!\S)")
_MIN_NUMBERED = 5
_FAR = 3.5
"""Line pitches from which a line does not follow on the one above: two lines that were lost are no cut in the print."""
_WIDE = 2.5
"""Type heights that the pitch of lines is at most."""


class QuotePart(NamedTuple):
    """What stands of a quote on one page: the page's index from 1, and the text, cut where the print may cut it."""

    page: int
    pieces: tuple[str, ...]


class _Quote(NamedTuple):
    """A quote to be looked for: its text, its letters and digits, and how many other characters stand around those."""

    plain: str
    letters: str
    lead: int
    tail: int


class _Hit(NamedTuple):
    """A place among the letters of a page at which a quote was found, and whether word for word."""

    start: int
    end: int
    exact: bool

    def overlaps(self, others: Iterable[_Hit]) -> bool:
        return any(self.start < other.end and other.start < self.end for other in others)


class PageText:
    """The text of one page, ready for any number of quotes to be looked for in it."""

    def __init__(self, text: str) -> None:
        """Read a page.

        Args:
            text: As an engine gives it, line by line; U+FFFE may stand for a hyphen at a line's end.
        """
        lines = _without_line_numbers(text.replace("\r\n", "\n").replace(_BREAK, "\ufffd"))
        self._plain = _plain(_LINE_END_DASH.sub(_BREAK, _LINE_END_HYPHEN.sub(_HYPHEN, lines)))
        spread = [(letter, place) for place, character in enumerate(self._plain) for letter in _letters(character)]
        self._letters = "".join(letter for letter, _ in spread)
        self._places = [place for _, place in spread]

    def find(self, quote: _Quote) -> list[_Hit]:
        """Give all places with the quote's letters and digits; a short quote must be whole words there."""
        hits: list[_Hit] = []
        start = self._letters.find(quote.letters) if quote.letters else -1
        while start >= 0:
            end = start + len(quote.letters)
            first, last = self._places[start], self._places[end - 1] + 1
            whole = not self._plain[first - 1 : first].isalnum() and not self._plain[last : last + 1].isalnum()
            if whole or len(quote.letters) >= MIN_LETTERS:
                there = self._plain[max(0, first - quote.lead) : last + quote.tail]
                hits.append(_Hit(start, end, exact=whole and _same(there, quote.plain)))
            start = self._letters.find(quote.letters, start + 1)
        return hits

    def holds_alike(self, letters: str, taken: Sequence[_Hit] = ()) -> bool:
        """Tell whether some stretch of the page, none of it taken yet, is like the letters; few are never alike."""
        if len(letters) < MIN_LETTERS:
            return False
        if len(letters) > len(self._letters):  # partial_ratio would look for the page in the quote
            return not taken and ratio(letters, self._letters) >= ALIKE
        there = partial_ratio_alignment(letters, self._letters, score_cutoff=ALIKE)
        return there is not None and not _Hit(there.dest_start, there.dest_end, exact=False).overlaps(taken)


def quote_parts(document: Document, start: int, end: int) -> tuple[QuotePart, ...]:
    """Cut a stretch of a document's text by pages, and where its printed lines do not follow below each other.

    Args:
        document: The text.
        start: First code point of the quote.
        end: One past the last.

    Returns:
        One part for each page, in order, which together are the quote. None for a stretch without printed lines.
    """
    lines = document.lines_of(start, end)
    firsts = [0, *_cuts(lines)] if lines else []
    bounds = [start, *(lines[first].start for first in firsts[1:]), end]
    pages: dict[int, list[str]] = {}
    for first, (a, b) in zip(firsts, itertools.pairwise(bounds), strict=bool(lines)):
        pages.setdefault(lines[first].page, []).append(document.text[a:b])
    return tuple(QuotePart(page, tuple(pieces)) for page, pieces in pages.items())


def _cuts(lines: Sequence[Line]) -> list[int]:
    """Give the lines that do not follow below the line before: they begin a page or column, or stand below a figure."""
    pairs = [(above, below, below.box[1] - above.box[1]) for above, below in itertools.pairwise(lines)]
    falls = [fall for above, below, fall in pairs if above.page == below.page and fall > 0]
    height = median(line.box[3] - line.box[1] for line in lines)
    farthest = _FAR * min(median(falls or [0.0]), _WIDE * height)
    return [
        place
        for place, (above, below, fall) in enumerate(pairs, start=1)
        if above.page != below.page or not -height / 2 <= fall <= farthest
    ]


def grade_quote(parts: Sequence[QuotePart], pages: Mapping[int, PageText]) -> QuoteMatch:
    """Find a quote again on its pages, and grade how well it is found.

    exact: word for word. Letters, digits and punctuation are equal in Unicode's composed form (NFC); any white space is
    one space; a hyphen at a line's end may stand or go, and so may a space after a dash or stroke there; a ligature is
    its letters. The quote begins and ends with whole words of the page.

    squashed: its letters and digits are there in their order, whatever stands between them (`records.squash`).

    fuzzy: a likeness of at least 90 between its letters and digits and some stretch of the page (partial ratio of
    rapidfuzz, after Levenshtein, 1966).

    missing: none of these. Fewer than 20 letters and digits are missing unless they are found as whole words.

    A figure or footnote may stand in the middle of a quote, or a column may end there. Where the printed lines say so,
    and only there, the quote may stand on the page in two pieces, in either order, or in three, in their order, at
    different places. Numbers of lines that count on from line to line are not part of a page's text. The quote's grade
    is its worst part's or piece's.

    Args:
        parts: The quote, as `quote_parts` cuts it.
        pages: Text of the pages by index; a page that is not there is one without text.

    Returns:
        The grade; `missing` for a quote without letters and digits, which cannot be looked for.
    """
    grades = [_grade_part(part, pages.get(part.page)) for part in parts if _quote("".join(part.pieces)).letters]
    return _worst(grades) if grades else "missing"


def _grade_part(part: QuotePart, page: PageText | None) -> QuoteMatch:
    if page is None:
        return "missing"
    whole = _grade_pieces(["".join(part.pieces)], page)
    if whole in {"exact", "squashed"} or not 1 < len(part.pieces) <= MOST_PIECES:
        return whole
    return min(whole, _grade_pieces(part.pieces, page), key=_WORST_LAST.index)


def _grade_pieces(pieces: Sequence[str], page: PageText) -> QuoteMatch:
    """Find each piece at a place of its own; more than two must stand in their order."""
    grades: list[QuoteMatch] = []
    found: list[_Hit] = []
    for quote in filter(lambda quote: quote.letters, map(_quote, pieces)):
        after = found[-1].end if found else 0
        hits = [hit for hit in page.find(quote) if not hit.overlaps(found)]
        if hits:
            found.append(max(hits, key=lambda hit: (hit.exact, hit.start >= after)))
            grades.append("exact" if found[-1].exact else "squashed")
        else:
            grades.append("fuzzy" if page.holds_alike(quote.letters, found) else "missing")
    in_order = all(above.end <= below.start for above, below in itertools.pairwise(found))
    return _worst(grades) if in_order or len(found) <= 2 else "missing"


def _worst(grades: Iterable[QuoteMatch]) -> QuoteMatch:
    return max(grades, key=_WORST_LAST.index)


def _quote(text: str) -> _Quote:
    plain = _plain(text)
    there = [index for index, character in enumerate(plain) if _letters(character)]
    if not there:
        return _Quote(plain, "", 0, 0)
    letters = "".join(_letters(character) for character in plain)
    return _Quote(plain, letters, there[0], len(plain) - 1 - there[-1])


def _plain(text: str) -> str:
    """Give the text composed, without ligatures, and with any white space as one space."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_LIGATURES).split())


@cache
def _letters(character: str) -> str:
    return squash(character)


def _same(there: str, quote: str) -> bool:
    """Tell whether a stretch of a page is the quote, where each line end may be rejoined either way."""
    if there == quote:
        return True
    pattern = re.escape(there)
    for mark, either in _PATTERNS.items():
        pattern = pattern.replace(mark, either)
    return re.fullmatch(pattern, quote) is not None


def _without_line_numbers(text: str) -> str:
    """Take away the numbers in front of lines, where at least five and a third of all lines count on by one."""
    lines = re.split(rf"(?<=[\n{_HYPHEN}])", text)
    numbers = [(place, int(match[1])) for place, line in enumerate(lines) if (match := _NUMBER.match(line))]
    pairs = [(above, below) for above, below in itertools.pairwise(numbers) if below[1] == above[1] + 1]
    counting = {place for pair in pairs for place, _ in pair}
    if len(counting) < max(_MIN_NUMBERED, len(lines) / 3):
        return text
    return "".join(_NUMBER.sub("", line, count=1) if place in counting else line for place, line in enumerate(lines))
