"""How codings become the tables of a review: small tables in, small tables out."""

import pytest

from evitable.aggregate import Counting, aggregate_evidence
from evitable.codebook import default_codebook
from evitable.records import Attribute, RollUp
from evitable.settings import StudyPapers
from support.evidence import coded_paper

BOOK = default_codebook()

ADA = coded_paper(
    "ada",
    {
        "first": [("co_design", "", 0.9), ("group", "", 0.6), ("process_design", "facilitates", 0.8)],
        "second": [("co_design", "", 0.7), ("process_design", "hinders", 0.95)],
        "third": [],
    },
    author="Ada, A.",
    year=2012,
)
BO = coded_paper("bo", {"only": [("co_delivery", "", 0.8), ("group", "", 0.5)]}, author="Bo, B.", year=2010)
EMPTY = coded_paper("cy", {"nothing": []}, author="Cy, C.", year=2011)


def cells(evidence, key):
    row = next(study for study in evidence.studies if study.key == key)
    return {cell.code: cell for cell in row.cells}


def test_a_study_has_one_row_and_rows_are_ordered_by_author_and_year():
    evidence = aggregate_evidence([BO, EMPTY, ADA], BOOK)
    assert [study.key for study in evidence.studies] == ["Ada 2012", "Bo 2010", "Cy 2011"]


def test_a_cell_counts_passages_and_leads_to_the_strongest_quote():
    evidence = aggregate_evidence([ADA], BOOK)
    cell = cells(evidence, "Ada 2012")["co_design"]
    strongest = next(coding for coding in evidence.codings if coding.id == cell.strongest)
    assert (cell.passages, strongest.quote, strongest.page_labels) == (2, "first", ("101",))


def test_polarity_is_counted_by_passages():
    cell = cells(aggregate_evidence([ADA], BOOK), "Ada 2012")["process_design"]
    assert cell.polarity == (1, 1, 0)


def test_nothing_is_verified_before_a_person_has_decided():
    evidence = aggregate_evidence([ADA, BO], BOOK)
    assert {coding.status for coding in evidence.codings} == {"machine"}
    assert all(cell.verified == 0 for study in evidence.studies for cell in study.cells)


def test_at_least_two_passages_can_be_asked_of_a_cell():
    evidence = aggregate_evidence([ADA], BOOK, Counting(rule=RollUp(kind="at_least", least=2)))
    assert set(cells(evidence, "Ada 2012")) == {"co_design", "process_design"}
    counts = {count.code: count.passages for count in evidence.counts}
    assert counts["group"] == 0
    assert len(evidence.codings) == 5  # the evidence list still shows every passage


def study(name, passages, **more):
    return coded_paper(name, passages, author=f"{name.title()}, X.", year=2010, **more)


RULES = study(
    "rea",
    {
        "a": [("co_design", "", 0.9), ("group", "", 0.55)],
        "b": [("co_design", "", 0.6)],
        "c": [("co_delivery", "", 0.85), ("collective", "", 0.3)],
        "d": [("co_assessment", "", 0.95)],
    },
    bases={"d": "mention"},
    unsure=(("c", "collective"),),
)


@pytest.mark.parametrize(
    ("rule", "carried"),
    [
        (RollUp(), {"co_design", "group", "co_delivery"}),
        (RollUp(kind="at_least", least=2), {"co_design"}),
        (RollUp(kind="best", least=0.8), {"co_design", "co_delivery"}),
        (RollUp(kind="best", least=0.95), set()),
    ],
)
def test_the_rule_says_which_codes_a_study_carries_and_a_mention_never_counts(rule, carried):
    evidence = aggregate_evidence([RULES], BOOK, Counting(rule=rule))
    assert set(cells(evidence, "Rea 2010")) == carried
    assert evidence.rule == rule


