"""Attributes of a study: a codebook's own values, the built-in kinds, and the tables behind them."""

import re
from itertools import chain

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evitable.classify.attributes import AttributeFinder
from evitable.classify.counts import NUMBER, is_year, number
from evitable.classify.gazetteer import flat, gazetteer, name_at, names_in
from evitable.classify.study_texts import StudyText, study_texts
from evitable.codebook import default_codebook, read_codebook
from evitable.errors import UserError
from evitable.records import Block, Document, Line, Passage, Reference

SMALL = """
name = "small"
title = "Small"
[[dimension]]
name = "voice"
title = "Voice"
[[code]]
name = "vote"
dimension = "voice"
title = "Vote"
definition = "They vote."
[[attribute]]
name = "country"
title = "Countries"
many = true
sections = ["abstract"]
[attribute.values]
Poland = ["Poland", "Polish"]
Kenya = ["Kenya"]
"""
CHOSEN = """
[[attribute]]
name = "method"
title = "Method"
sections = ["abstract"]
choose = "first"
[attribute.joined]
both = ["form", "talk"]
[attribute.values]
form = ["form"]
talk = ["talk"]
[attribute.weak]
talk = ["chat"]
thought = ["idea"]
"""
FINDER = AttributeFinder(default_codebook())


@pytest.fixture(scope="module")
def small():
    return AttributeFinder(read_codebook(SMALL, "small.toml"))


@pytest.fixture(scope="module")
def chosen():
    return AttributeFinder(read_codebook(SMALL + CHOSEN, "small.toml"))


def passage(text, kind="abstract"):
    return Passage(id=text, paper_id="p", start=0, end=len(text), text=text, section_kind=kind)


def document(text="", *blocks):
    return Document(paper_id="p", text=text, pages=(), blocks=blocks, metadata=Reference(), extractor="none")


def block(kind, start, end, page=1):
    line = Line(page=page, box=(0, 0, 1, 1), start=start, end=end)
    return Block(kind=kind, start=start, end=end, lines=(line,))


def values(finder, name, title="", *passages):
    return [a.value for a in finder.find(title, document(), passages) if a.name == name]


def test_own_values_of_a_codebook_are_found_as_names_where_the_paper_stresses_them(small):
    own = [passage("We polish shoes. In Kenya it rains."), passage("In Poland too.", "discussion")]
    found = small.find("A study in Kenya", document(), own)
    assert [(a.value, a.quote) for a in found] == [("Kenya", "In Kenya it rains.")]


def test_an_attribute_that_is_not_found_is_left_out(small):
    assert small.find("", document(), [passage("Nothing of the sort.")]) == ()
    assert small.find("", document(), []) == ()


def test_phrases_match_in_all_forms_and_titles_weigh_more(chosen):
    assert values(chosen, "method", "", passage("They filled in forms.")) == ["form"]
    assert values(chosen, "method", "On talking", passage("They filled in forms.")) == ["talk"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They chat about ideas.", ["talk"]),
        ("An idea.", ["thought"]),
        ("An idea on a form.", ["form"]),
        ("They talk over a form.", ["both"]),
        ("A form is best (Hansen 2014).", []),
        ("Our form is best (Hansen 2014).", ["form"]),
    ],
)
def test_first_value_joined_values_and_weak_phrases(chosen, text, expected):
    assert values(chosen, "method", "", passage(text)) == expected


def test_without_the_wanted_sections_the_first_three_passages_stand_in(small):
    others = [passage(f"Passage {number}.", "other") for number in (1, 2)]
    assert values(small, "country", "", *others, passage("In Kenya.", "other")) == ["Kenya"]
    assert values(small, "country", "", *others, passage("Three.", "other"), passage("In Kenya.", "other")) == []


def test_values_come_in_the_order_of_the_codebook():
    found = FINDER.find("", document(), [passage("We interviewed 20 teachers at schools in Nepal.")])
    assert [a.name for a in found] == [a.name for a in default_codebook().attribute]


def test_a_title_that_the_paper_prints_has_a_page_and_one_from_elsewhere_has_none():
    text = "Front\n\nSchools in Nepal\n\nMore"
    printed = document(text, block("front_matter", 0, 5), block("title", 7, 23, page=2))
    assert [(a.quote, a.page) for a in FINDER.find("Schools in Nepal", printed, []) if a.name == "country"] == [
        ("Schools in Nepal", 2)
    ]
    assert {a.page for a in FINDER.find("Schools in Nepal", document(), [])} == {0}


def test_key_words_are_read_from_the_front_matter():
    text = "Key words: trust; Nepal"
    found = FINDER.find("", document(text, block("front_matter", 0, len(text))), [])
    assert [(a.value, a.quote) for a in found] == [("Nepal", text)]


