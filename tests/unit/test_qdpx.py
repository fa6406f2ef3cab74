"""The project and the codebook for programs for qualitative analysis, read back by others."""

import io
import uuid
import zipfile
from collections import Counter
from dataclasses import replace

import pytest
from lxml import etree
from pyrefiqda import RefiCodebook, RefiProject

from evitable.aggregate import Counting
from evitable.codebook import Code, Codebook, Dimension
from evitable.export.qda.naming import guid, unique_names
from evitable.export.qdpx import qda_codebook, qda_project
from evitable.records import Attribute
from evitable.settings import StudyPapers
from support.evidence import coded_paper
from support.nasty import NASTY
from support.refi.reader import Coded, faults, nasty_review, project_faults, read_project, recoded
from support.review import review_of, small_review

MACHINE = "Evitable 0.1.0, model m1"


def project_of(review):
    [(name, data)] = qda_project(review)
    assert name == "codings.qdpx"
    return data


def codebook_of(review):
    [(name, data)] = qda_codebook(review)
    assert name == "codebook.qdc"
    return data


def read(review):
    return read_project(project_of(review))


class Forgetful:
    """Sources that have lost some papers, or all."""

    def __init__(self, sources, lost=None):
        self.sources, self.lost = sources, lost

    def text(self, paper_id):
        return None if self.lost is None or paper_id in self.lost else self.sources.text(paper_id)


def without_texts():
    review = small_review()
    return replace(review, sources=Forgetful(review.sources))


REVIEWS = {
    "small": small_review,
    "nasty": nasty_review,
    "without studies": lambda: review_of([]),
    "without texts": without_texts,
}


@pytest.fixture(scope="module", params=REVIEWS)
def review(request):
    return REVIEWS[request.param]()


def held(text):
    """Say what a plain text file can hold, character by character, by the rules of XML 1.0."""
    lost = {"\r", "\x7f", "\ufeff", "\ufffe", "\uffff"}
    return "".join(
        c if c in "\t\n" or (c >= " " and c not in lost and not "\ud800" <= c <= "\udfff") else "\ufffd" for c in text
    )


def book_of(*codes, dimensions=("Phase", "Level")):
    """Make a codebook of (title, dimension's number, family)."""
    return Codebook(
        name="other",
        title="Another codebook",
        dimension=tuple(Dimension(name=f"d{n}", title=title) for n, title in enumerate(dimensions)),
        code=tuple(
            Code(name=f"c{n}", dimension=f"d{number}", title=title, family=family, definition="It means this.")
            for n, (title, number, family) in enumerate(codes)
        ),
    )


def test_both_files_obey_the_schemas_of_the_standard(review):
    assert project_faults(project_of(review)) == []
    assert faults(codebook_of(review), "Codebook.xsd") == []


def test_another_library_reads_the_same_codes_and_selections(review, tmp_path):
    data = project_of(review)
    (tmp_path / "codings.qdpx").write_bytes(data)
    project = RefiProject.load(tmp_path / "codings.qdpx", tmp_path / "unpacked")
    ours = read_project(data)

    def names(codes):
        return [name for code in codes for name in [code.name, *names(code.code)]]

    users = {user.guid: user.name for user in project.users.user}
    codes = {}

    def collect(nodes):
        for node in nodes:
            codes[node.guid] = node.name
            collect(node.code)

    collect(project.code_book.codes.code)
    assert names(project.code_book.codes.code) == ours.names(".//q:Code")
    read_by_it = []
    for source in project.sources.text_source if project.sources else []:
        path = RefiProject.resolve_source_path(source.plain_text_path, tmp_path / "unpacked")
        text = path.read_bytes().decode()
        for selection in source.plain_text_selection:
            words = text[selection.start_position : selection.end_position]
            read_by_it += [
                Coded(source.name, words, codes[coding.code_ref.target_guid], users[selection.creating_user])
                for coding in selection.coding
            ]
    assert read_by_it == ours.codings


def test_another_library_reads_the_codebook(review, tmp_path):
    (tmp_path / "codebook.qdc").write_bytes(codebook_of(review))
    book = RefiCodebook.load(tmp_path / "codebook.qdc")
    assert [code.name for code in book.codes.code][: len(review.codebook.dimension)] == [
        name for name in read(review).names("q:CodeBook/q:Codes/q:Code") if not name.startswith("Evitable:")
    ]