@pytest.mark.parametrize(
    ("rule", "flips"),
    [
        (RollUp(), {("co_delivery", True), ("group", True), ("collective", False)}),
        (RollUp(kind="at_least", least=2), {("co_design", True), ("co_delivery", False), ("group", False)}),
        (RollUp(kind="best", least=0.85), {("co_design", True), ("co_delivery", True)}),
        (RollUp(kind="best", least=0.6), {("group", False)}),
    ],
)
def test_cells_that_the_next_stricter_or_laxer_rule_would_change_are_listed(rule, flips):
    found = aggregate_evidence([RULES], BOOK, Counting(rule=rule)).flips
    assert {(flip.code, flip.carried) for flip in found} == flips
    assert all(flip.rule != rule.words for flip in found)


def test_the_best_probability_of_an_empty_cell_is_never_a_mentions():
    both = study(
        "sol",
        {"theirs": [("co_design", "", 0.99)], "open": [("co_design", "", 0.2)]},
        bases={"theirs": "mention"},
        unsure=(("open", "co_design"),),
    )
    assert [(flip.carried, flip.best) for flip in aggregate_evidence([both], BOOK).flips] == [(False, 0.2)]


PARTS = [
    study("one", {"first half": [("co_design", "", 0.7), ("process_design", "facilitates", 0.7)]}),
    study("two", {"second half": [("co_design", "", 0.8), ("process_design", "hinders", 0.6)]}),
    study("three", {"alone": [("group", "", 0.9)]}),
]


def test_papers_of_one_study_are_one_row_and_count_once():
    counting = Counting(joined=(StudyPapers(papers=("two.pdf", "one.pdf"), key="The wells study"),))
    evidence = aggregate_evidence(PARTS, BOOK, counting)
    assert [study.key for study in evidence.studies] == ["Three 2010", "The wells study"]
    joined = evidence.studies[1]
    assert (joined.files, joined.reference.title, joined.passages) == (("two.pdf", "one.pdf"), "Title of two", 2)
    assert cells(evidence, "The wells study")["co_design"].passages == 2
    assert {count.code: count.studies for count in evidence.counts}["co_design"] == 1
    assert {count.code: count.ways for count in evidence.counts}["process_design"] == (0, 0, 1, 0)
    assert {coding.paper_id for coding in evidence.codings if coding.study_id == joined.study_id} == set(
        joined.paper_ids
    )


def test_a_further_paper_does_not_make_it_another_study():
    alone = aggregate_evidence(PARTS[:1], BOOK).studies[0].study_id
    joined = aggregate_evidence(PARTS, BOOK, Counting(joined=(StudyPapers(papers=("one.pdf", "two.pdf")),)))
    assert alone in {study.study_id for study in joined.studies}


def test_a_joined_paper_that_is_not_there_or_is_named_twice_is_told():
    counting = Counting(
        joined=(StudyPapers(papers=("one.pdf", "gone.pdf")), StudyPapers(papers=("one.pdf", "two.pdf")))
    )
    evidence = aggregate_evidence(PARTS, BOOK, counting)
    assert [(issue.paper, issue.code) for issue in evidence.issues] == [
        ("gone.pdf", "study-paper-unknown"),
        ("one.pdf", "study-paper-twice"),
    ]
    assert len(evidence.studies) == 3


def test_the_order_of_papers_changes_nothing():
    counting = Counting(joined=(StudyPapers(papers=("one.pdf", "three.pdf")),))
    assert aggregate_evidence(PARTS[::-1], BOOK, counting) == aggregate_evidence(PARTS, BOOK, counting)


def test_families_count_each_study_and_passage_once():
    both = study("fam", {"x": [("process_design", "facilitates", 0.8), ("participant_preparation", "hinders", 0.7)]})
    [family] = [count for count in aggregate_evidence([both], BOOK).families if count.studies]
    assert (family.code, family.studies, family.passages, family.ways) == ("", 1, 1, (0, 0, 1, 0))