@pytest.mark.parametrize(
    ("changed", "fault", "mend"),
    [
        ('kind = "contry"', 'of the kind "contry"', '"country"'),
        ('kind = "country"\nvalues = {a = ["b"]}', 'has "values"', "Delete it"),
        ('kind = "data"\nweak = {a = ["b"]}', 'has "weak"', "Delete it"),
        ("many = true", "has no values", "attribute.values"),
        ("values = {a = []}", 'no phrases for "a"', "at least one phrase"),
        ('values = {a = ["b"]}\njoined = {c = ["a", "d"]}', 'joins "d" to "c"', "There are: a."),
    ],
)
def test_faults_of_an_attribute_are_named_with_their_mend(changed, fault, mend):
    with pytest.raises(UserError, match=re.escape(fault)) as refused:
        read_codebook(SMALL + f'[[attribute]]\nname = "x"\ntitle = "X"\n{changed}\n', "mine.toml")
    assert "mine.toml" in str(refused.value)
    assert mend in refused.value.hint


def test_a_way_to_choose_that_there_is_not_is_refused():
    with pytest.raises(UserError, match="choose"):
        read_codebook(SMALL + CHOSEN.replace('"first"', '"best"'), "mine.toml")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("25", 25),
        ("1,204", 1204),
        ("two", 2),
        ("twenty-five", 25),
        ("Twenty five", 25),
        ("ninety", 90),
        ("twenty-one", 21),
        ("a hundred", 100),
        ("one hundred and two", 102),
        ("three hundred and forty-one", 341),
    ],
)
def test_numbers_in_figures_and_in_words(written, value):
    assert re.fullmatch(NUMBER, written)
    assert number(written) == value


@pytest.mark.parametrize(
    "text", ["3.5 x", "62% x", "10–12", "$25", "p. 4.1", "1.204,5", "A25", "25b", "oftwo x", "none"]
)
def test_what_is_no_number_of_its_own(text):
    assert re.findall(NUMBER, text) == []


def test_years_are_four_figures_without_a_comma():
    assert [is_year(written) for written in ("2014", "1,914", "214", "2214", "2,014")] == [
        True,
        False,
        False,
        False,
        False,
    ]


def test_every_place_has_one_country_and_every_country_its_names():
    known = gazetteer()
    names = list(chain.from_iterable(known.names.values()))
    assert {name.country for name in names} - {""} <= set(known.order)
    assert len(known.order) == len(pycountry.countries) + 1  # Kosovo has no code of ISO's
    by_text = {}
    for name in names:
        assert by_text.setdefault(name.text, name.country) == name.country, name
    assert known.persons <= {name.entry for name in names}
    assert {country for places in known.unsure.values() for country, _ in places} <= set(known.order)


def test_the_longest_name_counts_and_none_inside_a_word():
    text = flat("New Mexico, Mexico; Mexicos Sweden-based Cote d’Ivoire")
    assert [name.entry for name, _ in names_in(text)] == ["New Mexico", "Mexico", "Côte d'Ivoire"]
    assert name_at(text, text.index("Mexico,")) is not None
    assert name_at("of Sweden", 0) is None


def test_sentences_keep_abbreviations_and_part_items_of_lists():
    text = "It works, e.g. Monday, cf. Fig. 2. Ada et al. Agree! (So it was.) He left.\n\n• One\n• Two"
    parts = [text[start:end] for start, end in StudyText(text, "methods", 0).sentences]
    assert parts == [
        "It works, e.g. Monday, cf. Fig. 2.",
        "Ada et al. Agree!",
        "(So it was.)",
        "He left.",
        "• One",
        "• Two",
    ]


STOCK = (
    *(
        "Kenya",
        "Dutch",
        "Dutch,",
        "the",
        "U.S.",
        "in",
        "(Hansen 2014)",
        "interviews",
        "with",
        "25",
        "12",
        "and",
        "N = 412",
    ),
    *(
        "residents",
        "twenty-five",
        "focus",
        "groups",
        "survey",
        "of",
        "case",
        "study.",
        "We",
        "Jordan",
        "•",
        "\n\n",
        "(",
        ")",
    ),
    *(".", ",", "%", "2014", "–", "Northern", "Ireland", "reviewed", "papers"),
)
WORDS = st.lists(st.sampled_from(STOCK), max_size=60).map(" ".join)


@given(title=WORDS, texts=st.lists(WORDS, max_size=3))
def test_quotes_are_exact_stretches_and_equal_inputs_give_equal_values(title, texts):
    passages = [passage(text, kind) for text, kind in zip(texts, ("abstract", "methods", "other"), strict=False)]
    found = FINDER.find(title, document(), passages)
    assert found == FINDER.find(title, document(), passages)
    for attribute in found:
        assert attribute.quote
        assert any(attribute.quote in text for text in (title, *texts))


@given(WORDS)
def test_sentences_are_in_order_and_without_white_space_round_them(text):
    [study_text] = study_texts("", document(), [passage(text)]) if text else [StudyText("", "other", 0)]
    last = 0
    for start, end in study_text.sentences:
        assert last <= start < end
        assert text[start:end] == text[start:end].strip()
        last = end
