"""What is due for a mutant: its text, or one plain issue; and nothing lost without a word.

What a mutant ought to say is known in part only. Three things are: what the sound PDF said (where damage to bytes
cannot have taken it away unseen), what another program shows of the mutant (PDFium, as browsers have it), and how many
pages that program counts. A page that was there before, or is there for that program, and of which next to nothing was
read, is lost; it is lost in silence if no issue says that a part of the paper is missing.
"""

from __future__ import annotations

import contextlib
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import pypdfium2

from evitable.flows.stages import PaperOutcome
from evitable.records import Document
from hostile.mutations import ON_BYTES, Mutant, damaged_streams, seeds
from support.reader import CONTROLS, Reader, is_plain

BUGS = {"worker-died", "unexpected"}
"""Codes of issues that say no more than that we failed."""
_BLANK = 20
"""Letters below which a page is blank."""
_FULL = 100
"""Letters from which a page's text can be missed."""
_THIN = 0.2
"""Share of its letters below which a page is as good as lost."""
_WHOLE = 0.8
"""Share of its letters from which a page with a damaged stream passes for read."""
_ONE_AT_A_TIME = threading.Lock()  # PDFium is not made for threads
_BYTES = {damage.__name__ for damage in ON_BYTES}


def letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def letters_by_page(document: Document) -> dict[int, int]:
    """Count the letters that were read of each page."""
    found: Counter[int] = Counter({page.number: 0 for page in document.pages})
    for block in document.blocks:
        for line in block.lines:
            found[line.page] += letters(document.text[line.start : line.end])
    return dict(found)


def shown_by_page(data: bytes, most: int = 50) -> tuple[int, dict[int, int]]:
    """Give the number of pages that PDFium counts, and the letters that it shows of the first; 0 if it opens none."""
    with _ONE_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError:
            return 0, {}
        shown = {}
        for index in range(min(len(document), most)):
            with contextlib.suppress(pypdfium2.PdfiumError):
                shown[index + 1] = letters(document[index].get_textpage().get_text_bounded())
        return len(document), shown


def faults(reader: Reader, mutant: Mutant, outcome: PaperOutcome, sound: dict[int, int]) -> list[str]:
    """Give what is wrong with the outcome, in words.

    Args:
        reader: What read it.
        mutant: What was read.
        outcome: What came of it.
        sound: Letters of each page of the sound PDF.
    """
    issue = outcome.issue
    if issue is not None:
        rude = [part for part in (issue.message, issue.hint) if not is_plain(part)]
        return [issue.code] * (issue.code in BUGS) + [f"not plain: {part}" for part in rude]
    document = reader.document(outcome)
    wrong = [*_wrong_text(document), *_wrong_spans(document), *_wrong_quotes(reader, outcome, document)]
    told = reader.told(outcome)
    return wrong if told else wrong + list(_lost(mutant, letters_by_page(document), sound))


def _wrong_text(document: Document) -> Iterator[str]:
    kinds = {unicodedata.category(c) for c in document.text if c != "\n"} & CONTROLS
    if kinds:
        yield f"characters of kind {', '.join(sorted(kinds))} in the text"
    if not unicodedata.is_normalized("NFC", document.text):
        yield "the text is not in normal form C"
    if not letters(document.text):
        yield "read, but not one letter in it"


def _wrong_spans(document: Document) -> Iterator[str]:
    pages = {page.number for page in document.pages}
    if any(first.end > second.start for first, second in pairwise(document.blocks)):
        yield "blocks overlap"
    for block in document.blocks:
        inside = all(block.start <= line.start <= line.end <= block.end for line in block.lines)
        if not (0 <= block.start < block.end <= len(document.text)) or not block.lines or not inside:
            yield "a block or line does not slice"
        if any(line.page not in pages for line in block.lines):
            yield "a line stands on no page"


def _wrong_quotes(reader: Reader, outcome: PaperOutcome, document: Document) -> Iterator[str]:
    passages, coding, _ = reader.results(outcome)
    if any(document.text[p.start : p.end] != p.text or not p.places for p in passages.passages):
        yield "a quote does not slice"
    if {prediction.passage_id for prediction in coding.predictions} - {p.id for p in passages.passages}:
        yield "a coding without its passage"


def _lost(mutant: Mutant, read: dict[int, int], sound: dict[int, int]) -> Iterator[str]:
    """Give the pages that were lost in silence."""
    counted, shown = shown_by_page(mutant.data)
    fewer = len(read) < len(sound) or "splice" in mutant.steps  # a damaged number of pages alone costs nothing
    if counted > len(read) and fewer:
        yield f"lost in silence: {counted} pages counted, {len(read)} read"
        return
    kept = sound if _BYTES.issuperset(mutant.steps) and len(read) == len(sound) else {}
    fullest = max(sound.values(), default=0)  # PDFium draws drawings that draw themselves forty times over
    torn = damaged_streams(mutant.data) > damaged_streams(seeds()[mutant.seed])
    for page, count in read.items():
        visible, before = min(shown.get(page, 0), fullest), kept.get(page, 0)
        due = max(visible, before if torn or count < _BLANK else 0)
        if due >= _FULL and count < _THIN * due:
            yield f"lost in silence: page {page} has {count} letters of {due}"
        elif torn and before >= _FULL and count < _WHOLE * before:
            yield f"lost in part: page {page} has {count} letters of {before}, and a stream is damaged"
