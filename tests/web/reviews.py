"""Reviews to be opened in a browser: small, long, hostile, and by other codebooks."""

from __future__ import annotations

import functools

import msgspec
from playwright.sync_api import Locator, Page, expect

from evitable.codebook import Code, Codebook, Dimension, StudyAttribute
from evitable.export.review import Review
from evitable.records import Attribute, Issue, Span
from support.evidence import coded_paper
from support.review import big_review, review_of, small_review

HOSTILE = '<img src=x onerror="alert(1)"></script><script>alert(2)</script><style>*{display:none}</style>'
DREW = "Residents drew the new layout of the ward with nurses."
STOPPED = "Without a budget line the workshops soon stopped."
CELL = "#cell/co_design+group+process_design"

small = functools.cache(small_review)


@functools.cache
def many() -> Review:
    """Give 60 studies, ten more than stand on the screen at once; each country has 12, each year one or two."""
    return big_review(60, 600)


@functools.cache
def hostile() -> Review:
    """Give a review in which text of papers, and a long word, stand wherever they may."""
    found = Attribute(name="country", value=HOSTILE, quote=HOSTILE, page=1)
    texts = {f"One 😀 {HOSTILE}": [("co_design", "", 0.9), ("group", "", 0.8)], "w" * 900: [("co_design", "", 0.7)]}
    paper = coded_paper(f"{HOSTILE}/{'f' * 200}", texts, author=HOSTILE, year=2020, attributes=(found,))
    issue = Issue(code="x", stage="y", paper=HOSTILE + "p" * 300, message=HOSTILE, hint=HOSTILE)
    review = review_of([paper], issues=[issue], title=HOSTILE)
    first, *others = review.evidence.codings
    words = (Span(start=4, end=5, text="😀"), Span(start=6, end=10, text="<img"))
    codings = (msgspec.structs.replace(first, words=words), *others)
    evidence = msgspec.structs.replace(review.evidence, codings=codings)
    return Review(evidence, review.codebook, review.run, review.title, review.model, review.sources)


@functools.cache
def plain() -> Review:
    """Give a review by a codebook of one dimension with 60 codes, no polarity, no families, no attributes."""
    codes = tuple(Code(name=f"c{n}", dimension="topic", title=f"Topic no. {n}", definition="x") for n in range(60))
    book = Codebook(name="t", title="T", dimension=(Dimension(name="topic", title="Topic"),), code=codes)
    said = {f"Text {n}.": [(f"c{n}", "", 0.9)] for n in range(0, 60, 2)}
    return review_of([coded_paper("one", said, dimensions={code.name: "topic" for code in codes})], book)


@functools.cache
def crowded() -> Review:
    """Give a review by a codebook of three dimensions of eight codes each, and ten attributes."""
    names = [(d, n) for d in "abc" for n in range(8)]
    book = Codebook(
        name="t",
        title="T",
        dimension=tuple(Dimension(name=d, title=f"Dimension {d}") for d in "abc"),
        code=tuple(
            Code(name=f"{d}{n}", dimension=d, title=f"A rather long code title, no. {n}", definition="x")
            for d, n in names
        ),
        attribute=tuple(StudyAttribute(name=f"at_{n}", title=f"Attribute no. {n}", kind="country") for n in range(10)),
    )
    paper = coded_paper("one", {"T.": [("a0", "", 0.9), ("b0", "", 0.9)]}, dimensions={f"{d}{n}": d for d, n in names})
    return review_of([paper], book)


def empty() -> Review:
    return review_of([])


def shown_studies(page: Page) -> list[str]:
    return page.locator("#table tbody tr:not(.more):visible a.key").all_inner_texts()


def quotes(part: Locator) -> list[str]:
    expect(part).to_be_visible()  # an address is followed a moment after the click
    return part.locator("blockquote:visible").all_inner_texts()