def test_each_coding_comes_back_with_its_words_its_code_and_its_coder():
    review = small_review()
    titles = {code.name: code.title for code in review.codebook.code}
    expected = Counter(
        (coding.quote, titles[coding.code], MACHINE) for coding in review.evidence.codings if coding.counted
    )
    found = Counter((c.text, c.code, c.coder) for c in read(review).codings if c.code in titles.values())
    assert found == expected
    assert sum(expected.values()) == 11


def test_nasty_words_come_back_character_by_character():
    review = nasty_review()
    found = {(coding.text, coding.coder) for coding in read(review).codings}
    expected = {held(coding.quote) for coding in review.evidence.codings}
    assert {text for text, _ in found} == expected
    assert {text for text, coder in found if coder == MACHINE} == expected
    assert len(expected) == len({held(text) for text in NASTY.values()})


def test_texts_keep_every_code_point_at_its_place():
    review = nasty_review()
    [study] = [study for study in review.evidence.studies if study.coded]
    text = review.sources.text(study.paper_ids[0]).text
    data = project_of(review)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if name.endswith(".txt")}
    assert held(text).encode() in files.values()
    assert len(held(text)) == len(text)
    assert "\U0001f600" in text
    for content in files.values():
        assert not content.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in content


def test_a_code_holds_as_many_passages_as_the_synthesis_counts():
    review = small_review()
    titles = {code.name: code.title for code in review.codebook.code}
    found = Counter(coding.code for coding in read(review).codings)
    assert {count.code: found[titles[count.code]] for count in review.evidence.counts} == {
        count.code: count.passages for count in review.evidence.counts
    }


def test_what_counts_nowhere_stands_apart_by_code():
    found = {(coding.text[:20], coding.code) for coding in read(small_review()).codings}
    assert {pair for pair in found if pair[0] == "It is not clear whet"} == {
        ("It is not clear whet", "Individual (unsure)")
    }
    assert {pair for pair in found if pair[0] == "Others have reported"} == {
        ("Others have reported", "Co-assessment (mention of other work)")
    }


def test_a_passage_with_two_polarities_is_found_under_the_right_codes():
    paper = coded_paper(
        "two ways", {"An app helped, but the rota did not.": [
            ("managerial_tools", "facilitates", 0.9), ("process_design", "hinders", 0.8)]}
    )  # fmt: skip
    codes = {coding.code for coding in read(review_of([paper])).codings}
    assert codes == {
        "Managerial tools",
        "Process design",
        "Managerial tools: facilitates",
        "Process design: hinders",
    }


def test_recommendations_can_be_told_from_findings():
    found = [coding for coding in read(small_review()).codings if coding.code == "Recommendation of the authors"]
    assert [coding.text for coding in found] == ["Teachers should be trained to work with parents."]


def test_machine_and_people_are_users_of_their_own_with_selections_of_their_own():
    review = recoded(
        small_review(),
        co_design={"status": "accepted", "coder": "Ada"},
        group={"status": "corrected", "coder": "Ben"},
    )
    project = read(review)
    first = {(c.coder, c.code) for c in project.codings if c.text.startswith("Residents drew")}
    assert first == {
        ("Ada", "Co-design"),
        ("Ben", "Group"),
        (MACHINE, "Process design"),
        (MACHINE, "Process design: facilitates"),
    }
    assert project.names("q:Users/q:User") == ["Evitable 0.1.0, model mtestmodel", MACHINE, "Ada", "Ben"]


def test_a_selection_tells_probability_words_and_page():
    [first, *_] = read(small_review()).find("q:Sources/q:TextSource/q:PlainTextSelection/q:Description")
    assert first.text.splitlines() == [
        "Co-design, finding: probability 0.93, not verified; quote not checked",
        "Group, finding: probability 0.71, not verified; quote not checked",
        "Process design, facilitates, finding: probability 0.80, not verified; quote not checked",
        "p. 101 (PDF page 1)",
    ]


