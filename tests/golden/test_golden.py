"""The specimen corpus through every stage: what came out before must come out again, byte for byte."""

import random

import pytest

from evitable.export import export_review
from golden.make_golden import GOLDEN, build, golden_files, run_stages


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return run_stages(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def files(run):
    return golden_files(*run)


@pytest.mark.parametrize("name", ["papers.txt", "codings.csv", "studies.csv", "issues.csv"])
def test_the_stages_give_what_they_gave_before(files, name):
    """If a change is meant: `make golden`, read the diff, and raise the stage's version."""
    assert files[name].splitlines() == (GOLDEN / name).read_text(encoding="utf-8").splitlines()


def test_same_inputs_give_the_same_bytes_in_every_output_whatever_the_order(run):
    corpus, stages, outcomes = run
    shuffled = random.Random(7).sample(outcomes, len(outcomes))
    reviews = [build(corpus, stages, outcomes), build(corpus, stages, shuffled)]
    first, second = (dict(export_review(review)) for review in reviews)
    assert {name.partition("/")[0].partition("-")[0] for name in first} == {
        "annotations.jsonl",
        "codebook.qdc",
        "codings.qdpx",
        "data",
        "evidence",
        "evidence.docx",
        "evidence.xlsx",
        "figures",
        "methods.md",
        "report.html",
    }
    assert [name for name in first if first[name] != second[name]] == []


def test_a_second_run_finds_every_result(run):
    corpus, stages, outcomes = run
    every = ("extract", "segment", "classify", "check")
    assert [stages.look_up(paper).cached for paper in corpus.papers] == [every] * len(outcomes)


def test_every_quote_is_in_the_text_of_its_paper_on_its_page(run):
    corpus, stages, outcomes = run
    evidence = build(corpus, stages, outcomes).evidence
    documents = {outcome.path: stages.document(outcome.keys) for outcome in outcomes}
    paths = {study.study_id: study.files[0] for study in evidence.studies}
    assert evidence.codings
    for coding in evidence.codings:
        document = documents[paths[coding.study_id]]
        start = document.text.index(coding.quote)
        pages = {
            line.page
            for b in document.blocks
            for line in b.lines
            if line.start < start + len(coding.quote) and line.end > start
        }
        assert set(coding.pages) <= pages
        for span in coding.words:
            assert coding.quote[span.start : span.end] == span.text


def test_every_exported_quote_is_found_again_in_the_pdf_itself(run):
    corpus, stages, outcomes = run
    evidence = build(corpus, stages, outcomes).evidence
    assert {coding.match for coding in evidence.codings} <= {"exact", "squashed"}
    quoted = [attribute for study in evidence.studies for attribute in study.attributes if attribute.page]
    assert quoted
    assert {attribute.match for attribute in quoted} <= {"exact", "squashed"}
    assert not {"quote-differs", "quote-not-found"} & {issue.code for issue in evidence.issues}


def test_the_demo_looks_like_a_review(run):
    corpus, stages, outcomes = run
    evidence = build(corpus, stages, outcomes).evidence
    assert len(evidence.studies) >= 10
    assert all(count.studies > 0 for count in evidence.counts)
    values = {
        name: {a.value for s in evidence.studies for a in s.attributes if a.name == name}
        for name in ("country", "domain", "design")
    }
    assert len(values["country"]) >= 8
    assert len(values["domain"]) >= 6
    assert len(values["design"]) >= 4
    without = [issue.paper for issue in evidence.issues if issue.code == "paper-without-reference"]
    assert without == ["harding-2022.pdf", "virtanen-2018.pdf"]
