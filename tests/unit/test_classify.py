"""Words, phrases, probabilities and attributes."""

import json
from pathlib import Path

import pytest

from evitable.classify.attributes import AttributeFinder
from evitable.classify.manifest import MANIFEST
from evitable.classify.model import load_classifier
from evitable.classify.phrases import load_phrases, phrase_counts, phrase_pipeline, phrase_places, save_phrases
from evitable.classify.terms import plain, stem, stem_pipeline, terms
from evitable.codebook import default_codebook, read_codebook
from evitable.errors import UserError
from evitable.flows.config import model_files, shipped_model
from evitable.records import Document, Passage, Reference

BOOK = default_codebook()
SMALL = """
name = "small"
title = "Small"
[[dimension]]
name = "voice"
title = "Voice"
polarity = true
[[code]]
name = "vote"
dimension = "voice"
title = "Vote"
definition = "They vote."
phrases = ["vote", "show ... hands", "self-help"]
[polarity]
hinders = ["refuse"]
[[attribute]]
name = "country"
title = "Countries"
many = true
sections = ["abstract"]
[attribute.values]
Poland = ["Poland", "Polish"]
Kenya = ["Kenya"]
"""


@pytest.fixture(scope="module")
def small():
    return read_codebook(SMALL, "small.toml")


@pytest.fixture(scope="module")
def shipped():
    return load_classifier(BOOK, model_files(shipped_model(BOOK.name)))


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("organised", "organized"),
        ("neighbourhood", "neighborhood"),
        ("programmes", "programs"),
        ("labour", "labor"),
        ("centre", "center"),
        ("behaviour", "behavior"),
    ],
)
def test_british_and_american_spelling_share_a_stem(british, american):
    assert stem(british) == stem(american)


@pytest.mark.parametrize("spelling", ["co-production", "coproduction", "co production", "Co-production"])
def test_every_spelling_of_a_co_word_is_the_same_term(spelling):
    assert [term.text for term in terms(stem_pipeline()(plain(f"the {spelling} of care")))] == [
        "the",
        "coproduct",
        "of",
        "care",
    ]


def test_names_numbers_and_citations_never_decide():
    doc = stem_pipeline()("In the city Nairobi 45 residents met Adaeze (Ada and Bo, 2014; Cy 2012) [12, 13].")
    assert [term.text for term in terms(doc)] == ["in", "the", "citi", "0", "resid", "met", "CITE", "CITE"]


def test_phrases_match_in_all_forms_and_over_a_gap(small):
    text = "They VOTED; a show of many hands. Selfhelp and self help. Show nothing. Hands down."
    doc = phrase_pipeline(small)(text)
    assert [text[start:end] for start, end in phrase_places(doc, "vote")] == [
        "VOTED",
        "show of many hands",
        "Selfhelp",
        "self help",
    ]
    assert phrase_counts(doc, ["vote"]) == {"vote": 3}


def test_saved_phrases_find_the_same(small):
    nlp = phrase_pipeline(small)
    again = load_phrases(save_phrases(nlp))
    text = "They voted by a show of hands."
    assert phrase_places(again(text), "vote") == phrase_places(nlp(text), "vote")


def test_without_a_model_phrases_code_alone_and_say_so(small):
    classifier = load_classifier(small, None)
    answers = classifier.code_texts(["They voted.", "A show of hands was a vote.", "They refused to vote.", "Silence."])
    assert [answer.probabilities["vote"] for answer in answers] == [0.5, 0.6667, 0.5, 0.0]
    assert [answer.codes for answer in answers] == [("vote",), ("vote",), ("vote",), ()]
    assert [answer.polarity.get("vote") for answer in answers] == ["facilitates", "facilitates", "hinders", None]
    assert "phrases" in classifier.note
    assert "calibrated" in classifier.note


def test_the_shipped_model_codes_plain_cases(shipped):
    plain_cases = {
        "co_commissioning": "In participatory budgeting the residents voted on how the district's money was spent.",
        "co_design": "Patients and nurses redesigned the clinic in a series of co-design workshops with prototypes.",
        "co_assessment": "Tenant inspectors and surveyors jointly assessed the quality of repairs with a scorecard.",
    }
    answers = dict(zip(plain_cases, shipped.code_texts(list(plain_cases.values())), strict=True))
    assert all(code in answer.codes for code, answer in answers.items())


def test_explanations_are_words_of_the_passage(shipped):
    text = (
        "Residents voted on the budget; nobody had expected that the co-production office would listen to all of them."
    )
    [answer] = shipped.code_texts([text])
    assert answer.codes
    for code in answer.codes:
        for span in answer.words[code]:
            assert text[span.start : span.end] == span.text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Ada", "Bo"),
        ("Kenya", "Norway"),
        ("38", "51"),
        ("organised", "organized"),
        ("co-production", "coproduction"),
        ("co-production", "co production"),
    ],
)
def test_what_must_not_change_a_code_does_not(shipped, before, after):
    text = "As Ada shows for Kenya, 38 residents organised the co-production of water, and voted on the budget."
    first, second = shipped.code_texts([text, text.replace(before, after)])
    assert first.probabilities == second.probabilities


def test_no_texts_give_no_answers(shipped):
    assert shipped.code_texts([]) == []


def test_a_model_for_other_codes_is_refused_with_the_mend(small):
    with pytest.raises(UserError, match="other codes or phrases") as refused:
        load_classifier(small, model_files(shipped_model(BOOK.name)))
    assert "evitable train" in refused.value.hint


def test_a_damaged_model_is_refused(tmp_path):
    files = model_files(shipped_model(BOOK.name))
    with pytest.raises(UserError, match="damaged"):
        load_classifier(BOOK, {**files, "codes.skops": b"PK nonsense"})
    with pytest.raises(UserError, match="damaged"):
        load_classifier(BOOK, {**files, MANIFEST: b"{"})


def test_a_model_of_another_library_version_is_refused():
    files = model_files(shipped_model(BOOK.name))
    manifest = json.loads(files[MANIFEST])
    manifest["libraries"]["scikit-learn"] = "0.9.1"
    with pytest.raises(UserError, match=r"scikit-learn 0\.9\.1"):
        load_classifier(BOOK, {**files, MANIFEST: json.dumps(manifest).encode()})


def test_models_hold_no_pickle():
    for path in Path(shipped_model(BOOK.name)).rglob("*"):
        assert path.suffix in {"", ".json", ".jsonl", ".skops", ".spacy", ".md"}, path


def passage(text, kind="abstract"):
    return Passage(id=text, paper_id="p", start=0, end=len(text), text=text, section_kind=kind)


def document():
    return Document(paper_id="p", text="", pages=(), blocks=(), metadata=Reference(), extractor="none")


def test_a_country_counts_where_the_paper_stresses_it_and_only_as_a_name(small):
    finder = AttributeFinder(small)
    found = finder.find(
        "A study in Kenya",
        document(),
        [passage("We polish shoes. In Kenya it rains."), passage("In Poland too.", "discussion")],
    )
    assert [(attribute.value, attribute.quote) for attribute in found] == [("Kenya", "A study in Kenya")]


def test_an_attribute_that_is_not_found_is_left_out(small):
    assert AttributeFinder(small).find("", document(), [passage("Nothing of the sort.")]) == ()