def test_every_selection_has_a_date_since_qualcoder_stops_without():
    for element in read(small_review()).find(".//q:PlainTextSelection"):
        assert element.get("creationDateTime") == "2000-01-01T00:00:00Z"


def test_rejected_codings_are_left_out_and_counted():
    project = read(recoded(small_review(), co_design={"status": "rejected", "coder": "Ada"}))
    assert "Co-design" not in {coding.code for coding in project.codings}
    assert "Codings that are not in here: 2, because somebody has rejected them." in project.said()


def test_codings_whose_passage_has_moved_are_left_out_and_counted():
    project = read(recoded(small_review(), co_design={"start": 1, "end": 9}))
    assert "Co-design" not in {coding.code for coding in project.codings}
    assert "not in here: 2, because their passage does not stand at its place" in project.said()


def test_a_paper_whose_text_is_lost_is_left_out_and_named():
    review = small_review()
    lost = next(study for study in review.evidence.studies if study.key == "Moeller 2018")
    project = read(replace(review, sources=Forgetful(review.sources, set(lost.paper_ids))))
    assert "Moeller 2018" not in project.texts
    assert "not there any more: Moeller 2018." in project.said()
    assert "Codings that are not in here: 7, because the text" in project.said()
    [case] = [case for case in project.find("q:Cases/q:Case") if case.get("name") == "Moeller 2018"]
    assert not case.findall("{*}SourceRef")


def test_a_project_without_texts_has_the_folder_that_programs_look_for():
    with zipfile.ZipFile(io.BytesIO(project_of(review_of([])))) as archive:
        assert archive.namelist() == ["sources/", "project.qde"]


def test_two_papers_of_a_study_are_two_sources_of_one_case():
    papers = [
        coded_paper("first", {"They drew it.": [("co_design", "", 0.9)]}, author="Moeller, A.", year=2018),
        coded_paper("sub/second", {"They ran it.": [("co_delivery", "", 0.9)]}, author="Moeller, A.", year=2019),
    ]
    joined = Counting(joined=(StudyPapers(papers=("first.pdf", "sub/second.pdf")),))
    project = read(review_of(papers, counting=joined))
    assert list(project.texts) == ["Moeller 2018 (first.pdf)", "Moeller 2018 (second.pdf)"]
    [case] = project.find("q:Cases/q:Case")
    guids = [source.get("guid") for source in project.find("q:Sources/q:TextSource")]
    assert [reference.get("targetGUID") for reference in case.findall("{*}SourceRef")] == guids


def test_cases_carry_year_and_attributes():
    paper = coded_paper(
        "two countries",
        {"Nothing.": []},
        author="Moeller, A.",
        year=2018,
        attributes=(Attribute(name="country", value="Peru"), Attribute(name="country", value="Chile")),
    )
    project = read(review_of([paper]))
    variables = {variable.get("guid"): variable.get("name") for variable in project.find("q:Variables/q:Variable")}
    values = {
        variables[value.find("{*}VariableRef").get("targetGUID")]: (value[1].tag.rpartition("}")[2], value[1].text)
        for value in project.find("q:Cases/q:Case/q:VariableValue")
    }
    assert values == {"Year": ("IntegerValue", "2018"), "Countries": ("TextValue", "Peru; Chile")}


def test_only_codes_can_be_coded_with_and_stand_below_dimension_and_family():
    book = book_of(("Bees", 0, "Insects"), ("Elms", 0, ""), ("Ants", 0, "Insects"), ("Local", 1, ""))
    tree = read(review_of([], book)).find("q:CodeBook/q:Codes/q:Code")

    def shape(code):
        below = [shape(child) for child in code.findall("{*}Code")]
        return (code.get("name"), code.get("isCodable"), *below)

    assert [shape(code) for code in tree] == [
        ("Phase", "false", ("Insects", "false", ("Bees", "true"), ("Ants", "true")), ("Elms", "true")),
        ("Level", "false", ("Local", "true")),
    ]


def test_codes_of_a_dimension_share_its_colour():
    colours = {code.get("name"): code.get("color") for code in read(small_review()).find(".//q:Code")}
    assert colours["Co-design"] == colours["Phase"] != colours["Level"] == colours["Group"]


