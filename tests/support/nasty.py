"""Text that breaks naive writers: what papers, and people, put into cells, nodes and attributes."""

from __future__ import annotations

import msgspec

from evitable.codebook import Code, Codebook, Dimension
from evitable.export import Review
from evitable.records import Coding, EvidenceRow, Issue, Span
from support.evidence import coded_paper
from support.review import review_of

NASTY: dict[str, str] = {
    "formula": "=1+1 is said here",
    "link formula": '=HYPERLINK("http://example.org/","click here")',
    "array formula": "{=SUM(A1:A9)} stands here",
    "plus": "+49 residents took part",
    "minus": "-5 degrees it was",
    "at": "@everybody was invited",
    "dynamic data exchange": "=cmd|' /C calc'!A0 ran here",
    "tab in front": "\tindented by a tab",
    "carriage return in front": "\r=after a carriage return",
    "line feed in front": "\n=after a line feed",
    "apostrophe in front": "'tis the season of workshops",
    "spaces round": "  two spaces before and after  ",
    "quotes and separators": 'a "quote", a comma; a semicolon\tand a tab',
    "line break": "one line\nand another",
    "windows line break": "one line\r\nand another",
    "blank lines": "one paragraph\n\n\nand another",
    "control characters": "bell \x07, escape \x1b, form feed \x0c and vertical tab \x0b rang",
    "high control characters": "next line \x85, delete \x7f and \x9f passed",
    "nul": "nul \x00 in the middle",
    "non-characters": "line-end hy\ufffephen and \uffff gone",
    "lone surrogates": "half \ud83d a face and half \udc00 another",
    "byte order mark": "\ufeffafter a byte order mark",
    "literal character code": "literal _x0041_ stays, _xFFFE_ too",
    "astral": "astral \U0001f600 and \U0001d538, 5 of 9 \U0001f3f4\U000e0067\U000e0062",
    "combining": "decomposed e\u0301, o\u0308 and \u1e9b\u0323",
    "right to left": "\u202emirrored\u202c, \u200fשלום\u200e and \u2066isolated\u2069",
    "invisible": "soft\u00adhyphen, zero\u200bwidth, no\u00a0break\u2028line\u2029paragraph",
    "end of script": "</script><script>alert(1)</script>",
    "end of comment": "]]> --> <!-- <![CDATA[ &amp; &#0; &lt;",
    "end of style": '</style><img src=x onerror="alert(1)">',
    "attribute": "\" onclick='alert(1)' x=\"",
    "rich text of a workbook": "<r>plain & simple</r>",
    "template": "{{ 7 * 7 }} {% raw %} ${7*7} `x`",
    "tex": r"\input{/etc/passwd} $x_1$ 50 % & # ~ ^",
    "path": "../../etc/passwd and C:\\Windows\\nul",
    "web address": "http://example.org/ is no link",
    "long web address": "http://example.org/" + "a" * 2100,
    "markdown": "# heading | *star* [text](javascript:alert(1)) <br>",
    "number": "00123",
    "exponent": "1e5",
    "date": "2019-03-04",
    "truth": "TRUE",
    "not available": "#N/A",
    "missing": "NaN",
    "one very long word": "x" * 3000,
    "too long for a cell": "long " * 8000,
    "just fits a cell": "y" * 32_767,
    "one too many for a cell": "z" * 32_768,
    "too long for a cell in UTF-16": "\U0001f600" * 20_000,
}
"""By what is nasty about it. Every one keeps something to read when all that no file can hold is taken out."""

assert all(text.strip() for text in NASTY.values())


def nasty_review() -> Review:
    """Give a review with a study for each nasty text: as quote, title, author, journal, section, words, page and issue.

    The text with number n is that of `paper-n.pdf`; its quote carries `co_design` and `process_design`.
    """
    papers = [
        coded_paper(f"paper-{number:02}", {text: [("co_design", "", 0.9), ("process_design", "hinders", 0.8)]})
        for number, text in enumerate(NASTY.values())
    ]
    issues = [
        Issue(code="c", stage="s", paper=f"{n}.pdf", message=text, hint=text) for n, text in enumerate(NASTY.values())
    ]
    review = review_of(papers, issues=issues, title=NASTY["formula"])
    evidence = review.evidence
    texts = {study.study_id: text for study, text in zip(evidence.studies, NASTY.values(), strict=True)}
    nasty = msgspec.structs.replace(
        evidence,
        studies=tuple(_study(study, texts[study.study_id]) for study in evidence.studies),
        codings=tuple(_coding(coding, texts[coding.study_id]) for coding in evidence.codings),
    )
    return Review(nasty, review.codebook, review.run, review.title, review.model, review.sources)


def _study(study: EvidenceRow, text: str) -> EvidenceRow:
    reference = msgspec.structs.replace(study.reference, title=text, authors=(text,), journal=text)
    return msgspec.structs.replace(study, key=text[:60], reference=reference)


def _coding(coding: Coding, text: str) -> Coding:
    words = (Span(start=0, end=len(text), text=text),)
    return msgspec.structs.replace(coding, section=(text, "B"), words=words, page_labels=(text[:60],))


def odd_codebook(codes: int = 60) -> Codebook:
    """One dimension, no polarity, no attributes, many codes, odd titles, names that tables use themselves."""
    names = ["study", "year", "quote", "code", "Other", *(f"c{n}" for n in range(codes))]
    made = tuple(
        Code(name=name.lower(), dimension="studies", title="Other" if n > 57 else f"T{n}: [a]/*?", definition="d")
        for n, name in enumerate(names)
    )
    return Codebook(name="odd", title="Odd", dimension=(Dimension(name="studies", title="What: is it?/"),), code=made)


def odd_review() -> Review:
    """Give a review of one study, coded with the odd codebook."""
    book = odd_codebook()
    where = {code.name: code.dimension for code in book.code}
    said = {"Said.": [("study", "", 0.9), ("c59", "", 0.8)]}
    return review_of([coded_paper("one", said, dimensions=where)], book)
