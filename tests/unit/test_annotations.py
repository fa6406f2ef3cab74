"""Codings as W3C Web Annotations, read back line by line."""

import json
from dataclasses import replace

import pytest

from evitable.export.annotations import web_annotations
from evitable.export.qdpx import qda_project
from evitable.records import Span
from support.evidence import coded_paper
from support.nasty import NASTY
from support.refi.reader import SPACE, nasty_review, read_project, recoded
from support.review import review_of, small_review

MODEL_TERMS = {
    "@context", "id", "type", "motivation", "creator", "body", "target", "name", "purpose", "source", "label", "format",
    "selector", "exact", "prefix", "suffix", "start", "end", "conformsTo", "value",
}  # fmt: skip
"""Of those that http://www.w3.org/ns/anno.jsonld declares."""


def lines_of(review):
    [(name, data)] = web_annotations(review)
    assert name == "annotations.jsonl"
    return [json.loads(line) for line in data.decode("utf-8").split("\n")[:-1]]


def by_quote(review, start):
    return [line for line in lines_of(review) if selector(line, "TextQuoteSelector")["exact"].startswith(start)]


def selector(annotation, kind):
    found = [selector for selector in annotation["target"]["selector"] if selector["type"] == kind]
    return found[0] if found else None


class NoTexts:
    def text(self, paper_id):
        return None


def test_there_is_one_annotation_for_each_coding_in_the_order_of_the_evidence_list():
    review = small_review()
    assert [line["body"]["evitable:coding"] for line in lines_of(review)] == [c.id for c in review.evidence.codings]


def test_an_annotation_says_all_of_its_coding():
    review = recoded(small_review(), process_design={"words": (Span(start=0, end=7, text="nurses"),)})
    [annotation] = [
        line for line in by_quote(review, "Residents") if line["body"]["source"]["label"] == "Process design"
    ]
    body = annotation["body"]
    target = annotation["target"]
    assert annotation["@context"] == ["http://www.w3.org/ns/anno.jsonld", {"evitable": "urn:evitable:terms#"}]
    assert (annotation["type"], annotation["motivation"]) == ("Annotation", "classifying")
    assert annotation["creator"]["type"] == "Software"
    assert annotation["creator"]["name"] == "Evitable 0.1.0, model m1"
    assert body["source"]["evitable:code"] == "process_design"
    assert {key.removeprefix("evitable:"): value for key, value in body.items() if key.startswith("evitable:")} == {
        "polarity": "facilitates",
        "basis": "finding",
        "unsure": False,
        "counted": True,
        "probability": 0.8,
        "words": ["nurses"],
        "status": "machine",
        "coding": body["evitable:coding"],
    }
    assert target["source"]["id"] == "urn:sha256:moeller"
    assert target["source"]["evitable:file"] == "moeller.pdf"
    assert target["evitable:pageLabels"] == ["101"]


def test_the_passage_is_found_by_its_words_its_place_and_its_page():
    [annotation] = by_quote(small_review(), "Others have")
    assert selector(annotation, "TextQuoteSelector") == {
        "type": "TextQuoteSelector",
        "exact": "Others have reported that nurses assess wards with patients.",
        "prefix": "t line the workshops soon stopped.\n\n"[-32:],
        "suffix": "\n\nIt is not clear whether single patients"[:32],
    }
    place = selector(annotation, "TextPositionSelector")
    assert (place["start"], place["end"]) == (107, 167)
    page = selector(annotation, "FragmentSelector")
    assert (page["value"], page["conformsTo"]) == ("page=3", "http://tools.ietf.org/rfc/rfc3778")


def test_places_ids_and_coders_are_those_of_the_project_file():
    review = nasty_review()
    project = read_project(dict(qda_project(review))["codings.qdpx"])
    sources = {source.get("guid"): source for source in project.find("q:Sources/q:TextSource")}
    codings = {coding.get("guid"): coding for coding in project.find(".//q:Coding")}
    annotations = lines_of(review)
    assert len(annotations) == 2 * len(NASTY)
    for annotation in annotations:
        place = selector(annotation, "TextPositionSelector")
        text = project.texts[sources[place["evitable:text"].removeprefix("urn:uuid:")].get("name")]
        words = selector(annotation, "TextQuoteSelector")
        assert text[place["start"] : place["end"]] == words["exact"]
        assert text[: place["start"]].endswith(words["prefix"])
        assert text[place["end"] :].startswith(words["suffix"])
        coding = codings[annotation["id"].removeprefix("urn:uuid:")]
        assert coding.get("creatingUser") == annotation["creator"]["id"].removeprefix("urn:uuid:")
        code = coding.find("q:CodeRef", SPACE).get("targetGUID")
        assert code == annotation["body"]["source"]["id"].removeprefix("urn:uuid:")