def test_studies_are_counted_by_way_and_the_ways_add_up():
    ways = [
        study("helps", {"h": [("process_design", "facilitates", 0.9)]}),
        study("hurts", {"i": [("process_design", "hinders", 0.9)]}),
        study("both", {"j": [("process_design", "facilitates", 0.9)], "k": [("process_design", "hinders", 0.9)]}),
        study("silent", {"l": [("process_design", "", 0.9)]}),
    ]
    counts = {count.code: count for count in aggregate_evidence(ways, BOOK).counts}
    assert counts["process_design"].ways == (1, 1, 1, 1)
    assert all(sum(count.ways) == count.studies for count in counts.values())


def test_matrices_cross_each_pair_of_dimensions_with_the_longer_one_down():
    matrices = aggregate_evidence([ADA, BO], BOOK).matrices
    assert [matrix.dimensions for matrix in matrices] == [("phase", "level"), ("factor", "phase"), ("factor", "level")]
    assert [len(matrix.cells) for matrix in matrices] == [12, 24, 18]
    found = {cell.codes: (cell.studies, cell.passages) for cell in matrices[0].cells}
    assert (found["co_design", "group"], found["co_delivery", "group"], found["co_design", "collective"]) == (
        (1, 1),
        (1, 1),
        (0, 0),
    )


def test_descriptives_say_how_many_studies_have_each_value_and_how_many_have_none():
    danish = (Attribute(name="country", value="Denmark"), Attribute(name="country", value="Norway"))
    papers = [
        coded_paper("a", {"t": []}, author="A, A.", year=2012, attributes=danish),
        coded_paper("b", {"u": []}, author="B, B.", year=2010, attributes=danish[:1]),
        coded_paper("c", {"v": []}, author="C, C."),
    ]
    rows = aggregate_evidence(papers, BOOK).descriptives
    assert [(row.value, row.studies) for row in rows if row.name == "year"] == [("2010", 1), ("2012", 1), ("", 1)]
    assert [(row.value, row.studies, row.share) for row in rows if row.name == "country"] == [
        ("Denmark", 2, 0.6667),
        ("Norway", 1, 0.3333),
        ("", 1, 0.3333),
    ]


def test_data_are_counted_by_their_kind_and_not_by_their_number():
    papers = [
        coded_paper(name, {name: []}, attributes=(Attribute(name="data", value=value),))
        for name, value in (("a", "31 interviews"), ("b", "1,204 interviews"), ("c", "3 workshops"))
    ]
    rows = aggregate_evidence(papers, BOOK).descriptives
    assert [(row.value, row.studies) for row in rows if row.name == "data"] == [("interviews", 2), ("workshops", 1)]


def test_the_synthesis_says_where_the_studies_of_a_code_come_from():
    papers = [
        coded_paper(name, {name: [("group", "", 0.9)]}, attributes=(Attribute(name="country", value=country),))
        for name, country in (("a", "Peru"), ("b", "Chad"), ("c", "Peru"))
    ]
    counts = {count.code: count.attributes for count in aggregate_evidence(papers, BOOK).counts}
    assert counts["group"] == {"country": {"Peru": 2, "Chad": 1}}
    assert counts["collective"] == {}


def test_shares_are_of_the_studies_that_carry_any_code():
    evidence = aggregate_evidence([ADA, BO, EMPTY], BOOK)
    shares = {count.code: (count.studies, count.share) for count in evidence.counts}
    assert shares["group"] == (2, 1.0)
    assert shares["co_delivery"] == (1, 0.5)
    assert shares["collective"] == (0, 0.0)


def test_each_quote_of_the_synthesis_is_from_another_study():
    evidence = aggregate_evidence([ADA, BO], BOOK)
    quotes = {count.code: count.quotes for count in evidence.counts}
    studies = {coding.id: coding.study_id for coding in evidence.codings}
    assert len(quotes["group"]) == 2
    assert len({studies[quote] for quote in quotes["group"]}) == 2
    assert len(quotes["co_design"]) == 1


