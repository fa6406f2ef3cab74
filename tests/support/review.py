"""Reviews to be exported: a small one made by hand, the specimen corpus, and big ones of any size."""

from __future__ import annotations

import functools
import itertools
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from evitable.aggregate import CodedPaper, Counting, aggregate_evidence, compare, snapshot_of
from evitable.codebook import Codebook, default_codebook
from evitable.export.review import Review
from evitable.records import (
    Attribute,
    Changes,
    CodeMeasure,
    DocumentText,
    Issue,
    ModelSummary,
    Passage,
    PrismaSettings,
    PublishedRun,
    RunIdentity,
)
from support.evidence import coded_paper

MODEL = ModelSummary(
    id="mtestmodel",
    note="Trained on 120 coded passages; probabilities are calibrated.",
    trained=True,
    passages=120,
    measured_on="passages of writers that the model had not seen, by cross-validation",
    measures=(
        CodeMeasure(code="co_design", positives=40, precision=0.71, recall=0.66, f1=0.68, average_precision=0.74),
        CodeMeasure(code="group", positives=35, precision=0.6, recall=0.5, f1=0.55, average_precision=0.58),
    ),
    libraries={"scikit-learn": "1.9.1"},
)


@dataclass(frozen=True)
class MemorySources:
    """Texts of papers that were made by `coded_paper`: passages with two line ends between them."""

    papers: dict[str, CodedPaper]

    def text(self, paper_id: str) -> DocumentText | None:
        if paper_id not in self.papers:
            return None
        text = "\n\n".join(passage.text for passage in self.papers[paper_id].passages)
        return DocumentText(paper_id=paper_id, text=text, extractor="test 1")

    def passages(self, paper_id: str) -> tuple[Passage, ...]:
        return self.papers[paper_id].passages if paper_id in self.papers else ()


def review_of(
    papers: Sequence[CodedPaper],
    codebook: Codebook | None = None,
    counting: Counting | None = None,
    issues: Sequence[Issue] = (),
    title: str = "A small review",
) -> Review:
    """Make a review of coded papers."""
    book = codebook or default_codebook()
    run = RunIdentity(
        id="ntestrun",
        evitable="0.1.0",
        stages={"extract": 1, "export": 1},
        libraries={"pandas": "3.0", "pdfminer.six": "20260101"},
        codebook=f"{book.name} {book.version}",
        codebook_version=book.digest,
        model_id=MODEL.id,
        model_note=MODEL.note,
        papers={item.paper.path: item.paper.sha256 for item in papers},
        references={},
        settings={"title": title, "roll_up": "any"},
    )
    evidence = aggregate_evidence(papers, book, counting, issues=issues)
    return Review(evidence, book, run, title, MODEL, MemorySources({item.paper.id: item for item in papers}))


def _found(country: str, domain: str) -> tuple[Attribute, ...]:
    return (
        Attribute(name="country", value=country, quote=f"We worked in {country}.", page=1, match="exact"),
        Attribute(name="domain", value=domain, quote=f"A paper on {domain}.", page=1, match="exact"),
    )


def small_review() -> Review:
    """Give four studies that hold a bit of everything."""
    first = coded_paper(
        "moeller",
        {
            "Residents drew the new layout of the ward with nurses.": [
                ("co_design", "", 0.93),
                ("group", "", 0.71),
                ("process_design", "facilitates", 0.8),
            ],
            "Without a budget line the workshops soon stopped.": [
                ("co_design", "", 0.62),
                ("process_design", "hinders", 0.77),
            ],
            "Others have reported that nurses assess wards with patients.": [("co_assessment", "", 0.8)],
            "It is not clear whether single patients took part.": [("individual", "", 0.31)],
        },
        author="Moeller, A.",
        year=2018,
        bases={"Others have reported that nurses assess wards with patients.": "mention"},
        unsure=(("It is not clear whether single patients took part.", "individual"),),
        attributes=_found("Denmark", "health"),
    )
    second = coded_paper(
        "tamura",
        {
            "Parents and teachers ran the school library together.": [("co_delivery", "", 0.9), ("group", "", 0.8)],
            "Teachers should be trained to work with parents.": [("professional_roles", "facilitates", 0.7)],
            "An app kept the timetable, though few could use it.": [("managerial_tools", "mixed", 0.66)],
        },
        author="Tamura, B.",
        year=2021,
        bases={"Teachers should be trained to work with parents.": "recommendation"},
        attributes=_found("Japan", "schools"),
    )
    third = coded_paper(
        "okoro",
        {"Water users voted on the wells.": [("co_commissioning", "", 0.88), ("collective", "", 0.9)]},
        author="Okoro, C.",
        year=2021,
        attributes=_found("Nigeria", "water"),
    )
    empty = coded_paper("nilsson", {"Nothing to be coded stands here.": []}, author="Nilsson, D.", year=2015)
    issue = Issue(code="pdf-scanned", stage="extract", paper="scan.pdf", message="It is a scan.", hint="Use OCR.")
    counting = Counting(
        prisma=PrismaSettings(databases={"Scopus": 40, "Web of Science": 22}, duplicates=12, excluded=44),
        not_retrieved=1,
        not_readable=1,
    )
    review = review_of([first, second, third, empty], counting=counting, issues=[issue])
    return replace(review, changes=_changes_since(review, [first, third, empty]))


