"""Which attributes of a study are found: where it was done, what service it is about, its design, its material."""

import pytest

from evitable.classify.attributes import AttributeFinder
from evitable.codebook import default_codebook
from evitable.records import Block, Document, Line, Passage, Reference

FINDER = AttributeFinder(default_codebook())


def paper(*parts: tuple[str, str]) -> tuple[Document, list[Passage]]:
    """Lay out parts (section, text) as one block a part, one page a part; "keywords" is front matter."""
    text, blocks, passages = "", [], []
    for page, (section, words) in enumerate(parts, start=1):
        start, end = len(text), len(text) + len(words)
        line = Line(page=page, box=(0, 0, 1, 1), start=start, end=end)
        kind = {"title": "title", "keywords": "front_matter"}.get(section, "body")
        blocks.append(Block(kind=kind, start=start, end=end, lines=(line,)))
        if kind == "body":
            passages.append(Passage(id=str(page), paper_id="p", start=start, end=end, text=words, section_kind=section))
        text += words + "\n\n"
    document = Document(paper_id="p", text=text, pages=(), blocks=tuple(blocks), metadata=Reference(), extractor="none")
    return document, passages


def found(name: str, *parts: tuple[str, str], title: str = "") -> list[str]:
    document, passages = paper(*parts)
    return [a.value for a in FINDER.find(title, document, passages) if a.name == name]


def test_a_title_alone_names_the_country():
    assert found("country", title="Parents and teachers in rural Kenya") == ["Kenya"]


@pytest.mark.parametrize(
    ("sentence", "countries"),
    [
        ("We studied three boroughs of London.", ["United Kingdom"]),
        ("We studied home care in Northern Ireland.", ["United Kingdom"]),
        ("The study took place in Scottish prisons.", ["United Kingdom"]),
        ("Twelve Dutch municipalities took part.", ["Netherlands"]),
        ("Dutch and Belgian municipalities took part.", ["Belgium", "Netherlands"]),
        ("Data come from São Paulo.", ["Brazil"]),
        ("Data come from Sao Paulo.", ["Brazil"]),
        ("The clinics are in South Korea.", ["South Korea"]),
        ("The villages lie in Guinea-Bissau.", ["Guinea-Bissau"]),
        ("The villages lie in Papua New Guinea.", ["Papua New Guinea"]),
        ("The clinics are in Côte d’Ivoire.", ["Côte d'Ivoire"]),
        ("The districts are in the Democratic Republic of the Congo.", ["Democratic Republic of the Congo"]),
        ("The county lies in New Mexico.", ["United States"]),
        ("The county lies in Indiana.", ["United States"]),
        ("We surveyed households in the U.S. and the UK.", ["United Kingdom", "United States"]),
        ("The schools are in Turkey.", ["Türkiye"]),
        ("The schools are in Tbilisi, Georgia.", ["Georgia"]),
        ("The schools are in Atlanta, Georgia.", ["United States"]),
        ("The camps are in Jordan.", ["Jordan"]),
    ],
)
def test_countries_are_known_by_names_peoples_and_places(sentence, countries):
    assert found("country", ("abstract", sentence)) == countries


@pytest.mark.parametrize(
    "sentence",
    [
        "The canteen serves turkey on Sundays, in fine china.",
        "Chad Miller and Michael Jordan chaired the meeting.",
        "Jordan and Adler asked for a theory of roles.",
        "All English-speaking residents were asked.",
        "Interviews were translated from Danish by the authors.",
        "Interviews were held in French or English.",
        "The form has a Spanish version.",
        "The German sociologist had described such circles.",
        "We follow the Declaration of Helsinki.",
        "Reforms swept Latin America and the African American middle class.",
        "Texts were coded with a program (QuoteMaker Ltd, Oslo, Norway).",
        "Unlike in Sweden, few parents were asked.",
        "Trust is high in some countries, for example Finland.",
        "Membership is common (Hansen, Denmark 2014).",
        "In Norway, parents clean the nurseries themselves (Hansen 2014).",
        "This paper was first given at a conference in Milan, Italy.",
        "The state of Georgia on the mind is only a song.",
    ],
)
def test_what_is_no_country_of_the_study(sentence):
    assert found("country", ("abstract", sentence)) == []


