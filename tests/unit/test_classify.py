"""Words, phrases and probabilities."""

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from evitable.classify.basis import basis_by_rules
from evitable.classify.encoder import load_encoder
from evitable.classify.inputs import PHRASES, WORDS, Reader, cue_inputs, frequencies, term_columns, term_counts
from evitable.classify.manifest import MANIFEST
from evitable.classify.model import linear, load_classifier, told
from evitable.classify.phrases import FACILITATES, HINDERS
from evitable.classify.terms import base, base_pipeline, plain, stem, terms
from evitable.codebook import default_codebook, read_codebook
from evitable.errors import UserError
from evitable.flows.config import model_files, shipped_model
from evitable.training.data import read_coded_passages
from evitable.training.fit import topic_stems, train
from support.coded import BOOK as TWO_CODES
from support.coded import some_passages

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
words = ["meeting", "member", "organise"]
near = ["people"]
[[code]]
name = "law"
dimension = "voice"
title = "Law"
definition = "They follow it."
phrases = ["by law"]
words = ["statute", "meeting"]
[polarity]
hinders = ["refuse"]
[word_groups]
people = ["member", "tenant"]
"""


@pytest.fixture(scope="module")
def small():
    return read_codebook(SMALL, "small.toml")


@pytest.fixture(scope="module")
def shipped():
    return load_classifier(BOOK, model_files(shipped_model(BOOK.name)))


@pytest.fixture(scope="module")
def two_codes():
    return TWO_CODES, some_passages()


def training_passages():
    files = {path.name: path.read_text() for path in (shipped_model(BOOK.name) / "training").glob("*.jsonl")}
    return read_coded_passages(files, BOOK)


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("organised", "organized"),
        ("organisationally", "organizationally"),
        ("neighbourhood", "neighborhood"),
        ("programmes", "programs"),
        ("labour", "labor"),
        ("centre", "center"),
        ("behaviour", "behavior"),
        ("centred", "centered"),
        ("counsellors", "counselors"),
        ("judgement", "judgment"),
        ("practised", "practiced"),
        ("ageing", "aging"),
        ("sceptical", "skeptical"),
        ("skilful", "skillful"),
        ("kerbside", "curbside"),
        ("enquiries", "inquiries"),
        ("learnt", "learned"),
    ],
)
def test_british_and_american_spelling_share_stem_and_base(british, american):
    assert stem(british) == stem(american)
    assert base(british) == base(american)


@pytest.mark.parametrize("spelling", ["co-production", "coproduction", "co production", "Co-production"])
def test_every_spelling_of_a_co_word_is_the_same_term(spelling):
    assert terms(base_pipeline()(plain(f"the {spelling} of care"))).texts == ["the", "coproduct", "of", "care"]


def test_names_numbers_and_citations_never_decide():
    doc = base_pipeline()("In the city Nairobi 45 residents met Adaeze (Ada and Bo, 2014; Cy 2012) [12, 13].")
    assert terms(doc).texts == ["in", "the", "citi", "0", "resid", "met", "CITE", "CITE"]


def test_terms_know_where_they_stand():
    text = "Co-production (Ada, 2014) was organised; the residents’ co production, too."
    found = terms(base_pipeline()(plain(text)))
    assert [text[start:end] for start, end in zip(found.starts, found.ends, strict=True)] == [
        "Co-production",
        "(Ada, 2014)",
        "was",
        "organised",
        "the",
        "residents",
        "co production",
        "too",
    ]


def test_an_empty_text_has_no_terms(small):
    assert terms(base_pipeline()("")).texts == []
    assert Reader(small).read([]) == []


def test_terms_are_counted_as_scikit_learn_counts_them(small):
    texts = ["They vote and they vote again.", "", "A vote, they say."]
    readings = Reader(small).read(texts)
    counter = CountVectorizer(token_pattern=r"\S+", lowercase=False, ngram_range=(1, 2))
    expected = counter.fit_transform([reading.terms.joined for reading in readings])
    columns = [term_columns(reading.terms, counter.vocabulary_) for reading in readings]
    assert (term_counts(columns, len(counter.vocabulary_)).toarray() == expected.toarray()).all()


def test_phrases_match_in_all_forms_and_over_a_gap(small):
    text = "They VOTED; a show of many hands. Selfhelp and self help. Show nothing. Hands down."
    [reading] = Reader(small).read([text])
    assert [text[start:end] for start, end in reading.cues.places("vote")] == [
        "VOTED",
        "show of many hands",
        "Selfhelp",
        "self help",
    ]
    assert reading.cues.count("vote") == 3


def test_one_phrase_in_two_spellings_counts_once():
    spellings = 'phrases = ["neighbourhood watch", "neighborhood watch", "co-design", "codesigned", "watch"]'
    book = read_codebook(SMALL.replace('phrases = ["vote", "show ... hands", "self-help"]', spellings), "small.toml")
    [reading] = Reader(book).read(["The neighborhood watch co-designed the lamps."])
    assert reading.cues.count("vote") == 3  # the watch, the neighbourhood watch, the design


@pytest.mark.parametrize(
    ("text", "negations", "hedges"),
    [
        ("They voted.", 0, 0),
        ("They did not vote.", 1, 0),
        ("Without any vote it was settled.", 1, 0),
        ("They didn't vote.", 1, 0),
        ("They might vote.", 0, 1),
        ("Not all of the people who lived in the valley could vote.", 1, 1),
    ],
)
def test_negations_and_hedges_are_counted(small, text, negations, hedges):
    [reading] = Reader(small).read([text])
    assert (len(reading.cues.negations), reading.cues.hedges) == (negations, hedges)


def words_of(codebook, text, code="vote"):
    [reading] = Reader(codebook).read([text])
    return {found.word for found in reading.cues.words if found.label == code}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The tenants held a meeting.", {"meet"}),
        ("A meeting was held for one of the tenants.", {"meet"}),
        ("Meetings, meetings and another meeting of tenants.", {"meet"}),
        ("Tenants organized it.", {"organiz"}),
        ("The office held a meeting.", set()),
        ("The tenants left. The office held a meeting.", set()),
        ("The tenants left; a meeting followed.", set()),
        ("One member came.", set()),
        ("Another member met a member.", set()),
        ("A tenant became a member.", {"member"}),
        ("", set()),
    ],
)
def test_a_word_counts_once_and_only_beside_another_word_of_its_group_in_the_same_sentence(small, text, found):
    assert {base(word) for word in ("meeting", "organise", "member")} >= found
    assert words_of(small, text) == found


def test_near_is_eight_words_either_way(small):
    assert words_of(small, f"Tenants {'very ' * 7}often held meetings") == set()
    assert words_of(small, f"Tenants {'very ' * 7}meetings")
    assert words_of(small, f"meetings {'very ' * 7}tenants")


def test_a_code_without_groups_has_its_words_anywhere(small):
    assert words_of(small, "A statute says so.", "law") == {base("statute")}
    assert words_of(small, "A meeting of tenants was held.", "law") == words_of(small, "A meeting of tenants was held.")


def test_rare_phrases_and_words_say_more_than_common_ones_and_none_says_nothing(small):
    names = ["vote", "law"]
    reader = Reader(small)
    known = frequencies(reader.read(["They vote.", "They vote now.", "Self-help.", "A statute.", ""]), names)
    assert known[PHRASES].by_code == {"vote": {"self-help": 1, "vote": 2}, "law": {}}
    assert known[WORDS].by_code == {"vote": {}, "law": {base("statute"): 1}}
    texts = ["They vote.", "Self-help.", "A show of hands.", "Vote, and self-help.", "A statute.", "Nothing."]
    said = cue_inputs(reader.read(texts), names, known)
    vote = said[PHRASES][:, 0].tolist()
    assert 0 < vote[0] < vote[1] < vote[2]  # in two passages, in one, in none
    assert vote[3] > vote[1]
    assert vote[4:] == [0, 0]
    assert vote[0] == pytest.approx(math.log1p((math.log(6 / 3) / 4) ** 2))
    assert said[WORDS][:, 1].tolist() == pytest.approx([0, 0, 0, 0, math.log1p((math.log(6 / 2) / 4) ** 2), 0])
    assert cue_inputs([], names, known)[WORDS].shape == (0, 2)


@pytest.mark.parametrize("classes", [["a", "b"], ["a", "b", "c"]])
def test_a_class_is_told_as_scikit_learn_tells_it(classes):
    chance = np.random.default_rng(7)
    matrix, truth = chance.normal(size=(60, 4)), chance.choice(classes, 60)
    model = OneVsRestClassifier(LogisticRegression(solver="liblinear")).fit(matrix, truth)
    assert set(truth) == set(classes)
    assert told(model, matrix) == model.predict(matrix).tolist()


def test_what_carried_a_code_includes_words_that_stand_beside_the_right_people(shipped):
    text = "Each volunteer got guidance from the clinic before the first visit, and was well prepared."
    [answer] = shipped.code_texts([text])
    [code] = [code.name for code in BOOK.code if code.title == "Participant preparation"]
    assert "guidance" in {span.text for span in answer.words[code]}


def test_polarity_phrases_are_counted_beside_the_codes(small):
    [reading] = Reader(small).read(["They refused, and refused again."])
    assert (reading.cues.count(HINDERS), reading.cues.count(FACILITATES)) == (1, 0)


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


def test_a_passage_is_answered_alike_alone_and_in_its_paper(shipped):
    texts = ["Residents voted on the budget.", "The nurses were trained.", "Patients redesigned the ward with them."]
    alone = [shipped.code_texts([text])[0].probabilities for text in texts]
    assert [answer.probabilities for answer in shipped.code_paper(texts, ["other"] * 3)] == alone


def test_unsure_is_told_apart_from_no(shipped):
    stack = shipped.manifest.stack
    texts = [passage.text for passage in training_passages()[::40]]
    unsure = 0
    for answer in shipped.code_texts(texts):
        for name, value in answer.probabilities.items():
            assert (name in answer.codes) == (value >= stack[name].threshold)
            assert (name in answer.unsure) == (stack[name].unsure <= value < stack[name].threshold)
            assert (name in answer.words) == (name in answer.codes or name in answer.unsure)
            unsure += name in answer.unsure
    assert unsure


def test_what_carries_no_code_rests_on_nothing(shipped):
    [answer] = shipped.code_texts(["The catalyst was heated to 80 degrees and weighed."])
    assert (answer.codes, answer.unsure, answer.basis) == ((), (), None)


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


@pytest.mark.parametrize(
    ("pattern", "replacement"),
    [
        (r"\b\d{2,3}\b", "47"),
        (r"\b(?:19|20)\d\d\b", "2009"),
        (r"(?<=[a-z] )(?:Kenya|India|Brazil|Sweden|Italy|Scotland|Ghana|Chile|Norway|Japan)\b", "Peru"),
        (r"(?<=[a-z] )[A-Z][a-z]+ (?=\((?:19|20)\d\d\))", "Smith "),
        (r"rganis", "rganiz"),
        (r"eighbour", "eighbor"),
        (r"\b([Cc])o-production", r"\1oproduction"),
        (r"\b([Cc])o-production", r"\1o production"),
    ],
    ids=["number", "year", "country", "author", "organise", "neighbour", "coproduction", "co production"],
)
def test_codes_of_many_passages_do_not_hang_on_names_numbers_or_spelling(shipped, pattern, replacement):
    texts = [passage.text for passage in training_passages()[::2]]
    pairs = [(text, re.sub(pattern, replacement, text)) for text in texts if re.search(pattern, text)]
    assert len(pairs) > 10
    before = shipped.code_texts([text for text, _ in pairs])
    after = shipped.code_texts([text for _, text in pairs])
    assert [answer.codes for answer in before] == [answer.codes for answer in after]


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


class Letters:
    """A sentence encoder for tests: shares of five letters."""

    fingerprint = "letters"

    def encode(self, texts):
        return np.array([[text.lower().count(letter) / max(1, len(text)) for letter in "aeiou"] for text in texts])


def test_a_model_with_an_encoder_needs_it_and_one_without_refuses_it(two_codes):
    book, passages = two_codes
    plain_files, files = train(passages, book), train(passages, book, Letters())
    text = ["They cast a ballot."]
    assert load_classifier(book, files, encoder=Letters()).code_texts(text)[0].codes == ("vote",)
    for model, encoder in ((files, None), (plain_files, Letters())):
        with pytest.raises(UserError, match="encoder") as refused:
            load_classifier(book, model, encoder=encoder)
        assert "evitable train" in refused.value.hint
    other = Letters()
    other.fingerprint = "other letters"
    with pytest.raises(UserError, match="another sentence encoder"):
        load_classifier(book, files, encoder=other)


def test_an_encoder_that_is_not_there_is_named_with_the_mend():
    with pytest.raises(UserError) as refused:
        load_encoder("no-such-encoder")
    assert refused.value.hint
    assert load_encoder("") is None


def test_models_hold_no_pickle():
    for path in Path(shipped_model(BOOK.name)).rglob("*"):
        assert path.suffix in {"", ".json", ".jsonl", ".skops", ".md"}, path


@pytest.mark.parametrize(
    ("text", "section", "basis"),
    [
        ("We found that residents voted.", None, "finding"),
        ("Residents voted on the budget.", "findings", "finding"),
        ("Ada (2014) shows that residents voted.", None, "mention"),
        ("Ada (2014) shows that residents voted.", "findings", "finding"),
        ("Residents vote on budgets in many countries.", "background", "mention"),
        ("Councils should let residents vote.", "conclusion", "recommendation"),
        ("Councils should let residents vote (Ada, 2014).", "background", "mention"),
    ],
)
def test_without_a_model_rules_tell_what_a_passage_rests_on(small, text, section, basis):
    [reading] = Reader(small).read([text])
    assert basis_by_rules(reading, section) == basis


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("decide", "deciding", True),
        ("decide", "decided", True),
        ("plan", "planned", True),
        ("community", "communities", True),
        ("agree", "agreed", True),
        ("organised", "organizes", True),
        ("use", "using", True),
        ("open", "openness", False),
        ("person", "personalised", False),
        ("coordinate", "coordinator", False),
        ("contract", "contraction", False),
    ],
)
def test_phrases_match_inflected_words_and_not_derived_ones(one, other, same):
    assert (base(one) == base(other)) is same


def test_words_of_the_topic_never_speak_against_a_code(shipped):
    topic = topic_stems(BOOK)
    weights, _ = linear(shipped._parts.codes.named_steps["classes"])
    columns = [column for term, column in shipped._columns.items() if all(word in topic for word in term.split())]
    assert len(columns) > 100
    assert weights[:, columns].min() == 0
    assert weights.min() < 0
