"""Each coding as a W3C Web Annotation (Web Annotation Data Model, W3C Recommendation, 2017), one a line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import msgspec

from evitable.codebook import Code, Codebook
from evitable.export.clean import clean_text
from evitable.export.qda.codes import code_guid
from evitable.export.qda.naming import coding_guid, name_text, plain_text
from evitable.export.qda.sources import Paper, User, papers_of, user_of
from evitable.export.review import Files, Review
from evitable.records import Coding

FILE = "annotations.jsonl"
TERMS = "urn:evitable:terms#"
_CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"evitable": TERMS}]
"""The model demands the first by name, and programs that know annotations have it; the second declares our terms."""
_PDF_FRAGMENTS = "http://tools.ietf.org/rfc/rfc3778"
"""So the model names the fragments of PDF, though RFC 8118 has replaced it."""
_AROUND = 32
"""Characters before and after a quote."""

Json = dict[str, Any]


def web_annotations(review: Review) -> Files:
    """Write every coding as an annotation of its PDF, in JSON Lines of JSON-LD.

    The target is the PDF by its SHA-256, so that whoever has the same file finds the passage: by the words with 32
    characters around, by code points in the paper's text (the one in `codings.qdpx`), and by the page on which it
    starts. A body is the code as said of this passage, with our own terms, such as `evitable:probability`. GUIDs of
    codings, codes and coders are those of `codings.qdpx`. What is left open is said as a question, and what somebody
    has rejected as an assessment, so that a reader who knows none of our terms takes neither for a coding.

    Args:
        review: Its sources are loaded one paper at a time. Where a text is not there any more, or has another text at
            a coding's place, the annotation has the words and the page alone.

    Yields:
        `annotations.jsonl`, in the order of the evidence list; no codings give an empty file.
    """
    yield FILE, msgspec.json.Encoder().encode_lines(_annotations(review))


def _annotations(review: Review) -> Iterator[Json]:
    codings: dict[str, list[Coding]] = defaultdict(list)
    for coding in review.evidence.codings:
        codings[coding.paper_id].append(coding)
    keys = {paper_id: study.key for study in review.evidence.studies for paper_id in study.paper_ids}
    concepts = {code.name: _written(_concept(code, review.codebook)) for code in review.codebook.code}
    for paper in papers_of(review):
        if codings[paper.id]:
            found = review.sources.text(paper.id)
            targets = _Targets(paper, found.text if found else "", _source(paper, keys[paper.id], review))
            for coding in codings[paper.id]:
                user = user_of(coding, review.run.evitable)
                yield _annotation(coding, user, concepts[coding.code], targets.of(coding))


class _Targets:
    """The passages of a paper, each written once: several codings share a passage."""

    def __init__(self, paper: Paper, text: str, source: Json) -> None:
        self._paper, self._text, self._source = paper, text, _written(source)
        self._made: dict[tuple[object, ...], msgspec.Raw] = {}

    def of(self, coding: Coding) -> msgspec.Raw:
        """Give the target of a coding; all that it is made from is in the key."""
        c = coding
        key = (c.passage_id, c.quote, c.start, c.end, c.pages, c.page_labels, c.section, c.match)
        if key not in self._made:
            self._made[key] = _written(_target(coding, self._source, _selectors(coding, self._text, self._paper)))
        return self._made[key]


def _written(part: Json) -> msgspec.Raw:
    """Write what many annotations share, so that it is not written anew for each."""
    return msgspec.Raw(msgspec.json.encode(part))


def _target(coding: Coding, source: msgspec.Raw, selectors: list[Json]) -> Json:
    return {
        "type": "SpecificResource",
        "source": source,
        "selector": selectors,
        "evitable:pages": coding.pages,
        "evitable:pageLabels": [clean_text(label) for label in coding.page_labels],
        "evitable:section": clean_text(" > ".join(coding.section)),
        "evitable:passage": coding.passage_id,
        "evitable:quoteMatch": coding.match or "not checked",
    }


def _annotation(coding: Coding, user: User, concept: msgspec.Raw, target: msgspec.Raw) -> Json:
    return {
        "@context": _CONTEXT,
        "id": f"urn:uuid:{coding_guid(coding.id)}",
        "type": "Annotation",
        "motivation": _motivation(coding),
        "creator": _creator(user),
        "body": _body(coding, concept),
        "target": target,
    }


def _motivation(coding: Coding) -> str:
    if coding.status == "rejected":
        return "assessing"
    return "questioning" if coding.unsure else "classifying"


def _creator(user: User) -> Json:
    return {"id": f"urn:uuid:{user.guid}", "type": "Person" if user.person else "Software", "name": user.name}


def _concept(code: Code, codebook: Codebook) -> Json:
    return {
        "id": f"urn:uuid:{code_guid(codebook, code.name)}",
        "type": "skos:Concept",
        "label": name_text(code.title, code.name),
        "evitable:code": code.name,
        "evitable:dimension": code.dimension,
    }


def _body(coding: Coding, concept: msgspec.Raw) -> Json:
    """Say the code of this passage; what holds of the code anywhere is said of its source."""
    polarity = {"evitable:polarity": coding.polarity} if coding.polarity else {}
    return {
        "type": "SpecificResource",
        "purpose": _motivation(coding),
        "source": concept,
        **polarity,
        "evitable:basis": coding.basis,
        "evitable:unsure": coding.unsure,
        "evitable:counted": coding.counted and coding.status != "rejected",
        "evitable:probability": coding.probability,
        "evitable:words": [clean_text(span.text) for span in coding.words],
        "evitable:status": coding.status,
        "evitable:coding": coding.id,
    }


def _source(paper: Paper, key: str, review: Review) -> Json:
    """Name the PDF by its bytes; by the paper where its digest is not in the run's record."""
    sha256 = review.run.papers.get(paper.file)
    return {
        "id": f"urn:sha256:{sha256}" if sha256 else f"urn:uuid:{paper.guid}",
        "type": "Text",
        "format": "application/pdf",
        "evitable:file": clean_text(paper.file),
        "evitable:study": clean_text(key),
    }


def _selectors(coding: Coding, text: str, paper: Paper) -> list[Json]:
    """Give the ways to find the passage, the surest first; forbidden characters are replaced one for one."""
    words: Json = {"type": "TextQuoteSelector", "exact": plain_text(coding.quote)}
    selectors = [words]
    if coding.quote and text[coding.start : coding.end] == coding.quote:
        words["prefix"] = plain_text(text[max(0, coding.start - _AROUND) : coding.start])
        words["suffix"] = plain_text(text[coding.end : coding.end + _AROUND])
        place = {"type": "TextPositionSelector", "start": coding.start, "end": coding.end}
        selectors.append({**place, "evitable:text": f"urn:uuid:{paper.guid}"})
    if coding.pages:
        page = {"type": "FragmentSelector", "conformsTo": _PDF_FRAGMENTS, "value": f"page={coding.pages[0]}"}
        selectors.append(page)
    return selectors