def test_a_review_that_names_many_countries_once_has_none():
    names = ["Kenya", "Norway", "Brazil", "Japan", "Chile", "Ghana", "Spain", "Poland", "Nepal", "Peru"]
    findings = [("findings", f"One of the studies reports on clinics in {name}.") for name in names]
    assert found("country", ("abstract", "We review 53 studies of joint work."), *findings) == []


def test_a_country_that_the_findings_return_to_counts_without_an_abstract_that_names_it():
    findings = [
        ("findings", f"In Nairobi the committee met {number} times.") for number in ("six", "ten", "two", "nine")
    ]
    assert found("country", ("abstract", "We followed a committee."), *findings) == ["Kenya"]


def test_a_country_mentioned_beside_the_studied_one_is_left_out():
    parts = [("abstract", "We studied clinics in Peru."), ("methods", "Lima has nine clinics. Peru pays for all.")]
    assert found("country", *parts, ("discussion", "Clinics in Spain are larger.")) == ["Peru"]


def test_a_paper_without_title_and_abstract_is_read_from_its_beginning():
    assert found("country", ("other", "At a clinic in Quito nurses and patients met.")) == ["Ecuador"]


def test_a_title_in_capitals_is_read_too():
    assert found("country", title="JOINT WORK IN DUTCH AND DANISH TOWNS") == ["Denmark", "Netherlands"]


@pytest.mark.parametrize(
    ("sentence", "data"),
    [
        ("We conducted 25 semi-structured, in-depth interviews.", ["25 interviews"]),
        ("We carried out twenty-five interviews.", ["25 interviews"]),
        ("A hundred and two expert interviews were held.", ["102 interviews"]),
        ("The study rests on interviews with 24 patients and 11 nurses.", ["35 interviews"]),
        ("We interviewed 12 officers (five women), 8 residents and two mayors.", ["22 interviews"]),
        ("Interviews (n = 31) were coded.", ["31 interviews"]),
        ("We held 25 interviews with managers and 12 interviews with residents.", ["25 interviews", "12 interviews"]),
        ("We held interviews with 25 residents and two focus groups.", ["25 interviews", "2 focus groups"]),
        ("Six focus group discussions took place.", ["6 focus groups"]),
        ("We compare four case studies.", ["4 case studies"]),
        ("We present a case study of six villages.", ["6 case studies"]),
        ("A sample of 1,204 respondents was drawn.", ["1,204 survey respondents"]),
        ("A postal survey of 412 tenants shows this.", ["412 survey respondents"]),
        ("We surveyed 312 parents.", ["312 survey respondents"]),
        ("Of all questionnaires sent, 230 usable questionnaires came back.", ["230 survey respondents"]),
        ("The survey (N = 412) was online.", ["412 survey respondents"]),
        ("Residents met in nine workshops.", ["9 workshops"]),
        ("We observed 14 council meetings.", ["14 meetings observed"]),
        ("We read 60 policy documents.", ["60 documents"]),
        ("In the experiment, 3,200 households were randomly assigned to letters.", ["3,200 households"]),
        ("This review includes 53 papers.", ["53 papers reviewed"]),
        (
            "Of 1,312 records, 141 articles were screened and 41 articles were included in the review.",
            ["41 papers reviewed"],
        ),
        (
            "We held 18 interviews, three focus groups and a survey of 131 volunteers.",
            ["18 interviews", "3 focus groups", "131 survey respondents"],
        ),
    ],
)
def test_material_is_counted_as_the_paper_states_it(sentence, data):
    assert found("data", ("abstract", sentence)) == data