def test_a_code_tells_what_it_means_and_when_to_give_it():
    review = small_review()
    code = review.codebook.by_name["co_design"]
    said = {c.get("name"): c.findtext("{*}Description") for c in read(review).find(".//q:Code")}["Co-design"]
    for words in (code.definition, code.code_when, code.not_when, *code.examples, code.name):
        assert words in said


@pytest.mark.parametrize("kind", ["small", "nasty"])
def test_names_are_unique_over_the_whole_code_system_letter_case_aside(kind):
    project = read(REVIEWS[kind]())
    for path in (".//q:Code", ".//q:TextSource", ".//q:Case", ".//q:Variable"):
        names = [name.casefold() for name in project.names(path)]
        assert len(set(names)) == len(names), path
        assert all(names)


def test_codes_of_the_same_title_say_their_dimension_and_folders_give_way():
    book = book_of(("Other", 0, ""), ("other", 1, ""), ("Phase", 0, "Level"), dimensions=("Phase", "Level"))
    assert read(review_of([], book)).names(".//q:Code") == [
        "Phase (dimension)",
        "Phase: Other",
        "Phase: Level",
        "Phase",
        "Level (dimension)",
        "Level: other",
    ]


def test_names_that_nothing_else_tells_apart_get_numbers():
    assert unique_names([("A",), ("a",), ("A", "B")], {"b"}) == ["A", "a (2)", "B (2)"]


def test_the_codebook_has_the_guids_of_the_project():
    review = small_review()
    project = {code.get("guid"): code.get("name") for code in read(review).find(".//q:Code")}
    alone = {
        code.get("guid"): code.get("name") for code in etree.fromstring(codebook_of(review)).iterfind(".//{*}Code")
    }
    assert alone.items() <= project.items()
    assert len(alone) == 3 + len(review.codebook.code) + len({c.family for c in review.codebook.code if c.family})


def guids(project):
    return {element.get("guid") for element in project.tree.iter() if element.get("guid")}


def test_a_later_export_keeps_every_guid():
    paper = coded_paper("first", {"They drew it.": [("co_design", "", 0.9)]}, author="Moeller, A.", year=2018)
    other = coded_paper("second", {"They ran it.": [("co_delivery", "", 0.9)]}, author="Adams, A.", year=2018)
    before, after = read(review_of([paper])), read(review_of([other, paper]))
    assert guids(before) < guids(after)


def test_guids_are_the_same_in_every_version_of_evitable():
    assert guid("code", "a codebook", "code", "a_code") == "a266d80f-070d-56fe-811f-60f8a3f761f2"


def test_no_guid_stands_twice():
    found = [element.get("guid") for element in read(small_review()).tree.iter() if element.get("guid")]
    assert len(set(found)) == len(found)


def test_equal_reviews_give_equal_bytes(review):
    assert project_of(review) == project_of(review)
    assert codebook_of(review) == codebook_of(review)


def test_the_archive_knows_neither_clock_nor_computer():
    with zipfile.ZipFile(io.BytesIO(project_of(small_review()))) as archive:
        assert {(e.date_time, e.create_system) for e in archive.infolist()} == {((1980, 1, 1, 0, 0, 0), 3)}


def test_a_codebook_of_one_dimension_without_polarity_and_with_many_codes_works():
    book = book_of(*((f"Topic {n}", 0, "") for n in range(60)), dimensions=("Topic",))
    paper = coded_paper("p", {"It is said.": [("c0", "", 0.9), ("c59", "", 0.8)]}, dimensions={"c0": "d0", "c59": "d0"})
    review = review_of([paper], book)
    assert project_faults(project_of(review)) == []
    assert {coding.code for coding in read(review).codings} == {"Topic 0", "Topic 59"}


@pytest.mark.parametrize(
    "parts", [("c1",), ("", "Ärzte"), ("p1", "lone \ud800 surrogate"), *((str(n),) for n in range(40))]
)
def test_guids_are_name_based_uuids_of_version_5(parts):
    name = "\0".join(("coding", *parts)).encode("utf-8", "backslashreplace").decode()
    assert guid("coding", *parts) == str(uuid.uuid5(uuid.UUID("40c53378-b5f1-487e-b7b5-fd2e9f5d6a39"), name))
