"""Records in one line each, for tests that read like tables."""

from __future__ import annotations

import itertools

from evitable.aggregate import CodedPaper
from evitable.codebook import default_codebook
from evitable.records import (
    Attribute,
    Basis,
    Paper,
    PaperCoding,
    Passage,
    Place,
    Prediction,
    Reference,
    paper_id,
    passage_id,
)

Said = tuple[str, str, float]
"""Code, polarity (or an empty text), probability."""


def coded_paper(
    name: str,
    passages: dict[str, list[Said]],
    *,
    author: str = "",
    year: int | None = None,
    dimensions: dict[str, str] | None = None,
    bases: dict[str, Basis] | None = None,
    unsure: tuple[tuple[str, str], ...] = (),
    attributes: tuple[Attribute, ...] = (),
) -> CodedPaper:
    """Make a coded paper: passages by text, each with what the machine said of it.

    Its document's text is the passages, with two line ends between them. `bases` says on what a passage rests that is
    no finding; `unsure` names (passage, code) pairs left open.
    """
    identity = paper_id(name)
    starts = list(itertools.accumulate((len(text) + 2 for text in passages), initial=0))
    made = [
        Passage(
            id=passage_id(identity, text, 0),
            paper_id=identity,
            start=starts[number - 1],
            end=starts[number - 1] + len(text),
            text=text,
            places=(Place(page=number, box=(0, 0, 1, 1)),),
            page_labels=(str(100 + number),),
        )
        for number, text in enumerate(passages, start=1)
    ]
    predictions = [
        Prediction(
            passage_id=passage.id,
            dimension=(dimensions or DIMENSIONS)[code],
            code=code,
            probability=probability,
            polarity=polarity or None,
            unsure=(passage.text, code) in unsure,
            basis=(bases or {}).get(passage.text, "finding"),
            model_id="m1",
            codebook_version="c1",
        )
        for passage in made
        for code, polarity, probability in passages[passage.text]
    ]
    reference = Reference(title=f"Title of {name}", authors=(author,) if author else (), year=year, source="test")
    paper = Paper(id=identity, path=f"{name}.pdf", sha256=name, reference=reference)
    return CodedPaper(
        paper=paper,
        passages=tuple(made),
        coding=PaperCoding(paper_id=identity, predictions=tuple(predictions), attributes=attributes),
    )


DIMENSIONS = {code.name: code.dimension for code in default_codebook().code}