@pytest.mark.parametrize(
    "sentence",
    [
        "We conducted interviews in 2014 and 2015.",
        "Interviews lasted between 30 and 90 minutes.",
        "Interviewees were aged 49 to 86.",
        "In all, 62% of respondents agreed.",
        "A questionnaire of 31 items was used.",
        "We asked for 10–12 interviews per site.",
        "Every site held an average of 4 workshops.",
        "The 2010 survey respondents were older.",
        "The survey compared five European countries.",
        "Hansen held 25 interviews (Hansen 2014).",
        "Questionnaires were posted to 1,650 tenants.",
        "It happened in two cases.",
    ],
)
def test_other_numbers_are_no_material(sentence):
    assert found("data", ("methods", sentence)) == []


def test_numbers_of_the_background_are_other_people_s():
    background = ("background", "Earlier work held 40 interviews in hospitals.")
    assert found("data", background, ("methods", "We held nine interviews.")) == ["9 interviews"]
    assert found("data", ("abstract", "Staff matter."), background) == []


@pytest.mark.parametrize(
    ("design", "parts"),
    [
        ("case study", [("abstract", "We present a case-study of a clinic, with interviews.")]),
        ("survey", [("abstract", "A questionnaire was answered by parents.")]),
        ("interviews", [("abstract", "We interviewed nurses.")]),
        ("interviews", [("abstract", "After a literature review we interviewed nurses.")]),
        ("experiment", [("abstract", "Letters were randomly assigned; a survey followed.")]),
        ("mixed methods", [("abstract", "This mixed-methods study follows a clinic.")]),
        ("mixed methods", [("abstract", "We combine a survey of parents with interviews.")]),
        ("literature review", [("abstract", "We present a systematic review of 53 studies; many use a survey.")]),
        ("literature review", [("abstract", "The paper offers a review of the literature.")]),
        ("conceptual", [("abstract", "This conceptual paper asks what trust is.")]),
        ("survey", [("abstract", "A survey was held."), ("methods", "Case studies are richer (Yin 2014).")]),
        ("case study", [("abstract", "We look at one town."), ("methods", "We chose a case study design (Yin 2014).")]),
    ],
)
def test_the_design_is_what_the_paper_says_of_itself(design, parts):
    assert found("design", *parts) == [design]


def test_a_title_that_says_the_design_settles_it():
    parts = [("abstract", "Patients and nurses were interviewed in a mixed-methods study.")]
    assert found("design", *parts, title="Trust at work: a case study") == ["case study"]


def test_no_design_is_given_without_words_for_one():
    assert found("design", ("abstract", "Trust matters to nurses."), ("background", "A survey found so.")) == []


@pytest.mark.parametrize(
    ("domain", "sentence"),
    [
        ("healthcare", "Patients and nurses redesigned the clinic."),
        ("education", "Parents help in class, and teachers like it."),
        ("culture", "Libraries are run with readers."),
        ("housing", "Tenants inspect repairs."),
    ],
)
def test_the_domain_is_the_one_that_the_abstract_speaks_of(domain, sentence):
    assert found("domain", ("abstract", sentence)) == [domain]


@pytest.mark.parametrize(
    "sentence",
    [
        "Organisational culture shapes the learning environment.",
        "We discuss the nature and the utility of squares in regression.",
    ],
)
def test_words_with_another_sense_give_no_domain(sentence):
    assert found("domain", ("abstract", sentence)) == []


def test_every_value_has_its_sentence_and_page():
    parts = [
        ("abstract", "Care matters. We studied hospitals in Nairobi, Kenya. All was new."),
        ("methods", "Nurses spoke freely. We held 25 interviews. It rained."),
    ]
    document, passages = paper(*parts)
    given = {a.name: (a.value, a.quote, a.page) for a in FINDER.find("", document, passages)}
    assert given["country"] == ("Kenya", "We studied hospitals in Nairobi, Kenya.", 1)
    assert given["data"] == ("25 interviews", "We held 25 interviews.", 2)
