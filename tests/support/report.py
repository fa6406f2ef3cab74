"""A report to be looked into: a made-up review of birds, the same with hostile text, and the page parsed."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import msgspec

from evitable.codebook import Code, Codebook, Dimension, StudyAttribute
from evitable.export.report import report
from evitable.export.review import Review
from evitable.records import Attribute, Issue, ModelSummary, Reference
from support.evidence import coded_paper
from support.review import review_of

HOSTILE = "</script><img src=x onerror=alert(1)><p style='color:red'>&lt;\u2028\u0000 “end”"
VOID = frozenset({"meta", "link", "img", "input", "br", "hr", "rect"})
FOUND = "In spring 😀 they sing loudly."
BOOK = Codebook(
    name="birds",
    title="Birds & their ways",
    dimension=(
        Dimension(name="season", title="Season of year"),
        Dimension(name="place", title="Kind of place"),
        Dimension(name="cause", title="Cause named", polarity=True),
    ),
    code=(
        Code(name="spring", dimension="season", title="Springtime", definition="March to May."),
        Code(name="autumn", dimension="season", title="Fall & harvest", definition="September to November."),
        Code(name="wood", dimension="place", title="Woodland", definition="Among trees."),
        Code(name="shore", dimension="place", title="Seashore", definition="By the sea."),
        Code(name="food", dimension="cause", title="Food at hand", family="Near causes", definition="What they eat."),
        Code(name="light", dimension="cause", title="Length of day", family="Far causes", definition="Hours of light."),
    ),
    attribute=(
        StudyAttribute(name="country", title="Country studied", kind="country"),
        StudyAttribute(name="data", title="Nests counted", kind="data"),
    ),
)
DIMENSIONS = {code.name: code.dimension for code in BOOK.code}


def birds(book: Codebook = BOOK) -> Review:
    """Give two studies: spring, wood and food; spring alone. A mention and an unsure coding stand behind neither."""
    first = coded_paper(
        "heron",
        {
            FOUND: [("spring", "", 0.9)],
            "Quiet woods hold little food.": [("wood", "", 0.8), ("food", "hinders", 0.7)],
            "Others saw them by the sea.": [("shore", "", 0.9)],
            "Perhaps the days were long.": [("light", "facilitates", 0.3)],
        },
        author="Heron, A.",
        year=2018,
        dimensions=DIMENSIONS,
        bases={"Others saw them by the sea.": "mention"},
        unsure=(("Perhaps the days were long.", "light"),),
        attributes=(
            Attribute(name="country", value="Norway", quote="Norway is cold.", page=2),
            Attribute(name="data", value="12 nests"),
        ),
    )
    second = coded_paper("plover", {"Snow had gone by then.": [("spring", "", 0.8)]}, dimensions=DIMENSIONS)
    return review_of([first, second], book, issues=[Issue(code="pdf-scanned", stage="x", paper="a", message="m")])


def spoilt() -> Review:
    """The same with hostile text wherever a paper or a person writes."""
    review = birds()
    evidence = review.evidence
    studies = tuple(
        msgspec.structs.replace(
            study,
            key=f"{study.key} {HOSTILE}",
            files=(HOSTILE,),
            reference=Reference(title=HOSTILE, authors=(HOSTILE,), journal=HOSTILE, doi="10.1/x\"onclick='y'"),
            attributes=tuple(msgspec.structs.replace(a, value=HOSTILE, quote=HOSTILE) for a in study.attributes),
        )
        for study in evidence.studies
    )
    codings = tuple(
        msgspec.structs.replace(
            coding, quote=HOSTILE, section=(HOSTILE,), page_labels=(HOSTILE,), status="accepted", coder=HOSTILE
        )
        for coding in evidence.codings
    )
    issues = (Issue(code="x", stage="y", paper=HOSTILE, message=HOSTILE, hint=HOSTILE),)
    spoilt = msgspec.structs.replace(evidence, studies=studies, codings=codings, issues=issues)
    model = ModelSummary(id="m", note=HOSTILE)
    return Review(spoilt, BOOK, review.run, HOSTILE, model, review.sources)


def changed(review: Review, **fields: object) -> Review:
    evidence = msgspec.structs.replace(review.evidence, **fields)
    return Review(evidence, review.codebook, review.run, review.title, review.model, review.sources)


def page_bytes(review: Review) -> bytes:
    [(name, data)] = list(report(review))
    assert name == "report.html"
    return data


class Page(HTMLParser):
    """Parses the report; fails on a tag that is closed out of order."""

    def __init__(self, review: Review) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, list[str]] = {"style": [], "script": [], "index": [], "lines": []}
        self.words: list[str] = []
        self.sections: dict[str, list[str]] = {}
        self.feed(page_bytes(review).decode("utf-8"))
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        assert len(given) == len(attrs), f"an attribute of <{tag}> is given twice"
        self.tags.append((tag, given))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "section":
            self.sections[str(given["aria-labelledby"])] = []
        if tag in {"style", "script"}:
            self.kind = str(given.get("id", tag))
            self.raw[self.kind].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in {"style", "script"}:
            self.raw[self.kind][-1] += data
            return
        self.words.append(data)
        if self.sections and "section" in self.open:
            next(reversed(self.sections.values())).append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def section(self, name: str) -> str:
        return " ".join(" ".join(self.sections[name]).split())

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def addresses(self) -> list[str]:
        return [str(link["href"]) for link in self.named("a")]

    @property
    def index(self) -> dict[str, list]:
        return json.loads(self.raw["index"][0])

    @property
    def lines(self) -> list[list]:
        return [json.loads(line) for line in self.raw["lines"][0].split("\n") if line]