def test_the_map_has_a_cell_for_each_combination_and_gaps_are_zero():
    evidence = aggregate_evidence([ADA, BO], BOOK)
    found = {cell.codes: (cell.studies, cell.passages) for cell in evidence.map}
    assert len(found) == 4 * 3 * 6
    assert found["co_design", "group", "process_design"] == (1, 1)
    assert found["co_delivery", "group", "process_design"] == (0, 0)


def test_the_map_counts_a_study_that_carries_the_codes_in_different_passages():
    apart = coded_paper(
        "dee", {"a": [("co_design", "", 0.9)], "b": [("group", "", 0.9)], "c": [("managerial_tools", "mixed", 0.9)]}
    )
    found = {cell.codes: (cell.studies, cell.passages) for cell in aggregate_evidence([apart], BOOK).map}
    assert found["co_design", "group", "managerial_tools"] == (1, 0)


def test_two_studies_of_one_author_and_year_get_letters():
    twins = [coded_paper(name, {name: []}, author="Ada, A.", year=2012) for name in ("one", "two")]
    assert [study.key for study in aggregate_evidence(twins, BOOK).studies] == ["Ada 2012a", "Ada 2012b"]


def test_a_study_without_author_is_called_by_its_file_and_without_year_says_so():
    nameless = coded_paper("scan0042", {"x": []}, year=2012)
    undated = coded_paper("eve", {"y": []}, author="Eve, E.")
    assert [study.key for study in aggregate_evidence([nameless, undated], BOOK).studies] == ["Eve n.d.", "scan0042"]


def test_no_papers_give_empty_tables_and_a_map_of_zeros():
    evidence = aggregate_evidence([], BOOK)
    assert (evidence.studies, evidence.codings) == ((), ())
    assert {cell.studies for cell in evidence.map} == {0}
    assert [count.code for count in evidence.counts] == [code.name for code in BOOK.code]


DI = coded_paper(
    "di",
    {
        "what others found": [("co_design", "", 0.95), ("group", "", 0.9)],
        "what we found": [("co_design", "", 0.6)],
        "what should be done": [("co_delivery", "", 0.7)],
        "left open": [("co_assessment", "", 0.2)],
    },
    author="Di, D.",
    year=2013,
    bases={"what others found": "mention", "what should be done": "recommendation"},
    unsure=(("left open", "co_assessment"),),
)


def test_findings_and_recommendations_count_but_mentions_of_other_work_do_not():
    evidence = aggregate_evidence([DI], BOOK)
    assert {code: cell.passages for code, cell in cells(evidence, "Di 2013").items()} == {
        "co_design": 1,
        "co_delivery": 1,
    }
    assert evidence.studies[0].mentions == {"co_design": 1, "group": 1}


def test_the_strongest_quote_is_never_a_mention():
    evidence = aggregate_evidence([DI], BOOK)
    strongest = cells(evidence, "Di 2013")["co_design"].strongest
    assert next(coding for coding in evidence.codings if coding.id == strongest).quote == "what we found"


def test_mentions_and_unsure_codings_stay_in_the_list_and_are_marked():
    codings = aggregate_evidence([DI], BOOK).codings
    assert [(c.quote, c.code, c.basis, c.unsure) for c in codings if not c.counted] == [
        ("what others found", "co_design", "mention", False),
        ("what others found", "group", "mention", False),
        ("left open", "co_assessment", "finding", True),
    ]


def test_what_the_machine_left_open_counts_nowhere():
    evidence = aggregate_evidence([DI], BOOK)
    assert evidence.studies[0].coded == 3
    assert {count.code: count.studies for count in evidence.counts}["co_assessment"] == 0
    assert all(cell.studies == 0 for cell in evidence.map if "co_assessment" in cell.codes)


def test_synthesis_and_map_count_only_evidence_of_the_study():
    evidence = aggregate_evidence([DI], BOOK)
    assert {count.code: count.passages for count in evidence.counts if count.passages} == {
        "co_design": 1,
        "co_delivery": 1,
    }