def _changes_since(review: Review, papers: Sequence[CodedPaper]) -> Changes:
    """Tell what changed since a run in which these papers were coded by the first codebook, with one paper more."""
    left = coded_paper(
        "sato", {"Neighbours cleared the canal together.": [("co_delivery", "", 0.8)]}, author="Sato, E.", year=2012
    )
    earlier = [_coded_before(paper) for paper in papers]
    before = review_of([*earlier, left])
    return compare(
        snapshot_of(before.evidence, published(before, 3, codebook_version="cbefore")),
        snapshot_of(review.evidence, published(review, 4)),
        [code.name for code in review.codebook.code],
    )


def _coded_before(item: CodedPaper) -> CodedPaper:
    """Take the second half of what was said of a paper for not said yet, and name its file as it was."""
    said = item.coding.predictions
    coding = msgspec.structs.replace(item.coding, predictions=said[: (len(said) + 1) // 2])
    paper = msgspec.structs.replace(item.paper, path=item.paper.path.replace("okoro", "okoro draft"))
    return msgspec.structs.replace(item, paper=paper, coding=coding)


def published(review: Review, number: int, **identity: Any) -> PublishedRun:
    """Give the published run of a review; `identity` is what differs from it in what decided its results."""
    run = msgspec.structs.replace(review.run, **identity)
    return PublishedRun(
        number=number, identity=run, started=f"2026-03-{number:02d}T06:00:00+00:00", seconds=1.5, counts={}
    )


@functools.cache
def specimen_review() -> Review:
    """Take the specimen papers through every stage (some seconds)."""
    from evitable.flows.config import run_config  # noqa: PLC0415
    from evitable.flows.evidence import review_of_run  # noqa: PLC0415
    from evitable.store import open_workspace  # noqa: PLC0415
    from golden.make_golden import ROOT, run_stages  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        corpus, stages, outcomes = run_stages(Path(folder))
        review = review_of_run(corpus, run_config(open_workspace(ROOT)), outcomes, stages)
        sources = _Kept({item.id: review.sources.text(item.id) for item in corpus.papers})
    return Review(review.evidence, review.codebook, review.run, review.title, review.model, sources)


@dataclass(frozen=True)
class _Kept:
    texts: dict[str, DocumentText | None]

    def text(self, paper_id: str) -> DocumentText | None:
        return self.texts.get(paper_id)


def big_review(studies: int, codings: int) -> Review:
    """Give so many studies with so many codings between them, no two passages alike."""
    book = default_codebook()
    names = [code.name for code in book.code]
    places = itertools.cycle(["Norway", "Ghana", "Peru", "India", "Wales"])
    domains = itertools.cycle(["health", "schools", "water"])
    ways = itertools.cycle(["facilitates", "hinders", "mixed", "facilitates"])
    each = -(-codings // studies)
    papers = []
    for number in range(studies):
        passages = {}
        for index in range(-(-each // 2)):
            turn = number * 7 + index * 3
            said = []
            for code in {names[turn % len(names)]: 0, names[(turn * 5 + 1) % len(names)]: 0}:
                way = next(ways) if book.has_polarity(code) else ""
                said.append((code, way, 0.5 + (turn % 50) / 100))
            text = f"Passage {index} of study {number}: residents and staff of the district worked on it together. "
            passages[text + "They met each month, kept notes, and changed what did not work. " * 4] = said
        papers.append(
            coded_paper(
                f"folder/paper-{number:05d}",
                passages,
                author=f"Author{number:05d}, X.",
                year=1990 + number % 36,
                dimensions={code.name: code.dimension for code in book.code},
                attributes=_found(next(places), next(domains)),
            )
        )
    return review_of(papers, book, title="A big review")