def test_codings_that_count_nowhere_have_the_ids_of_the_project_file_too():
    review = small_review()
    project = read_project(dict(qda_project(review))["codings.qdpx"])
    codings = {coding.get("guid") for coding in project.find(".//q:Coding")}
    assert {annotation["id"].removeprefix("urn:uuid:") for annotation in lines_of(review)} <= codings


def test_prefix_and_suffix_end_where_the_text_ends():
    [annotation] = by_quote(small_review(), "Water users")[:1]
    words = selector(annotation, "TextQuoteSelector")
    assert (words["prefix"], words["suffix"]) == ("", "")


def test_a_prefix_near_the_start_is_as_long_as_the_text_allows():
    paper = coded_paper("p", {"Hm.": [], "They drew the new layout of it together.": [("co_design", "", 0.9)]})
    [annotation] = lines_of(review_of([paper]))
    assert selector(annotation, "TextQuoteSelector")["prefix"] == "Hm.\n\n"


def test_what_is_left_open_is_a_question_and_what_is_rejected_no_coding():
    review = recoded(small_review(), co_delivery={"status": "rejected", "coder": "Ada"})
    motivations = {line["body"]["source"]["evitable:code"]: line["motivation"] for line in lines_of(review)}
    counted = {line["body"]["source"]["evitable:code"]: line["body"]["evitable:counted"] for line in lines_of(review)}
    assert (motivations["individual"], counted["individual"]) == ("questioning", False)
    assert (motivations["co_delivery"], counted["co_delivery"]) == ("assessing", False)
    assert (motivations["co_design"], counted["co_design"]) == ("classifying", True)
    assert (motivations["co_assessment"], counted["co_assessment"]) == ("classifying", False)


def test_people_are_people():
    review = recoded(small_review(), co_design={"status": "corrected", "coder": "Ada"})
    found = {line["creator"]["name"]: line["creator"]["type"] for line in lines_of(review)}
    assert found == {"Ada": "Person", "Evitable 0.1.0, model m1": "Software"}


@pytest.mark.parametrize("lost", ["the text is not there", "another text stands at its place"])
def test_without_its_text_an_annotation_has_words_and_page_alone(lost):
    review = small_review()
    if lost == "the text is not there":
        review = replace(review, sources=NoTexts())
    else:
        review = recoded(review, **{code.name: {"start": 3, "end": 5} for code in review.codebook.code})
    for annotation in lines_of(review):
        assert [selector["type"] for selector in annotation["target"]["selector"]] == [
            "TextQuoteSelector",
            "FragmentSelector",
        ]
        assert "prefix" not in selector(annotation, "TextQuoteSelector")


def test_a_coding_without_a_page_has_no_page():
    review = recoded(small_review(), co_design={"pages": (), "page_labels": ()})
    [annotation, *_] = by_quote(review, "Residents")
    assert selector(annotation, "FragmentSelector") is None


def test_every_term_is_the_models_or_declared_as_ours():
    def keys(value):
        if isinstance(value, dict):
            yield from value
            for child in value.values():
                yield from keys(child)
        elif isinstance(value, list):
            for child in value:
                yield from keys(child)

    for annotation in lines_of(nasty_review()):
        own = {key for part in ("creator", "body", "target") for key in keys(annotation[part])} | annotation.keys()
        assert {key for key in own if not key.startswith("evitable:")} <= MODEL_TERMS


def test_equal_reviews_give_equal_bytes():
    assert list(web_annotations(nasty_review())) == list(web_annotations(nasty_review()))


def test_no_codings_give_an_empty_file():
    assert list(web_annotations(review_of([]))) == [("annotations.jsonl", b"")]
